/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/spki.h"

#include "core/base/der.h"

#define RSA_E         65537u
#define RSA_BYTES_MIN 256u
#define RSA_BYTES_MAX 512u
#define UNCOMPRESSED  4u

#define OID(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static const struct bytes rsa_encryption =
    OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
static const struct bytes ec_public_key = OID("\x2a\x86\x48\xce\x3d\x02\x01");

static const struct {
	struct bytes oid;
	enum key_kind kind;
	size_t size;
} curves[] = {
	{ OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), KEY_EC_P256, 32 },
	{ OID("\x2b\x81\x04\x00\x22"), KEY_EC_P384, 48 },
};

static bool
no_key(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "tpm.public.syntax",
	    "evidence 16: public key: %s", what);
}

static bool
read_rsa(struct public_key *out, struct bytes bits, struct fault *f)
{
	struct der whole = der_over(bits);
	struct der d = der_into(&whole, DER_SEQUENCE);
	struct bytes modulus = der_integer(&d);
	uint64_t e = der_uint64(&d);

	if (!der_done(&d, f) || !der_done(&whole, f))
		return no_key(f, "no RSA key in DER");
	if (e != RSA_E || modulus.n <= RSA_BYTES_MIN || modulus.p[0] != 0 ||
	    modulus.n > RSA_BYTES_MAX + 1)
		return no_key(f, "exponent or size is none of ours");
	out->kind = KEY_RSA;
	out->modulus = bytes_of(modulus.p + 1, modulus.n - 1);
	return true;
}

static bool
read_point(struct public_key *out, struct bytes curve, struct bytes bits,
    struct fault *f)
{
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		size_t n = curves[i].size;

		if (!bytes_equal(curve, curves[i].oid))
			continue;
		if (bits.n != 1 + 2 * n || bits.p[0] != UNCOMPRESSED)
			return no_key(f, "no uncompressed point");
		out->kind = curves[i].kind;
		out->x = bytes_of(bits.p + 1, n);
		out->y = bytes_of(bits.p + 1 + n, n);
		return true;
	}
	return no_key(f, "curve is neither P-256 nor P-384");
}

bool
spki_parse(struct public_key *out, struct bytes in, struct fault *f)
{
	struct public_key key = { 0 };
	struct der outer = der_over(in);
	struct der d = der_into(&outer, DER_SEQUENCE);
	struct der algorithm = der_into(&d, DER_SEQUENCE);
	struct bytes oid = der_oid(&algorithm), curve = { 0 };
	struct bytes bits = der_bits(&d);
	bool rsa = bytes_equal(oid, rsa_encryption);

	if (rsa)
		der_null(&algorithm);
	else
		curve = der_oid(&algorithm);
	if (!der_done(&algorithm, f) || !der_done(&d, f) ||
	    !der_done(&outer, f))
		return no_key(f, "no SubjectPublicKeyInfo in DER");
	if (!rsa && !bytes_equal(oid, ec_public_key))
		return no_key(f, "neither RSA nor ECC");
	if (!(rsa ? read_rsa(&key, bits, f) : read_point(&key, curve, bits, f)))
		return false;
	*out = key;
	return true;
}
