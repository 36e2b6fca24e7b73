/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/launches_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool
run(const struct bytes *row, struct fault *f)
{
	bool swaps =
	    (table_number(row[LAUNCHES_FEATURES]) & LAUNCH_DEBUG_SWAP) != 0;
	struct sha384 digest;
	struct launches_scene s;

	launches_take(&s, row);
	if (swaps) {
		if (launch_digest(&digest, &s.launch, f) ||
		    strcmp(f->reason, "snp.launch.features") != 0)
			return false;
		s.launch.allowed |= LAUNCH_DEBUG_SWAP;
	}
	return launch_digest(&digest, &s.launch, f) &&
	       memcmp(digest.b, s.digest.b, sizeof(digest.b)) == 0;
}

static void
known_launches(void **state)
{
	(void)state;
	assert_int_equal(
	    table_run(launches_table(), LAUNCHES_COLUMNS, run), 18);
}

static void
a_genuine_report_matches(void **state)
{
	static uint8_t bytes[2048];
	struct bytes report = table_file(
	    bytes, sizeof(bytes), "launch", BYTES("dstack-report.bin"));
	struct sha384 wanted = { 0 };
	struct launches_scene s;
	struct fault f;

	(void)state;
	assert_int_equal(report.n, 1184);
	launches_last(&s);
	assert_true(launch_digest(&wanted, &s.launch, &f));
	assert_memory_equal(wanted.b, report.p + 0x90, sizeof(wanted.b));
}

static void
more_vcpus(struct launches_scene *s)
{
	s->launch.vcpus++;
}

static void
one_vcpu(struct launches_scene *s)
{
	s->launch.vcpus = 1;
}

static void
other_cpu(struct launches_scene *s)
{
	s->launch.cpu = 0x00a00f11;
}

static void
other_host(struct launches_scene *s)
{
	s->launch.host = vmsa_host(BYTES("qemu-early"));
}

static void
other_features(struct launches_scene *s)
{
	s->launch.features |= LAUNCH_SECURE_TSC;
}

static void
other_kernel(struct launches_scene *s)
{
	s->kernel.kernel.b[31] ^= 1;
}

static void
other_initrd(struct launches_scene *s)
{
	s->kernel.initrd.b[0] ^= 1;
}

static void
other_cmdline(struct launches_scene *s)
{
	s->kernel.cmdline.b[0] ^= 1;
}

static void
no_kernel(struct launches_scene *s)
{
	s->launch.kernel = NULL;
}

static void
other_firmware(struct launches_scene *s)
{
	s->firmware.chain.b[47] ^= 1;
}

static void
other_memory(struct launches_scene *s)
{
	s->firmware.sections[5].size -= 0x1000;
}

static void
other_order(struct launches_scene *s)
{
	struct ovmf_section first = s->firmware.sections[0];

	s->firmware.sections[0] = s->firmware.sections[1];
	s->firmware.sections[1] = first;
}

static void
other_reset(struct launches_scene *s)
{
	s->firmware.ap_reset += 4;
}

static void
other_table(struct launches_scene *s)
{
	s->firmware.hash_table += 0x10;
}

static void
no_vcpu(struct launches_scene *s)
{
	s->launch.vcpus = 0;
}

static void
too_many_vcpus(struct launches_scene *s)
{
	s->launch.vcpus = LAUNCH_VCPUS_MAX + 1;
}

static void
no_reset(struct launches_scene *s)
{
	s->firmware.ap_reset = 0;
}

static void
no_snp(struct launches_scene *s)
{
	s->launch.features = 0;
}

static void
debug_swap(struct launches_scene *s)
{
	s->launch.features |= LAUNCH_DEBUG_SWAP;
}

static void
virtual_tom(struct launches_scene *s)
{
	s->launch.features |= UINT64_C(1) << 1;
	s->launch.allowed = UINT64_MAX;
}

static void
last_bit(struct launches_scene *s)
{
	s->launch.features |= UINT64_C(1) << 63;
	s->launch.allowed = UINT64_MAX;
}

