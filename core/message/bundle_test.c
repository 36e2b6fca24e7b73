/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/bundle.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* BYTES, as a constant. */
#define RAW(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

/* clang-format off */
static const struct {
	const char *name;
	struct bytes head;
	size_t size;
	const char *reason;
} bundles[] = {
	{ "none", RAW(""), 32, NULL },
	{ "cut", RAW(""), 31, "ans104.bundle" },
	{ "a tail behind none", RAW(""), 33, "ans104.bundle" },
	{ "no table", RAW("\1"), 32, "ans104.bundle" },
	{ "half a table", RAW("\2"), 96, "ans104.bundle" },
	{ "257 items", RAW("\1\1"), 32 + 257 * 64, "message.keys" },
	{ "2^63 items", RAW("\0\0\0\0\0\0\0\200"), 96, "message.keys" },
	{ "2^64 items", RAW("\0\0\0\0\0\0\0\0\1"), 96, "ans104.bundle" },
	{ "an item beyond the end",
	  RAW("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\2"), 97, "ans104.bundle" },
	{ "a tail",
	  RAW("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\1"), 98, "ans104.bundle" },
	{ "a size of 2^64",
	  RAW("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\0\1"), 96, "ans104.bundle" },
};
/* clang-format on */

static void
malformed_bundles(void **state)
{
	static uint8_t bytes[32 + 257 * 64];

	(void)state;
	for (size_t i = 0; i < sizeof(bundles) / sizeof(bundles[0]); i++) {
		struct bundle bundle;
		struct bytes item;
		struct message_id id;
		struct fault f = { 0 };

		memset(bytes, 0, sizeof(bytes));
		memcpy(bytes, bundles[i].head.p, bundles[i].head.n);
		bool ok =
		    bundle_open(&bundle, bytes_of(bytes, bundles[i].size), &f);

		while (ok && bundle.left != 0)
			ok = bundle_next(&item, &id, &bundle, &f);
		if (ok != (bundles[i].reason == NULL) ||
		    (!ok && strcmp(f.reason, bundles[i].reason) != 0))
			fail_msg("%s: %s", bundles[i].name, f.why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_bundles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
