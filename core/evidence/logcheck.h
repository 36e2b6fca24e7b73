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

/* A separator that reports no error: 32 bits of zeros or of ones, and their
 * digest in that place of the event's. */
bool logcheck_separates(
    const struct eventlog_event *event, enum hash_alg alg, size_t bank);

/* Events that only firmware before the boot loader makes stand before their
 * PCR's separator, and applications behind it ("log.order"). */
MUST_CHECK bool logcheck_order(const struct eventlog *log, struct fault *f);

/* No event extends a PCR that is reset while the machine runs: it would prove
 * nothing ("tpm.pcr.resettable"). */
MUST_CHECK bool logcheck_lasting(const struct eventlog *log, struct fault *f);

#endif
