/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/keydesc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define IN(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

#define SYNTAX "android.extension.syntax"

/* Version 3, TEE, version 4, TEE, challenge "c", no unique id. */
#define HEAD \
	"\x02\x01\x03\x0a\x01\x01\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00"
#define EMPTY "\x30\x00"
struct row {
	const char *name;
	struct bytes in;
	const char *reason; /* NULL: is read */
};

/* clang-format off */
static const struct row rows[] = {
	{ "least",               IN("\x30\x15" HEAD EMPTY EMPTY), NULL },
	{ "nothing",             IN(""), SYNTAX },
	{ "no fields",           IN("\x30\x00"), SYNTAX },
	{ "a set",               IN("\x31\x15" HEAD EMPTY EMPTY), SYNTAX },
	{ "seven fields",        IN("\x30\x13" HEAD EMPTY), SYNTAX },
	{ "nine fields",         IN("\x30\x17" HEAD EMPTY EMPTY EMPTY), SYNTAX },
	{ "null behind",         IN("\x30\x15" HEAD EMPTY EMPTY "\x05\x00"), SYNTAX },
	{ "indefinite",          IN("\x30\x80" HEAD EMPTY EMPTY "\x00\x00"), SYNTAX },
	{ "long length",         IN("\x30\x81\x15" HEAD EMPTY EMPTY), SYNTAX },
	{ "padded version",      IN("\x30\x16\x02\x02\x00\x03\x0a\x01\x01\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00" EMPTY EMPTY), SYNTAX },
	{ "level as a number",   IN("\x30\x15\x02\x01\x03\x02\x01\x01\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00" EMPTY EMPTY), SYNTAX },
	{ "level 3",             IN("\x30\x15\x02\x01\x03\x0a\x01\x03\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00" EMPTY EMPTY), "android.extension.level" },
	{ "level -1",            IN("\x30\x15\x02\x01\x03\x0a\x01\xff\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00" EMPTY EMPTY), "android.extension.level" },
	{ "key's level 3",       IN("\x30\x15\x02\x01\x03\x0a\x01\x01\x02\x01\x04\x0a\x01\x03\x04\x01\x63\x04\x00" EMPTY EMPTY), "android.extension.level" },
	{ "version 0",           IN("\x30\x15\x02\x01\x00\x0a\x01\x01\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00" EMPTY EMPTY), "android.extension.version" },
	{ "version 5",           IN("\x30\x15\x02\x01\x05\x0a\x01\x01\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00" EMPTY EMPTY), "android.extension.version" },
	{ "version 600",         IN("\x30\x16\x02\x02\x02\x58\x0a\x01\x01\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00" EMPTY EMPTY), "android.extension.version" },
	{ "version 500",         IN("\x30\x16\x02\x02\x01\xf4\x0a\x01\x01\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x04\x00" EMPTY EMPTY), NULL },
	{ "challenge as text",   IN("\x30\x15\x02\x01\x03\x0a\x01\x01\x02\x01\x04\x0a\x01\x01\x0c\x01\x63\x04\x00" EMPTY EMPTY), SYNTAX },
	{ "id as null",          IN("\x30\x15\x02\x01\x03\x0a\x01\x01\x02\x01\x04\x0a\x01\x01\x04\x01\x63\x05\x00" EMPTY EMPTY), SYNTAX },
	{ "list as a set",       IN("\x30\x15" HEAD "\x31\x00" EMPTY), SYNTAX },
	{ "tag twice",           IN("\x30\x1f" HEAD "\x30\x0a\xa2\x03\x02\x01\x03\xa2\x03\x02\x01\x03" EMPTY), "android.extension.duplicate" },
	{ "no root's hash",      IN("\x30\x23" HEAD EMPTY "\x30\x0e\xbf\x85\x40\x0a\x30\x08\x04\x00\x01\x01\xff\x0a\x01\x00"), SYNTAX },
	{ "software's needs none", IN("\x30\x23" HEAD "\x30\x0e\xbf\x85\x40\x0a\x30\x08\x04\x00\x01\x01\xff\x0a\x01\x00" EMPTY), NULL },
	{ "an app",              IN("\x30\x2b" HEAD "\x30\x16\xbf\x85\x45\x12\x04\x10\x30\x0e\x31\x08\x30\x06\x04\x01" "a\x02\x01\x01\x31\x02\x04\x00" EMPTY), NULL },
	{ "an app of nothing",   IN("\x30\x1d" HEAD "\x30\x08\xbf\x85\x45\x04\x04\x02\x30\x00" EMPTY), SYNTAX },
	{ "an app, cut",         IN("\x30\x1e" HEAD "\x30\x09\xbf\x85\x45\x05\x04\x03\x30\x02\x31" EMPTY), SYNTAX },
	{ "an app and more",     IN("\x30\x23" HEAD "\x30\x0e\xbf\x85\x45\x0a\x04\x08\x30\x04\x31\x00\x31\x00\x05\x00" EMPTY), SYNTAX },
	{ "app's version, text", IN("\x30\x2b" HEAD "\x30\x16\xbf\x85\x45\x12\x04\x10\x30\x0e\x31\x08\x30\x06\x04\x01" "a\x04\x01\x01\x31\x02\x04\x00" EMPTY), SYNTAX },
};
/* clang-format on */

static void
reads(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct keydesc d;
		struct fault f = { 0 };
		bool read = keydesc_parse(&d, rows[i].in, &f);

		if (read != (rows[i].reason == NULL) ||
		    (!read && strcmp(f.reason, rows[i].reason) != 0))
			fail_msg("%s: %s: %s", rows[i].name, f.reason, f.why);
		if (!read)
			assert_int_equal(d.version, 0);
	}
}

