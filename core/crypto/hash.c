/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/hash.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#define BLOCK_MAX 128u

/* clang-format off */
static const struct {
	const char *name;
	size_t size, block;
} algs[] = {
	[HASH_SHA1]   = { "SHA1",     20,  64 },
	[HASH_SHA256] = { "SHA2-256", 32,  64 },
	[HASH_SHA384] = { "SHA2-384", 48, 128 },
	[HASH_SHA512] = { "SHA2-512", 64, 128 },
};
/* clang-format on */

/* Fetched once: a fetch by name costs more than hashing a small message. */
static struct {
	EVP_MD *mds[4];
} state;

static void
fetch(void)
{
	for (size_t i = 0; i < 4; i++) {
		state.mds[i] = EVP_MD_fetch(NULL, algs[i].name, NULL);
		if (state.mds[i] == NULL)
			abort();
	}
}

size_t
hash_size(enum hash_alg alg)
{
	return algs[alg].size;
}

void
hash_parts(enum hash_alg alg, uint8_t *out, const struct bytes *parts, size_t n)
{
	static pthread_once_t fetched = PTHREAD_ONCE_INIT;

	(void)pthread_once(&fetched, fetch);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx == NULL || EVP_DigestInit_ex2(ctx, state.mds[alg], NULL) != 1)
		abort();
	for (size_t i = 0; i < n; i++)
		if (EVP_DigestUpdate(ctx, parts[i].p, parts[i].n) != 1)
			abort();
	if (EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		abort();
	EVP_MD_CTX_free(ctx);
}

void
hash_extend(enum hash_alg alg, uint8_t *pcr, struct bytes digest)
{
	const struct bytes parts[] = { bytes_of(pcr, algs[alg].size), digest };

	hash_parts(alg, pcr, parts, 2);
}

void
hash_hmac(enum hash_alg alg, uint8_t *out, struct bytes key, struct bytes in)
{
	size_t block = algs[alg].block, size = algs[alg].size;
	uint8_t pad[BLOCK_MAX] = { 0 };

	if (key.n > block)
		hash_parts(alg, pad, &key, 1);
	else if (key.n != 0)
		memcpy(pad, key.p, key.n);
	for (size_t i = 0; i < block; i++)
		pad[i] ^= 0x36;
	hash_parts(alg, out, (struct bytes[]){ bytes_of(pad, block), in }, 2);
	for (size_t i = 0; i < block; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	hash_parts(alg, out,
	    (struct bytes[]){ bytes_of(pad, block), bytes_of(out, size) }, 2);
	explicit_bzero(pad, sizeof(pad));
}
