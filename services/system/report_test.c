/* SPDX-License-Identifier: Apache-2.0 */
/* The whole report on trees made for it. */
#include "core/message/pack.h"
#include "services/system/fixture_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define ACPI      "sys/firmware/acpi/tables/"
#define ACPI_PATH "firmware/acpi/tables/sys/firmware/acpi/tables/"
#define GLOBAL    "-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define EFI       "sys/firmware/efi/efivars/"
#define ID        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_"

struct file {
	const char *path, *content;
};

struct text {
	const char *path, *text; /* NULL: null */
};

/* clang-format off */
static const struct file files[] = {
	{ "proc/cmdline",                    "quiet lapee.image-id=" ID " ro\n" },
	{ "proc/version",                    "Linux version 6.12 (x@y)\n" },
	{ "proc/sys/kernel/ostype",          "Linux\n" },
	{ "proc/sys/kernel/osrelease",       "6.12.1\n" },
	{ "proc/sys/kernel/hostname",        "(none)\n" },
	{ "proc/cpuinfo",                    "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu MHz\t\t: 2000.1\n"
	                                     "flags\t\t: fpu vme aes\nbugs\t\t: a_bug\npower management:\n\n"
	                                     "processor\t: 1\nvendor_id\t: SecondOne\nflags\t\t: other\n" },
	{ "proc/meminfo",                    "MemTotal:       24684092 kB\nMemFree:        1 kB\nHugePages_Total:  3\n"
	                                     "Hugepagesize: many kB\nSwapTotal:  99999999999999999 kB\n" },
	{ "sys/class/dmi/id/sys_vendor",     "  Fa\xc3\xa9" "brik\xff \x01Inc\n" },
	{ "sys/class/dmi/id/product_name",   "\n" },
	{ "sys/class/dmi/id/product_serial", "SECRET-SERIAL\n" },
	{ "sys/class/dmi/id/product_uuid",   "SECRET-UUID\n" },
	{ "sys/devices/system/cpu/online",   "0-1\n" },
	{ "sys/devices/system/cpu/smt/control", "off\n" },
	{ "sys/devices/system/edac/mc/mc0/mc_name",            "F19h\n" },
	{ "sys/devices/system/edac/mc/mc0/ce_count",           "5\n" },
	{ "sys/devices/system/edac/mc/mc0/dimm3/dimm_mem_type", "Unbuffered-DDR5\n" },
	{ "sys/devices/system/edac/mc/mc0/dimm3/dimm_ce_count", "5\n" },
	{ "sys/class/tpm/tpm0/tpm_version_major", "2\n" },
	{ "sys/kernel/iommu_groups/0/type",       "DMA\n" },
	{ "sys/kernel/iommu_groups/1/type",       "DMA\n" },
	{ "sys/kernel/security/lockdown",         "none [integrity] confidentiality\n" },
};

