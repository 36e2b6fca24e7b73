/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/der.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define IN(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

enum reader {
	ANY,
	BOOLEAN,
	INT64,
	UINT64,
	ENUMERATED,
	INTEGER,
	POSITIVE,
	OCTETS,
	BITS,
	OID,
	UTF8,
	IA5,
	PRINTABLE,
	EMPTY,
	SEQUENCE,
	SET,
	EXPLICIT_704
};

struct row {
	const char *name;
	enum reader reader;
	struct bytes in;
	const char *reason; /* NULL: is taken */
	uint64_t number;    /* or the length of what is taken */
};

/* clang-format off */
static const struct row rows[] = {
	{ "true",             BOOLEAN,    IN("\x01\x01\xff"), NULL, 1 },
	{ "false",            BOOLEAN,    IN("\x01\x01\x00"), NULL, 0 },
	{ "BER's true",       BOOLEAN,    IN("\x01\x01\x01"), "der.value", 0 },
	{ "no boolean",       BOOLEAN,    IN("\x01\x00"), "der.value", 0 },
	{ "long boolean",     BOOLEAN,    IN("\x01\x02\xff\xff"), "der.value", 0 },
	{ "zero",             INT64,      IN("\x02\x01\x00"), NULL, 0 },
	{ "minus one",        INT64,      IN("\x02\x01\xff"), NULL, UINT64_MAX },
	{ "128",              INT64,      IN("\x02\x02\x00\x80"), NULL, 128 },
	{ "-129",             INT64,      IN("\x02\x02\xff\x7f"), NULL, (uint64_t)-129 },
	{ "least int64",      INT64,      IN("\x02\x08\x80\0\0\0\0\0\0\0"), NULL, 1ull << 63 },
	{ "no integer",       INT64,      IN("\x02\x00"), "der.value", 0 },
	{ "padded 127",       INT64,      IN("\x02\x02\x00\x7f"), "der.value", 0 },
	{ "padded -128",      INT64,      IN("\x02\x02\xff\x80"), "der.value", 0 },
	{ "2^63 as int64",    INT64,      IN("\x02\x09\x00\x80\0\0\0\0\0\0\0"), "der.value", 0 },
	{ "2^63",             UINT64,     IN("\x02\x09\x00\x80\0\0\0\0\0\0\0"), NULL, 1ull << 63 },
	{ "2^64",             UINT64,     IN("\x02\x09\x01\0\0\0\0\0\0\0\0"), "der.value", 0 },
	{ "2^71",             UINT64,     IN("\x02\x0a\x00\x80\0\0\0\0\0\0\0\0"), "der.value", 0 },
	{ "negative",         UINT64,     IN("\x02\x01\x80"), "der.value", 0 },
	{ "no uint64",        UINT64,     IN("\x02\x00"), "der.value", 0 },
	{ "128's magnitude",  POSITIVE,   IN("\x02\x02\x00\x80"), NULL, 1 },
	{ "zero's",           POSITIVE,   IN("\x02\x01\x00"), NULL, 0 },
	{ "minus one's",      POSITIVE,   IN("\x02\x01\xff"), NULL, 0 },
	{ "nothing's",        POSITIVE,   IN("\x02\x00"), "der.value", 0 },
	{ "enumerated",       ENUMERATED, IN("\x0a\x01\x02"), NULL, 2 },
	{ "integer for it",   ENUMERATED, IN("\x02\x01\x02"), "der.tag", 0 },
	{ "padded for it",    ENUMERATED, IN("\x0a\x02\x00\x02"), "der.value", 0 },
	{ "large integer",    INTEGER,    IN("\x02\x0a\x01\0\0\0\0\0\0\0\0\0"), NULL, 10 },
	{ "padded large",     INTEGER,    IN("\x02\x03\x00\x01\x00"), "der.value", 0 },
	{ "octets",           OCTETS,     IN("\x04\x02\x01\x02"), NULL, 2 },
	{ "no octets",        OCTETS,     IN("\x04\x00"), NULL, 0 },
	{ "BER's octets",     OCTETS,     IN("\x24\x04\x04\x02\x01\x02"), "der.tag", 0 },
	{ "bits",             BITS,       IN("\x03\x02\x00\x05"), NULL, 1 },
	{ "part of a byte",   BITS,       IN("\x03\x02\x01\x04"), "der.value", 0 },
	{ "no bits",          BITS,       IN("\x03\x00"), "der.value", 0 },
	{ "oid",              OID,        IN("\x06\x03\x2a\x86\x48"), NULL, 3 },
	{ "open oid",         OID,        IN("\x06\x02\x2a\x86"), "der.value", 0 },
	{ "padded oid",       OID,        IN("\x06\x03\x2a\x80\x01"), "der.value", 0 },
	{ "no oid",           OID,        IN("\x06\x00"), "der.value", 0 },
	{ "utf-8",            UTF8,       IN("\x0c\x03\xe2\x82\xac"), NULL, 3 },
	{ "cut utf-8",        UTF8,       IN("\x0c\x02\xe2\x82"), "der.value", 0 },
	{ "ia5",              IA5,        IN("\x16\x02" "a@"), NULL, 2 },
	{ "high in ia5",      IA5,        IN("\x16\x01\x80"), "der.value", 0 },
	{ "printable",        PRINTABLE,  IN("\x13\x04" "aZ9?"), NULL, 4 },
	{ "@ in printable",   PRINTABLE,  IN("\x13\x01@"), "der.value", 0 },
	{ "NUL in printable", PRINTABLE,  IN("\x13\x01\x00"), "der.value", 0 },
	{ "null",             EMPTY,      IN("\x05\x00"), NULL, 0 },
	{ "null with more",   EMPTY,      IN("\x05\x01\x00"), "der.value", 0 },
	{ "sequence",         SEQUENCE,   IN("\x30\x02\x05\x00"), NULL, 1 },
	{ "primitive for it", SEQUENCE,   IN("\x10\x02\x05\x00"), "der.tag", 0 },
	{ "set",              SET,        IN("\x31\x02\x05\x00"), NULL, 1 },
	{ "sequence for it",  SET,        IN("\x30\x02\x05\x00"), "der.tag", 0 },
	{ "[704]",            EXPLICIT_704, IN("\xbf\x85\x40\x02\x05\x00"), NULL, 1 },
	{ "[704] primitive",  EXPLICIT_704, IN("\x9f\x85\x40\x02\x05\x00"), "der.tag", 0 },
	{ "[704] padded",     EXPLICIT_704, IN("\xbf\x80\x85\x40\x02\x05\x00"), "der.tag", 0 },
	{ "[704] elsewhere",  EXPLICIT_704, IN("\x7f\x85\x40\x02\x05\x00"), "der.tag", 0 },
	{ "low number, long", ANY,        IN("\xbf\x1e\x00"), "der.tag", 0 },
	{ "31",               ANY,        IN("\xbf\x1f\x00"), NULL, 0 },
	{ "largest number",   ANY,        IN("\xbf\x87\xff\xff\x7f\x00"), NULL, 0 },
	{ "larger number",    ANY,        IN("\xbf\x88\x80\x80\x00\x00"), "der.tag", 0 },
	{ "endless number",   ANY,        IN("\xbf\xff\xff\xff\xff\xff\xff\xff\x7f\x00"), "der.tag", 0 },
	{ "cut number",       ANY,        IN("\xbf\x87"), "der.truncated", 0 },
	{ "end of contents",  ANY,        IN("\x00\x00"), "der.tag", 0 },
	{ "indefinite",       ANY,        IN("\x30\x80\x05\x00\x00\x00"), "der.length", 0 },
	{ "length 127, long", ANY,        IN("\x04\x81\x7f"), "der.length", 0 },
	{ "length 128, long", ANY,        IN("\x04\x82\x00\x80"), "der.length", 0 },
	{ "five for length",  ANY,        IN("\x04\x85\x01\x00\x00\x00\x00"), "der.length", 0 },
	{ "reserved length",  ANY,        IN("\x04\xff"), "der.length", 0 },
	{ "cut length",       ANY,        IN("\x04\x82\x01"), "der.truncated", 0 },
	{ "no length",        ANY,        IN("\x04"), "der.truncated", 0 },
	{ "cut content",      ANY,        IN("\x04\x02\x01"), "der.truncated", 0 },
	{ "4 GiB",            ANY,        IN("\x04\x84\xff\xff\xff\xff\x00"), "der.truncated", 0 },
	{ "nothing",          ANY,        IN(""), "der.truncated", 0 },
	{ "more behind",      ANY,        IN("\x05\x00\x00"), "der.trailing", 0 },
};
/* clang-format on */

static uint64_t
count_in(struct der *d, uint32_t tag)
{
	struct der part = der_into(d, tag);
	uint64_t n = 0;
	struct fault f = { 0 };

	for (; der_more(&part); n++)
		(void)der_any(&part);
	if (!der_done(&part, &f))
		der_refuse(d, part.reason);
	return n;
}

static uint64_t
read_text(struct der *d, enum reader reader)
{
	switch ((int)reader) {
	case INTEGER:
		return der_integer(d).n;
	case POSITIVE:
		return der_positive(d).n;
	case OCTETS:
		return der_octets(d).n;
	case BITS:
		return der_bits(d).n;
	case OID:
		return der_oid(d).n;
	case UTF8:
		return der_utf8(d).n;
	case IA5:
		return der_ia5(d).n;
	case PRINTABLE:
		return der_printable(d).n;
	default:
		return der_any(d).content.n;
	}
}

static uint64_t
read_with(struct der *d, enum reader reader)
{
	switch ((int)reader) {
	case BOOLEAN:
		return der_boolean(d);
	case INT64:
		return (uint64_t)der_int64(d);
	case UINT64:
		return der_uint64(d);
	case ENUMERATED:
		return (uint64_t)der_enumerated(d);
	case EMPTY:
		der_null(d);
		return 0;
	case SEQUENCE:
		return count_in(d, DER_SEQUENCE);
	case SET:
		return count_in(d, DER_SET);
	case EXPLICIT_704:
		return count_in(d, DER_EXPLICIT(704));
	default:
		return read_text(d, reader);
	}
}

static void
reads(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct der d = der_over(rows[i].in);
		struct fault f = { 0 };
		uint64_t number = read_with(&d, rows[i].reader);
		bool done = der_done(&d, &f);

		if (done != (rows[i].reason == NULL) ||
		    number != rows[i].number ||
		    (!done && strcmp(f.reason, rows[i].reason) != 0))
			fail_msg("%s: %s, %llu", rows[i].name, f.reason,
			    (unsigned long long)number);
	}
}

