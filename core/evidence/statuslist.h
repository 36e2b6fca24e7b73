/* SPDX-License-Identifier: Apache-2.0 */
/* Google's list of certificates of key attestation that are not to be trusted:
 * JSON, fetched by somebody else and handed in with its date. */
#ifndef CORE_EVIDENCE_STATUSLIST_H
#define CORE_EVIDENCE_STATUSLIST_H

#include "core/base/arena.h"
#include "core/base/fault.h"

#define STATUSLIST_MAX         (4u << 20) /* bytes of JSON */
#define STATUSLIST_ENTRIES_MAX 32768u

struct statuslist_entry {
	struct bytes id; /* the serial number as the list has it */
	bool suspended;  /* for a time; else for ever */
};

struct statuslist {
	const struct statuslist_entry *entries; /* in order of id */
	size_t n;
};

/*
 * Reads {"entries": {ID: {"status": ..., "reason", "comment", "expires"}}} and
 * nothing else: what we cannot read might name a revoked certificate. Ids are
 * views into the text. Fails with INPUT or LIMIT "android.revocation.syntax".
 */
MUST_CHECK bool statuslist_parse(struct statuslist *out, struct bytes json,
    struct arena *a, struct fault *f);

/* The entry of a serial number (big-endian), or NULL. The list has them in hex
 * and, from years ago, in decimal: either one counts. */
const struct statuslist_entry *statuslist_find(
    const struct statuslist *list, struct bytes serial);

#endif
