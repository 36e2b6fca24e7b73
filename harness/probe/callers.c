/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong callers, derived from wires[] and the call tables: a folder that does
 * not open, credentials that do not match, a call that is for others. */
#include "harness/probe/probe.h"
#include "ipc/dial.h"
#include "ipc/door.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* nng's greeting of a requester, and a message behind it: rule ipc 6. */
#define GREETING   "\0SP\0\0\x30\0\0"
#define HEAD_BYTES (sizeof(GREETING) - 1 + 1 + 8)
#define WAIT_MS    10000

/* What came of an attempt to call: the exit code of the one who tried. */
enum end {
	END_ANSWERED = 20,
	END_NO_WAY,  /* the folder or socket did not open */
	END_HUNG_UP, /* connected, and closed without a reply */
	END_DENIED,  /* a reply: ipc.denied */
	END_OTHER
};

static const char *const ends[] = { "answered", "no way", "hung up", "denied",
	"something else" };

struct attempt {
	enum process caller, callee; /* the wire */
	const struct method *method;
};

static uint8_t block[2u << 20];

static int
connect_wire(const struct attempt *t)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	wire_socket(to.sun_path, t->caller, t->callee);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	int error = errno;

	(void)close(fd);
	errno = error;
	return -1;
}

static bool
send_request(int fd, const struct method *method, struct fault *f)
{
	uint8_t text[8192], body[4096];
	struct buf out = buf_over(text, sizeof(text));
	struct buf frame = buf_over(body, sizeof(body));
	struct arena a;

	arena_init(&a, block, sizeof(block));
	if (!door_request(&frame, method, good_smallest(method->takes, &a), f))
		return false;
	buf_put(&out, bytes_of(GREETING, sizeof(GREETING) - 1));
	buf_u8(&out, 1);
	buf_be64(&out, sizeof(uint32_t) + frame.used);
	buf_be32(&out, UINT32_C(0x80000001));
	buf_put(&out, buf_bytes(&frame));
	/* The other end may have hung up already: that shows when reading. */
	(void)send(fd, out.p, out.used, MSG_NOSIGNAL);
	return buf_check(&out, f);
}

/* A raw connection: a link of ours would dial again for ever. */
static int
knock(void *arg)
{
	const struct attempt *t = arg;
	struct pollfd readable = { .fd = connect_wire(t), .events = POLLIN };
	uint8_t in[256];
	size_t got = 0;

	if (readable.fd < 0)
		return errno == EACCES ? END_NO_WAY : END_OTHER;
	if (!send_request(readable.fd, t->method, &act_outcome->fault))
		return END_OTHER;
	while (got <= HEAD_BYTES) {
		if (poll(&readable, 1, WAIT_MS) != 1)
			return END_OTHER;
		ssize_t n = recv(readable.fd, in, sizeof(in), 0);

		if (n <= 0)
			return END_HUNG_UP;
		got += (size_t)n;
	}
	return END_ANSWERED;
}

static int
call(void *arg)
{
	const struct attempt *t = arg;
	struct fault *f = &act_outcome->fault;
	struct link *link;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	struct link_bodies bodies = {
		.in = good_smallest(t->method->takes, &a),
		.out = arena_alloc(&a, t->method->gives->size + 1),
		.arena = &a,
	};

	if (!link_open(&link, t->caller, t->callee, f) || !dial_start(f))
		return END_OTHER;
	if (link_call(link, t->method, &bodies, f))
		return END_ANSWERED;
	return f->code == FAULT_DENIED && strcmp(f->reason, "ipc.denied") == 0
		   ? END_DENIED
		   : END_OTHER;
}

static enum end
end_of(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) >= END_ANSWERED &&
		       WEXITSTATUS(status) < END_OTHER
		   ? (enum end)WEXITSTATUS(status)
		   : END_OTHER;
}

static bool
expect(enum end wanted, int status, const char *who)
{
	enum end seen = end_of(status);

	if (seen != wanted)
		say_note("%s: wanted %s, seen %s (status 0x%x) %s %s", who,
		    ends[wanted - END_ANSWERED], ends[seen - END_ANSWERED],
		    (unsigned)status, act_outcome->fault.reason,
		    act_outcome->fault.why);
	return seen == wanted;
}

/* Every uid there is but the caller's, and one that no table has. */
static bool
others(struct attempt *t, bool with_group, enum end wanted)
{
	uid_t group = wires[t->caller].uid;
	bool good = true;

	for (unsigned p = 0; p <= PROCESS_COUNT; p++) {
		uid_t uid = p < PROCESS_COUNT ? wires[p].uid : STRANGER;

		/* The folder is the callee's own; its wire is still not. */
		if (p == t->caller || (p == t->callee && !with_group))
			continue;
		int status = act_as(uid, with_group ? group : uid, knock, t);

		good &= expect(wanted, status,
		    p < PROCESS_COUNT ? wires[p].name : "a stranger");
	}
	return good;
}

static void
try_wire(enum process caller, const struct service *s)
{
	struct attempt t = { caller, s->self, s->calls[0].method };
	const char *to = wires[s->self].name, *of = wires[caller].name;
	bool good = expect(END_ANSWERED, act_as_process(caller, knock, &t), of);

	say_row(good, "%s: a plain socket of %s is answered", to, of);
	good = others(&t, false, END_NO_WAY);
	say_row(good, "%s: the wire of %s does not open for others", to, of);
	good = others(&t, true, END_HUNG_UP);
	say_row(good, "%s: the wire of %s hangs up on others with its group",
	    to, of);
}

static void
try_call(enum process caller, enum process callee, const struct method *method)
{
	struct attempt t = { caller, callee, method };
	bool good = expect(END_DENIED, act_as_process(caller, call, &t), "it");

	say_row(good, "%s is denied to %s", method->name, wires[caller].name);
}

static void
try_calls(enum process caller, const struct service *s)
{
	static const struct shape nothing = SHAPE_EMPTY("nothing");
	char name[64];
	const struct method none = { name, &nothing, &nothing, 5000 };

	for (size_t i = 0; i < s->ncalls; i++) {
		if ((s->calls[i].callers & 1u << caller) == 0)
			try_call(caller, s->self, s->calls[i].method);
	}
	(void)snprintf(
	    name, sizeof(name), "%s.no-such-call", wires[s->self].name);
	try_call(caller, s->self, &none);
}

void
callers_room(enum process p)
{
	const struct service *s = describe_services[p];

	for (unsigned caller = 0; caller < PROCESS_COUNT; caller++) {
		if (!wire_exists(caller, p))
			continue;
		try_wire(caller, s);
		try_calls(caller, s);
	}
}
