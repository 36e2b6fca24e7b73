/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/eventlog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/evidence/logmaker_test.h"

#define NONE     SIZE_MAX
#define DATA     BYTES("data")
#define SPEC_ID  bytes_of("Spec ID Event03", 16)
#define LOCALITY "StartupLocality\0"

static uint8_t block[EVENTLOG_SIZE_MAX + 64];

/* Where the parts of a log with one event begin. */
enum at {
	AT_FIRST_SIZE = 28,
	AT_SPEC = 32,
	AT_ALGS = 56,
	AT_ALG = 60,
	AT_ALG_SIZE = 62,
	AT_VENDOR = 64,
	AT_PCR = 65,
	AT_COUNT = 73,
	AT_DIGEST = 77,
	AT_SIZE = 111,
	AT_DATA = 115,
	AT_END = 119
};

static struct buf
one_event(void)
{
	struct buf b = buf_over(block, sizeof(block));

	logmaker_header(&b);
	logmaker_event(&b, 4, EV_EFI_ACTION, DATA);
	assert_int_equal(b.used, AT_END);
	return b;
}

static void
events_are_given_in_order(void **state)
{
	struct buf b = one_event();

	(void)state;
	logmaker_event(&b, 5, EV_IPL, BYTES("more"));
	struct eventlog log = logmaker_parse(&b);
	struct eventlog_walk w = eventlog_walk(&log);
	struct eventlog_event event;
	size_t bank;

	assert_true(log.agile);
	assert_int_equal(log.count, 3);
	assert_true(eventlog_bank(&bank, &log, HASH_SHA256));
	assert_int_equal(bank, 0);
	assert_false(eventlog_bank(&bank, &log, HASH_SHA1));
	assert_true(eventlog_next(&w, &event));
	assert_int_equal(event.index, 1);
	assert_int_equal(event.pcr, 4);
	assert_int_equal(event.type, EV_EFI_ACTION);
	assert_true(bytes_is(event.data, "data"));
	assert_true(eventlog_next(&w, &event));
	assert_int_equal(event.index, 2);
	assert_int_equal(event.pcr, 5);
	assert_true(bytes_is(event.data, "more"));
	assert_false(eventlog_next(&w, &event));
}

static void
padding_is_no_event(void **state)
{
	struct buf b = one_event();
	struct eventlog log;
	struct fault f;

	(void)state;
	memset(block + AT_END, 0, 100);
	assert_true(eventlog_parse(&log, bytes_of(block, AT_END + 100), &f));
	assert_int_equal(log.count, 2);
	assert_int_equal(log.padding, 100);
	memset(block + AT_END, 0xff, 3);
	assert_true(eventlog_parse(&log, bytes_of(block, AT_END + 3), &f));
	assert_int_equal(log.padding, 3);
	block[AT_END] = 0;
	assert_false(eventlog_parse(&log, bytes_of(block, AT_END + 3), &f));
	assert_string_equal(f.reason, "log.truncated");
	assert_int_equal(b.used, AT_END);
}

/* A 16-bit little-endian patch of the log with one event. */
struct patch {
	const char *what;
	size_t at;
	uint16_t value;
	size_t cut;
	const char *reason;
};

