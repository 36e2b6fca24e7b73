/* SPDX-License-Identifier: Apache-2.0 */
/* Replays an event log into PCR values, and compares them with quoted ones. */
#ifndef CORE_EVIDENCE_REPLAY_H
#define CORE_EVIDENCE_REPLAY_H

#include "core/evidence/eventlog.h"
#include "core/evidence/pcr.h"

struct replay {
	enum hash_alg alg;
	uint32_t covered; /* PCRs that the log extends, as bits */
	uint8_t values[EVENTLOG_PCRS][64];
};

/* EV_NO_ACTION never extends. Fails with "log.bank" if the log lacks the
 * bank. */
MUST_CHECK bool replay_run(struct replay *out, const struct eventlog *log,
    enum hash_alg alg, struct fault *f);

/* Every PCR of pcrs that the log covers has the bank's value. *equal gets those
 * that have, also on failure. Fails with "log.replay"; why names the first. */
MUST_CHECK bool replay_check(uint32_t *equal, const struct replay *r,
    const struct pcr_bank *bank, uint32_t pcrs, struct fault *f);

/* Every PCR of pcrs still has the zeros that it was reset to: nothing that no
 * log tells was measured. Fails with "log.replay". */
MUST_CHECK bool replay_check_untouched(
    const struct pcr_bank *bank, uint32_t pcrs, struct fault *f);

#endif
