/* SPDX-License-Identifier: Apache-2.0 */
/* Judges SEV-SNP evidence: a report, its certificates, what is asked of it. */
#ifndef CORE_VERDICT_SNP_H
#define CORE_VERDICT_SNP_H

#include "core/evidence/snpcrl.h"
#include "core/verdict/snppolicy.h"

#define SNP_CRLS_MAX  4u
#define SNP_CACHE_MAX 64u

/* Keys whose chains have passed, so that a chain is verified once. The owner
 * zeroes it; one thread at a time. */
struct snp_cache {
	struct {
		struct sha256 id; /* of certificates, store and roots */
		struct snp_endorsement key;
		bool used;
	} slots[SNP_CACHE_MAX];
	size_t next;
};

struct snp_request {
	struct bytes report; /* 1184 bytes */
	struct bytes table;  /* the extended report's; may be empty */
	/* What the table has not, as the evidence brings it. */
	struct snp_certificates certificates;
	struct bytes store; /* issuers that the asker has: PEM or DER */
	struct bytes crls[SNP_CRLS_MAX];
	size_t ncrls;
	const struct snp_root *roots; /* NULL: AMD's */
	size_t nroots;
	const struct snp_policy *policy; /* NULL: only whether it is genuine */
	int64_t at;                      /* Unix seconds */
	struct snp_cache *cache;         /* or NULL; not used with CRLs */
};

/*
 * Fills *v with a verdict about bare evidence. Bounded time and memory (128
 * KiB of arena without CRLs). False only when the arena ran out
 * ("limit.memory"): bad evidence is a verdict, not a fault.
 */
MUST_CHECK bool snp_verify(struct verdict *v, const struct snp_request *rq,
    struct arena *a, struct fault *f);

/* The same steps for a verdict that is there already, as of an envelope. */
void snp_check(
    struct verdict *v, const struct snp_request *rq, struct arena *a);

#endif
