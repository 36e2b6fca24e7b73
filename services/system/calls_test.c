/* SPDX-License-Identifier: Apache-2.0 */
/* The door over a known state: both calls, from every peer. */
#include "core/message/pack.h"
#include "ipc/door.h"
#include "ipc/iface/system.h"
#include "services/system/system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static struct restart_counts counts = {
	.of = { [PROCESS_INIT] = 99, [PROCESS_TPM] = 3, [PROCESS_GATEWAY] = 1 }
};
static struct system machine = { .counts = &counts };
static uint8_t block[256u << 10], client_block[256u << 10],
    reply_block[1 << 20];

/* Asks through the door; the reply's views are in client. */
static bool
ask(void *out, const struct method *method, enum process peer,
    struct arena *client, struct fault *f)
{
	struct arena server;
	uint8_t frame_block[256];
	struct buf frame = buf_over(frame_block, sizeof(frame_block));
	struct buf reply = buf_over(reply_block, sizeof(reply_block));
	const struct system_state_req none = { false };

	arena_init(&server, block, sizeof(block));
	arena_init(client, client_block, sizeof(client_block));
	assert_true(door_request(&frame, method, &none, f));
	door_answer(&(struct door){ &system_service, &machine, &server }, peer,
	    buf_bytes(&frame), &reply);
	return door_result(out, method, buf_bytes(&reply), client, f);
}

static void
who_may_call_what(void **state)
{
	static const struct {
		const struct method *method;
		uint32_t may;
	} rows[] = {
		{ &system_report, PEER(MEASUREMENT) | PEER(GATEWAY) },
		{ &system_state, PEER(MEASUREMENT) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (unsigned p = 0; p < PROCESS_COUNT; p++) {
			union {
				struct system_report_rep report;
				struct system_state_rep state;
			} out;
			struct arena client;
			struct fault f = { 0 };
			bool may = (rows[i].may & 1u << p) != 0;

			assert_int_equal(ask(&out, rows[i].method,
					     (enum process)p, &client, &f),
			    may);
			assert_string_equal(f.reason, may ? "" : "ipc.denied");
		}
	}
}

static void
the_report_is_what_open_kept(void **state)
{
	struct system_report_rep out;
	struct arena client;
	struct fault f;

	(void)state;
	memcpy(machine.report, "kept bytes", 10);
	machine.report_size = 10;
	assert_true(ask(&out, &system_report, PROCESS_GATEWAY, &client, &f));
	assert_true(bytes_is(out.report, "kept bytes"));
}

static void
the_state_counts_and_ages(void **state)
{
	struct system_state_rep out;
	struct arena client;
	struct message *restarts;
	struct timespec now;
	struct fault f;
	int64_t value;

	(void)state;
	assert_int_equal(clock_gettime(CLOCK_BOOTTIME, &now), 0);
	assert_true(ask(&out, &system_state, PROCESS_MEASUREMENT, &client, &f));
	assert_true(out.uptime >= (uint64_t)now.tv_sec &&
		    out.uptime <= (uint64_t)now.tv_sec + 5);
	assert_true(message_unpack(&restarts, out.restarts, &client, &f));
	assert_int_equal(restarts->count, PROCESS_COUNT - 1);
	assert_true(message_find_integer(&value, restarts, "tpm"));
	assert_int_equal(value, 3);
	assert_true(message_find_integer(&value, restarts, "gateway"));
	assert_int_equal(value, 1);
	assert_true(message_find_integer(&value, restarts, "system"));
	assert_int_equal(value, 0);
	assert_null(message_find(restarts, "init"));
}

int
main(void)
{
	static const struct CMUnitTest all[] = {
		cmocka_unit_test(who_may_call_what),
		cmocka_unit_test(the_report_is_what_open_kept),
		cmocka_unit_test(the_state_counts_and_ages),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
