/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier's door, with a whole measurement in front of it. */
#include "ipc/iface/verifier.h"

#include "core/message/pack.h"
#include "harness/fakes/measured.h"
#include "ipc/door.h"
#include "services/verifier/verifier.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define WORKERS    4
#define ROUNDS     6
#define FRAME_SIZE (2u << 20)

/* What one worker of the service has for a request, and its caller's side. */
struct worker {
	uint8_t block[16u << 20], caller[4u << 20];
	uint8_t frame[FRAME_SIZE], reply[FRAME_SIZE];
	struct arena arena, out;
	const struct verifier_verify_req *req;
	bool same;
};

static struct worker workers[WORKERS];
static struct measured m;
static struct bytes packed;

static bool
call(struct worker *w, enum process peer, const struct verifier_verify_req *in,
    struct verifier_verify_rep *out, struct fault *f)
{
	struct buf frame = buf_over(w->frame, sizeof(w->frame));
	struct buf reply = buf_over(w->reply, sizeof(w->reply));

	arena_init(&w->arena, w->block, sizeof(w->block));
	arena_init(&w->out, w->caller, sizeof(w->caller));
	if (!door_request(&frame, &verifier_verify, in, f))
		return false;
	door_answer(&(struct door){ &verifier_service, NULL, &w->arena }, peer,
	    buf_bytes(&frame), &reply);
	return door_result(
	    out, &verifier_verify, buf_bytes(&reply), &w->out, f);
}

static struct verifier_verify_req
good(void)
{
	return (struct verifier_verify_req){
		.message = packed,
		.purpose = BYTES("boot"),
		.roots = m.roots,
		.at = MEASURED_AT,
	};
}

static void
expect_text(const struct message *verdict, const char *path, const char *want)
{
	struct bytes text;

	if (!message_find_bytes(&text, verdict, path))
		fail_msg("no %s", path);
	if (!bytes_is(text, want))
		fail_msg("%s: %.*s, want %s", path, (int)text.n,
		    (const char *)text.p, want);
}

static const struct message *
verdict_of(const struct verifier_verify_req *req)
{
	struct verifier_verify_rep rep = { 0 };
	struct fault f = { 0 };
	struct message *verdict;

	if (!call(&workers[0], PROCESS_GATEWAY, req, &rep, &f) ||
	    !message_unpack(&verdict, rep.verdict, &workers[0].out, &f))
		fail_msg("%s: %s", f.reason, f.why);
	return verdict;
}

/* All is well, but a service cannot challenge the TPM. */
static void
test_incomplete(void **state)
{
	struct verifier_verify_req req = good();
	const struct message *verdict = verdict_of(&req);

	(void)state;
	expect_text(verdict, "verdict", "incomplete");
	expect_text(verdict, "checks/tpm/ek.chain/state", "passed");
	expect_text(verdict, "checks/tpm/ek.activation/state", "not-checked");
	expect_text(verdict, "checks/tpm/ek.activation/reason",
	    "tpm.activation.not-asked");
	assert_null(message_find(verdict, "reason"));
}

/* clang-format off */
static const struct {
	const char *name, *purpose;
	bool nonce;
	uint64_t at;
	const char *reason;
} refused[] = {
	{ "fresh asked for",     "fresh",            true,  MEASURED_AT, "bind.purpose" },
	{ "a third purpose",     "\x1b[2J\xff",      false, MEASURED_AT, "bind.purpose" },
	{ "before it was valid", "boot",             false, 0,           "tpm.ek.chain" },
	{ "at the end of time",  "boot",             false, INT64_MAX,   "tpm.ek.chain" },
};
/* clang-format on */

static void
test_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct verifier_verify_req req = good();

		req.purpose = bytes_text(refused[i].purpose);
		req.at = refused[i].at;
		if (refused[i].nonce)
			req.nonce = BYTES(MEASURED_NONCE);
		const struct message *verdict = verdict_of(&req);

		expect_text(verdict, "verdict", "rejected");
		expect_text(verdict, "reason", refused[i].reason);
	}
}

