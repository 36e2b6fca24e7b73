/* SPDX-License-Identifier: Apache-2.0 */
/* A genuine SEV-SNP report as facts. */
#ifndef CORE_VERDICT_SNPFACTS_H
#define CORE_VERDICT_SNPFACTS_H

#include "core/evidence/snpbind.h"
#include "core/verdict/verdict.h"

/* Policy-neutral, under `snp`; bytes as lower-case hex. */
void snpfacts_add(struct verdict *v, const struct snpreport *r,
    const struct snp_endorsement *key);

#endif
