/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier's door, with a whole measurement in front of it. */
#include "core/message/json.h"
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
static struct verifier room;

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
	door_answer(&(struct door){ &verifier_service, &room, &w->arena }, peer,
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

/* Packed from JSON, in the kit's memory. */
static struct bytes
packed_of(const char *text)
{
	struct message *is;
	struct bytes out;
	struct fault f = { 0 };

	if (!json_decode(&is, bytes_text(text), m.a, &f) ||
	    !message_pack(&out, is, m.a, &f))
		fail_msg("%s: %s", text, f.why);
	return out;
}

static struct message *
challenge_message(void)
{
	struct message *is = message_new(m.a);

	message_set_base64(is, "credential", m.claim.credential);
	message_set_base64(is, "ek-name", m.claim.ek_name);
	message_set_base64(is, "credential-blob", m.claim.blob);
	message_set_base64(is, "secret", m.claim.secret);
	message_set_message(is, "answer", m.answer);
	return is;
}

static struct bytes
challenge(void)
{
	struct bytes out;
	struct fault f = { 0 };

	assert_true(message_pack(&out, challenge_message(), m.a, &f));
	return out;
}

#define GOOD_TEMPLATE "{\"template\":{\"measurement-device\":\"tpm@2.0a\"}}"

static void
test_token(void **state)
{
	struct verifier_verify_req req = good();
	struct verifier_verify_rep rep = { 0 };
	struct token_claim claim;
	struct fault f = { 0 };

	(void)state;
	req.policy = packed_of(GOOD_TEMPLATE);
	req.challenge = challenge();
	assert_true(call(&workers[0], PROCESS_GATEWAY, &req, &rep, &f));
	assert_true(
	    token_read(&claim, rep.token, room.key.p, MEASURED_AT + 1, &f));
	const struct bytes terms[] = { req.roots, { 0 }, BYTES("\0") };
	struct sha256 want = token_terms(terms, 3);

	assert_memory_equal(&claim.terms, &want, sizeof(want));
	assert_int_equal(claim.expires, MEASURED_AT + TOKEN_LIFETIME);
	req.gives_up = VERIFIER_WITHOUT_ACTIVATION;
	req.challenge = (struct bytes){ 0 };
	assert_true(call(&workers[0], PROCESS_GATEWAY, &req, &rep, &f));
	assert_true(
	    token_read(&claim, rep.token, room.key.p, MEASURED_AT + 1, &f));
	assert_memory_not_equal(&claim.terms, &want, sizeof(want));
}

/* clang-format off */
static const struct {
	const char *name, *policy;
	uint64_t gives_up;
	const char *purpose, *word, *reason;
} without_token[] = {
	{ "no template",      NULL,          VERIFIER_WITHOUT_ACTIVATION, "boot",  "accepted",   NULL },
	{ "not challenged",   GOOD_TEMPLATE, 0,                           "boot",  "incomplete", NULL },
	{ "another purpose",  GOOD_TEMPLATE, VERIFIER_WITHOUT_ACTIVATION, "fresh", "rejected",   "bind.purpose" },
	{ "another template", "{\"template\":{\"body\":{\"node\":{\"port\":1}}}}", VERIFIER_WITHOUT_ACTIVATION, "boot", "rejected", "policy.template" },
	{ "another node",     "{\"node\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}", VERIFIER_WITHOUT_ACTIVATION, "boot", "rejected", "bind.node-key" },
};
/* clang-format on */

static void
test_without_token(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(without_token) / sizeof(without_token[0]);
	    i++) {
		struct verifier_verify_req req = good();
		struct verifier_verify_rep rep = { 0 };
		struct message *verdict;
		struct fault f = { 0 };

		req.purpose = bytes_text(without_token[i].purpose);
		req.gives_up = without_token[i].gives_up;
		if (without_token[i].policy != NULL)
			req.policy = packed_of(without_token[i].policy);
		if (!call(&workers[0], PROCESS_GATEWAY, &req, &rep, &f) ||
		    !message_unpack(&verdict, rep.verdict, &workers[0].out, &f))
			fail_msg("%s: %s", without_token[i].name, f.why);
		expect_text(verdict, "verdict", without_token[i].word);
		if (without_token[i].reason != NULL)
			expect_text(verdict, "reason", without_token[i].reason);
		assert_int_equal(rep.token.n, 0);
	}
}

/* A bundle is told in its own form, and gets no token. */
static void
test_bundle(void **state)
{
	struct verifier_verify_req req = good();
	struct verifier_verify_rep rep = { 0 };
	struct message *bundle = message_new(m.a), *verdict;
	struct message *evidence = message_new(m.a);
	struct message *measurement = message_new(m.a);
	struct fault f = { 0 };

	(void)state;
	message_set_text(bundle, "type", "permawebos-evidence");
	message_set_text(bundle, "version", "1.0");
	message_set_integer(bundle, "made-at-unix", MEASURED_AT);
	message_set_message(measurement, "boot", m.envelope);
	message_set_message(evidence, "measurement", measurement);
	message_set_message(bundle, "evidence", evidence);
	assert_true(message_pack(&req.message, bundle, m.a, &f));
	req.purpose = BYTES("");
	req.policy = packed_of(GOOD_TEMPLATE);
	req.gives_up = VERIFIER_WITHOUT_ACTIVATION;
	if (!call(&workers[0], PROCESS_GATEWAY, &req, &rep, &f) ||
	    !message_unpack(&verdict, rep.verdict, &workers[0].out, &f))
		fail_msg("%s: %s", f.reason, f.why);
	expect_text(verdict, "verdict", "accepted");
	expect_text(
	    verdict, "verdicts/boot/checks/policy/template/state", "passed");
	assert_int_equal(rep.token.n, 0);
	req.earlier = packed;
	assert_false(call(&workers[0], PROCESS_GATEWAY, &req, &rep, &f));
	assert_string_equal(f.reason, "verify.bundle");
}

