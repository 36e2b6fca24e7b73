/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/provisioning.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define IN(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }
#define NONE        UINT64_MAX

struct row {
	const char *name;
	struct bytes in;
	bool read;
	uint64_t issued;
	const char *maker;
};

/* clang-format off */
static const struct row rows[] = {
	{ "issued",            IN("\xa1\x01\x08"), true, 8, "" },
	{ "issued, maker",     IN("\xa2\x01\x18\x20\x03\x66Google"), true, 32, "Google" },
	{ "with a flag",       IN("\xa3\x01\x18\x40\x02\xf5\x03\x66Google"), true, 64, "Google" },
	{ "nothing",           IN("\xa0"), true, NONE, "" },
	{ "others",            IN("\xa2\x04\x00\x05\x61x"), true, NONE, "" },
	{ "large",             IN("\xa1\x01\x1b\x01\x00\x00\x00\x00\x00\x00\x00"), true, 1ull << 56, "" },
	{ "two bytes",         IN("\xa1\x01\x19\x01\x00"), true, 256, "" },
	{ "four bytes",        IN("\xa1\x01\x1a\x00\x01\x00\x00"), true, 65536, "" },
	{ "no bytes",          IN(""), false, 0, NULL },
	{ "a number",          IN("\x01"), false, 0, NULL },
	{ "a list",            IN("\x81\x01"), false, 0, NULL },
	{ "lists of lists",    IN("\x81\x81\x81\x81\x81\x81"), false, 0, NULL },
	{ "a map of a map",    IN("\xa1\x01\xa0"), false, 0, NULL },
	{ "a list inside",     IN("\xa1\x04\x80"), false, 0, NULL },
	{ "bytes inside",      IN("\xa1\x04\x40"), false, 0, NULL },
	{ "tagged",            IN("\xa1\x01\xc0\x01"), false, 0, NULL },
	{ "null",              IN("\xa1\x02\xf6"), false, 0, NULL },
	{ "a fraction",        IN("\xa1\x02\xf9\x3c\x00"), false, 0, NULL },
	{ "negative",          IN("\xa1\x01\x20"), false, 0, NULL },
	{ "negative key",      IN("\xa1\x20\x01"), false, 0, NULL },
	{ "text for a key",    IN("\xa1\x61" "1\x01"), false, 0, NULL },
	{ "text for issued",   IN("\xa1\x01\x61x"), false, 0, NULL },
	{ "flag for issued",   IN("\xa1\x01\xf5"), false, 0, NULL },
	{ "number for maker",  IN("\xa1\x03\x01"), false, 0, NULL },
	{ "flag for maker",    IN("\xa1\x03\xf4"), false, 0, NULL },
	{ "maker not text",    IN("\xa1\x03\x61\xff"), false, 0, NULL },
	{ "twice",             IN("\xa2\x01\x08\x01\x08"), false, 0, NULL },
	{ "out of order",      IN("\xa2\x03\x61x\x01\x08"), false, 0, NULL },
	{ "padded",            IN("\xa1\x01\x18\x08"), false, 0, NULL },
	{ "padded twofold",    IN("\xa1\x01\x19\x00\x80"), false, 0, NULL },
	{ "padded fourfold",   IN("\xa1\x01\x1a\x00\x00\x80\x00"), false, 0, NULL },
	{ "padded eightfold",  IN("\xa1\x01\x1b\x00\x00\x00\x00\x80\x00\x00\x00"), false, 0, NULL },
	{ "indefinite",        IN("\xbf\x01\x08\xff"), false, 0, NULL },
	{ "indefinite text",   IN("\xa1\x03\x7f\x61x\xff"), false, 0, NULL },
	{ "reserved length",   IN("\xa1\x01\x1c"), false, 0, NULL },
	{ "one pair too few",  IN("\xa2\x01\x08"), false, 0, NULL },
	{ "more behind",       IN("\xa1\x01\x08\x00"), false, 0, NULL },
	{ "seventeen pairs",   IN("\xb1"), false, 0, NULL },
	{ "maker of 4 GiB",    IN("\xa1\x03\x7a\xff\xff\xff\xff"), false, 0, NULL },
};
/* clang-format on */

static void
reads(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provisioning p;
		struct fault f = { 0 };
		bool read = provisioning_parse(&p, rows[i].in, &f);

		if (read != rows[i].read ||
		    (!read && strcmp(f.reason, "android.provisioning") != 0))
			fail_msg("%s: %s", rows[i].name, f.why);
		if (!read)
			continue;
		if (p.has_issued != (rows[i].issued != NONE) ||
		    (p.has_issued && p.issued != rows[i].issued) ||
		    !bytes_is(p.maker, rows[i].maker))
			fail_msg("%s: %llu", rows[i].name,
			    (unsigned long long)p.issued);
	}
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(reads),
	};

	return cmocka_run_group_tests_name("provisioning", units, NULL, NULL);
}
