/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/itemsig.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/message/ans104.h"
#include "core/message/commit.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

/* The HTTP form of a vector's item. */
static void
item_http(struct http_message *out, const char *name, struct arena *a)
{
	json_t *json = vectors_load("../ans104/items");
	json_t *cases = vectors_at(json, "cases");
	struct message *m = NULL;
	struct fault f = { 0 };

	for (size_t i = 0; i < json_array_size(cases); i++) {
		json_t *one = json_array_get(cases, i);

		if (strcmp(json_string_value(vectors_at(one, "name")), name) !=
		    0)
			continue;
		assert_true(ans104_decode(&m,
		    vectors_base64(vectors_text(one, "signed/item_b64"), a), a,
		    &f));
		assert_true(httpsig_encode(out, m, HTTPSIG_BUNDLE, a, &f));
	}
	assert_non_null(m);
	json_decref(json);
}

static struct bytes *
input_of(struct http_message *http)
{
	for (size_t i = 0; i < http->nheaders; i++) {
		if (bytes_is(http->headers[i].name, "signature-input"))
			return &http->headers[i].value;
	}
	fail_msg("no signature-input");
	return NULL;
}

/* text with one part of it replaced. */
static struct bytes
replaced(struct bytes text, const char *from, const char *to, struct arena *a)
{
	const uint8_t *at = memmem(text.p, text.n, from, strlen(from));
	struct buf b = buf_in(a, text.n + strlen(to));

	if (at == NULL)
		fail_msg("%s is not there", from);
	size_t before = (size_t)(at - text.p), n = strlen(from);

	buf_put(&b, bytes_of(text.p, before));
	buf_text(&b, to);
	buf_put(&b, bytes_of(at + n, text.n - before - n));
	return buf_bytes(&b);
}

struct change {
	const char *name, *from, *to, *reason;
};

/* clang-format off */
static const struct change changes[] = {
	{ "target-only", "", "", NULL },
	{ "upper-case-tags", "", "", NULL },
	{ "map-original-tags", "", "", NULL },
	{ "upper-case-tags", ";bundle=\"false\"", ";bundle=\"maybe\"", "httpsig.signature" },
	{ "upper-case-tags", ";bundle=\"false\"", ";bundle", "httpsig.signature" },
	{ "upper-case-tags", ";bundle=\"false\"", "", NULL },
	{ "upper-case-tags", ";bundle=\"false\"", ";bundle=\"true\"", "ans104.form" },
	{ "upper-case-tags", ";bundle=\"false\"", ";bundle-format=\"binary\"", "httpsig.signature" },
	{ "upper-case-tags", ";bundle=\"false\"", ";nonce=\"1\"", "httpsig.signature" },
	{ "upper-case-tags", ";bundle=\"false\"", ";created=1", "httpsig.signature" },
	{ "upper-case-tags", ";bundle=\"false\"", ";field-target=\"AAAA\"", "message.id" },
	{ "upper-case-tags", "alg=\"ans104@1.0/rsa-pss-sha256\"", "alg=\"ans104@1.0/rsa-pss-sha512\"", "commitment.type" },
	{ "upper-case-tags", "alg=\"ans104@1.0/rsa-pss-sha256\"", "alg=\"ans104@1.0/\"", "httpsig.signature" },
	{ "upper-case-tags", "alg=\"ans104@1.0/rsa-pss-sha256\"", "alg=\"rsa-pss-sha256\"", "httpsig.signature" },
	{ "upper-case-tags", "alg=\"ans104@1.0/rsa-pss-sha256\"", "alg=\"solana@1.0/rsa-pss-sha256\"", "httpsig.signature" },
	{ "upper-case-tags", ";keyid=\"publickey:", ";keyid=\"publickei:", "commitment.key" },
	{ "upper-case-tags", "original-tags=\"1:", "original-tags=\"4:", "httpsig.signature" },
	{ "upper-case-tags", "original-tags=\"1:", "original-tags=\"2:", "httpsig.signature" },
	{ "upper-case-tags", "original-tags=\"1:", "original-tags=\"0:", "httpsig.signature" },
	{ "upper-case-tags", "original-tags=\"1:", "original-tags=\"129:", "httpsig.signature" },
	{ "upper-case-tags", "original-tags=\"1:", "original-tags=\"1", "httpsig.signature" },
	{ "upper-case-tags", "original-tags=\"1:", "original-tags=\"1:x", "ans104.form" },
	{ "target-only", ";field-target=\"AAEC", ";field-target=\"AAED", "ans104.form" },
	{ "target-only", ";field-target=\"AAEC", ";field-anchor=\"AAEC", "ans104.form" },
	{ "map", ";bundle-version=\"2.0.0\"", ";bundle-version=\"3.0.0\"", "httpsig.signature" },
	{ "map", ";bundle-version=\"2.0.0\"", "", NULL },
	{ "map", ";bundle-map=\"JmtD", ";bundle-map=\"JmtE", "ans104.form" },
	{ "map", ";bundle=\"true\"", ";bundle=\"false\"", "httpsig.signature" },
	{ "map", "\"a1\" \"c1\"", "\"c1\" \"a1\"", "commitment.signature" },
	{ "map", "\"a1\" \"c1\"", "\"a1\"", "ans104.form" },
};
/* clang-format on */

