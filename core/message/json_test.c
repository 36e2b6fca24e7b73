/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/json.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/base/buf.h"
#include "core/message/id.h"
#include "core/message/number.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

/* The reference's own JSON reads as the same message, and ours, too. */
static void
vectors_survive(void **state)
{
	size_t read = 0;

	(void)state;
	for (size_t i = 0; i < vectors_count; i++) {
		struct arena *a = vectors_arena();
		json_t *json = vectors_load(vectors[i].name);
		struct message *want =
		    vectors_message(vectors_at(json, "message"), a);
		json_t *text =
		    json_object_get(vectors_at(json, "json"), "json");
		struct message *m;
		struct bytes ours, again;
		struct fault f = { 0 };

		if (text == NULL) {
			assert_false(json_encode(&ours, want, a, &f));
			assert_string_equal(f.reason, "json.utf8");
			json_decref(json);
			continue;
		}
		if (!json_decode(
			&m, bytes_text(json_string_value(text)), a, &f) ||
		    !json_encode(&ours, m, a, &f))
			fail_msg("%s: %s", vectors[i].name, f.why);
		vectors_same(vectors[i].name, message_copy(m, a), want);
		/* Byte by byte but for the order of more than 32 keys. */
		if (vectors[i].no_id == NULL &&
		    !bytes_is(ours, json_string_value(text)))
			fail_msg(
			    "%s: %.*s", vectors[i].name, (int)ours.n, ours.p);
		assert_true(json_decode(&m, ours, a, &f));
		assert_true(json_encode(&again, m, a, &f));
		assert_true(bytes_equal(ours, again));
		read++;
		json_decref(json);
	}
	assert_true(read > 30);
}

#define ID                  "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk"
#define COMMITMENT(members) "{\"commitments\":{\"" ID "\":{" members "}}}"
#define MINIMAL             "\"signature\":\"AAAA\",\"type\":\"x\""

/* clang-format off */
static const struct {
	const char *name, *in, *out;
} kept[] = {
	{ "empty", "{}", "{}" },
	{ "space", " { \"a\" : \"b\" } \n", "{\"a\":\"b\"}" },
	{ "order", "{\"b\":\"2\",\"a\":\"1\"}", "{\"a\":\"1\",\"b\":\"2\"}" },
	{ "escapes", "{\"a\":\"\\u0041\\n\\u0001\\\"\\\\\\/\"}",
	  "{\"a\":\"A\\n\\u0001\\\"\\\\/\"}" },
	{ "nul", "{\"a\":\"x\\u0000y\"}", "{\"a\":\"x\\u0000y\"}" },
	{ "surrogates", "{\"a\":\"\\ud83d\\ude00\"}",
	  "{\"a\":\"\xf0\x9f\x98\x80\"}" },
	{ "integer", "{\"a\":-7}", "{\"a\":-7}" },
	{ "integer as text", "{\"a\":\"7\",\"ao-types\":\"a=\\\"integer\\\"\"}",
	  "{\"a\":7}" },
	{ "integer told twice", "{\"a\":7,\"ao-types\":\"a=\\\"integer\\\"\"}",
	  "{\"a\":7}" },
	{ "float", "{\"a\":1.50}", "{\"a\":1.5}" },
	{ "whole float", "{\"a\":3.0}", "{\"a\":3.0}" },
	{ "big float", "{\"a\":1e300}", "{\"a\":1e+300}" },
	{ "float as text",
	  "{\"a\":\"1.00000000000000005551e-01\",\"ao-types\":\"a=\\\"float\\\"\"}",
	  "{\"a\":0.1}" },
	{ "literals", "{\"a\":true,\"b\":false,\"c\":null}",
	  "{\"a\":\"true\",\"ao-types\":\"a=\\\"atom\\\", b=\\\"atom\\\", "
	  "c=\\\"atom\\\"\",\"b\":\"false\",\"c\":\"null\"}" },
	{ "list", "{\"a\":[1,\"x\",[],{}]}", "{\"a\":[1,\"x\",[],{}]}" },
	{ "list as an object", "{\"a\":{\"1\":\"x\",\"2\":\"y\","
	  "\"ao-types\":\".=\\\"list\\\"\"}}", "{\"a\":[\"x\",\"y\"]}" },
	{ "list of literals", "{\"a\":[null]}", "{\"a\":{\"1\":\"null\","
	  "\"ao-types\":\".=\\\"list\\\", 1=\\\"atom\\\"\"}}" },
	{ "link", "{\"a+link\":\"" ID "\"}", "{\"a+link\":\"" ID "\"}" },
	{ "no commitments", "{\"commitments\":{}}", "{}" },
	{ "commitment", COMMITMENT("\"committed\":[\"a\"],\"created\":1,"
	  MINIMAL), COMMITMENT("\"committed\":[\"a\"],\"created\":1,"
	  MINIMAL) },
	{ "commitment, list as an object", COMMITMENT("\"committed\":"
	  "{\"1\":\"a\",\"ao-types\":\".=\\\"list\\\"\"}," MINIMAL),
	  COMMITMENT("\"committed\":[\"a\"]," MINIMAL) },
};

