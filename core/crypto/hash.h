/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-2, SHA-1 (event logs only), HMAC. Fixed-size results are types. */
#ifndef CORE_CRYPTO_HASH_H
#define CORE_CRYPTO_HASH_H

#include "core/base/bytes.h"

struct sha256 {
	uint8_t b[32];
};

struct sha384 {
	uint8_t b[48];
};

struct sha512 {
	uint8_t b[64];
};

enum hash_alg { HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };

/* 20, 32, 48, 64. */
size_t hash_size(enum hash_alg alg);

/* Hashes the parts one after another into out[hash_size(alg)]. Cannot fail:
 * aborts when libcrypto cannot hash at all. */
void hash_parts(
    enum hash_alg alg, uint8_t *out, const struct bytes *parts, size_t n);

/* pcr := H(pcr | digest), the TPM's extend. */
void hash_extend(enum hash_alg alg, uint8_t *pcr, struct bytes digest);

/* HMAC (RFC 2104) into out[hash_size(alg)]. */
void hash_hmac(
    enum hash_alg alg, uint8_t *out, struct bytes key, struct bytes in);

#define BYTES_OF(fixed) bytes_of((fixed)->b, sizeof((fixed)->b))

static inline struct sha256
sha256_of(struct bytes in)
{
	struct sha256 out;

	hash_parts(HASH_SHA256, out.b, &in, 1);
	return out;
}

static inline struct sha384
sha384_of(struct bytes in)
{
	struct sha384 out;

	hash_parts(HASH_SHA384, out.b, &in, 1);
	return out;
}

static inline struct sha512
sha512_of(struct bytes in)
{
	struct sha512 out;

	hash_parts(HASH_SHA512, out.b, &in, 1);
	return out;
}

static inline struct sha256
hmac_sha256(struct bytes key, struct bytes in)
{
	struct sha256 out;

	hash_hmac(HASH_SHA256, out.b, key, in);
	return out;
}

#endif
