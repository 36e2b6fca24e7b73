/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/dial.h"

#include "ipc/codec.h"
#include "ipc/door.h"
#include "ipc/iface/methods.h"

#include <assert.h>
#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* nng's own header of a message counts against NNG_OPT_RECVMAXSZ. */
#define HEADER_ROOM 64u
#define LINKS_MAX   16u

/* One slot of a link: idle, or a call under way. */
struct flight {
	struct link *link;
	struct flight_plan plan;
	/* Made when the slot is first used and kept for its next call. */
	nng_aio *aio;
	nng_ctx ctx;
	nng_time deadline;
	nng_msg *reply;
	int result;
	bool sent;
	atomic_bool cancelled;
};

struct link {
	enum process callee;
	bool dialled;
	nng_socket socket;
	_Atomic uint64_t used; /* a bit for each flight */
	struct flight flights[LINK_FLIGHTS];
};

static_assert(LINK_FLIGHTS == 64, "one bit of `used` for each flight");

static struct {
	struct link *links[LINKS_MAX];
	char urls[LINKS_MAX][sizeof("ipc://") + WIRE_PATH_SIZE];
	bool started;
} dial;

static bool
trouble(struct fault *f, const struct link *link, int result)
{
	return fail(f, FAULT_BUSY, "ipc.unavailable", "ipc 7: %s: %s",
	    wires[link->callee].name, nng_strerror(result));
}

/* A repeated request could be carried out twice, so nng never repeats one. */
static int
set_options(const struct link *link)
{
	size_t most = methods_reply_max(link->callee);

	if (most < CODEC_FAULT_MAX)
		most = CODEC_FAULT_MAX;
	int result =
	    nng_socket_set_ms(link->socket, NNG_OPT_REQ_RESENDTIME, -1);

	if (result == 0)
		result = nng_socket_set_size(
		    link->socket, NNG_OPT_RECVMAXSZ, most + HEADER_ROOM);
	if (result == 0)
		result =
		    nng_socket_set_ms(link->socket, NNG_OPT_RECONNMINT, 10);
	if (result == 0)
		result =
		    nng_socket_set_ms(link->socket, NNG_OPT_RECONNMAXT, 200);
	return result;
}

static bool
start(size_t slot, struct fault *f)
{
	struct link *link = dial.links[slot];
	int result = nng_req0_open(&link->socket);

	if (result != 0)
		return trouble(f, link, result);
	link->dialled = true;
	result = set_options(link);
	if (result == 0)
		result = nng_dial(
		    link->socket, dial.urls[slot], NULL, NNG_FLAG_NONBLOCK);
	return result == 0 || trouble(f, link, result);
}

bool
link_open(
    struct link **out, enum process self, enum process callee, struct fault *f)
{
	char path[WIRE_PATH_SIZE];
	size_t slot = 0;

	if (!wire_exists(self, callee))
		return fail(f, FAULT_DENIED, "ipc.denied",
		    "ipc 1: no wire from %s to %s", wires[self].name,
		    wires[callee].name);
	while (slot < LINKS_MAX && dial.links[slot] != NULL)
		slot++;
	struct link *link = slot == LINKS_MAX ? NULL : calloc(1, sizeof(*link));

	if (link == NULL)
		return fail(f, FAULT_LIMIT, "limit.memory",
		    "base 1: no room for a link to %s", wires[callee].name);
	link->callee = callee;
	for (size_t i = 0; i < LINK_FLIGHTS; i++)
		link->flights[i].link = link;
	wire_socket(path, self, callee);
	(void)snprintf(
	    dial.urls[slot], sizeof(dial.urls[slot]), "ipc://%s", path);
	dial.links[slot] = link;
	*out = link;
	if (!dial.started || start(slot, f))
		return true;
	link_close(link);
	*out = NULL;
	return false;
}

void
link_close(struct link *link)
{
	if (link == NULL)
		return;
	for (size_t i = 0; i < LINK_FLIGHTS; i++) {
		if (link->flights[i].aio != NULL)
			nng_aio_free(link->flights[i].aio);
	}
	if (link->dialled)
		(void)nng_close(link->socket);
	for (size_t i = 0; i < LINKS_MAX; i++) {
		if (dial.links[i] == link)
			dial.links[i] = NULL;
	}
	free(link);
}

/* nng would start threads by the number of processors: over 200 on a large
 * machine. One service has few calls at once and resolves no names. */
static void
limit_threads(void)
{
	nng_init_set_parameter(NNG_INIT_NUM_TASK_THREADS, 2);
	nng_init_set_parameter(NNG_INIT_NUM_EXPIRE_THREADS, 1);
	nng_init_set_parameter(NNG_INIT_NUM_POLLER_THREADS, 1);
	nng_init_set_parameter(NNG_INIT_NUM_RESOLVER_THREADS, 1);
}

bool
dial_start(struct fault *f)
{
	if (dial.started)
		return true;
	limit_threads();
	dial.started = true;
	for (size_t i = 0; i < LINKS_MAX; i++) {
		if (dial.links[i] != NULL && !start(i, f))
			return false;
	}
	return true;
}

static nng_duration
time_left(const struct flight *flight)
{
	nng_time now = nng_clock();

	return now >= flight->deadline ? 0
				       : (nng_duration)(flight->deadline - now);
}