static void
refuses_truncated(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t n = 0; n < rows[i].in.n; n++) {
			struct keydesc d;
			struct fault f = { 0 };

			if (rows[i].reason == NULL &&
			    keydesc_parse(&d, bytes_of(rows[i].in.p, n), &f))
				fail_msg("%s cut to %zu", rows[i].name, n);
		}
}

/* Sequences in one another: read no deeper than they matter. */
static void
deep(void **cmocka)
{
	static uint8_t nest[12000];
	struct keydesc d;
	struct fault f = { 0 };

	(void)cmocka;
	for (size_t at = 0; at < sizeof(nest); at += 4) {
		size_t inner = sizeof(nest) - at - 4;

		nest[at] = 0x30;
		nest[at + 1] = 0x82;
		nest[at + 2] = (uint8_t)(inner >> 8);
		nest[at + 3] = (uint8_t)inner;
	}
	assert_false(keydesc_parse(&d, bytes_of(nest, sizeof(nest)), &f));
	assert_string_equal(f.reason, SYNTAX);
}

static void
in_order(void **cmocka)
{
	struct keydesc d = { 0 };
	struct fault f = { 0 };

	(void)cmocka;
	assert_true(keydesc_in_order(&d, &f));
	d.hardware.disorder = 1;
	assert_false(keydesc_in_order(&d, &f));
	assert_string_equal(f.reason, "android.extension.order");
	d.hardware.disorder = 0;
	d.software.disorder = 701;
	assert_false(keydesc_in_order(&d, &f));
	assert_non_null(strstr(f.why, "701"));
	d.software.disorder = 0;
	d.hardware.odd_boolean = true;
	assert_false(keydesc_in_order(&d, &f));
	assert_string_equal(f.reason, "android.extension.order");
}

/* clang-format off */
static const struct {
	int64_t level;
	uint32_t date;
} patches[] = {
	{ 202405,            20240500 },
	{ 20240505,          20240505 },
	{ 201809,            20180900 },
	{ 20240531,          20240531 },
	{ 0,                 0 },
	{ -1,                0 },
	{ INT64_MIN,         0 },
	{ INT64_MAX,         0 },
	{ 2024,              0 },
	{ 202400,            0 },
	{ 202413,            0 },
	{ 20240500,          0 },
	{ 20240532,          0 },
	{ 20241301,          0 },
	{ 199912,            0 },
	{ 300001,            0 },
	{ 2024050505,        0 },
	{ 4294967296 + 202405, 0 },
};
/* clang-format on */

static void
patch_levels(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(patches); i++)
		if (keydesc_patch(patches[i].level) != patches[i].date)
			fail_msg("%lld: %u", (long long)patches[i].level,
			    keydesc_patch(patches[i].level));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(refuses_truncated),
		cmocka_unit_test(deep),
		cmocka_unit_test(in_order),
		cmocka_unit_test(patch_levels),
	};

	return cmocka_run_group_tests_name("keydesc", units, NULL, NULL);
}
