/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/signature.h"

#include "core/crypto/ecdsa.h"
#include "core/crypto/rsa.h"

#define RSA_MAX_SIZE 512u
#define ECC_MAX_SIZE 66u

static bool
syntax(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "tpm.signature.syntax",
	    "evidence 2: signature: %s", what);
}

bool
signature_parse(struct signature *out, struct bytes in, struct fault *f)
{
	struct signature s = { 0 };
	struct cursor c = cursor_over(in);

	s.scheme = cursor_be16(&c);
	uint16_t hash = cursor_be16(&c);

	if (!cursor_ok(&c))
		return syntax(f, "cut");
	if (s.scheme == TPM_ALG_ECDSA) {
		s.r = tpm_take_sized(&c, ECC_MAX_SIZE);
		s.s = tpm_take_sized(&c, ECC_MAX_SIZE);
	} else if (s.scheme == TPM_ALG_RSASSA || s.scheme == TPM_ALG_RSAPSS) {
		s.rsa = tpm_take_sized(&c, RSA_MAX_SIZE);
	} else {
		return syntax(f, "none of RSASSA, RSAPSS, ECDSA");
	}
	if (!tpm_alg_hash(&s.hash, hash))
		return syntax(f, "hash is none of ours");
	if (!cursor_done(&c))
		return syntax(f, "cut, or goes on behind its end");
	*out = s;
	return true;
}

static bool
verify(const struct signature *s, const struct public_key *key,
    struct bytes signed_bytes)
{
	bool ecdsa = s->scheme == TPM_ALG_ECDSA;
	const struct ecdsa_key point = {
		.curve = key->kind == KEY_EC_P384 ? EC_P384 : EC_P256,
		.x = key->x,
		.y = key->y
	};
	enum rsa_padding padding =
	    s->scheme == TPM_ALG_RSAPSS ? RSA_PADDING_PSS : RSA_PADDING_PKCS1;

	if (ecdsa != (key->kind != KEY_RSA))
		return false;
	if (ecdsa)
		return ecdsa_verify(&point, s->hash, signed_bytes, s->r, s->s);
	return rsa_verify(key->modulus, padding, s->hash, signed_bytes, s->rsa);
}

bool
signature_check_key(const struct signature *s, const struct public_key *key,
    struct bytes signed_bytes, struct fault *f)
{
	if (!verify(s, key, signed_bytes))
		return fail(f, FAULT_VERIFY, "tpm.quote.signature",
		    "evidence 2: the AK did not sign this");
	return true;
}

bool
signature_check(const struct signature *s, const struct public_area *key,
    struct bytes signed_bytes, struct fault *f)
{
	if (key->scheme != TPM_ALG_NULL &&
	    (key->scheme != s->scheme ||
		key->scheme_hash != tpm_alg_of_hash(s->hash)))
		return fail(f, FAULT_VERIFY, "tpm.quote.signature",
		    "evidence 2: scheme 0x%04x with hash 0x%04x is not the "
		    "AK's",
		    s->scheme, tpm_alg_of_hash(s->hash));
	return signature_check_key(s, &key->key, signed_bytes, f);
}
