/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snptable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/base/buf.h"

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define ENTRY       24u

#define ARK  "\xc0\xb4\x06\xa4\xa8\x03\x49\x52\x97\x43\x3f\xb6\x01\x4c\xd0\xae"
#define ASK  "\x4a\xb7\xb3\x79\xbb\xac\x4f\xe4\xa0\x2f\x05\xae\xf3\x27\xc7\x82"
#define VCEK "\x63\xda\x75\x8d\xe6\x64\x45\x64\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd"
#define VLEK "\xa8\x07\x4b\xc2\xa2\x5a\x48\x3e\xaa\xe6\x39\xc0\x45\xa0\xb8\xa1"
#define CRL  "\x92\xf8\x1b\xc3\x58\x11\x4d\x3d\x97\xff\xd1\x9f\x88\xdc\x67\xea"
#define NEW  "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
/* VCEK as Windows writes GUIDs. */
#define MIXED "\x8d\x75\xda\x63\x64\xe6\x64\x45\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd"

struct row {
	const char *guid;
	uint32_t offset, length;
};

static uint8_t block[SNPTABLE_SIZE_MAX + 1];

static void
put_le32(struct buf *b, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		buf_u8(b, (uint8_t)(value >> (8 * i)));
}

/* The entries, one of zeros if wanted, and 64 bytes of data. */
static struct bytes
table(const struct row *rows, size_t n, bool ended)
{
	static const uint8_t zeros[ENTRY];
	struct buf b = buf_over(block, sizeof(block));

	for (size_t i = 0; i < n; i++) {
		buf_put(&b, bytes_of(rows[i].guid, 16));
		put_le32(&b, rows[i].offset);
		put_le32(&b, rows[i].length);
	}
	if (ended)
		buf_put(&b, bytes_of(zeros, ENTRY));
	for (uint8_t i = 0; i < 64; i++)
		buf_u8(&b, (uint8_t)(0x80 + i));
	return buf_bytes(&b);
}

static void
kinds_are_told_apart(void **state)
{
	static const struct row rows[] = {
		{ VLEK, 168, 4 },
		{ ARK, 172, 1 },
		{ NEW, 176, 2 },
		{ CRL, 178, 54 },
		{ VCEK, 173, 2 },
		{ ASK, 175, 1 },
	};
	struct snptable t;
	struct fault f;

	(void)state;
	assert_true(snptable_parse(&t, table(rows, COUNT(rows), true), &f));
	assert_true(bytes_equal(t.vlek, BYTES("\x80\x81\x82\x83")));
	assert_true(bytes_equal(t.ark, BYTES("\x84")));
	assert_true(bytes_equal(t.vcek, BYTES("\x85\x86")));
	assert_true(bytes_equal(t.ask, BYTES("\x87")));
	assert_int_equal(t.crl.n, 54);
	assert_int_equal(t.unknown, 1);
	assert_true(snptable_parse(&t, table(NULL, 0, true), &f));
	assert_int_equal(t.vcek.n + t.ark.n + t.unknown, 0);
}

static void
other_byte_order_is_unknown(void **state)
{
	static const struct row row = { MIXED, 48, 4 };
	struct snptable t;
	struct fault f;

	(void)state;
	assert_true(snptable_parse(&t, table(&row, 1, true), &f));
	assert_int_equal(t.vcek.n, 0);
	assert_int_equal(t.unknown, 1);
}

