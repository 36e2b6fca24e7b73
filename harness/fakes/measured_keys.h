/* SPDX-License-Identifier: Apache-2.0 */
/* The kit's own side of its keys. */
#ifndef HARNESS_FAKES_MEASURED_KEYS_H
#define HARNESS_FAKES_MEASURED_KEYS_H

#include "core/crypto/rsa.h"
#include "harness/fakes/measured.h"

/* The node's identity. */
const struct rsa_key *measured_wallet(void);

#endif
