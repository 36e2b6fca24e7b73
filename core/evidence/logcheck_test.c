/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/logcheck.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/evidence/logmaker_test.h"

#define ZEROS bytes_of("\0\0\0\0", 4)
#define ONES  bytes_of("\xff\xff\xff\xff", 4)
#define ERROR bytes_of("\1\0\0\0", 4)

static uint8_t block[8192];

static struct buf
header_only(void)
{
	struct buf b = buf_over(block, sizeof(block));

	logmaker_header(&b);
	return b;
}

static bool
digests(const struct buf *b, struct fault *f)
{
	struct eventlog log = logmaker_parse(b);

	return logcheck_digests(&log, HASH_SHA256, f);
}

static bool
separators(const struct buf *b, struct fault *f)
{
	struct eventlog log = logmaker_parse(b);

	return logcheck_separators(&log, HASH_SHA256, f);
}

static void
data_must_be_what_was_measured(void **state)
{
	static const uint32_t covered[] = { EV_SEPARATOR, EV_ACTION,
		EV_EVENT_TAG, EV_S_CRTM_VERSION, EV_OMIT_BOOT_DEVICE_EVENTS,
		EV_EFI_VARIABLE_DRIVER_CONFIG, EV_EFI_VARIABLE_BOOT,
		EV_EFI_VARIABLE_BOOT2, EV_EFI_GPT_EVENT, EV_EFI_GPT_EVENT2,
		EV_EFI_ACTION, EV_EFI_VARIABLE_AUTHORITY };
	static const uint32_t other[] = { EV_POST_CODE, EV_IPL,
		EV_S_CRTM_CONTENTS, EV_COMPACT_HASH,
		EV_EFI_BOOT_SERVICES_APPLICATION,
		EV_EFI_PLATFORM_FIRMWARE_BLOB2, EV_NO_ACTION, 0x8401 };
	struct logmaker_event event = { 4, 0, BYTES("data"), BYTES("else") };
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(covered) / sizeof(covered[0]); i++) {
		struct buf b = header_only();

		event.type = covered[i];
		logmaker_put(&b, &event);
		assert_false(digests(&b, &f));
		assert_string_equal(f.reason, "log.digest");
		b = header_only();
		logmaker_event(&b, 4, covered[i], event.data);
		assert_true(digests(&b, &f));
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct buf b = header_only();

		event.type = other[i];
		logmaker_put(&b, &event);
		assert_true(digests(&b, &f));
	}
}

static void
boot_variables_may_be_measured_alone(void **state)
{
	uint8_t variable[128];
	struct bytes data = BYTES("content");
	struct logmaker_event event = { 1, EV_EFI_VARIABLE_BOOT,
		logmaker_variable(variable, sizeof(variable), logmaker_global,
		    "Boot0000", data),
		data };
	struct buf b = header_only();
	struct fault f;

	(void)state;
	logmaker_put(&b, &event);
	assert_true(digests(&b, &f));
	event.measured = BYTES("other");
	b = header_only();
	logmaker_put(&b, &event);
	assert_false(digests(&b, &f));
	assert_string_equal(f.reason, "log.digest");
	/* Nothing but EV_EFI_VARIABLE_BOOT may do so. */
	event.measured = data;
	event.type = EV_EFI_VARIABLE_BOOT2;
	b = header_only();
	logmaker_put(&b, &event);
	assert_false(digests(&b, &f));
	assert_string_equal(f.reason, "log.digest");
}

static void
linux_tags_hold_other_data(void **state)
{
	uint8_t tagged[32];
	struct buf tag = buf_over(tagged, sizeof(tagged));
	struct buf b = header_only();
	struct fault f;

	(void)state;
	logmaker_le32(&tag, 0x8f3b22ec);
	logmaker_le32(&tag, 4);
	buf_put(&tag, BYTES("name"));
	struct logmaker_event event = { 9, EV_EVENT_TAG, buf_bytes(&tag),
		BYTES("initrd") };

	logmaker_put(&b, &event);
	assert_true(digests(&b, &f));
	event.data.n--;
	b = header_only();
	logmaker_put(&b, &event);
	assert_false(digests(&b, &f));
	assert_string_equal(f.reason, "log.digest");
	event.data.n++;
	tagged[0]--;
	b = header_only();
	logmaker_put(&b, &event);
	assert_false(digests(&b, &f));
	assert_string_equal(f.reason, "log.digest");
}

/* One event put behind the separators of PCRs 0 to 7. */
struct row {
	uint32_t pcr, type;
	const char *reason; /* NULL: accepted */
};

/* clang-format off */
static const struct row types[] = {
	{ 4,  EV_EFI_BOOT_SERVICES_APPLICATION, NULL },
	{ 11, EV_IPL,                           NULL },
	{ 9,  EV_EVENT_TAG,                     NULL },
	{ 7,  EV_EFI_VARIABLE_AUTHORITY,        NULL },
	{ 5,  EV_EFI_GPT_EVENT,                 NULL },
	{ 3,  EV_NO_ACTION,                     NULL },
	{ 4,  0xdeadbeef,                       "log.type" },
	{ 11, 0x8401,                           "log.type" },
	{ 0,  0x0014,                           "log.type" },
	{ 0,  EV_IPL,                           "log.type" },
	{ 7,  EV_IPL,                           "log.type" },
	{ 5,  EV_EFI_VARIABLE_AUTHORITY,        "log.type" },
	{ 4,  EV_EFI_VARIABLE_DRIVER_CONFIG,    "log.type" },
	{ 11, EV_EFI_BOOT_SERVICES_APPLICATION, "log.type" },
	{ 15, EV_EFI_ACTION,                    "log.type" },
	{ 4,  EV_EFI_GPT_EVENT,                 "log.type" },
	{ 1,  EV_S_CRTM_VERSION,                "log.type" },
	{ 7,  EV_EFI_PLATFORM_FIRMWARE_BLOB,    "log.type" },
	{ 7,  EV_EFI_ACTION,                    NULL },
	{ 7,  EV_ACTION,                        "log.type" },
	{ 7,  EV_PREBOOT_CERT,                  "log.type" },
};

