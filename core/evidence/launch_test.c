/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/launch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/evidence/table_test.h"

static uint8_t block[64 << 10];

/* A launch and what it points to. */
struct scene {
	struct ovmf firmware;
	struct kernelhashes kernel;
	struct launch launch;
	struct sha384 digest;
};

enum {
	ID,
	DIGEST,
	CHAIN,
	SECTIONS,
	AP_RESET,
	HASH_TABLE,
	HOST,
	CPU,
	VCPUS,
	FEATURES,
	KERNEL,
	INITRD,
	CMDLINE,
	COLUMNS
};

static void
take_sections(struct ovmf *o, struct bytes text)
{
	while (text.n != 0) {
		struct bytes one = table_part(&text, ',');
		struct ovmf_section *s = &o->sections[o->nsections++];

		s->gpa = (uint32_t)table_number(table_part(&one, ':'));
		s->size = (uint32_t)table_number(table_part(&one, ':'));
		s->kind = (enum ovmf_kind)table_number(one);
	}
}

static void
take_kernel(struct scene *s, const struct bytes *row)
{
	struct bytes cmdline = row[CMDLINE];

	if (bytes_is(cmdline, "empty"))
		cmdline.n = 0;
	s->kernel =
	    kernelhashes_of((struct bytes){ 0 }, (struct bytes){ 0 }, cmdline);
	(void)table_hex(s->kernel.kernel.b, 32, row[KERNEL]);
	(void)table_hex(s->kernel.initrd.b, 32, row[INITRD]);
	s->launch.kernel = &s->kernel;
}

static void
take_scene(struct scene *s, const struct bytes *row)
{
	struct fault f;

	*s = (struct scene){ 0 };
	(void)table_hex(s->digest.b, 48, row[DIGEST]);
	(void)table_hex(s->firmware.chain.b, 48, row[CHAIN]);
	take_sections(&s->firmware, row[SECTIONS]);
	s->firmware.ap_reset = (uint32_t)table_number(row[AP_RESET]);
	s->firmware.hash_table = (uint32_t)table_number(row[HASH_TABLE]);
	s->launch.firmware = &s->firmware;
	s->launch.host = vmsa_host(row[HOST]);
	assert_non_null(s->launch.host);
	if (row[CPU].n != 0)
		assert_true(vmsa_cpu(&s->launch.cpu, row[CPU], &f));
	s->launch.vcpus = (uint32_t)table_number(row[VCPUS]);
	s->launch.features = table_number(row[FEATURES]);
	s->launch.allowed = LAUNCH_FEATURES_DEFAULT;
	if (row[KERNEL].n != 0)
		take_kernel(s, row);
}

static bool
run(const struct bytes *row, struct fault *f)
{
	bool swaps = (table_number(row[FEATURES]) & LAUNCH_DEBUG_SWAP) != 0;
	struct sha384 digest;
	struct scene s;

	take_scene(&s, row);
	if (swaps) {
		if (launch_digest(&digest, &s.launch, f) ||
		    strcmp(f->reason, "snp.launch.features") != 0)
			return false;
		s.launch.allowed |= LAUNCH_DEBUG_SWAP;
	}
	return launch_digest(&digest, &s.launch, f) &&
	       memcmp(digest.b, s.digest.b, sizeof(digest.b)) == 0;
}

static struct bytes
table(void)
{
	return table_file(block, sizeof(block), "launch", BYTES("launch.tsv"));
}

static void
known_launches(void **state)
{
	(void)state;
	assert_int_equal(table_run(table(), COLUMNS, run), 18);
}

/* The launch of the table's last row: a genuine report shows its digest. */
static void
take_last(struct scene *s)
{
	struct cursor c = cursor_over(table());
	struct bytes row[COLUMNS], line = { 0 };

	while (c.left != 0)
		line = cursor_until(&c, '\n');
	for (size_t i = 0; i < COLUMNS; i++)
		row[i] = table_part(&line, '\t');
	assert_true(bytes_is(row[ID], "dstack-live-milan"));
	take_scene(s, row);
}

static void
a_genuine_report_matches(void **state)
{
	struct bytes report = table_file(
	    block, sizeof(block), "launch", BYTES("dstack-report.bin"));
	struct bytes measurement = { 0 };
	struct sha384 wanted = { 0 };
	struct scene s;
	struct fault f;
	uint8_t kept[48];

	(void)state;
	assert_int_equal(report.n, 1184);
	memcpy(kept, report.p + 0x90, sizeof(kept));
	measurement = bytes_of(kept, sizeof(kept));
	take_last(&s);
	assert_true(launch_check(&wanted,
	    &(struct launch_expect){ .launch = &s.launch }, measurement, &f));
	assert_memory_equal(wanted.b, kept, sizeof(kept));
	assert_true(launch_check(&wanted,
	    &(struct launch_expect){ .digest = measurement }, measurement, &f));
	assert_true(launch_check(&wanted,
	    &(struct launch_expect){ measurement, &s.launch }, measurement,
	    &f));
}

static void
more_vcpus(struct scene *s)
{
	s->launch.vcpus++;
}

static void
one_vcpu(struct scene *s)
{
	s->launch.vcpus = 1;
}

static void
other_cpu(struct scene *s)
{
	s->launch.cpu = 0x00a00f11;
}

static void
other_host(struct scene *s)
{
	s->launch.host = vmsa_host(BYTES("qemu-early"));
}

