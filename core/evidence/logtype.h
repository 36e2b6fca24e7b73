/* SPDX-License-Identifier: Apache-2.0 */
/* The types of firmware events: where each may stand and what it is over. */
#ifndef CORE_EVIDENCE_LOGTYPE_H
#define CORE_EVIDENCE_LOGTYPE_H

#include "core/evidence/eventlog.h"

#define LOGTYPE_PCR(n) (1u << (n))

/* What the event's type says its digest is of. */
enum logtype_covers {
	COVERS_OTHER, /* something that the log does not hold */
	COVERS_DATA,
	COVERS_VARIABLE, /* the data, or the variable's content alone */
	COVERS_TAG       /* the data, but for Linux's tags */
};

struct logtype {
	uint32_t type;
	const char *name;
	uint32_t pcrs;
	enum logtype_covers covers;
	uint32_t before; /* PCRs in which it stands before the separator */
};

/* NULL for an unknown type. EV_NO_ACTION, which extends nothing, has a row
 * without PCRs. */
const struct logtype *logtype_find(uint32_t type);

#endif
