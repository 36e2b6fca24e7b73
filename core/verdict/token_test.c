/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/message/id.h"
#include "core/message/json.h"
#include "harness/fakes/measured.h"

#define EXPIRES 2000000000

static const uint8_t key[TOKEN_KEY_SIZE] = "a key of thirty-two bytes, it is";
static const uint8_t other_key[TOKEN_KEY_SIZE] =
    "a key of thirty-two bytes, so is";

static struct token_claim
good(void)
{
	struct token_claim claim = { .expires = EXPIRES };

	memset(claim.recipient.b, 1, sizeof(claim.recipient.b));
	memset(claim.template.b, 2, sizeof(claim.template.b));
	memset(claim.evidence[0].b, 3, sizeof(claim.evidence[0].b));
	memset(claim.evidence[1].b, 4, sizeof(claim.evidence[1].b));
	memset(claim.terms.b, 5, sizeof(claim.terms.b));
	return claim;
}

static void
test_round_trip(void **state)
{
	struct token_claim claim = good(), back;
	uint8_t token[TOKEN_SIZE];
	struct fault f = { 0 };

	(void)state;
	token_make(token, key, &claim);
	assert_true(token_read(
	    &back, bytes_of(token, sizeof(token)), key, EXPIRES - 1, &f));
	assert_true(token_check(&back, &claim, &f));
	assert_int_equal(back.expires, EXPIRES);
}

/* The form is fixed: the keyring and the verifier need not be of one build. */
static void
test_form(void **state)
{
	struct token_claim claim = good();
	uint8_t token[TOKEN_SIZE];

	(void)state;
	token_make(token, key, &claim);
	assert_memory_equal(token, "\1accepted\1\1", 11);
	for (size_t i = 0; i < 5 * 32; i++)
		assert_int_equal(token[9 + i], 1 + i / 32);
	assert_memory_equal(token + 169, "\0\0\0\0\x77\x35\x94\0", 8);
}

/* clang-format off */
static const struct {
	int64_t now;
	const char *reason; /* NULL: it counts */
} times[] = {
	{ EXPIRES,                      "token.time" },
	{ EXPIRES + 1,                  "token.time" },
	{ INT64_MAX,                    "token.time" },
	{ EXPIRES - 1,                  NULL },
	{ EXPIRES - TOKEN_LIFETIME,     NULL },
	{ EXPIRES - TOKEN_LIFETIME - 1, "token.time" },
	{ 0,                            "token.time" },
	{ -1,                           "token.time" },
};
/* clang-format on */

static void
test_time(void **state)
{
	struct token_claim claim = good(), back;
	uint8_t token[TOKEN_SIZE];

	(void)state;
	token_make(token, key, &claim);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct fault f = { 0 };

		assert_int_equal(
		    token_read(&back, bytes_of(token, sizeof(token)), key,
			times[i].now, &f),
		    times[i].reason == NULL);
		assert_string_equal(
		    f.reason, times[i].reason == NULL ? "" : times[i].reason);
	}
}

