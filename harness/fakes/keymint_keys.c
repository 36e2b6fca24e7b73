/* SPDX-License-Identifier: Apache-2.0 */
/* The fake's keys. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "core/crypto/crypto.h"
#include "harness/fakes/keymint.h"

static EVP_PKEY *keys[KEYMINT_KEYS];

void
keymint_open(void)
{
	struct fault f = { 0 };

	if (!crypto_start(0, &f)) {
		(void)fprintf(stderr, "keymint: %s\n", f.why);
		abort();
	}
	for (int i = 0; i < KEYMINT_KEYS; i++) {
		keys[i] = i == KEYMINT_WEAK   ? EVP_RSA_gen(1024)
			  : i == KEYMINT_ROOT ? EVP_EC_gen("P-384")
					      : EVP_EC_gen("P-256");
		assert(keys[i] != NULL);
	}
}

void
keymint_close(void)
{
	for (int i = 0; i < KEYMINT_KEYS; i++)
		EVP_PKEY_free(keys[i]);
}

struct bytes
keymint_key_info(enum keymint_key key, struct arena *a)
{
	uint8_t *der = NULL;
	int n = i2d_PUBKEY(keys[key], &der);

	assert(n > 0);
	struct bytes out = arena_copy(a, bytes_of(der, (size_t)n));

	OPENSSL_free(der);
	return out;
}

struct bytes
keymint_sign(enum keymint_key key, struct bytes in, struct arena *a)
{
	uint8_t signature[512];
	size_t n = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	assert(
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, keys[key]) == 1);
	assert(EVP_DigestSign(ctx, signature, &n, in.p, in.n) == 1);
	EVP_MD_CTX_free(ctx);
	return arena_copy(a, bytes_of(signature, n));
}
