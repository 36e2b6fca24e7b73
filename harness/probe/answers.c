/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/probe/probe.h"
#include "ipc/dial.h"
#include "ipc/iface/verifier.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define PORT         8734
#define HTTP_SECONDS 60

struct ask {
	enum process caller, callee;
	const struct method *method;
};

/* There is no token without a template, and a probe asks for none. */
static bool
is_token(const struct shape *shape, const struct field *field)
{
	return shape == verifier_verify.gives &&
	       strcmp(field->name, "token") == 0;
}

/* Other bytes of a reply are never empty, though a shape may allow it. */
static bool
keep(const struct shape *shape, const uint8_t *reply, struct fault *f)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		struct bytes value;

		if (field->type != FIELD_BYTES)
			continue;
		memcpy(&value, reply + field->offset, sizeof(value));
		if ((value.n == 0) != is_token(shape, field))
			return fail(f, FAULT_INPUT, "probe.empty",
			    "%s of the reply has %zu bytes", field->name,
			    value.n);
		if (act_outcome->n == 0) {
			memcpy(act_outcome->bytes, value.p, value.n);
			act_outcome->n = value.n;
		}
	}
	return true;
}

static int
ask(void *arg)
{
	static uint8_t block[8u << 20];
	const struct ask *q = arg;
	struct fault *f = &act_outcome->fault;
	struct link *link;
	struct arena a;
	void *in;

	arena_init(&a, block, sizeof(block));
	void *out = arena_alloc(&a, q->method->gives->size + 1);

	return !(link_open(&link, q->caller, q->callee, f) && dial_start(f) &&
		 good_request(&in, q->method, &a, f) &&
		 link_call(link, q->method,
		     &(struct link_bodies){ in, out, &a }, f) &&
		 keep(q->method->gives, out, f));
}

bool
answers_call(enum process caller, enum process callee,
    const struct method *method, struct fault *f)
{
	struct ask q = { caller, callee, method };
	int status = act_as_process(caller, ask, &q);

	if (status == 0)
		return true;
	*f = act_outcome->fault;
	return f->reason[0] == '\0'
		   ? fail(f, FAULT_INTERNAL, "probe.child",
			 "the caller ended with status 0x%x", (unsigned)status)
		   : false;
}

static int
dial_http(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct timeval limit = { .tv_sec = HTTP_SECONDS };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ==
		    0 &&
		connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0))
		return fd;
	(void)close(fd);
	return -1;
}

/* GET gives 200 and something behind the headers. */
static bool
http_get(const char *path, struct fault *f)
{
	static const char good[] = "HTTP/1.1 200 ";
	char text[4096];
	size_t used = 0;
	ssize_t n = 1;
	int fd = dial_http();
	int size = snprintf(text, sizeof(text),
	    "GET %s HTTP/1.1\r\nhost: node\r\nconnection: close\r\n"
	    "accept: application/json\r\n\r\n",
	    path);

	if (fd < 0)
		return fail(f, FAULT_DEVICE, "probe.http", "connect: %s",
		    strerror(errno));
	if (send(fd, text, (size_t)size, MSG_NOSIGNAL) == size) {
		for (; n > 0 && used < sizeof(text) - 1; used += (size_t)n) {
			n = recv(fd, text + used, sizeof(text) - 1 - used, 0);
			if (n < 0)
				break;
		}
	}
	(void)close(fd);
	text[used] = '\0';
	const char *body = strstr(text, "\r\n\r\n");

	return (strncmp(text, good, sizeof(good) - 1) == 0 && body != NULL &&
		   body[4] == '{') ||
	       fail(f, FAULT_INPUT, "probe.http", "%.60s", text);
}

static const char *const pages[] = {
	"/~measurement@1.0/boot",
	"/~measurement@1.0/fresh?nonce=AAAAAAAAAAAAAAAAAAAAAA",
	"/~measurement@1.0/info",
	"/~meta@1.0/info",
	"/~system@1.0/all",
};

#define PAGES (sizeof(pages) / sizeof(pages[0]))

static void
row(bool good, const char *what, const char *by, const struct fault *f)
{
	say_row(good, "%s answers %s", what, by);
	if (!good)
		say_note("%s: %s", f->reason, f->why);
}

/* Every good call: a row each, or the first that fails ends it. */
static bool
every(enum process p, bool rows, struct fault *f)
{
	const struct service *s = describe_services[p];

	for (size_t i = 0; p == PROCESS_GATEWAY && i < PAGES; i++) {
		bool good = http_get(pages[i], f);

		if (rows)
			row(good, pages[i], "GET", f);
		else if (!good)
			return false;
	}
	for (size_t i = 0; i < s->ncalls * PROCESS_COUNT; i++) {
		const struct call *call = &s->calls[i / PROCESS_COUNT];
		enum process peer = i % PROCESS_COUNT;

		if ((call->callers & 1u << peer) == 0)
			continue;
		bool good = answers_call(peer, p, call->method, f);

		if (rows)
			row(good, call->method->name, wires[peer].name, f);
		else if (!good)
			return false;
	}
	return true;
}

void
answers_room(enum process p)
{
	struct fault f;

	(void)every(p, true, &f);
}

bool
answers_again(enum process p, uint64_t within_ms, struct fault *f)
{
	const struct timespec moment = { 0, 200000000 };
	uint64_t until = log_clock_ms() + within_ms;

	while (!every(p, false, f)) {
		if (log_clock_ms() > until)
			return false;
		(void)nanosleep(&moment, NULL);
	}
	return true;
}
