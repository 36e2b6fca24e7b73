/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/kdf.h"

#include <assert.h>

#include "core/base/buf.h"

/* Both fit in one round: its number is 1. */
#define ROUND 1u

void
kdf_a(uint8_t *out, size_t n, struct bytes key, const struct kdf_use *use)
{
	uint8_t block[256];
	struct buf b = buf_over(block, sizeof(block));

	buf_be32(&b, ROUND);
	buf_text(&b, use->label);
	buf_u8(&b, 0);
	buf_put(&b, use->u);
	buf_put(&b, use->v);
	buf_be32(&b, (uint32_t)n * 8);
	assert(!b.full && n <= sizeof(struct sha256));
	struct sha256 mac = hmac_sha256(key, buf_bytes(&b));

	memcpy(out, mac.b, n);
	explicit_bzero(&mac, sizeof(mac));
}

struct sha256
kdf_e(struct bytes secret, const struct kdf_use *use)
{
	uint8_t block[320];
	struct buf b = buf_over(block, sizeof(block));

	buf_be32(&b, ROUND);
	buf_put(&b, secret);
	buf_text(&b, use->label);
	buf_u8(&b, 0);
	buf_put(&b, use->u);
	buf_put(&b, use->v);
	assert(!b.full);
	struct sha256 out = sha256_of(buf_bytes(&b));

	explicit_bzero(block, sizeof(block));
	return out;
}
