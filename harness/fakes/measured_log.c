/* SPDX-License-Identifier: Apache-2.0 */
/* The kit's firmware log: small, and with all that a verdict looks at. */
#include "harness/fakes/measured.h"

#include <assert.h>
#include <stdlib.h>

static const uint8_t global[16] = { 0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2,
	0x11, 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c };
static const uint8_t security[16] = { 0xcb, 0xb2, 0x19, 0xd7, 0x3a, 0x3d, 0x96,
	0x45, 0xa3, 0xbc, 0xda, 0xd0, 0x0e, 0x67, 0x65, 0x6f };

static void
put_le(struct buf *b, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		buf_u8(b, (uint8_t)(value >> 8 * i));
}

static void
put_measured(struct buf *b, uint32_t pcr, uint32_t type, struct bytes data,
    struct bytes measured)
{
	struct sha256 digest = { 0 };

	if (type != EV_NO_ACTION)
		digest = sha256_of(measured);

	put_le(b, pcr, 4);
	put_le(b, type, 4);
	put_le(b, 1, 4);
	put_le(b, TPM_ALG_SHA256, 2);
	buf_put(b, BYTES_OF(&digest));
	put_le(b, data.n, 4);
	buf_put(b, data);
}

void
measured_log_event(
    struct buf *b, uint32_t pcr, uint32_t type, struct bytes data)
{
	put_measured(b, pcr, type, data, data);
}

static void
put_header(struct buf *b)
{
	static const uint8_t zeros[20];

	put_le(b, 0, 4);
	put_le(b, EV_NO_ACTION, 4);
	buf_put(b, bytes_of(zeros, sizeof(zeros)));
	put_le(b, 33, 4);
	buf_put(b, bytes_of("Spec ID Event03", 16));
	buf_put(b, bytes_of("\0\0\0\0\0\2\0\2", 8));
	put_le(b, 1, 4);
	put_le(b, TPM_ALG_SHA256, 2);
	put_le(b, 32, 2);
	buf_u8(b, 0);
}

static void
put_variable(
    struct buf *b, const uint8_t guid[16], const char *name, struct bytes data)
{
	uint8_t block[256];
	struct buf v = buf_over(block, sizeof(block));

	buf_put(&v, bytes_of(guid, 16));
	put_le(&v, strlen(name), 8);
	put_le(&v, data.n, 8);
	for (size_t i = 0; name[i] != '\0'; i++)
		put_le(&v, (uint8_t)name[i], 2);
	buf_put(&v, data);
	assert(!v.full);
	measured_log_event(b, 7, EV_EFI_VARIABLE_DRIVER_CONFIG, buf_bytes(&v));
}

void
measured_log(struct buf *b)
{
	put_header(b);
	measured_log_event(
	    b, 0, EV_S_CRTM_VERSION, bytes_of("1\0.\0000\0\0\0", 8));
	put_measured(b, 0, EV_EFI_PLATFORM_FIRMWARE_BLOB,
	    BYTES("0123456789abcdef"), BYTES("firmware volume"));
	put_variable(b, global, "SecureBoot", bytes_of("\1", 1));
	put_variable(b, global, "PK", BYTES(""));
	put_variable(b, global, "KEK", BYTES(""));
	put_variable(b, security, "db", BYTES(""));
	put_variable(b, security, "dbx", BYTES(""));
	measured_log_event(b, 4, EV_EFI_ACTION,
	    BYTES("Calling EFI Application from Boot Option"));
	for (uint32_t pcr = 0; pcr < 8; pcr++)
		measured_log_event(
		    b, pcr, EV_SEPARATOR, bytes_of("\0\0\0\0", 4));
	put_measured(b, 4, EV_EFI_BOOT_SERVICES_APPLICATION,
	    BYTES("device path"), BYTES("a unified kernel image"));
	measured_log_stub(b);
	assert(!b->full);
}

void
measured_log_stub(struct buf *b)
{
	static const char *const names[] = { ".linux", ".osrel", ".cmdline",
		".initrd" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint8_t block[64];
		struct buf ucs2 = buf_over(block, sizeof(block));
		size_t n = strlen(names[i]) + 1;

		for (size_t k = 0; k < n; k++)
			put_le(&ucs2, (uint8_t)names[i][k], 2);
		put_measured(
		    b, 11, EV_IPL, buf_bytes(&ucs2), bytes_of(names[i], n));
		put_measured(b, 11, EV_IPL, buf_bytes(&ucs2), BYTES("content"));
	}
	assert(!b->full);
}

size_t
measured_find(size_t *size, const struct measured *m, uint32_t pcr,
    uint32_t type, size_t nth)
{
	struct eventlog log;
	struct eventlog_event event;
	struct fault f = { 0 };
	bool parsed = eventlog_parse(&log, bytes_of(m->log, m->nlog), &f);

	assert(parsed);
	struct eventlog_walk w = eventlog_walk(&log);

	while (eventlog_next(&w, &event)) {
		if (event.pcr != pcr || event.type != type || nth-- != 0)
			continue;
		size_t at = (size_t)(log.events.p - m->log) + event.offset;

		*size = (size_t)(w.c.p - m->log) - at;
		return at;
	}
	abort();
}