static const struct text texts[] = {
	{ "device",                               "system@1.0" },
	{ "schema",                               "lapee-system-report@1" },
	{ "boot/image/id",                        ID },
	{ "boot/image/status",                    "observed" },
	{ "kernel/osrelease",                     "6.12.1" },
	{ "kernel/cmdline",                       "quiet lapee.image-id=" ID " ro" },
	{ "cpu/cpuinfo/flags",                    "fpu vme aes" },
	{ "cpu/cpuinfo/bugs",                     "a_bug" },
	{ "cpu/cpuinfo/first-processor/vendor-id", "AuthenticAMD" },
	{ "cpu/cpuid/leaves/2/registers/ebx",     "0x00345678" },
	{ "cpu/cpuid/leaves/1/registers/ebx",     "0x12345678" },
	{ "cpu/cpuid/leaves/5/leaf",              "0x80000001" },
	{ "cpu/cpuid/leaves/3/registers",         NULL },
	{ "cpu/sysfs/online",                     "0-1" },
	{ "cpu/sysfs/possible",                   NULL },
	{ "cpu/sysfs/smt/control",                "off" },
	{ "memory/edac/controllers/1/mc-name",    "F19h" },
	{ "memory/edac/controllers/1/dimms/1/memory-type", "Unbuffered-DDR5" },
	{ "firmware/dmi/fields/sys-vendor",       "Fa\xc3\xa9" "brik? ?Inc" },
	{ "firmware/dmi/fields/product-name",     NULL },
	{ "firmware/dmi/fields/bios-vendor",      NULL },
	{ "firmware/dmi/redacted-fields/1",       "product-uuid" },
	{ ACPI_PATH "apic/status",                "observed" },
	{ ACPI_PATH "apic/header/table-signature", "APIC" },
	{ ACPI_PATH "apic/header/oem-id",         "OEMID" },
	{ ACPI_PATH "bad-x2esum/status",          "checksum-invalid" },
	{ ACPI_PATH "long/status",                "length-mismatch" },
	{ ACPI_PATH "tiny/status",                "unparsed" },
	{ ACPI_PATH "tiny/header",                NULL },
	{ ACPI_PATH "huge/status",                "unreadable" },
	{ ACPI_PATH "dynamic/ssdt1/status",       "observed" },
	{ "firmware/efi/global-variables/secure-boot/state", "enabled" },
	{ "firmware/efi/global-variables/secure-boot/raw", "0600000001" },
	{ "firmware/efi/global-variables/setup-mode/state", NULL },
	{ "firmware/efi/global-variables/audit-mode/raw", NULL },
	{ "firmware/boot-guard",                  NULL },
	{ "tpm/devices/1/version-major",          "2" },
	{ "integrity/lockdown",                   "none [integrity] confidentiality" },
};
/* clang-format on */

static const struct {
	const char *path;
	int64_t value;
} numbers[] = {
	{ "cpu/cpuinfo/logical-processor-count", 2 },
	{ "memory/meminfo/memtotal/value", 24684092 },
	{ "memory/meminfo/hugepages-total/value", 3 },
	{ ACPI_PATH "apic/length-bytes", 60 },
	{ ACPI_PATH "apic/header/revision", 2 },
	{ "firmware/acpi/table-counts/final", 5 },
	{ "firmware/acpi/table-counts/dynamic", 1 },
	{ "iommu/group-count", 2 },
};

/* Moves within a boot, names a machine, or is not to be had. */
static const char *const absent[] = {
	"probed-at-unix",
	"cpu/cpuinfo/first-processor/cpu-mhz",
	"cpu/cpuinfo/first-processor/power-management",
	"memory/meminfo/memfree",
	"memory/meminfo/hugepagesize",
	"memory/meminfo/swaptotal",
	"memory/edac/controllers/1/ce-count",
	"memory/edac/controllers/1/dimms/1/ce-count",
	"firmware/dmi/fields/product-serial",
	"firmware/dmi/fields/product-uuid",
	"firmware/acpi/tables/sys/firmware/acpi/tables/data",
	"integrity/ima/runtime-measurements-count",
};

static void
fill(struct fixture *x)
{
	static uint8_t table[1u << 17];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		fixture_text(x, files[i].path, files[i].content);
	fixture_put(x, ACPI "APIC", fixture_table(table, 60, "APIC"));
	fixture_put(x, ACPI "dynamic/SSDT1", fixture_table(table, 40, "SSDT"));
	fixture_put(x, ACPI "data/BERT", bytes_of(table, 40));
	struct bytes bad = fixture_table(table, 44, "FACP");

	table[43] ^= 1;
	fixture_put(x, ACPI "BAD.sum", bad);
	bad = fixture_table(table, 44, "MCFG");
	fixture_put(x, ACPI "LONG", bytes_of(bad.p, 43));
	fixture_put(x, ACPI "TINY", bytes_of(bad.p, 35));
	fixture_put(x, ACPI "HUGE", bytes_of(table, sizeof(table)));
	fixture_put(x, EFI "SecureBoot" GLOBAL, BYTES("\6\0\0\0\1"));
	fixture_put(x, EFI "SetupMode" GLOBAL, BYTES("\6\0\0\0\2"));
}

