/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/instant.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct {
	const char *text;
	int64_t at;
	const char *again; /* NULL: text itself */
} good[] = {
	{ "1970-01-01T00:00:00Z",      0,            NULL },
	{ "2000-02-29T12:00:00Z",      951825600,    NULL },
	{ "2024-02-29T23:59:59Z",      1709251199,   NULL },
	{ "2024-03-01T00:00:00Z",      1709251200,   NULL },
	{ "2026-05-28T20:26:40Z",      1780000000,   NULL },
	{ "2100-03-01T00:00:00Z",      4107542400,   NULL },
	{ "9999-12-31T23:59:59Z",      INSTANT_MAX,  NULL },
	{ "2026-05-28t20:26:40z",      1780000000,   "2026-05-28T20:26:40Z" },
	{ "2026-05-28 20:26:40Z",      1780000000,   "2026-05-28T20:26:40Z" },
	{ "2026-05-28T22:26:40+02:00", 1780000000,   "2026-05-28T20:26:40Z" },
	{ "2026-05-28T14:56:40-05:30", 1780000000,   "2026-05-28T20:26:40Z" },
	{ "1970-01-01T00:00:00-00:01", 60,           "1970-01-01T00:01:00Z" },
	{ "2016-12-31T23:59:60Z",      1483228800,   "2017-01-01T00:00:00Z" },
	{ "0",                         0,            "1970-01-01T00:00:00Z" },
	{ "1780000000",                1780000000,   "2026-05-28T20:26:40Z" },
	{ "253402300800",              253402300800, NULL },
	{ "999999999999999",           999999999999999, NULL },
};

static const char *const bad[] = {
	"", "-1", "+1", " 1", "1 ", "1.5", "0x10", "1000000000000000",
	"2026-05-28x", "2026-05-28", "2026-05-28T20:26Z",
	"2026-05-28T20:26:40", "2026-05-28T20:26:40.5Z",
	"2026-05-28T20:26:40Zx", "2026-05-28T20:26:40ZZ",
	"2026-05-28_20:26:40Z", "2026/05/28T20:26:40Z", "26-05-28T20:26:40Z",
	"2026-00-28T20:26:40Z", "2026-13-28T20:26:40Z", "2026-02-29T20:26:40Z",
	"2100-02-29T20:26:40Z", "2026-04-31T20:26:40Z", "2026-05-00T20:26:40Z",
	"2026-05-28T24:00:00Z", "2026-05-28T20:60:40Z", "2026-05-28T20:26:61Z",
	"2026-05-28T20:26:40+24:00", "2026-05-28T20:26:40+02:60",
	"2026-05-28T20:26:40+0200", "2026-05-28T20:26:40+02",
	"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
	"2026-05-28T20:26:4\xd9\xa0Z",
};
/* clang-format on */

static void
test_good(void **state)
{
	static uint8_t block[4096];
	struct arena a;

	(void)state;
	arena_init(&a, block, sizeof(block));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct fault f = { 0 };
		int64_t at = -1;

		if (!instant_parse(&at, bytes_text(good[i].text), &f) ||
		    at != good[i].at)
			fail_msg("%s: %lld", good[i].text, (long long)at);
		struct bytes text = instant_text(at, &a);

		if (!bytes_is(text,
			good[i].again != NULL ? good[i].again : good[i].text))
			fail_msg("%s: written as %.*s", good[i].text,
			    (int)text.n, (const char *)text.p);
	}
	assert_true(bytes_is(instant_text(-5, &a), "-5"));
}

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fault f = { 0 };
		int64_t at;

		if (instant_parse(&at, bytes_text(bad[i]), &f))
			fail_msg(
			    "row %zu: '%s' is %lld", i, bad[i], (long long)at);
		assert_string_equal(f.reason, "encoding.time");
	}
}

static void
test_nul(void **state)
{
	struct fault f = { 0 };
	int64_t at;

	(void)state;
	assert_false(instant_parse(&at,
	    BYTES("2026-05-28\0"
		  "20:26:40Z"),
	    &f));
	assert_false(instant_parse(&at, BYTES("1\0"), &f));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_nul),
	};

	return cmocka_run_group_tests_name("instant", units, NULL, NULL);
}