/* Every element of a row that is taken is refused at every shorter length. */
static void
refuses_truncated(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].reason != NULL)
			continue;
		for (size_t n = 0; n < rows[i].in.n; n++) {
			struct der d = der_over(bytes_of(rows[i].in.p, n));
			struct fault f = { 0 };

			(void)der_any(&d);
			if (der_done(&d, &f) ||
			    strcmp(f.reason, "der.truncated") != 0)
				fail_msg("%s cut to %zu", rows[i].name, n);
		}
	}
}

static void
long_lengths(void **cmocka)
{
	static uint8_t block[66000] = { 0x04, 0x82, 0x80, 0x00 };
	struct der d = der_over(bytes_of(block, 4 + 0x8000));
	struct fault f = { 0 };

	(void)cmocka;
	assert_int_equal(der_octets(&d).n, 0x8000);
	assert_true(der_done(&d, &f));
	memcpy(block, "\x04\x83\x01\x00\x00", 5);
	d = der_over(bytes_of(block, 5 + 0x10000));
	assert_int_equal(der_octets(&d).n, 0x10000);
	assert_true(der_done(&d, &f));
	memcpy(block, "\x04\x81\x80", 3);
	d = der_over(bytes_of(block, 3 + 0x80));
	assert_int_equal(der_octets(&d).n, 0x80);
	assert_true(der_done(&d, &f));
}