static const struct message *
build(struct fixture *x, struct bytes *packed)
{
	struct message *m;
	struct fault f;

	if (!report_build(packed, &x->probe, &f) ||
	    !message_unpack(&m, *packed, &x->arena, &f))
		fail_msg("%s: %s", f.reason, f.why);
	return m;
}

static void
check_text(const struct message *m, const char *path, const char *text)
{
	const struct value *v = message_find(m, path);

	if (v == NULL)
		fail_msg("%s is absent", path);
	else if (text == NULL && v->kind != VALUE_ATOM)
		fail_msg("%s is not null", path);
	else if (text != NULL &&
		 (v->kind != VALUE_BYTES || !bytes_is(v->bytes, text)))
		fail_msg("%s: %.*s", path, (int)v->bytes.n,
		    (const char *)v->bytes.p);
}

static void
a_machine_is_told_key_by_key(void **state)
{
	struct fixture x;
	struct bytes packed;
	int64_t value;

	(void)state;
	fixture_open(&x);
	fill(&x);
	const struct message *m = build(&x, &packed);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_text(m, texts[i].path, texts[i].text);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!message_find_integer(&value, m, numbers[i].path) ||
		    value != numbers[i].value)
			fail_msg("%s", numbers[i].path);
	}
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		if (message_find(m, absent[i]) != NULL)
			fail_msg("%s is there", absent[i]);
	}
	assert_null(memmem(packed.p, packed.n, "SECRET", 6));
	fixture_close(&x);
}

static void
an_empty_tree_has_a_report(void **state)
{
	struct fixture x;
	struct bytes packed;

	(void)state;
	fixture_open(&x);
	const struct message *m = build(&x, &packed);

	check_text(m, "boot/image/status", "unavailable");
	check_text(m, "boot/image/id", NULL);
	check_text(m, "kernel/version", NULL);
	check_text(m, "cpu/cpuinfo/flags", NULL);
	check_text(m, "memory/edac/controllers", NULL);
	check_text(m, "tpm/devices", NULL);
	check_text(m, ACPI_PATH "dynamic", NULL);
	check_text(m, "firmware/efi/global-variables/secure-boot/state", NULL);
	fixture_close(&x);
}

static void
what_moves_does_not_change_the_bytes(void **state)
{
	static const char *const moved[][2] = {
		{ "proc/meminfo",
		    "MemTotal:       24684092 kB\nMemFree:        2 kB\n"
		    "HugePages_Total:  3\n" },
		{ "sys/devices/system/edac/mc/mc0/ce_count", "6\n" },
		{ "proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\n"
				  "cpu MHz\t\t: 3.5\nflags\t\t: fpu vme aes\n"
				  "bugs\t\t: a_bug\nprocessor\t: 1\n" },
		{ "proc/uptime", "1 2\n" },
	};
	static uint8_t before[REPORT_MAX];
	struct fixture x;
	struct bytes packed;

	(void)state;
	fixture_open(&x);
	fill(&x);
	(void)build(&x, &packed);
	assert_true(packed.n < sizeof(before));
	size_t n = packed.n;

	memcpy(before, packed.p, n);
	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++)
		fixture_text(&x, moved[i][0], moved[i][1]);
	arena_reset(&x.arena);
	(void)build(&x, &packed);
	assert_int_equal(packed.n, n);
	assert_memory_equal(packed.p, before, n);
	/* What is a fact of the machine does. */
	fixture_text(&x, "proc/cmdline", "quiet init=/bin/sh\n");
	arena_reset(&x.arena);
	(void)build(&x, &packed);
	assert_true(packed.n != n || memcmp(packed.p, before, n) != 0);
	fixture_close(&x);
}

static void
assert_levels(const struct message *m, unsigned depth)
{
	assert_true(depth <= MESSAGE_DEPTH_MAX - 2);
	assert_true(m->count <= MESSAGE_KEYS_MAX);
	for (size_t i = 0; i < m->count; i++) {
		const struct value *v = &m->pairs[i].value;

		if (v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST)
			assert_levels(v->message, depth + 1);
	}
}

