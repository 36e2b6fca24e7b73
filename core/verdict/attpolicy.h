/* SPDX-License-Identifier: Apache-2.0 */
/* What a bundle's maker, or its reader, asks of bare evidence. */
#ifndef CORE_VERDICT_ATTPOLICY_H
#define CORE_VERDICT_ATTPOLICY_H

#include "core/verdict/android.h"
#include "core/verdict/snp.h"
#include "core/verdict/tpm.h"

#define ATTPOLICY_BOOT_KEYS_MAX 16u

struct attpolicy {
	struct tpm_policy tpm;
	struct snp_policy snp;
	struct android_policy android;
	bool renewable, without_challenge, without_revocation; /* of android */
	struct bytes boot_keys[ATTPOLICY_BOOT_KEYS_MAX];
};

/*
 * Adds what the levels `tpm`, `snp` and `android` of a policy say to *out,
 * which points into itself and must not be moved. What makes a verdict milder
 * is the reader's to say. Fails with "bundle.key" or "bundle.shape".
 */
MUST_CHECK bool attpolicy_read(struct attpolicy *out,
    const struct message *policy, bool reader, struct arena *a,
    struct fault *f);

#endif
