/* SPDX-License-Identifier: Apache-2.0 */
/* The kit's own side of its keys. */
#ifndef HARNESS_FAKES_MEASURED_KEYS_H
#define HARNESS_FAKES_MEASURED_KEYS_H

#include "core/crypto/rsa.h"
#include "harness/fakes/measured.h"

/* The node's identity: outside the heap of core/crypto/rsa.h, whose content
 * leak checkers cannot see. */
void measured_modulus(uint8_t out[RSA_WALLET_BYTES]);
void measured_wallet_sign(uint8_t out[RSA_WALLET_BYTES], struct bytes in);

#endif
