/* SPDX-License-Identifier: Apache-2.0 */
/* AMD's revocation lists about the chain of a report's key. */
#ifndef CORE_EVIDENCE_SNPCRL_H
#define CORE_EVIDENCE_SNPCRL_H

#include "core/evidence/snpchain.h"

struct snp_crl {
	struct bytes der;
	int64_t at; /* Unix seconds */
};

/*
 * A list of the ARK or of the ASK that is in force at that time and does not
 * name the certificate below it; *by_ark says whose it is. Fails with
 * snp.crl.syntax, .issuer, .signature, .future, .stale or .revoked.
 */
MUST_CHECK bool snpcrl_check(bool *by_ark, const struct snpchain *c,
    const struct snp_crl *crl, struct arena *a, struct fault *f);

#endif