/* The first wrong thing stays, with its place in the outermost bytes. */
static void
sticky(void **cmocka)
{
	struct bytes in = BYTES("\x30\x08\x02\x01\x07\x01\x01\x01\x05\x00");
	struct der d = der_over(in);
	struct fault f = { 0 };

	(void)cmocka;
	assert_int_equal(der_peek(&d), DER_SEQUENCE);
	struct der part = der_into(&d, DER_SEQUENCE);

	assert_int_equal(der_int64(&part), 7);
	assert_int_equal(der_peek(&part), DER_BOOLEAN);
	assert_true(der_more(&part));
	assert_false(der_boolean(&part));
	assert_false(der_more(&part));
	assert_int_equal(der_peek(&part), 0);
	assert_int_equal(der_any(&part).tag, 0);
	der_null(&part);
	der_refuse(&part, "der.other");
	assert_false(der_done(&part, &f));
	assert_string_equal(f.reason, "der.value");
	assert_non_null(strstr(f.why, "byte 5"));
	assert_true(der_done(&d, &f));
}

static void
refused_by_reader(void **cmocka)
{
	struct der d = der_over(BYTES("\x04\x04\x02\x01\x07\x05"));
	struct fault f = { 0 };

	(void)cmocka;
	struct der part = der_wrapped(&d);

	assert_int_equal(der_int64(&part), 7);
	assert_false(der_done(&part, &f));
	assert_string_equal(f.reason, "der.trailing");
	der_refuse(&part, "key.order");
	assert_false(der_done(&part, &f));
	assert_string_equal(f.reason, "key.order");
	struct der broken = der_into(&part, DER_SEQUENCE);

	assert_false(der_done(&broken, &f));
	assert_string_equal(f.reason, "key.order");
}

