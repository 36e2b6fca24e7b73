/* SPDX-License-Identifier: Apache-2.0 */
/* A report against the key that is said to have signed it. */
#ifndef CORE_EVIDENCE_SNPBIND_H
#define CORE_EVIDENCE_SNPBIND_H

#include "core/evidence/snpchain.h"

/* The report says that a key of this kind signed it: snp.signing-key. */
MUST_CHECK bool snpbind_check_signer(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f);

/* The CPU that the report names, if it does, is of the key's product line
 * (snp.product), and its TCB versions are laid out so (snp.reserved). */
MUST_CHECK bool snpbind_check_product(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f);

/* The key is of the reported TCB version: snp.vcek.tcb. */
MUST_CHECK bool snpbind_check_tcb(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f);

/* A chip's key is of the report's chip: snp.vcek.hwid, or snp.chip-id.masked
 * when the report does not say which that is. */
MUST_CHECK bool snpbind_check_chip(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f);

/* The key signed the report: snp.signature, or what snpreport_signature fails
 * with. */
MUST_CHECK bool snpbind_check_signature(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f);

#endif
