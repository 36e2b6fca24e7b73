/* SPDX-License-Identifier: Apache-2.0 */
/* Bare TPM evidence: what is refused, what stays open, what is accepted. */
#include "core/verdict/bare_test.h"
#include "core/verdict/tpm.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
expect_word(const char *name, const struct verdict *v, const char *word)
{
	if (strcmp(verdict_word(v), word) == 0)
		return;
	for (size_t c = 0; c < CHECK_COUNT; c++) {
		if (v->results[c].state != CHECK_PASSED)
			print_error("%s: [%s] %s\n",
			    verdict_code((enum check)c), v->results[c].reason,
			    v->results[c].why);
	}
	fail_msg("%s: %s, want %s", name, verdict_word(v), word);
}

static void
expect_row(const struct bare_row *row)
{
	bare_make(&row->change);
	if (row->ask != NULL)
		row->ask();
	const struct verdict *v = bare_judge();
	const struct check_result *r = &v->results[row->check];

	if (strcmp(r->reason, row->reason) != 0)
		fail_msg("%s: [%s] %s, want [%s]", row->name, r->reason, r->why,
		    row->reason);
	expect_word(row->name, v, row->word);
	assert_true(v->bare);
}

static void
rows_come_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < bare_quote_count; i++)
		expect_row(&bare_quote_rows[i]);
	for (size_t i = 0; i < bare_keys_count; i++)
		expect_row(&bare_keys_rows[i]);
}

/* The strictest policy is what is meant when none is given. */
static void
no_policy_is_the_strictest(void **state)
{
	const struct measured_change none = BARE_NONE;

	(void)state;
	bare_make(&none);
	bare.rq.policy = NULL;
	expect_word("no policy", bare_judge(), ACCEPT);
	bare.rq.activation = NULL;
	expect_word("not challenged", bare_judge(), OPEN);
}

static void
facts_are_told(void **state)
{
	const struct measured_change none = BARE_NONE;
	struct bytes text;
	int64_t number;

	(void)state;
	bare_make(&none);
	struct buf padded = buf_in(&bare_arena, bare.m.certificate.n + 1);

	buf_put(&padded, bare.m.certificate);
	buf_u8(&padded, 0);
	bare.rq.ek_certificate = buf_bytes(&padded);
	const struct message *facts = bare_judge()->facts;

	assert_true(message_find_bytes(&text, facts, "tpm/bank"));
	assert_true(bytes_is(text, "sha256"));
	assert_true(message_find_integer(&number, facts, "tpm/reset-count"));
	assert_int_equal(number, MEASURED_RESETS);
	assert_true(message_find_bytes(&text, facts, "tpm/pcrs/7"));
	assert_int_equal(text.n, 64);
	assert_null(message_find(facts, "tpm/pcrs/10"));
	assert_true(message_find_bytes(&text, facts, "tpm/ek/issuer"));
	assert_true(message_find_bytes(&text, facts, "tpm/ek/quirks/1"));
	assert_true(bytes_is(text, "padded"));
	assert_non_null(message_find(facts, "boot/secure-boot"));
	assert_true(message_find_integer(&number, facts, "tpm/replayed/1"));
	assert_int_equal(number, 0);
}

static void
pcr_0_moved(struct measured *m)
{
	m->pcrs[0].b[0] ^= 1;
}

/* Firmware that does not log all that it measures is refused, and the verdict
 * says which PCRs can be explained all the same. */
static void
what_does_not_replay_is_told(void **state)
{
	const struct measured_change moved = { MEASURED_EXTENDED, pcr_0_moved };
	const struct verdict *v;
	int64_t first;

	(void)state;
	bare_make(&moved);
	v = bare_judge();
	assert_string_equal(v->results[CHECK_LOG_REPLAY].reason, "log.replay");
	assert_true(message_find_integer(&first, v->facts, "tpm/replayed/1"));
	assert_int_equal(first, 1);
	assert_null(message_find(v->facts, "boot"));
}