/* clang-format off */
static const struct {
	const char *name;
	struct row rows[2];
	size_t n;
	bool ended; const char *reason;
} bad[] = {
	{ "no end", { { VCEK, 24, 4 } }, 1, false, "snp.table.end" },
	{ "no data", { { VCEK, 48, 0 } }, 1, true, "snp.table.entry" },
	{ "one past the end", { { VCEK, 48, 65 } }, 1, true, "snp.table.entry" },
	{ "at the end", { { VCEK, 112, 1 } }, 1, true, "snp.table.entry" },
	{ "far away", { { VCEK, 0xffffffff, 1 } }, 1, true, "snp.table.entry" },
	{ "too long", { { VCEK, 48, 0xffffffff } }, 1, true, "snp.table.entry" },
	{ "wraps", { { VCEK, 0xfffffff0, 32 } }, 1, true, "snp.table.entry" },
	{ "unknown and far", { { NEW, 0xfffffff0, 32 } }, 1, true, "snp.table.entry" },
	{ "in the entries", { { VCEK, 0, 4 } }, 1, true, "snp.table.overlap" },
	{ "in the end", { { VCEK, 47, 4 } }, 1, true, "snp.table.overlap" },
	{ "the same bytes", { { VCEK, 72, 4 }, { ARK, 72, 4 } }, 2, true, "snp.table.overlap" },
	{ "one byte shared", { { VCEK, 75, 4 }, { ARK, 72, 4 } }, 2, true, "snp.table.overlap" },
	{ "one inside another", { { VCEK, 72, 9 }, { NEW, 73, 1 } }, 2, true, "snp.table.overlap" },
	{ "two of a kind", { { VCEK, 72, 4 }, { VCEK, 76, 4 } }, 2, true, "snp.table.duplicate" },
	{ "two unknown of a kind", { { NEW, 72, 4 }, { NEW, 76, 4 } }, 2, true, "snp.table.duplicate" },
};
/* clang-format on */

static void
bad_tables(void **state)
{
	struct snptable t;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct bytes in = table(bad[i].rows, bad[i].n, bad[i].ended);

		if (snptable_parse(&t, in, &f))
			fail_msg("%s", bad[i].name);
		if (strcmp(f.reason, bad[i].reason) != 0)
			fail_msg("%s: %s", bad[i].name, f.reason);
	}
}

static void
cut_tables(void **state)
{
	static const struct row rows[] = { { VCEK, 72, 32 }, { ARK, 104, 32 } };
	struct snptable t;
	struct fault f;

	(void)state;
	struct bytes in = table(rows, COUNT(rows), true);

	assert_int_equal(in.n, 136);
	for (size_t n = 0; n < in.n; n++) {
		assert_false(snptable_parse(&t, bytes_of(in.p, n), &f));
		assert_string_equal(
		    f.reason, n < 72 ? "snp.table.end" : "snp.table.entry");
	}
	assert_true(snptable_parse(&t, in, &f));
}

static void
limits(void **state)
{
	static char guids[SNPTABLE_ENTRIES_MAX + 1][17];
	static struct row rows[SNPTABLE_ENTRIES_MAX + 1];
	struct snptable t;
	struct fault f;

	(void)state;
	for (uint32_t i = 0; i < COUNT(rows); i++) {
		memset(guids[i], (int)i + 1, 16);
		rows[i] = (struct row){ guids[i],
			ENTRY * (SNPTABLE_ENTRIES_MAX + 1) + i, 1 };
	}
	struct bytes full = table(rows, SNPTABLE_ENTRIES_MAX, true);

	full.n += SNPTABLE_ENTRIES_MAX;
	assert_true(snptable_parse(&t, full, &f));
	assert_int_equal(t.unknown, SNPTABLE_ENTRIES_MAX);
	assert_false(snptable_parse(&t, table(rows, COUNT(rows), true), &f));
	assert_string_equal(f.reason, "snp.table.size");
	memset(block, 0, sizeof(block));
	assert_true(snptable_parse(&t, bytes_of(block, SNPTABLE_SIZE_MAX), &f));
	assert_false(snptable_parse(&t, bytes_of(block, sizeof(block)), &f));
	assert_string_equal(f.reason, "snp.table.size");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_told_apart),
		cmocka_unit_test(other_byte_order_is_unknown),
		cmocka_unit_test(bad_tables),
		cmocka_unit_test(cut_tables),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests_name("snptable", tests, NULL, NULL);
}