static void
not_allowed(struct launches_scene *s)
{
	s->launch.features |= LAUNCH_SECURE_TSC;
	s->launch.allowed = LAUNCH_SNP_ACTIVE;
}

static void
no_secrets(struct launches_scene *s)
{
	s->firmware.sections[2].kind = OVMF_SEC_MEM;
}

static void
no_cpuid(struct launches_scene *s)
{
	s->firmware.sections[3].kind = OVMF_SEC_MEM;
}

static void
no_hashes(struct launches_scene *s)
{
	s->firmware.sections[6].kind = OVMF_SEC_MEM;
}

static void
bad_section(struct launches_scene *s)
{
	s->firmware.sections[6].size = 0x800;
}

static void
endless_section(struct launches_scene *s)
{
	s->firmware.sections[6].kind = OVMF_SEC_MEM;
	s->firmware.sections[6].gpa = 0x1000000;
	s->firmware.sections[6].size = 0x40000000;
	s->launch.kernel = NULL;
}

static void
other_launches_are_refused(void **state)
{
	/* clang-format off */
	static const struct {
		void (*change)(struct launches_scene *s);
		const char *reason; /* NULL: another digest */
	} rows[] = {
		{ more_vcpus,      NULL },
		{ one_vcpu,        NULL },
		{ other_cpu,       NULL },
		{ other_host,      NULL },
		{ other_features,  NULL },
		{ other_kernel,    NULL },
		{ other_initrd,    NULL },
		{ other_cmdline,   NULL },
		{ no_kernel,       NULL },
		{ other_firmware,  NULL },
		{ other_memory,    NULL },
		{ other_order,     NULL },
		{ other_reset,     NULL },
		{ other_table,     NULL },
		{ no_vcpu,         "snp.launch.cpu" },
		{ too_many_vcpus,  "snp.launch.cpu" },
		{ no_reset,        "snp.launch.cpu" },
		{ no_snp,          "snp.launch.features" },
		{ debug_swap,      "snp.launch.features" },
		{ virtual_tom,     "snp.launch.features" },
		{ last_bit,        "snp.launch.features" },
		{ not_allowed,     "snp.launch.features" },
		{ no_secrets,      "snp.launch.firmware" },
		{ no_cpuid,        "snp.launch.firmware" },
		{ no_hashes,       "snp.launch.firmware" },
		{ bad_section,     "snp.launch.firmware" },
		{ endless_section, "snp.launch.firmware" },
	};
	/* clang-format on */
	struct sha384 wanted;
	struct launches_scene s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault f = { 0 };

		launches_last(&s);
		rows[i].change(&s);
		bool ok = launch_digest(&wanted, &s.launch, &f);

		if (ok != (rows[i].reason == NULL))
			fail_msg("row %zu: %s", i, f.why);
		if (ok)
			assert_memory_not_equal(wanted.b, s.digest.b, 48);
		if (!ok)
			assert_string_equal(f.reason, rows[i].reason);
	}
}

static void
the_largest_launch(void **state)
{
	struct launches_scene s;
	struct sha384 digest;
	struct fault f = { 0 };

	(void)state;
	launches_last(&s);
	s.firmware.sections[0].gpa = 0x10000000;
	s.firmware.sections[0].size = PAGEINFO_PAGE * (OVMF_PAGES_MAX - 22);
	s.launch.vcpus = LAUNCH_VCPUS_MAX;
	assert_true(launch_digest(&digest, &s.launch, &f));
	s.firmware.sections[0].size += PAGEINFO_PAGE;
	assert_false(launch_digest(&digest, &s.launch, &f));
	assert_int_equal(f.code, FAULT_LIMIT);
	assert_string_equal(f.reason, "snp.launch.firmware");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(known_launches),
		cmocka_unit_test(a_genuine_report_matches),
		cmocka_unit_test(other_launches_are_refused),
		cmocka_unit_test(the_largest_launch),
	};

	return cmocka_run_group_tests_name("launch", units, NULL, NULL);
}
