/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/id.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/base/base64.h"
#include "core/message/httpsig.h"
#include "core/message/structured.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

static void
every_vector_has_its_tabm_and_unsigned_id(void **state)
{
	(void)state;
	for (size_t i = 0; i < vectors_count; i++) {
		struct arena *a = vectors_arena();
		json_t *json = vectors_load(vectors[i].name);
		struct message *m =
		    vectors_message(vectors_at(json, "message"), a);
		struct message *tabm;
		struct message_id id;
		struct fault f = { 0 };

		if (!structured_encode(&tabm, m, a, &f))
			fail_msg("%s: %s", vectors[i].name, f.why);
		for (size_t k = 0; k < tabm->count; k++) {
			if (tabm->pairs[k].value.kind == VALUE_LIST)
				tabm->pairs[k].value.kind = VALUE_MESSAGE;
		}
		vectors_same(vectors[i].name, tabm,
		    vectors_message(vectors_at(json, "tabm"), a));
		bool ok = message_unsigned_id(&id, m, a, &f);

		if (vectors[i].no_id != NULL) {
			assert_false(ok);
			assert_string_equal(f.reason, vectors[i].no_id);
		} else if (!ok) {
			fail_msg("%s: %s", vectors[i].name, f.why);
		} else if (!bytes_equal(message_id_text(&id, a),
			       vectors_text(json, "unsigned_id"))) {
			fail_msg("%s: another id", vectors[i].name);
		}
		json_decref(json);
	}
}

/* The id of a signed message is the sum of the ids that have a committer. */
static void
signed_vectors_have_their_signed_id(void **state)
{
	(void)state;
	for (size_t i = 0; i < vectors_count; i++) {
		struct arena *a = vectors_arena();
		json_t *json = vectors_load(vectors[i].name);
		struct http_message http;
		struct message *m;
		struct message_id id;
		struct fault f = { 0 };

		vectors_http(&http, vectors_at(json, "signed_link/http"), a);
		if (!httpsig_decode(&m, &http, a, &f) ||
		    !message_id(&id, m, a, &f))
			fail_msg("%s: %s", vectors[i].name, f.why);
		if (!bytes_equal(message_id_text(&id, a),
			vectors_text(json, "signed_link/signed_id")))
			fail_msg("%s: another id", vectors[i].name);
		json_decref(json);
	}
}

static void
two_committers_add_up(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a);
	struct commitment both[2] = { { .committer = BYTES("x") },
		{ .committer = BYTES("y") } };
	struct message_id id;
	struct fault f = { 0 };

	(void)state;
	/* ...ff + ...01 carries into the byte before, and out of the first. */
	memset(both[0].id.b, 0xff, 32);
	both[1].id.b[31] = 0x02;
	m->commitments = both;
	m->ncommitments = 2;
	assert_true(message_id(&id, m, a, &f));
	for (size_t i = 0; i < 31; i++)
		assert_int_equal(id.b[i], 0);
	assert_int_equal(id.b[31], 1);
}

/* clang-format off */
static const struct {
	const char *name, *text, *reason;
} texts[] = {
	{ "43 characters", "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk",
	  NULL },
	{ "42 characters", "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzM",
	  "message.id" },
	{ "44 characters", "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk=",
	  "message.id" },
	{ "empty", "", "message.id" },
	{ "the other alphabet", "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4Wlz+k",
	  "encoding.base64" },
	{ "unused bits", "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMl",
	  "encoding.base64" },
};
/* clang-format on */

static void
id_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *a = vectors_arena();
		struct message_id id;
		struct fault f = { 0 };
		bool ok = message_id_parse(&id, bytes_text(texts[i].text), &f);

		if (ok != (texts[i].reason == NULL))
			fail_msg("%s", texts[i].name);
		if (!ok)
			assert_string_equal(f.reason, texts[i].reason);
		else
			assert_true(
			    bytes_is(message_id_text(&id, a), texts[i].text));
	}
}

static void
set_deep(struct message *m, size_t levels)
{
	for (size_t i = 1; i < levels; i++) {
		struct message *inner = message_new(m->arena);

		message_set_message(m, "n", inner);
		m = inner;
	}
}

