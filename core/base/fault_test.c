/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* cmocka has a macro of this name. */
static bool (*const refuse)(
    struct fault *, enum fault_code, const char *, const char *, ...) = fail;

#include <cmocka.h>

static void
fills(void **cmocka)
{
	struct fault f;

	(void)cmocka;
	assert_false(refuse(&f, FAULT_DENIED, "a.b", "base %d: %s", 1, "why"));
	assert_int_equal(f.code, FAULT_DENIED);
	assert_string_equal(f.reason, "a.b");
	assert_string_equal(f.why, "base 1: why");
}

static void
says_where(void **cmocka)
{
	struct fault f = { .has_offset = true };

	(void)cmocka;
	assert_false(refuse(&f, FAULT_INPUT, "a.b", "base 1: why"));
	assert_false(f.has_offset);
	assert_false(fault_at(&f, 7));
	assert_true(f.has_offset);
	assert_int_equal(f.offset, 7);
	assert_string_equal(f.reason, "a.b");
}

static void
cuts(void **cmocka)
{
	char text[512];
	struct fault f;

	(void)cmocka;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(refuse(&f, FAULT_INPUT, text, "%s", text));
	assert_int_equal(strlen(f.reason), sizeof(f.reason) - 1);
	assert_int_equal(strlen(f.why), sizeof(f.why) - 1);
}

/* clang-format off */
static const struct {
	enum fault_code code;
	const char *text;
} rows[] = {
	{ FAULT_NONE,      "none" },
	{ FAULT_INPUT,     "input" },
	{ FAULT_VERIFY,    "verify" },
	{ FAULT_DENIED,    "denied" },
	{ FAULT_LIMIT,     "limit" },
	{ FAULT_BUSY,      "busy" },
	{ FAULT_STATE,     "state" },
	{ FAULT_NOT_FOUND, "not-found" },
	{ FAULT_DEVICE,    "device" },
	{ FAULT_INTERNAL,  "internal" },
	{ FAULT_COUNT,     "unknown" },
};
/* clang-format on */

static void
names(void **cmocka)
{
	(void)cmocka;
	assert_int_equal(sizeof(rows) / sizeof(*rows), FAULT_COUNT + 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(fault_text(rows[i].code), rows[i].text);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(fills),
		cmocka_unit_test(says_where),
		cmocka_unit_test(cuts),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests_name("fault", units, NULL, NULL);
}