static void
only_the_item_itself_verifies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const struct change *row = &changes[i];
		struct arena *a = vectors_arena();
		struct http_message http;
		struct message_id signer;
		struct message *m;
		struct fault f = { 0 };

		item_http(&http, row->name, a);
		struct bytes *input = input_of(&http);

		*input = replaced(*input, row->from, row->to, a);
		bool ok = httpsig_decode(&m, &http, a, &f) &&
			  commit_verify(&signer, m, a, &f);

		if (ok != (row->reason == NULL) ||
		    (!ok && strcmp(f.reason, row->reason) != 0))
			fail_msg("%s: %s for %s: %s: %s", row->name, row->to,
			    row->from, f.reason, f.why);
	}
}

/* What HTTP can carry comes out of it as the same item. */
static void
expect_http(const char *name, const struct message *m)
{
	struct arena *a = m->arena;
	struct http_message http;
	struct message_id signer;
	struct message *back;
	struct fault f = { 0 };

	if (!httpsig_encode(&http, m, HTTPSIG_BUNDLE, a, &f)) {
		if (strcmp(f.reason, "httpsig.header") != 0 &&
		    strcmp(f.reason, "message.keys") != 0)
			fail_msg("%s: %s", name, f.why);
		return;
	}
	if (!httpsig_decode(&back, &http, a, &f) ||
	    !commit_verify(&signer, back, a, &f))
		fail_msg("%s over HTTP: %s", name, f.why);
}

static void
items_travel_by_http(void **state)
{
	static const char *const files[] = { "ans104", "../ans104/items" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		json_t *json = vectors_load(files[i]);
		json_t *cases = vectors_at(json, "cases");

		for (size_t k = 0; k < json_array_size(cases); k++) {
			json_t *one = json_array_get(cases, k);
			struct arena *a = vectors_arena();
			struct message *m;
			struct fault f = { 0 };

			assert_true(ans104_decode(&m,
			    vectors_base64(
				vectors_text(one, "signed/item_b64"), a),
			    a, &f));
			expect_http(
			    json_string_value(vectors_at(one, "name")), m);
		}
		json_decref(json);
	}
}

/* As the original writes it: the keys in the item's order, and the tags. */
static void
its_form(void **state)
{
	static const char *const parts[] = {
		"=(\"content-digest\" \"ao-body-key\" \"data-protocol\" "
		"\"type\");"
		"alg=\"ans104@1.0/rsa-pss-sha256\";keyid=\"publickey:u14bmd",
		";bundle=\"false\";original-tags=\"1:Data-Protocol:YW8, "
		"2:Type:TWVzc2FnZQ\"",
	};
	struct arena *a = vectors_arena();
	struct http_message http;

	(void)state;
	item_http(&http, "upper-case-tags", a);
	struct bytes input = *input_of(&http);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (memmem(input.p, input.n, parts[i], strlen(parts[i])) ==
		    NULL)
			fail_msg("%.*s", (int)input.n, input.p);
	}
}

/* A name that would read as two tags, and one that is no text. */
static void
tags_that_cannot_be_told(void **state)
{
	static const struct bytes tags[] = {
		{ (const uint8_t *)"\2\6A:b\2c\0", 8 },
		{ (const uint8_t *)"\2\10A, b\2c\0", 9 },
		{ (const uint8_t *)"\2\4A\200\2c\0", 7 },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct arena *a = vectors_arena();
		struct commitment c = {
			.type = BYTES("t"), .keyid = BYTES("k"), .tags = tags[i]
		};
		struct form form = { 0 };
		struct bytes out;
		struct fault f = { 0 };

		assert_false(itemsig_input(&out, &form, &c, a, &f));
		assert_string_equal(f.reason, "httpsig.signature");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_item_itself_verifies),
		cmocka_unit_test(items_travel_by_http),
		cmocka_unit_test(its_form),
		cmocka_unit_test(tags_that_cannot_be_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
