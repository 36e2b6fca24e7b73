/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/seal.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#define MODULUS_MIN 256u

static EVP_PKEY *
import(const char *type, OSSL_PARAM *numbers)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(
		    ctx, &key, EVP_PKEY_PUBLIC_KEY, numbers);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *
rsa_public(struct bytes modulus)
{
	uint8_t little[SEAL_RSA_MAX];
	unsigned e = 65537;

	for (size_t i = 0; i < modulus.n; i++)
		little[i] = modulus.p[modulus.n - 1 - i];
	OSSL_PARAM numbers[] = {
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, little, modulus.n),
		OSSL_PARAM_uint(OSSL_PKEY_PARAM_RSA_E, &e),
		OSSL_PARAM_END,
	};

	return import("RSA", numbers);
}

static bool
set_oaep(EVP_PKEY_CTX *ctx, struct bytes label)
{
	/* The setters take text, an integer and bytes, and change none. */
	char digest[] = "SHA2-256";
	int mode = RSA_PKCS1_OAEP_PADDING;
	uint8_t copy[32];

	if (label.n > sizeof(copy))
		return false;
	memcpy(copy, label.p, label.n);
	OSSL_PARAM params[] = {
		OSSL_PARAM_int(OSSL_ASYM_CIPHER_PARAM_PAD_MODE, &mode),
		OSSL_PARAM_utf8_string(OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST,
		    digest, sizeof(digest) - 1),
		OSSL_PARAM_utf8_string(OSSL_ASYM_CIPHER_PARAM_MGF1_DIGEST,
		    digest, sizeof(digest) - 1),
		OSSL_PARAM_octet_string(
		    OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL, copy, label.n),
		OSSL_PARAM_END,
	};

	return EVP_PKEY_CTX_set_params(ctx, params) == 1;
}

bool
seal_rsa(uint8_t out[SEAL_RSA_MAX], struct bytes modulus, struct bytes label,
    struct bytes in)
{
	size_t n = SEAL_RSA_MAX;

	if (modulus.n < MODULUS_MIN || modulus.n > SEAL_RSA_MAX ||
	    modulus.p[0] == 0)
		return false;
	EVP_PKEY *key = rsa_public(modulus);
	EVP_PKEY_CTX *ctx =
	    key == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool done = ctx != NULL && EVP_PKEY_encrypt_init(ctx) == 1 &&
		    set_oaep(ctx, label) &&
		    EVP_PKEY_encrypt(ctx, out, &n, in.p, in.n) == 1;

	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	return done && n == modulus.n;
}

/* A point that is off the curve gives NULL: the import checks it. */
static EVP_PKEY *
ec_public(const struct ecdsa_key *peer)
{
	char group[] = "P-256";
	uint8_t point[65] = { 0x04 };

	if (peer->curve != EC_P256 || peer->x.n == 0 || peer->x.n > 32 ||
	    peer->y.n == 0 || peer->y.n > 32)
		return NULL;
	memcpy(point + 33 - peer->x.n, peer->x.p, peer->x.n);
	memcpy(point + 65 - peer->y.n, peer->y.p, peer->y.n);
	OSSL_PARAM numbers[] = {
		OSSL_PARAM_utf8_string(
		    OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group) - 1),
		OSSL_PARAM_octet_string(
		    OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
		OSSL_PARAM_END,
	};

	return import("EC", numbers);
}

static bool
agree(struct sha256 *secret, EVP_PKEY *own, EVP_PKEY *peer)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
	size_t n = sizeof(secret->b);
	bool done = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
		    EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
		    EVP_PKEY_derive(ctx, secret->b, &n) == 1;

	EVP_PKEY_CTX_free(ctx);
	return done && n == sizeof(secret->b);
}

static bool
put_point(struct seal_point *out, EVP_PKEY *own)
{
	uint8_t point[65];
	size_t n = 0;

	if (EVP_PKEY_get_octet_string_param(
		own, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &n) != 1 ||
	    n != sizeof(point) || point[0] != 0x04)
		return false;
	memcpy(out->x, point + 1, 32);
	memcpy(out->y, point + 33, 32);
	return true;
}

bool
seal_ecdh(struct seal_point *fresh, struct sha256 *secret,
    const struct ecdsa_key *peer)
{
	EVP_PKEY *theirs = ec_public(peer);
	EVP_PKEY *own = theirs == NULL ? NULL : EVP_EC_gen("P-256");
	bool done =
	    own != NULL && put_point(fresh, own) && agree(secret, own, theirs);

	EVP_PKEY_free(own);
	EVP_PKEY_free(theirs);
	return done;
}

static void
aes_cfb(uint8_t *out, const uint8_t *key, const uint8_t *iv, struct bytes in,
    bool encrypt)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;

	if (ctx == NULL || in.n > 4096 ||
	    EVP_CipherInit_ex(
		ctx, EVP_aes_128_cfb128(), NULL, key, iv, encrypt) != 1 ||
	    EVP_CipherUpdate(ctx, out, &n, in.p, (int)in.n) != 1 ||
	    (size_t)n != in.n)
		abort();
	EVP_CIPHER_CTX_free(ctx);
}

void
seal_aes_cfb(uint8_t *out, const uint8_t key[SEAL_AES_KEY], struct bytes in)
{
	static const uint8_t iv[16];

	aes_cfb(out, key, iv, in, true);
}

void
seal_aes_parameter(uint8_t *out, const uint8_t key[SEAL_AES_KEY],
    const uint8_t iv[16], struct bytes in)
{
	aes_cfb(out, key, iv, in, true);
}

void
seal_aes_parameter_open(uint8_t *out, const uint8_t key[SEAL_AES_KEY],
    const uint8_t iv[16], struct bytes in)
{
	aes_cfb(out, key, iv, in, false);
}
