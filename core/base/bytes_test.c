/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

struct row {
	const char *a;
	size_t an;
	const char *b;
	size_t bn;
	int order;
	bool starts; /* a starts with b */
};

/* clang-format off */
static const struct row rows[] = {
	{ NULL,    0, NULL,    0,  0, true },
	{ "",      0, NULL,    0,  0, true },
	{ "a",     1, NULL,    0,  1, true },
	{ NULL,    0, "a",     1, -1, false },
	{ "a",     1, "a",     1,  0, true },
	{ "ab",    2, "a",     1,  1, true },
	{ "a",     1, "ab",    2, -1, false },
	{ "b",     1, "ab",    2,  1, false },
	{ "ab",    2, "b",     1, -1, false },
	{ "\xff",  1, "\x01",  1,  1, false },
	{ "a\0b",  3, "a\0c",  3, -1, false },
	{ "a\0b",  3, "a",     1,  1, true },
};
/* clang-format on */

static int
sign(int value)
{
	return (value > 0) - (value < 0);
}

static void
compares(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes a = bytes_of(rows[i].a, rows[i].an);
		struct bytes b = bytes_of(rows[i].b, rows[i].bn);
		bool same = rows[i].order == 0;

		if (sign(bytes_order(a, b)) != rows[i].order ||
		    sign(bytes_order(b, a)) != -rows[i].order ||
		    bytes_equal(a, b) != same ||
		    bytes_equal_secret(a, b) != same ||
		    bytes_starts(a, b) != rows[i].starts)
			fail_msg("row %zu", i);
	}
}

static void
reads_text(void **cmocka)
{
	(void)cmocka;
	assert_int_equal(BYTES("abc").n, 3);
	assert_int_equal(BYTES("").n, 0);
	assert_int_equal(bytes_text("abc").n, 3);
	assert_true(bytes_is(BYTES("abc"), "abc"));
	assert_false(bytes_is(BYTES("abc\0"), "abc"));
	assert_false(bytes_is(BYTES("ab"), "abc"));
}

static void
tells_zeros(void **cmocka)
{
	static const uint8_t ends[3] = { 0, 0, 1 };

	(void)cmocka;
	assert_true(bytes_zero(bytes_of(ends, 0)));
	assert_true(bytes_zero(bytes_of(ends, 2)));
	assert_false(bytes_zero(bytes_of(ends, 3)));
	assert_false(bytes_zero(BYTES("\x80\0")));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(reads_text),
		cmocka_unit_test(tells_zeros),
	};

	return cmocka_run_group_tests_name("bytes", units, NULL, NULL);
}
