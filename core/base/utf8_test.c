/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct {
	const char *bytes;
	size_t length; /* of the first sequence; 0: none */
} rows[] = {
	{ "a",                1 },
	{ "\x7f",             1 },
	{ "\xc2\x80",         2 },
	{ "\xdf\xbf!",        2 },
	{ "\xe0\xa0\x80",     3 },
	{ "\xed\x9f\xbf",     3 },
	{ "\xef\xbf\xbf",     3 },
	{ "\xf0\x90\x80\x80", 4 },
	{ "\xf4\x8f\xbf\xbf", 4 },
	{ "\x80",             0 },
	{ "\xbf\xbf",         0 },
	{ "\xc0\x80",         0 },
	{ "\xc1\xbf",         0 },
	{ "\xc2",             0 },
	{ "\xc2" "a",         0 },
	{ "\xe0\x9f\xbf",     0 },
	{ "\xe0\xa0",         0 },
	{ "\xe1\x80" "a",     0 },
	{ "\xed\xa0\x80",     0 },
	{ "\xf0\x8f\xbf\xbf", 0 },
	{ "\xf0\x90\x80",     0 },
	{ "\xf1\x80\x80\xc0", 0 },
	{ "\xf4\x90\x80\x80", 0 },
	{ "\xf5\x80\x80\x80", 0 },
	{ "\xff",             0 },
};
/* clang-format on */

static void
lengths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes in = bytes_text(rows[i].bytes);

		if (utf8_sequence(in.p, in.n) != rows[i].length)
			fail_msg("row %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lengths) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
