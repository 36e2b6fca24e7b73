/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/door.h"
#include "ipc/fixture.h"
#include "ipc/iface/tpm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static uint8_t block[3 * FIXTURE_BYTES_MAX], frame_block[FIXTURE_BYTES_MAX],
    reply_block[2 * FIXTURE_BYTES_MAX];

/* The call through both halves of the door; the fault is as the caller gets
 * it. */
static bool
ask(void *out, enum process peer, const struct method *method, const void *in,
    struct fault *f)
{
	static uint8_t result_block[2 * FIXTURE_BYTES_MAX];
	struct buf frame = buf_over(frame_block, sizeof(frame_block));
	struct buf reply =
	    buf_over(reply_block, door_reply_max(&fixture_service));
	struct arena a, result;

	arena_init(&a, block, fixture_service.arena_size);
	arena_init(&result, result_block, sizeof(result_block));
	if (!door_request(&frame, method, in, f))
		return false;
	assert_true(frame.used <= door_request_max(&fixture_service));
	door_answer(&(struct door){ &fixture_service, NULL, &a }, peer,
	    buf_bytes(&frame), &reply);
	return door_result(out, method, buf_bytes(&reply), &result, f);
}

static void
echoes(void **state)
{
	struct fixture_echo_req in = {
		.text = BYTES("hello"), .number = UINT64_MAX, .flag = true
	};
	struct fixture_echo_rep out;
	struct fault fault;

	(void)state;
	assert_true(ask(&out, PROCESS_GATEWAY, &fixture_echo, &in, &fault));
	assert_true(bytes_is(out.text, "hello"));
	assert_true(out.number == UINT64_MAX && out.flag);
}

/* A request that each of the fixture's calls takes. */
static const void *
request_for(const struct method *method)
{
	static const struct fixture_echo_req echo_in = { .number = 1 };
	static const struct fixture_big_req big_in = { .size = 10 };
	static const struct fixture_wait_req wait_in = { .ms = 0 };

	if (method == &fixture_echo)
		return &echo_in;
	if (method == &fixture_big)
		return &big_in;
	return &wait_in;
}

/* Every caller tries every call; denied is denied in the same words. */
static void
rights(void **state)
{
	unsigned denied = 0, passed = 0;

	(void)state;
	for (unsigned i = 0; i < fixture_service.ncalls * PROCESS_COUNT; i++) {
		const struct call *call =
		    &fixture_service.calls[i / PROCESS_COUNT];
		enum process peer = i % PROCESS_COUNT;
		struct fixture_echo_rep out;
		struct fault fault = { 0 };
		bool may = (call->callers & 1u << peer) != 0;

		/* Would end this process. */
		if (may && call->method == &fixture_die)
			continue;
		bool good = ask(&out, peer, call->method,
		    request_for(call->method), &fault);

		if (may) {
			assert_true(good || fault.code == FAULT_VERIFY);
			passed++;
			continue;
		}
		assert_false(good);
		assert_int_equal(fault.code, FAULT_DENIED);
		assert_string_equal(fault.reason, "ipc.denied");
		assert_string_equal(
		    fault.why, "ipc 2: no such call for this caller");
		denied++;
	}
	assert_int_equal(passed, 6);
	assert_int_equal(denied, 5 * PROCESS_COUNT - 7);
}

static void
unknown_call_denied(void **state)
{
	struct tpm_clock_req in = { 0 };
	struct tpm_clock_rep out;
	struct fault fault;

	(void)state;
	assert_false(ask(&out, PROCESS_GATEWAY, &tpm_clock, &in, &fault));
	assert_int_equal(fault.code, FAULT_DENIED);
	assert_string_equal(fault.reason, "ipc.denied");
	assert_string_equal(fault.why, "ipc 2: no such call for this caller");
}

