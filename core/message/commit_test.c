/* SPDX-License-Identifier: Apache-2.0 */
/* What we sign, in every form, and every way to damage it. */
#include "core/message/commit.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/crypto/crypto.h"
#include "core/crypto/rsa.h"
#include "core/message/base.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "core/message/link.h"
#include "core/message/pack.h"
#include "core/message/structured.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

#define SECURE_HEAP (1u << 17)

static struct rsa_key *key, *other_key;

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

/* One of everything. */
static struct message *
rich_message(struct arena *a)
{
	struct message *m = message_new(a), *inner = message_new(a);
	struct message *list = message_list(m, "list"), *items;

	message_set_text(inner, "x", "1");
	message_set_message(inner, "deep", message_new(a));
	message_append_message(list, inner);
	message_append_text(list, "two");
	message_append(
	    list, (struct value){ .kind = VALUE_INTEGER, .integer = 3 });
	message_list(m, "empty-list");
	items = message_list(inner, "items");
	message_append_text(items, "\xc3\xa9");
	message_append(items,
	    (struct value){ .kind = VALUE_ATOM, .bytes = BYTES("null") });
	message_set_message(m, "empty-message", message_new(a));
	message_set_text(m, "empty", "");
	message_set_bool(m, "yes", true);
	message_set_bool(m, "no", false);
	message_set_null(m, "null");
	message_set_integer(m, "integer", -42);
	message_set(m, BYTES("float"),
	    (struct value){ .kind = VALUE_FLOAT, .number = 0.1 });
	message_set_text(m, "body", "line\r\nline\n");
	message_set(m, BYTES("elsewhere"),
	    (struct value){ .kind = VALUE_LINK,
		.bytes =
		    BYTES("qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk") });
	return m;
}

static void
expect_signed(const struct message *got, const struct message *want)
{
	struct arena *a = want->arena;
	struct message_id signer, address, x, y;
	uint8_t n[RSA_WALLET_BYTES];
	struct fault f = { 0 };

	rsa_modulus(key, n);
	address = message_address(bytes_of(n, sizeof(n)));
	if (!commit_verify(&signer, got, a, &f) ||
	    !message_id(&x, got, a, &f) || !message_id(&y, want, a, &f))
		fail_msg("%s: %s", f.reason, f.why);
	assert_memory_equal(signer.b, address.b, 32);
	assert_memory_equal(x.b, y.b, 32);
}

static void
what_we_sign_survives_every_form(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = rich_message(a), *back;
	struct http_message http;
	struct bytes text, again;
	struct fault f = { 0 };

	(void)state;
	sign(m, key);
	expect_signed(m, m);
	if (!json_encode(&text, m, a, &f) || !json_decode(&back, text, a, &f))
		fail_msg("%s", f.why);
	expect_signed(back, m);
	vectors_same("json", back, m);
	assert_true(json_encode(&again, back, a, &f));
	assert_true(bytes_equal(text, again));
	if (!message_pack(&text, m, a, &f) ||
	    !message_unpack(&back, text, a, &f))
		fail_msg("%s", f.why);
	expect_signed(back, m);
	if (!httpsig_encode(&http, m, HTTPSIG_BUNDLE, a, &f) ||
	    !httpsig_decode(&back, &http, a, &f))
		fail_msg("%s", f.why);
	expect_signed(back, m);
	vectors_same("bundle", message_copy(back, a), message_copy(m, a));
	if (!httpsig_encode(&http, m, HTTPSIG_LINK, a, &f) ||
	    !httpsig_decode(&back, &http, a, &f))
		fail_msg("%s", f.why);
	expect_signed(back, m);
}

struct damage {
	const char *name;
	void (*hurt)(struct message *m);
	const char *reason;
};

static struct message *
level(struct message *m, const char *path)
{
	return message_find(m, path)->message;
}

static void
hurt_leaf(struct message *m)
{
	message_set_integer(m, "integer", -43);
}

static void
hurt_type(struct message *m)
{
	message_set_text(m, "integer", "-42");
}

static void
hurt_kind(struct message *m)
{
	message_set_message(m, "empty-list", message_new(m->arena));
}

static void
hurt_below(struct message *m)
{
	message_set_text(level(m, "list/1"), "x", "2");
}

static void
hurt_by_adding_below(struct message *m)
{
	message_set_text(level(m, "list/1/deep"), "x", "2");
}