static const struct row orders[] = {
	{ 4, EV_EFI_BOOT_SERVICES_APPLICATION, NULL },
	{ 7, EV_EFI_VARIABLE_AUTHORITY,        NULL },
	{ 1, EV_EFI_VARIABLE_DRIVER_CONFIG,    NULL },
	{ 0, EV_NO_ACTION,                     NULL },
	{ 7, EV_EFI_VARIABLE_DRIVER_CONFIG,    "log.order" },
	{ 0, EV_S_CRTM_VERSION,                "log.order" },
	{ 0, EV_S_CRTM_CONTENTS,               "log.order" },
	{ 0, EV_POST_CODE,                     "log.order" },
	{ 0, EV_EFI_PLATFORM_FIRMWARE_BLOB,    "log.order" },
	{ 0, EV_EFI_PLATFORM_FIRMWARE_BLOB2,   "log.order" },
	{ 0, EV_EFI_HCRTM_EVENT,               "log.order" },
	{ 1, EV_CPU_MICROCODE,                 "log.order" },
};
/* clang-format on */

static void
judge(const struct row *rows, size_t count,
    bool (*check)(const struct eventlog *log, struct fault *f))
{
	for (size_t i = 0; i < count; i++) {
		struct buf b = header_only();
		struct fault f = { 0 };

		logmaker_separators(&b);
		logmaker_event(&b, rows[i].pcr, rows[i].type, BYTES("data"));
		struct eventlog log = logmaker_parse(&b);
		bool passed = check(&log, &f);

		if (passed != (rows[i].reason == NULL))
			fail_msg("row %zu: passed %d", i, passed);
		if (!passed)
			assert_string_equal(f.reason, rows[i].reason);
	}
}

static void
types_have_their_pcrs(void **state)
{
	(void)state;
	judge(types, sizeof(types) / sizeof(types[0]), logcheck_types);
}

static void
actions_on_secure_boot_are_texts(void **state)
{
	const struct bytes told[] = { ZEROS, BYTES("DMA\n"), BYTES("") };

	(void)state;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		struct buf b = header_only();
		struct fault f = { 0 };

		logmaker_event(&b, 7, EV_EFI_ACTION, told[i]);
		struct eventlog log = logmaker_parse(&b);

		assert_false(logcheck_types(&log, &f));
		assert_string_equal(f.reason, "log.type");
	}
}

static void
no_action_has_no_digest(void **state)
{
	const struct logmaker_event counted = { 4, EV_NO_ACTION, BYTES("note"),
		BYTES("note") };
	struct buf b = header_only();
	struct fault f = { 0 };

	(void)state;
	logmaker_put(&b, &counted);
	struct eventlog log = logmaker_parse(&b);

	assert_false(logcheck_types(&log, &f));
	assert_string_equal(f.reason, "log.type");
}

static void
firmware_events_come_first(void **state)
{
	(void)state;
	judge(orders, sizeof(orders) / sizeof(orders[0]), logcheck_order);
}

static void
separators_stand_once(void **state)
{
	struct buf b = header_only();
	struct fault f;

	(void)state;
	logmaker_separators(&b);
	assert_true(separators(&b, &f));
	/* A loader's own, from PCR 8 on, is nobody's business. */
	logmaker_event(&b, 12, EV_SEPARATOR, ERROR);
	assert_true(separators(&b, &f));
	logmaker_event(&b, 5, EV_SEPARATOR, ZEROS);
	assert_false(separators(&b, &f));
	assert_string_equal(f.reason, "log.separator");
	b = header_only();
	assert_false(separators(&b, &f));
	assert_string_equal(f.reason, "log.separator");
	for (uint32_t missing = 0; missing < 8; missing++) {
		b = header_only();
		for (uint32_t pcr = 0; pcr < 8; pcr++)
			if (pcr != missing)
				logmaker_event(&b, pcr, EV_SEPARATOR, ONES);
		assert_false(separators(&b, &f));
		assert_string_equal(f.reason, "log.separator");
	}
}

static void
separators_report_no_error(void **state)
{
	const struct logmaker_event lies = { 0, EV_SEPARATOR, ZEROS, ERROR };
	struct buf b = header_only();
	struct fault f;

	(void)state;
	logmaker_event(&b, 0, EV_SEPARATOR, ERROR);
	assert_false(separators(&b, &f));
	assert_string_equal(f.reason, "log.separator");
	b = header_only();
	logmaker_event(&b, 0, EV_SEPARATOR, bytes_of("\0\0\0", 3));
	assert_false(separators(&b, &f));
	assert_string_equal(f.reason, "log.separator");
	b = header_only();
	logmaker_put(&b, &lies);
	assert_false(separators(&b, &f));
	assert_string_equal(f.reason, "log.separator");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(data_must_be_what_was_measured),
		cmocka_unit_test(boot_variables_may_be_measured_alone),
		cmocka_unit_test(linux_tags_hold_other_data),
		cmocka_unit_test(types_have_their_pcrs),
		cmocka_unit_test(actions_on_secure_boot_are_texts),
		cmocka_unit_test(no_action_has_no_digest),
		cmocka_unit_test(firmware_events_come_first),
		cmocka_unit_test(separators_stand_once),
		cmocka_unit_test(separators_report_no_error),
	};

	return cmocka_run_group_tests_name("logcheck", units, NULL, NULL);
}
