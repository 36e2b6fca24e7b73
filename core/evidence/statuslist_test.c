/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/statuslist.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/base/buf.h"

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define REASON      "android.revocation.syntax"
#define REVOKED     "{\"status\":\"REVOKED\"}"
#define ONE(id)     "{\"entries\":{\"" id "\":" REVOKED "}}"
#define OF(entry)   "{\"entries\":{\"1\":" entry "}}"

static uint8_t memory[6u << 20];
static struct arena arena;

/* clang-format off */
static const struct {
	const char *name, *json;
	int n; /* entries; -1: is refused */
} rows[] = {
	{ "none",              "{\"entries\":{}}", 0 },
	{ "with space",        " {\r\n\t\"entries\" : { } } \n", 0 },
	{ "one",               ONE("ab"), 1 },
	{ "suspended",         OF("{\"status\":\"SUSPENDED\"}"), 1 },
	{ "all members",       OF("{\"status\":\"REVOKED\",\"reason\":\"KEY_COMPROMISE\",\"comment\":\"a \\\"b\\\" \\u00e4\",\"expires\":\"2020-11-13\"}"), 1 },
	{ "status last",       OF("{\"reason\":\"X\",\"status\":\"REVOKED\"}"), 1 },
	{ "two",               "{\"entries\":{\"b\":" REVOKED ",\"a\":" REVOKED "}}", 2 },
	{ "decimal",           ONE("6681152659205225093"), 1 },
	{ "nothing",           "", -1 },
	{ "space",             " ", -1 },
	{ "empty object",      "{}", -1 },
	{ "list",              "[]", -1 },
	{ "null",              "null", -1 },
	{ "another member",    "{\"entrie\":{}}", -1 },
	{ "two members",       "{\"entries\":{},\"x\":{}}", -1 },
	{ "entries twice",     "{\"entries\":{},\"entries\":{}}", -1 },
	{ "list of entries",   "{\"entries\":[]}", -1 },
	{ "nested lists",      "{\"entries\":[[[[[[[[", -1 },
	{ "cut",               "{\"entries\":{\"ab\":{\"sta", -1 },
	{ "not closed",        "{\"entries\":{}", -1 },
	{ "closed twice",      "{\"entries\":{}}}", -1 },
	{ "more behind",       "{\"entries\":{}} x", -1 },
	{ "comma at the end",  "{\"entries\":{\"1\":" REVOKED ",}}", -1 },
	{ "comma too many",    "{\"entries\":{,}}", -1 },
	{ "no comma",          "{\"entries\":{\"1\":" REVOKED "\"2\":" REVOKED "}}", -1 },
	{ "same twice",        "{\"entries\":{\"1\":" REVOKED ",\"2\":" REVOKED ",\"1\":" REVOKED "}}", -1 },
	{ "upper case",        ONE("AB"), -1 },
	{ "leading zero",      ONE("0ab"), -1 },
	{ "empty id",          ONE(""), -1 },
	{ "hex prefix",        ONE("0x1"), -1 },
	{ "escaped id",        ONE("\\u0061b"), -1 },
	{ "space in id",       ONE(" ab"), -1 },
	{ "65 digits",         ONE("1234567890123456789012345678901234567890123456789012345678901234a"), -1 },
	{ "64 digits",         ONE("1234567890123456789012345678901234567890123456789012345678901234"), 1 },
	{ "no status",         OF("{\"reason\":\"X\"}"), -1 },
	{ "empty entry",       OF("{}"), -1 },
	{ "text for entry",    OF("\"REVOKED\""), -1 },
	{ "unknown status",    OF("{\"status\":\"GOOD\"}"), -1 },
	{ "escaped status",    OF("{\"status\":\"REVOKE\\u0044\"}"), -1 },
	{ "lower-case status", OF("{\"status\":\"revoked\"}"), -1 },
	{ "status twice",      OF("{\"status\":\"REVOKED\",\"status\":\"REVOKED\"}"), -1 },
	{ "reason twice",      OF("{\"status\":\"REVOKED\",\"reason\":\"X\",\"reason\":\"X\"}"), -1 },
	{ "unknown member",    OF("{\"status\":\"REVOKED\",\"x\":\"X\"}"), -1 },
	{ "number for reason", OF("{\"status\":\"REVOKED\",\"reason\":1}"), -1 },
	{ "object inside",     OF("{\"status\":\"REVOKED\",\"reason\":{}}"), -1 },
	{ "no colon",          OF("{\"status\" \"REVOKED\"}"), -1 },
	{ "single quotes",     "{'entries':{}}", -1 },
	{ "bad escape",        OF("{\"status\":\"REVOKED\",\"comment\":\"\\x\"}"), -1 },
	{ "short escape",      OF("{\"status\":\"REVOKED\",\"comment\":\"\\u00e\"}"), -1 },
	{ "escape at the end", OF("{\"status\":\"REVOKED\",\"comment\":\"\\"), -1 },
	{ "line in a text",    OF("{\"status\":\"REVOKED\",\"comment\":\"\n\"}"), -1 },
	{ "no UTF-8",          OF("{\"status\":\"REVOKED\",\"comment\":\"\xff\"}"), -1 },
	{ "with a mark",       "\xef\xbb\xbf{\"entries\":{}}", -1 },
};
/* clang-format on */

