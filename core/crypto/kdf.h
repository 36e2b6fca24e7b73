/* SPDX-License-Identifier: Apache-2.0 */
/* The TPM's key derivation (TPM 2.0 part 1, 11.4.10), with SHA-256. */
#ifndef CORE_CRYPTO_KDF_H
#define CORE_CRYPTO_KDF_H

#include "core/crypto/hash.h"

/* What separates keys from one another. u and v have at most KDF_PARTY_MAX
 * bytes, the secret of kdf_e too. */
struct kdf_use {
	const char *label;
	struct bytes u, v;
};

#define KDF_PARTY_MAX 72u

/* Keyed: n bytes, at most 32, from a shared secret. */
void kdf_a(uint8_t *out, size_t n, struct bytes key, const struct kdf_use *use);

/* Unkeyed, over a Diffie-Hellman secret: 32 bytes. */
struct sha256 kdf_e(struct bytes secret, const struct kdf_use *use);

#endif
