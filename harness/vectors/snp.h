/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the SEV-SNP engine that the Azure classes use too. */
#ifndef HARNESS_VECTORS_SNP_H
#define HARNESS_VECTORS_SNP_H

#include "core/evidence/snpreport.h"
#include "harness/vectors/evidence.h"

/* True if the entry's report is genuine; f says why it is not. */
bool snp_genuine(struct entry *e, struct fault *f);

/* A report of Azure's paravisor, its TPM's key and a quote by it. */
void azure_run(struct entry *e);

#endif
