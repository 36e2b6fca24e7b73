/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/ccel.h"

#include "core/evidence/logcheck.h"
#include "core/evidence/logtype.h"

#define REGISTER_FIRST 1u /* RTMR 0; 0 is MRTD, which nothing extends */

/* Which PCRs' events each register takes. UEFI splits those of firmware
 * between RTMR 0 and 1, and firmware splits them otherwise. */
static const uint32_t pcrs_of[CCEL_RTMRS] = {
	0x000000ff,
	0x000000ff,
	0x0000ff00,
	0x00ffff00,
};

bool
ccel_check_types(const struct eventlog *log, struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;

	while (eventlog_next(&w, &event)) {
		if (event.type == EV_NO_ACTION)
			continue;
		const struct logtype *type = logtype_find(event.type);

		if (event.pcr < REGISTER_FIRST || event.pcr > CCEL_RTMRS)
			return fail(f, FAULT_VERIFY, "log.event",
			    "evidence 17: event %zu in register %u",
			    event.index, event.pcr);
		if (type == NULL ||
		    (type->pcrs & pcrs_of[event.pcr - REGISTER_FIRST]) == 0)
			return fail(f, FAULT_VERIFY, "log.type",
			    "evidence 17: event %zu of type 0x%x in register "
			    "%u",
			    event.index, event.type, event.pcr);
	}
	return true;
}

bool
ccel_check_separators(const struct eventlog *log, struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	bool seen = false;
	size_t bank;

	if (!eventlog_bank(&bank, log, HASH_SHA384))
		return fail(f, FAULT_VERIFY, "log.bank",
		    "evidence 17: the log has no SHA-384 digests");
	while (eventlog_next(&w, &event)) {
		if (event.type != EV_SEPARATOR || event.pcr > CCEL_RTMRS)
			continue;
		if (!logcheck_separates(&event, HASH_SHA384, bank))
			return fail(f, FAULT_VERIFY, "log.separator",
			    "evidence 17: separator of register %u reports an "
			    "error",
			    event.pcr);
		seen = true;
	}
	if (!seen)
		return fail(f, FAULT_VERIFY, "log.separator",
		    "evidence 17: no separator");
	return true;
}

bool
ccel_replay(
    struct ccel_registers *out, const struct eventlog *log, struct fault *f)
{
	struct replay r;

	if (!replay_run(&r, log, HASH_SHA384, f))
		return false;
	*out = (struct ccel_registers){ 0 };
	for (size_t i = 0; i < CCEL_RTMRS; i++) {
		memcpy(out->rtmr[i].b, r.values[i + REGISTER_FIRST],
		    sizeof(out->rtmr[i].b));
		out->extended |= (r.covered >> (i + REGISTER_FIRST) & 1) << i;
	}
	return true;
}
