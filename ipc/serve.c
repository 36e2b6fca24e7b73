/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/serve.h"

#include "ipc/door.h"

#include <assert.h>
#include <errno.h>
#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/supplemental/util/platform.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* nng's own header of a message counts against NNG_OPT_RECVMAXSZ. */
#define HEADER_ROOM 64u
#define WORKERS_MAX 16u

/* A caller that does not read its replies holds a worker for so long, once;
 * then its connection is closed (rule ipc 8). */
#define SEND_MS 500

struct worker {
	struct server *server;
	nng_ctx ctx;
	nng_thread *thread; /* NULL: the one that calls serve_run */
	struct arena arena;
	struct buf reply;
};

struct server {
	const struct service *service;
	void *state;
	nng_socket socket;
	nng_listener listeners[PROCESS_COUNT]; /* by caller */
	/* Workers wait until serve_run opens the gate: the filter must be on
	 * before a request is read, and allows no new threads. */
	nng_mtx *lock;
	nng_cv *gate;
	bool running;
	atomic_bool saw_stranger;
	struct worker workers[WORKERS_MAX];
};

static bool
trouble(struct fault *f, const char *what, int result)
{
	return fail(f, FAULT_DEVICE, "ipc.listen", "ipc 6: %s: %s", what,
	    nng_strerror(result));
}

/* The caller whose wire the connection came in on, if the kernel says that it
 * is that process; PROCESS_COUNT if not. */
static enum process
peer_of(const struct server *server, nng_pipe pipe)
{
	int id = nng_listener_id(nng_pipe_listener(pipe));
	uint64_t uid;

	if (id <= 0 || nng_pipe_get_uint64(pipe, NNG_OPT_PEER_UID, &uid) != 0)
		return PROCESS_COUNT;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (nng_listener_id(server->listeners[p]) == id)
			return uid == wires[p].uid ? (enum process)p
						   : PROCESS_COUNT;
	}
	return PROCESS_COUNT;
}

static void
admit(nng_pipe pipe, nng_pipe_ev event, void *arg)
{
	struct server *server = arg;

	(void)event;
	if (peer_of(server, pipe) != PROCESS_COUNT)
		return;
	/* It will dial again, for ever. */
	if (!atomic_exchange(&server->saw_stranger, true))
		service_log(server->service->self,
		    "ipc.denied: ipc 1: a stranger on a wire");
	(void)nng_pipe_close(pipe);
}

static void
answer(struct worker *w, nng_msg *request)
{
	struct server *server = w->server;
	nng_pipe pipe = nng_msg_get_pipe(request);
	enum process peer = peer_of(server, pipe);
	struct bytes frame =
	    bytes_of(nng_msg_body(request), nng_msg_len(request));
	nng_msg *reply = NULL;

	if (peer == PROCESS_COUNT)
		return;
	door_answer(&(struct door){ server->service, server->state, &w->arena },
	    peer, frame, &w->reply);
	if (nng_msg_alloc(&reply, 0) != 0)
		return;
	int result = nng_msg_append(reply, w->reply.p, w->reply.used);

	if (result == 0)
		result = nng_ctx_sendmsg(w->ctx, reply, 0);
	if (result == 0)
		return;
	nng_msg_free(reply);
	(void)nng_pipe_close(pipe);
}

static void
work(struct worker *w)
{
	int result;

	do {
		nng_msg *request;

		result = nng_ctx_recvmsg(w->ctx, &request, 0);
		if (result != 0)
			continue;
		answer(w, request);
		explicit_bzero(nng_msg_body(request), nng_msg_len(request));
		nng_msg_free(request);
		explicit_bzero(w->reply.p, w->reply.used);
		w->reply.used = 0;
		arena_reset(&w->arena);
	} while (result != NNG_ECLOSED);
}

static void
work_behind_gate(void *arg)
{
	struct worker *w = arg;
	struct server *server = w->server;

	nng_mtx_lock(server->lock);
	while (!server->running)
		nng_cv_wait(server->gate);
	nng_mtx_unlock(server->lock);
	work(w);
}