/* As many of the smallest events as a log may have bytes for. */
static void
fill_log(struct measured *m, size_t size)
{
	uint8_t *all = arena_alloc(m->a, size + 64);
	struct buf log = buf_over(all, size + 64);

	assert_non_null(all);
	buf_put(&log, bytes_of(m->log, m->nlog));
	while (log.used + 50 <= size)
		measured_log_event(&log, 9, EV_IPL, BYTES(""));
	m->log = all;
	m->nlog = log.used;
}

static void
largest_log(struct measured *m)
{
	fill_log(m, EVENTLOG_SIZE_MAX);
}

static void
larger_log(struct measured *m)
{
	fill_log(m, EVENTLOG_SIZE_MAX + 50);
}

/* Certificates and roots, most of which lead nowhere. */
static void
longest_chain(void)
{
	static struct bytes chain[X509_CHAIN_MAX];
	struct buf roots =
	    buf_in(&bare_arena, X509_ROOTS_MAX * bare.rq.roots.n);
	const struct measured_certificate ca = { MEASURED_OTHER_CA, MEASURED_CA,
		true, MEASURED_AT - BARE_YEAR, MEASURED_AT + BARE_YEAR, NULL,
		NULL };
	const struct measured_certificate ek = { MEASURED_EK_RSA,
		MEASURED_OTHER_CA, false, MEASURED_AT - BARE_YEAR,
		MEASURED_AT + BARE_YEAR, NULL, NULL };

	for (size_t i = 0; i < X509_CHAIN_MAX; i++)
		chain[i] = measured_certify(&ca, &bare_arena);
	for (size_t i = 0; i < X509_ROOTS_MAX; i++)
		buf_put(&roots, bare.rq.roots);
	bare.rq.ek_certificate = measured_certify(&ek, &bare_arena);
	bare.rq.chain = chain;
	bare.rq.nchain = X509_CHAIN_MAX;
	bare.rq.roots = buf_bytes(&roots);
}

/* bench row `tpm worst` says how long these take. */
static void
largest_inputs_are_accepted(void **state)
{
	const struct measured_change none = BARE_NONE;
	const struct measured_change large = { MEASURED_BOOTED, largest_log };
	const struct measured_change larger = { MEASURED_BOOTED, larger_log };
	const struct verdict *v;

	(void)state;
	bare_make(&large);
	longest_chain();
	assert_in_range(
	    bare.rq.log.n, EVENTLOG_SIZE_MAX - 50, EVENTLOG_SIZE_MAX);
	expect_word("the largest", bare_judge(), ACCEPT);
	bare_make(&larger);
	v = bare_judge();
	assert_string_equal(v->results[CHECK_LOG_SYNTAX].reason, "log.limit");
	bare_make(&none);
	longest_chain();
	bare.rq.nchain++;
	v = bare_judge();
	assert_string_equal(v->results[CHECK_EK_CHAIN].reason, "tpm.ek.chain");
}

/* It says so, and never that the evidence is bad. */
static void
small_arenas_are_a_fault(void **state)
{
	const struct measured_change none = BARE_NONE;
	static uint8_t block[256u << 10];
	static struct verdict v;
	size_t size = 0;
	struct fault f = { 0 };
	struct arena a;

	(void)state;
	bare_make(&none);
	arena_init(&a, block, 0);
	while (!tpm_verify(&v, &bare.rq, &a, &f)) {
		assert_string_equal(f.reason, "limit.memory");
		size += 997;
		assert_true(size < sizeof(block));
		arena_init(&a, block, size);
	}
	assert_string_equal(verdict_word(&v), ACCEPT);
	assert_true(size > 4096);
}

static int
open_all(void **state)
{
	(void)state;
	measured_open();
	return 0;
}

static int
close_all(void **state)
{
	(void)state;
	measured_close();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(rows_come_out),
		cmocka_unit_test(no_policy_is_the_strictest),
		cmocka_unit_test(facts_are_told),
		cmocka_unit_test(what_does_not_replay_is_told),
		cmocka_unit_test(largest_inputs_are_accepted),
		cmocka_unit_test(small_arenas_are_a_fault),
	};

	return cmocka_run_group_tests_name("tpm", units, open_all, close_all);
}
