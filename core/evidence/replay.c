/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/replay.h"

#include <assert.h>

bool
replay_run(struct replay *out, const struct eventlog *log, enum hash_alg alg,
    struct fault *f)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	size_t bank;

	if (!eventlog_bank(&bank, log, alg))
		return fail(f, FAULT_VERIFY, "log.bank",
		    "evidence 7: the log has no digests of bank 0x%04x",
		    tpm_alg_of_hash(alg));
	*out = (struct replay){ .alg = alg };
	out->values[0][hash_size(alg) - 1] = log->locality;
	while (eventlog_next(&w, &event)) {
		if (event.type == EV_NO_ACTION)
			continue;
		hash_extend(alg, out->values[event.pcr], event.digests[bank]);
		out->covered |= 1u << event.pcr;
	}
	return true;
}

bool
replay_check(uint32_t *equal, const struct replay *r,
    const struct pcr_bank *bank, uint32_t pcrs, struct fault *f)
{
	uint32_t want = pcrs & r->covered;
	size_t n = hash_size(r->alg);

	assert(bank->alg == r->alg);
	*equal = 0;
	for (uint32_t i = 0; i < EVENTLOG_PCRS; i++)
		if ((want >> i & 1) != 0 &&
		    bytes_equal(bank->values[i], bytes_of(r->values[i], n)))
			*equal |= 1u << i;
	for (uint32_t i = 0; i < EVENTLOG_PCRS; i++)
		if (((want & ~*equal) >> i & 1) != 0)
			return fail(f, FAULT_VERIFY, "log.replay",
			    "evidence 7: the log does not give PCR %u", i);
	return true;
}

bool
replay_check_untouched(
    const struct pcr_bank *bank, uint32_t pcrs, struct fault *f)
{
	static const uint8_t zeros[64];
	struct bytes reset = bytes_of(zeros, hash_size(bank->alg));

	for (uint32_t i = 0; i < EVENTLOG_PCRS; i++)
		if ((pcrs >> i & 1) != 0 &&
		    !bytes_equal(bank->values[i], reset))
			return fail(f, FAULT_VERIFY, "log.replay",
			    "evidence 7: PCR %u was extended and no log says "
			    "by what",
			    i);
	return true;
}
