/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/bootfacts.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/evidence/logcheck.h"
#include "core/evidence/logmaker_test.h"

#define EVERY 0xffffffu
#define ON    bytes_of("\1", 1)
#define OFF   bytes_of("", 1)

static uint8_t block[16384];
static struct bootfacts facts;

static struct buf
header_only(void)
{
	struct buf b = buf_over(block, sizeof(block));

	logmaker_header(&b);
	return b;
}

static void
put_variable(
    struct buf *b, const uint8_t guid[16], const char *name, struct bytes data)
{
	uint8_t variable[512];

	logmaker_event(b, 7, EV_EFI_VARIABLE_DRIVER_CONFIG,
	    logmaker_variable(variable, sizeof(variable), guid, name, data));
}

/* One signature list: of X.509 with one entry, or of that many hashes. */
static struct bytes
list_of(uint8_t out[512], bool x509, struct bytes entry, size_t n)
{
	static const uint8_t kinds[2][16] = {
		{ 0x26, 0x16, 0xc4, 0xc1, 0x4c, 0x50, 0x92, 0x40, 0xac, 0xa9,
		    0x41, 0xf9, 0x36, 0x93, 0x43, 0x28 },
		{ 0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a, 0x87, 0xb5,
		    0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72 },
	};
	struct buf b = buf_over(out, 512);

	buf_put(&b, bytes_of(kinds[x509], 16));
	logmaker_le32(&b, (uint32_t)(28 + n * (16 + entry.n)));
	logmaker_le32(&b, 0);
	logmaker_le32(&b, (uint32_t)(16 + entry.n));
	for (size_t i = 0; i < n; i++) {
		buf_put(&b, bytes_of("owner owner owne", 16));
		buf_put(&b, entry);
	}
	assert_false(b.full);
	return buf_bytes(&b);
}

static bool
read(const struct buf *b, uint32_t replayed, struct fault *f)
{
	struct eventlog log = logmaker_parse(b);

	return bootfacts_read(&facts, &log, HASH_SHA256, replayed, f);
}

static struct buf
secure_boot_log(void)
{
	uint8_t list[512];
	struct buf b = header_only();

	put_variable(&b, logmaker_global, "SecureBoot", ON);
	put_variable(&b, logmaker_global, "PK",
	    list_of(list, true, BYTES("platform key"), 1));
	put_variable(&b, logmaker_global, "KEK", (struct bytes){ 0 });
	put_variable(&b, logmaker_security, "db",
	    list_of(list, true, BYTES("db certificate"), 1));
	put_variable(&b, logmaker_security, "dbx",
	    list_of(list, false, bytes_of(list, 32), 3));
	logmaker_separators(&b);
	return b;
}

/*
 * Secure Boot was off. Its variable and the separator are called actions, and
 * PCR 7 is extended by what would have been measured: only the rule for types
 * stands against it.
 */
static void
secure_boot_is_not_told_anew(void **state)
{
	static const uint32_t disguises[] = { EV_ACTION, EV_EFI_ACTION,
		EV_PREBOOT_CERT };
	uint8_t variable[128];
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(disguises) / sizeof(disguises[0]); i++) {
		struct buf b = header_only();

		logmaker_event(&b, 7, disguises[i],
		    logmaker_variable(variable, sizeof(variable),
			logmaker_global, "SecureBoot", OFF));
		logmaker_event(&b, 7, disguises[i], bytes_of("\0\0\0", 4));
		put_variable(&b, logmaker_global, "SecureBoot", ON);
		logmaker_separators(&b);
		struct eventlog log = logmaker_parse(&b);

		assert_true(logcheck_digests(&log, HASH_SHA256, &f));
		assert_true(logcheck_separators(&log, HASH_SHA256, &f));
		assert_true(logcheck_order(&log, &f));
		assert_true(
		    bootfacts_read(&facts, &log, HASH_SHA256, EVERY, &f));
		assert_true(facts.secure_boot);
		assert_false(logcheck_types(&log, &f));
		assert_string_equal(f.reason, "log.type");
	}
}

static void
secure_boot_is_read(void **state)
{
	struct buf b = secure_boot_log();
	struct sha256 digest = sha256_of(BYTES("platform key"));
	uint8_t variable[128];
	struct fault f;

	(void)state;
	logmaker_event(&b, 7, EV_EFI_VARIABLE_AUTHORITY,
	    logmaker_variable(variable, sizeof(variable), logmaker_security,
		"db", BYTES("who")));
	assert_true(read(&b, EVERY, &f));
	assert_true(facts.has_secure_boot && facts.secure_boot);
	assert_int_equal(facts.nsigners, 2);
	assert_int_equal(facts.signers[0].variable, BOOTFACTS_PK);
	assert_memory_equal(facts.signers[0].digest.b, digest.b, 32);
	assert_true(bytes_is(facts.signers[1].der, "db certificate"));
	assert_int_equal(facts.signers[1].variable, BOOTFACTS_DB);
	assert_true(facts.variables[BOOTFACTS_KEK].present);
	assert_int_equal(facts.variables[BOOTFACTS_KEK].data.n, 0);
	assert_int_equal(facts.variables[BOOTFACTS_DBX].hashes, 3);
	assert_int_equal(facts.variables[BOOTFACTS_DBX].certificates, 0);
	assert_int_equal(facts.nauthorities, 1);
	assert_true(bytes_is(facts.authorities[0].data, "who"));
	assert_false(facts.cut);
}