static void
fault_crosses(void **state)
{
	struct fixture_refuse_req in = { 0 };
	struct fixture_refuse_rep out;
	struct fault fault;

	(void)state;
	assert_false(ask(&out, PROCESS_GATEWAY, &fixture_refuse, &in, &fault));
	assert_int_equal(fault.code, FAULT_VERIFY);
	assert_string_equal(fault.reason, FIXTURE_REASON);
	assert_string_equal(fault.why, "test 1: line?break");
}

static void
oversize_reply_is_a_fault(void **state)
{
	static const struct {
		uint64_t size;
		const char *reason; /* NULL: fits */
	} sizes[] = {
		{ FIXTURE_BYTES_MAX, NULL },
		{ FIXTURE_BYTES_MAX + 1, "ipc.field" },
		{ 2 * FIXTURE_BYTES_MAX, "ipc.field" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fixture_big_req in = { .size = sizes[i].size };
		struct fixture_big_rep out;
		struct fault fault;
		bool good =
		    ask(&out, PROCESS_GATEWAY, &fixture_big, &in, &fault);

		assert_int_equal(good, sizes[i].reason == NULL);
		if (good) {
			assert_int_equal(out.text.n, sizes[i].size);
			continue;
		}
		assert_int_equal(fault.code, FAULT_LIMIT);
		assert_string_equal(fault.reason, sizes[i].reason);
	}
}

/* Frames that are none of a request's, and fields out of range. */
static void
bad_frames_answered(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *reason;
	} rows[] = {
#define ROW(bytes, reason) { bytes, sizeof(bytes) - 1, reason }
		ROW("", "ipc.frame"),
		ROW("\xdd\x0f\xff\xff\xff", "ipc.frame"),
		ROW("\x91\x00", "ipc.denied"),
		ROW("\x91\xabsystem.echo", "ipc.frame"),
		ROW("\x94\xabsystem.echo\xc4\x00\x00\xc2", "ipc.field"),
		ROW("\x94\xabsystem.echo\xc4\x00\x01\x00", "ipc.frame"),
#undef ROW
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf reply = buf_over(reply_block, sizeof(reply_block));
		struct fixture_echo_rep out;
		struct arena a, result;
		struct fault fault = { 0 };

		arena_init(&a, block, sizeof(block) / 2);
		arena_init(
		    &result, block + sizeof(block) / 2, sizeof(block) / 2);
		door_answer(&(struct door){ &fixture_service, NULL, &a },
		    PROCESS_GATEWAY, bytes_of(rows[i].bytes, rows[i].n),
		    &reply);
		assert_false(door_result(
		    &out, &fixture_echo, buf_bytes(&reply), &result, &fault));
		assert_string_equal(fault.reason, rows[i].reason);
	}
}

static void
small_arena_is_a_fault(void **state)
{
	struct fixture_big_req in = { .size = 10 };
	struct buf frame = buf_over(frame_block, sizeof(frame_block));
	struct buf reply = buf_over(reply_block, sizeof(reply_block));
	struct fixture_big_rep out;
	struct arena a, result;
	struct fault fault = { 0 };

	(void)state;
	arena_init(&a, block, 16);
	arena_init(&result, block + 1024, 1024);
	assert_true(door_request(&frame, &fixture_big, &in, &fault));
	door_answer(&(struct door){ &fixture_service, NULL, &a },
	    PROCESS_GATEWAY, buf_bytes(&frame), &reply);
	assert_false(door_result(
	    &out, &fixture_big, buf_bytes(&reply), &result, &fault));
	assert_int_equal(fault.code, FAULT_LIMIT);
	assert_string_equal(fault.reason, "limit.memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echoes),
		cmocka_unit_test(rights),
		cmocka_unit_test(unknown_call_denied),
		cmocka_unit_test(fault_crosses),
		cmocka_unit_test(oversize_reply_is_a_fault),
		cmocka_unit_test(bad_frames_answered),
		cmocka_unit_test(small_arena_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
