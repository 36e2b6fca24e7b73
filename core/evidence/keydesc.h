/* SPDX-License-Identifier: Apache-2.0 */
/* Android's KeyDescription: what secure hardware says of a key it made. */
#ifndef CORE_EVIDENCE_KEYDESC_H
#define CORE_EVIDENCE_KEYDESC_H

#include "core/evidence/keylist.h"

#define KEYDESC_PACKAGES_MAX 64u
#define KEYDESC_SIGNERS_MAX  16u

enum key_level { LEVEL_SOFTWARE, LEVEL_TEE, LEVEL_STRONGBOX, LEVEL_COUNT };

struct keydesc_package {
	struct bytes name;
	int64_t version;
};

/* AttestationApplicationId, of the software's list: Android says so, not the
 * secure hardware. */
struct keydesc_app {
	struct keydesc_package packages[KEYDESC_PACKAGES_MAX];
	size_t npackages;
	struct bytes signers[KEYDESC_SIGNERS_MAX]; /* SHA-256 of certificates */
	size_t nsigners;
};

/* All bytes are views into the extension. */
struct keydesc {
	int64_t version, keymint_version;
	enum key_level level, keymint_level;
	struct bytes challenge, unique_id;
	struct keylist software, hardware;
	struct keydesc_app app;
};

/*
 * Reads the content of extension 1.3.6.1.4.1.11129.2.1.17, of attestation
 * versions 1, 2, 3, 4, 100, 200, 300, 400 and 500. Fails with INPUT:
 * android.extension.syntax, .version, .level, .duplicate or .limit.
 */
MUST_CHECK bool keydesc_parse(
    struct keydesc *out, struct bytes extension, struct fault *f);

/* The tags of both lists ascend and every TRUE is ff. Fails with VERIFY
 * "android.extension.order". */
MUST_CHECK bool keydesc_in_order(const struct keydesc *d, struct fault *f);

/* A patch level as YYYYMMDD, the day 0 where it names a month only; 0 for what
 * is no date. */
uint32_t keydesc_patch(int64_t level);

#endif
