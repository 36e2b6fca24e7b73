/* SPDX-License-Identifier: Apache-2.0 */
/* What the two logs can be wrong in. */
#include "core/verdict/cases_test.h"

#include <stdlib.h>

/* Where the parts of an event with one SHA-256 digest stand in it. */
enum event_at {
	EVENT_PCR = 0,
	EVENT_TYPE = 4,
	EVENT_COUNT = 8,
	EVENT_DIGEST = 14,
	EVENT_SIZE = 46,
	EVENT_DATA = 50
};

/* Of the kit's Spec ID event, and of what is in it. */
#define HEADER_SIZE 65u
#define HEADER_DATA 33u

static void
cut_out(struct measured *m, size_t at, size_t size)
{
	memmove(m->log + at, m->log + at + size, m->nlog - at - size);
	m->nlog -= size;
}

static void
append(struct measured *m, const void *from, size_t size)
{
	if (m->nlog + size > MEASURED_LOG_MAX)
		abort();
	memmove(m->log + m->nlog, from, size);
	m->nlog += size;
}

static void
append_event(struct measured *m, uint32_t pcr, uint32_t type, struct bytes data)
{
	struct buf b = buf_over(m->log + m->nlog, MEASURED_LOG_MAX - m->nlog);

	measured_log_event(&b, pcr, type, data);
	m->nlog += b.used;
}

static void
truncated(struct measured *m)
{
	m->nlog -= 1;
}

static void
two_headers(struct measured *m)
{
	append_event(m, 0, EV_NO_ACTION,
	    bytes_of(m->log + HEADER_SIZE - HEADER_DATA, HEADER_DATA));
}

static void
no_header(struct measured *m)
{
	cut_out(m, 0, HEADER_SIZE);
}

static void
size_overflows(struct measured *m)
{
	size_t size, at = measured_find(&size, m, 4, EV_EFI_ACTION, 0);

	memset(m->log + at + EVENT_SIZE, 0xff, 4);
}

static void
late_locality(struct measured *m)
{
	append_event(m, 0, EV_NO_ACTION, bytes_of("StartupLocality\0\3", 17));
}

static void
two_digests(struct measured *m)
{
	size_t size, at = measured_find(&size, m, 4, EV_EFI_ACTION, 0);

	m->log[at + EVENT_COUNT] = 2;
}

static void
event_of_pcr_24(struct measured *m)
{
	size_t size, at = measured_find(&size, m, 4, EV_EFI_ACTION, 0);

	m->log[at + EVENT_PCR] = 24;
}

static void
event_of_pcr_16(struct measured *m)
{
	append_event(m, 16, EV_IPL, BYTES("a claim"));
}

static void
unknown_type(struct measured *m)
{
	size_t size,
	    at = measured_find(&size, m, 0, EV_EFI_PLATFORM_FIRMWARE_BLOB, 0);

	m->log[at + EVENT_TYPE] = 0x77;
}

/* The digest stays, so that PCR 4 does too. */
static void
application_as_action(struct measured *m)
{
	size_t size, at = measured_find(
			 &size, m, 4, EV_EFI_BOOT_SERVICES_APPLICATION, 0);

	m->log[at + EVENT_TYPE] = (uint8_t)EV_EFI_HANDOFF_TABLES;
}

static void
no_separator(struct measured *m)
{
	size_t size, at = measured_find(&size, m, 3, EV_SEPARATOR, 0);

	cut_out(m, at, size);
}

static void
two_separators(struct measured *m)
{
	append_event(m, 3, EV_SEPARATOR, bytes_of("\0\0\0\0", 4));
}

static void
separator_of_an_error(struct measured *m)
{
	size_t size, at = measured_find(&size, m, 3, EV_SEPARATOR, 0);

	cut_out(m, at, size);
	append_event(m, 3, EV_SEPARATOR, bytes_of("\1\0\0\0", 4));
}

static void
event_moved(struct measured *m)
{
	size_t size,
	    at = measured_find(&size, m, 0, EV_EFI_PLATFORM_FIRMWARE_BLOB, 0);

	append(m, m->log + at, size);
	cut_out(m, at, size);
}

static void
data_changed(struct measured *m)
{
	size_t size, at = measured_find(&size, m, 4, EV_EFI_ACTION, 0);

	m->log[at + EVENT_DATA] ^= 1;
}

static void
tag_changed(struct measured *m)
{
	append_event(m, 12, EV_EVENT_TAG, bytes_of("\1\0\0\0\1\0\0\0x", 9));
	m->log[m->nlog - 1] = 'y';
}

/* Secure Boot was off, and the log says that it was on. */
static void
secure_boot_lie(struct measured *m)
{
	size_t size,
	    at = measured_find(&size, m, 7, EV_EFI_VARIABLE_DRIVER_CONFIG, 0);
	struct sha256 off;

	m->log[at + size - 1] = 0;
	off = sha256_of(bytes_of(m->log + at + EVENT_DATA, size - EVENT_DATA));
	memcpy(m->log + at + EVENT_DIGEST, off.b, sizeof(off.b));
	m->log[at + size - 1] = 1;
}

