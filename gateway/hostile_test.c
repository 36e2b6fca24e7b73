/* SPDX-License-Identifier: Apache-2.0 */
/* Clients that break the rules of HTTP, or leave. */
#include "core/base/buf.h"
#include "gateway/client.h"
#include "gateway/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define BOOT "GET /~measurement@1.0/boot HTTP/1.1\r\nhost: a\r\n"
#define FRESH                                              \
	"GET /~measurement@1.0/fresh?nonce=" FIXTURE_NONCE \
	" HTTP/1.1\r\nhost: a\r\n"

static struct reply_text reply;

static void
assert_alive(void)
{
	assert_true(client_ask(&reply, BYTES(BOOT "\r\n")));
	assert_int_equal(reply.status, 200);
}

/* clang-format off */
static const struct {
	const char *bytes;
	size_t n;
	unsigned status;
	const char *reason;
} rows[] = {
#define ROW(bytes, status, reason) { bytes, sizeof(bytes) - 1, status, reason }
	ROW("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",                            505, "gateway.version"),
	ROW("GET / HTTP/1.0\r\n\r\n",                                      505, "gateway.version"),
	ROW("GET / HTTP/1.1\r\n\r\n",                                      400, "gateway.framing"),
	ROW("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",                400, "gateway.framing"),
	ROW("GET / HTTP/1.1\r\nhost: a\r\nx: y\r\n z\r\n\r\n",             400, "gateway.framing"),
	ROW("GET / HTTP/1.1\r\nhost: a\r\nx: y\0z\r\n\r\n",                400, "gateway.framing"),
	ROW("GET /\0 HTTP/1.1\r\nhost: a\r\n\r\n",                         400, "gateway.framing"),
	ROW("\0\0\0\0",                                                    400, "gateway.framing"),
	ROW("GET / HTTP/1.1\nhost: a\n\n",                                 400, "gateway.framing"),
	ROW("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ncontent-length: 4\r\n\r\nabcd", 400, "gateway.framing"),
	ROW("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 411, "gateway.length-required"),
	ROW("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 411, "gateway.length-required"),
	ROW("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1572865\r\n\r\n", 413, "gateway.body-size"),
	ROW("POST / HTTP/1.1\r\nhost: a\r\nexpect: x\r\ncontent-length: 4\r\n\r\n", 417, "gateway.expect"),
#undef ROW
};
/* clang-format on */

static void
bad_framing_is_refused_and_closed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd = client_connect();

		assert_true(client_send(fd, rows[i].bytes, rows[i].n));
		/* What stands behind it is not a request any more. */
		(void)client_send(fd, BOOT "\r\n", sizeof(BOOT "\r\n") - 1);
		if (!client_receive(&reply, fd, false) ||
		    reply.status != rows[i].status ||
		    strstr(reply.text, rows[i].reason) == NULL)
			fail_msg("%s: %u", rows[i].bytes, reply.status);
		assert_non_null(strstr(reply.text, "signature-input: "));
		assert_true(client_is_closed(fd));
		assert_int_equal(close(fd), 0);
	}
	assert_alive();
}

/* The answer arrives although the client goes on sending. */
static void
oversize_is_answered(void **state)
{
	static char much[4 << 20];

	(void)state;
	memset(much, 'a', sizeof(much));
	for (int body = 0; body < 2; body++) {
		int fd = client_connect();
		static const char head[] = "GET / HTTP/1.1\r\nhost: a\r\nx: ";
		static const char post[] = "POST / HTTP/1.1\r\nhost: a\r\n"
					   "content-length: 4194304\r\n\r\n";

		if (body)
			assert_true(client_send(fd, post, sizeof(post) - 1));
		else
			assert_true(client_send(fd, head, sizeof(head) - 1));
		(void)client_send(fd, much, sizeof(much));
		assert_true(client_receive(&reply, fd, false));
		assert_int_equal(reply.status, body ? 413 : 431);
		assert_int_equal(close(fd), 0);
	}
	assert_alive();
}

static void
many_headers(void **state)
{
	static char request[16384] = "GET / HTTP/1.1\r\nhost: a\r\n";

	(void)state;
	for (int i = 0; i < 101; i++)
		(void)strncat(
		    request, "a: b\r\n", sizeof(request) - strlen(request) - 1);
	(void)strncat(request, "\r\n", sizeof(request) - strlen(request) - 1);
	assert_true(client_ask(&reply, bytes_text(request)));
	assert_int_equal(reply.status, 431);
}