static void
other_features(struct scene *s)
{
	s->launch.features |= LAUNCH_SECURE_TSC;
}

static void
other_kernel(struct scene *s)
{
	s->kernel.kernel.b[31] ^= 1;
}

static void
other_initrd(struct scene *s)
{
	s->kernel.initrd.b[0] ^= 1;
}

static void
other_cmdline(struct scene *s)
{
	s->kernel.cmdline.b[0] ^= 1;
}

static void
no_kernel(struct scene *s)
{
	s->launch.kernel = NULL;
}

static void
other_firmware(struct scene *s)
{
	s->firmware.chain.b[47] ^= 1;
}

static void
other_memory(struct scene *s)
{
	s->firmware.sections[5].size -= 0x1000;
}

static void
other_order(struct scene *s)
{
	struct ovmf_section first = s->firmware.sections[0];

	s->firmware.sections[0] = s->firmware.sections[1];
	s->firmware.sections[1] = first;
}

static void
other_reset(struct scene *s)
{
	s->firmware.ap_reset += 4;
}

static void
other_table(struct scene *s)
{
	s->firmware.hash_table += 0x10;
}

static void
no_vcpu(struct scene *s)
{
	s->launch.vcpus = 0;
}

static void
too_many_vcpus(struct scene *s)
{
	s->launch.vcpus = LAUNCH_VCPUS_MAX + 1;
}

static void
no_reset(struct scene *s)
{
	s->firmware.ap_reset = 0;
}

static void
no_snp(struct scene *s)
{
	s->launch.features = 0;
}

static void
debug_swap(struct scene *s)
{
	s->launch.features |= LAUNCH_DEBUG_SWAP;
}

static void
virtual_tom(struct scene *s)
{
	s->launch.features |= UINT64_C(1) << 1;
	s->launch.allowed = UINT64_MAX;
}

static void
last_bit(struct scene *s)
{
	s->launch.features |= UINT64_C(1) << 63;
	s->launch.allowed = UINT64_MAX;
}

static void
not_allowed(struct scene *s)
{
	s->launch.features |= LAUNCH_SECURE_TSC;
	s->launch.allowed = LAUNCH_SNP_ACTIVE;
}

static void
no_secrets(struct scene *s)
{
	s->firmware.sections[2].kind = OVMF_SEC_MEM;
}

static void
no_cpuid(struct scene *s)
{
	s->firmware.sections[3].kind = OVMF_SEC_MEM;
}

static void
no_hashes(struct scene *s)
{
	s->firmware.sections[6].kind = OVMF_SEC_MEM;
}

static void
bad_section(struct scene *s)
{
	s->firmware.sections[6].size = 0x800;
}

static void
endless_section(struct scene *s)
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
		void (*change)(struct scene *s);
		const char *reason;
	} rows[] = {
		{ more_vcpus,      "snp.launch.mismatch" },
		{ one_vcpu,        "snp.launch.mismatch" },
		{ other_cpu,       "snp.launch.mismatch" },
		{ other_host,      "snp.launch.mismatch" },
		{ other_features,  "snp.launch.mismatch" },
		{ other_kernel,    "snp.launch.mismatch" },
		{ other_initrd,    "snp.launch.mismatch" },
		{ other_cmdline,   "snp.launch.mismatch" },
		{ no_kernel,       "snp.launch.mismatch" },
		{ other_firmware,  "snp.launch.mismatch" },
		{ other_memory,    "snp.launch.mismatch" },
		{ other_order,     "snp.launch.mismatch" },
		{ other_reset,     "snp.launch.mismatch" },
		{ other_table,     "snp.launch.mismatch" },
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
	struct scene s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault f = { 0 };

		take_last(&s);
		rows[i].change(&s);
		if (launch_check(&wanted,
			&(struct launch_expect){ .launch = &s.launch },
			BYTES_OF(&s.digest), &f))
			fail_msg("row %zu accepted", i);
		if (strcmp(f.reason, rows[i].reason) != 0)
			fail_msg("row %zu: %s, %s", i, f.reason, f.why);
	}
}

static void
digests_that_do_not_fit(void **state)
{
	struct sha384 wanted, other = { 0 };
	struct scene s;
	struct bytes good = BYTES_OF(&s.digest);
	struct bytes shorter = bytes_of(s.digest.b, 47);
	struct bytes zeros = BYTES_OF(&other);

	(void)state;
	take_last(&s);
	const struct {
		struct launch_expect want;
		struct bytes measurement;
	} rows[] = {
		{ { good, NULL }, zeros },
		{ { good, NULL }, shorter },
		{ { good, NULL }, { 0 } },
		{ { zeros, NULL }, good },
		{ { shorter, NULL }, good },
		{ { shorter, NULL }, shorter },
		{ { zeros, &s.launch }, good },
		{ { zeros, &s.launch }, zeros },
		{ { good, &s.launch }, zeros },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault f = { 0 };

		if (launch_check(
			&wanted, &rows[i].want, rows[i].measurement, &f))
			fail_msg("row %zu accepted", i);
		assert_string_equal(f.reason, "snp.launch.mismatch");
	}
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(known_launches),
		cmocka_unit_test(a_genuine_report_matches),
		cmocka_unit_test(other_launches_are_refused),
		cmocka_unit_test(digests_that_do_not_fit),
	};

	return cmocka_run_group_tests_name("launch", units, NULL, NULL);
}