static void
ask_additions(struct measured *m)
{
	m->want.nothing_added = false;
}

static void
ask_no_secure_boot(struct measured *m)
{
	m->want.secure_boot = false;
}

static void
extend(struct measured *m, size_t pcr)
{
	hash_extend(HASH_SHA256, m->pcrs[pcr].b, BYTES_OF(&m->pcrs[0]));
	measured_policy(m);
}

static void
more_in_pcr_4(struct measured *m)
{
	extend(m, 4);
}

static void
more_in_pcr_12(struct measured *m)
{
	extend(m, 12);
}

static void
more_in_pcr_15(struct measured *m)
{
	extend(m, 15);
}

static void
no_action(struct measured *m)
{
	append_event(m, 14, EV_NO_ACTION, BYTES("vendor's note"));
}

/* As a machine that counts EV_NO_ACTION would have it. */
static void
no_action_counted(struct measured *m)
{
	struct sha256 digest = sha256_of(BYTES("vendor's note"));

	hash_extend(HASH_SHA256, m->pcrs[14].b, BYTES_OF(&digest));
	measured_policy(m);
}

static void
another_locality(struct measured *m)
{
	struct sha256 first = { { 0 } };

	first.b[31] = 3;
	hash_extend(HASH_SHA256, m->pcrs[0].b, BYTES_OF(&first));
	measured_policy(m);
}

static void
no_log(struct measured *m)
{
	m->nlog = 0;
}

/* The log was taken away, the registers tell of it. */
static void
firmware_measured(struct measured *m)
{
	for (size_t pcr = 0; pcr < 8; pcr++)
		m->pcrs[pcr] = sha256_of(BYTES("firmware"));
	measured_policy(m);
}

static void
secure_boot_twice(struct measured *m)
{
	size_t size,
	    at = measured_find(&size, m, 7, EV_EFI_VARIABLE_DRIVER_CONFIG, 0);

	memmove(m->log + at + size, m->log + at, m->nlog - at);
	m->nlog += size;
}

static void
duplicate_event(struct measured *m)
{
	m->runtime[m->nruntime++] = m->runtime[0];
}

static void
swapped_events(struct measured *m)
{
	struct measured_event first = m->runtime[0];

	m->runtime[0] = m->runtime[1];
	m->runtime[1] = first;
}

static void
event_of_pcr_14(struct measured *m)
{
	m->runtime[1].pcr = 14;
}

static void
one_event(struct measured *m)
{
	m->nruntime = 1;
}

/* The registers have subject and confinement the other way round. */
static void
swapped_in_pcr_15(struct measured *m)
{
	static const size_t order[] = { 1, 0, 2 };

	m->pcrs[15] = (struct sha256){ 0 };
	for (size_t i = 0; i < m->nruntime; i++)
		hash_extend(HASH_SHA256, m->pcrs[15].b,
		    BYTES_OF(&m->runtime[order[i]].digest));
	measured_policy(m);
}

static void
event_with_more(struct measured *m)
{
	message_set_text(
	    cases_at(m->evidence, "runtime-log/1"), "note", "true");
}

static void
another_subject(struct measured *m)
{
	m->runtime[0].digest.b[0] ^= 1;
}

static void
another_tip(struct measured *m)
{
	m->runtime[2].digest.b[0] ^= 1;
}

static void
no_tip(struct measured *m)
{
	m->nruntime = 2;
}

static void
tip_of_no_log(struct measured *m)
{
	m->nruntime = 3;
}