/* clang-format off */
static const struct patch bad[] = {
	{ "nothing",              0,                 0,      0,          "log.header" },
	{ "one byte",             0,                 3,      1,          "log.truncated" },
	{ "header cut",           0,                 0,      31,         "log.truncated" },
	{ "header data cut",      0,                 0,      40,         "log.truncated" },
	{ "header 4 GiB",         AT_FIRST_SIZE + 2, 0xffff, NONE,       "log.truncated" },
	{ "header goes on",       AT_FIRST_SIZE,     34,     NONE,       "log.header" },
	{ "no algorithms",        AT_ALGS,           0,      NONE,       "log.header" },
	{ "2 algorithms",         AT_ALGS,           2,      NONE,       "log.header" },
	{ "9 algorithms",         AT_ALGS,           9,      NONE,       "log.header" },
	{ "2^31 algorithms",      AT_ALGS + 2,       0x8000, NONE,       "log.header" },
	{ "SHA-1 of 32",          AT_ALG,            4,      NONE,       "log.header" },
	{ "SHA-256 of 20",        AT_ALG_SIZE,       20,     NONE,       "log.header" },
	{ "SHA-256 of 0",         AT_ALG_SIZE,       0,      NONE,       "log.header" },
	{ "unknown of 65",        AT_ALG_SIZE,       65,     NONE,       "log.header" },
	{ "vendor data",          AT_VENDOR,         255,    NONE,       "log.header" },
	{ "PCR 24",               AT_PCR,            24,     NONE,       "log.event" },
	{ "PCR 2^31",             AT_PCR + 2,        0x8000, NONE,       "log.event" },
	{ "no digests",           AT_COUNT,          0,      NONE,       "log.event" },
	{ "2 digests",            AT_COUNT,          2,      NONE,       "log.event" },
	{ "2^31 digests",         AT_COUNT + 2,      0x8000, NONE,       "log.event" },
	{ "digest of SHA-1",      AT_DIGEST,         4,      NONE,       "log.event" },
	{ "digest of none",       AT_DIGEST,         0x1234, NONE,       "log.event" },
	{ "data one more",        AT_SIZE,           5,      NONE,       "log.truncated" },
	{ "data 4 GiB",           AT_SIZE + 2,       0xffff, NONE,       "log.truncated" },
	{ "data one less",        AT_SIZE,           3,      NONE,       "log.truncated" },
	{ "cut in the data",      AT_PCR,            4,      AT_END - 1, "log.truncated" },
	{ "cut in the size",      AT_PCR,            4,      113,        "log.truncated" },
	{ "cut in the digest",    AT_PCR,            4,      100,        "log.truncated" },
	{ "cut in the type",      AT_PCR,            4,      70,         "log.truncated" },
};
/* clang-format on */

static void
bad_logs_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct buf b = one_event();
		struct eventlog log;
		struct fault f = { 0 };

		block[bad[i].at] = (uint8_t)bad[i].value;
		block[bad[i].at + 1] = (uint8_t)(bad[i].value >> 8);
		if (bad[i].cut != NONE)
			b.used = bad[i].cut;
		if (eventlog_parse(&log, buf_bytes(&b), &f))
			fail_msg("%s: accepted", bad[i].what);
		if (strcmp(f.reason, bad[i].reason) != 0)
			fail_msg("%s: %s", bad[i].what, f.reason);
	}
}

static void
refuse(const struct buf *b, const char *reason)
{
	struct eventlog log;
	struct fault f = { 0 };

	assert_false(eventlog_parse(&log, buf_bytes(b), &f));
	assert_string_equal(f.reason, reason);
}

static struct bytes
locality(uint8_t value)
{
	static uint8_t data[17] = LOCALITY;

	data[16] = value;
	return bytes_of(data, sizeof(data));
}

static struct buf
header_only(void)
{
	struct buf b = buf_over(block, sizeof(block));

	logmaker_header(&b);
	return b;
}

static void
locality_comes_first_and_once(void **state)
{
	static const uint8_t valid[] = { 0, 3, 4 };

	(void)state;
	for (size_t i = 0; i < sizeof(valid); i++) {
		struct buf b = header_only();

		logmaker_event(&b, 0, EV_NO_ACTION, locality(valid[i]));
		logmaker_event(&b, 0, EV_S_CRTM_VERSION, DATA);
		assert_int_equal(logmaker_parse(&b).locality, valid[i]);
	}
	struct buf b = header_only();

	logmaker_event(&b, 0, EV_NO_ACTION, locality(1));
	refuse(&b, "log.header");
	b = header_only();
	logmaker_event(&b, 0, EV_NO_ACTION, locality(3));
	logmaker_event(&b, 0, EV_NO_ACTION, locality(3));
	refuse(&b, "log.header");
	b = header_only();
	logmaker_event(&b, 0, EV_S_CRTM_VERSION, DATA);
	logmaker_event(&b, 0, EV_NO_ACTION, locality(3));
	refuse(&b, "log.header");
	b = header_only();
	logmaker_event(&b, 1, EV_NO_ACTION, locality(3));
	refuse(&b, "log.header");
	/* Without its byte it says nothing. */
	b = header_only();
	logmaker_event(&b, 0, EV_NO_ACTION, bytes_of(LOCALITY, 16));
	assert_int_equal(logmaker_parse(&b).locality, 0);
	/* Another type with that text measures it. */
	b = header_only();
	logmaker_event(&b, 0, EV_ACTION, locality(3));
	assert_int_equal(logmaker_parse(&b).locality, 0);
}

