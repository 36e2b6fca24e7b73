/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/media.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct row {
	const char *type;
	bool is;
};

/* clang-format off */
static const struct row rows[] = {
	{ "json@1.0",                    true },
	{ "application/json",            true },
	{ "application/json@1.0",        true },
	{ "device/json",                 true },
	{ "device/json@1.0",             true },
	{ " application/json ; q=1",     true },
	{ "application/json;",           true },
	{ "",                            false },
	{ ";",                           false },
	{ "json",                        false },
	{ "json@1.1",                    false },
	{ "json@1.0x",                   false },
	{ "application/json@",           false },
	{ "application/json@1",          false },
	{ "application/json@2.0",        false },
	{ "application/",                false },
	{ "application/xjson",           false },
	{ "application/application/json", false },
	{ "text/json",                   false },
	{ "Application/json",            false },
};
/* clang-format on */

static void
types(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (media_is(bytes_text(rows[i].type), "json@1.0") !=
		    rows[i].is)
			fail_msg("%s", rows[i].type);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(types) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
