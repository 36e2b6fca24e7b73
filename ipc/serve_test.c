/* SPDX-License-Identifier: Apache-2.0 */
/* Both ends of a wire against each other, and the serving end against raw
 * sockets that follow no rule. */
#include "ipc/fixture.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define GREETING   "\0SP\0\0\x30\0\0"
#define MANY       200
#define REQUEST_ID "\x80\0\0\1"

static uint8_t block[3 * FIXTURE_BYTES_MAX];
static struct fault fault;

static uint64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool
echo(struct link *link)
{
	struct fixture_echo_req in = { .text = BYTES("hello"), .number = 7 };
	struct fixture_echo_rep out;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	return fixture_echo_call(link, &in, &out, &a, &fault) &&
	       bytes_is(out.text, "hello");
}

static bool
unavailable(void)
{
	return fault.code == FAULT_BUSY &&
	       strcmp(fault.reason, "ipc.unavailable") == 0;
}

/* A raw connection to the wire of that caller, or -1. */
static int
raw(enum process caller)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	wire_socket(to.sun_path, caller, PROCESS_SYSTEM);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static bool
put(int fd, const void *bytes, size_t n)
{
	return send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* Whether the server closes the connection before 3 s are over. */
static bool
closed(int fd)
{
	struct pollfd poll_on = { .fd = fd, .events = POLLIN };
	uint8_t in[256];

	while (poll(&poll_on, 1, 3000) == 1) {
		if (recv(fd, in, sizeof(in), MSG_DONTWAIT) <= 0) {
			(void)close(fd);
			return true;
		}
	}
	return false;
}

static int
good_caller(void)
{
	struct link *link = fixture_link(PROCESS_MEASUREMENT);

	EXPECT(echo(link));
	return 0;
}

static int
big_caller(void)
{
	struct link *link = fixture_link(PROCESS_GATEWAY);
	struct fixture_big_req in = { .size = FIXTURE_BYTES_MAX };
	struct fixture_big_rep out;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	EXPECT(fixture_big_call(link, &in, &out, &a, &fault));
	EXPECT(out.text.n == FIXTURE_BYTES_MAX);
	arena_reset(&a);
	in.size++;
	EXPECT(!fixture_big_call(link, &in, &out, &a, &fault));
	EXPECT(fault.code == FAULT_LIMIT);
	return 0;
}

static int
caller_without_right(void)
{
	struct link *link = fixture_link(PROCESS_GATEWAY);
	struct fixture_die_req in = { 0 };
	struct fixture_die_rep out;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	EXPECT(!fixture_die_call(link, &in, &out, &a, &fault));
	EXPECT(fault.code == FAULT_DENIED);
	EXPECT(echo(link));
	return 0;
}

/* Root passes the folder's mode, and the kernel's word on its uid stops it. */
static int
stranger(void)
{
	EXPECT(!echo(fixture_link(PROCESS_GATEWAY)));
	EXPECT(unavailable());
	int fd = raw(PROCESS_MEASUREMENT);

	EXPECT(fd >= 0 && put(fd, GREETING, sizeof(GREETING) - 1));
	EXPECT(closed(fd));
	return 0;
}

static int
other_wire(void)
{
	EXPECT(raw(PROCESS_MEASUREMENT) < 0);
	return 0;
}

/* clang-format off */
static const struct {
	const char *bytes;
	size_t n;
} hostile[] = {
#define ROW(bytes) { bytes, sizeof(bytes) - 1 }
	ROW("GET / HTTP/1.1\r\n\r\n"),
	ROW("\0SP\1\0\x30\0\0"),
	ROW("\0SP\0\0\x10\0\0"),
	ROW(GREETING "\2\0\0\0\0\0\0\0\1x"),
	/* 4 MiB, and lengths that overflow when anything is added to them */
	ROW(GREETING "\1\0\0\0\0\0\x40\0\0"),
	ROW(GREETING "\1\xff\xff\xff\xff\xff\xff\xff\xff"),
	ROW(GREETING "\1\xff\xff\xff\xff\xff\xff\xff\xd8"),
	ROW(GREETING "\1\x7f\xff\xff\xff\xff\xff\xff\xff"),
	/* no request id, and hops without end */
	ROW(GREETING "\1\0\0\0\0\0\0\0\1x"),
	ROW(GREETING "\1\0\0\0\0\0\0\0\x08" "\0\0\0\1\0\0\0\1"),
#undef ROW
};
/* clang-format on */

static int
hostile_caller(void)
{
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		int fd = raw(PROCESS_GATEWAY);

		EXPECT(fd >= 0);
		EXPECT(put(fd, hostile[i].bytes, hostile[i].n));
		EXPECT(closed(fd));
		EXPECT(echo(fixture_link(PROCESS_GATEWAY)));
	}
	return 0;
}

