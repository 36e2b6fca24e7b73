/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/pack.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include "core/base/buf.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

/* A vector's message with commitments at every level. */
static struct bytes
packed_vector(const char *name, struct arena *a)
{
	json_t *json = vectors_load(name);
	struct http_message http;
	struct message *m;
	struct bytes packed;
	struct fault f = { 0 };

	vectors_http(&http, vectors_at(json, "signed_bundle/http"), a);
	if (!httpsig_decode(&m, &http, a, &f) ||
	    !message_pack(&packed, m, a, &f))
		fail_msg("%s: %s", name, f.why);
	json_decref(json);
	return packed;
}

static void
vectors_survive(void **state)
{
	(void)state;
	for (size_t i = 0; i < vectors_count; i++) {
		struct arena *a = vectors_arena();
		struct bytes packed = packed_vector(vectors[i].name, a), again;
		struct message *m;
		struct fault f = { 0 };

		if (!message_unpack(&m, packed, a, &f) ||
		    !message_pack(&again, m, a, &f))
			fail_msg("%s: %s", vectors[i].name, f.why);
		assert_true(bytes_equal(packed, again));
	}
}

static void
every_kind_survives(void **state)
{
	struct arena *a = vectors_arena();
	struct message *m = message_new(a), *list = message_list(m, "l"), *back;
	struct bytes packed;
	struct fault f = { 0 };

	(void)state;
	message_set_integer(m, "i", -MESSAGE_INTEGER_MAX);
	message_set(m, BYTES("f"),
	    (struct value){ .kind = VALUE_FLOAT, .number = -0.0 });
	message_set_bool(m, "b", false);
	message_set_text(m, "e", "");
	message_set_message(m, "m", message_new(a));
	message_set(m, BYTES("k"),
	    (struct value){ .kind = VALUE_LINK,
		.bytes =
		    BYTES("qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk") });
	for (int i = 0; i < 11; i++)
		message_append_text(list, "x");
	assert_true(message_pack(&packed, m, a, &f));
	assert_true(message_unpack(&back, packed, a, &f));
	vectors_same("every kind", back, m);
	assert_true(signbit(message_find(back, "f")->number));
}

static void
every_truncation_is_refused(void **state)
{
	struct arena *a = vectors_arena();
	struct bytes packed = packed_vector("nested-deep", a);

	(void)state;
	for (size_t n = 0; n < packed.n; n++) {
		struct message *m;
		struct fault f = { 0 };
		size_t mark = a->used;

		if (message_unpack(&m, bytes_of(packed.p, n), a, &f))
			fail_msg("accepted at %zu", n);
		if (strncmp(f.reason, "pack.", 5) != 0 &&
		    strcmp(f.reason, "message.id") != 0)
			fail_msg("%s at %zu", f.reason, n);
		a->used = mark;
	}
}

static void
every_change_is_refused_or_another_message(void **state)
{
	struct arena *a = vectors_arena();
	struct bytes packed = packed_vector("list-mixed", a), again;
	uint8_t *bytes = (uint8_t *)(uintptr_t)packed.p;
	size_t refused = 0;

	(void)state;
	for (size_t i = 0; i < packed.n; i++) {
		struct message *m;
		struct fault f = { 0 };
		size_t mark = a->used;

		bytes[i] ^= 0x41;
		if (!message_unpack(&m, packed, a, &f))
			refused++;
		else if (!message_pack(&again, m, a, &f) ||
			 !bytes_equal(packed, again))
			fail_msg("not canonical at %zu", i);
		bytes[i] ^= 0x41;
		a->used = mark;
	}
	assert_true(refused > 20);
}

#define ROW(literal) literal, sizeof(literal) - 1
#define ID           "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk"

