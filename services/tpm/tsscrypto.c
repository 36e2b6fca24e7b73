/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/tsscrypto.h"

#include "core/crypto/crypto.h"
#include "core/crypto/seal.h"

#include <tss2/tss2_mu.h>

#define REFUSED TSS2_ESYS_RC_NOT_IMPLEMENTED

static bool
hash_of(enum hash_alg *out, TPM2_ALG_ID alg)
{
	static const struct {
		TPM2_ALG_ID tpm;
		enum hash_alg own;
	} algs[] = {
		{ TPM2_ALG_SHA1, HASH_SHA1 },
		{ TPM2_ALG_SHA256, HASH_SHA256 },
		{ TPM2_ALG_SHA384, HASH_SHA384 },
		{ TPM2_ALG_SHA512, HASH_SHA512 },
	};

	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (algs[i].tpm == alg) {
			*out = algs[i].own;
			return true;
		}
	}
	return false;
}

static struct tsscrypto_digest *
free_digest(struct tsscrypto *state)
{
	for (size_t i = 0; i < TSSCRYPTO_DIGESTS; i++) {
		if (!state->digests[i].used)
			return &state->digests[i];
	}
	return NULL;
}

static TSS2_RC
hash_start(ESYS_CRYPTO_CONTEXT_BLOB **context, TPM2_ALG_ID alg, void *userdata)
{
	struct tsscrypto_digest *d = free_digest(userdata);
	enum hash_alg own;

	if (d == NULL || !hash_of(&own, alg))
		return REFUSED;
	d->used = true;
	d->alg = alg;
	*context = (ESYS_CRYPTO_CONTEXT_BLOB *)d;
	return TSS2_RC_SUCCESS;
}

/* Sessions are SHA-256's; others are never opened. */
static TSS2_RC
hmac_start(ESYS_CRYPTO_CONTEXT_BLOB **context, TPM2_ALG_ID alg,
    const uint8_t *key, size_t size, void *userdata)
{
	struct tsscrypto_digest *d = free_digest(userdata);

	if (d == NULL || alg != TPM2_ALG_SHA256 || size > sizeof(d->key))
		return REFUSED;
	d->used = d->hmac = true;
	d->alg = alg;
	d->nkey = size;
	if (size > 0)
		memcpy(d->key, key, size);
	*context = (ESYS_CRYPTO_CONTEXT_BLOB *)d;
	return TSS2_RC_SUCCESS;
}

static TSS2_RC
update(ESYS_CRYPTO_CONTEXT_BLOB *context, const uint8_t *bytes, size_t size,
    void *userdata)
{
	struct tsscrypto_digest *d = (struct tsscrypto_digest *)context;

	(void)userdata;
	if (size > sizeof(d->input) - d->n) {
		d->spilled = true;
		return REFUSED;
	}
	if (size > 0)
		memcpy(d->input + d->n, bytes, size);
	d->n += size;
	return TSS2_RC_SUCCESS;
}

static void
abort_digest(ESYS_CRYPTO_CONTEXT_BLOB **context, void *userdata)
{
	(void)userdata;
	if (*context != NULL)
		explicit_bzero(*context, sizeof(struct tsscrypto_digest));
	*context = NULL;
}

static TSS2_RC
finish(ESYS_CRYPTO_CONTEXT_BLOB **context, uint8_t *out, size_t *size,
    void *userdata)
{
	struct tsscrypto_digest *d = (struct tsscrypto_digest *)*context;
	struct bytes input = bytes_of(d->input, d->n);
	enum hash_alg alg = HASH_SHA256;
	uint8_t digest[64];

	if (d->spilled || !hash_of(&alg, d->alg) || *size < hash_size(alg))
		return TSS2_ESYS_RC_BAD_SIZE;
	if (d->hmac) {
		struct sha256 mac =
		    hmac_sha256(bytes_of(d->key, d->nkey), input);

		memcpy(digest, mac.b, sizeof(mac.b));
	} else {
		hash_parts(alg, digest, &input, 1);
	}
	*size = hash_size(alg);
	memcpy(out, digest, *size);
	abort_digest(context, userdata);
	return TSS2_RC_SUCCESS;
}

static TSS2_RC
get_random(TPM2B_NONCE *nonce, size_t size, void *userdata)
{
	/* Zero asks for as many as the largest hash has. */
	size_t n = size == 0 ? sizeof(nonce->buffer) : size;

	(void)userdata;
	if (n > sizeof(nonce->buffer))
		return TSS2_ESYS_RC_BAD_SIZE;
	nonce->size = (UINT16)n;
	crypto_random(nonce->buffer, n);
	return TSS2_RC_SUCCESS;
}

typedef void aes_fn(uint8_t *out, const uint8_t key[SEAL_AES_KEY],
    const uint8_t iv[16], struct bytes in);

static TSS2_RC
aes(aes_fn *apply, const uint8_t *key, const uint8_t *iv, uint8_t *buffer,
    size_t size)
{
	if (size > TSSCRYPTO_INPUT_MAX / 2)
		return TSS2_ESYS_RC_BAD_SIZE;
	apply(buffer, key, iv, bytes_of(buffer, size));
	return TSS2_RC_SUCCESS;
}

