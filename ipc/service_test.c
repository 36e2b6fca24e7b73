/* SPDX-License-Identifier: Apache-2.0 */
/* The whole chain of service_main, filters on, between real processes. */
#include "ipc/fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static uint8_t block[4 * FIXTURE_BYTES_MAX];

static int
serve(void)
{
	return service_main(&fixture_service);
}

static bool
open_link(void **state, struct fault *f)
{
	return link_open(
	    (struct link **)state, PROCESS_GATEWAY, PROCESS_SYSTEM, f);
}

static bool
echo_once(struct link *link, size_t size, struct fault *f)
{
	struct fixture_echo_req in = {
		.text = bytes_of(block, size), .number = 7, .flag = true
	};
	struct fixture_echo_rep out;
	struct arena a;

	arena_init(&a, block + FIXTURE_BYTES_MAX, sizeof(block) / 2);
	return fixture_echo_call(link, &in, &out, &a, f) &&
	       (bytes_equal(out.text, in.text) && out.number == 7 && out.flag);
}

/* Large messages make the allocator grow and shrink under the filter. */
static bool
run_calls(void *state, struct fault *f)
{
	for (size_t i = 0; i < 300; i++) {
		if (!echo_once(state, i % 3 * (FIXTURE_BYTES_MAX / 2), f))
			return false;
	}
	return true;
}

/* The caller writes a byte here when it has had its first answer. */
static int told[2];

static bool
count_once(uint64_t *count, struct link *link, struct fault *f)
{
	struct fixture_wait_req in = { .ms = 0 };
	struct fixture_wait_rep out;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	if (!fixture_wait_call(link, &in, &out, &a, f))
		return false;
	*count = out.count;
	return true;
}

/* The test kills the server under it and starts another, which counts anew. */
static bool
run_until_another(void *state, struct fault *f)
{
	uint64_t last = 0, count = 0;

	while (count >= last) {
		last = count;
		if (!count_once(&count, state, f) && f->code != FAULT_BUSY)
			return false;
		if (last == 1 && write(told[1], "", 1) != 1)
			return false;
	}
	return count == 1;
}

static bool
run_forbidden(void *state, struct fault *f)
{
	(void)state;
	(void)f;
	return syscall(SYS_openat, -1, "/", 0) >= 0;
}

static const struct sandbox caller_walls = { .name = "caller", .dials = true };
static struct service caller = {
	.self = PROCESS_GATEWAY,
	.sandbox = &caller_walls,
	.open = open_link,
};

static int
call(void)
{
	return service_main(&caller);
}

static void
calls_under_filter(void **state)
{
	int server_ready, caller_ready;
	pid_t server = fixture_spawn(PROCESS_SYSTEM, serve, &server_ready);

	(void)state;
	assert_true(fixture_ready(server_ready));
	caller.run = run_calls;
	pid_t pid = fixture_spawn(PROCESS_GATEWAY, call, &caller_ready);

	assert_true(fixture_ready(caller_ready));
	assert_int_equal(fixture_wait_for(pid), 0);
	fixture_kill(server);
}

static void
caller_outlives_server(void **state)
{
	int ready;
	char byte;
	pid_t server = fixture_spawn(PROCESS_SYSTEM, serve, &ready);

	(void)state;
	assert_true(fixture_ready(ready));
	assert_int_equal(pipe(told), 0);
	caller.run = run_until_another;
	pid_t pid = fixture_spawn(PROCESS_GATEWAY, call, &ready);

	assert_true(fixture_ready(ready));
	assert_int_equal(read(told[0], &byte, 1), 1);
	fixture_kill(server);
	server = fixture_spawn(PROCESS_SYSTEM, serve, &ready);
	assert_true(fixture_ready(ready));
	assert_int_equal(fixture_wait_for(pid), 0);
	fixture_kill(server);
}

static void
forbidden_call_kills(void **state)
{
	int ready;

	(void)state;
	caller.run = run_forbidden;
	pid_t pid = fixture_spawn(PROCESS_GATEWAY, call, &ready);

	assert_true(fixture_ready(ready));
	int status = fixture_wait_for(pid);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

/* Another process's uid: refused before open, and never ready. */
static void
wrong_identity_refused(void **state)
{
	int ready;

	(void)state;
	pid_t pid = fixture_spawn(PROCESS_TPM, serve, &ready);

	assert_false(fixture_ready(ready));
	assert_int_equal(WEXITSTATUS(fixture_wait_for(pid)), 111);
	pid = fixture_spawn(PROCESS_INIT, serve, &ready);
	assert_false(fixture_ready(ready));
	assert_int_equal(WEXITSTATUS(fixture_wait_for(pid)), 111);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_under_filter),
		cmocka_unit_test(caller_outlives_server),
		cmocka_unit_test(forbidden_call_kills),
		cmocka_unit_test(wrong_identity_refused),
	};

	fixture_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
