/* SPDX-License-Identifier: Apache-2.0 */
/* TPMS_ATTEST of a quote: what the TPM says it signed. */
#ifndef CORE_EVIDENCE_ATTEST_H
#define CORE_EVIDENCE_ATTEST_H

#include "core/base/cursor.h"
#include "core/base/fault.h"

#define ATTEST_SELECTIONS_MAX 16u
#define ATTEST_SIZE_MAX       1024u
#define ATTEST_NONCE_SIZE     32u /* of B, in qualifyingData */

/* A bank (algorithm id) and the PCRs 0 to 23 taken from it, as bits. */
struct attest_selection {
	uint16_t bank;
	uint32_t pcrs;
};

/* Views into the bytes that were parsed. */
struct attest {
	struct bytes raw;    /* everything: what the signature covers */
	struct bytes signer; /* qualified name; may be empty */
	struct bytes nonce;  /* extraData */
	uint64_t clock;
	uint32_t reset_count, restart_count;
	bool safe;
	uint64_t firmware;
	struct attest_selection selections[ATTEST_SELECTIONS_MAX];
	size_t nselections;
	struct bytes pcr_digest;
};

/* Fails with "tpm.attest.type" (magic, or another attestation than a quote),
 * "tpm.attest.syntax" or "tpm.pcr.selection" (banks unknown, twice, more than
 * ATTEST_SELECTIONS_MAX, PCRs above 23). */
MUST_CHECK bool attest_parse(
    struct attest *out, struct bytes in, struct fault *f);

#endif