static void
hurt_body(struct message *m)
{
	message_set_text(m, "body", "line\nline\n");
}

static void
hurt_by_adding(struct message *m)
{
	message_set_text(m, "another", "x");
}

static void
hurt_by_dropping(struct message *m)
{
	m->count--;
}

static void
hurt_committer(struct message *m)
{
	for (size_t i = 0; i < m->ncommitments; i++) {
		if (m->commitments[i].committer.n != 0)
			m->commitments[i].committer = BYTES(
			    "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk");
	}
}

static void
hurt_id(struct message *m)
{
	m->commitments[0].id.b[0] ^= 1;
}

static void
hurt_device(struct message *m)
{
	m->commitments[0].device = BYTES("ans104@1.0");
}

static void
hurt_alg(struct message *m)
{
	m->commitments[1].type = BYTES("rsa-pss-sha256");
}

static void
hurt_tag(struct message *m)
{
	m->commitments[0].tag = BYTES("x");
}

static void
hurt_times(struct message *m)
{
	m->commitments[0].expires = 1;
}

static void
hurt_bundle(struct message *m)
{
	m->commitments[0].bundle = true;
}

static void
hurt_by_committing_twice(struct message *m)
{
	struct commitment *c = &m->commitments[0];
	struct bytes *keys =
	    arena_alloc(m->arena, (c->ncommitted + 1) * sizeof(*keys));

	memcpy(keys, c->committed, c->ncommitted * sizeof(*keys));
	keys[c->ncommitted++] = keys[0];
	c->committed = keys;
}

static void
hurt_by_hmac_alone(struct message *m)
{
	for (size_t i = 0; i < m->ncommitments; i++) {
		if (m->commitments[i].committer.n == 0)
			m->commitments[0] = m->commitments[i];
	}
	m->ncommitments = 1;
}

static void
hurt_by_dropping_all(struct message *m)
{
	m->ncommitments = 0;
}

static void
hurt_hmac_committer(struct message *m)
{
	for (size_t i = 0; i < m->ncommitments; i++)
		m->commitments[i].committer =
		    m->commitments[m->commitments[0].committer.n == 0]
			.committer;
}

static void
hurt_key_size(struct message *m)
{
	uint8_t n[RSA_WALLET_BYTES];

	rsa_modulus(key, n);
	for (size_t i = 0; i < m->ncommitments; i++)
		m->commitments[i].keyid = commitments_keyid(
		    bytes_of(n, 256), BASE64_PADDED, m->arena);
}

static void
damaged_messages_are_refused(void **state)
{
	/* clang-format off */
	static const struct damage rows[] = {
		{ "a leaf", hurt_leaf, "commitment.signature" },
		{ "a type", hurt_type, "commitment.signature" },
		{ "a kind", hurt_kind, "commitment.signature" },
		{ "a leaf below", hurt_below, "commitment.signature" },
		{ "a key below", hurt_by_adding_below, "commitment.signature" },
		{ "the body", hurt_body, "commitment.signature" },
		{ "a key more", hurt_by_adding, "commitment.uncommitted" },
		{ "a key less", hurt_by_dropping, "commitment.missing" },
		{ "the committer", hurt_committer, "commitment.committer" },
		{ "the id", hurt_id, "commitment.id" },
		{ "the device", hurt_device, "commitment.type" },
		{ "the algorithm", hurt_alg, "commitment.type" },
		{ "a tag", hurt_tag, "commitment.signature" },
		{ "a time", hurt_times, "commitment.signature" },
		{ "bundle", hurt_bundle, "commitment.signature" },
		{ "a key twice", hurt_by_committing_twice, "commitment.form" },
		{ "only a MAC", hurt_by_hmac_alone, "commitment.none" },
		{ "nothing", hurt_by_dropping_all, "commitment.none" },
		{ "a MAC's committer", hurt_hmac_committer,
		  "commitment.committer" },
		{ "a short key", hurt_key_size, "commitment.key" },
	};
	/* clang-format on */
	struct arena *a = vectors_arena();
	struct message *m = rich_message(a);
	struct bytes packed;
	struct fault f = { 0 };

	(void)state;
	sign(m, key);
	assert_true(message_pack(&packed, m, a, &f));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct message_id signer;
		struct message *bad;

		assert_true(message_unpack(&bad, packed, a, &f));
		rows[i].hurt(bad);
		if (commit_verify(&signer, bad, a, &f))
			fail_msg("%s: accepted", rows[i].name);
		if (strcmp(f.reason, rows[i].reason) != 0)
			fail_msg("%s: %s", rows[i].name, f.reason);
	}
}

