/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/logmaker_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

const uint8_t logmaker_global[16] = { 0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2,
	0x11, 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c };
const uint8_t logmaker_security[16] = { 0xcb, 0xb2, 0x19, 0xd7, 0x3a, 0x3d,
	0x96, 0x45, 0xa3, 0xbc, 0xda, 0xd0, 0x0e, 0x67, 0x65, 0x6f };

void
logmaker_le16(struct buf *b, uint16_t value)
{
	buf_u8(b, (uint8_t)value);
	buf_u8(b, (uint8_t)(value >> 8));
}

void
logmaker_le32(struct buf *b, uint32_t value)
{
	logmaker_le16(b, (uint16_t)value);
	logmaker_le16(b, (uint16_t)(value >> 16));
}

void
logmaker_le64(struct buf *b, uint64_t value)
{
	logmaker_le32(b, (uint32_t)value);
	logmaker_le32(b, (uint32_t)(value >> 32));
}

void
logmaker_header(struct buf *b)
{
	static const uint8_t zeros[20];

	logmaker_le32(b, 0);
	logmaker_le32(b, EV_NO_ACTION);
	buf_put(b, bytes_of(zeros, 20));
	logmaker_le32(b, 33);
	buf_put(b, bytes_of("Spec ID Event03", 16));
	buf_put(b, bytes_of("\0\0\0\0\0\2\0\2", 8));
	logmaker_le32(b, 1);
	logmaker_le16(b, TPM_ALG_SHA256);
	logmaker_le16(b, 32);
	buf_u8(b, 0);
}

void
logmaker_put(struct buf *b, const struct logmaker_event *event)
{
	struct sha256 digest = { 0 };

	if (event->type != EV_NO_ACTION || event->measured.n != 0)
		digest = sha256_of(event->measured);

	logmaker_le32(b, event->pcr);
	logmaker_le32(b, event->type);
	logmaker_le32(b, 1);
	logmaker_le16(b, TPM_ALG_SHA256);
	buf_put(b, BYTES_OF(&digest));
	logmaker_le32(b, (uint32_t)event->data.n);
	buf_put(b, event->data);
}

void
logmaker_event(struct buf *b, uint32_t pcr, uint32_t type, struct bytes data)
{
	const struct logmaker_event event = { pcr, type, data,
		type == EV_NO_ACTION ? BYTES("") : data };

	logmaker_put(b, &event);
}

void
logmaker_separators(struct buf *b)
{
	for (uint32_t pcr = 0; pcr < 8; pcr++)
		logmaker_event(b, pcr, EV_SEPARATOR, bytes_of("\0\0\0\0", 4));
}

struct bytes
logmaker_ucs2(void *block, size_t size, const char *text)
{
	struct buf b = buf_over(block, size);

	for (size_t i = 0; i <= strlen(text); i++)
		logmaker_le16(&b, (uint8_t)text[i]);
	assert_false(b.full);
	return buf_bytes(&b);
}

struct bytes
logmaker_variable(void *block, size_t size, const uint8_t guid[16],
    const char *name, struct bytes data)
{
	struct buf b = buf_over(block, size);
	uint8_t text[64];
	struct bytes ucs2 = logmaker_ucs2(text, sizeof(text), name);

	buf_put(&b, bytes_of(guid, 16));
	logmaker_le64(&b, strlen(name));
	logmaker_le64(&b, data.n);
	buf_put(&b, bytes_of(ucs2.p, ucs2.n - 2));
	buf_put(&b, data);
	assert_false(b.full);
	return buf_bytes(&b);
}

struct eventlog
logmaker_parse(const struct buf *b)
{
	struct eventlog log;
	struct fault f = { 0 };

	assert_false(b->full);
	if (!eventlog_parse(&log, buf_bytes(b), &f))
		fail_msg("%s: %s", f.reason, f.why);
	return log;
}
