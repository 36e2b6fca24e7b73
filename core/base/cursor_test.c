/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/cursor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static const uint8_t eight[] = { 1, 2, 3, 4, 5, 6, 7, 0xf8 };

static uint64_t
u8(struct cursor *c)
{
	return cursor_u8(c);
}

static uint64_t
be16(struct cursor *c)
{
	return cursor_be16(c);
}

static uint64_t
be32(struct cursor *c)
{
	return cursor_be32(c);
}

static uint64_t
le16(struct cursor *c)
{
	return cursor_le16(c);
}

static uint64_t
le32(struct cursor *c)
{
	return cursor_le32(c);
}

/* clang-format off */
static const struct {
	const char *name;
	uint64_t (*read)(struct cursor *c);
	size_t size;
	uint64_t want; /* from the first bytes of eight */
} rows[] = {
	{ "u8",   u8,          1, 0x01 },
	{ "be16", be16,        2, 0x0102 },
	{ "be32", be32,        4, 0x01020304 },
	{ "be64", cursor_be64, 8, 0x01020304050607f8 },
	{ "le16", le16,        2, 0x0201 },
	{ "le32", le32,        4, 0x04030201 },
	{ "le64", cursor_le64, 8, 0xf807060504030201 },
};
/* clang-format on */

/* Every length from none to one more than is needed. */
static void
reads_numbers(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t n = 0; n <= sizeof(eight); n++) {
			struct cursor c = cursor_over(bytes_of(eight, n));
			bool enough = n >= rows[i].size;
			uint64_t got = rows[i].read(&c);

			if (got != (enough ? rows[i].want : 0) ||
			    cursor_ok(&c) != enough ||
			    cursor_done(&c) != (n == rows[i].size))
				fail_msg("%s of %zu", rows[i].name, n);
		}
}

static void
sticky(void **cmocka)
{
	struct cursor c = cursor_over(bytes_of(eight, sizeof(eight)));

	(void)cmocka;
	assert_int_equal(cursor_u8(&c), 1);
	assert_null(cursor_take(&c, 8).p);
	assert_int_equal(c.left, 0);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_take(&c, 0).n, 0);
	assert_int_equal(cursor_rest(&c).n, 0);
	assert_int_equal(cursor_until(&c, 2).n, 0);
	assert_false(cursor_ok(&c));
	assert_false(cursor_done(&c));
}

static void
takes(void **cmocka)
{
	struct cursor c = cursor_over(bytes_of(eight, sizeof(eight)));
	struct cursor none = cursor_over((struct bytes){ 0 });

	(void)cmocka;
	assert_ptr_equal(cursor_take(&c, 3).p, eight);
	assert_false(cursor_done(&c));
	struct bytes rest = cursor_rest(&c);

	assert_ptr_equal(rest.p, eight + 3);
	assert_int_equal(rest.n, 5);
	assert_true(cursor_done(&c));
	assert_int_equal(cursor_rest(&c).n, 0);
	assert_true(cursor_done(&c));
	assert_int_equal(cursor_take(&none, 0).n, 0);
	assert_true(cursor_done(&none));
	assert_int_equal(cursor_take(&none, SIZE_MAX).n, 0);
	assert_false(cursor_ok(&none));
}

static void
splits(void **cmocka)
{
	struct cursor c = cursor_over(BYTES("a,,bc"));

	(void)cmocka;
	assert_true(bytes_is(cursor_until(&c, ','), "a"));
	assert_true(bytes_is(cursor_until(&c, ','), ""));
	assert_true(cursor_ok(&c));
	assert_int_equal(cursor_until(&c, ',').n, 0);
	assert_false(cursor_ok(&c));
	c = cursor_over(BYTES("a,"));
	assert_true(bytes_is(cursor_until(&c, ','), "a"));
	assert_true(cursor_done(&c));
	c = cursor_over((struct bytes){ 0 });
	assert_int_equal(cursor_until(&c, ',').n, 0);
	assert_false(cursor_ok(&c));
}

static void
parts(void **cmocka)
{
	struct cursor c = cursor_over(BYTES("a,,b"));

	(void)cmocka;
	assert_true(bytes_is(cursor_part(&c, ','), "a"));
	assert_true(bytes_is(cursor_part(&c, ','), ""));
	assert_int_equal(c.left, 1);
	assert_true(bytes_is(cursor_part(&c, ','), "b"));
	assert_true(cursor_done(&c));
	assert_true(bytes_is(cursor_part(&c, ','), ""));
	assert_true(cursor_done(&c));
	(void)cursor_take(&c, 1);
	assert_true(bytes_is(cursor_part(&c, ','), ""));
	assert_false(cursor_ok(&c));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(sticky),
		cmocka_unit_test(takes),
		cmocka_unit_test(splits),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests_name("cursor", units, NULL, NULL);
}
