/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/keylist.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define IN(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

#define LIMIT     "android.extension.limit"
#define DUPLICATE "android.extension.duplicate"

struct row {
	const char *name;
	struct bytes in;
	const char *reason; /* NULL: is read */
};

/* clang-format off */
static const struct row rows[] = {
	{ "nothing",           IN(""), NULL },
	{ "purpose",           IN("\xa1\x08\x31\x06\x02\x01\x02\x02\x01\x03"), NULL },
	{ "no purposes",       IN("\xa1\x02\x31\x00"), NULL },
	{ "in a sequence",     IN("\xa1\x05\x30\x03\x02\x01\x02"), "der.tag" },
	{ "text for purpose",  IN("\xa1\x05\x31\x03\x04\x01\x02"), "der.value" },
	{ "padded purpose",    IN("\xa1\x06\x31\x04\x02\x02\x00\x02"), "der.value" },
	{ "two sets",          IN("\xa1\x04\x31\x00\x31\x00"), "der.trailing" },
	{ "empty tag",         IN("\xa1\x00"), "der.truncated" },
	{ "algorithm",         IN("\xa2\x03\x02\x01\x03"), NULL },
	{ "padded algorithm",  IN("\xa2\x04\x02\x02\x00\x03"), "der.value" },
	{ "two algorithms",    IN("\xa2\x06\x02\x01\x03\x02\x01\x03"), "der.trailing" },
	{ "algorithm twice",   IN("\xa2\x03\x02\x01\x03\xa2\x03\x02\x01\x03"), DUPLICATE },
	{ "twice, not at once", IN("\xa2\x03\x02\x01\x03\xa3\x03\x02\x01\x03\xa2\x03\x02\x01\x03"), DUPLICATE },
	{ "implicit",          IN("\x82\x01\x03"), "der.tag" },
	{ "application class", IN("\x62\x03\x02\x01\x03"), "der.tag" },
	{ "no tag at all",     IN("\x02\x01\x03"), "der.tag" },
	{ "noAuthRequired",    IN("\xbf\x83\x77\x02\x05\x00"), NULL },
	{ "null of a byte",    IN("\xbf\x83\x77\x03\x05\x01\x00"), "der.value" },
	{ "true for null",     IN("\xbf\x83\x77\x03\x01\x01\xff"), "der.tag" },
	{ "tag in long form",  IN("\xbf\x02\x03\x02\x01\x03"), "der.tag" },
	{ "padded tag",        IN("\xbf\x80\x83\x77\x02\x05\x00"), "der.tag" },
	{ "brand",             IN("\xbf\x85\x46\x03\x04\x01" "g"), NULL },
	{ "brand as text",     IN("\xbf\x85\x46\x03\x0c\x01" "g"), "der.tag" },
	{ "unknown",           IN("\xbf\x87\x69\x03\x02\x01\x4d"), NULL },
	{ "unknown sequence",  IN("\xbf\x87\x69\x04\x30\x02\x05\x00"), NULL },
	{ "unknown, padded",   IN("\xbf\x87\x69\x04\x02\x02\x00\x01"), "der.value" },
	{ "unknown of two",    IN("\xbf\x87\x69\x04\x05\x00\x05\x00"), "der.trailing" },
	{ "unknown of none",   IN("\xbf\x87\x69\x00"), "der.truncated" },
	{ "unknown twice",     IN("\xbf\x87\x69\x02\x05\x00\xbf\x87\x69\x02\x05\x00"), DUPLICATE },
	{ "root",              IN("\xbf\x85\x40\x0a\x30\x08\x04\x00\x01\x01\xff\x0a\x01\x00"), NULL },
	{ "root with a hash",  IN("\xbf\x85\x40\x0d\x30\x0b\x04\x00\x01\x01\x00\x0a\x01\x02\x04\x01h"), NULL },
	{ "root and more",     IN("\xbf\x85\x40\x0f\x30\x0d\x04\x00\x01\x01\x00\x0a\x01\x02\x04\x01h\x05\x00"), "der.trailing" },
	{ "unlocked as two",   IN("\xbf\x85\x40\x0b\x30\x09\x04\x00\x01\x02\x00\x00\x0a\x01\x00"), "der.value" },
	{ "locked, a number",  IN("\xbf\x85\x40\x0a\x30\x08\x04\x00\x02\x01\x01\x0a\x01\x00"), "der.tag" },
	{ "state 4",           IN("\xbf\x85\x40\x0a\x30\x08\x04\x00\x01\x01\xff\x0a\x01\x04"), "der.value" },
	{ "state -1",          IN("\xbf\x85\x40\x0a\x30\x08\x04\x00\x01\x01\xff\x0a\x01\xff"), "der.value" },
	{ "state, a number",   IN("\xbf\x85\x40\x0a\x30\x08\x04\x00\x01\x01\xff\x02\x01\x00"), "der.tag" },
	{ "root without state", IN("\xbf\x85\x40\x07\x30\x05\x04\x00\x01\x01\xff"), "der.truncated" },
	{ "two roots",         IN("\xbf\x85\x40\x14\x30\x08\x04\x00\x01\x01\xff\x0a\x01\x00\x30\x08\x04\x00\x01\x01\xff\x0a\x01\x00"), "der.trailing" },
	{ "cut",               IN("\xa2\x03\x02\x01"), "der.truncated" },
	{ "more behind",       IN("\xa2\x03\x02\x01\x03\x00"), "der.tag" },
};
/* clang-format on */

static void
reads(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct keylist list;
		struct fault f = { 0 };
		bool read = keylist_parse(&list, der_over(rows[i].in), &f);

		if (read != (rows[i].reason == NULL) ||
		    (!read && strcmp(f.reason, rows[i].reason) != 0))
			fail_msg("%s: %s", rows[i].name, f.reason);
	}
}

