/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/kernelhashes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t page[PAGEINFO_PAGE];

static void
the_table_is_qemus(void **state)
{
	static const uint8_t head[] = { 0x06, 0xd6, 0x38, 0x94, 0x22, 0x4f,
		0xc9, 0x4c, 0xb4, 0x79, 0xa7, 0x93, 0xd4, 0x11, 0xfd, 0x21, 168,
		0 };
	struct kernelhashes h =
	    kernelhashes_of(BYTES("kernel"), BYTES("initrd"), BYTES("quiet"));
	struct sha256 kernel = sha256_of(BYTES("kernel"));
	struct sha256 initrd = sha256_of(BYTES("initrd"));
	struct sha256 cmdline = sha256_of(BYTES("quiet\0"));

	(void)state;
	memset(page, 0xff, sizeof(page));
	kernelhashes_page(page, &h, 0xc00);
	assert_memory_equal(page + 0xc00, head, sizeof(head));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(page[0xc00 + 18 + 50 * i + 16], 50);
	assert_memory_equal(page + 0xc00 + 36, cmdline.b, 32);
	assert_memory_equal(page + 0xc00 + 86, initrd.b, 32);
	assert_memory_equal(page + 0xc00 + 136, kernel.b, 32);
	for (size_t i = 0; i < sizeof(page); i++)
		if (i < 0xc00 || i >= 0xc00 + 168)
			assert_int_equal(page[i], 0);
}

static void
it_fits_up_to_the_end_of_its_page(void **state)
{
	struct kernelhashes h = { 0 };

	(void)state;
	kernelhashes_page(page, &h, PAGEINFO_PAGE - KERNELHASHES_SIZE);
	assert_int_equal(page[PAGEINFO_PAGE - KERNELHASHES_SIZE], 0x06);
}

static void
absent_is_empty(void **state)
{
	struct bytes none = { 0 };
	struct kernelhashes h = kernelhashes_of(BYTES("kernel"), none, none);
	struct sha256 empty = sha256_of(none), nul = sha256_of(BYTES("\0"));

	(void)state;
	assert_memory_equal(h.initrd.b, empty.b, 32);
	assert_memory_equal(h.cmdline.b, nul.b, 32);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(the_table_is_qemus),
		cmocka_unit_test(it_fits_up_to_the_end_of_its_page),
		cmocka_unit_test(absent_is_empty),
	};

	return cmocka_run_group_tests_name("kernelhashes", units, NULL, NULL);
}
