/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/flat.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/base/buf.h"
#include "core/message/commit.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

/* BYTES, as a constant. */
#define RAW(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static void
vectors_are_flat_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < vectors_count; i++) {
		struct arena *a = vectors_arena();
		json_t *json = vectors_load(vectors[i].name);
		struct message *m =
		    vectors_message(vectors_at(json, "message"), a);
		struct message *flat, *back;
		struct bytes text;
		struct fault f = { 0 };

		if (!flat_encode(&flat, m, a, &f) ||
		    !flat_decode(&back, flat, a, &f))
			fail_msg("%s: %s", vectors[i].name, f.why);
		vectors_same(vectors[i].name, flat,
		    vectors_message(vectors_at(json, "flat/flat"), a));
		vectors_same(vectors[i].name, back, m);
		if (!flat_write(&text, m, a, &f)) {
			assert_string_equal(f.reason, "flat.line");
		} else {
			if (!flat_read(&back, text, a, &f))
				fail_msg("%s: %s", vectors[i].name, f.why);
			vectors_same(vectors[i].name, back, m);
		}
		json_decref(json);
	}
}

static void
signatures_survive(void **state)
{
	static const char *const names[] = { "nested-deep", "mixed-types",
		"list-mixed", "data-and-header" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct arena *a = vectors_arena();
		json_t *json = vectors_load(names[i]);
		struct http_message http;
		struct message_id signer;
		struct message *m, *back;
		struct bytes text;
		struct fault f = { 0 };

		vectors_http(&http, vectors_at(json, "signed_bundle/http"), a);
		if (!httpsig_decode(&m, &http, a, &f) ||
		    !flat_write(&text, m, a, &f) ||
		    !flat_read(&back, text, a, &f) ||
		    !commit_verify(&signer, back, a, &f))
			fail_msg("%s: %s", names[i], f.why);
		vectors_same(names[i], back, m);
		json_decref(json);
	}
}

/* clang-format off */
static const struct {
	const char *name;
	struct bytes text;
	const char *reason;
} rows[] = {
	{ "nothing", RAW(""), NULL },
	{ "one", RAW("a: b\n"), NULL },
	{ "any order", RAW("b: 1\na: 2\n"), NULL },
	{ "an empty value", RAW("a: \n"), NULL },
	{ "a colon in a key", RAW("a:b: c\n"), NULL },
	{ "a colon at its end", RAW("a:: c\n"), NULL },
	{ "no end", RAW("a: b"), "flat.line" },
	{ "an empty line", RAW("a: b\n\n"), "flat.line" },
	{ "no colon", RAW("a b\n"), "flat.line" },
	{ "no space", RAW("a:b\n"), "flat.line" },
	{ "no path", RAW(": b\n"), "flat.line" },
	{ "twice", RAW("a: b\na: c\n"), "flat.path" },
	{ "an empty step", RAW("a//b: c\n"), "flat.path" },
	{ "a leading slash", RAW("/a: c\n"), "flat.path" },
	{ "a slash at the end", RAW("a/: c\n"), "flat.path" },
	{ "a slash only", RAW("/: c\n"), "flat.path" },
	{ "through a value", RAW("a: b\na/c: d\n"), "flat.path" },
	{ "a value over a level", RAW("a/c: d\na: b\n"), "flat.path" },
	{ "too deep", RAW("a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a: b\n"),
	  "message.depth" },
	{ "deeper", RAW("a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a: b\n"),
	  "message.depth" },
	{ "a type of nothing", RAW("ao-types: a=\"integer\"\n"),
	  "message.types" },
	{ "no integer", RAW("a: x\nao-types: a=\"integer\"\n"),
	  "message.types" },
	{ "types are a level", RAW("ao-types/a: b\n"), "message.types" },
	{ "a link to nothing", RAW("a+link: b\n"), "message.link" },
	{ "commitments are a value", RAW("commitments: b\n"),
	  "commitment.form" },
	{ "a commitment without a name", RAW("commitments/x/type: b\n"),
	  "message.id" },
};
/* clang-format on */

static void
texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = vectors_arena();
		struct message *m;
		struct fault f = { 0 };

		if (flat_read(&m, rows[i].text, a, &f) !=
		    (rows[i].reason == NULL))
			fail_msg("%s: %s", rows[i].name, f.why);
		if (rows[i].reason != NULL)
			assert_string_equal(f.reason, rows[i].reason);
	}
}

static void
what_has_no_flat_form(void **state)
{
	static uint8_t large[MESSAGE_SIZE_MAX + 1];
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *flat;
	struct bytes text;
	struct fault f = { 0 };

	(void)state;
	message_set_message(m, "n", message_new(a));
	assert_false(flat_encode(&flat, m, a, &f));
	assert_string_equal(f.reason, "flat.path");
	m = message_new(a);
	message_set_text(m, "a/b", "c");
	assert_false(flat_encode(&flat, m, a, &f));
	assert_string_equal(f.reason, "flat.path");
	m = message_new(a);
	message_set_text(m, "a", "b\nc: d");
	assert_true(flat_encode(&flat, m, a, &f));
	assert_false(flat_write(&text, m, a, &f));
	assert_string_equal(f.reason, "flat.line");
	m = message_new(a);
	message_set_integer(m, "a", 1);
	assert_false(flat_decode(&flat, m, a, &f));
	assert_string_equal(f.reason, "flat.path");
	assert_false(flat_read(&flat, bytes_of(large, sizeof(large)), a, &f));
	assert_string_equal(f.reason, "flat.size");
}

/* Paths may be more than the keys of a level; those of one may not. */
static void
many_paths(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *back;
	struct buf many = buf_in(a, 65536), levels = buf_in(a, 65536);
	struct bytes text;
	struct fault f = { 0 };

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		struct message *level = message_new(a);

		for (unsigned k = 0; k < 20; k++)
			message_put(level, arena_print(a, "k%u", k),
			    (struct value){ .bytes = BYTES("v") });
		message_put(m, arena_print(a, "level-%u", i),
		    (struct value){ .kind = VALUE_MESSAGE, .message = level });
	}
	assert_true(flat_write(&text, m, a, &f));
	assert_true(flat_read(&back, text, a, &f));
	assert_true(message_equal(m, back));
	assert_false(flat_encode(&back, m, a, &f));
	assert_string_equal(f.reason, "message.keys");
	for (unsigned i = 0; i <= MESSAGE_KEYS_READ_MAX; i++) {
		buf_print(&many, "k%u: v\n", i);
		buf_print(&levels, "k%u/x: v\n", i);
	}
	assert_false(flat_read(&back, buf_bytes(&many), a, &f));
	assert_string_equal(f.reason, "message.keys");
	assert_false(flat_read(&back, buf_bytes(&levels), a, &f));
	assert_string_equal(f.reason, "message.keys");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_flat_and_back),
		cmocka_unit_test(signatures_survive),
		cmocka_unit_test(texts),
		cmocka_unit_test(what_has_no_flat_form),
		cmocka_unit_test(many_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
