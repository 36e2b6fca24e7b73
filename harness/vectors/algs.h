/* SPDX-License-Identifier: Apache-2.0 */
/* Hash algorithms as indexes of TPM vectors name them, and banks of PCRs. */
#ifndef HARNESS_VECTORS_ALGS_H
#define HARNESS_VECTORS_ALGS_H

#include "core/evidence/pcr.h"
#include "harness/vectors/evidence.h"

/* "sha256"; NULL for what has no name. */
const char *algs_name(uint16_t id);

/* One that core/crypto computes. */
bool algs_hash(enum hash_alg *out, const char *name);

/* {"0": "00ff...", ...} as a bank, values as they stand; differs when it is
 * none. */
bool algs_bank(struct pcr_bank *out, struct entry *e, const char *alg,
    const json_t *values);

#endif
