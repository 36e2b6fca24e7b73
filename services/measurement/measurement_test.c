/* SPDX-License-Identifier: Apache-2.0 */
#include "services/measurement/measurement.h"

#include "core/crypto/crypto.h"
#include "core/message/commit.h"
#include "core/message/id.h"
#include "core/message/pack.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The other services, played by this table of answers and counters. */
static struct fake {
	struct rsa_key *key;
	uint8_t modulus[RSA_WALLET_BYTES];
	const char *fails;     /* name of the step that fails */
	bool tpm_restarted;    /* until it has begun again */
	const char *recipient; /* what the recipient names */
	struct message_id begun;
	uint8_t quoted[32];
	unsigned reports, begins, quotes, signs;
} fake;

static uint8_t block[16u << 20], kept[3u << 20], check_block[4u << 20];
static struct arena arena, check_arena;
static struct measurement m;

static bool
step(const char *name, struct fault *f)
{
	if (fake.fails != NULL && strcmp(fake.fails, name) == 0)
		/* In brackets: cmocka has a macro of that name. */
		return (fail)(f, FAULT_BUSY, "test.step", "%s is down", name);
	return true;
}

static bool
awake(struct fault *f)
{
	if (fake.tpm_restarted)
		return (fail)(f, FAULT_STATE, "tpm.not-begun", "restarted");
	return true;
}

static bool
pack(struct bytes *out, const struct message *from, struct arena *a,
    struct fault *f)
{
	return message_pack(out, from, a, f);
}

static bool
fake_report(void *with, struct bytes *packed, struct arena *a, struct fault *f)
{
	struct message *report = message_new(a);

	(void)with;
	fake.reports++;
	message_set_text(report, "schema", "test");
	return step("report", f) && pack(packed, report, a, f);
}

static bool
fake_modulus(
    void *with, struct bytes *modulus, struct arena *a, struct fault *f)
{
	(void)with;
	*modulus = arena_copy(a, bytes_of(fake.modulus, sizeof(fake.modulus)));
	return step("modulus", f);
}

static bool
fake_begin(void *with, const struct message_id *subject,
    struct bytes *recipient, struct arena *a, struct fault *f)
{
	struct message *r = message_new(a);

	(void)with;
	fake.begins++;
	fake.begun = *subject;
	fake.tpm_restarted = false;
	message_set_text(r, "key-id", fake.recipient);
	return step("begin", f) && pack(recipient, r, a, f);
}

static bool
fake_state(
    void *with, struct machine_state *out, struct arena *a, struct fault *f)
{
	struct message *restarts = message_new(a);

	(void)with;
	*out = (struct machine_state){
		.uptime = 7, .reset_count = 3, .restart_count = 1
	};
	message_set_integer(restarts, "tpm", 2);
	return step("state", f) && pack(&out->restarts, restarts, a, f);
}

static bool
fake_quote(void *with, struct bytes qualifying, struct bytes *evidence,
    struct arena *a, struct fault *f)
{
	struct message *e = message_new(a);

	(void)with;
	fake.quotes++;
	assert_int_equal(qualifying.n, sizeof(fake.quoted));
	memcpy(fake.quoted, qualifying.p, sizeof(fake.quoted));
	message_set_base64(e, "quoted", qualifying);
	return awake(f) && step("quote", f) && pack(evidence, e, a, f);
}

static bool
fake_sign(void *with, struct bytes packed, struct bytes *signature,
    struct arena *a, struct fault *f)
{
	struct message *envelope;
	struct bytes base;
	uint8_t *to = arena_alloc(a, RSA_WALLET_BYTES);

	(void)with;
	fake.signs++;
	*signature = bytes_of(to, RSA_WALLET_BYTES);
	if (!step("sign", f) || !message_unpack(&envelope, packed, a, f))
		return false;
	/* The keyring sees the node, and does not have to walk over the rest. */
	assert_non_null(message_find(envelope, "body/node/address"));
	assert_int_equal(
	    message_find(envelope, "body/system")->kind, VALUE_LINK);
	assert_int_equal(message_find(envelope, "evidence")->kind, VALUE_LINK);
	return commit_base(&base, envelope,
		   bytes_of(fake.modulus, sizeof(fake.modulus)), a, f) &&
	       rsa_sign(to, fake.key, base, f);
}

static bool
fake_activate(void *with, const struct activation *in, struct bytes *credential,
    struct arena *a, struct fault *f)
{
	(void)with;
	(void)in;
	*credential = arena_copy(a, BYTES("0123456789abcdef"));
	return awake(f) && step("activate", f);
}

