/* SPDX-License-Identifier: Apache-2.0 */
/* PCR values that go with a quote, and the policy that is bound to them. */
#ifndef CORE_EVIDENCE_PCR_H
#define CORE_EVIDENCE_PCR_H

#include "core/evidence/attest.h"
#include "core/evidence/public.h"

#define PCR_COUNT 24u

/* measurement 9: 0 to 9 and 11 to 15. */
#define PCR_QUOTED 0x00fbffu

/* What software, or a dynamic launch, can reset at any time. */
#define PCR_RESETTABLE_FIRST 16
#define PCR_RESETTABLE       0xff0000u

/* Values of one bank; absent ones are empty. Views, lengths unchecked. */
struct pcr_bank {
	enum hash_alg alg;
	struct bytes values[PCR_COUNT];
};

/* Exactly one selection: the SHA-256 bank with exactly these PCRs. Fails with
 * "tpm.pcr.selection". */
MUST_CHECK bool pcr_check_selection(
    const struct attest *a, uint32_t pcrs, struct fault *f);

/* The values of the bank are exactly those PCRs ("tpm.pcr.selection"), each as
 * long as the bank's digest ("tpm.pcr.length"). */
MUST_CHECK bool pcr_check_values(
    const struct pcr_bank *bank, uint32_t pcrs, struct fault *f);

/* pcrDigest is alg over the selected values, in the order of the selections.
 * Fails with "tpm.pcr.selection" when a selected value or its bank is missing,
 * "tpm.pcr.length", "tpm.quote.pcr-digest". */
MUST_CHECK bool pcr_check_digest(const struct attest *a, enum hash_alg alg,
    const struct pcr_bank *banks, size_t nbanks, struct fault *f);

/* The policy of measurement 13 over the bank's present values, which have
 * passed pcr_check_values. */
struct sha256 pcr_policy(const struct pcr_bank *bank);

/* The AK's authPolicy is that policy. Fails with "tpm.ak.policy". */
MUST_CHECK bool pcr_check_policy(
    const struct public_area *ak, const struct pcr_bank *bank, struct fault *f);

#endif
