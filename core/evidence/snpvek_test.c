/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpvek.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS        11u /* of either line */
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define EXTENSION   "snp.vcek.extension"
#define AMD         "1.3.6.1.4.1.3704.1."

/* 64 bytes, and Turin's 8. */
#define CHIP8 "chip id."
#define CHIP  CHIP8 CHIP8 CHIP8 CHIP8 CHIP8 CHIP8 CHIP8 CHIP8

struct text {
	const char *p;
	size_t n;
};

struct row {
	const char *oid;
	struct text value;
	bool critical;
};

#define VALUE(literal) { literal, sizeof(literal) - 1 }
#define LEVEL(oid, n)  { AMD oid, VALUE("\x02\x01" n), false }

/* clang-format off */
static const struct row milan[ROWS] = {
	{ AMD "1", VALUE("\x02\x01\x00"), false },
	{ AMD "2", VALUE("\x16\x08Milan-B0"), false },
	LEVEL("3.1", "\x04"), LEVEL("3.2", "\x01"), LEVEL("3.3", "\x18"),
	LEVEL("3.4", "\x0a"), LEVEL("3.5", "\x0b"), LEVEL("3.6", "\x0c"),
	LEVEL("3.7", "\x0d"),
	{ AMD "3.8", VALUE("\x02\x02\x00\xdb"), false },
	{ AMD "4", VALUE(CHIP), false },
};

static const struct row turin[ROWS] = {
	{ AMD "1", VALUE("\x02\x01\x01"), false },
	{ AMD "2", VALUE("\x16\x05Turin"), false },
	LEVEL("3.9", "\x09"), LEVEL("3.1", "\x01"), LEVEL("3.2", "\x02"),
	LEVEL("3.3", "\x03"), LEVEL("3.5", "\x05"), LEVEL("3.6", "\x06"),
	LEVEL("3.7", "\x07"), LEVEL("3.8", "\x47"),
	{ AMD "4", VALUE(CHIP8), false },
};

static const struct {
	const char *name;
	bool of_turin;
	struct row change; /* replaces the one of that OID, or is added */
	const char *reason; /* NULL: good */
} changes[] = {
	{ "none",              false, { AMD "1", VALUE("\x02\x01\x00"), false }, NULL },
	{ "Genoa",             false, { AMD "2", VALUE("\x16\x05Genoa"), false }, NULL },
	{ "Siena",             false, { AMD "2", VALUE("\x16\x05Siena"), false }, NULL },
	{ "another extension", false, { "2.5.29.14", VALUE("x"), false }, NULL },
	{ "critical key usage", false, { "2.5.29.15", VALUE("x"), true }, NULL },
	{ "fmc of zero",       false, LEVEL("3.9", "\x00"), NULL },
	{ "spl4 of zero",      true,  LEVEL("3.4", "\x00"), NULL },
	{ "wrapped chip",      false, { AMD "4", VALUE("\x04\x40" CHIP), false }, NULL },
	{ "wrapped chip of Turin", true, { AMD "4", VALUE("\x04\x08" CHIP8), false }, NULL },
	{ "critical unknown",  false, { "1.2.3.4", VALUE("x"), true }, EXTENSION },
	{ "structure of two numbers", false, { AMD "1", VALUE("\x02\x01\x00\x02\x01\x00"), false }, EXTENSION },
	{ "unknown line",      false, { AMD "2", VALUE("\x16\x06Venice"), false }, EXTENSION },
	{ "line in front",     false, { AMD "2", VALUE("\x16\x06Milan2"), false }, EXTENSION },
	{ "no name",           false, { AMD "2", VALUE("\x16\x00"), false }, EXTENSION },
	{ "name as UTF8String", false, { AMD "2", VALUE("\x0c\x05Milan"), false }, EXTENSION },
	{ "level of 256",      false, { AMD "3.1", VALUE("\x02\x02\x01\x00"), false }, EXTENSION },
	{ "negative level",    false, { AMD "3.1", VALUE("\x02\x01\xff"), false }, EXTENSION },
	{ "level not minimal", false, { AMD "3.1", VALUE("\x02\x02\x00\x04"), false }, EXTENSION },
	{ "level and more",    false, { AMD "3.1", VALUE("\x02\x01\x04\x00"), false }, EXTENSION },
	{ "level as text",     false, { AMD "3.1", VALUE("\x16\x01\x34"), false }, EXTENSION },
	{ "level empty",       false, { AMD "3.3", VALUE(""), false }, EXTENSION },
	{ "fmc of Milan",      false, LEVEL("3.9", "\x01"), EXTENSION },
	{ "spl4 of Turin",     true,  LEVEL("3.4", "\x01"), EXTENSION },
	{ "chip empty",        false, { AMD "4", VALUE(""), false }, "snp.vcek.hwid" },
	{ "chip of Turin",     false, { AMD "4", VALUE(CHIP8), false }, "snp.vcek.hwid" },
	{ "Turin with a long chip", true, { AMD "4", VALUE(CHIP), false }, "snp.vcek.hwid" },
	{ "chip and provider", false, { AMD "5", VALUE("\x16\x01x"), false }, EXTENSION },
};
/* clang-format on */