/* clang-format off */
static const struct {
	bool strict;
	struct bytes in;
} forms[] = {
	{ true,  { (const uint8_t *)"\x30\x06\x01\x01\xff\x02\x01\x07", 8 } },
	{ true,  { (const uint8_t *)"\x30\x00\x04\x01\x01", 5 } },
	{ false, { (const uint8_t *)"\x30\x03\x01\x01\x01", 5 } },             /* another TRUE */
	{ false, { (const uint8_t *)"\x30\x04\x02\x02\x00\x07", 6 } },         /* a longer number */
	{ false, { (const uint8_t *)"\x30\x81\x03\x01\x01\xff", 6 } },         /* a longer length */
	{ false, { (const uint8_t *)"\xa0\x04\x31\x81\x01\x05", 6 } },         /* the same below */
	{ false, { (const uint8_t *)"\x30\x05\x01\x01\xff", 5 } },             /* cut */
	{ false, { (const uint8_t *)"\x30\x80\x00\x00", 4 } },                 /* no length */
};
/* clang-format on */

static void
strict_to_the_end(void **cmocka)
{
	uint8_t deep[2 * 17];

	(void)cmocka;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		assert_int_equal(der_is_strict(forms[i].in), forms[i].strict);
	for (size_t i = 0; i < 17; i++) {
		deep[2 * i] = 0x30;
		deep[2 * i + 1] = (uint8_t)(2 * (16 - i));
	}
	assert_true(der_is_strict(bytes_of(deep + 4, sizeof(deep) - 4)));
	assert_false(der_is_strict(bytes_of(deep, sizeof(deep))));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(refuses_truncated),
		cmocka_unit_test(long_lengths),
		cmocka_unit_test(sticky),
		cmocka_unit_test(refused_by_reader),
		cmocka_unit_test(strict_to_the_end),
	};

	return cmocka_run_group_tests_name("der", units, NULL, NULL);
}
