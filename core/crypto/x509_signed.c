/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/der.h"
#include "core/crypto/rsa.h"
#include "core/crypto/x509.h"

#define RSASSA_PSS "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define MGF1       "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
#define SHA2(n)    "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02" n "\x05\x00"
#define PSS(n, salt)                                                        \
	RSASSA_PSS "\x30\x34\xa0\x0f" SHA2(n) "\xa1\x1c\x30\x1a" MGF1 SHA2( \
	    n) "\xa2\x03\x02\x01" salt
/* As AMD writes it, with the default trailer spelled out. */
#define PSS_TRAILER(n, salt)                                                \
	RSASSA_PSS "\x30\x39\xa0\x0f" SHA2(n) "\xa1\x1c\x30\x1a" MGF1 SHA2( \
	    n) "\xa2\x03\x02\x01" salt "\xa3\x03\x02\x01\x01"
#define PKCS1(n) "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01" n "\x05\x00"
/* Secure elements of some phones write parameters that it has not. */
#define ECDSA_NULL(n) ECDSA(n) "\x05\x00"
#define ECDSA(n)      "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03" n
#define TEXT(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

/* What an AlgorithmIdentifier holds, whole: one text per algorithm. */
/* clang-format off */
static const struct {
	struct bytes identifier;
	bool rsa;
	enum rsa_padding padding;
	enum hash_alg hash;
} algorithms[] = {
	{ TEXT(PSS_TRAILER("\x02", "\x30")), true, RSA_PADDING_PSS_DIGEST, HASH_SHA384 },
	{ TEXT(PSS("\x01", "\x20")), true,  RSA_PADDING_PSS_DIGEST, HASH_SHA256 },
	{ TEXT(PSS("\x02", "\x30")), true,  RSA_PADDING_PSS_DIGEST, HASH_SHA384 },
	{ TEXT(PSS("\x03", "\x40")), true,  RSA_PADDING_PSS_DIGEST, HASH_SHA512 },
	{ TEXT(PKCS1("\x0b")),       true,  RSA_PADDING_PKCS1,      HASH_SHA256 },
	{ TEXT(PKCS1("\x0c")),       true,  RSA_PADDING_PKCS1,      HASH_SHA384 },
	{ TEXT(PKCS1("\x0d")),       true,  RSA_PADDING_PKCS1,      HASH_SHA512 },
	{ TEXT(ECDSA("\x02")),       false, RSA_PADDING_PKCS1,      HASH_SHA256 },
	{ TEXT(ECDSA_NULL("\x02")),  false, RSA_PADDING_PKCS1,      HASH_SHA256 },
	{ TEXT(ECDSA("\x03")),       false, RSA_PADDING_PKCS1,      HASH_SHA384 },
	{ TEXT(ECDSA("\x04")),       false, RSA_PADDING_PKCS1,      HASH_SHA512 },
};
/* clang-format on */

#define NALGORITHMS (sizeof(algorithms) / sizeof(*algorithms))

struct parts {
	struct bytes signed_part, algorithm, signature;
};

/* The algorithm inside the signed part: its first SEQUENCE, in certificates
 * (version, serial, algorithm) and CRLs (version, algorithm). */
static struct bytes
inner_algorithm(struct bytes signed_part)
{
	struct der whole = der_over(signed_part);
	struct der part = der_into(&whole, DER_SEQUENCE);

	while (der_more(&part) && der_peek(&part) != DER_SEQUENCE)
		(void)der_any(&part);
	return der_take(&part, DER_SEQUENCE);
}

static bool
split(struct parts *out, struct bytes der, struct fault *f)
{
	struct der whole = der_over(der);
	struct der in = der_into(&whole, DER_SEQUENCE);

	out->signed_part = der_any(&in).whole;
	out->algorithm = der_take(&in, DER_SEQUENCE);
	out->signature = der_bits(&in);
	return der_done(&whole, f) && der_done(&in, f);
}

static bool
verify_ecdsa(
    const struct parts *in, const struct public_key *key, enum hash_alg hash)
{
	struct fault f;
	struct ecdsa_key point = { key->kind == KEY_EC_P256 ? EC_P256 : EC_P384,
		key->x, key->y };
	struct der whole = der_over(in->signature);
	struct der pair = der_into(&whole, DER_SEQUENCE);
	struct bytes r = der_positive(&pair), s = der_positive(&pair);

	return der_done(&whole, &f) && der_done(&pair, &f) &&
	       ecdsa_verify(&point, hash, in->signed_part, r, s);
}

bool
x509_signed(struct bytes der, const struct public_key *issuer,
    const char *reason, struct fault *f)
{
	struct parts in;
	size_t i = 0;

	if (!split(&in, der, f) ||
	    !bytes_equal(in.algorithm, inner_algorithm(in.signed_part)))
		return fail(f, FAULT_VERIFY, reason,
		    "base 15: no signed structure of one algorithm");
	while (i < NALGORITHMS &&
	       !bytes_equal(algorithms[i].identifier, in.algorithm))
		i++;
	if (i == NALGORITHMS || algorithms[i].rsa != (issuer->kind == KEY_RSA))
		return fail(f, FAULT_VERIFY, reason,
		    "base 15: signed by no algorithm of the issuer's key");
	bool good = algorithms[i].rsa
			? rsa_verify(issuer->modulus, algorithms[i].padding,
			      algorithms[i].hash, in.signed_part, in.signature)
			: verify_ecdsa(&in, issuer, algorithms[i].hash);

	return good ? true
		    : fail(f, FAULT_VERIFY, reason,
			  "base 15: the issuer's key did not sign it");
}
