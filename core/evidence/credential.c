/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/credential.h"

#include "core/base/buf.h"
#include "core/crypto/crypto.h"
#include "core/crypto/kdf.h"
#include "core/crypto/seal.h"

#define PROOF_LABEL "permawebos-activation-v1"

static const char identity[] = "IDENTITY";

/* The seed that protects the credential, and its form for the TPM. */
static bool
seal_seed_rsa(
    struct credential *out, uint8_t seed[32], const struct public_area *ek)
{
	struct bytes modulus = ek->key.modulus;
	/* With its NUL: the TPM's labels end in one. */
	struct bytes label = bytes_of(identity, sizeof(identity));

	crypto_random(seed, 32);
	out->secret[0] = (uint8_t)(modulus.n >> 8);
	out->secret[1] = (uint8_t)modulus.n;
	out->nsecret = 2 + modulus.n;
	return seal_rsa(out->secret + 2, modulus, label, bytes_of(seed, 32));
}

static bool
seal_seed_ecc(
    struct credential *out, uint8_t seed[32], const struct public_area *ek)
{
	const struct ecdsa_key peer = {
		.curve = EC_P256, .x = ek->key.x, .y = ek->key.y
	};
	struct seal_point fresh;
	struct sha256 z;
	uint8_t x[32] = { 0 };
	struct buf b = buf_over(out->secret, sizeof(out->secret));

	if (ek->key.kind != KEY_EC_P256 || !seal_ecdh(&fresh, &z, &peer))
		return false;
	memcpy(x + 32 - peer.x.n, peer.x.p, peer.x.n);
	const struct kdf_use use = { .label = identity,
		.u = bytes_of(fresh.x, 32),
		.v = bytes_of(x, 32) };
	struct sha256 key = kdf_e(BYTES_OF(&z), &use);

	memcpy(seed, key.b, 32);
	buf_be16(&b, 2 + 32 + 2 + 32);
	buf_be16(&b, 32);
	buf_put(&b, use.u);
	buf_be16(&b, 32);
	buf_put(&b, bytes_of(fresh.y, 32));
	out->nsecret = b.used;
	explicit_bzero(&z, sizeof(z));
	return true;
}

/* TPM2B_ID_OBJECT: the HMAC over what is encrypted and the Name, then that. */
static void
put_blob(struct credential *out, const uint8_t seed[32],
    const struct public_name *ak, const uint8_t credential[CREDENTIAL_SIZE])
{
	const struct kdf_use storage = { .label = "STORAGE",
		.u = public_name_bytes(ak) };
	const struct kdf_use integrity = { .label = "INTEGRITY" };
	uint8_t key[SEAL_AES_KEY], mac_key[32];
	uint8_t plain[2 + CREDENTIAL_SIZE] = { 0, CREDENTIAL_SIZE };
	uint8_t covered[sizeof(plain) + sizeof(ak->b)];

	memcpy(plain + 2, credential, CREDENTIAL_SIZE);
	kdf_a(key, sizeof(key), bytes_of(seed, 32), &storage);
	kdf_a(mac_key, sizeof(mac_key), bytes_of(seed, 32), &integrity);
	seal_aes_cfb(covered, key, bytes_of(plain, sizeof(plain)));
	memcpy(covered + sizeof(plain), ak->b, ak->n);
	struct sha256 mac = hmac_sha256(bytes_of(mac_key, sizeof(mac_key)),
	    bytes_of(covered, sizeof(plain) + ak->n));
	struct buf b = buf_over(out->blob, sizeof(out->blob));

	buf_be16(&b, sizeof(out->blob) - 2);
	buf_be16(&b, sizeof(mac.b));
	buf_put(&b, BYTES_OF(&mac));
	buf_put(&b, bytes_of(covered, sizeof(plain)));
	out->nblob = b.used;
	explicit_bzero(key, sizeof(key));
	explicit_bzero(mac_key, sizeof(mac_key));
	explicit_bzero(plain, sizeof(plain));
}

bool
credential_make(struct credential *out, const struct public_area *ek,
    const struct public_name *ak, const uint8_t credential[CREDENTIAL_SIZE],
    struct fault *f)
{
	struct credential made = { 0 };
	uint8_t seed[32];
	bool sealed = ek->key.kind == KEY_RSA ? seal_seed_rsa(&made, seed, ek)
					      : seal_seed_ecc(&made, seed, ek);

	if (!sealed)
		return fail(f, FAULT_VERIFY, "tpm.credential.key",
		    "evidence 10: the EK is no key to encrypt to");
	put_blob(&made, seed, ak, credential);
	explicit_bzero(seed, sizeof(seed));
	*out = made;
	return true;
}

bool
credential_check(const struct credential *made, const struct public_name *ak,
    const uint8_t credential[CREDENTIAL_SIZE],
    const struct credential_proof *proof, struct fault *f)
{
	uint8_t block[sizeof(PROOF_LABEL) + sizeof(made->blob) +
		      sizeof(made->secret)];
	struct buf b = buf_over(block, sizeof(block));
	struct bytes key = bytes_of(credential, CREDENTIAL_SIZE);
	struct sha256 digest = sha256_of(key);

	if (!bytes_equal(proof->ak_name, public_name_bytes(ak)))
		return fail(f, FAULT_VERIFY, "tpm.activation.name",
		    "measurement 15: the proof is about another AK");
	buf_put(&b, bytes_of(PROOF_LABEL, sizeof(PROOF_LABEL)));
	buf_put(&b, bytes_of(made->blob, made->nblob));
	buf_put(&b, bytes_of(made->secret, made->nsecret));
	struct sha256 mac = hmac_sha256(key, buf_bytes(&b));

	if (!bytes_equal_secret(proof->credential_sha256, BYTES_OF(&digest)) ||
	    !bytes_equal_secret(proof->credential_proof, BYTES_OF(&mac)))
		return fail(f, FAULT_VERIFY, "tpm.activation.proof",
		    "measurement 15: the node does not hold the credential");
	return true;
}
