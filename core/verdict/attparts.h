/* SPDX-License-Identifier: Apache-2.0 */
/* What a bundle is judged by, shared by the steps of its judgement. */
#ifndef CORE_VERDICT_ATTPARTS_H
#define CORE_VERDICT_ATTPARTS_H

#include "core/crypto/x509.h"
#include "core/verdict/attpolicy.h"
#include "core/verdict/attverdict.h"

/* After reader and bundle were asked. */
struct attparts {
	const struct att *att;
	const struct att_reader *reader;
	struct arena *arena;
	struct bytes nonce; /* n == 0: none was asked for */
	struct expectations want;
	bool has_want;
	struct parties parties;
	struct template template;
	bool has_template;
	struct attpolicy policy;
	struct activation_claim claim;
	bool has_claim;
	struct bytes certificates[X509_CHAIN_MAX], crls[X509_CHAIN_MAX];
	size_t ncertificates, ncrls;
	struct collateral collateral;
	bool makers_list; /* its revocation list is the bundle's */
	struct anchors own;
	const struct anchors *anchors;    /* NULL: AMD's and Google's */
	struct message *asked, *verdicts; /* of the answer */
	const char *word;
	struct bytes reason;
};

/* Fills all but the answer; fails as attverdict_make does. */
MUST_CHECK bool attask_read(struct attparts *p, struct fault *f);

/* The bare evidence of a bundle, judged by its engine. Each fails with
 * "bundle.shape" on evidence that is not whole; else fills *v. */
MUST_CHECK bool attbare_tpm(
    struct verdict *v, struct attparts *p, struct fault *f);
MUST_CHECK bool attbare_snp(
    struct verdict *v, struct attparts *p, struct fault *f);
MUST_CHECK bool attbare_android(
    struct verdict *v, struct attparts *p, struct fault *f);

#endif