static void
nothing_comes_from_other_pcrs(void **state)
{
	struct buf b = secure_boot_log();
	struct fault f;

	(void)state;
	logmaker_event(&b, 4, EV_EFI_BOOT_SERVICES_APPLICATION, ON);
	assert_true(read(&b, EVERY & ~(1u << 7), &f));
	assert_false(facts.has_secure_boot);
	assert_int_equal(facts.nsigners, 0);
	assert_int_equal(facts.napplications, 1);
	assert_true(read(&b, 0, &f));
	assert_int_equal(facts.napplications, 0);
	/* The same variable in another PCR means nothing. */
	b = header_only();
	logmaker_event(&b, 1, EV_EFI_VARIABLE_DRIVER_CONFIG, ON);
	assert_true(read(&b, EVERY, &f));
	assert_false(facts.has_secure_boot);
}

static void
refuse(const struct buf *b)
{
	struct fault f = { 0 };

	assert_false(read(b, EVERY, &f));
	assert_string_equal(f.reason, "log.data");
}

static void
secure_boot_is_measured_once_and_before(void **state)
{
	struct buf b = secure_boot_log();
	uint8_t list[512];

	(void)state;
	put_variable(&b, logmaker_global, "SecureBoot", ON);
	refuse(&b);
	b = header_only();
	put_variable(&b, logmaker_global, "SecureBoot", ON);
	put_variable(&b, logmaker_global, "SecureBoot", bytes_of("\0", 1));
	refuse(&b);
	b = header_only();
	put_variable(&b, logmaker_global, "PK", (struct bytes){ 0 });
	put_variable(
	    &b, logmaker_global, "PK", list_of(list, true, BYTES("key"), 1));
	refuse(&b);
	b = header_only();
	put_variable(&b, logmaker_global, "SecureBoot", bytes_of("\1\1", 2));
	refuse(&b);
}

static void
another_guid_is_another_variable(void **state)
{
	struct buf b = header_only();
	struct fault f;

	(void)state;
	put_variable(&b, logmaker_security, "SecureBoot", ON);
	put_variable(&b, logmaker_global, "db", ON);
	put_variable(&b, logmaker_global, "SecureBoo", ON);
	assert_true(read(&b, EVERY, &f));
	assert_false(facts.has_secure_boot);
	assert_false(facts.variables[BOOTFACTS_DB].present);
}

static void
digests_cover_what_is_read(void **state)
{
	uint8_t variable[128];
	struct logmaker_event event = { 7, EV_EFI_VARIABLE_DRIVER_CONFIG,
		logmaker_variable(variable, sizeof(variable), logmaker_global,
		    "SecureBoot", ON),
		BYTES("else") };
	struct buf b = header_only();
	struct fault f;

	(void)state;
	logmaker_put(&b, &event);
	refuse(&b);
	b = header_only();
	event.type = EV_EFI_VARIABLE_AUTHORITY;
	logmaker_put(&b, &event);
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.nauthorities, 0);
	assert_true(facts.cut);
}

