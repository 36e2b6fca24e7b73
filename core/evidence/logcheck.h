/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of what a replayed event log says: nothing here is worth more than the
 * replay, since the PCRs cover digests only, not types and data. */
#ifndef CORE_EVIDENCE_LOGCHECK_H
#define CORE_EVIDENCE_LOGCHECK_H

#include "core/evidence/eventlog.h"

/* Events whose type defines the digest as the hash of their data carry that
 * hash ("log.digest"). */
MUST_CHECK bool logcheck_digests(
    const struct eventlog *log, enum hash_alg alg, struct fault *f);

/* True if the event's digest is the hash of its data, or its type does not
 * define it so. */
bool logcheck_digest(
    const struct eventlog_event *event, enum hash_alg alg, struct bytes digest);

/* Every type is known and stands in a PCR that it is defined for
 * ("log.type"). */
MUST_CHECK bool logcheck_types(const struct eventlog *log, struct fault *f);

/* Each of PCRs 0 to 7 has exactly one separator, and it does not report an
 * error ("log.separator"). */
MUST_CHECK bool logcheck_separators(
    const struct eventlog *log, enum hash_alg alg, struct fault *f);

/* Events that only firmware before the boot loader makes stand before their
 * PCR's separator, and applications behind it ("log.order"). */
MUST_CHECK bool logcheck_order(const struct eventlog *log, struct fault *f);

/* PCRs that anybody resets at any time: debug and application support. */
#define LOGCHECK_RESETTABLE (1u << 16 | 1u << 23)

/* No event extends one of these: it would prove nothing
 * ("tpm.pcr.resettable"). */
MUST_CHECK bool logcheck_lasting(const struct eventlog *log, struct fault *f);

#endif
