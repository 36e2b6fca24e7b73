/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/crypto/known.h"
#include "core/evidence/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put_sized(struct buf *b, struct bytes part)
{
	buf_be16(b, (uint16_t)part.n);
	buf_put(b, part);
}

/* What is taken has one encoding, and nothing verifies over this text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t p256[] = { KNOWN_P256 };
	const struct public_key key = { .kind = KEY_EC_P256,
		.x = bytes_of(p256, 32),
		.y = bytes_of(p256 + 32, 32) };
	uint8_t block[1024];
	struct buf b = buf_over(block, sizeof(block));
	struct signature s;
	struct fault f;

	if (!signature_parse(&s, bytes_of(data, size), &f))
		return 0;
	buf_be16(&b, s.scheme);
	buf_be16(&b, tpm_alg_of_hash(s.hash));
	if (s.scheme == TPM_ALG_ECDSA) {
		put_sized(&b, s.r);
		put_sized(&b, s.s);
	} else {
		put_sized(&b, s.rsa);
	}
	if (!bytes_equal(buf_bytes(&b), bytes_of(data, size)) ||
	    signature_check_key(&s, &key, BYTES("fuzz"), &f))
		abort();
	return 0;
}
