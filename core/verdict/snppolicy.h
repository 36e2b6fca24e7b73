/* SPDX-License-Identifier: Apache-2.0 */
/* What may be asked of a genuine SEV-SNP report. */
#ifndef CORE_VERDICT_SNPPOLICY_H
#define CORE_VERDICT_SNPPOLICY_H

#include "core/evidence/launch.h"
#include "core/evidence/snpbind.h"
#include "core/verdict/verdict.h"

enum snp_tcb_kind {
	SNP_REPORTED,
	SNP_COMMITTED,
	SNP_CURRENT,
	SNP_LAUNCH,
	SNP_TCB_KINDS
};

/*
 * What is asked of a report, beyond being genuine. All zero is the default:
 * VMPL 0, no debugging, no migration agent, no provisional firmware, TCB
 * versions in their order. Bytes with n == 0 are not asked for.
 */
struct snp_policy {
	struct bytes report_data;         /* 64 bytes */
	struct bytes measurement;         /* 48 */
	struct bytes host_data;           /* 32 */
	struct bytes id_key, author_key;  /* digests of 48 bytes */
	struct bytes family_id, image_id; /* 16 */
	const struct launch *launch;      /* to be recomputed; or NULL */
	struct bytes id_block, id_auth;   /* what signed it: both or none */
	uint32_t guest_svn_min, vmpl_max;
	bool debug, migrate_ma, provisional;   /* allowed */
	uint64_t policy_set, policy_clear;     /* bits that must be so */
	uint64_t platform_set, platform_clear; /* of PLATFORM_INFO */
	unsigned products; /* bits 1 << enum snp_product; 0: all */
	bool crl;          /* one of the ARK must be there */
	/* The least levels, by product line. */
	uint8_t floor[SNP_PRODUCTS][SNP_TCB_KINDS][SNP_COMPONENTS];
};

/* Records every check of what is asked for. */
void snppolicy_check(struct verdict *v, const struct snp_policy *want,
    const struct snpreport *r, enum snp_product product);

#endif