static void
no_level_has_over_32_keys(void **state)
{
	struct fixture x;
	struct bytes packed;
	char path[128], info[4096] = "processor : 0\n";
	size_t used = strlen(info);
	uint8_t table[64];
	int64_t count;

	(void)state;
	fixture_open(&x);
	fill(&x);
	for (unsigned i = 0; i < 60; i++) {
		used += (size_t)snprintf(
		    info + used, sizeof(info) - used, "field%u : v\n", i);
		(void)snprintf(path, sizeof(path), ACPI "SSDT%u", i);
		fixture_put(&x, path, fixture_table(table, 40, "SSDT"));
		(void)snprintf(path, sizeof(path),
		    "sys/devices/system/edac/mc/mc%u/dimm0/size", i);
		fixture_text(&x, path, "1");
		(void)snprintf(path, sizeof(path),
		    "sys/devices/system/edac/mc/mc0/dimm%u/size", i);
		fixture_text(&x, path, "1");
		(void)snprintf(path, sizeof(path), "sys/class/tpm/tpm%u/x", i);
		fixture_text(&x, path, "1");
	}
	fixture_text(&x, "proc/cpuinfo", info);
	const struct message *m = build(&x, &packed);

	assert_levels(m, 1);
	assert_true(message_find_integer(&count, m, ACPI_PATH "others/count"));
	assert_int_equal(count, 65 - 30);
	fixture_close(&x);
}

static void
no_table_hides_behind_another(void **state)
{
	struct fixture x;
	struct bytes packed;
	uint8_t table[40];
	int64_t count;

	(void)state;
	fixture_open(&x);
	fixture_put(&x, ACPI "SSDT", fixture_table(table, 40, "SSDT"));
	fixture_put(&x, ACPI "ssdt", fixture_table(table, 36, "SSDT"));
	const struct message *m = build(&x, &packed);

	assert_true(
	    message_find_integer(&count, m, ACPI_PATH "ssdt/length-bytes"));
	assert_int_equal(count, 40);
	assert_true(message_find_integer(&count, m, ACPI_PATH "others/count"));
	assert_int_equal(count, 1);
	fixture_close(&x);
}

static void
the_image_id_is_one_word_or_none(void **state)
{
	static const struct {
		const char *cmdline, *status;
	} rows[] = {
		{ "", "unavailable" },
		{ "lapee.image-id", "unavailable" },
		{ "xlapee.image-id=" ID, "unavailable" },
		{ "lapee.image-id=", "invalid-source-value" },
		{ "lapee.image-id=" ID "x", "invalid-source-value" },
		{ "lapee.image-id=+bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_",
		    "invalid-source-value" },
		{ "lapee.image-id=" ID " lapee.image-id=" ID,
		    "ambiguous-source-value" },
		{ "lapee.image-id=" ID, "observed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture x;
		struct bytes packed;

		fixture_open(&x);
		fixture_text(&x, "proc/cmdline", rows[i].cmdline);
		const struct message *m = build(&x, &packed);

		check_text(m, "boot/image/status", rows[i].status);
		check_text(m, "boot/image/id",
		    strcmp(rows[i].status, "observed") == 0 ? ID : NULL);
		fixture_close(&x);
	}
}

static void
a_report_that_does_not_fit_is_a_fault(void **state)
{
	static uint8_t small[2000];
	struct fixture x;
	struct bytes packed;
	struct fault f;

	(void)state;
	fixture_open(&x);
	fill(&x);
	arena_init(&x.arena, small, sizeof(small));
	assert_false(report_build(&packed, &x.probe, &f));
	assert_string_equal(f.reason, "limit.memory");
	fixture_close(&x);
}

int
main(void)
{
	static const struct CMUnitTest all[] = {
		cmocka_unit_test(a_machine_is_told_key_by_key),
		cmocka_unit_test(an_empty_tree_has_a_report),
		cmocka_unit_test(what_moves_does_not_change_the_bytes),
		cmocka_unit_test(no_level_has_over_32_keys),
		cmocka_unit_test(no_table_hides_behind_another),
		cmocka_unit_test(the_image_id_is_one_word_or_none),
		cmocka_unit_test(a_report_that_does_not_fit_is_a_fault),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
