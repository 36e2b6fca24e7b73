/* SPDX-License-Identifier: Apache-2.0 */
/* The chain of a report's key: ARK, ASK (or ASVK), VCEK (or VLEK). */
#ifndef CORE_EVIDENCE_SNPCHAIN_H
#define CORE_EVIDENCE_SNPCHAIN_H

#include "core/crypto/hash.h"
#include "core/evidence/keycert.h"
#include "core/evidence/snpvek.h"

/* Each is DER, or PEM with one certificate. What is empty is looked for in the
 * store by its name. */
struct snp_certificates {
	struct bytes vek, ask, ark;
};

/* An ARK by its key: the SHA-256 of its SubjectPublicKeyInfo. */
struct snp_root {
	enum snp_product product;
	struct sha256 key;
};

/* AMD's, for the product lines that we know. */
extern const struct snp_root snpchain_roots[];
extern const size_t snpchain_nroots;

/* The root that an ARK's certificate would be: for whoever brings his own.
 * Fails with snp.chain.syntax, or snp.chain.order when it names no ARK. */
MUST_CHECK bool snpchain_root(struct snp_root *out, struct bytes certificate,
    struct arena *a, struct fault *f);

struct snpchain {
	struct keycert ark, ask, vek;
	struct snpvek says;       /* once snpchain_extensions has passed */
	enum snp_signer kind;     /* by the names of the chain */
	enum snp_product product; /* by the name of the ARK */
};

/*
 * Reads the three certificates; views into them or into the arena. The store, PEM or DER
 * one behind another, holds issuers that the asker brings. Fails with
 * snp.chain.syntax, or snp.chain.incomplete when one is missing.
 */
MUST_CHECK bool snpchain_parse(struct snpchain *out,
    const struct snp_certificates *in, struct bytes store, struct arena *a,
    struct fault *f);

/* Names, CA marks and keys are those of one product line's chain, each in its
 * place; sets kind and product. Fails with snp.chain.order or .key. */
MUST_CHECK bool snpchain_check_order(struct snpchain *c, struct fault *f);

/* The ARK's key is one of the roots, for its product line: snp.chain.root. */
MUST_CHECK bool snpchain_check_root(const struct snpchain *c,
    const struct snp_root *roots, size_t nroots, struct fault *f);

/* ARK by itself, ASK by ARK, VEK by ASK: snp.chain.signature. */
MUST_CHECK bool snpchain_check_signatures(
    const struct snpchain *c, struct fault *f);

/* All three are valid at that time, ends included: snp.chain.time. */
MUST_CHECK bool snpchain_check_time(
    const struct snpchain *c, int64_t at, struct fault *f);

/* The VEK's own statements, and that they go with its chain:
 * snp.vcek.extension. */
MUST_CHECK bool snpchain_extensions(
    struct snpchain *c, struct arena *a, struct fault *f);

/* What a chain that has passed says of its key. A plain value: it may be kept,
 * and judges reports until not_after without the chain. */
struct snp_endorsement {
	enum snp_signer kind;
	enum snp_product product;
	uint64_t tcb;
	uint8_t hwid[SNPVEK_HWID_MAX];
	size_t hwid_size;
	uint8_t x[SNPREPORT_SCALAR], y[SNPREPORT_SCALAR];
	int64_t not_before, not_after; /* of the whole chain */
};

void snpchain_endorsement(
    struct snp_endorsement *out, const struct snpchain *c);

#endif