static void
set(struct x509_extensions *all, const struct row *row)
{
	size_t at = 0;

	while (at < all->n && !bytes_is(all->of[at].oid, row->oid))
		at++;
	all->n += at == all->n;
	all->of[at] = (struct x509_extension){ bytes_text(row->oid),
		bytes_of(row->value.p, row->value.n), row->critical };
}

static void
make(struct x509_extensions *all, bool of_turin)
{
	const struct row *rows = of_turin ? turin : milan;

	all->n = 0;
	for (size_t i = 0; i < ROWS; i++)
		set(all, &rows[i]);
}

static void
take_out(struct x509_extensions *all, size_t at)
{
	all->of[at] = all->of[--all->n];
}

static void
what_amd_says(void **state)
{
	static struct x509_extensions all;
	struct snpvek v;
	struct fault f;

	(void)state;
	make(&all, false);
	assert_true(snpvek_parse(&v, &all, &f));
	assert_int_equal(v.kind, SNP_VCEK);
	assert_int_equal(v.product, SNP_MILAN);
	assert_int_equal(v.structure, 0);
	assert_true(v.tcb == 0xdb180d0c0b0a0104);
	assert_true(bytes_is(v.hwid, CHIP));
	make(&all, true);
	assert_true(snpvek_parse(&v, &all, &f));
	assert_int_equal(v.product, SNP_TURIN);
	assert_true(v.tcb == 0x4707060503020109);
	assert_true(bytes_is(v.hwid, CHIP8));
	assert_int_equal(v.csp_id.n, 0);
}

static void
changed(void **state)
{
	static struct x509_extensions all;
	struct snpvek v;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		make(&all, changes[i].of_turin);
		set(&all, &changes[i].change);
		bool good = snpvek_parse(&v, &all, &f);

		if (good != (changes[i].reason == NULL))
			fail_msg("%s", changes[i].name);
		if (!good)
			assert_string_equal(f.reason, changes[i].reason);
		else if (changes[i].of_turin)
			assert_true(bytes_is(v.hwid, CHIP8));
		else
			assert_true(bytes_is(v.hwid, CHIP));
	}
}

/* Each is needed. */
static void
missing(void **state)
{
	static struct x509_extensions all;
	struct snpvek v;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < 2 * ROWS; i++) {
		make(&all, i >= ROWS);
		take_out(&all, i % ROWS);
		assert_false(snpvek_parse(&v, &all, &f));
		assert_string_equal(f.reason, "snp.vcek.extension");
	}
}

static void
provider(void **state)
{
	static const struct row csp = { AMD "5",
		VALUE("\x16\x05"
		      "CN=me"),
		false };
	static const struct row none = { AMD "5", VALUE("\x16\x00"), false };
	static struct x509_extensions all;
	struct snpvek v;
	struct fault f;

	(void)state;
	make(&all, false);
	take_out(&all, ROWS - 1);
	set(&all, &csp);
	assert_true(snpvek_parse(&v, &all, &f));
	assert_int_equal(v.kind, SNP_VLEK);
	assert_int_equal(v.hwid.n, 0);
	assert_true(bytes_is(v.csp_id, "CN=me"));
	set(&all, &none);
	assert_false(snpvek_parse(&v, &all, &f));
	assert_string_equal(f.reason, "snp.vcek.extension");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_amd_says),
		cmocka_unit_test(changed),
		cmocka_unit_test(missing),
		cmocka_unit_test(provider),
	};

	return cmocka_run_group_tests_name("snpvek", tests, NULL, NULL);
}