static void
refused_messages(void **state)
{
	static const struct {
		const char *name, *key, *value, *reason;
	} rows[] = {
		{ "empty key", "", "v", "message.key" },
		{ "quote", "a\"b", "v", "message.key" },
		{ "space", "a b", "v", "message.key" },
		{ "line break in a key", "a\nb", "v", "message.key" },
		{ "percent", "%41", "v", "message.key" },
		{ "not ASCII", "\xc3\xa9", "v", "message.key" },
		{ "private", "private-key", "v", "message.key" },
		{ "link by name", "a+link", "v", "message.key" },
		{ "types", "ao-types", "v", "message.key" },
		{ "commitments", "commitments", "v", "message.key" },
		{ "digest", "content-digest", "v", "message.key" },
		{ "signature", "signature", "v", "message.key" },
		{ "line break", "a", "x\n\"b\": y", "httpsig.line" },
		{ "carriage return", "a", "x\ry", "httpsig.line" },
		{ "empty body", "body", "", "httpsig.body" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = vectors_arena();
		struct message *m = message_new(a);
		struct message_id id;
		struct fault f = { 0 };

		message_set_text(m, rows[i].key, rows[i].value);
		if (message_unsigned_id(&id, m, a, &f))
			fail_msg("%s has an id", rows[i].name);
		assert_string_equal(f.reason, rows[i].reason);
	}
}

static void
bounds(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a);
	struct message_id id;
	struct fault f = { 0 };

	(void)state;
	set_deep(m, MESSAGE_DEPTH_MAX);
	assert_true(message_unsigned_id(&id, m, a, &f));
	m = message_new(a);
	set_deep(m, MESSAGE_DEPTH_MAX + 1);
	assert_false(message_unsigned_id(&id, m, a, &f));
	assert_string_equal(f.reason, "message.depth");
	m = message_new(a);
	for (int i = 0; i < 32; i++)
		message_set(m, arena_print(a, "k%d", i),
		    (struct value){ .bytes = BYTES("v") });
	assert_true(message_unsigned_id(&id, m, a, &f));
	/* ao-types is the 33rd. */
	message_set_integer(m, "k0", 1);
	assert_false(message_unsigned_id(&id, m, a, &f));
	assert_string_equal(f.reason, "message.keys");
	m = message_new(a);
	message_set_integer(m, "n", MESSAGE_INTEGER_MAX);
	assert_true(message_unsigned_id(&id, m, a, &f));
	message_set_integer(m, "n", MESSAGE_INTEGER_MAX + 1);
	assert_false(message_unsigned_id(&id, m, a, &f));
	assert_string_equal(f.reason, "message.value");
}

/* A long leaf makes a message multipart; whoever writes that body and its
 * content-type down as keys must not get the same base, and so its id. */
static void
a_multipart_body_is_no_value(void **state)
{
	static uint8_t leaf[5000];
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *told = message_new(a);
	struct http_message http;
	struct message_id id;
	struct fault f = { 0 };

	(void)state;
	memset(leaf, 'x', sizeof(leaf));
	message_set_text(m, "type", "note");
	message_set_bytes(m, "leaf", bytes_of(leaf, sizeof(leaf)));
	assert_true(httpsig_encode(&http, m, HTTPSIG_LINK, a, &f));
	message_set_text(told, "type", "note");
	message_set_bytes(told, "body", http.body);
	for (size_t i = 0; i < http.nheaders; i++) {
		if (bytes_is(http.headers[i].name, "content-type"))
			message_set_bytes(
			    told, "content-type", http.headers[i].value);
	}
	assert_false(message_unsigned_id(&id, told, a, &f));
	assert_string_equal(f.reason, "message.key");
	message_set_text(told, "content-type", "text/html");
	assert_true(message_unsigned_id(&id, told, a, &f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_multipart_body_is_no_value),
		cmocka_unit_test(every_vector_has_its_tabm_and_unsigned_id),
		cmocka_unit_test(signed_vectors_have_their_signed_id),
		cmocka_unit_test(two_committers_add_up),
		cmocka_unit_test(id_texts),
		cmocka_unit_test(refused_messages),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