static bool
listener_create(struct server *server, enum process caller, struct fault *f)
{
	nng_listener *listener = &server->listeners[caller];
	char path[WIRE_PATH_SIZE], url[sizeof("ipc://") + WIRE_PATH_SIZE];

	wire_socket(path, caller, server->service->self);
	/* Left by an instance that was killed. */
	if (unlink(path) != 0 && errno != ENOENT)
		return fail(f, FAULT_DEVICE, "ipc.listen",
		    "ipc 6: %s: unlink: %s", path, strerror(errno));
	(void)snprintf(url, sizeof(url), "ipc://%s", path);
	int result = nng_listener_create(listener, server->socket, url);

	if (result == 0)
		result = nng_listener_set_int(
		    *listener, NNG_OPT_IPC_PERMISSIONS, 0660);
	return result == 0 || trouble(f, path, result);
}

/* All are made before the first one starts: peer_of runs on nng's threads. */
static bool
listen_all(struct server *server, struct fault *f)
{
	enum process self = server->service->self;

	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (wire_exists(p, self) && !listener_create(server, p, f))
			return false;
	}
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		int result = wire_exists(p, self)
				 ? nng_listener_start(server->listeners[p], 0)
				 : 0;

		if (result != 0)
			return trouble(f, wires[p].name, result);
	}
	return true;
}

static bool
socket_open(struct server *server, struct fault *f)
{
	size_t most = door_request_max(server->service) + HEADER_ROOM;
	int result = nng_rep0_open(&server->socket);

	if (result == 0)
		result = nng_socket_set_size(
		    server->socket, NNG_OPT_RECVMAXSZ, most);
	if (result == 0)
		result = nng_socket_set_ms(
		    server->socket, NNG_OPT_SENDTIMEO, SEND_MS);
	if (result == 0)
		result = nng_pipe_notify(
		    server->socket, NNG_PIPE_EV_ADD_PRE, admit, server);
	if (result == 0)
		result = nng_mtx_alloc(&server->lock);
	if (result == 0)
		result = nng_cv_alloc(&server->gate, server->lock);
	return result == 0 || trouble(f, "socket", result);
}

/* The kernel gives pages when they are first used. */
static void *
map(size_t size)
{
	void *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return block == MAP_FAILED ? NULL : block;
}

static bool
worker_open(struct server *server, unsigned i, struct fault *f)
{
	struct worker *w = &server->workers[i];
	size_t reply_size = door_reply_max(server->service);
	void *arena = map(server->service->arena_size);
	void *reply = map(reply_size);

	if (arena == NULL || reply == NULL)
		return fail(f, FAULT_LIMIT, "limit.memory",
		    "base 1: no memory for worker %u", i);
	w->server = server;
	arena_init(&w->arena, arena, server->service->arena_size);
	w->reply = buf_over(reply, reply_size);
	int result = nng_ctx_open(&w->ctx, server->socket);

	if (result == 0 && i != 0)
		result = nng_thread_create(&w->thread, work_behind_gate, w);
	return result == 0 || trouble(f, "worker", result);
}

bool
serve_open(
    struct server **out, const struct service *s, void *state, struct fault *f)
{
	struct server *server = calloc(1, sizeof(*server));

	assert(s->workers >= 1 && s->workers <= WORKERS_MAX);
	if (server == NULL)
		return fail(f, FAULT_LIMIT, "limit.memory", "base 1: server");
	server->service = s;
	server->state = state;
	/* A fault here ends the process, which takes the rest back. */
	if (!socket_open(server, f))
		return false;
	for (unsigned i = 0; i < s->workers; i++) {
		if (!worker_open(server, i, f))
			return false;
	}
	if (!listen_all(server, f))
		return false;
	*out = server;
	return true;
}

void
serve_run(struct server *server)
{
	nng_mtx_lock(server->lock);
	server->running = true;
	nng_cv_wake(server->gate);
	nng_mtx_unlock(server->lock);
	work(&server->workers[0]);
	for (unsigned i = 1; i < server->service->workers; i++)
		nng_thread_destroy(server->workers[i].thread);
}