static void
inner_lengths_are_checked(void **state)
{
	/* clang-format off */
	static const struct {
		size_t at;
		uint8_t value;
		int cut;
	} rows[] = {
		{ 16, 11, 0 }, { 16, 9, 0 }, { 23, 0x80, 0 }, { 24, 2, 0 },
		{ 24, 0, 0 }, { 31, 0xff, 0 }, { 0, 0x61, -1 }, { 0, 0x61, -30 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t variable[128];
		struct bytes data = logmaker_variable(variable,
		    sizeof(variable), logmaker_global, "SecureBoot", ON);
		struct buf b = header_only();

		variable[rows[i].at] = rows[i].value;
		data.n = (size_t)((int)data.n + rows[i].cut);
		logmaker_event(&b, 7, EV_EFI_VARIABLE_DRIVER_CONFIG, data);
		refuse(&b);
	}
}

static void
signature_lists_end_where_they_say(void **state)
{
	/* clang-format off */
	static const struct {
		size_t at;
		uint8_t value;
		int cut;
	} rows[] = {
		{ 16, 27, 0 },  /* smaller than its own head */
		{ 16, 255, 0 }, /* larger than the variable */
		{ 20, 255, 0 }, /* header larger than the list */
		{ 24, 0, 0 },   /* entries of nothing */
		{ 24, 16, 0 },  /* entries of an owner alone */
		{ 24, 18, 0 },  /* entries that do not fill it */
		{ 27, 0x80, 0 },
		{ 16, 47, -1 },
		{ 16, 47, 5 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t list[512];
		struct bytes data = list_of(list, true, BYTES("key"), 1);
		struct buf b = header_only();

		list[rows[i].at] = rows[i].value;
		data.n = (size_t)((int)data.n + rows[i].cut);
		put_variable(&b, logmaker_global, "PK", data);
		refuse(&b);
	}
}

static void
put_section(struct buf *b, const char *name, const char *content)
{
	uint8_t text[64];
	struct logmaker_event event = { 11, EV_IPL,
		logmaker_ucs2(text, sizeof(text), name),
		bytes_of(name, strlen(name) + 1) };

	logmaker_put(b, &event);
	event.measured = bytes_text(content);
	logmaker_put(b, &event);
}

static void
sections_are_read(void **state)
{
	struct sha256 kernel = sha256_of(BYTES("kernel"));
	struct buf b = header_only();
	struct fault f;

	(void)state;
	put_section(&b, ".linux", "kernel");
	put_section(&b, ".cmdline", "quiet");
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.nsections, 2);
	assert_string_equal(facts.sections[0].name, ".linux");
	assert_true(bytes_equal(facts.sections[0].content, BYTES_OF(&kernel)));
	assert_string_equal(facts.sections[1].name, ".cmdline");
	assert_false(facts.cut);
}

static void
other_events_are_no_sections(void **state)
{
	uint8_t text[64];
	struct logmaker_event event = { 11, EV_IPL,
		logmaker_ucs2(text, sizeof(text), ".linux"), BYTES(".osrel") };
	struct buf b = header_only();
	struct fault f;

	(void)state;
	/* A name that is not what was measured. */
	logmaker_put(&b, &event);
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.nsections, 0);
	assert_true(facts.cut);
	/* A name that would be two lines. */
	b = header_only();
	put_section(&b, ".li\nux", "kernel");
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.nsections, 0);
	assert_true(facts.cut);
	/* A name without its content. */
	b = header_only();
	event.measured = bytes_of(".linux", 7);
	logmaker_put(&b, &event);
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.nsections, 0);
	assert_true(facts.cut);
	/* Content of something else. */
	event.data = BYTES("else");
	logmaker_put(&b, &event);
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.nsections, 0);
	assert_true(facts.cut);
}

static void
lists_are_cut_and_say_so(void **state)
{
	struct buf b = header_only();
	struct fault f;

	(void)state;
	for (size_t i = 0; i < BOOTFACTS_APPLICATIONS_MAX; i++)
		logmaker_event(&b, 4, EV_EFI_BOOT_SERVICES_APPLICATION, ON);
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.napplications, BOOTFACTS_APPLICATIONS_MAX);
	assert_false(facts.cut);
	logmaker_event(&b, 4, EV_EFI_BOOT_SERVICES_APPLICATION, ON);
	for (size_t i = 0; i <= BOOTFACTS_SECTIONS_MAX; i++)
		put_section(&b, ".linux", "kernel");
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.napplications, BOOTFACTS_APPLICATIONS_MAX);
	assert_int_equal(facts.nsections, BOOTFACTS_SECTIONS_MAX);
	assert_true(facts.cut);
}

static void
command_line_is_the_measured_one(void **state)
{
	uint8_t text[64];
	struct bytes line = logmaker_ucs2(text, sizeof(text), "debug");
	struct logmaker_event grub = { 8, EV_IPL,
		bytes_of("kernel_cmdline: /vmlinuz ro", 28),
		BYTES("/vmlinuz ro") };
	struct buf b = header_only();
	struct fault f;

	(void)state;
	logmaker_event(&b, 12, EV_IPL, line);
	assert_true(read(&b, EVERY, &f));
	assert_true(bytes_equal(facts.command_line, line));
	b = header_only();
	logmaker_put(&b, &grub);
	assert_true(read(&b, EVERY, &f));
	assert_true(bytes_is(facts.command_line, "/vmlinuz ro"));
	grub.measured = BYTES("/vmlinuz rw");
	b = header_only();
	logmaker_put(&b, &grub);
	assert_true(read(&b, EVERY, &f));
	assert_int_equal(facts.command_line.n, 0);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(secure_boot_is_not_told_anew),
		cmocka_unit_test(secure_boot_is_read),
		cmocka_unit_test(nothing_comes_from_other_pcrs),
		cmocka_unit_test(secure_boot_is_measured_once_and_before),
		cmocka_unit_test(another_guid_is_another_variable),
		cmocka_unit_test(digests_cover_what_is_read),
		cmocka_unit_test(inner_lengths_are_checked),
		cmocka_unit_test(signature_lists_end_where_they_say),
		cmocka_unit_test(sections_are_read),
		cmocka_unit_test(other_events_are_no_sections),
		cmocka_unit_test(lists_are_cut_and_say_so),
		cmocka_unit_test(command_line_is_the_measured_one),
	};

	return cmocka_run_group_tests_name("bootfacts", units, NULL, NULL);
}
