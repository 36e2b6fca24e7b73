/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/replay.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/evidence/logmaker_test.h"

static uint8_t block[4096];

/* Two events in PCR 4, one in PCR 0, one that never extends. */
static struct buf
some_events(uint8_t locality)
{
	uint8_t start[17] = "StartupLocality";
	struct buf b = buf_over(block, sizeof(block));

	start[16] = locality;
	logmaker_header(&b);
	logmaker_event(&b, 0, EV_NO_ACTION, bytes_of(start, sizeof(start)));
	logmaker_event(&b, 0, EV_S_CRTM_VERSION, BYTES("one"));
	logmaker_event(&b, 4, EV_EFI_ACTION, BYTES("two"));
	logmaker_event(&b, 4, EV_EFI_ACTION, BYTES("three"));
	logmaker_event(&b, 5, EV_NO_ACTION, BYTES("none"));
	return b;
}

static void
extend(uint8_t pcr[32], const char *text)
{
	struct sha256 digest = sha256_of(bytes_text(text));
	const struct bytes parts[2] = { bytes_of(pcr, 32), BYTES_OF(&digest) };

	hash_parts(HASH_SHA256, pcr, parts, 2);
}

static void
values_are_chained(void **state)
{
	uint8_t zero[32] = { [31] = 3 }, four[32] = { 0 };
	struct buf b = some_events(3);
	struct eventlog log = logmaker_parse(&b);
	struct replay r;
	struct fault f;

	(void)state;
	extend(zero, "one");
	extend(four, "two");
	extend(four, "three");
	assert_true(replay_run(&r, &log, HASH_SHA256, &f));
	assert_int_equal(r.covered, 1u << 0 | 1u << 4);
	assert_memory_equal(r.values[0], zero, 32);
	assert_memory_equal(r.values[4], four, 32);
	assert_false(replay_run(&r, &log, HASH_SHA384, &f));
	assert_string_equal(f.reason, "log.bank");
}

static struct pcr_bank
bank_of(struct replay *r)
{
	struct pcr_bank bank = { .alg = HASH_SHA256 };

	for (size_t i = 0; i < PCR_COUNT; i++)
		bank.values[i] = bytes_of(r->values[i], 32);
	return bank;
}

static void
every_covered_pcr_must_agree(void **state)
{
	struct buf b = some_events(0);
	struct eventlog log = logmaker_parse(&b);
	struct replay r, quoted;
	struct fault f;
	uint32_t equal;

	(void)state;
	assert_true(replay_run(&r, &log, HASH_SHA256, &f));
	quoted = r;
	struct pcr_bank bank = bank_of(&quoted);

	assert_true(replay_check(&equal, &r, &bank, PCR_QUOTED, &f));
	assert_int_equal(equal, 1u << 0 | 1u << 4);
	quoted.values[4][0] ^= 1;
	assert_false(replay_check(&equal, &r, &bank, PCR_QUOTED, &f));
	assert_string_equal(f.reason, "log.replay");
	assert_int_equal(equal, 1u << 0);
	/* What was not quoted is not compared. */
	assert_true(
	    replay_check(&equal, &r, &bank, PCR_QUOTED & ~(1u << 4), &f));
	bank.values[0].n = 31;
	assert_false(replay_check(&equal, &r, &bank, PCR_QUOTED, &f));
	assert_string_equal(f.reason, "log.replay");
	assert_int_equal(equal, 0);
}

static void
what_no_log_tells_is_refused(void **state)
{
	struct replay none = { 0 };
	struct pcr_bank bank = bank_of(&none);
	struct fault f;

	(void)state;
	assert_true(replay_check_untouched(&bank, PCR_QUOTED, &f));
	none.values[12][31] = 1;
	assert_false(replay_check_untouched(&bank, PCR_QUOTED, &f));
	assert_string_equal(f.reason, "log.replay");
	assert_true(
	    replay_check_untouched(&bank, PCR_QUOTED & ~(1u << 12), &f));
	bank.values[9].n = 0;
	assert_false(replay_check_untouched(&bank, 1u << 9, &f));
	assert_string_equal(f.reason, "log.replay");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(values_are_chained),
		cmocka_unit_test(every_covered_pcr_must_agree),
		cmocka_unit_test(what_no_log_tells_is_refused),
	};

	return cmocka_run_group_tests_name("replay", units, NULL, NULL);
}