static const struct keylist *
parse(struct bytes in)
{
	static struct keylist list;
	struct fault f = { 0 };

	assert_true(keylist_parse(&list, der_over(in), &f));
	return &list;
}

static void
values(void **cmocka)
{
	const struct keylist *list =
	    parse(BYTES("\xa1\x08\x31\x06\x02\x01\x02\x02\x01\x07"
			"\xa3\x04\x02\x02\x01\x00"
			"\xbf\x85\x3d\x03\x02\x01\xff"
			"\xbf\x87\x69\x03\x02\x01\x4d"));
	int64_t members[KEYLIST_SET_MAX];

	(void)cmocka;
	assert_int_equal(
	    keylist_members(members, &list->of[KEYLIST_PURPOSE]), 2);
	assert_int_equal(members[1], 7);
	assert_true(keylist_has(&list->of[KEYLIST_PURPOSE], 2));
	assert_false(keylist_has(&list->of[KEYLIST_PURPOSE], 3));
	assert_false(keylist_has(&list->of[KEYLIST_DIGEST], 0));
	assert_int_equal(list->of[KEYLIST_KEY_SIZE].number, 256);
	assert_int_equal(list->of[KEYLIST_CREATED].number, -1);
	assert_false(list->of[KEYLIST_ORIGIN].present);
	assert_int_equal(list->nunknown, 1);
	assert_int_equal(list->unknown[0].tag, 1001);
	assert_int_equal(list->unknown[0].value.n, 3);
	assert_int_equal(list->disorder, 0);
	assert_false(list->odd_boolean);
}

static void
noted(void **cmocka)
{
	(void)cmocka;
	const struct keylist *list =
	    parse(BYTES("\xa3\x03\x02\x01\x03\xa1\x02\x31\x00"));

	assert_int_equal(list->disorder, 1);
	list = parse(
	    BYTES("\xbf\x85\x40\x0a\x30\x08\x04\x00\x01\x01\x01\x0a\x01\x00"));
	assert_true(list->root.device_locked);
	assert_true(list->odd_boolean);
	assert_null(list->root.boot_hash.p);
}

/* 33 purposes, and 17 unknown tags. */
static void
limits(void **cmocka)
{
	uint8_t many[256] = { 0xa1, 2 + 99, 0x31, 99 };
	struct keylist list;
	struct fault f = { 0 };
	size_t n = 4;

	(void)cmocka;
	for (size_t i = 0; i <= KEYLIST_SET_MAX; i++, n += 3)
		memcpy(many + n, "\x02\x01\x01", 3);
	assert_false(keylist_parse(&list, der_over(bytes_of(many, n)), &f));
	assert_string_equal(f.reason, "der.value");
	n = 0;
	for (uint8_t i = 0; i <= KEYLIST_UNKNOWN_MAX; i++, n += 6) {
		memcpy(many + n, "\xbf\x88\x00\x02\x05\x00", 6);
		many[n + 2] = i;
	}
	assert_false(keylist_parse(&list, der_over(bytes_of(many, n)), &f));
	assert_string_equal(f.reason, LIMIT);
	assert_true(keylist_parse(&list, der_over(bytes_of(many, n - 6)), &f));
}

/* The table itself: tags ascend, and each has a name. */
static void
table(void **cmocka)
{
	(void)cmocka;
	for (enum keylist_tag t = 1; t < KEYLIST_COUNT; t++) {
		assert_true(keylist_number(t) > keylist_number(t - 1));
		assert_true(strlen(keylist_name(t)) > 0);
	}
	assert_int_equal(
	    keylist_kind(KEYLIST_ROOT_OF_TRUST), KEYLIST_KIND_ROOT);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(values),
		cmocka_unit_test(noted),
		cmocka_unit_test(limits),
		cmocka_unit_test(table),
	};

	return cmocka_run_group_tests_name("keylist", units, NULL, NULL);
}
