/* SPDX-License-Identifier: Apache-2.0 */
/* The signed vectors, as they are and damaged. */
#include "core/message/commit.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/crypto/rsa.h"
#include "core/message/base.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "core/message/link.h"
#include "core/message/structured.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

static const char *const forms[] = { "signed_link", "signed_bundle",
	"signed_link_sent_bundled" };
#define FORMS (sizeof(forms) / sizeof(forms[0]))

static void
expect_base(const char *name, const struct message *m,
    const struct commitment *c, json_t *bases)
{
	struct arena *a = m->arena;
	struct message *tabm;
	struct form form;
	struct bytes base, id = message_id_text(&c->id, a);
	struct fault f = { 0 };

	if (!structured_encode(&tabm, m, a, &f) ||
	    (c->bundle ? !link_bundle(&form, tabm, a, &f)
		       : !link_form(&form, tabm, a, &f)) ||
	    !base_text(&base, &form, c, a, &f))
		fail_msg("%s: %s", name, f.why);
	char name_of_base[MESSAGE_ID_TEXT + 1] = { 0 };

	memcpy(name_of_base, id.p, MESSAGE_ID_TEXT);
	struct bytes want = vectors_text(bases, name_of_base);

	if (!bytes_equal(base, vectors_base64(want, a)))
		fail_msg("%s: another signature base", name);
}

/* What was read from headers says the same as the vector. */
static void
expect_commitment(const char *name, struct message *m, size_t i, json_t *all)
{
	const struct commitment *c = &m->commitments[i];
	struct arena *a = m->arena;
	struct value want = { .kind = VALUE_MESSAGE,
		.message = vectors_message(all, a) };
	struct message *read = message_new(a);
	struct fault f = { 0 };

	if (!commitments_read(read, &want, a, &f))
		fail_msg("%s: %s", name, f.why);
	assert_int_equal(m->ncommitments, read->ncommitments);
	struct message *got = message_new(a);

	got->commitments = m->commitments;
	got->ncommitments = m->ncommitments;
	vectors_same(name, got, read);
	assert_memory_equal(c->id.b, read->commitments[i].id.b, 32);
}

static void
verify_form(const char *name, json_t *json, const char *path)
{
	struct arena *a = vectors_arena();
	json_t *form = vectors_at(json, path);
	struct http_message http;
	struct message_id signer;
	struct message *m;
	struct fault f = { 0 };

	vectors_http(&http, vectors_at(form, "http"), a);
	if (!httpsig_decode(&m, &http, a, &f) ||
	    !commit_verify(&signer, m, a, &f))
		fail_msg("%s, %s: %s", name, path, f.why);
	if (!bytes_equal(message_id_text(&signer, a),
		vectors_text(json, "signer_address")))
		fail_msg("%s, %s: another signer", name, path);
	assert_int_equal(m->ncommitments, 2);
	for (size_t i = 0; i < m->ncommitments; i++) {
		expect_base(name, m, &m->commitments[i],
		    vectors_at(form, "signature_bases"));
		expect_commitment(name, m, i, vectors_at(form, "commitments"));
	}
	/* And as JSON, where the bytes are text. */
	struct bytes text;
	struct message *back;

	if (!json_encode(&text, m, a, &f)) {
		assert_string_equal(f.reason, "json.utf8");
		return;
	}
	if (!json_decode(&back, text, a, &f) ||
	    !commit_verify(&signer, back, a, &f))
		fail_msg("%s, %s as JSON: %s", name, path, f.why);
	vectors_same(name, back, m);
}

static void
signed_vectors_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < vectors_count; i++) {
		json_t *json = vectors_load(vectors[i].name);

		for (size_t k = 0; k < FORMS; k++)
			verify_form(vectors[i].name, json, forms[k]);
		json_decref(json);
	}
}

/* True if the HTTP message is refused with some reason. */
static bool
is_refused(const struct http_message *http, struct arena *a)
{
	struct message_id signer;
	struct message *m;
	struct fault f = { 0 };
	size_t mark = a->used;
	bool ok =
	    httpsig_decode(&m, http, a, &f) && commit_verify(&signer, m, a, &f);

	a->used = mark;
	return !ok && strlen(f.reason) > 0;
}

/* The value with one byte changed, in the arena. */
static struct bytes
changed(struct bytes value, size_t at, struct arena *a)
{
	struct bytes copy = arena_copy(a, value);

	((uint8_t *)(uintptr_t)copy.p)[at] ^= 1;
	return copy;
}

static void
tamper_headers(
    const char *name, const struct http_message *http, struct arena *a)
{
	for (size_t i = 0; i < http->nheaders; i++) {
		struct http_message bad = *http;
		struct bytes value = http->headers[i].value;

		if (value.n == 0)
			continue;
		bad.headers[i].value = changed(value, value.n / 2, a);
		if (!is_refused(&bad, a))
			fail_msg("%s: header %zu changed", name, i);
		bad.headers[i].value = value;
		bad.headers[i].name = BYTES("another");
		if (!is_refused(&bad, a))
			fail_msg("%s: header %zu renamed", name, i);
	}
}

static void
tamper_body(const char *name, const struct http_message *http, struct arena *a)
{
	for (size_t i = 0; i < http->body.n; i += 1 + http->body.n / 64) {
		struct http_message bad = *http;
		size_t mark = a->used;

		bad.body = changed(http->body, i, a);
		/* Past the digest, so that the signature has to see it. */
		for (size_t k = 0; k < bad.nheaders; k++) {
			if (bytes_is(bad.headers[k].name, "content-digest"))
				bad.headers[k--] = bad.headers[--bad.nheaders];
		}
		if (!is_refused(&bad, a))
			fail_msg("%s: body changed at %zu", name, i);
		a->used = mark;
	}
}

