/* SPDX-License-Identifier: Apache-2.0 */
/* Encryption to a TPM's key: RSA-OAEP, ECDH over P-256, AES-128-CFB. */
#ifndef CORE_CRYPTO_SEAL_H
#define CORE_CRYPTO_SEAL_H

#include "core/crypto/ecdsa.h"

#define SEAL_RSA_MAX 512u
#define SEAL_AES_KEY 16u

/* OAEP with SHA-256, MGF1-SHA-256 and the label, into as many bytes as the
 * modulus has (256..512); e = 65537. False for a modulus that is none. */
bool seal_rsa(uint8_t out[SEAL_RSA_MAX], struct bytes modulus,
    struct bytes label, struct bytes in);

struct seal_point {
	uint8_t x[32], y[32];
};

/* A fresh key pair's public point, and the x coordinate of the secret that it
 * shares with the peer (P-256). False for a peer that is off the curve. */
bool seal_ecdh(struct seal_point *fresh, struct sha256 *secret,
    const struct ecdsa_key *peer);

/* AES-128 in CFB mode with an IV of zeros; out has in.n bytes. Cannot fail:
 * aborts when libcrypto has no AES. */
void seal_aes_cfb(
    uint8_t *out, const uint8_t key[SEAL_AES_KEY], struct bytes in);

/* The same with an IV, and its inverse: parameters of TPM sessions. out may be
 * in itself. */
void seal_aes_parameter(uint8_t *out, const uint8_t key[SEAL_AES_KEY],
    const uint8_t iv[16], struct bytes in);
void seal_aes_parameter_open(uint8_t *out, const uint8_t key[SEAL_AES_KEY],
    const uint8_t iv[16], struct bytes in);

#endif
