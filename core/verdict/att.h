/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence bundles (.att): evidence, collateral, policy and time in one file. */
#ifndef CORE_VERDICT_ATT_H
#define CORE_VERDICT_ATT_H

#include "core/verdict/verdict.h"

enum att_kind { ATT_MEASUREMENT, ATT_TPM, ATT_SNP, ATT_ANDROID, ATT_KINDS };

/* A bundle taken apart; views into its message, absent parts NULL or empty. */
struct att {
	enum att_kind kind;
	int64_t made_at; /* as its maker says */
	const struct message *evidence, *collateral, *policy;
};

/* True if the message claims to be a bundle. */
bool att_is(const struct message *m);

/* Strict: every key is known and of its kind (verdict 12). Fails with
 * "bundle.version", "bundle.shape", "bundle.key" or "bundle.limit". */
MUST_CHECK bool att_parse(
    struct att *out, const struct message *m, struct fault *f);

/* The same for a policy that stands alone. */
MUST_CHECK bool att_policy(const struct message *m, struct fault *f);

/* And for collateral. */
MUST_CHECK bool att_collateral(const struct message *m, struct fault *f);

#endif