/* clang-format off */
const struct verdict_case cases_log[] = {
	{ "truncated tail",                 "boot", CHECK_LOG_SYNTAX, "log.truncated",        { { MEASURED_BOOTED, truncated } } },
	{ "two Spec ID headers",            "boot", CHECK_LOG_SYNTAX, "log.header",           { { MEASURED_BOOTED, two_headers } } },
	{ "no header",                      "boot", CHECK_LOG_SYNTAX, "log.truncated",        { { MEASURED_BOOTED, no_header } } },
	{ "size of 32 bits overflows",      "boot", CHECK_LOG_SYNTAX, "log.truncated",        { { MEASURED_BOOTED, size_overflows } } },
	{ "late StartupLocality",           "boot", CHECK_LOG_SYNTAX, "log.header",           { { MEASURED_BOOTED, late_locality } } },
	{ "two digests",                    "boot", CHECK_LOG_SYNTAX, "log.event",            { { MEASURED_BOOTED, two_digests } } },
	{ "an event of PCR 24",             "boot", CHECK_LOG_SYNTAX, "log.event",            { { MEASURED_BOOTED, event_of_pcr_24 } } },
	{ "an event of PCR 16",             "boot", CHECK_RESETTABLE, "tpm.pcr.resettable",   { { MEASURED_BOOTED, event_of_pcr_16 } } },
	{ "unknown type",                   "boot", CHECK_LOG_ORDER,  "log.type",             { { MEASURED_BOOTED, unknown_type } } },
	{ "type out of place",              "boot", CHECK_LOG_ORDER,  "log.type",             { { MEASURED_BOOTED, application_as_action } } },
	{ "no separator in PCR 3",          "boot", CHECK_LOG_ORDER,  "log.separator",        { { MEASURED_BOOTED, no_separator } } },
	{ "two separators in PCR 3",        "boot", CHECK_LOG_ORDER,  "log.separator",        { { MEASURED_BOOTED, two_separators } } },
	{ "separator reports an error",     "boot", CHECK_LOG_ORDER,  "log.separator",        { { MEASURED_BOOTED, separator_of_an_error } } },
	{ "event moved behind separator",   "boot", CHECK_LOG_ORDER,  "log.order",            { { MEASURED_BOOTED, event_moved } } },
	{ "data is not what was measured",  "boot", CHECK_LOG_DIGEST, "log.digest",           { { MEASURED_BOOTED, data_changed } } },
	{ "tagged data neither",            "boot", CHECK_LOG_DIGEST, "log.digest",           { { MEASURED_BOOTED, tag_changed }, { MEASURED_ASKED, ask_additions } } },
	{ "Secure Boot on, a lie",          "boot", CHECK_LOG_DIGEST, "log.digest",           { { MEASURED_BOOTED, secure_boot_lie }, { MEASURED_ASKED, ask_no_secure_boot } } },
	{ "more in PCR 4 than in the log",  "boot", CHECK_LOG_REPLAY, "log.replay",           { { MEASURED_EXTENDED, more_in_pcr_4 } } },
	{ "PCR 12 that no log tells of",    "boot", CHECK_LOG_REPLAY, "log.replay",           { { MEASURED_EXTENDED, more_in_pcr_12 }, { MEASURED_ASKED, ask_additions } } },
	{ "EV_NO_ACTION counted",           "boot", CHECK_LOG_REPLAY, "log.replay",           { { MEASURED_BOOTED, no_action }, { MEASURED_EXTENDED, no_action_counted }, { MEASURED_ASKED, ask_additions } } },
	{ "another locality",               "boot", CHECK_LOG_REPLAY, "log.replay",           { { MEASURED_EXTENDED, another_locality } } },
	{ "no log, PCRs that moved",        "boot", CHECK_LOG_REPLAY, "log.replay",           { { MEASURED_BOOTED, no_log }, { MEASURED_EXTENDED, firmware_measured } } },
	{ "SecureBoot measured twice",      "boot", CHECK_LOG_DIGEST, "log.data",             { { MEASURED_BOOTED, secure_boot_twice } } },
	{ "duplicate runtime event",        "boot", CHECK_RUNTIME,    "log.runtime.order",    { { MEASURED_LOGGED, duplicate_event } } },
	{ "runtime events swapped",         "boot", CHECK_RUNTIME,    "log.runtime.order",    { { MEASURED_LOGGED, swapped_events } } },
	{ "runtime event of PCR 14",        "boot", CHECK_RUNTIME,    "log.runtime.order",    { { MEASURED_LOGGED, event_of_pcr_14 } } },
	{ "one runtime event",              "boot", CHECK_RUNTIME,    "log.runtime.order",    { { MEASURED_LOGGED, one_event } } },
	{ "runtime event with a note",      "boot", CHECK_RUNTIME,    "log.runtime.order",    { { MEASURED_TOLD, event_with_more } } },
	{ "PCR 15 extended afterwards",     "boot", CHECK_RUNTIME,    "log.runtime.order",    { { MEASURED_EXTENDED, more_in_pcr_15 } } },
	{ "PCR 15 extended in other order", "boot", CHECK_RUNTIME,    "log.runtime.order",    { { MEASURED_EXTENDED, swapped_in_pcr_15 } } },
	{ "another subject",                "boot", CHECK_SUBJECT,    "log.runtime.subject",  { { MEASURED_LOGGED, another_subject } } },
	{ "another log's tip",              "boot", CHECK_LOG_TIP,    "log.runtime.firmware", { { MEASURED_LOGGED, another_tip } } },
	{ "no tip",                         "boot", CHECK_LOG_TIP,    "log.runtime.firmware", { { MEASURED_LOGGED, no_tip } } },
	{ "a tip without a log",            "boot", CHECK_LOG_TIP,    "log.runtime.firmware", { { MEASURED_BOOTED, no_log }, { MEASURED_LOGGED, tip_of_no_log }, { MEASURED_ASKED, ask_no_secure_boot } } },
};
/* clang-format on */

const size_t cases_log_count = CASE_COUNT(cases_log);
