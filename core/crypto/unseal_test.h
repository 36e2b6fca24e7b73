/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: the TPM's side of seal.h, with keys of its own. */
#ifndef CORE_CRYPTO_UNSEAL_TEST_H
#define CORE_CRYPTO_UNSEAL_TEST_H

#include "core/crypto/seal.h"

struct unseal_key;

/* A fresh RSA-2048 or P-256 pair and its public half. */
struct unseal_key *unseal_new_rsa(uint8_t modulus[256]);
struct unseal_key *unseal_new_ec(struct seal_point *point);
void unseal_free(struct unseal_key *key);

/* The length of what was sealed under the label; 0 if it was not. */
size_t unseal_rsa(uint8_t out[256], struct unseal_key *key, struct bytes label,
    struct bytes in);

bool unseal_ecdh(struct sha256 *secret, struct unseal_key *key,
    const struct seal_point *peer);

void unseal_aes_cfb(uint8_t *out, const uint8_t key[16], struct bytes in);

#endif
