/* SPDX-License-Identifier: Apache-2.0 */
/* From a TPM key's certificate to a root that somebody trusts. */
#ifndef CORE_EVIDENCE_EKCHAIN_H
#define CORE_EVIDENCE_EKCHAIN_H

#include "core/crypto/x509.h"

/*
 * A path from chain->leaf to one of the roots, as x509_verify. Only roots that
 * issued themselves are trusted; others that were given with them help to reach
 * those. *path gets what the path can be made of: of hundreds of roots those
 * few whose names lead on from the leaf. Fails with reason; "limit.memory".
 */
MUST_CHECK bool ekchain_verify(struct x509_chain *path,
    const struct x509_chain *chain, const char *reason, struct arena *a,
    struct fault *f);

#endif
