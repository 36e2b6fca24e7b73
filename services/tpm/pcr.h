/* SPDX-License-Identifier: Apache-2.0 */
/* PCRs of the SHA-256 bank, and the set that is quoted (measurement 9). */
#ifndef SERVICES_TPM_PCR_H
#define SERVICES_TPM_PCR_H

#include "core/crypto/hash.h"
#include "services/tpm/device.h"

#define PCR_COUNT 24u
#define PCR_NODE  15u /* ours: subject, confinement, firmware log */

/* PCRs 0-9 and 11-15: 10 is IMA's and moves after boot. */
#define PCR_SET 0x00fbffu

struct pcr_values {
	uint32_t set;
	struct sha256 of[PCR_COUNT]; /* zero outside the set */
};

/* The selection of a set, and its marshalled form (TPML_PCR_SELECTION). */
#define PCR_SELECTION_SIZE 10u
TPML_PCR_SELECTION pcr_selection(uint32_t set);
void pcr_selection_bytes(uint8_t out[PCR_SELECTION_SIZE], uint32_t set);

/* The values of the set, all of one moment. Fails with DEVICE "tpm.pcr.bank" if
 * the TPM has no SHA-256 bank and BUSY "tpm.pcr.moving" if they do not rest. */
MUST_CHECK bool pcr_read(
    struct pcr_values *out, struct device *d, uint32_t set, struct fault *f);

MUST_CHECK bool pcr_extend(struct device *d, unsigned pcr,
    const struct sha256 *digest, struct fault *f);

/* SHA-256 over the values, lowest PCR first: a quote's pcrDigest. */
struct sha256 pcr_digest(const struct pcr_values *v);

#endif