static void
test_only_the_gateway_may(void **state)
{
	struct verifier_verify_req req = good();

	(void)state;
	for (int peer = 0; peer < PROCESS_COUNT; peer++) {
		struct verifier_verify_rep rep = { 0 };
		struct fault f = { 0 };
		bool ok = call(&workers[0], (enum process)peer, &req, &rep, &f);

		if (peer == PROCESS_GATEWAY)
			assert_true(ok);
		else
			assert_string_equal(f.reason, "ipc.denied");
	}
}

static void
test_malformed(void **state)
{
	static uint8_t large[MESSAGE_SIZE_MAX + 1];
	const struct {
		struct bytes message, purpose, nonce, roots;
		const char *reason;
	} rows[] = {
		{ BYTES("\1"), BYTES("boot"), { 0 }, { 0 }, "pack.form" },
		{ bytes_of(packed.p, packed.n - 1), BYTES("boot"), { 0 }, { 0 },
		    "pack.form" },
		{ BYTES(""), BYTES("boot"), { 0 }, { 0 }, "ipc.field" },
		{ bytes_of(large, sizeof(large)), BYTES("boot"), { 0 }, { 0 },
		    "ipc.field" },
		{ packed, BYTES(""), { 0 }, { 0 }, "ipc.field" },
		{ packed, BYTES("seventeen letters"), { 0 }, { 0 },
		    "ipc.field" },
		{ packed, BYTES("boot"), bytes_of(large, 65), { 0 },
		    "ipc.field" },
		{ packed, BYTES("boot"), { 0 },
		    bytes_of(large, VERIFIER_ROOTS_MAX + 1), "ipc.field" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct verifier_verify_req req = { rows[i].message,
			rows[i].purpose, rows[i].nonce, rows[i].roots,
			MEASURED_AT };
		struct verifier_verify_rep rep = { 0 };
		struct fault f = { 0 };

		assert_false(
		    call(&workers[0], PROCESS_GATEWAY, &req, &rep, &f));
		if (strcmp(f.reason, rows[i].reason) != 0)
			fail_msg("row %zu: %s: %s", i, f.reason, f.why);
	}
}

static void *
work(void *with)
{
	struct worker *w = with;
	struct sha256 first = { 0 };

	w->same = true;
	for (int i = 0; i < ROUNDS; i++) {
		struct verifier_verify_rep rep = { 0 };
		struct fault f = { 0 };
		bool ok = call(w, PROCESS_GATEWAY, w->req, &rep, &f);
		struct sha256 now = sha256_of(rep.verdict);

		w->same = w->same && ok &&
			  (i == 0 || memcmp(&first, &now, sizeof(now)) == 0);
		first = now;
	}
	return NULL;
}

static void
test_four_at_once(void **state)
{
	struct verifier_verify_req req = good();
	pthread_t threads[WORKERS];

	(void)state;
	for (size_t i = 0; i < WORKERS; i++) {
		workers[i].req = &req;
		assert_int_equal(
		    pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (size_t i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (size_t i = 0; i < WORKERS; i++)
		assert_true(workers[i].same);
}

static int
open_all(void **state)
{
	static uint8_t block[16u << 20];
	static struct arena kit;
	struct measured_plan plan = { .ek = MEASURED_EK_RSA,
		.purpose = "boot" };
	struct fault f = { 0 };

	(void)state;
	measured_open();
	arena_init(&kit, block, sizeof(block));
	measured_make(&m, &plan, &kit);
	return message_pack(&packed, m.envelope, &kit, &f) ? 0 : 1;
}

static int
close_all(void **state)
{
	(void)state;
	measured_close();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_only_the_gateway_may),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_four_at_once),
	};

	return cmocka_run_group_tests_name(
	    "verifier", units, open_all, close_all);
}