static void
reads(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct statuslist list;
		struct fault f = { 0 };
		bool read = statuslist_parse(
		    &list, bytes_text(rows[i].json), &arena, &f);

		if (read != (rows[i].n >= 0) ||
		    (!read && strcmp(f.reason, REASON) != 0) ||
		    list.n != (read ? (size_t)rows[i].n : 0))
			fail_msg("%s: %s", rows[i].name, f.why);
		arena_reset(&arena);
	}
}

static void
refuses_truncated(void **cmocka)
{
	struct bytes in = bytes_text(rows[4].json);
	struct statuslist list;
	struct fault f = { 0 };

	(void)cmocka;
	for (size_t n = 0; n < in.n; n++) {
		if (statuslist_parse(&list, bytes_of(in.p, n), &arena, &f))
			fail_msg("cut to %zu", n);
		arena_reset(&arena);
	}
}

/* clang-format off */
static const struct {
	const char *name;
	struct bytes serial;
	const char *id; /* NULL: not on the list */
} serials[] = {
	{ "hex",            { (const uint8_t *)"\xab\xcd", 2 }, "abcd" },
	{ "half a byte",    { (const uint8_t *)"\x0a\xbc", 2 }, "abc" },
	{ "decimal",        { (const uint8_t *)"\x07\x5b\xcd\x15", 4 }, "123456789" },
	{ "both, in hex",   { (const uint8_t *)"\x10", 1 }, "10" },
	{ "both, decimal",  { (const uint8_t *)"\x0a", 1 }, "10" },
	{ "20 bytes",       { (const uint8_t *)"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 20 },
	    "1461501637330902918203684832716283019655932542975" },
	{ "another",        { (const uint8_t *)"\xab\xce", 2 }, NULL },
	{ "part of one",    { (const uint8_t *)"\xab", 1 }, NULL },
	{ "longer",         { (const uint8_t *)"\xab\xcd\x00", 3 }, NULL },
	{ "zero",           { (const uint8_t *)"\x00", 1 }, NULL },
	{ "nothing",        { NULL, 0 }, NULL },
	{ "21 bytes",       { (const uint8_t *)"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01", 21 }, NULL },
};
/* clang-format on */

static void
finds(void **cmocka)
{
	static const char json[] =
	    "{\"entries\":{\"abcd\":" REVOKED ",\"10\":" REVOKED
	    ",\"123456789\":{\"status\":\"SUSPENDED\"},\"abc\":" REVOKED
	    ",\"1461501637330902918203684832716283019655932542975\":" REVOKED
	    "}}";
	struct statuslist list, none = { 0 };
	struct fault f = { 0 };

	(void)cmocka;
	arena_reset(&arena);
	assert_true(statuslist_parse(&list, bytes_text(json), &arena, &f));
	for (size_t i = 0; i < COUNT(serials); i++) {
		const struct statuslist_entry *e =
		    statuslist_find(&list, serials[i].serial);

		if ((e != NULL) != (serials[i].id != NULL) ||
		    (e != NULL && !bytes_is(e->id, serials[i].id)))
			fail_msg("%s", serials[i].name);
		assert_null(statuslist_find(&none, serials[i].serial));
	}
	assert_true(statuslist_find(&list, serials[2].serial)->suspended);
	assert_false(statuslist_find(&list, serials[0].serial)->suspended);
}

/* As many as may be, one more, and too many bytes. */
static void
limits(void **cmocka)
{
	static uint8_t block[4u << 20];
	struct buf json = buf_over(block, sizeof(block));
	struct statuslist list;
	struct fault f = { 0 };

	(void)cmocka;
	buf_text(&json, "{\"entries\":{\"1\":" REVOKED);
	for (unsigned i = 2; i <= STATUSLIST_ENTRIES_MAX; i++)
		buf_print(&json, ",\"%x\":" REVOKED, i);
	size_t used = json.used;

	buf_text(&json, "}}");
	arena_reset(&arena);
	assert_true(statuslist_parse(&list, buf_bytes(&json), &arena, &f));
	assert_int_equal(list.n, STATUSLIST_ENTRIES_MAX);
	json.used = used;
	buf_text(&json, ",\"f0000000\":" REVOKED "}}");
	assert_false(json.full);
	arena_reset(&arena);
	assert_false(statuslist_parse(&list, buf_bytes(&json), &arena, &f));
	assert_string_equal(f.reason, REASON);
	assert_false(statuslist_parse(
	    &list, bytes_of(block, STATUSLIST_MAX + 1), &arena, &f));
	assert_int_equal(f.code, FAULT_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(refuses_truncated),
		cmocka_unit_test(finds),
		cmocka_unit_test(limits),
	};

	arena_init(&arena, memory, sizeof(memory));
	return cmocka_run_group_tests_name("statuslist", units, NULL, NULL);
}
