/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that more than one has signed. */
#include "core/message/commit.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/crypto/crypto.h"
#include "core/crypto/rsa.h"
#include "core/message/ans104.h"
#include "core/message/commitments.h"
#include "core/message/httpsig.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

#define SECURE_HEAP (1u << 17)

static struct rsa_key *keys[2];

static void
sign(struct message *m, const struct rsa_key *with)
{
	uint8_t n[RSA_WALLET_BYTES], signature[RSA_WALLET_BYTES];
	struct bytes modulus = bytes_of(n, sizeof(n)), base;
	struct fault f = { 0 };

	rsa_modulus(with, n);
	if (!commit_base(&base, m, modulus, m->arena, &f) ||
	    !rsa_sign(signature, with, base, &f) ||
	    !commit_attach(
		m, modulus, bytes_of(signature, sizeof(signature)), &f))
		fail_msg("%s", f.why);
}

static struct message *
signed_by_both(struct arena *a)
{
	struct message *m = message_new(a);

	message_set_text(m, "a", "b");
	message_set_integer(m, "n", 1);
	sign(m, keys[0]);
	sign(m, keys[1]);
	return m;
}

static void
both_signatures_survive_every_form(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = signed_by_both(a), *back;
	struct http_message http;
	struct message_id signer;
	struct bytes text;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(m->ncommitments, 3);
	assert_true(commit_verify(&signer, m, a, &f));
	assert_true(httpsig_encode(&http, m, HTTPSIG_LINK, a, &f));
	assert_true(httpsig_decode(&back, &http, a, &f));
	assert_true(commit_verify(&signer, back, a, &f));
	vectors_same("as HTTP", back, m);
	assert_true(json_encode(&text, m, a, &f));
	assert_true(json_decode(&back, text, a, &f));
	assert_true(commit_verify(&signer, back, a, &f));
	vectors_same("as JSON", back, m);
}

static void
its_id_is_the_sum(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = signed_by_both(a);
	struct message_id id, sum = { 0 }, own;
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < m->ncommitments; i++) {
		if (m->commitments[i].committer.n != 0)
			message_id_add(&sum, &m->commitments[i].id);
	}
	assert_true(message_id(&id, m, a, &f));
	assert_memory_equal(id.b, sum.b, sizeof(id.b));
	assert_true(message_unsigned_id(&own, m, a, &f));
	assert_memory_not_equal(id.b, own.b, sizeof(id.b));
}

static void
each_signature_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct arena *a = vectors_arena();
		struct message *m = signed_by_both(a);
		struct message_id signer;
		struct bytes bad = arena_copy(a, m->commitments[i].signature);
		struct fault f = { 0 };

		((uint8_t *)(uintptr_t)bad.p)[7] ^= 1;
		m->commitments[i].signature = bad;
		assert_false(commit_verify(&signer, m, a, &f));
		assert_string_equal(f.reason, "commitment.id");
		m->commitments[i].id = commitments_id(bad);
		assert_false(commit_verify(&signer, m, a, &f));
		assert_string_equal(f.reason, "commitment.signature");
	}
}

/* The same by both, but one of them for less than all. */
static void
each_signature_covers_everything(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a);
	struct message_id signer;
	struct fault f = { 0 };

	(void)state;
	message_set_text(m, "a", "b");
	sign(m, keys[0]);
	message_set_text(m, "more", "b");
	sign(m, keys[1]);
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.uncommitted");
}

static void
twice_by_one_is_twice(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a);
	struct message_id signer;
	struct fault f = { 0 };

	(void)state;
	message_set_text(m, "a", "b");
	sign(m, keys[0]);
	sign(m, keys[0]);
	assert_int_equal(m->ncommitments, 3);
	assert_true(commit_verify(&signer, m, a, &f));
}

/* A data item that somebody else signs once more, over HTTP's form. */
static void
an_item_may_have_another_signer(void **state)
{
	struct arena *a = vectors_arena();
	json_t *json = vectors_load("ans104");
	json_t *one = json_array_get(vectors_at(json, "cases"), 0);
	struct bytes in =
	    vectors_base64(vectors_text(one, "signed/item_b64"), a);
	struct message *m, *back;
	struct http_message http;
	struct message_id signer;
	struct bytes text, out;
	struct fault f = { 0 };

	(void)state;
	assert_true(ans104_decode(&m, in, a, &f));
	sign(m, keys[0]);
	assert_true(commit_verify(&signer, m, a, &f));
	assert_true(json_encode(&text, m, a, &f));
	assert_true(json_decode(&back, text, a, &f));
	assert_true(commit_verify(&signer, back, a, &f));
	assert_true(ans104_encode(&out, back, a, &f));
	assert_true(bytes_equal(out, in));
	assert_true(httpsig_encode(&http, m, HTTPSIG_LINK, a, &f));
	assert_true(httpsig_decode(&back, &http, a, &f));
	assert_int_equal(back->ncommitments, 3);
	assert_true(commit_verify(&signer, back, a, &f));
	assert_true(ans104_encode(&out, back, a, &f));
	assert_true(bytes_equal(out, in));
	json_decref(json);
}

static int
make_keys(void **state)
{
	struct fault f = { 0 };

	(void)state;
	return crypto_start(SECURE_HEAP, &f) && rsa_new(&keys[0], &f) &&
		       rsa_new(&keys[1], &f)
		   ? 0
		   : -1;
}

static int
drop_keys(void **state)
{
	(void)state;
	rsa_free(keys[0]);
	rsa_free(keys[1]);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_signatures_survive_every_form),
		cmocka_unit_test(its_id_is_the_sum),
		cmocka_unit_test(each_signature_counts),
		cmocka_unit_test(each_signature_covers_everything),
		cmocka_unit_test(twice_by_one_is_twice),
		cmocka_unit_test(an_item_may_have_another_signer),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
