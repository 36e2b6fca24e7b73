/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies a measurement and says so as a verdict: the one verifier behind the
 * command, the service and the page. */
#ifndef CORE_VERDICT_VERIFY_H
#define CORE_VERDICT_VERIFY_H

#include "core/evidence/snpchain.h"
#include "core/verdict/template.h"
#include "core/verdict/verdict.h"

/* What a release promises (spec/image.md); a digest with n == 0 is not asked
 * for. */
struct expectations {
	struct bytes pcr4, pcr11, confinement; /* 32 raw bytes */
	bool secure_boot;                      /* must be on */
	bool nothing_added;                    /* rule image 12 */
};

/* A challenge that this verifier made, and the node's answer. */
struct activation_claim {
	struct bytes credential, blob, secret; /* as made */
	struct bytes ek_name; /* of the EK that it was made for */
	const struct message *answer;
};

/* Whom the asker means, verdict 16; whatever is empty is anybody. */
struct parties {
	struct bytes node;    /* the address of the node that was asked */
	struct bytes channel; /* the address of the key of the channel */
	struct bytes self;    /* the asker's own address */
	/* Lists of base64url: the machines that may answer (spec/verdict.md
	 * says how each is named), and nonces that were used before. */
	const struct message *machines, *used_nonces;
};

/* Takes what a policy says of them (verdict 12), and leaves all else. */
void parties_read(struct parties *out, const struct message *policy);

/* What the asker knows of revocations; each list can only refuse. */
struct collateral {
	const struct bytes *crls; /* AMD's, DER */
	size_t ncrls;
	struct bytes revocation; /* Google's status list, JSON; or empty */
	int64_t revocation_at;   /* when it was fetched; 0: not known */
	bool without_revocation; /* the asker gives up that check */
};

/* Other roots than those that AMD and Google have published; for tests, and
 * for who makes his own evidence. */
struct anchors {
	const struct snp_root *snp;
	size_t nsnp;
	const struct sha256 *android; /* of their keys */
	size_t nandroid;
};

struct verify_request {
	const struct message *envelope; /* with its commitments */
	struct bytes purpose;           /* "boot" or "fresh" */
	struct bytes nonce;             /* raw; n == 0 takes any, not checked */
	struct bytes roots;             /* PEM; may be empty */
	/* DER, beside those that the evidence carries; trusted in nothing. */
	const struct bytes *certificates;
	size_t ncertificates;
	int64_t at;                    /* Unix seconds, for certificates */
	const struct message *earlier; /* a boot measurement, or NULL */
	const struct collateral *collateral; /* or NULL */
	const struct anchors *anchors;       /* NULL: AMD's and Google's */
	const struct parties *parties;       /* or NULL */
	const struct expectations *want;     /* or NULL */
	const struct activation_claim *activation; /* or NULL */
	bool without_activation;         /* the asker gives up that check */
	const struct template *template; /* or NULL */
};

/*
 * Fills *v. Bounded time and memory; needs an arena of a few times the
 * envelope's size. False only when the arena ran out ("limit.memory"): bad
 * evidence is a verdict, not a fault.
 */
MUST_CHECK bool verify_measurement(struct verdict *v,
    const struct verify_request *rq, struct arena *a, struct fault *f);

#endif