/* clang-format off */
static const struct {
	const char *name, *bytes;
	size_t n;
	const char *reason;
} rows[] = {
	{ "empty message", ROW("\1\0\0\0"), NULL },
	{ "bytes", ROW("\1\0\1\1a\0\0\0\0\1x\0"), NULL },
	{ "integer", ROW("\1\0\1\1a\1\0\0\0\0\0\0\0\1\0"), NULL },
	{ "float", ROW("\1\0\1\1a\2\x3f\xf0\0\0\0\0\0\0\0"), NULL },
	{ "atom", ROW("\1\0\1\1a\3\4true\0"), NULL },
	{ "list", ROW("\1\0\1\1a\4\0\1\0011\0\0\0\0\0\0\0"), NULL },
	{ "message", ROW("\1\0\1\1a\5\0\0\0\0"), NULL },
	{ "link", ROW("\1\0\1\1a\6" ID "\0"), NULL },
	{ "nothing", ROW(""), "pack.form" },
	{ "version 0", ROW("\0\0\0\0"), "pack.form" },
	{ "version 2", ROW("\2\0\0\0"), "pack.form" },
	{ "a byte more", ROW("\1\0\0\0\0"), "pack.form" },
	{ "257 keys", ROW("\1\1\1\1a\0\0\0\0\1x\0"), "pack.form" },
	{ "a key more than told", ROW("\1\0\2\1a\0\0\0\0\1x\0"), "pack.form" },
	{ "empty key", ROW("\1\0\1\0\0\0\0\0\1x\0"), "pack.form" },
	{ "kind 7", ROW("\1\0\1\1a\7\0\0\0\1x\0"), "pack.form" },
	{ "keys out of order",
	  ROW("\1\0\2\1b\0\0\0\0\1x\1a\0\0\0\0\1x\0"), "pack.form" },
	{ "key twice", ROW("\1\0\2\1a\0\0\0\0\1x\1a\0\0\0\0\1x\0"),
	  "pack.form" },
	{ "length past the end", ROW("\1\0\1\1a\0\xff\xff\xff\xffx\0"),
	  "pack.form" },
	{ "16 digits", ROW("\1\0\1\1a\1\0\3\x8d\x7e\xa4\xc6\x80\0\0"),
	  "pack.form" },
	{ "smallest integer", ROW("\1\0\1\1a\1\x80\0\0\0\0\0\0\0\0"),
	  "pack.form" },
	{ "infinity", ROW("\1\0\1\1a\2\x7f\xf0\0\0\0\0\0\0\0"), "pack.form" },
	{ "no number", ROW("\1\0\1\1a\2\x7f\xf8\0\0\0\0\0\0\0"), "pack.form" },
	{ "empty atom", ROW("\1\0\1\1a\3\0\0"), "pack.form" },
	{ "list from 0", ROW("\1\0\1\1a\4\0\1\0010\0\0\0\0\0\0\0"),
	  "pack.form" },
	{ "list with a hole",
	  ROW("\1\0\1\1a\4\0\2\0011\0\0\0\0\0\0013\0\0\0\0\0\0\0"),
	  "pack.form" },
	{ "list with 01", ROW("\1\0\1\1a\4\0\1\00201\0\0\0\0\0\0\0"),
	  "pack.form" },
	{ "link that is no id", ROW("\1\0\1\1a\6"
	  "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzM=\0"),
	  "encoding.base64" },
	{ "link with unused bits", ROW("\1\0\1\1a\6"
	  "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMl\0"),
	  "encoding.base64" },
	{ "nine commitments", ROW("\1\0\0\x09"), "pack.form" },
	{ "commitment cut short", ROW("\1\0\0\1\0\0\0"), "pack.form" },
};
/* clang-format on */

static void
what_is_unpacked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = vectors_arena();
		struct bytes in = bytes_of(rows[i].bytes, rows[i].n), again;
		struct message *m;
		struct fault f = { 0 };
		bool ok = message_unpack(&m, in, a, &f);

		if (ok != (rows[i].reason == NULL))
			fail_msg("%s: %s", rows[i].name, f.why);
		if (!ok)
			assert_string_equal(f.reason, rows[i].reason);
		else if (!message_pack(&again, m, a, &f) ||
			 !bytes_equal(in, again))
			fail_msg("%s: not canonical", rows[i].name);
	}
}

