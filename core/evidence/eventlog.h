/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware's event log, as /sys/kernel/security/tpm0 gives it: crypto-agile
 * or the older SHA-1 form. Reads the container only; see eventdata.h for what
 * is inside events and replay.h for what they prove. */
#ifndef CORE_EVIDENCE_EVENTLOG_H
#define CORE_EVIDENCE_EVENTLOG_H

#include "core/base/cursor.h"
#include "core/base/fault.h"
#include "core/evidence/tpm.h"

#define EVENTLOG_SIZE_MAX   (1u << 20)
#define EVENTLOG_EVENTS_MAX 32768u
#define EVENTLOG_ALGS_MAX   8u
#define EVENTLOG_PCRS       24u

enum eventlog_type {
	EV_PREBOOT_CERT = 0x00,
	EV_POST_CODE = 0x01,
	EV_NO_ACTION = 0x03,
	EV_SEPARATOR = 0x04,
	EV_ACTION = 0x05,
	EV_EVENT_TAG = 0x06,
	EV_S_CRTM_CONTENTS = 0x07,
	EV_S_CRTM_VERSION = 0x08,
	EV_CPU_MICROCODE = 0x09,
	EV_PLATFORM_CONFIG_FLAGS = 0x0a,
	EV_TABLE_OF_DEVICES = 0x0b,
	EV_COMPACT_HASH = 0x0c,
	EV_IPL = 0x0d,
	EV_IPL_PARTITION_DATA = 0x0e,
	EV_NONHOST_CODE = 0x0f,
	EV_NONHOST_CONFIG = 0x10,
	EV_NONHOST_INFO = 0x11,
	EV_OMIT_BOOT_DEVICE_EVENTS = 0x12,
	EV_POST_CODE2 = 0x13
};

/* These exceed an int, so they are no enumerators. */
#define EV_EFI_VARIABLE_DRIVER_CONFIG    0x80000001u
#define EV_EFI_VARIABLE_BOOT             0x80000002u
#define EV_EFI_BOOT_SERVICES_APPLICATION 0x80000003u
#define EV_EFI_BOOT_SERVICES_DRIVER      0x80000004u
#define EV_EFI_RUNTIME_SERVICES_DRIVER   0x80000005u
#define EV_EFI_GPT_EVENT                 0x80000006u
#define EV_EFI_ACTION                    0x80000007u
#define EV_EFI_PLATFORM_FIRMWARE_BLOB    0x80000008u
#define EV_EFI_HANDOFF_TABLES            0x80000009u
#define EV_EFI_PLATFORM_FIRMWARE_BLOB2   0x8000000au
#define EV_EFI_HANDOFF_TABLES2           0x8000000bu
#define EV_EFI_VARIABLE_BOOT2            0x8000000cu
#define EV_EFI_GPT_EVENT2                0x8000000du
#define EV_EFI_HCRTM_EVENT               0x80000010u
#define EV_EFI_VARIABLE_AUTHORITY        0x800000e0u
#define EV_EFI_SPDM_FIRMWARE_BLOB        0x800000e1u
#define EV_EFI_SPDM_FIRMWARE_CONFIG      0x800000e2u

/* Views into the bytes that were parsed. */
struct eventlog {
	struct bytes events; /* behind a crypto-agile header, no padding */
	bool agile;          /* or SHA-1 only */
	struct {
		uint16_t id;
		uint16_t size;
	} algs[EVENTLOG_ALGS_MAX];
	size_t nalgs;
	/* Of a crypto-agile header. */
	uint32_t platform_class;
	uint8_t major, minor, errata, uintn;
	size_t count;     /* events, a crypto-agile header included */
	size_t padding;   /* bytes of zeros or ones behind them */
	uint8_t locality; /* that PCR 0 starts from: 0, 3 or 4 */
};

struct eventlog_event {
	size_t index;  /* in the log; a crypto-agile header is 0 */
	size_t offset; /* in eventlog.events */
	uint32_t pcr, type;
	struct bytes digests[EVENTLOG_ALGS_MAX]; /* by place in algs */
	struct bytes data;
};

/*
 * Walks the whole log once. Zeros alone are a log without events. Every event
 * carries each algorithm of the header once. Fails with "log.header" (no or a second header, a StartupLocality that
 * comes late, twice or has no meaning), "log.truncated" (lengths that do not
 * fit), "log.event" (PCR above 23, digests other than the header's) or
 * "log.limit".
 */
MUST_CHECK bool eventlog_parse(
    struct eventlog *out, struct bytes in, struct fault *f);

/* Where a bank's digests stand in events; false if the log has none. */
bool eventlog_bank(
    size_t *place, const struct eventlog *log, enum hash_alg alg);

/* Events in order. A walk over a parsed log cannot fail. */
struct eventlog_walk {
	const struct eventlog *log;
	struct cursor c;
	size_t index;
};

struct eventlog_walk eventlog_walk(const struct eventlog *log);
bool eventlog_next(struct eventlog_walk *w, struct eventlog_event *out);

#endif