static void
largest_body_is_read(void **state)
{
	static char request[(3 << 19) + 256];
	int n = snprintf(request, sizeof(request),
	    "POST /~measurement@1.0/verify HTTP/1.1\r\nhost: a\r\n"
	    "content-type: application/json\r\ncontent-length: %d\r\n\r\n",
	    3 << 19);

	(void)state;
	memset(request + n, ' ', 3 << 19);
	memcpy(request + n, "{\"purpose\":\"boot\"}", 18);
	assert_true(
	    client_ask(&reply, bytes_of(request, (size_t)n + (3 << 19))));
	/* Read as a whole, and then too much for the codec. */
	assert_int_equal(reply.status, 413);
	assert_non_null(strstr(reply.text, "json."));
}

static void
continue_is_said(void **state)
{
	static const char head[] =
	    "POST /~measurement@1.0/verify HTTP/1.1\r\nhost: a\r\n"
	    "content-type: application/json\r\nexpect: 100-continue\r\n"
	    "content-length: 18\r\n\r\n";
	int fd = client_connect();

	(void)state;
	assert_true(client_send(fd, head, sizeof(head) - 1));
	assert_true(client_receive(&reply, fd, false));
	assert_int_equal(reply.status, 100);
	assert_true(client_send(fd, "{\"purpose\":\"boot\"}", 18));
	assert_true(client_receive(&reply, fd, false));
	assert_int_equal(reply.status, 200);
	/* The connection goes on, and is still guarded. */
	assert_true(client_send(fd, BOOT "\r\n", sizeof(BOOT "\r\n") - 1));
	assert_true(client_receive(&reply, fd, false));
	assert_int_equal(reply.status, 200);
	assert_true(client_send(fd, "GET / HTTP/1.1\r\n\r\n", 18));
	assert_true(client_receive(&reply, fd, false));
	assert_int_equal(reply.status, 400);
	assert_int_equal(close(fd), 0);
}

static void
pipelined(void **state)
{
	static const char get[] = BOOT "\r\n", fresh[] = FRESH "\r\n";
	static const char bad[] = "GET / HTTP/1.1\r\n\r\n";
	static const char post[] =
	    "POST /~measurement@1.0/verify HTTP/1.1\r\nhost: a\r\n"
	    "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
	char all[4096];
	struct buf b = buf_over(all, sizeof(all));
	int fd = client_connect();

	(void)state;
	for (int i = 0; i < 3; i++) {
		buf_text(&b, get);
		buf_text(&b, fresh);
		buf_text(&b, post);
	}
	buf_text(&b, bad);
	buf_text(&b, get);
	assert_true(client_send(fd, b.p, b.used));
	for (int i = 0; i < 9; i++) {
		assert_true(client_receive(&reply, fd, false));
		assert_int_equal(reply.status, i % 3 == 2 ? 400 : 200);
		assert_non_null(
		    strstr(reply.text, i % 3 == 0   ? "purpose: boot"
				       : i % 3 == 1 ? "purpose: fresh"
						    : "gateway.purpose"));
	}
	assert_true(client_receive(&reply, fd, false));
	assert_int_equal(reply.status, 400);
	assert_non_null(strstr(reply.text, "gateway.framing"));
	assert_true(client_is_closed(fd));
	assert_int_equal(close(fd), 0);
}

