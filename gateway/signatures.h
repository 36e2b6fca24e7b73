/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures that the keyring made, by what they sign: an answer that says the
 * same again costs no RSA operation. */
#ifndef GATEWAY_SIGNATURES_H
#define GATEWAY_SIGNATURES_H

#include "core/crypto/hash.h"
#include "core/crypto/rsa.h"

#define SIGNATURES_MAX 512u

struct signatures {
	struct {
		struct sha256 of; /* the packed, unsigned message */
		uint8_t signature[RSA_WALLET_BYTES];
	} items[SIGNATURES_MAX];
	size_t n, next;
};

/* The signature over a packed message; p is NULL when it is not known. */
struct bytes signatures_find(
    const struct signatures *known, struct bytes packed);

/* The oldest one gives its place up. */
void signatures_keep(
    struct signatures *known, struct bytes packed, struct bytes signature);

#endif
