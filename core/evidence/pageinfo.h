/* SPDX-License-Identifier: Apache-2.0 */
/* The launch digest of SEV-SNP: a chain of one link for each page added. */
#ifndef CORE_EVIDENCE_PAGEINFO_H
#define CORE_EVIDENCE_PAGEINFO_H

#include "core/crypto/hash.h"

#define PAGEINFO_PAGE 4096u

/* PAGE_TYPE of SNP_LAUNCH_UPDATE; only NORMAL and VMSA measure contents. */
enum pageinfo_type {
	PAGEINFO_NORMAL = 1,
	PAGEINFO_VMSA = 2,
	PAGEINFO_ZERO = 3,
	PAGEINFO_UNMEASURED = 4,
	PAGEINFO_SECRETS = 5,
	PAGEINFO_CPUID = 6,
};

/* One page whose contents have that SHA-384. The chain starts from zeros. */
void pageinfo_add(struct sha384 *chain, enum pageinfo_type type, uint64_t gpa,
    const struct sha384 *contents);

/* A NORMAL page for each PAGEINFO_PAGE bytes; what is left over is not added. */
void pageinfo_add_normal(
    struct sha384 *chain, uint64_t gpa, struct bytes pages);

/* Pages of a type that measures no contents; size as above. */
void pageinfo_add_empty(
    struct sha384 *chain, enum pageinfo_type type, uint64_t gpa, uint64_t size);

#endif
