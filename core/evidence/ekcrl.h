/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation of certificates of TPM keys. */
#ifndef CORE_EVIDENCE_EKCRL_H
#define CORE_EVIDENCE_EKCRL_H

#include "core/crypto/crl.h"

#define EKCRL_MAX 16u

struct ekcrl_set {
	const struct bytes *crls; /* DER, at most EKCRL_MAX */
	size_t ncrls;
	bool needed; /* each certificate must be covered by one */
};

/*
 * No certificate of the chain is on a CRL that its issuer, one of the chain's
 * certificates or roots, signed and that is current at chain->at. Fails with
 * "tpm.ek.crl.syntax", "tpm.ek.crl.issuer" (no CA of the chain signed it),
 * "tpm.ek.crl.future", "tpm.ek.crl.expired", "tpm.ek.crl.revoked" or
 * "tpm.ek.crl.missing".
 */
MUST_CHECK bool ekcrl_check(const struct x509_chain *chain,
    const struct ekcrl_set *set, struct arena *a, struct fault *f);

#endif
