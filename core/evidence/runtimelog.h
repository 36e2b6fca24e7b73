/* SPDX-License-Identifier: Apache-2.0 */
/* The node's own events in PCR 15 (measurement 10). */
#ifndef CORE_EVIDENCE_RUNTIMELOG_H
#define CORE_EVIDENCE_RUNTIMELOG_H

#include "core/message/message.h"

#define RUNTIMELOG_EVENTS_MAX 3u
#define RUNTIMELOG_PCR        15u

struct runtimelog {
	struct sha256 subject, confinement, firmware_log;
	bool has_firmware_log;
};

/* From the list `runtime-log`. Exactly the entries of measurement 10 in their
 * order, nothing else in them; fails with "log.runtime.order", or
 * "tpm.pcr.resettable" for one of a PCR that software resets. */
MUST_CHECK bool runtimelog_parse(struct runtimelog *out,
    const struct message *list, struct arena *a, struct fault *f);

/* The entries extended in order give PCR 15; fails with
 * "log.runtime.order". */
MUST_CHECK bool runtimelog_check_pcr(
    const struct runtimelog *log, struct bytes pcr, struct fault *f);

#endif
