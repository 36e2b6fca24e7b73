/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/signature.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/crypto/known.h"

static const uint8_t modulus[] = { KNOWN_RSA_MODULUS };
static const uint8_t pkcs1[] = { KNOWN_RSA_PKCS1 };
static const uint8_t pss[] = { KNOWN_RSA_PSS };
static const uint8_t p256[] = { KNOWN_P256 };

static uint8_t block[1024];

static struct bytes
rsa(uint16_t scheme, uint16_t hash, struct bytes signature)
{
	struct buf b = buf_over(block, sizeof(block));

	buf_be16(&b, scheme);
	buf_be16(&b, hash);
	buf_be16(&b, (uint16_t)signature.n);
	buf_put(&b, signature);
	return buf_bytes(&b);
}

static struct bytes
ecdsa(struct bytes r, struct bytes s)
{
	struct buf b = buf_over(block, sizeof(block));

	buf_be16(&b, TPM_ALG_ECDSA);
	buf_be16(&b, TPM_ALG_SHA256);
	buf_be16(&b, (uint16_t)r.n);
	buf_put(&b, r);
	buf_be16(&b, (uint16_t)s.n);
	buf_put(&b, s);
	return buf_bytes(&b);
}

static struct public_area
rsa_key(uint16_t scheme, uint16_t hash)
{
	return (struct public_area){ .scheme = scheme,
		.scheme_hash = hash,
		.key = { .kind = KEY_RSA,
		    .modulus = bytes_of(modulus, sizeof(modulus)) } };
}

static struct public_area
ecc_key(uint16_t scheme, uint16_t hash)
{
	return (struct public_area){ .scheme = scheme,
		.scheme_hash = hash,
		.key = { .kind = KEY_EC_P256,
		    .x = bytes_of(p256, 32),
		    .y = bytes_of(p256 + 32, 32) } };
}

static void
accept(struct bytes in, struct public_area key)
{
	struct signature s;
	struct fault f;

	assert_true(signature_parse(&s, in, &f));
	assert_true(signature_check(&s, &key, BYTES(KNOWN_TEXT), &f));
}

static void
refuse(struct bytes in, struct public_area key, struct bytes text)
{
	struct signature s;
	struct fault f = { 0 };

	assert_true(signature_parse(&s, in, &f));
	assert_false(signature_check(&s, &key, text, &f));
	assert_string_equal(f.reason, "tpm.quote.signature");
}

static void
each_scheme_verifies(void **state)
{
	struct bytes one = bytes_of(pkcs1, sizeof(pkcs1));
	struct bytes two = bytes_of(pss, sizeof(pss));
	struct bytes r = bytes_of(p256 + 64, 32), s = bytes_of(p256 + 96, 32);

	(void)state;
	accept(rsa(TPM_ALG_RSASSA, TPM_ALG_SHA256, one),
	    rsa_key(TPM_ALG_RSASSA, TPM_ALG_SHA256));
	accept(rsa(TPM_ALG_RSASSA, TPM_ALG_SHA256, one),
	    rsa_key(TPM_ALG_NULL, TPM_ALG_NULL));
	accept(rsa(TPM_ALG_RSAPSS, TPM_ALG_SHA512, two),
	    rsa_key(TPM_ALG_RSAPSS, TPM_ALG_SHA512));
	accept(ecdsa(r, s), ecc_key(TPM_ALG_ECDSA, TPM_ALG_SHA256));
}

static void
other_signatures_do_not(void **state)
{
	static const uint8_t zero[32];
	struct bytes one = bytes_of(pkcs1, sizeof(pkcs1));
	struct bytes text = BYTES(KNOWN_TEXT);
	struct bytes r = bytes_of(p256 + 64, 32), s = bytes_of(p256 + 96, 32);
	struct public_area ssa = rsa_key(TPM_ALG_RSASSA, TPM_ALG_SHA256);
	struct public_area ecc = ecc_key(TPM_ALG_ECDSA, TPM_ALG_SHA256);

	(void)state;
	refuse(rsa(TPM_ALG_RSASSA, TPM_ALG_SHA256, one), ssa, BYTES("other"));
	refuse(rsa(TPM_ALG_RSAPSS, TPM_ALG_SHA256, one), ssa, text);
	refuse(rsa(TPM_ALG_RSASSA, TPM_ALG_SHA384, one), ssa, text);
	refuse(rsa(TPM_ALG_RSASSA, TPM_ALG_SHA256, bytes_of(pkcs1, 255)), ssa,
	    text);
	refuse(rsa(TPM_ALG_RSASSA, TPM_ALG_SHA256, (struct bytes){ 0 }), ssa,
	    text);
	refuse(rsa(TPM_ALG_RSASSA, TPM_ALG_SHA256, one),
	    ecc_key(TPM_ALG_NULL, TPM_ALG_NULL), text);
	refuse(ecdsa(r, s), rsa_key(TPM_ALG_NULL, TPM_ALG_NULL), text);
	refuse(ecdsa(r, s), ecc_key(TPM_ALG_ECDSA, TPM_ALG_SHA384), text);
	refuse(ecdsa(s, r), ecc, text);
	refuse(ecdsa(r, s), ecc, BYTES("other"));
	refuse(ecdsa(bytes_of(zero, 32), s), ecc, text);
	refuse(ecdsa(r, bytes_of(zero, 32)), ecc, text);
	refuse(ecdsa((struct bytes){ 0 }, s), ecc, text);
	refuse(ecdsa(bytes_of(p256 + 60, 36), s), ecc, text);
	ecc.key.y = bytes_of(p256, 32);
	refuse(ecdsa(r, s), ecc, text);
}

static void
other_shapes_are_refused(void **state)
{
	struct bytes good = ecdsa(bytes_of(p256, 32), bytes_of(p256, 32));
	struct signature s;
	struct fault f;
	/* clang-format off */
	static const struct {
		size_t at;
		uint16_t value;
		int cut;
	} rows[] = {
		{ 0, TPM_ALG_NULL, 0 },   /* no signature */
		{ 0, 0x0005, 0 },         /* HMAC */
		{ 0, 0x001a, 0 },         /* ECDAA */
		{ 0, TPM_ALG_RSASSA, 0 }, /* one number too many */
		{ 2, TPM_ALG_NULL, 0 },
		{ 2, TPM_ALG_SM3_256, 0 },
		{ 4, 67, 0 },
		{ 4, 0xffff, 0 },
		{ 38, 0xffff, 0 },
		{ 38, 31, 0 },
		{ 0, TPM_ALG_ECDSA, -1 },
		{ 0, TPM_ALG_ECDSA, 1 },
		{ 0, TPM_ALG_ECDSA, -69 },
		{ 0, TPM_ALG_ECDSA, -72 },
	};
	/* clang-format on */

	(void)state;
	assert_int_equal(good.n, 72);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)ecdsa(bytes_of(p256, 32), bytes_of(p256, 32));
		block[rows[i].at] = (uint8_t)(rows[i].value >> 8);
		block[rows[i].at + 1] = (uint8_t)rows[i].value;
		struct bytes in =
		    bytes_of(block, (size_t)((int)good.n + rows[i].cut));

		f = (struct fault){ 0 };
		if (signature_parse(&s, in, &f))
			fail_msg("row %zu accepted", i);
		assert_string_equal(f.reason, "tpm.signature.syntax");
	}
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(each_scheme_verifies),
		cmocka_unit_test(other_signatures_do_not),
		cmocka_unit_test(other_shapes_are_refused),
	};

	return cmocka_run_group_tests_name("signature", units, NULL, NULL);
}