static void
tampered_vectors_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < vectors_count; i++) {
		json_t *json = vectors_load(vectors[i].name);

		for (size_t k = 0; k < FORMS; k++) {
			struct arena *a = vectors_arena();
			struct http_message http;

			vectors_http(&http,
			    vectors_at(vectors_at(json, forms[k]), "http"), a);
			tamper_headers(vectors[i].name, &http, a);
			tamper_body(vectors[i].name, &http, a);
		}
		json_decref(json);
	}
}

/* clang-format off */
static const struct {
	const char *name, *reason;
} verdicts[] = {
	{ "valid-flat", NULL },
	{ "valid-body", NULL },
	{ "missing-digest-header", NULL },
	{ "component-order-swapped", NULL },
	{ "tampered-header-value", "commitment.signature" },
	{ "tampered-body", "httpsig.digest" },
	{ "tampered-body-and-digest", "commitment.signature" },
	{ "component-dropped", "commitment.uncommitted" },
	{ "extra-unsigned-header", "commitment.uncommitted" },
	{ "keyid-other-key", "commitment.signature" },
	{ "keyid-garbage", "commitment.key" },
	{ "signature-input-missing", "httpsig.signature" },
};
/* clang-format on */
#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

static json_t *
case_of(json_t *json, const char *name)
{
	json_t *cases = vectors_at(json, "cases"), *one = NULL;

	for (size_t i = 0; i < json_array_size(cases); i++) {
		one = json_array_get(cases, i);
		if (bytes_is(vectors_text(one, "name"), name))
			return one;
	}
	fail_msg("no case %s", name);
	return one;
}

static void
negative_vectors(void **state)
{
	json_t *json = vectors_load("negative");

	(void)state;
	assert_int_equal(json_array_size(vectors_at(json, "cases")), VERDICTS);
	for (size_t i = 0; i < VERDICTS; i++) {
		struct arena *a = vectors_arena();
		struct http_message http;
		struct message_id signer;
		struct message *m;
		struct fault f = { 0 };

		vectors_http(&http, case_of(json, verdicts[i].name), a);
		bool ok = httpsig_decode(&m, &http, a, &f) &&
			  commit_verify(&signer, m, a, &f);

		if (ok != (verdicts[i].reason == NULL))
			fail_msg("%s: %s", verdicts[i].name, f.why);
		if (!ok)
			assert_string_equal(f.reason, verdicts[i].reason);
	}
	json_decref(json);
}

/* A client drops what HTTP added, and what is left verifies. */
static void
reduced_message_verifies(void **state)
{
	struct arena *a = vectors_arena();
	json_t *json = vectors_load("negative");
	struct http_message http;
	struct message_id signer;
	struct message *m;
	struct fault f = { 0 };

	(void)state;
	vectors_http(&http, case_of(json, "extra-unsigned-header"), a);
	assert_true(httpsig_decode(&m, &http, a, &f));
	assert_non_null(message_find(m, "evil"));
	commit_reduce(m);
	assert_null(message_find(m, "evil"));
	assert_true(commit_verify(&signer, m, a, &f));
	json_decref(json);
}

/* A type that the signer has not committed to is an attacker's. */
static void
uncommitted_types_do_not_count(void **state)
{
	struct arena *a = vectors_arena();
	json_t *json = vectors_load("flat-two-order");
	struct http_message http;
	struct message_id signer;
	struct message *m;
	struct bytes text;
	struct fault f = { 0 };

	(void)state;
	vectors_http(&http, vectors_at(json, "signed_link/http"), a);
	http.headers[http.nheaders++] =
	    (struct http_header){ BYTES("ao-types"), BYTES("a=\"integer\"") };
	assert_true(httpsig_decode(&m, &http, a, &f));
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.uncommitted");
	commit_reduce(m);
	assert_true(message_find_bytes(&text, m, "a"));
	assert_true(bytes_is(text, "1"));
	assert_true(commit_verify(&signer, m, a, &f));
	json_decref(json);
}

static void
what_is_not_signed(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a);
	uint8_t n[RSA_WALLET_BYTES] = { 1 };
	struct bytes base, modulus = bytes_of(n, sizeof(n));
	struct fault f = { 0 };

	(void)state;
	assert_false(commit_attach(m, modulus, bytes_of(n, 511), &f));
	assert_string_equal(f.reason, "commitment.key");
	assert_false(commit_attach(m, bytes_of(n, 256), modulus, &f));
	assert_string_equal(f.reason, "commitment.key");
	message_set_text(m, "a", "x\ny");
	assert_false(commit_base(&base, m, modulus, a, &f));
	assert_string_equal(f.reason, "httpsig.line");
	m = message_new(a);
	for (int i = 0; i < 33; i++)
		message_set(m, arena_print(a, "k%d", i),
		    (struct value){ .bytes = BYTES("v") });
	assert_false(commit_base(&base, m, modulus, a, &f));
	assert_string_equal(f.reason, "message.keys");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signed_vectors_verify),
		cmocka_unit_test(tampered_vectors_are_refused),
		cmocka_unit_test(negative_vectors),
		cmocka_unit_test(reduced_message_verifies),
		cmocka_unit_test(uncommitted_types_do_not_count),
		cmocka_unit_test(what_is_not_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
