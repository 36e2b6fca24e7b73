/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: makes event logs, crypto-agile with one SHA-256 bank. */
#ifndef CORE_EVIDENCE_LOGMAKER_TEST_H
#define CORE_EVIDENCE_LOGMAKER_TEST_H

#include "core/base/buf.h"
#include "core/evidence/eventlog.h"

/* Writes little-endian. */
void logmaker_le16(struct buf *b, uint16_t value);
void logmaker_le32(struct buf *b, uint32_t value);
void logmaker_le64(struct buf *b, uint64_t value);

/* The Spec ID event: one algorithm, no vendor information. */
void logmaker_header(struct buf *b);

/* An event whose digest is that of other bytes than its data. */
struct logmaker_event {
	uint32_t pcr, type;
	struct bytes data, measured;
};
void logmaker_put(struct buf *b, const struct logmaker_event *event);

/* An event whose digest is that of its data. */
void logmaker_event(
    struct buf *b, uint32_t pcr, uint32_t type, struct bytes data);

/* Separators in PCRs 0 to 7. */
void logmaker_separators(struct buf *b);

/* UEFI_VARIABLE_DATA, its name of ASCII characters. */
struct bytes logmaker_variable(void *block, size_t size, const uint8_t guid[16],
    const char *name, struct bytes data);

/* Text and its NUL in UCS-2. */
struct bytes logmaker_ucs2(void *block, size_t size, const char *text);

/* The parsed log; the test fails if it is none. */
struct eventlog logmaker_parse(const struct buf *b);

extern const uint8_t logmaker_global[16];
extern const uint8_t logmaker_security[16];

#endif