/* Runs on a thread of nng's when the request is sent, and when the reply is
 * there. */
static void
step(void *arg)
{
	struct flight *flight = arg;

	flight->result = nng_aio_result(flight->aio);
	if (!flight->sent && flight->result == 0) {
		flight->sent = true;
		nng_aio_set_timeout(flight->aio, time_left(flight));
		nng_ctx_recv(flight->ctx, flight->aio);
		return;
	}
	if (flight->result == 0)
		flight->reply = nng_aio_get_msg(flight->aio);
	else if (!flight->sent)
		nng_msg_free(nng_aio_get_msg(flight->aio));
	if (flight->plan.done != NULL && !atomic_load(&flight->cancelled))
		flight->plan.done(flight->plan.arg);
}

static struct flight *
take(struct link *link)
{
	uint64_t used = atomic_load(&link->used);

	do {
		if (used == UINT64_MAX)
			return NULL;
	} while (!atomic_compare_exchange_weak(
	    &link->used, &used, used | (used + 1)));
	return &link->flights[__builtin_ctzll(~used)];
}

static void
give_back(struct flight *flight)
{
	struct link *link = flight->link;

	if (flight->reply != NULL) {
		explicit_bzero(
		    nng_msg_body(flight->reply), nng_msg_len(flight->reply));
		nng_msg_free(flight->reply);
		flight->reply = NULL;
	}
	atomic_fetch_and(
	    &link->used, ~(UINT64_C(1) << (flight - link->flights)));
}

/* The slot's parts of nng, if it has none yet. */
static int
equip(struct flight *flight)
{
	if (flight->aio != NULL)
		return 0;
	int result = nng_ctx_open(&flight->ctx, flight->link->socket);

	if (result != 0)
		return result;
	result = nng_aio_alloc(&flight->aio, step, flight);
	if (result != 0)
		(void)nng_ctx_close(flight->ctx);
	return result;
}

static bool
make_frame(
    nng_msg **out, const struct method *method, const void *in, struct fault *f)
{
	size_t size = codec_size(method->takes, in);

	if (nng_msg_alloc(out, size) != 0)
		return fail(f, FAULT_LIMIT, "limit.memory",
		    "base 1: no message of %zu bytes", size);
	struct buf frame = buf_over(nng_msg_body(*out), size);

	if (door_request(&frame, method, in, f)) {
		(void)nng_msg_chop(*out, size - frame.used);
		return true;
	}
	nng_msg_free(*out);
	return false;
}

static bool
launch(struct flight *flight, const struct flight_plan *plan, struct fault *f)
{
	nng_msg *frame;
	int result = equip(flight);

	if (result != 0)
		return trouble(f, flight->link, result);
	if (!make_frame(&frame, plan->method, plan->in, f))
		return false;
	flight->plan = *plan;
	flight->deadline = nng_clock() + plan->method->deadline_ms;
	flight->sent = false;
	flight->result = NNG_ECANCELED;
	atomic_store(&flight->cancelled, false);
	nng_aio_set_msg(flight->aio, frame);
	nng_aio_set_timeout(
	    flight->aio, (nng_duration)plan->method->deadline_ms);
	nng_ctx_send(flight->ctx, flight->aio);
	return true;
}

bool
flight_start(struct flight **out, struct link *link,
    const struct flight_plan *plan, struct fault *f)
{
	if (!link->dialled)
		return fail(f, FAULT_STATE, "ipc.order",
		    "ipc 9: %s before the wires are up", plan->method->name);
	struct flight *flight = take(link);

	if (flight == NULL)
		return fail(f, FAULT_BUSY, "ipc.unavailable",
		    "ipc 7: %u calls to %s are under way", LINK_FLIGHTS,
		    wires[link->callee].name);
	if (!launch(flight, plan, f)) {
		give_back(flight);
		return false;
	}
	*out = flight;
	return true;
}

bool
flight_finish(
    struct flight *flight, void *out, struct arena *a, struct fault *f)
{
	bool good;

	nng_aio_wait(flight->aio);
	if (flight->reply == NULL)
		good = trouble(f, flight->link, flight->result);
	else
		good = door_result(out, flight->plan.method,
		    bytes_of(nng_msg_body(flight->reply),
			nng_msg_len(flight->reply)),
		    a, f);
	give_back(flight);
	return good;
}

/* Stopping an aio is for good, which alone keeps `step` from going on to
 * receive behind the cancellation; the slot gets a new one. */
void
flight_cancel(struct flight *flight)
{
	atomic_store(&flight->cancelled, true);
	nng_aio_stop(flight->aio);
	nng_aio_free(flight->aio);
	flight->aio = NULL;
	(void)nng_ctx_close(flight->ctx);
	give_back(flight);
}

bool
link_call(struct link *link, const struct method *method,
    const struct link_bodies *bodies, struct fault *f)
{
	const struct flight_plan plan = { .method = method, .in = bodies->in };
	struct flight *flight = NULL;

	if (!flight_start(&flight, link, &plan, f))
		return false;
	assert(flight != NULL);
	return flight_finish(flight, bodies->out, bodies->arena, f);
}