static void
test_every_bit_counts(void **state)
{
	struct token_claim claim = good(), back;
	uint8_t token[TOKEN_SIZE];

	(void)state;
	token_make(token, key, &claim);
	for (size_t bit = 0; bit < 8 * TOKEN_SIZE; bit++) {
		struct fault f = { 0 };

		token[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(token_read(&back, bytes_of(token, sizeof(token)),
		    key, EXPIRES - 1, &f));
		assert_string_equal(
		    f.reason, bit < 8 * 9 ? "token.form" : "token.mac");
		token[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void
test_sizes_and_keys(void **state)
{
	struct token_claim claim = good(), back;
	uint8_t token[TOKEN_SIZE + 1] = { 0 };
	struct fault f = { 0 };

	(void)state;
	token_make(token, key, &claim);
	for (size_t n = 0; n <= sizeof(token); n++) {
		if (n == TOKEN_SIZE)
			continue;
		assert_false(token_read(
		    &back, bytes_of(token, n), key, EXPIRES - 1, &f));
		assert_string_equal(f.reason, "token.form");
	}
	assert_false(token_read(
	    &back, bytes_of(token, TOKEN_SIZE), other_key, EXPIRES - 1, &f));
	assert_string_equal(f.reason, "token.mac");
}

static void
test_check(void **state)
{
	const struct {
		size_t at;
		const char *reason;
	} rows[] = {
		{ offsetof(struct token_claim, recipient), "token.recipient" },
		{ offsetof(struct token_claim, template) + 31,
		    "token.template" },
		{ offsetof(struct token_claim, evidence), "token.evidence" },
		{ offsetof(struct token_claim, evidence) + 63,
		    "token.evidence" },
		{ offsetof(struct token_claim, terms), "token.terms" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct token_claim is = good(), want = good();
		struct fault f = { 0 };

		((uint8_t *)&want)[rows[i].at] ^= 1;
		assert_false(token_check(&is, &want, &f));
		assert_string_equal(f.reason, rows[i].reason);
	}
}

static void
test_terms(void **state)
{
	const struct bytes rows[][2] = {
		{ BYTES("ab"), BYTES("c") },
		{ BYTES("a"), BYTES("bc") },
		{ BYTES("c"), BYTES("ab") },
		{ BYTES("abc"), { 0 } },
	};
	struct sha256 seen[sizeof(rows) / sizeof(rows[0]) + 1];
	size_t n = 0;

	(void)state;
	for (; n < sizeof(rows) / sizeof(rows[0]); n++)
		seen[n] = token_terms(rows[n], 2);
	seen[n++] = token_terms(rows[3], 1);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(
			    &seen[i], &seen[k], sizeof(seen[i]));
	}
}

static struct measured m;
static uint8_t block[16u << 20], verify_block[16u << 20];

static void
claim_of(struct token_claim *out, bool *given)
{
	static struct verdict v;
	static struct arena a;
	struct fault f = { 0 };

	arena_init(&a, verify_block, sizeof(verify_block));
	assert_true(verify_measurement(&v, &m.rq, &a, &f));
	assert_true(token_claim_of(out, given, &v, &m.rq, &f));
}

/* Only an accepted verdict under a template claims anything. */
static void
test_claims(void **state)
{
	struct template t;
	struct message *given_template;
	struct token_claim claim, none = { 0 };
	struct message_id recipient;
	struct fault f = { 0 };
	bool given;

	(void)state;
	assert_true(json_decode(&given_template,
	    BYTES("{\"measurement-device\":\"tpm@2.0a\"}"), m.a, &f));
	assert_true(template_read(&t, given_template, m.a, &f));
	claim_of(&claim, &given);
	assert_false(given);
	m.rq.template = &t;
	claim_of(&claim, &given);
	assert_true(given);
	assert_memory_equal(&claim.template, &t.id, sizeof(t.id));
	assert_true(message_unsigned_id(&recipient, m.recipient, m.a, &f));
	assert_memory_equal(&claim.recipient, &recipient, sizeof(recipient));
	assert_memory_not_equal(
	    &claim.evidence[0], &none.evidence[0], sizeof(none.evidence[0]));
	assert_memory_equal(
	    &claim.evidence[1], &none.evidence[1], sizeof(none.evidence[1]));
	assert_int_equal(claim.expires, m.rq.at + TOKEN_LIFETIME);
	m.rq.activation = NULL; /* incomplete */
	claim_of(&claim, &given);
	assert_false(given);
	assert_memory_equal(&claim, &none, sizeof(none));
	m.rq.activation = &m.claim;
	m.rq.purpose = BYTES("boot"); /* rejected */
	claim_of(&claim, &given);
	assert_false(given);
}

static int
open_all(void **state)
{
	static struct arena kit;
	struct measured_plan plan = { .ek = MEASURED_EK_ECC,
		.purpose = "fresh" };

	(void)state;
	measured_open();
	arena_init(&kit, block, sizeof(block));
	measured_make(&m, &plan, &kit);
	return 0;
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_every_bit_counts),
		cmocka_unit_test(test_sizes_and_keys),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_claims),
	};

	return cmocka_run_group_tests_name("token", tests, open_all, close_all);
}