/* The link to a signed level is its signature's id: who changes the level and
 * leaves its commitments must not get away with the same id. */
static void
signed_levels_are_verified(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *inner = message_new(a);
	struct message_id signer;
	struct fault f = { 0 };

	(void)state;
	message_set_text(inner, "x", "1");
	sign(inner, other_key);
	message_set_message(m, "inner", inner);
	sign(m, key);
	expect_signed(m, m);
	message_set_text(inner, "x", "2");
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.signature");
	message_set_text(inner, "x", "1");
	assert_true(commit_verify(&signer, m, a, &f));
	message_set_text(inner, "y", "1");
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.uncommitted");
}

static void
a_bundle_inside_is_refused(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *inner = message_new(a);
	struct message_id signer;
	struct fault f = { 0 };

	(void)state;
	message_set_text(inner, "x", "1");
	sign(inner, other_key);
	message_set_message(m, "inner", inner);
	sign(m, key);
	inner->commitments[1].bundle = true;
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.type");
}

/* A MAC that is right but for the name of its key. */
static void
another_constant_is_refused(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *tabm;
	struct commitment c;
	struct form form;
	struct message_id signer;
	struct bytes base;
	struct fault f = { 0 };

	(void)state;
	message_set_text(m, "x", "1");
	sign(m, key);
	assert_true(structured_encode(&tabm, m, a, &f));
	assert_true(link_unsigned(&c, tabm, a, &f));
	assert_true(link_form(&form, tabm, a, &f));
	c.keyid = BYTES("constant:oa");
	assert_true(base_text(&base, &form, &c, a, &f));
	struct sha256 mac = hmac_sha256(BYTES("constant:ao"), base);

	c.signature = BYTES_OF(&mac);
	c.id = commitments_id(c.signature);
	assert_true(commitments_add(m, &c, &f));
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.key");
}

/* A part that somebody put into the body of a signed message in link form is
 * no key of the signer's, and a client drops it. */
static void
a_part_more_is_dropped(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *back;
	struct http_message want, http;
	struct message_id signer;
	struct fault f = { 0 };

	(void)state;
	message_set_text(m, "body", "x");
	sign(m, key);
	assert_true(httpsig_encode(&want, m, HTTPSIG_LINK, a, &f));
	message_set_message(m, "n", message_new(a));
	assert_true(httpsig_encode(&http, m, HTTPSIG_BUNDLE, a, &f));
	http.headers[http.nheaders - 1] = want.headers[want.nheaders - 1];
	assert_true(httpsig_decode(&back, &http, a, &f));
	assert_false(commit_verify(&signer, back, a, &f));
	assert_string_equal(f.reason, "commitment.uncommitted");
	commit_reduce(back);
	assert_true(commit_verify(&signer, back, a, &f));
}

static void
signatures_are_counted(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *inner = message_new(a);
	struct message *list = message_list(m, "l"), *one;
	struct message_id signer;
	struct fault f = { 0 };

	(void)state;
	message_set_text(inner, "x", "1");
	sign(inner, key);
	for (int i = 0; i < 31; i++) {
		one = message_copy(inner, a);
		one->commitments = inner->commitments;
		one->ncommitments = inner->ncommitments;
		message_append_message(list, one);
	}
	sign(m, key);
	assert_true(commit_verify(&signer, m, a, &f));
	message_set_message(m, "one-more", inner);
	m->ncommitments = 0;
	sign(m, key);
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.count");
}

static int
make_keys(void **state)
{
	struct fault f = { 0 };

	(void)state;
	return crypto_start(SECURE_HEAP, &f) && rsa_new(&key, &f) &&
		       rsa_new(&other_key, &f)
		   ? 0
		   : -1;
}

static int
drop_keys(void **state)
{
	(void)state;
	rsa_free(key);
	rsa_free(other_key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_we_sign_survives_every_form),
		cmocka_unit_test(damaged_messages_are_refused),
		cmocka_unit_test(signed_levels_are_verified),
		cmocka_unit_test(a_bundle_inside_is_refused),
		cmocka_unit_test(another_constant_is_refused),
		cmocka_unit_test(a_part_more_is_dropped),
		cmocka_unit_test(signatures_are_counted),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