/* Bytes that come one by one make the same request. */
static void
byte_by_byte(void **state)
{
	static const char two[] = BOOT "\r\n" FRESH "\r\n";
	int fd = client_connect();

	(void)state;
	for (size_t i = 0; i < sizeof(two) - 1; i++)
		assert_true(client_send(fd, two + i, 1));
	assert_true(client_receive(&reply, fd, false));
	assert_int_equal(reply.status, 200);
	assert_true(client_receive(&reply, fd, false));
	assert_int_equal(reply.status, 200);
	assert_int_equal(close(fd), 0);
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A head, and a body, that drip are cut at the deadline. */
static void
slow_drip(void **state)
{
	static const char post[] =
	    "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 900\r\n\r\n";
	const struct timespec little = { 0, 200000000 };
	int head = client_connect(), body = client_connect(),
	    idle = client_connect();
	double began = now();

	(void)state;
	assert_true(client_send(body, post, sizeof(post) - 1));
	bool open = true;

	while (open && now() - began < 12) {
		open = client_send(head, "A", 1);
		open = client_send(body, "A", 1) || open;
		(void)nanosleep(&little, NULL);
	}
	assert_true(now() - began > 4 && now() - began < 9);
	assert_true(client_is_closed(idle));
	assert_int_equal(close(head), 0);
	assert_int_equal(close(body), 0);
	assert_int_equal(close(idle), 0);
	assert_alive();
}

static void
reset_mid_flight(void **state)
{
	const struct linger rude = { 1, 0 };

	(void)state;
	fixture.delay_ms = 5;
	for (int i = 0; i < 200; i++) {
		int fd = client_connect();

		assert_true(
		    client_send(fd, FRESH "\r\n", sizeof(FRESH "\r\n") - 1));
		if (i % 2 == 0)
			assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER,
					     &rude, sizeof(rude)),
			    0);
		assert_int_equal(close(fd), 0);
	}
	fixture.delay_ms = 0;
	assert_alive();
	/* Some have not been read yet when the last client has left. */
	for (int quiet = 0; quiet < 100; quiet++) {
		if (atomic_load(&fixture.flights) != 0)
			quiet = 0;
		(void)usleep(2000);
	}
}

static void
more_than_may_wait(void **state)
{
	unsigned good = 0, busy = 0;
	int fds[120];

	(void)state;
	fixture.delay_ms = 1000;
	for (size_t i = 0; i < 120; i++) {
		fds[i] = client_connect();
		assert_true(client_send(
		    fds[i], FRESH "\r\n", sizeof(FRESH "\r\n") - 1));
	}
	for (size_t i = 0; i < 120; i++) {
		assert_true(client_receive(&reply, fds[i], false));
		good += reply.status == 200;
		busy += reply.status == 503 &&
			strstr(reply.text, "gateway.busy") != NULL;
		assert_int_equal(close(fds[i]), 0);
	}
	fixture.delay_ms = 0;
	if (good + busy != 120 || good < JOBS_ASKING)
		fail_msg("%u served, %u busy", good, busy);
	assert_true(good >= JOBS_ASKING);
	assert_true(busy > 0);
	assert_alive();
}

/* Everybody wants the page that nobody has asked for yet. */
static void
all_wait_for_one_page(void **state)
{
	static const char ask[] = BOOT "accept: application/json\r\n\r\n";
	unsigned good = 0;
	int fds[JOBS_ASKING];

	(void)state;
	fixture.delay_ms = 500;
	for (size_t i = 0; i < JOBS_ASKING; i++) {
		fds[i] = client_connect();
		assert_true(client_send(fds[i], ask, sizeof(ask) - 1));
	}
	for (size_t i = 0; i < JOBS_ASKING; i++) {
		assert_true(client_receive(&reply, fds[i], false));
		good += reply.status == 200;
		assert_int_equal(close(fds[i]), 0);
	}
	fixture.delay_ms = 0;
	assert_int_equal(good, JOBS_ASKING);
}

static void
many_connections(void **state)
{
	const struct rlimit files = { 4096, 4096 };
	static int fds[600];

	(void)state;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	for (size_t i = 0; i < 600; i++)
		fds[i] = client_connect();
	for (size_t i = 0; i < 600; i++)
		(void)client_send(fds[i], BOOT "\r\n", sizeof(BOOT "\r\n") - 1);
	for (size_t i = 0; i < 600; i++) {
		/* Those over the limit are served as others close. */
		assert_true(client_receive(&reply, fds[i], false));
		assert_int_equal(reply.status, 200);
		assert_int_equal(close(fds[i]), 0);
	}
	assert_alive();
}

static int
start(void **state)
{
	(void)state;
	(void)fixture_start(client_listen());
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	fixture_settle();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_wait_for_one_page),
		cmocka_unit_test(bad_framing_is_refused_and_closed),
		cmocka_unit_test(oversize_is_answered),
		cmocka_unit_test(many_headers),
		cmocka_unit_test(largest_body_is_read),
		cmocka_unit_test(continue_is_said),
		cmocka_unit_test(pipelined),
		cmocka_unit_test(byte_by_byte),
		cmocka_unit_test(slow_drip),
		cmocka_unit_test(reset_mid_flight),
		cmocka_unit_test(more_than_may_wait),
		cmocka_unit_test(many_connections),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
