/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/evidence/attest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken has one encoding, but for the bits of selections. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[ATTEST_SIZE_MAX];
	struct buf b = buf_over(block, sizeof(block));
	struct attest a;
	struct fault f;

	if (!attest_parse(&a, bytes_of(data, size), &f))
		return 0;
	buf_be32(&b, 0xff544347);
	buf_be16(&b, 0x8018);
	buf_be16(&b, (uint16_t)a.signer.n);
	buf_put(&b, a.signer);
	buf_be16(&b, (uint16_t)a.nonce.n);
	buf_put(&b, a.nonce);
	buf_be64(&b, a.clock);
	buf_be32(&b, a.reset_count);
	buf_be32(&b, a.restart_count);
	buf_u8(&b, a.safe);
	buf_be64(&b, a.firmware);
	buf_be32(&b, (uint32_t)a.nselections);
	if (b.full || !bytes_starts(bytes_of(data, size), buf_bytes(&b)) ||
	    a.pcr_digest.p + a.pcr_digest.n != data + size)
		abort();
	for (size_t i = 0; i < a.nselections; i++)
		if (a.selections[i].pcrs >> 24 != 0)
			abort();
	return 0;
}