/* A commitment whose parts are given, in a packed message without keys. */
static struct bytes
packed_commitments(
    struct arena *a, const uint8_t first[2], uint8_t bundle, uint64_t created)
{
	struct buf b = buf_in(a, 512);

	buf_put(&b, bytes_of("\1\0\0\2", 4));
	for (size_t i = 0; i < 2; i++) {
		buf_u8(&b, first[i]);
		for (size_t k = 1; k < 32; k++)
			buf_u8(&b, 0);
		buf_u8(&b, bundle);
		for (size_t k = 0; k < 32 && bundle == 2; k++)
			buf_u8(&b, 'm');
		buf_be64(&b, created);
		buf_be64(&b, 0);
		for (size_t k = 0; k < 10; k++)
			buf_be16(&b, 0);
		buf_be16(&b, 0);
	}
	return buf_bytes(&b);
}

static void
commitments_are_canonical(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name;
		uint8_t first[2], bundle;
		uint64_t created;
		bool ok;
	} cases[] = {
		{ "in order", { 1, 2 }, 1, 7, true },
		{ "out of order", { 2, 1 }, 0, 0, false },
		{ "twice", { 1, 1 }, 0, 0, false },
		{ "with names", { 1, 2 }, 2, 7, true },
		{ "bundle 3", { 1, 2 }, 3, 0, false },
		{ "before 1970", { 1, 2 }, 0, UINT64_MAX, false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena *a = vectors_arena();
		struct message *m;
		struct fault f = { 0 };
		struct bytes in = packed_commitments(
		    a, cases[i].first, cases[i].bundle, cases[i].created);

		if (message_unpack(&m, in, a, &f) != cases[i].ok)
			fail_msg("%s", cases[i].name);
		if (!cases[i].ok)
			assert_string_equal(f.reason, "pack.form");
	}
}

static void
bounds(void **state)
{
	struct arena *a = vectors_arena();
	static uint8_t large[MESSAGE_SIZE_MAX + 1] = { 1 };
	struct message *m = message_new(a), *top = m, *back;
	struct bytes packed;
	struct fault f = { 0 };

	(void)state;
	for (unsigned i = 1; i < MESSAGE_DEPTH_MAX; i++) {
		message_set_message(m, "n", message_new(a));
		m = message_find(m, "n")->message;
	}
	assert_true(message_pack(&packed, top, a, &f));
	assert_true(message_unpack(&back, packed, a, &f));
	message_set_message(m, "n", message_new(a));
	assert_false(message_pack(&packed, top, a, &f));
	assert_string_equal(f.reason, "message.depth");
	struct buf deep = buf_in(a, 256);

	buf_u8(&deep, 1);
	for (unsigned i = 0; i < MESSAGE_DEPTH_MAX; i++)
		buf_put(&deep, bytes_of("\0\1\1n\5", 5));
	buf_put(&deep, bytes_of("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 19));
	assert_false(message_unpack(&back, buf_bytes(&deep), a, &f));
	assert_string_equal(f.reason, "message.depth");
	assert_false(
	    message_unpack(&back, bytes_of(large, sizeof(large)), a, &f));
	assert_string_equal(f.reason, "pack.size");
	m = message_new(a);
	message_set_bytes(m, "x", bytes_of(large, sizeof(large)));
	assert_false(message_pack(&packed, m, a, &f));
	assert_string_equal(f.reason, "limit.buffer");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_survive),
		cmocka_unit_test(every_kind_survives),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(every_change_is_refused_or_another_message),
		cmocka_unit_test(what_is_unpacked),
		cmocka_unit_test(commitments_are_canonical),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