static int
many_connections(void)
{
	for (int i = 0; i < MANY; i++) {
		int fd = raw(PROCESS_GATEWAY);

		EXPECT(fd >= 0 && put(fd, GREETING, sizeof(GREETING) - 1));
	}
	EXPECT(echo(fixture_link(PROCESS_GATEWAY)));
	return 0;
}

/* Asks for large replies, reads none and stays; tells when that is done. */
static int
slow_reader(void)
{
	static const char ask[] = GREETING;
	static const char big[] = "\1\0\0\0\0\0\0\0\x15" REQUEST_ID
				  "\x92\xaasystem.big\xce\0\x0f\x42\x40";
	int fd = raw(PROCESS_GATEWAY);

	EXPECT(fd >= 0 && put(fd, ask, sizeof(ask) - 1));
	for (int i = 0; i < 16; i++) {
		if (!put(fd, big, sizeof(big) - 1))
			break;
	}
	EXPECT(write(GRANT_NOTIFY, "\n", 1) == 1);
	(void)pause();
	return 0;
}

static int
caller_of_the_dying(void)
{
	struct link *link = fixture_link(PROCESS_MEASUREMENT);
	struct fixture_die_req in = { 0 };
	struct fixture_die_rep out;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	EXPECT(echo(link));
	uint64_t begin = now_ms();

	EXPECT(!fixture_die_call(link, &in, &out, &a, &fault));
	EXPECT(unavailable());
	EXPECT(now_ms() - begin < 1500);
	return 0;
}

static int
caller_of_nobody(void)
{
	uint64_t begin = now_ms();

	EXPECT(!echo(fixture_link(PROCESS_MEASUREMENT)));
	EXPECT(unavailable());
	EXPECT(now_ms() - begin < 2 * fixture_echo.deadline_ms);
	return 0;
}

static bool
start_wait(struct flight **out, struct link *link, uint64_t ms,
    void (*done)(void *), void *arg)
{
	struct fixture_wait_req in = { .ms = ms };
	const struct flight_plan plan = { &fixture_wait, &in, done, arg };

	return flight_start(out, link, &plan, &fault);
}

static bool
finish_wait(uint64_t *count, struct flight *flight)
{
	struct fixture_wait_rep out;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	bool good = flight_finish(flight, &out, &a, &fault);

	*count = good ? out.count : 0;
	return good;
}

static void
count_up(void *arg)
{
	atomic_fetch_add((atomic_int *)arg, 1);
}

/* Two of three workers are taken, and a call gets through. */
static int
caller_beside_slow_calls(void)
{
	struct link *link = fixture_link(PROCESS_MEASUREMENT);
	struct flight *flights[2];
	atomic_int done = 0;
	uint64_t count, begin = now_ms();

	EXPECT(start_wait(&flights[0], link, 1500, count_up, &done));
	EXPECT(start_wait(&flights[1], link, 1500, count_up, &done));
	EXPECT(echo(link));
	EXPECT(now_ms() - begin < 1500 && atomic_load(&done) == 0);
	EXPECT(finish_wait(&count, flights[0]));
	EXPECT(finish_wait(&count, flights[1]));
	EXPECT(atomic_load(&done) == 2);
	return 0;
}

static int
caller_past_deadline(void)
{
	struct link *link = fixture_link(PROCESS_MEASUREMENT);
	struct flight *flight;
	uint64_t count, begin = now_ms();

	EXPECT(start_wait(&flight, link, 30000, NULL, NULL));
	EXPECT(!finish_wait(&count, flight));
	EXPECT(unavailable());
	EXPECT(now_ms() - begin < 2 * fixture_wait.deadline_ms);
	return 0;
}

/* The server dies with a call in its hands; the next one must not see it. */
static int
caller_across_restart(void)
{
	struct link *link = fixture_link(PROCESS_MEASUREMENT);
	struct flight *flight;
	uint64_t count;

	EXPECT(start_wait(&flight, link, 60000, NULL, NULL));
	/* On the same connection, so the wait has been received too. */
	EXPECT(echo(link));
	EXPECT(write(GRANT_NOTIFY, "\n", 1) == 1);
	EXPECT(!finish_wait(&count, flight));
	EXPECT(unavailable());
	while (!echo(link))
		EXPECT(unavailable());
	EXPECT(start_wait(&flight, link, 0, NULL, NULL));
	EXPECT(finish_wait(&count, flight));
	EXPECT(count == 1);
	return 0;
}

