/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/ovmf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/evidence/table_test.h"

static uint8_t image[OVMF_SIZE_MAX + PAGEINFO_PAGE];

static struct bytes
read_image(const char *name)
{
	return table_file(image, sizeof(image), "launch", bytes_text(name));
}

static void
an_image_for_kernels(void **state)
{
	/* clang-format off */
	static const struct ovmf_section want[] = {
		{ 0x800000, 0x9000, OVMF_SEC_MEM },
		{ 0x80a000, 0x3000, OVMF_SEC_MEM },
		{ 0x80d000, 0x1000, OVMF_SECRETS },
		{ 0x80e000, 0x1000, OVMF_CPUID },
		{ 0x80f000, 0x1000, OVMF_SVSM_CAA },
		{ 0x811000, 0xf000, OVMF_SEC_MEM },
		{ 0x810000, 0x1000, OVMF_KERNEL_HASHES },
	};
	/* clang-format on */
	uint8_t chain[48];
	struct ovmf o;
	struct fault f;

	(void)state;
	assert_true(ovmf_parse(&o, read_image("ovmf-hashes.fd"), &f));
	(void)table_hex(chain, sizeof(chain),
	    BYTES("8d2f71ee67bee23e303c34680864bb7f3338d4a1987d8f79f82be952ef2b"
		  "c81a0a944baec1e3aaecf5a6772327c0f867"));
	assert_memory_equal(o.chain.b, chain, sizeof(chain));
	assert_int_equal(o.ap_reset, 0x80b004);
	assert_int_equal(o.hash_table, 0x810c00);
	assert_int_equal(o.nsections, 7);
	for (size_t i = 0; i < o.nsections; i++) {
		assert_int_equal(o.sections[i].gpa, want[i].gpa);
		assert_int_equal(o.sections[i].size, want[i].size);
		assert_int_equal(o.sections[i].kind, want[i].kind);
	}
	assert_ptr_equal(ovmf_find(&o, OVMF_CPUID), &o.sections[3]);
}

static void
an_image_without_kernels(void **state)
{
	uint8_t chain[48];
	struct ovmf o;
	struct fault f;

	(void)state;
	assert_true(ovmf_parse(&o, read_image("ovmf-plain.fd"), &f));
	(void)table_hex(chain, sizeof(chain),
	    BYTES("67b4564e9433cde53dc96325516d96a28bac15377eb290b600511e4906fd"
		  "ae3e3721d42dbf410833ad72d0677a453d4d"));
	assert_memory_equal(o.chain.b, chain, sizeof(chain));
	assert_int_equal(o.hash_table, 0);
	assert_int_equal(o.nsections, 6);
	assert_null(ovmf_find(&o, OVMF_KERNEL_HASHES));
}

/* Where the parts of ovmf-hashes.fd stand. */
enum {
	META = 8192 - 0x600,
	COUNT = META + 12,
	SECTIONS = META + 16,
	FOOTER = 8192 - 32 - 18,
	RESET = FOOTER - 22,
	OTHER = RESET - 26,
	HASHES = OTHER - 26,
	METADATA = HASHES - 22,
};

#define SECTION(i, field) (SECTIONS + 12 * (i) + 4 * (field))

struct edit {
	const char *name;
	size_t at;
	uint32_t value;
	uint8_t size;
	size_t cut; /* how long the image is then; 0: as it was */
};

/* clang-format off */
static const struct edit edits[] = {
	{ "empty",                     0, 0, 0, SIZE_MAX },
	{ "less than a page",          0, 0, 0, 4095 },
	{ "no whole pages",            0, 0, 0, 8191 },
	{ "its end is missing",        0, 0, 0, 4096 },
	{ "no table",                  FOOTER + 2, 0, 1, 0 },
	{ "table of nothing",          FOOTER, 0, 2, 0 },
	{ "table of less than itself", FOOTER, 17, 2, 0 },
	{ "empty table",               FOOTER, 18, 2, 0 },
	{ "table longer than image",   FOOTER, 0xffff, 2, 0 },
	{ "table cuts its entry",      FOOTER, 40 - 1, 2, 0 },
	{ "table of bytes left over",  FOOTER, 40 + 17, 2, 0 },
	{ "entry of nothing",          FOOTER - 18, 0, 2, 0 },
	{ "entry of less than itself", FOOTER - 18, 17, 2, 0 },
	{ "entry of a wrong size",     FOOTER - 18, 18, 2, 0 },
	{ "entry longer than table",   FOOTER - 18, 0x1000, 2, 0 },
	{ "no metadata",               METADATA + 6, 0, 1, 0 },
	{ "metadata outside",          METADATA, 8193, 4, 0 },
	{ "metadata far outside",      METADATA, 0xffffffff, 4, 0 },
	{ "metadata at the end",       METADATA, 0, 4, 0 },
	{ "metadata cut",              METADATA, 15, 4, 0 },
	{ "metadata elsewhere",        METADATA, 0x610, 4, 0 },
	{ "metadata's name",           META, 'B', 1, 0 },
	{ "metadata's size",           META + 4, 99, 4, 0 },
	{ "metadata's version 0",      META + 8, 0, 4, 0 },
	{ "metadata's version 2",      META + 8, 2, 4, 0 },
	{ "one section less",          COUNT, 6, 4, 0 },
	{ "one section more",          COUNT, 8, 4, 0 },
	{ "all sections",              COUNT, 0xffffffff, 4, 0 },
	{ "sections that wrap",        COUNT, 0x15555556, 4, 0 },
	{ "section of kind 0",         SECTION(0, 2), 0, 4, 0 },
	{ "section of kind 5",         SECTION(0, 2), 5, 4, 0 },
	{ "section of kind 0x101",     SECTION(0, 2), 0x101, 4, 0 },
	{ "section at half a page",    SECTION(0, 0), 0x7ff800, 4, 0 },
	{ "section of half a page",    SECTION(0, 1), 0x8800, 4, 0 },
	{ "section of nothing",        SECTION(0, 1), 0, 4, 0 },
	{ "section beyond 4 GiB",      SECTION(0, 1), 0xff801000, 4, 0 },
	{ "section too long",          SECTION(5, 1), 0x04001000, 4, 0 },
	{ "section over the image",    SECTION(5, 0), 0xffff0000, 4, 0 },
	{ "sections overlap",          SECTION(1, 0), 0x808000, 4, 0 },
	{ "section in section",        SECTION(0, 1), 0xb000, 4, 0 },
	{ "two pages of secrets",      SECTION(2, 1), 0x2000, 4, 0 },
	{ "two sections of secrets",   SECTION(4, 2), 2, 4, 0 },
	{ "two sections of CPUID",     SECTION(4, 2), 3, 4, 0 },
	{ "two sections of hashes",    SECTION(4, 2), 0x10, 4, 0 },
	{ "hash table elsewhere",      HASHES, 0x80fc00, 4, 0 },
	{ "no hash table",             HASHES, 0, 4, 0 },
	{ "hash table over the end",   HASHES, 0x810f51, 4, 0 },
};
/* clang-format on */

