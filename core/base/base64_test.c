/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/base64.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static uint8_t memory[2048];

/* RFC 4648, section 10, and the two digits in which the forms differ. */
static const struct {
	const char *plain, *url, *padded;
} good[] = {
	{ "", "", "" },
	{ "f", "Zg", "Zg==" },
	{ "fo", "Zm8", "Zm8=" },
	{ "foo", "Zm9v", "Zm9v" },
	{ "foob", "Zm9vYg", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
	{ "\xff\xef\xbe", "_---", "/+++" },
	{ "\xfb\xff", "-_8", "+/8=" },
};

/* clang-format off */
static const struct {
	const char *name;
	enum base64 form;
	const char *text;
} bad[] = {
	{ "one digit",          BASE64_URL,    "A" },
	{ "five digits",        BASE64_URL,    "AAAAA" },
	{ "padding",            BASE64_URL,    "Zg==" },
	{ "only padding",       BASE64_URL,    "==" },
	{ "the other alphabet", BASE64_URL,    "/+++" },
	{ "unused bits of one", BASE64_URL,    "Zh" },
	{ "unused bits of two", BASE64_URL,    "Zm9" },
	{ "a line end",         BASE64_URL,    "Zm9v\n" },
	{ "a space",            BASE64_URL,    "Zm 9" },
	{ "a byte over 127",    BASE64_URL,    "Zm9\xc3" },
	{ "no padding",         BASE64_PADDED, "Zg" },
	{ "half the padding",   BASE64_PADDED, "Zg=" },
	{ "too much padding",   BASE64_PADDED, "Zg===" },
	{ "only padding",       BASE64_PADDED, "====" },
	{ "two of padding",     BASE64_PADDED, "==" },
	{ "needless padding",   BASE64_PADDED, "Zm9v=" },
	{ "four more",          BASE64_PADDED, "Zm9v====" },
	{ "padding inside",     BASE64_PADDED, "Zg==Zg==" },
	{ "padding first",      BASE64_PADDED, "=g==" },
	{ "the other alphabet", BASE64_PADDED, "_---" },
	{ "unused bits of one", BASE64_PADDED, "Zh==" },
	{ "unused bits of two", BASE64_PADDED, "Zm9=" },
	{ "a digit and three",  BASE64_PADDED, "Z===" },
};
/* clang-format on */

static void
both_ways(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct bytes plain = bytes_text(good[i].plain), back;
		struct arena a;
		struct fault f;

		arena_init(&a, memory, sizeof(memory));
		assert_true(bytes_is(
		    base64_encode(&a, BASE64_URL, plain), good[i].url));
		assert_true(bytes_is(
		    base64_encode(&a, BASE64_PADDED, plain), good[i].padded));
		assert_int_equal(
		    base64_size(BASE64_URL, plain.n), strlen(good[i].url));
		assert_int_equal(base64_size(BASE64_PADDED, plain.n),
		    strlen(good[i].padded));
		assert_true(base64_decode(
		    &back, BASE64_URL, bytes_text(good[i].url), &a, &f));
		assert_true(bytes_equal(back, plain));
		assert_true(base64_decode(
		    &back, BASE64_PADDED, bytes_text(good[i].padded), &a, &f));
		assert_true(bytes_equal(back, plain));
	}
}

static void
refused(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct bytes out;
		struct arena a;
		struct fault f;

		arena_init(&a, memory, sizeof(memory));
		if (base64_decode(
			&out, bad[i].form, bytes_text(bad[i].text), &a, &f))
			fail_msg("%s: %s", bad[i].name, bad[i].text);
		assert_int_equal(f.code, FAULT_INPUT);
		assert_string_equal(f.reason, "encoding.base64");
	}
}

/* Every byte at every place of a group is a digit or refused. */
static void
every_byte(void **cmocka)
{
	(void)cmocka;
	for (size_t at = 0; at < 4; at++) {
		unsigned digits = 0;

		for (unsigned byte = 0; byte < 256; byte++) {
			uint8_t text[4] = { 'A', 'A', 'A', 'A' };
			struct bytes out;
			struct arena a;
			struct fault f;

			text[at] = (uint8_t)byte;
			arena_init(&a, memory, sizeof(memory));
			digits += base64_decode(
			    &out, BASE64_URL, bytes_of(text, 4), &a, &f);
		}
		assert_int_equal(digits, 64);
	}
}

static void
no_room(void **cmocka)
{
	struct bytes out;
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, 2);
	assert_false(base64_decode(&out, BASE64_URL, BYTES("Zm9v"), &a, &f));
	assert_string_equal(f.reason, "limit.memory");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(refused),
		cmocka_unit_test(every_byte),
		cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests_name("base64", units, NULL, NULL);
}