/* clang-format off */
static const struct {
	const char *name, *purpose, *policy, *collateral, *challenge, *reason;
} malformed[] = {
	{ "no purpose",              "",          NULL, NULL, NULL, "verify.purpose" },
	{ "a third purpose",         "\x1b[2J\xff", NULL, NULL, NULL, "verify.purpose" },
	{ "an unknown policy",       "boot", "{\"pcr5\":\"00\"}", NULL, NULL, "bundle.key" },
	{ "a policy of another kind", "boot", "{\"template\":\"_\"}", NULL, NULL, "bundle.shape" },
	{ "a policy for other evidence", "boot", "{\"snp\":{}}", NULL, NULL, "bundle.policy" },
	{ "an empty template",       "boot", "{\"template\":{}}", NULL, NULL, "template.empty" },
	{ "a range of nothing",      "boot", "{\"template\":{\"a\":{\"match-type\":\"range\"}}}", NULL, NULL, "template.range" },
	{ "an unknown operator",     "boot", "{\"template\":{\"a\":{\"match-type\":\"most\",\"body\":1}}}", NULL, NULL, "template.match-type" },
	{ "no manifest",             "boot", "{\"manifest\":\"{}\"}", NULL, NULL, "manifest.shape" },
	{ "unknown collateral",      "boot", NULL, "{\"roots\":[]}", NULL, "bundle.key" },
	{ "a list that is none",     "boot", NULL, "{\"crls\":\"AAAA\"}", NULL, "bundle.shape" },
	{ "no base64",               "boot", NULL, "{\"certificates\":[\"*\"]}", NULL, "encoding.base64" },
	{ "an empty challenge",      "boot", NULL, NULL, "{}", "message.missing" },
	{ "half a challenge",        "boot", NULL, NULL, "{\"credential\":\"AAAA\",\"ek-name\":\"AAAA\"}", "verify.challenge" },
};
/* clang-format on */

static void
test_malformed_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		struct verifier_verify_req req = good();
		struct verifier_verify_rep rep = { 0 };
		struct fault f = { 0 };

		req.purpose = bytes_text(malformed[i].purpose);
		if (malformed[i].policy != NULL)
			req.policy = packed_of(malformed[i].policy);
		if (malformed[i].collateral != NULL)
			req.collateral = packed_of(malformed[i].collateral);
		if (malformed[i].challenge != NULL)
			req.challenge = packed_of(malformed[i].challenge);
		assert_false(
		    call(&workers[0], PROCESS_GATEWAY, &req, &rep, &f));
		if (strcmp(f.reason, malformed[i].reason) != 0)
			fail_msg("%s: %s: %s, want %s", malformed[i].name,
			    f.reason, f.why, malformed[i].reason);
	}
}

static void
test_earlier_goes_with_fresh(void **state)
{
	struct verifier_verify_req req = good();
	struct verifier_verify_rep rep = { 0 };
	struct fault f = { 0 };

	(void)state;
	req.earlier = packed;
	assert_false(call(&workers[0], PROCESS_GATEWAY, &req, &rep, &f));
	assert_string_equal(f.reason, "verify.earlier");
}

/* Each field by itself is too long, is no packed message, or says nothing. */
static void
test_malformed(void **state)
{
	static uint8_t large[MESSAGE_SIZE_MAX + 1];
	const struct bytes cut = bytes_of(packed.p, packed.n - 1);
	const struct {
		size_t field;
		struct bytes value;
		const char *reason;
	} rows[] = {
#define AT(field) offsetof(struct verifier_verify_req, field)
#define OVER(max) bytes_of(large, (max) + 1)
		{ AT(message), BYTES("\1"), "pack.form" },
		{ AT(message), cut, "pack.form" },
		{ AT(message), BYTES(""), "ipc.field" },
		{ AT(message), OVER(MESSAGE_SIZE_MAX), "ipc.field" },
		{ AT(purpose), BYTES("seventeen letters"), "ipc.field" },
		{ AT(nonce), OVER(64), "ipc.field" },
		{ AT(roots), OVER(VERIFIER_ROOTS_MAX), "ipc.field" },
		{ AT(earlier), cut, "pack.form" },
		{ AT(earlier), OVER(VERIFIER_EARLIER_MAX), "ipc.field" },
		{ AT(policy), cut, "pack.form" },
		{ AT(policy), OVER(VERIFIER_POLICY_MAX), "ipc.field" },
		{ AT(collateral), cut, "pack.form" },
		{ AT(collateral), OVER(VERIFIER_COLLATERAL_MAX), "ipc.field" },
		{ AT(challenge), BYTES("\1"), "pack.form" },
		{ AT(challenge), OVER(VERIFIER_CHALLENGE_MAX), "ipc.field" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct verifier_verify_req req = good();
		struct verifier_verify_rep rep = { 0 };
		struct fault f = { 0 };

		memcpy((uint8_t *)&req + rows[i].field, &rows[i].value,
		    sizeof(rows[i].value));
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
	if (!secret_new(&room.key, TOKEN_KEY_SIZE, &f))
		return 1;
	memset(room.key.p, 7, room.key.n);
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
		cmocka_unit_test(test_malformed_parts),
		cmocka_unit_test(test_earlier_goes_with_fresh),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_without_token),
		cmocka_unit_test(test_bundle),
		cmocka_unit_test(test_four_at_once),
	};

	return cmocka_run_group_tests_name(
	    "verifier", units, open_all, close_all);
}