static const struct {
	const char *name, *in, *reason;
} refused[] = {
	{ "nothing", "", "json.syntax" },
	{ "array", "[]", "json.syntax" },
	{ "text", "\"a\"", "json.syntax" },
	{ "number", "1", "json.syntax" },
	{ "trailing text", "{} x", "json.syntax" },
	{ "two objects", "{}{}", "json.syntax" },
	{ "open object", "{", "json.syntax" },
	{ "comma at the end", "{\"a\":1,}", "json.syntax" },
	{ "single quotes", "{'a':1}", "json.syntax" },
	{ "bare key", "{a:1}", "json.syntax" },
	{ "comment", "{}/**/", "json.syntax" },
	{ "key twice", "{\"a\":1,\"a\":1}", "json.syntax" },
	{ "nul in a key", "{\"a\\u0000\":1}", "json.syntax" },
	{ "not UTF-8", "{\"a\":\"\xff\"}", "json.syntax" },
	{ "overlong UTF-8", "{\"a\":\"\xc0\x80\"}", "json.syntax" },
	{ "surrogate alone", "{\"a\":\"\\ud83d\"}", "json.syntax" },
	{ "surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}", "json.syntax" },
	{ "control byte", "{\"a\":\"\n\"}", "json.syntax" },
	{ "leading zero", "{\"a\":01}", "json.syntax" },
	{ "not a number", "{\"a\":NaN}", "json.syntax" },
	{ "infinity", "{\"a\":1e999}", "json.syntax" },
	{ "16 digits", "{\"a\":1000000000000000}", "json.syntax" },
	{ "20 digits", "{\"a\":10000000000000000000}", "json.syntax" },
	{ "empty key", "{\"\":1}", "message.key" },
	{ "key and link", "{\"a\":1,\"a+link\":\"" ID "\"}",
	  "message.duplicate" },
	{ "link to nothing", "{\"a+link\":\"x\"}", "message.link" },
	{ "link to a number", "{\"a+link\":1}", "message.link" },
	{ "types as a number", "{\"ao-types\":1}", "message.types" },
	{ "another type", "{\"a\":7,\"ao-types\":\"a=\\\"atom\\\"\"}",
	  "message.types" },
	{ "type of a message", "{\"a\":{},\"ao-types\":\"a=\\\"atom\\\"\"}",
	  "message.types" },
	{ "list on the outside", "{\"ao-types\":\".=\\\"list\\\"\"}",
	  "message.types" },
	{ "list with commitments", "{\"a\":{\"ao-types\":\".=\\\"list\\\"\","
	  "\"commitments\":{\"" ID "\":{" MINIMAL "}}}}", "message.types" },
	{ "commitments as a list", "{\"commitments\":[]}",
	  "commitment.form" },
	{ "commitments as a text", "{\"commitments\":\"x\"}",
	  "commitment.form" },
	{ "commitment as a text", "{\"commitments\":{\"" ID "\":\"x\"}}",
	  "commitment.form" },
	{ "commitment without an id", "{\"commitments\":{\"x\":{}}}",
	  "message.id" },
	{ "empty commitment", COMMITMENT(""), "commitment.form" },
	{ "commitment without a type", COMMITMENT("\"signature\":\"AAAA\""),
	  "commitment.form" },
	{ "commitment without a signature", COMMITMENT("\"type\":\"x\""),
	  "commitment.form" },
	{ "unknown member", COMMITMENT("\"x\":\"y\"," MINIMAL),
	  "commitment.form" },
	{ "type as a number", COMMITMENT("\"signature\":\"AAAA\",\"type\":1"),
	  "commitment.form" },
	{ "created as a text", COMMITMENT("\"created\":\"1\"," MINIMAL),
	  "commitment.form" },
	{ "created before 1970", COMMITMENT("\"created\":-1," MINIMAL),
	  "commitment.form" },
	{ "bundle is false", COMMITMENT("\"bundle\":\"false\"," MINIMAL),
	  "commitment.form" },
	{ "committed as a text", COMMITMENT("\"committed\":\"a\"," MINIMAL),
	  "commitment.form" },
	{ "committed numbers", COMMITMENT("\"committed\":[1]," MINIMAL),
	  "commitment.form" },
	{ "padded signature",
	  COMMITMENT("\"signature\":\"AAA=\",\"type\":\"x\""),
	  "encoding.base64" },
	{ "commitment of a commitment",
	  COMMITMENT("\"commitments\":{}," MINIMAL), "commitment.form" },
	{ "17 levels", "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}",
	  "message.depth" },
	{ "24 levels",
	  "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]}",
	  "json.syntax" },
};
/* clang-format on */

