/* SPDX-License-Identifier: Apache-2.0 */
/* TPM2_MakeCredential in software, and the proof that a node could activate it
 * (measurement 15): what ties an AK to an EK. */
#ifndef CORE_EVIDENCE_CREDENTIAL_H
#define CORE_EVIDENCE_CREDENTIAL_H

#include "core/evidence/public.h"

#define CREDENTIAL_SIZE 32u

/* What goes to the node. */
struct credential {
	uint8_t blob[2 + 2 + 32 + 2 + CREDENTIAL_SIZE]; /* TPM2B_ID_OBJECT */
	size_t nblob;
	uint8_t secret[2 + 512]; /* TPM2B_ENCRYPTED_SECRET */
	size_t nsecret;
};

/* The node's answer. */
struct credential_proof {
	struct bytes ak_name;
	struct bytes credential_sha256;
	struct bytes credential_proof;
};

/*
 * Encrypts credential to the EK (RSA or ECC P-256, template checked before by
 * public_check_ek) for the key with that Name. Fails with
 * "tpm.credential.key" when the EK's key is no usable one.
 */
MUST_CHECK bool credential_make(struct credential *out,
    const struct public_area *ek, const struct public_name *ak,
    const uint8_t credential[CREDENTIAL_SIZE], struct fault *f);

/* Fails with "tpm.activation.name" or "tpm.activation.proof". */
MUST_CHECK bool credential_check(const struct credential *made,
    const struct public_name *ak, const uint8_t credential[CREDENTIAL_SIZE],
    const struct credential_proof *proof, struct fault *f);

#endif
