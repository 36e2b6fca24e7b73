/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/pageinfo.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Values of google/gce-tcb-verifier's own test (Apache-2.0). */
static const uint8_t three_normal[] = { 0xcb, 0xa1, 0xcd, 0x76, 0x7c, 0x33,
	0xb3, 0x0f, 0x96, 0x27, 0x18, 0x37, 0xdb, 0xba, 0xe4, 0x08, 0x1a, 0x94,
	0x54, 0x64, 0xa5, 0xaf, 0x39, 0x7b, 0x9b, 0x03, 0x36, 0xb5, 0xd8, 0x75,
	0x9e, 0xe8, 0x8c, 0xc6, 0xb6, 0x2c, 0x05, 0xd9, 0x15, 0xc4, 0x42, 0x4a,
	0x9a, 0xc5, 0x74, 0x74, 0x37, 0xd4 };
static const uint8_t three_zero[] = { 0x4b, 0xfe, 0x18, 0x47, 0x7b, 0xa3, 0x70,
	0xa5, 0x03, 0x29, 0xda, 0x74, 0xb9, 0x62, 0x1e, 0x72, 0x1c, 0x4f, 0x29,
	0x66, 0x31, 0x76, 0xe0, 0x8f, 0xbc, 0xf0, 0x88, 0xa1, 0x7c, 0x1b, 0xc4,
	0x5f, 0x13, 0x38, 0x98, 0xb8, 0x6d, 0x50, 0x82, 0xac, 0xbe, 0x20, 0x2a,
	0x6e, 0x94, 0x19, 0x80, 0x8a };

static uint8_t pages[3 * PAGEINFO_PAGE];

static void
known_values(void **state)
{
	struct sha384 chain = { 0 };

	(void)state;
	memcpy(pages, "LGTMLGTMLGTMLGTM", 16);
	memcpy(pages + sizeof(pages) - 16, "LGTMLGTMLGTMLGTM", 16);
	pageinfo_add_normal(&chain, 0, bytes_of(pages, sizeof(pages)));
	assert_memory_equal(chain.b, three_normal, sizeof(chain.b));
	chain = (struct sha384){ 0 };
	pageinfo_add_empty(&chain, PAGEINFO_ZERO, 0x9000, sizeof(pages));
	assert_memory_equal(chain.b, three_zero, sizeof(chain.b));
}

static struct sha384
linked(enum pageinfo_type type, uint64_t gpa, uint8_t contents, uint8_t before)
{
	struct sha384 chain = { .b = { before } };
	struct sha384 of = { .b = { contents } };

	pageinfo_add(&chain, type, gpa, &of);
	return chain;
}

static void
each_part_counts(void **state)
{
	struct sha384 all[] = {
		linked(PAGEINFO_NORMAL, 0x1000, 1, 1),
		linked(PAGEINFO_VMSA, 0x1000, 1, 1),
		linked(PAGEINFO_NORMAL, 0x2000, 1, 1),
		linked(PAGEINFO_NORMAL, 0x100000000001000, 1, 1),
		linked(PAGEINFO_NORMAL, 0x1000, 2, 1),
		linked(PAGEINFO_NORMAL, 0x1000, 1, 2),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(
			    all[i].b, all[j].b, sizeof(all[i].b));
}

static void
parts_of_pages_add_nothing(void **state)
{
	struct sha384 chain = { 0 };
	static const struct sha384 start;

	(void)state;
	pageinfo_add_normal(&chain, 0, (struct bytes){ 0 });
	pageinfo_add_normal(&chain, 0, bytes_of(pages, PAGEINFO_PAGE - 1));
	pageinfo_add_empty(&chain, PAGEINFO_ZERO, 0, 0);
	pageinfo_add_empty(&chain, PAGEINFO_ZERO, 0, PAGEINFO_PAGE - 1);
	assert_memory_equal(chain.b, start.b, sizeof(chain.b));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(known_values),
		cmocka_unit_test(each_part_counts),
		cmocka_unit_test(parts_of_pages_add_nothing),
	};

	return cmocka_run_group_tests_name("pageinfo", units, NULL, NULL);
}
