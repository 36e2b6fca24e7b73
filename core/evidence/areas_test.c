/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/areas_test.h"

#include "core/base/buf.h"

#define AK_ATTRIBUTES 0x000504b2u
#define EK_ATTRIBUTES 0x000300b2u

static const uint8_t ek_policy[] = { 0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3,
	0xf8, 0x1a, 0x90, 0xcc, 0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7,
	0x6e, 0x06, 0x52, 0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69,
	0xaa };

static void
put_many(struct buf *b, uint8_t value, size_t n)
{
	buf_be16(b, (uint16_t)n);
	while (n-- > 0)
		buf_u8(b, value);
}

static void
put_head(struct buf *b, uint16_t type, uint32_t attributes)
{
	buf_be16(b, type);
	buf_be16(b, TPM_ALG_SHA256);
	buf_be32(b, attributes);
	if (attributes == AK_ATTRIBUTES) {
		put_many(b, 0xaa, 32);
		buf_be16(b, TPM_ALG_NULL);
		return;
	}
	buf_be16(b, sizeof(ek_policy));
	buf_put(b, bytes_of(ek_policy, sizeof(ek_policy)));
	buf_be16(b, TPM_ALG_AES);
	buf_be16(b, 128);
	buf_be16(b, TPM_ALG_CFB);
}

static void
put_point(struct buf *b)
{
	buf_be16(b, TPM_CURVE_P256);
	buf_be16(b, TPM_ALG_NULL);
	put_many(b, 1, 32);
	put_many(b, 2, 32);
}

static void
put_modulus(struct buf *b)
{
	buf_be16(b, 2048);
	buf_be32(b, 0);
	put_many(b, 0xff, 256);
}

struct area
areas_ak_ecc(void)
{
	struct area area;
	struct buf b = buf_over(area.b, sizeof(area.b));

	put_head(&b, TPM_ALG_ECC, AK_ATTRIBUTES);
	buf_be16(&b, TPM_ALG_ECDSA);
	buf_be16(&b, TPM_ALG_SHA256);
	put_point(&b);
	area.n = b.used;
	return area;
}

struct area
areas_ak_rsa(void)
{
	struct area area;
	struct buf b = buf_over(area.b, sizeof(area.b));

	put_head(&b, TPM_ALG_RSA, AK_ATTRIBUTES);
	buf_be16(&b, TPM_ALG_RSAPSS);
	buf_be16(&b, TPM_ALG_SHA256);
	put_modulus(&b);
	area.n = b.used;
	return area;
}

struct area
areas_ek_ecc(void)
{
	struct area area;
	struct buf b = buf_over(area.b, sizeof(area.b));

	put_head(&b, TPM_ALG_ECC, EK_ATTRIBUTES);
	buf_be16(&b, TPM_ALG_NULL);
	put_point(&b);
	area.n = b.used;
	return area;
}

struct area
areas_ek_rsa(void)
{
	struct area area;
	struct buf b = buf_over(area.b, sizeof(area.b));

	put_head(&b, TPM_ALG_RSA, EK_ATTRIBUTES);
	buf_be16(&b, TPM_ALG_NULL);
	put_modulus(&b);
	area.n = b.used;
	return area;
}
