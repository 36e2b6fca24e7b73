/* SPDX-License-Identifier: Apache-2.0 */
/* The ID block of an SEV-SNP launch: what its owner signed that it may be. */
#ifndef CORE_EVIDENCE_IDBLOCK_H
#define CORE_EVIDENCE_IDBLOCK_H

#include "core/evidence/snpreport.h"

#define IDBLOCK_SIZE      96u
#define IDBLOCK_AUTH_SIZE 4096u

/* Views into what was parsed. */
struct idblock {
	struct bytes raw; /* everything: what the ID key signed */
	struct bytes digest, family_id, image_id;
	uint32_t svn;
	uint64_t policy;
};

/* Keys in AMD's form of 0x404 bytes, signatures of 512. */
struct idblock_auth {
	struct bytes id_key, block_signature;
	struct bytes author_key, key_signature; /* empty: no author */
};

/* Size, version, reserved bytes. Both fail with "snp.id-block". */
MUST_CHECK bool idblock_parse(
    struct idblock *out, struct bytes in, struct fault *f);
MUST_CHECK bool idblock_parse_auth(
    struct idblock_auth *out, struct bytes in, struct fault *f);

/* The ID key signed the block, and the author, if there is one, the ID key;
 * else "snp.id-block". */
MUST_CHECK bool idblock_check_auth(
    const struct idblock *b, const struct idblock_auth *a, struct fault *f);

/* The guest was launched under this block and these keys; else "snp.id-block".
 * Not whether the keys are anyone's: that is policy. */
MUST_CHECK bool idblock_check_report(const struct idblock *b,
    const struct idblock_auth *a, const struct snpreport *report,
    struct fault *f);

#endif
