/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static void
put_nothing(struct buf *b)
{
	buf_put(b, (struct bytes){ 0 });
	buf_text(b, "");
}

static void
put_numbers(struct buf *b)
{
	buf_u8(b, 0x01);
	buf_be16(b, 0x0203);
	buf_be32(b, 0x04050607);
	buf_be64(b, 0x08090a0b0c0d0e0f);
}

static void
put_reversed(struct buf *b)
{
	buf_le16(b, 0x0201);
	buf_le32(b, 0x06050403);
	buf_le64(b, 0x0e0d0c0b0a090807);
}

static void
put_texts(struct buf *b)
{
	buf_text(b, "ab");
	buf_put(b, BYTES("cd"));
	buf_print(b, "%d", 42);
}

static void
print_exactly(struct buf *b)
{
	buf_print(b, "%s", "abc");
}

static void
put_after_full(struct buf *b)
{
	buf_be16(b, 0x4142);
	buf_be64(b, 0);
	buf_u8(b, 0x43);
}

struct row {
	const char *name;
	void (*write)(struct buf *b);
	size_t size;
	const char *want; /* what is in it, full or not */
	bool fits;
};

/* clang-format off */
static const struct row rows[] = {
	{ "nothing in nothing",    put_nothing,    0,  "", true },
	{ "numbers from the end",  put_reversed,   14, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16", true },
	{ "numbers from the end, full", put_reversed, 13, "\1\2\3\4\5\6", false },
	{ "numbers",               put_numbers,    15, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", true },
	{ "texts",                 put_texts,      7,  "abcd42", true },
	{ "print with a NUL's room", print_exactly, 4, "abc", true },
	{ "numbers, one short",    put_numbers,    14, "\1\2\3\4\5\6\7", false },
	{ "numbers in nothing",    put_numbers,    0,  "", false },
	{ "texts, print too long", put_texts,      6,  "abcd", false },
	{ "texts, one byte",       put_texts,      1,  "", false },
	{ "print without a NUL's room", print_exactly, 3, "", false },
	{ "print in nothing",      print_exactly,  0,  "", false },
	{ "nothing after full",    put_after_full, 4,  "AB", false },
};
/* clang-format on */

static void
writes(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t block[32];
		struct buf b = buf_over(block, rows[i].size);
		struct fault f;

		memset(block, 0xee, sizeof(block));
		rows[i].write(&b);
		if (!bytes_is(buf_bytes(&b), rows[i].want) ||
		    buf_check(&b, &f) != rows[i].fits)
			fail_msg("%s", rows[i].name);
		assert_int_equal(block[rows[i].size], 0xee);
		if (!rows[i].fits) {
			assert_int_equal(f.code, FAULT_LIMIT);
			assert_string_equal(f.reason, "limit.buffer");
		}
	}
}

static void
from_arena(void **cmocka)
{
	uint8_t block[32];
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, block, sizeof(block));
	struct buf none = buf_in(&a, 33);

	buf_u8(&none, 1);
	buf_text(&none, "");
	buf_print(&none, "x");
	assert_int_equal(buf_bytes(&none).n, 0);
	assert_false(buf_check(&none, &f));
	arena_reset(&a);
	struct buf b = buf_in(&a, 2);

	buf_text(&b, "ok");
	assert_true(buf_check(&b, &f));
	assert_true(bytes_is(buf_bytes(&b), "ok"));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(writes),
		cmocka_unit_test(from_arena),
	};

	return cmocka_run_group_tests_name("buf", units, NULL, NULL);
}
