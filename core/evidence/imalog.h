/* SPDX-License-Identifier: Apache-2.0 */
/* Linux's runtime measurement list, as securityfs gives it in binary: what the
 * kernel has measured into PCR 10. */
#ifndef CORE_EVIDENCE_IMALOG_H
#define CORE_EVIDENCE_IMALOG_H

#include "core/base/cursor.h"
#include "core/base/fault.h"
#include "core/crypto/hash.h"

#define IMALOG_SIZE_MAX    (4u << 20)
#define IMALOG_ENTRIES_MAX 65536u
#define IMALOG_PCR         10u

struct imalog {
	struct bytes entries; /* whole ones */
	size_t count;
	/* Bytes of a last entry that is not whole: the list grew while it was
	 * read. */
	size_t cut;
	size_t violations; /* entries that the kernel could not answer for */
};

/* Views. */
struct imalog_entry {
	uint32_t pcr;
	struct bytes digest;     /* SHA-1 over what the template says */
	struct bytes template;   /* "ima-ng" */
	struct bytes data;       /* of the template */
	struct bytes file, path; /* its digest, "sha256:" in front; its name */
};

/* Walks the list once, and checks each entry's digest. Fails with
 * "log.ima.syntax", "log.ima.template", "log.ima.digest" or "log.limit". */
MUST_CHECK bool imalog_parse(
    struct imalog *out, struct bytes in, struct fault *f);

/* The kernel answers for all of it: no violations. Fails with
 * "log.ima.violation". */
MUST_CHECK bool imalog_check(const struct imalog *log, struct fault *f);

/* PCR 10 after the list, in out[hash_size(alg)]. */
void imalog_replay(uint8_t *out, const struct imalog *log, enum hash_alg alg);

/* The next entry of a parsed list; start with cursor_over(log->entries). */
bool imalog_next(struct cursor *c, struct imalog_entry *out);

#endif