static const struct upstream fakes = {
	.report = fake_report,
	.modulus = fake_modulus,
	.begin = fake_begin,
	.state = fake_state,
	.quote = fake_quote,
	.sign = fake_sign,
	.activate = fake_activate,
};

static int
make_key(void **state)
{
	struct fault f = { 0 };

	(void)state;
	if (!crypto_start(1u << 20, &f) || !rsa_new(&fake.key, &f)) {
		print_error("%s\n", f.why);
		return 1;
	}
	rsa_modulus(fake.key, fake.modulus);
	return 0;
}

static int
drop_key(void **state)
{
	(void)state;
	rsa_free(fake.key);
	return 0;
}

static int
fresh_room(void **state)
{
	(void)state;
	fake.fails = NULL;
	fake.tpm_restarted = false;
	fake.recipient = "ak";
	fake.reports = fake.begins = fake.quotes = fake.signs = 0;
	memset(&m, 0, sizeof(m));
	m.up = fakes;
	(void)pthread_mutex_init(&m.lock, NULL);
	arena_init(&m.kept, kept, sizeof(kept));
	arena_init(&arena, block, sizeof(block));
	arena_init(&check_arena, check_block, sizeof(check_block));
	return 0;
}

/* The envelope verifies, is signed by the node and binds what it shows. */
static void
check_envelope(struct bytes packed, const char *purpose, struct bytes nonce)
{
	struct message *envelope;
	struct message_id signer;
	struct binding claimed;
	struct bytes text;
	struct fault f = { 0 };

	assert_true(message_unpack(&envelope, packed, &check_arena, &f));
	assert_true(commit_verify(&signer, envelope, &check_arena, &f));
	assert_true(message_find_bytes(&text, envelope, "body/node/address"));
	assert_true(bytes_equal(text, message_id_text(&signer, &check_arena)));
	assert_true(binding_of(&claimed, envelope, &check_arena, &f));
	assert_true(bytes_is(claimed.purpose, purpose));
	assert_true(bytes_equal(claimed.nonce, nonce));
	struct sha512 value = binding_value(&claimed);

	assert_memory_equal(value.b, fake.quoted, sizeof(fake.quoted));
	assert_memory_equal(&claimed.subject, &fake.begun, sizeof(fake.begun));
}

static void
test_boot(void **state)
{
	struct bytes first, second;
	struct fault f = { 0 };

	(void)state;
	assert_true(envelope_boot(&first, &m, &arena, &f));
	check_envelope(first, "boot", BYTES(BINDING_BOOT_NONCE));
	assert_true(envelope_boot(&second, &m, &arena, &f));
	assert_true(bytes_equal(first, second));
	assert_int_equal(fake.quotes, 1);
	assert_int_equal(fake.signs, 1);
}

static void
test_fresh(void **state)
{
	struct bytes out;
	struct message *envelope;
	int64_t count;
	struct fault f = { 0 };
	struct bytes nonce = BYTES("sixteen bytes, ok");

	(void)state;
	assert_true(envelope_fresh(&out, &m, nonce, &arena, &f));
	check_envelope(out, "fresh", nonce);
	assert_true(message_unpack(&envelope, out, &check_arena, &f));
	assert_true(
	    message_find_integer(&count, envelope, "state/tpm-reset-count"));
	assert_int_equal(count, 3);
	assert_true(
	    message_find_integer(&count, envelope, "state/restarts/tpm"));
	assert_int_equal(count, 2);
}

static void
test_one_body_for_all(void **state)
{
	struct bytes out;
	struct fault f = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(envelope_fresh(
		    &out, &m, BYTES("0123456789abcdef"), &arena, &f));
	assert_true(envelope_boot(&out, &m, &arena, &f));
	assert_int_equal(fake.reports, 1);
	assert_int_equal(fake.begins, 1);
}

static const char *const steps[] = { "report", "modulus", "begin", "quote",
	"sign" };

static void
test_each_step_can_fail_and_recover(void **state)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct bytes out = { 0 };
		struct fault f = { 0 };

		fresh_room(state);
		fake.fails = steps[i];
		if (envelope_boot(&out, &m, &arena, &f))
			fail_msg("boot measured without %s", steps[i]);
		assert_string_equal(f.reason, "test.step");
		assert_int_equal(out.n, 0);
		fake.fails = NULL;
		if (!envelope_boot(&out, &m, &arena, &f))
			fail_msg("%s did not recover: %s", steps[i], f.why);
	}
}

