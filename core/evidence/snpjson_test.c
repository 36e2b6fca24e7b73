/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpjson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/crypto/certs_test.h"
#include "core/evidence/snpreport.h"

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static uint8_t memory[1 << 18];

/* The vector with white space, and the report that it stands for. */
static struct bytes json, report;

static int
start(void **state)
{
	static struct arena a;

	(void)state;
	arena_init(&a, memory, sizeof(memory) / 2);
	json = certs_file("snp/json/9ccc4a3d-ws.report.json", &a);
	report = certs_file("snp/json/9ccc4a3d-ws.report.bin", &a);
	return 0;
}

static bool
decode(struct bytes *out, struct bytes in, struct fault *f)
{
	static struct arena a;

	arena_init(&a, memory + sizeof(memory) / 2, sizeof(memory) / 2);
	return snpjson_decode(out, in, &a, f);
}

/* The vector with its first `from` behind `behind` replaced. */
static struct bytes
edited(const char *behind, const char *from, const char *to)
{
	static uint8_t block[1 << 15];
	struct buf b = buf_over(block, sizeof(block));
	const uint8_t *at = memmem(json.p, json.n, behind, strlen(behind));

	assert_non_null(at);
	size_t left = json.n - (size_t)(at - json.p);
	const uint8_t *here = memmem(at, left, from, strlen(from));

	assert_non_null(here);
	size_t before = (size_t)(here - json.p), skip = strlen(from);

	buf_put(&b, bytes_of(json.p, before));
	buf_text(&b, to);
	buf_put(&b, bytes_of(here + skip, json.n - before - skip));
	assert_false(b.full);
	return buf_bytes(&b);
}

static void
stands_for_the_report(void **state)
{
	struct bytes out;
	struct fault f;
	struct snpreport r;

	(void)state;
	assert_true(decode(&out, json, &f));
	assert_true(bytes_equal(out, report));
	assert_true(snpreport_parse(&r, out, &f));
}

/* clang-format off */
static const struct {
	const char *name, *behind, *from, *to;
	bool good;
} edits[] = {
	{ "nothing",             "\"version\"", "2", "2", true },
	{ "another number",      "\"version\"", "2", "4294967295", true },
	{ "largest byte",        "\"report_data\"", "250", "255", true },
	{ "largest policy",      "\"policy\"", "196608", "18446744073709551615", true },
	{ "number too large",    "\"version\"", "2", "4294967296", false },
	{ "byte too large",      "\"report_data\"", "250", "256", false },
	{ "policy too large",    "\"policy\"", "196608", "18446744073709551616", false },
	{ "twenty-one digits",   "\"policy\"", "196608", "184467440737095516150", false },
	{ "leading zero",        "\"version\"", "2", "02", false },
	{ "sign",                "\"version\"", "2", "-2", false },
	{ "plus",                "\"version\"", "2", "+2", false },
	{ "fraction",            "\"version\"", "2", "2.0", false },
	{ "exponent",            "\"version\"", "2", "2e0", false },
	{ "text",                "\"version\"", "2", "\"2\"", false },
	{ "null",                "\"version\"", "2", "null", false },
	{ "flag",                "\"version\"", "2", "true", false },
	{ "nothing there",       "\"version\"", "2", "", false },
	{ "array for a number",  "\"version\"", "2", "[2]", false },
	{ "object for a number", "\"version\"", "2", "{}", false },
	{ "array in an array",   "\"report_data\"", "250", "[250]", false },
	{ "element too few",     "\"report_data\"", "250,", "", false },
	{ "element too many",    "\"report_data\"", "250,", "250,0,", false },
	{ "no element",          "\"report_data\"", "250", "", false },
	{ "comma at the end",    "\"version\"", "2,", "2,,", false },
	{ "no comma",            "\"version\"", "2,", "2", false },
	{ "no colon",            "\"version\"", ":", "", false },
	{ "equals sign",         "\"version\"", ":", "=", false },
	{ "unknown name",        "{", "\"version\"", "\"x\":0,\"version\"", false },
	{ "name twice",          "{", "\"version\"", "\"version\":2,\"version\"", false },
	{ "name missing",        "{", "\"version\": 2,", "", false },
	{ "name escaped",        "{", "\"version\"", "\"\\u0076ersion\"", false },
	{ "name cut",            "{", "\"version\"", "\"versio\"", false },
	{ "name without quotes", "{", "\"version\"", "version", false },
	{ "array around it",     "{", "{", "[{", false },
	{ "comment",             "{", "\"version\"", "/**/\"version\"", false },
	{ "TCB as a number",     "\"current_tcb\"", "{", "0,\"x\":{", false },
	{ "TCB name twice",      "\"current_tcb\"", "\"tee\"", "\"bootloader\"", false },
	{ "TCB name unknown",    "\"current_tcb\"", "\"tee\"", "\"fmc\"", false },
	{ "report in a TCB",     "\"current_tcb\"", "\"tee\"", "\"version\"", false },
	{ "TCB in a TCB",        "\"current_tcb\"", "\"tee\": 0", "\"tee\":{}", false },
	{ "no signature",        "\"signature\"", "{", "null,\"x\":{", false },
	{ "control byte",         "\"version\"", "2", "\0012", false },
};
/* clang-format on */

static void
edited_texts(void **state)
{
	struct bytes out;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(edits); i++) {
		struct bytes in =
		    edited(edits[i].behind, edits[i].from, edits[i].to);

		if (decode(&out, in, &f) != edits[i].good)
			fail_msg("%s", edits[i].name);
		if (!edits[i].good)
			assert_string_equal(f.reason, "snp.json");
	}
}

static void
cut_and_followed(void **state)
{
	static uint8_t longer[1 << 15];
	struct bytes out;
	struct fault f;
	size_t whole = json.n;

	(void)state;
	while (json.p[whole - 1] != '}')
		whole--;
	for (size_t n = 0; n < whole; n += n < whole - 40 ? 17 : 1)
		assert_false(decode(&out, bytes_of(json.p, n), &f));
	memcpy(longer, json.p, whole);
	for (unsigned byte = 0; byte < 256; byte++) {
		bool space =
		    byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';

		longer[whole] = (uint8_t)byte;
		assert_int_equal(
		    decode(&out, bytes_of(longer, whole + 1), &f), space);
	}
}

static void
limits(void **state)
{
	static uint8_t deep[SNPJSON_SIZE_MAX + 1];
	struct bytes out;
	struct arena a;
	struct fault f;

	(void)state;
	memset(deep, '[', sizeof(deep));
	assert_false(decode(&out, bytes_of(deep, SNPJSON_SIZE_MAX), &f));
	memset(deep, ' ', sizeof(deep));
	memcpy(deep, json.p, json.n);
	assert_true(decode(&out, bytes_of(deep, SNPJSON_SIZE_MAX), &f));
	assert_false(decode(&out, bytes_of(deep, sizeof(deep)), &f));
	assert_string_equal(f.reason, "snp.json");
	arena_init(&a, memory + sizeof(memory) / 2, 64);
	assert_false(snpjson_decode(&out, json, &a, &f));
	assert_string_equal(f.reason, "limit.memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stands_for_the_report),
		cmocka_unit_test(edited_texts),
		cmocka_unit_test(cut_and_followed),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests_name("snpjson", tests, start, NULL);
}
