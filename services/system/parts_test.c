/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of outside bytes, row by row. */
#include "services/system/acpi.h"
#include "services/system/efi.h"
#include "services/system/fixture_test.h"
#include "services/system/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void
acpi_headers(void **state)
{
	uint8_t table[64];
	struct acpi_header h;
	struct fault f;

	(void)state;
	for (size_t n = 0; n < ACPI_HEADER_SIZE; n++) {
		(void)fixture_table(table, sizeof(table), "APIC");
		assert_false(acpi_parse(&h, bytes_of(table, n), &f));
		assert_string_equal(f.reason, "system.acpi");
		assert_int_equal(h.signature.n, 0);
	}
	for (size_t n = ACPI_HEADER_SIZE; n <= sizeof(table); n++) {
		assert_true(
		    acpi_parse(&h, fixture_table(table, n, "APIC"), &f));
		assert_true(h.sums_to_zero);
		assert_int_equal(h.length, n);
		assert_int_equal(h.oem_revision, 7);
		assert_true(bytes_is(h.creator_id, "INTL"));
	}
	/* Every changed byte shows: in the sum or in the signature. */
	for (size_t i = 0; i < sizeof(table); i++) {
		(void)fixture_table(table, sizeof(table), "APIC");
		table[i] ^= 0x80;
		bool parsed =
		    acpi_parse(&h, bytes_of(table, sizeof(table)), &f);

		assert_true(!parsed || !h.sums_to_zero);
		assert_int_equal(parsed, i >= 4);
	}
}

static void
efi_variables(void **state)
{
	static const struct {
		struct bytes file;
		bool ok, on;
	} rows[] = {
		{ { (const uint8_t *)"\6\0\0\0\1", 5 }, true, true },
		{ { (const uint8_t *)"\7\0\0\0\0", 5 }, true, false },
		{ { (const uint8_t *)"\6\0\0\0\2", 5 }, false, false },
		{ { (const uint8_t *)"\6\0\0\0\xff", 5 }, false, false },
		{ { (const uint8_t *)"\6\0\0\0", 4 }, false, false },
		{ { (const uint8_t *)"\6\0\0\0\1\0", 6 }, false, false },
		{ { (const uint8_t *)"", 0 }, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault f = { 0 };
		bool on = true;

		assert_int_equal(efi_parse(&on, rows[i].file, &f), rows[i].ok);
		assert_int_equal(on, rows[i].on);
		assert_string_equal(f.reason, rows[i].ok ? "" : "system.efi");
	}
}

#define TEXT(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

struct cleaning {
	struct bytes raw, clean;
};

/* clang-format off */
static const struct cleaning cleanings[] = {
	{ TEXT("plain"),                  TEXT("plain") },
	{ TEXT(" \t a b \r\n\0"),         TEXT("a b") },
	{ TEXT("a\tb\0c"),                TEXT("a b c") },
	{ TEXT(""),                       TEXT("") },
	{ TEXT("\0\0\n"),                 TEXT("") },
	{ TEXT("\x01\x1f\x7f"),           TEXT("???") },
	{ TEXT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), TEXT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") },
	{ TEXT("\xc3"),                   TEXT("?") },
	{ TEXT("\xc3(z"),                 TEXT("?(z") },
	{ TEXT("x\xff\xfez"),             TEXT("x??z") },
	{ TEXT("\xc0\x80" "z"),           TEXT("??z") },   /* overlong */
	{ TEXT("\xe0\x82\xa9" "z"),       TEXT("???z") },  /* overlong */
	{ TEXT("\xc2\x85" "z"),           TEXT("??z") },   /* C1 control */
	{ TEXT("\xed\xa0\x80" "z"),       TEXT("???z") },  /* surrogate */
	{ TEXT("\xf4\x90\x80\x80" "z"),   TEXT("????z") }, /* past the last */
	{ TEXT("\xf8\x88\x80\x80\x80" "z"), TEXT("?????z") },
};
/* clang-format on */

static void
texts_are_cleaned(void **state)
{
	uint8_t block[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(cleanings) / sizeof(cleanings[0]); i++) {
		struct arena a;

		arena_init(&a, block, sizeof(block));
		struct bytes clean = text_clean(&a, cleanings[i].raw);

		if (!bytes_equal(clean, cleanings[i].clean))
			fail_msg("row %zu: %.*s", i, (int)clean.n,
			    (const char *)clean.p);
	}
}

static void
long_texts_are_cut_between_characters(void **state)
{
	static uint8_t raw[TEXT_MAX + 8], block[3 * TEXT_MAX];
	struct arena a;

	(void)state;
	arena_init(&a, block, sizeof(block));
	memset(raw, 'a', sizeof(raw));
	memcpy(raw + TEXT_MAX - 1, "\xc3\xa9", 2);
	struct bytes clean = text_clean(&a, bytes_of(raw, sizeof(raw)));

	assert_int_equal(clean.n, TEXT_MAX - 1);
	assert_int_equal(clean.p[clean.n - 1], 'a');
}

static void
keys_and_numbers(void **state)
{
	static const struct {
		const char *name, *key;
	} keys[] = { { "APIC", "apic" }, { "cpu family", "cpu-family" },
		{ "vendor_id", "vendor-id" }, { "a.b/c", "a-x2eb-x2fc" },
		{ "\xff", "-xff" }, { "", "" } };
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} numbers[] = { { "0", true, 0 },
		{ "999999999999999", true, 999999999999999 },
		{ "9999999999999999", false, 0 }, { "", false, 0 },
		{ "-1", false, 0 }, { "1 ", false, 0 }, { "0x1", false, 0 } };
	uint8_t block[1024];
	struct arena a;

	(void)state;
	arena_init(&a, block, sizeof(block));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_true(bytes_is(
		    text_key(&a, bytes_text(keys[i].name)), keys[i].key));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int64_t value = 0;

		assert_int_equal(
		    text_number(&value, bytes_text(numbers[i].text)),
		    numbers[i].ok);
		assert_int_equal(value, numbers[i].value);
	}
}

static void
lines_and_words(void **state)
{
	struct bytes text = BYTES("a : b:c \n\nlast"), line, name, value;

	(void)state;
	assert_true(text_line(&line, &text));
	assert_true(text_split(&name, &value, line, ':'));
	assert_true(bytes_is(name, "a"));
	assert_true(bytes_is(value, "b:c"));
	assert_true(text_line(&line, &text));
	assert_int_equal(line.n, 0);
	assert_false(text_split(&name, &value, line, ':'));
	assert_true(text_line(&line, &text));
	assert_true(bytes_is(line, "last"));
	assert_false(text_line(&line, &text));
	text = BYTES("  two\twords ");
	assert_true(text_word(&line, &text));
	assert_true(bytes_is(line, "two"));
	assert_true(text_word(&line, &text));
	assert_true(bytes_is(line, "words"));
	assert_false(text_word(&line, &text));
}

int
main(void)
{
	static const struct CMUnitTest all[] = {
		cmocka_unit_test(acpi_headers),
		cmocka_unit_test(efi_variables),
		cmocka_unit_test(texts_are_cleaned),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(keys_and_numbers),
		cmocka_unit_test(lines_and_words),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
