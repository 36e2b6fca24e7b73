/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/bootfacts.h"
#include "core/evidence/ccel.h"
#include "core/evidence/logcheck.h"
#include "core/evidence/replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A walk gives every event once, in order, to the last byte. */
static void
check_walk(const struct eventlog *log, struct bytes in)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	size_t n = log->agile ? 1 : 0, last = 0;

	if (log->events.p + log->events.n + log->padding != in.p + in.n)
		abort();
	for (; eventlog_next(&w, &event); n++) {
		if (event.index != n || (n > 1 && event.offset <= last))
			abort();
		last = event.offset;
		for (size_t i = 0; i < log->nalgs; i++)
			if (event.digests[i].n != log->algs[i].size)
				abort();
	}
	if (n != log->count || !cursor_done(&w.c))
		abort();
}

static void
check_bank(const struct eventlog *log, enum hash_alg alg)
{
	static struct bootfacts facts;
	struct pcr_bank bank = { .alg = alg };
	struct replay r;
	struct fault f;
	uint32_t equal;

	if (!replay_run(&r, log, alg, &f))
		return;
	for (size_t i = 0; i < EVENTLOG_PCRS; i++)
		bank.values[i] = bytes_of(r.values[i], hash_size(alg));
	if (!replay_check(&equal, &r, &bank, 0xffffff, &f) ||
	    equal != r.covered)
		abort();
	(void)!logcheck_digests(log, alg, &f);
	(void)!logcheck_separators(log, alg, &f);
	if (bootfacts_read(&facts, log, alg, 0, &f) &&
	    (facts.has_secure_boot || facts.napplications != 0))
		abort();
	(void)!bootfacts_read(&facts, log, alg, equal, &f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct eventlog log;
	struct fault f;

	if (!eventlog_parse(&log, bytes_of(data, size), &f))
		return 0;
	check_walk(&log, bytes_of(data, size));
	for (int alg = HASH_SHA1; alg <= HASH_SHA512; alg++)
		check_bank(&log, (enum hash_alg)alg);
	(void)!logcheck_types(&log, &f);
	(void)!logcheck_order(&log, &f);
	(void)!logcheck_lasting(&log, &f);
	(void)!ccel_check_types(&log, &f);
	(void)!ccel_check_separators(&log, &f);
	return 0;
}
