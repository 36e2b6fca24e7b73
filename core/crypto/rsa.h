/* SPDX-License-Identifier: Apache-2.0 */
/* RSA for AO-Core identities (RSASSA-PSS) and TPM quotes; e = 65537. */
#ifndef CORE_CRYPTO_RSA_H
#define CORE_CRYPTO_RSA_H

#include "core/base/fault.h"
#include "core/crypto/hash.h"

#define RSA_WALLET_BITS  4096u
#define RSA_WALLET_BYTES 512u

/* A private key; lives in OpenSSL's secure heap (see crypto_start). */
struct rsa_key;

/* A fresh 4096-bit key; takes about half a second. The caller frees it. */
MUST_CHECK bool rsa_new(struct rsa_key **out, struct fault *f);
void rsa_free(struct rsa_key *key);

/* The modulus as 512 big-endian bytes. */
void rsa_modulus(const struct rsa_key *key, uint8_t out[RSA_WALLET_BYTES]);

/* RSASSA-PSS, SHA-512, MGF1-SHA-512, salt 64. May run in several threads. */
MUST_CHECK bool rsa_sign(uint8_t out[RSA_WALLET_BYTES],
    const struct rsa_key *key, struct bytes in, struct fault *f);

enum rsa_padding {
	RSA_PADDING_PSS,        /* with a salt of any length */
	RSA_PADDING_PSS_DIGEST, /* with one as long as the digest */
	RSA_PADDING_PKCS1,
};

/*
 * True if signature is one over in by the key (modulus, e = 65537). The
 * signature must be as long as the modulus (256..512).
 */
bool rsa_verify(struct bytes modulus, enum rsa_padding padding,
    enum hash_alg alg, struct bytes in, struct bytes signature);

#endif
