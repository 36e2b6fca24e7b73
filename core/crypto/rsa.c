/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/rsa.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <stdlib.h>

#define MODULUS_MIN 256u
#define SALT_BYTES  64
#define CACHE_KEYS  16u

struct rsa_key {
	EVP_PKEY *pair;
	uint8_t modulus[RSA_WALLET_BYTES];
};

static const char *const names[] = {
	[HASH_SHA1] = "SHA1",
	[HASH_SHA256] = "SHA2-256",
	[HASH_SHA384] = "SHA2-384",
	[HASH_SHA512] = "SHA2-512",
};

/*
 * The keys met last. A signer comes back, and a key that is met again has its
 * Montgomery constants ready, which cost a fifth of a verification.
 */
static struct {
	pthread_mutex_t lock;
	struct {
		uint8_t modulus[RSA_WALLET_BYTES];
		size_t n;
		EVP_PKEY *key;
	} met[CACHE_KEYS];
	size_t next;
} state = { .lock = PTHREAD_MUTEX_INITIALIZER };

static EVP_PKEY *
public_key(struct bytes modulus)
{
	uint8_t little[RSA_WALLET_BYTES];
	unsigned e = 65537;
	EVP_PKEY *key = NULL;

	for (size_t i = 0; i < modulus.n; i++)
		little[i] = modulus.p[modulus.n - 1 - i];
	OSSL_PARAM numbers[] = {
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, little, modulus.n),
		OSSL_PARAM_uint(OSSL_PKEY_PARAM_RSA_E, &e),
		OSSL_PARAM_END,
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);

	if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(
		    ctx, &key, EVP_PKEY_PUBLIC_KEY, numbers);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *
find_locked(struct bytes modulus)
{
	for (size_t i = 0; i < CACHE_KEYS; i++)
		if (bytes_equal(bytes_of(state.met[i].modulus, state.met[i].n),
			modulus))
			return state.met[i].key;
	EVP_PKEY *key = public_key(modulus);
	size_t at = state.next;

	if (key == NULL)
		return NULL;
	EVP_PKEY_free(state.met[at].key);
	memcpy(state.met[at].modulus, modulus.p, modulus.n);
	state.met[at].n = modulus.n;
	state.met[at].key = key;
	state.next = (at + 1) % CACHE_KEYS;
	return key;
}

/* A reference of the caller's own to the public key, or NULL. */
static EVP_PKEY *
find(struct bytes modulus)
{
	(void)pthread_mutex_lock(&state.lock);
	EVP_PKEY *key = find_locked(modulus);

	if (key != NULL)
		(void)EVP_PKEY_up_ref(key);
	(void)pthread_mutex_unlock(&state.lock);
	return key;
}

/* salt counts only for RSA_PADDING_PSS. */
static bool
set_padding(
    EVP_PKEY_CTX *ctx, enum rsa_padding padding, enum hash_alg alg, int salt)
{
	/* The setters take text and integers, and change neither. */
	char digest[16] = { 0 };
	int mode = padding == RSA_PADDING_PKCS1 ? RSA_PKCS1_PADDING
						: RSA_PKCS1_PSS_PADDING;
	int length =
	    padding == RSA_PADDING_PSS_DIGEST ? RSA_PSS_SALTLEN_DIGEST : salt;

	memcpy(digest, names[alg], strlen(names[alg]));
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(
		    OSSL_SIGNATURE_PARAM_DIGEST, digest, strlen(digest)),
		OSSL_PARAM_int(OSSL_SIGNATURE_PARAM_PAD_MODE, &mode),
		OSSL_PARAM_END,
	};

	return EVP_PKEY_CTX_set_params(ctx, params) == 1 &&
	       (padding == RSA_PADDING_PKCS1 ||
		   EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, length) == 1);
}

static bool
sign(uint8_t out[RSA_WALLET_BYTES], EVP_PKEY *pair, struct bytes in)
{
	struct sha512 digest = sha512_of(in);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pair, NULL);
	size_t n = RSA_WALLET_BYTES;
	bool done =
	    ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	    set_padding(ctx, RSA_PADDING_PSS, HASH_SHA512, SALT_BYTES) &&
	    EVP_PKEY_sign(ctx, out, &n, digest.b, sizeof(digest.b)) == 1;

	EVP_PKEY_CTX_free(ctx);
	return done && n == RSA_WALLET_BYTES;
}

bool
rsa_verify(struct bytes modulus, enum rsa_padding padding, enum hash_alg alg,
    struct bytes in, struct bytes signature)
{
	uint8_t digest[64];

	if (modulus.n < MODULUS_MIN || modulus.n > RSA_WALLET_BYTES ||
	    modulus.p[0] == 0 || signature.n != modulus.n)
		return false;
	EVP_PKEY *key = find(modulus);
	EVP_PKEY_CTX *ctx =
	    key == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	hash_parts(alg, digest, &in, 1);
	bool good = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
		    set_padding(ctx, padding, alg, RSA_PSS_SALTLEN_AUTO) &&
		    EVP_PKEY_verify(ctx, signature.p, signature.n, digest,
			hash_size(alg)) == 1;

	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	return good;
}

static EVP_PKEY *
generate(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pair = NULL;

	if (ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, RSA_WALLET_BITS) == 1)
		(void)EVP_PKEY_generate(ctx, &pair);
	EVP_PKEY_CTX_free(ctx);
	return pair;
}

/* Fills in the modulus and shows that what the pair signs verifies. */
static bool
prove(struct rsa_key *key)
{
	BIGNUM *n = NULL;
	uint8_t signature[RSA_WALLET_BYTES];
	bool proven =
	    EVP_PKEY_get_bn_param(key->pair, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    BN_bn2binpad(n, key->modulus, RSA_WALLET_BYTES) ==
		(int)RSA_WALLET_BYTES &&
	    sign(signature, key->pair, BYTES("rsa")) &&
	    rsa_verify(bytes_of(key->modulus, RSA_WALLET_BYTES),
		RSA_PADDING_PSS, HASH_SHA512, BYTES("rsa"),
		bytes_of(signature, sizeof(signature)));

	BN_free(n);
	return proven;
}

bool
rsa_new(struct rsa_key **out, struct fault *f)
{
	if (CRYPTO_secure_malloc_initialized() != 1)
		return fail(f, FAULT_STATE, "crypto.heap",
		    "base 7: no secure heap for a private key");
	struct rsa_key *key = calloc(1, sizeof(*key));

	if (key == NULL)
		return fail(f, FAULT_LIMIT, "limit.memory",
		    "base 1: no memory for a key");
	key->pair = generate();
	if (key->pair == NULL || !prove(key)) {
		rsa_free(key);
		return fail(f, FAULT_INTERNAL, "crypto.rsa",
		    "base 7: cannot make an RSA key");
	}
	*out = key;
	return true;
}

void
rsa_free(struct rsa_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pair);
	free(key);
}

void
rsa_modulus(const struct rsa_key *key, uint8_t out[RSA_WALLET_BYTES])
{
	memcpy(out, key->modulus, RSA_WALLET_BYTES);
}

bool
rsa_sign(uint8_t out[RSA_WALLET_BYTES], const struct rsa_key *key,
    struct bytes in, struct fault *f)
{
	if (!sign(out, key->pair, in))
		return fail(f, FAULT_INTERNAL, "crypto.rsa",
		    "base 7: cannot sign %zu bytes", in.n);
	return true;
}