static int
caller_of_too_much(void)
{
	struct link *link = fixture_link(PROCESS_MEASUREMENT);
	struct flight *flights[LINK_FLIGHTS], *more;
	atomic_int done = 0;

	for (size_t i = 0; i < LINK_FLIGHTS; i++)
		EXPECT(start_wait(&flights[i], link, 100, count_up, &done));
	EXPECT(!start_wait(&more, link, 0, NULL, NULL));
	EXPECT(unavailable());
	for (size_t i = 0; i < LINK_FLIGHTS; i++)
		flight_cancel(flights[i]);
	int before = atomic_load(&done);

	EXPECT(before < (int)LINK_FLIGHTS);
	while (!echo(link))
		EXPECT(unavailable());
	EXPECT(atomic_load(&done) == before);
	link_close(link);
	return 0;
}

/* Before dial_start, and on a wire that is not there. */
static int
caller_out_of_order(void)
{
	struct link *link;

	EXPECT(!link_open(&link, PROCESS_VERIFIER, PROCESS_SYSTEM, &fault));
	EXPECT(fault.code == FAULT_DENIED);
	EXPECT(link_open(&link, PROCESS_GATEWAY, PROCESS_SYSTEM, &fault));
	EXPECT(!echo(link));
	EXPECT(strcmp(fault.reason, "ipc.order") == 0);
	link_close(link);
	return 0;
}

static pid_t
server(void)
{
	int ready;
	pid_t pid = fixture_spawn(PROCESS_SYSTEM, fixture_serve, &ready);

	assert_true(fixture_ready(ready));
	return pid;
}

static void
bodies(void **state)
{
	static const struct {
		const char *name;
		enum process as;
		int (*body)(void);
	} rows[] = {
		{ "good", PROCESS_MEASUREMENT, good_caller },
		{ "big", PROCESS_GATEWAY, big_caller },
		{ "without right", PROCESS_GATEWAY, caller_without_right },
		{ "stranger", PROCESS_INIT, stranger },
		{ "other wire", PROCESS_GATEWAY, other_wire },
		{ "no wire", PROCESS_TPM, other_wire },
		{ "hostile", PROCESS_GATEWAY, hostile_caller },
		{ "many", PROCESS_GATEWAY, many_connections },
		{ "beside slow", PROCESS_MEASUREMENT,
		    caller_beside_slow_calls },
		{ "past deadline", PROCESS_MEASUREMENT, caller_past_deadline },
		{ "out of order", PROCESS_GATEWAY, caller_out_of_order },
	};
	pid_t pid = server();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].name);
		assert_int_equal(fixture_wait_for(fixture_spawn(
				     rows[i].as, rows[i].body, NULL)),
		    0);
		/* The server has outlived it. */
		assert_int_equal(fixture_wait_for(fixture_spawn(
				     PROCESS_MEASUREMENT, good_caller, NULL)),
		    0);
	}
	fixture_kill(pid);
}

static void
too_much(void **state)
{
	pid_t pid = server();

	(void)state;
	assert_int_equal(fixture_wait_for(fixture_spawn(
			     PROCESS_MEASUREMENT, caller_of_too_much, NULL)),
	    0);
	fixture_kill(pid);
}

static void
slow_reader_holds_nobody(void **state)
{
	int ready;
	pid_t pid = server();
	pid_t slow = fixture_spawn(PROCESS_GATEWAY, slow_reader, &ready);

	(void)state;
	assert_true(fixture_ready(ready));
	for (int i = 0; i < 5; i++)
		assert_int_equal(fixture_wait_for(fixture_spawn(
				     PROCESS_MEASUREMENT, good_caller, NULL)),
		    0);
	fixture_kill(slow);
	fixture_kill(pid);
}

static void
death_is_noticed(void **state)
{
	pid_t pid = server();

	(void)state;
	assert_int_equal(fixture_wait_for(fixture_spawn(
			     PROCESS_MEASUREMENT, caller_of_the_dying, NULL)),
	    0);
	assert_int_equal(WEXITSTATUS(fixture_wait_for(pid)), 3);
	assert_int_equal(fixture_wait_for(fixture_spawn(
			     PROCESS_MEASUREMENT, caller_of_nobody, NULL)),
	    0);
}

static void
nothing_is_sent_twice(void **state)
{
	int ready;
	pid_t pid = server();
	pid_t caller =
	    fixture_spawn(PROCESS_MEASUREMENT, caller_across_restart, &ready);

	(void)state;
	assert_true(fixture_ready(ready));
	fixture_kill(pid);
	pid = server();
	assert_int_equal(fixture_wait_for(caller), 0);
	fixture_kill(pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies),
		cmocka_unit_test(too_much),
		cmocka_unit_test(slow_reader_holds_nobody),
		cmocka_unit_test(death_is_noticed),
		cmocka_unit_test(nothing_is_sent_twice),
	};

	fixture_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
