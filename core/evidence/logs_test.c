/* SPDX-License-Identifier: Apache-2.0 */
/* Event logs of real machines and altered ones, each with its expectation. */
#include "core/evidence/bootfacts.h"
#include "core/evidence/logcheck.h"
#include "core/evidence/replay.h"
#include "core/evidence/table_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum column {
	ID,
	EXPECT,
	FILE_NAME,
	FORMAT,
	ALGS,
	EVENTS,
	PADDING,
	LOCALITY,
	MISMATCHES,
	REPLAY,
	COLUMNS
};

static uint8_t block[2u << 20];

static bool
same_replay(const struct eventlog *log, struct bytes text, struct fault *f)
{
	static uint8_t values[4 * PCR_COUNT * 64];
	struct pcr_bank banks[4];
	size_t nbanks = table_banks(banks, 4, text, values);

	for (size_t i = 0; i < nbanks; i++) {
		struct replay r;
		uint32_t covered = 0, equal;

		for (uint32_t j = 0; j < PCR_COUNT; j++)
			covered |= (uint32_t)(banks[i].values[j].p != NULL)
				   << j;
		if (!replay_run(&r, log, banks[i].alg, f))
			return false;
		if (r.covered != covered ||
		    !replay_check(&equal, &r, &banks[i], covered, f))
			return false;
	}
	return true;
}

static bool
same_algs(const struct eventlog *log, struct bytes text)
{
	size_t n = 0;

	for (; text.n != 0; n++) {
		struct bytes name = table_part(&text, ',');
		enum hash_alg alg;
		uint16_t id = TPM_ALG_SM3_256;

		if (table_alg(&alg, name))
			id = tpm_alg_of_hash(alg);
		if (n >= log->nalgs || log->algs[n].id != id)
			return false;
	}
	return n == log->nalgs;
}

/* The events whose digest is not that of their data, as a list. The reference
 * that made the index does not judge EV_EFI_VARIABLE_BOOT. */
static struct bytes
mismatches(char *out, size_t size, const struct eventlog *log)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	size_t used = 0, bank;
	enum hash_alg alg = HASH_SHA256;

	while (!eventlog_bank(&bank, log, alg))
		alg = alg == HASH_SHA256 ? HASH_SHA384 : HASH_SHA1;
	while (eventlog_next(&w, &event))
		if (event.type != EV_EFI_VARIABLE_BOOT &&
		    !logcheck_digest(&event, alg, event.digests[bank]) &&
		    used < size)
			used += (size_t)snprintf(out + used, size - used,
			    "%s%zu", used == 0 ? "" : ",", event.index);
	return bytes_of(out, used < size ? used : 0);
}

static bool
has_bank(const struct eventlog *log)
{
	enum hash_alg alg;

	for (size_t i = 0; i < log->nalgs; i++)
		if (tpm_alg_hash(&alg, log->algs[i].id))
			return true;
	return false;
}

static bool
same_fields(
    const struct eventlog *log, const struct bytes *row, struct fault *f)
{
	char list[4096];

	if (log->agile != bytes_is(row[FORMAT], "crypto-agile") ||
	    !same_algs(log, row[ALGS]))
		return (fail)(f, FAULT_VERIFY, "test", "format or algorithms");
	if (log->count != table_number(row[EVENTS]) ||
	    log->padding != table_number(row[PADDING]) ||
	    log->locality != table_number(row[LOCALITY]))
		return (fail)(f, FAULT_VERIFY, "test",
		    "%zu events, %zu padding, locality %u", log->count,
		    log->padding, log->locality);
	if (!same_replay(log, row[REPLAY], f))
		return false;
	if (!bytes_is(row[MISMATCHES], "?") && has_bank(log) &&
	    !bytes_equal(mismatches(list, sizeof(list), log), row[MISMATCHES]))
		return (fail)(f, FAULT_VERIFY, "test", "mismatches %s", list);
	return true;
}

/* Whatever a log says, nothing that reads it may go wrong. */
static void
read_all(const struct eventlog *log)
{
	static struct bootfacts facts;
	struct fault f = { 0 };

	for (int alg = HASH_SHA1; alg <= HASH_SHA512; alg++) {
		if (!bootfacts_read(
			&facts, log, (enum hash_alg)alg, 0xffffff, &f))
			assert_string_not_equal(f.reason, "");
		(void)!logcheck_separators(log, (enum hash_alg)alg, &f);
	}
	(void)!logcheck_types(log, &f);
	(void)!logcheck_order(log, &f);
}

/* True if the case comes out as its row says. */
static bool
run(const struct bytes *row, struct fault *f)
{
	struct eventlog log;
	struct bytes in =
	    table_file(block, sizeof(block), "eventlog", row[FILE_NAME]);

	/* The reference takes a log of padding alone, we do not. */
	if (!eventlog_parse(&log, in, f))
		return bytes_is(row[EXPECT], "invalid") ||
		       bytes_is(row[EVENTS], "0");
	read_all(&log);
	if (bytes_is(row[EXPECT], "invalid"))
		return (fail)(f, FAULT_VERIFY, "test", "accepted");
	return same_fields(&log, row, f);
}

static void
logs_come_out_as_expected(void **state)
{
	static uint8_t index[1 << 21];
	struct bytes table =
	    table_file(index, sizeof(index), "eventlog", BYTES("logs.tsv"));

	(void)state;
	assert_true(table_run(table, COLUMNS, run) >= 25);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(logs_come_out_as_expected),
	};

	return cmocka_run_group_tests_name("logs", units, NULL, NULL);
}
