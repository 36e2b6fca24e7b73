/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/unseal_test.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>

struct unseal_key {
	EVP_PKEY *pair;
};

static struct unseal_key *
keep(EVP_PKEY *pair)
{
	struct unseal_key *key = calloc(1, sizeof(*key));

	if (key == NULL || pair == NULL)
		abort();
	key->pair = pair;
	return key;
}

struct unseal_key *
unseal_new_rsa(uint8_t modulus[256])
{
	struct unseal_key *key = keep(EVP_RSA_gen(2048));
	BIGNUM *n = NULL;

	if (EVP_PKEY_get_bn_param(key->pair, OSSL_PKEY_PARAM_RSA_N, &n) != 1 ||
	    BN_bn2binpad(n, modulus, 256) != 256)
		abort();
	BN_free(n);
	return key;
}

struct unseal_key *
unseal_new_ec(struct seal_point *point)
{
	struct unseal_key *key = keep(EVP_EC_gen("P-256"));
	uint8_t block[65];
	size_t n;

	if (EVP_PKEY_get_octet_string_param(key->pair, OSSL_PKEY_PARAM_PUB_KEY,
		block, sizeof(block), &n) != 1 ||
	    n != sizeof(block))
		abort();
	memcpy(point->x, block + 1, 32);
	memcpy(point->y, block + 33, 32);
	return key;
}

void
unseal_free(struct unseal_key *key)
{
	EVP_PKEY_free(key->pair);
	free(key);
}

size_t
unseal_rsa(uint8_t out[256], struct unseal_key *key, struct bytes label,
    struct bytes in)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pair, NULL);
	uint8_t *copy = OPENSSL_memdup(label.p, label.n);
	size_t n = 256;

	if (ctx == NULL || copy == NULL || EVP_PKEY_decrypt_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) != 1 ||
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) != 1 ||
	    EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, copy, (int)label.n) != 1)
		abort();
	if (EVP_PKEY_decrypt(ctx, out, &n, in.p, in.n) != 1)
		n = 0;
	EVP_PKEY_CTX_free(ctx);
	return n;
}

static EVP_PKEY *
import_point(const struct seal_point *peer)
{
	EVP_PKEY *key = EVP_PKEY_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	char group[] = "P-256";
	uint8_t point[65] = { 0x04 };

	memcpy(point + 1, peer->x, 32);
	memcpy(point + 33, peer->y, 32);
	OSSL_PARAM numbers[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 5),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 65),
		OSSL_PARAM_END,
	};

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, numbers) != 1)
		abort();
	EVP_PKEY_CTX_free(ctx);
	return key;
}

bool
unseal_ecdh(struct sha256 *secret, struct unseal_key *key,
    const struct seal_point *peer)
{
	EVP_PKEY *theirs = import_point(peer);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pair, NULL);
	size_t n = 32;
	bool done = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
		    EVP_PKEY_derive_set_peer(ctx, theirs) == 1 &&
		    EVP_PKEY_derive(ctx, secret->b, &n) == 1 && n == 32;

	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(theirs);
	return done;
}

void
unseal_aes_cfb(uint8_t *out, const uint8_t key[16], struct bytes in)
{
	static const uint8_t iv[16];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	if (ctx == NULL ||
	    EVP_DecryptInit_ex(ctx, EVP_aes_128_cfb128(), NULL, key, iv) != 1 ||
	    EVP_DecryptUpdate(ctx, out, &n, in.p, (int)in.n) != 1)
		abort();
	EVP_CIPHER_CTX_free(ctx);
}
