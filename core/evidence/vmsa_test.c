/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/vmsa.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t page[PAGEINFO_PAGE];

static void
models_have_their_signatures(void **state)
{
	/* clang-format off */
	static const struct {
		const char *model;
		uint32_t signature;
	} rows[] = {
		{ "EPYC",          0x00800f12 },
		{ "EPYC-v1",       0x00800f12 },
		{ "EPYC-v4",       0x00800f12 },
		{ "EPYC-v5",       0x00800f12 },
		{ "EPYC-IBPB",     0x00800f12 },
		{ "EPYC-Rome",     0x00830f10 },
		{ "EPYC-Rome-v4",  0x00830f10 },
		{ "EPYC-Milan",    0x00a00f11 },
		{ "EPYC-Milan-v2", 0x00a00f11 },
		{ "EPYC-Genoa",    0x00a10f10 },
		{ "EPYC-Genoa-v2", 0x00a10f10 },
		{ "EPYC-Turin",    0x00b00f00 },
		{ "EPYC-Turin-v1", 0x00b00f00 },
		{ "0x0",           0 },
		{ "0x800f12",      0x00800f12 },
		{ "0x00b00f21",    0x00b00f21 },
		{ "0xffffffff",    0xffffffff },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t signature = 1;
		struct fault f;

		if (!vmsa_cpu(&signature, bytes_text(rows[i].model), &f))
			fail_msg("%s: %s", rows[i].model, f.why);
		assert_int_equal(signature, rows[i].signature);
	}
}

static void
other_models_are_refused(void **state)
{
	static const char *const rows[] = { "", "epyc-v4", "EPYC-", "EPYC-v",
		"EPYC-v0", "EPYC-v6", "EPYC-v44", "EPYC-V4", "EPYC v4",
		"EPYC-v4 ", "EPYC-IBPB-v1", "EPYC-Rome-v6", "EPYC-Milan-v4",
		"EPYC-Genoa-v3", "EPYC-Turin-v2", "EPYC-Venice", "host", "max",
		"Skylake-Server", "0x", "0x800F12", "0x000800f12", "800f12",
		"0x8g", "-0x1", "0X800f12" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t signature;
		struct fault f = { 0 };

		if (vmsa_cpu(&signature, bytes_text(rows[i]), &f))
			fail_msg("%s accepted", rows[i]);
		assert_string_equal(f.reason, "snp.launch.cpu");
	}
}

static void
hosts_have_names(void **state)
{
	static const char *const known[] = { "qemu", "qemu-early", "ec2", "gce",
		"gce-genoa" };
	static const char *const unknown[] = { "", "QEMU", "qemu-", "ec",
		"ec22", "krun", "hyper-v" };

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_string_equal(
		    vmsa_host(bytes_text(known[i]))->name, known[i]);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_null(vmsa_host(bytes_text(unknown[i])));
}

/* What is not zero in a page, as runs: offset, how many bytes, which. */
struct run {
	uint16_t at, n;
	const char *bytes;
};

static void
check_page(const struct run *runs, size_t count)
{
	uint8_t want[PAGEINFO_PAGE] = { 0 };

	for (size_t i = 0; i < count; i++)
		memcpy(want + runs[i].at, runs[i].bytes, runs[i].n);
	assert_memory_equal(page, want, sizeof(page));
}

/* clang-format off */
#define DATA(at) { (at), 8, "\0\0\x93\0\xff\xff\0\0" }
#define CONTROL \
	{ 0xd0, 2, "\0\x10" }, { 0x148, 1, "\x40" }, { 0x158, 1, "\x10" }, { 0x160, 2, "\0\4" }, \
	{ 0x168, 4, "\xf0\x0f\xff\xff" }, { 0x170, 1, "\2" }, { 0x3e8, 1, "\1" }

/* clang-format on */
static void
the_first_vcpu_on_gce(void **state)
{
	/* As the page in google/gce-tcb-verifier's own test (Apache-2.0). */
	/* clang-format off */
	static const struct run runs[] = {
		DATA(0x00),
		{ 0x10, 16, "\0\xf0\x9b\0\xff\xff\0\0\0\0\xff\xff\0\0\0\0" },
		DATA(0x20), DATA(0x30), DATA(0x40), DATA(0x50),
		{ 0x60, 8, "\0\0\0\0\xff\xff\0\0" },
		{ 0x70, 8, "\0\0\x82\0\xff\xff\0\0" },
		{ 0x80, 8, "\0\0\0\0\xff\xff\0\0" },
		{ 0x90, 8, "\0\0\x8b\0\xff\xff\0\0" },
		CONTROL,
		{ 0x178, 2, "\xf0\xff" },
		{ 0x268, 8, "\x06\x01\x07\0\0\0\0\0" },
		{ 0x310, 2, "\0\6" },
		{ 0x3b0, 1, "\1" },
	};
	/* clang-format on */

	(void)state;
	vmsa_page(page, vmsa_host(BYTES("gce")), VMSA_RESET, 0x00a00f11, 1);
	check_page(runs, sizeof(runs) / sizeof(runs[0]));
}

static void
another_vcpu_on_qemu(void **state)
{
	/* clang-format off */
	static const struct run runs[] = {
		DATA(0x00),
		{ 0x10, 16, "\0\xf0\x9b\0\xff\xff\0\0\0\0\x80\0\0\0\0\0" },
		DATA(0x20), DATA(0x30), DATA(0x40), DATA(0x50),
		{ 0x60, 8, "\0\0\0\0\xff\xff\0\0" },
		{ 0x70, 8, "\0\0\x82\0\xff\xff\0\0" },
		{ 0x80, 8, "\0\0\0\0\xff\xff\0\0" },
		{ 0x90, 8, "\0\0\x8b\0\xff\xff\0\0" },
		CONTROL,
		{ 0x178, 2, "\4\xb0" },
		{ 0x268, 8, "\x06\x04\x07\0\x06\x04\x07\0" },
		{ 0x310, 4, "\x11\x0f\xa0\0" },
		{ 0x3b0, 8, "\x21\2\0\0\0\0\0\0" },
		{ 0x408, 2, "\x80\x1f" },
		{ 0x410, 2, "\x7f\3" },
	};
	/* clang-format on */

	(void)state;
	vmsa_page(page, vmsa_host(BYTES("qemu")), 0x80b004, 0x00a00f11, 0x221);
	check_page(runs, sizeof(runs) / sizeof(runs[0]));
}

static void
hosts_differ(void **state)
{
	static const char *const names[] = { "qemu", "qemu-early", "ec2",
		"gce" };
	struct sha384 of[4];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		vmsa_page(page, vmsa_host(bytes_text(names[i])), VMSA_RESET,
		    0x00a00f11, 1);
		of[i] = sha384_of(bytes_of(page, sizeof(page)));
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(of[i].b, of[j].b, 48);
	}
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(models_have_their_signatures),
		cmocka_unit_test(other_models_are_refused),
		cmocka_unit_test(hosts_have_names),
		cmocka_unit_test(the_first_vcpu_on_gce),
		cmocka_unit_test(another_vcpu_on_qemu),
		cmocka_unit_test(hosts_differ),
	};

	return cmocka_run_group_tests_name("vmsa", units, NULL, NULL);
}