static void
edited_images_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		const struct edit *e = &edits[i];
		struct bytes in = read_image("ovmf-hashes.fd");
		struct ovmf o;
		struct fault f = { 0 };

		for (size_t b = 0; b < e->size; b++)
			image[e->at + b] = (uint8_t)(e->value >> 8 * b);
		if (e->cut != 0)
			in.n = e->cut == SIZE_MAX ? 0 : e->cut;
		if (ovmf_parse(&o, in, &f))
			fail_msg("%s: accepted", e->name);
		if (strcmp(f.reason, "snp.launch.firmware") != 0)
			fail_msg("%s: %s", e->name, f.reason);
	}
}

static void
the_edges_are_accepted(void **state)
{
	struct ovmf o;
	struct fault f;
	struct bytes in = read_image("ovmf-hashes.fd");

	(void)state;
	image[HASHES] = 0x50;
	image[HASHES + 1] = 0x0f;
	assert_true(ovmf_parse(&o, in, &f));
	assert_int_equal(o.hash_table, 0x810f50);
	/* The reset block under a GUID that nobody knows. */
	image[RESET + 6] ^= 1;
	assert_true(ovmf_parse(&o, in, &f));
	assert_int_equal(o.ap_reset, 0);
}

static void
an_entry_twice_is_refused(void **state)
{
	struct bytes in = read_image("ovmf-hashes.fd");
	struct ovmf o;
	struct fault f = { 0 };

	(void)state;
	/* The table's last entry has the shape of the reset block. */
	memcpy(image + METADATA - 22 + 6, image + RESET + 6, 16);
	assert_false(ovmf_parse(&o, in, &f));
	assert_string_equal(f.reason, "snp.launch.firmware");
	assert_non_null(strstr(f.why, "twice"));
}

static void
large_images(void **state)
{
	struct bytes in = read_image("ovmf-plain.fd");
	size_t largest = OVMF_SIZE_MAX;
	struct ovmf o;
	struct fault f = { 0 };

	(void)state;
	memcpy(image + largest - in.n, image, in.n);
	assert_true(ovmf_parse(&o, bytes_of(image, largest), &f));
	memmove(image + PAGEINFO_PAGE, image, largest);
	assert_false(
	    ovmf_parse(&o, bytes_of(image, largest + PAGEINFO_PAGE), &f));
	assert_string_equal(f.reason, "snp.launch.firmware");
	assert_int_equal(f.code, FAULT_LIMIT);
}

/* Real firmware where the build root has it; the vectors do without. */
static void
debians_firmware(void **state)
{
	FILE *file = fopen("/usr/share/ovmf/OVMF.fd", "rb");
	struct ovmf o;
	struct fault f;

	(void)state;
	if (file == NULL)
		skip();
	size_t n = fread(image, 1, sizeof(image), file);

	(void)fclose(file);
	assert_true(ovmf_parse(&o, bytes_of(image, n), &f));
	assert_int_equal(o.ap_reset, 0x80b004);
	assert_int_equal(o.hash_table, 0);
	assert_non_null(ovmf_find(&o, OVMF_SECRETS));
	assert_non_null(ovmf_find(&o, OVMF_CPUID));
	assert_null(ovmf_find(&o, OVMF_KERNEL_HASHES));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(an_image_for_kernels),
		cmocka_unit_test(an_image_without_kernels),
		cmocka_unit_test(edited_images_are_refused),
		cmocka_unit_test(the_edges_are_accepted),
		cmocka_unit_test(an_entry_twice_is_refused),
		cmocka_unit_test(large_images),
		cmocka_unit_test(debians_firmware),
	};

	return cmocka_run_group_tests_name("ovmf", units, NULL, NULL);
}