static void
what_is_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		struct arena *a = vectors_arena();
		struct bytes out;
		struct message *m;
		struct fault f = { 0 };

		if (!json_decode(&m, bytes_text(kept[i].in), a, &f) ||
		    !json_encode(&out, m, a, &f))
			fail_msg("%s: %s", kept[i].name, f.why);
		if (!bytes_is(out, kept[i].out))
			fail_msg("%s: %.*s", kept[i].name, (int)out.n, out.p);
	}
}

static void
what_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena *a = vectors_arena();
		struct message *m;
		struct fault f = { 0 };

		if (json_decode(&m, bytes_text(refused[i].in), a, &f))
			fail_msg("%s: accepted", refused[i].name);
		if (strcmp(f.reason, refused[i].reason) != 0)
			fail_msg("%s: %s", refused[i].name, f.reason);
	}
}

static void
what_is_not_text(void **state)
{
	static const char *const rows[] = { "\x80", "\xc3", "\xc1\xbf",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "a\xff" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = vectors_arena();
		struct message *m = message_new(a);
		struct bytes out;
		struct fault f = { 0 };

		message_set_text(m, "a", rows[i]);
		assert_false(json_encode(&out, m, a, &f));
		assert_string_equal(f.reason, "json.utf8");
	}
}

static void
bounds(void **state)
{
	struct arena *a = vectors_arena();
	struct buf b = buf_in(a, MESSAGE_SIZE_MAX + 1);
	struct message *m;
	struct fault f = { 0 };

	(void)state;
	while (b.used < MESSAGE_SIZE_MAX + 1)
		buf_u8(&b, ' ');
	assert_false(json_decode(&m, buf_bytes(&b), a, &f));
	assert_string_equal(f.reason, "json.size");
	b.used = 0;
	buf_text(&b, "{\"l\":[0");
	for (int i = 0; i < 256; i++)
		buf_text(&b, ",0");
	buf_text(&b, "]}");
	assert_false(json_decode(&m, buf_bytes(&b), a, &f));
	assert_string_equal(f.reason, "message.keys");
	b.used = 0;
	buf_text(&b, "{\"l\":[[]");
	for (int i = 0; i < 40000; i++)
		buf_text(&b, ",[]");
	buf_text(&b, "]}");
	assert_false(json_decode(&m, buf_bytes(&b), a, &f));
	assert_string_equal(f.reason, "json.size");
	b.used = 0;
	buf_text(&b, "{\"l\":\"");
	for (int i = 0; i < 80000; i++)
		buf_text(&b, ",[]");
	buf_text(&b, "\"}");
	assert_true(json_decode(&m, buf_bytes(&b), a, &f));
	b.used = 0;
	for (int i = 0; i < 100000; i++)
		buf_text(&b, "[");
	assert_false(json_decode(&m, buf_bytes(&b), a, &f));
	assert_string_equal(f.reason, "json.syntax");
}

static void
numbers_have_one_text(void **state)
{
	static const char *const floats[] = { "1.5", "nan", "inf", "", "1",
		"1.50000000000000000000e+0", "1.50000000000000000001e+00",
		"+1.50000000000000000000e+00", "1.50000000000000000000E+00",
		" 1.50000000000000000000e+00", "[1.5]" };
	static const char *const integers[] = { "", "-", "01", "-0", "+1", "1 ",
		" 1", "1.0", "1000000000000000", "x" };
	double number;
	int64_t integer;

	(void)state;
	for (size_t i = 0; i < sizeof(floats) / sizeof(floats[0]); i++)
		assert_false(
		    number_parse_float(&number, bytes_text(floats[i])));
	for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++)
		assert_false(
		    number_parse_integer(&integer, bytes_text(integers[i])));
	assert_true(number_parse_integer(&integer, BYTES("-999999999999999")));
	assert_int_equal(integer, -MESSAGE_INTEGER_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_survive),
		cmocka_unit_test(what_is_kept),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(what_is_not_text),
		cmocka_unit_test(bounds),
		cmocka_unit_test(numbers_have_one_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
