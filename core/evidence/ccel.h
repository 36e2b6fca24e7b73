/* SPDX-License-Identifier: Apache-2.0 */
/* The event log of a confidential guest (CCEL): a crypto-agile log whose
 * events stand in measurement registers, MRTD and RTMR 0 to 3, not in PCRs. */
#ifndef CORE_EVIDENCE_CCEL_H
#define CORE_EVIDENCE_CCEL_H

#include "core/evidence/eventlog.h"
#include "core/evidence/replay.h"

#define CCEL_RTMRS 4u

struct ccel_registers {
	uint32_t extended; /* RTMRs that the log extends, as bits */
	struct sha384 rtmr[CCEL_RTMRS];
};

/* Every event that extends stands in one of registers 1 to 4 ("log.event"),
 * and has a type that the TCG knows for a PCR of that register ("log.type"). */
MUST_CHECK bool ccel_check_types(const struct eventlog *log, struct fault *f);

/* There is a separator, and none reports an error ("log.separator"). */
MUST_CHECK bool ccel_check_separators(
    const struct eventlog *log, struct fault *f);

/* What the log gives; only SHA-384 ("log.bank"). */
MUST_CHECK bool ccel_replay(
    struct ccel_registers *out, const struct eventlog *log, struct fault *f);

#endif
