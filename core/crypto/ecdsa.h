/* SPDX-License-Identifier: Apache-2.0 */
/* ECDSA verification over P-256 and P-384. */
#ifndef CORE_CRYPTO_ECDSA_H
#define CORE_CRYPTO_ECDSA_H

#include "core/crypto/hash.h"

enum ec_curve { EC_P256, EC_P384 };

/* x and y big-endian, at most the curve's size (left zeros may be absent). */
struct ecdsa_key {
	enum ec_curve curve;
	struct bytes x, y;
};

/* r and s as x and y. False also for a point that is not on the curve and for
 * r or s of zero or >= n. */
bool ecdsa_verify(const struct ecdsa_key *key, enum hash_alg alg,
    struct bytes in, struct bytes r, struct bytes s);

#endif