static bool
is_session_cipher(TPM2_ALG_ID alg, TPMI_AES_KEY_BITS bits, TPM2_ALG_ID mode)
{
	return alg == TPM2_ALG_AES && bits == 128 && mode == TPM2_ALG_CFB;
}

/* NOLINTBEGIN(readability-function-size): the TSS dictates the signatures. */

/* The label of the scheme ends with its NUL (TPM 2.0 part 1, B.4). */
static TSS2_RC
rsa_encrypt(TPM2B_PUBLIC *key, size_t in_size, BYTE *in, size_t room, BYTE *out,
    size_t *out_size, const char *label, void *userdata)
{
	const TPM2B_PUBLIC_KEY_RSA *rsa = &key->publicArea.unique.rsa;
	uint8_t sealed[SEAL_RSA_MAX];

	(void)userdata;
	if (key->publicArea.nameAlg != TPM2_ALG_SHA256 || rsa->size > room ||
	    !seal_rsa(sealed, bytes_of(rsa->buffer, rsa->size),
		bytes_of(label, strlen(label) + 1), bytes_of(in, in_size)))
		return TSS2_ESYS_RC_GENERAL_FAILURE;
	memcpy(out, sealed, rsa->size);
	*out_size = rsa->size;
	return TSS2_RC_SUCCESS;
}

static TSS2_RC
ecdh_point(TPM2B_PUBLIC *key, size_t room, TPM2B_ECC_PARAMETER *z,
    TPMS_ECC_POINT *q, BYTE *out, size_t *out_size, void *userdata)
{
	const TPMS_ECC_POINT *ecc = &key->publicArea.unique.ecc;
	const struct ecdsa_key peer = { EC_P256,
		bytes_of(ecc->x.buffer, ecc->x.size),
		bytes_of(ecc->y.buffer, ecc->y.size) };
	struct seal_point fresh;
	struct sha256 secret;

	(void)userdata;
	if (key->publicArea.parameters.eccDetail.curveID !=
		TPM2_ECC_NIST_P256 ||
	    !seal_ecdh(&fresh, &secret, &peer))
		return TSS2_ESYS_RC_GENERAL_FAILURE;
	q->x.size = sizeof(fresh.x);
	q->y.size = sizeof(fresh.y);
	z->size = sizeof(secret.b);
	memcpy(q->x.buffer, fresh.x, sizeof(fresh.x));
	memcpy(q->y.buffer, fresh.y, sizeof(fresh.y));
	memcpy(z->buffer, secret.b, sizeof(secret.b));
	explicit_bzero(&secret, sizeof(secret));
	*out_size = 0;
	return Tss2_MU_TPMS_ECC_POINT_Marshal(q, out, room, out_size);
}

static TSS2_RC
aes_encrypt(uint8_t *key, TPM2_ALG_ID alg, TPMI_AES_KEY_BITS bits,
    TPM2_ALG_ID mode, uint8_t *buffer, size_t size, uint8_t *iv, void *userdata)
{
	(void)userdata;
	return is_session_cipher(alg, bits, mode)
		   ? aes(seal_aes_parameter, key, iv, buffer, size)
		   : REFUSED;
}

static TSS2_RC
aes_decrypt(uint8_t *key, TPM2_ALG_ID alg, TPMI_AES_KEY_BITS bits,
    TPM2_ALG_ID mode, uint8_t *buffer, size_t size, uint8_t *iv, void *userdata)
{
	(void)userdata;
	return is_session_cipher(alg, bits, mode)
		   ? aes(seal_aes_parameter_open, key, iv, buffer, size)
		   : REFUSED;
}

static TSS2_RC
sm4(uint8_t *key, TPM2_ALG_ID alg, TPMI_SM4_KEY_BITS bits, TPM2_ALG_ID mode,
    uint8_t *buffer, size_t size, uint8_t *iv, void *userdata)
{
	(void)key;
	(void)alg;
	(void)bits;
	(void)mode;
	(void)buffer;
	(void)size;
	(void)iv;
	(void)userdata;
	return REFUSED;
}

/* NOLINTEND(readability-function-size) */

ESYS_CRYPTO_CALLBACKS
tsscrypto_callbacks(struct tsscrypto *state)
{
	explicit_bzero(state, sizeof(*state));
	return (ESYS_CRYPTO_CALLBACKS){
		.rsa_pk_encrypt = rsa_encrypt,
		.hash_start = hash_start,
		.hash_update = update,
		.hash_finish = finish,
		.hash_abort = abort_digest,
		.hmac_start = hmac_start,
		.hmac_update = update,
		.hmac_finish = finish,
		.hmac_abort = abort_digest,
		.get_random2b = get_random,
		.get_ecdh_point = ecdh_point,
		.aes_encrypt = aes_encrypt,
		.aes_decrypt = aes_decrypt,
		.sm4_encrypt = sm4,
		.sm4_decrypt = sm4,
		.userdata = state,
	};
}