static void
second_header_is_refused(void **state)
{
	struct buf b = one_event();

	(void)state;
	logmaker_event(&b, 0, EV_NO_ACTION, SPEC_ID);
	refuse(&b, "log.header");
	b = one_event();
	logmaker_header(&b);
	refuse(&b, "log.event");
}

static void
silent_events_may_name_no_pcr(void **state)
{
	struct buf b = one_event();

	(void)state;
	logmaker_event(&b, UINT32_MAX, EV_NO_ACTION, DATA);
	assert_int_equal(logmaker_parse(&b).count, 3);
	b = one_event();
	logmaker_event(&b, UINT32_MAX, EV_ACTION, DATA);
	refuse(&b, "log.event");
	b = one_event();
	logmaker_event(&b, 24, EV_NO_ACTION, DATA);
	refuse(&b, "log.event");
}

static void
legacy_logs_are_sha1(void **state)
{
	struct buf b = buf_over(block, sizeof(block));
	uint8_t digest[20];
	size_t bank;

	(void)state;
	memset(digest, 7, sizeof(digest));
	logmaker_le32(&b, 0);
	logmaker_le32(&b, EV_S_CRTM_VERSION);
	buf_put(&b, bytes_of(digest, sizeof(digest)));
	logmaker_le32(&b, 4);
	buf_put(&b, DATA);
	struct eventlog log = logmaker_parse(&b);

	assert_false(log.agile);
	assert_int_equal(log.count, 1);
	assert_true(eventlog_bank(&bank, &log, HASH_SHA1));
	assert_false(eventlog_bank(&bank, &log, HASH_SHA256));
}

static void
sizes_are_limited(void **state)
{
	struct buf b = header_only();
	struct eventlog log;
	struct fault f;

	(void)state;
	/* The most events there can be: all empty, up to the last byte. */
	while (b.used + 50 <= EVENTLOG_SIZE_MAX)
		logmaker_event(&b, 8, EV_IPL, (struct bytes){ 0 });
	memset(block + b.used, 0, sizeof(block) - b.used);
	assert_true(
	    eventlog_parse(&log, bytes_of(block, EVENTLOG_SIZE_MAX), &f));
	assert_int_equal(log.count, 1 + (EVENTLOG_SIZE_MAX - 65) / 50);
	assert_false(
	    eventlog_parse(&log, bytes_of(block, EVENTLOG_SIZE_MAX + 1), &f));
	assert_string_equal(f.reason, "log.limit");
}

/* Memory that nobody wrote to holds no events; less than one is none. */
static void
zeros_are_a_log_without_events(void **state)
{
	static const uint8_t zeros[64];
	struct eventlog log;
	struct fault f = { 0 };

	(void)state;
	assert_true(eventlog_parse(&log, bytes_of(zeros, 32), &f));
	assert_int_equal(log.count, 0);
	assert_int_equal(log.padding, 32);
	assert_ptr_equal(log.events.p, zeros);
	assert_false(eventlog_parse(&log, bytes_of(zeros, 31), &f));
	assert_string_equal(f.reason, "log.truncated");
	assert_false(eventlog_parse(&log, bytes_of(zeros, 0), &f));
	assert_string_equal(f.reason, "log.header");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(zeros_are_a_log_without_events),
		cmocka_unit_test(events_are_given_in_order),
		cmocka_unit_test(padding_is_no_event),
		cmocka_unit_test(bad_logs_are_refused),
		cmocka_unit_test(locality_comes_first_and_once),
		cmocka_unit_test(second_header_is_refused),
		cmocka_unit_test(silent_events_may_name_no_pcr),
		cmocka_unit_test(legacy_logs_are_sha1),
		cmocka_unit_test(sizes_are_limited),
	};

	return cmocka_run_group_tests_name("eventlog", units, NULL, NULL);
}