static void
test_a_body_that_was_begun_stays(void **state)
{
	struct bytes out;
	struct fault f = { 0 };

	(void)state;
	fake.fails = "begin";
	assert_false(envelope_boot(&out, &m, &arena, &f));
	struct message_id first = m.subject_id;

	fake.fails = NULL;
	assert_true(envelope_boot(&out, &m, &arena, &f));
	assert_int_equal(fake.reports, 1);
	assert_memory_equal(&first, &fake.begun, sizeof(first));
}

static void
test_activation(void **state)
{
	struct activation in = { BYTES("blob"), BYTES("secret") };
	struct bytes out, proof;
	struct message *answer;
	struct fault f = { 0 };
	struct sha256 want = hmac_sha256(BYTES("0123456789abcdef"),
	    BYTES("permawebos-activation-v1\0blobsecret"));

	(void)state;
	assert_true(activation_answer(&out, &m, &in, &arena, &f));
	assert_null(memmem(out.p, out.n, "0123456789abcdef", 16));
	assert_true(message_unpack(&answer, out, &check_arena, &f));
	assert_true(message_find_base64(
	    &proof, answer, "credential-proof", &check_arena, &f));
	assert_true(bytes_equal(proof, BYTES_OF(&want)));
}

static void
test_a_restarted_tpm_begins_again(void **state)
{
	struct activation in = { BYTES("blob"), BYTES("secret") };
	struct bytes out;
	struct fault f = { 0 };

	(void)state;
	assert_true(envelope_boot(&out, &m, &arena, &f));
	fake.tpm_restarted = true;
	assert_true(
	    envelope_fresh(&out, &m, BYTES("0123456789abcdef"), &arena, &f));
	fake.tpm_restarted = true;
	assert_true(activation_answer(&out, &m, &in, &arena, &f));
	assert_int_equal(fake.begins, 3);
	assert_int_equal(fake.reports, 1);
}

static void
test_a_tpm_with_other_keys_is_refused(void **state)
{
	struct bytes out = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_true(envelope_boot(&out, &m, &arena, &f));
	fake.tpm_restarted = true;
	fake.recipient = "other";
	assert_false(
	    envelope_fresh(&out, &m, BYTES("0123456789abcdef"), &arena, &f));
	assert_string_equal(f.reason, "measurement.recipient");
}

/* clang-format off */
static const struct {
	const char *text;
	const char *reason; /* NULL: accepted */
} operators[] = {
	{ "",                                              NULL },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",   NULL },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", NULL },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",   "measurement.operator" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",  "measurement.operator" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",    "measurement.operator" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",   "measurement.operator" },
	{ "\n",                                            "measurement.operator" },
	{ "operator",                                      "measurement.operator" },
};
/* clang-format on */

static void
test_operators(void **state)
{
	const struct message_id address = { { 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		struct fault f = { 0 };
		struct message *node;
		struct bytes text;
		bool good =
		    body_operator(&m, bytes_text(operators[i].text), &f);

		assert_int_equal(good, operators[i].reason == NULL);
		if (!good) {
			assert_string_equal(f.reason, operators[i].reason);
			continue;
		}
		assert_true(body_node(&node, &m, &address, &arena, &f));
		assert_int_equal(message_find_bytes(&text, node, "operator"),
		    operators[i].text[0] != '\0');
	}
}

static void
test_no_node_is_its_own_operator(void **state)
{
	struct bytes modulus = bytes_of(fake.modulus, sizeof(fake.modulus));
	struct bytes out = { 0 };
	struct fault f = { 0 };

	(void)state;
	m.operator= message_address(modulus);
	m.has_operator = true;
	assert_false(envelope_boot(&out, &m, &arena, &f));
	assert_string_equal(f.reason, "measurement.operator");
}

#define ROW(test) cmocka_unit_test_setup(test, fresh_room)

int
main(void)
{
	const struct CMUnitTest rows[] = {
		ROW(test_boot),
		ROW(test_fresh),
		ROW(test_one_body_for_all),
		ROW(test_each_step_can_fail_and_recover),
		ROW(test_a_body_that_was_begun_stays),
		ROW(test_activation),
		ROW(test_a_restarted_tpm_begins_again),
		ROW(test_a_tpm_with_other_keys_is_refused),
		ROW(test_operators),
		ROW(test_no_node_is_its_own_operator),
	};

	return cmocka_run_group_tests(rows, make_key, drop_key);
}
