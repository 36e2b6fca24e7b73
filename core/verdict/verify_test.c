/* SPDX-License-Identifier: Apache-2.0 */
/* Whole measurements, right and wrong in one thing. */
#include "core/evidence/table_test.h"
#include "core/message/json.h"
#include "core/message/pack.h"
#include "core/verdict/cases_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA_SIZE (16u << 20)
#define TOLD_MAX   32768u /* bytes of a packed verdict */

static uint8_t block[ARENA_SIZE], verify_block[ARENA_SIZE];
static uint8_t earlier_block[4u << 20];
static struct measured earlier;

static const struct verdict *
judge(const struct verify_request *rq)
{
	static struct arena a;
	static struct verdict v;
	struct fault f = { 0 };

	arena_init(&a, verify_block, sizeof(verify_block));
	if (!verify_measurement(&v, rq, &a, &f))
		fail_msg("%s: %s", f.reason, f.why);
	return &v;
}

static struct arena *
new_arena(void)
{
	static struct arena a;

	arena_init(&a, block, sizeof(block));
	return &a;
}

static void
expect_word(const struct verdict *v, const char *word)
{
	if (strcmp(verdict_word(v), word) == 0)
		return;
	for (size_t c = 0; c < CHECK_COUNT; c++) {
		if (v->results[c].state != CHECK_PASSED)
			print_error("%s: [%s] %s\n",
			    verdict_code((enum check)c), v->results[c].reason,
			    v->results[c].why);
	}
	fail_msg("%s, want %s", verdict_word(v), word);
}

static void
expect_open(
    const struct verdict *v, enum check c, const char *word, const char *reason)
{
	expect_word(v, word);
	assert_int_equal(v->results[c].state, CHECK_NOT_CHECKED);
	assert_string_equal(v->results[c].reason, reason);
}

static bool
as_expected(const struct verdict *v, const struct measured *m,
    enum check failed, enum check c)
{
	if (!verdict_has(v, c))
		return v->results[c].state == CHECK_NOT_CHECKED;
	switch (v->results[c].state) {
	case CHECK_FAILED:
		return c == failed;
	case CHECK_PASSED:
		return c != failed && !cases_blocks(failed, c);
	case CHECK_NOT_CHECKED:
		break;
	}
	return cases_blocks(failed, c) || !cases_asked(m, c);
}

/* Hostile evidence must not make a verdict that cannot be told. */
static void
expect_told(const struct verdict *v)
{
	struct bytes packed, text;
	struct fault f = { 0 };
	const struct message *tree = verdict_message(v);

	if (!message_pack(&packed, tree, v->arena, &f) ||
	    !json_encode(&text, tree, v->arena, &f) ||
	    !verdict_explain(&text, tree, v->arena, &f))
		fail_msg("%s: %s", f.reason, f.why);
	assert_true(packed.n < TOLD_MAX);
	for (size_t i = 0; i < text.n; i++)
		assert_true(text.p[i] == '\n' ||
			    (text.p[i] >= ' ' && text.p[i] <= '~'));
}

static void
run_case(const struct verdict_case *is)
{
	static struct measured m;
	bool fresh = strcmp(is->purpose, "fresh") == 0;
	struct measured_plan plan = { .ek = MEASURED_EK_RSA,
		.purpose = is->purpose,
		.earlier = fresh ? earlier.envelope : NULL,
		.changes = is->changes,
		.nchanges = CASE_CHANGES };

	measured_make(&m, &plan, new_arena());
	const struct verdict *v = judge(&m.rq);

	if (strcmp(v->results[is->check].reason, is->reason) != 0)
		fail_msg("%s: [%s] %s, want [%s]", is->name,
		    v->results[is->check].reason, v->results[is->check].why,
		    is->reason);
	assert_string_equal(verdict_word(v), "rejected");
	expect_told(v);
	for (size_t c = 0; c < CHECK_COUNT; c++) {
		if (!as_expected(v, &m, is->check, (enum check)c))
			fail_msg("%s: %s has state %d [%s] %s", is->name,
			    verdict_code((enum check)c), v->results[c].state,
			    v->results[c].reason, v->results[c].why);
	}
}

static void
run_cases(const struct verdict_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		run_case(&cases[i]);
}

static void
test_envelope(void **state)
{
	(void)state;
	run_cases(cases_envelope, cases_envelope_count);
}

static void
test_quote(void **state)
{
	(void)state;
	run_cases(cases_quote, cases_quote_count);
}

static void
test_log(void **state)
{
	(void)state;
	run_cases(cases_log, cases_log_count);
}

static void
test_keys(void **state)
{
	(void)state;
	run_cases(cases_keys, cases_keys_count);
}

static void
test_parties(void **state)
{
	static struct measured m;
	struct measured_plan plan = { .ek = MEASURED_EK_ECC,
		.purpose = "fresh",
		.changes = &cases_all_parties,
		.nchanges = 1 };

	(void)state;
	run_cases(cases_parties, cases_parties_count);
	measured_make(&m, &plan, new_arena());
	const struct verdict *v = judge(&m.rq);

	expect_word(v, "accepted");
	assert_int_equal(v->results[CHECK_CHANNEL].state, CHECK_PASSED);
	assert_int_equal(v->results[CHECK_SELF].state, CHECK_PASSED);
	assert_int_equal(v->results[CHECK_MACHINE].state, CHECK_PASSED);
}

static void
test_policy(void **state)
{
	(void)state;
	run_cases(cases_policy, cases_policy_count);
}

static void
mark(bool *seen, const struct verdict_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		seen[cases[i].check] = true;
}

static void
test_every_check_fails_once(void **state)
{
	bool seen[CHECK_COUNT] = { false };

	(void)state;
	mark(seen, cases_envelope, cases_envelope_count);
	mark(seen, cases_quote, cases_quote_count);
	mark(seen, cases_log, cases_log_count);
	mark(seen, cases_keys, cases_keys_count);
	mark(seen, cases_parties, cases_parties_count);
	seen[CHECK_EK_CRL] = seen[CHECK_AK_CHAIN] = true;
	seen[CHECK_SAFE_CLOCK] = seen[CHECK_RELEASE] = true;
	mark(seen, cases_policy, cases_policy_count);
	for (size_t c = 0; c < CHECK_COUNT; c++) {
		enum engine of = verdict_engine_of((enum check)c);

		if (!seen[c] && (of == ENGINE_ANY || of == ENGINE_TPM))
			fail_msg("%s never fails", verdict_code((enum check)c));
	}
}

static void
make(struct measured *m, enum measured_key ek, const char *purpose,
    const struct measured_change *change)
{
	struct measured_plan plan = { .ek = ek,
		.purpose = purpose,
		.changes = change,
		.nchanges = change == NULL ? 0 : 1 };

	measured_make(m, &plan, new_arena());
}

static void
test_accepted(void **state)
{
	static struct measured m;

	(void)state;
	for (int ek = MEASURED_EK_RSA; ek <= MEASURED_EK_ECC; ek++) {
		make(&m, (enum measured_key)ek, "boot", NULL);
		const struct verdict *v = judge(&m.rq);

		expect_word(v, "accepted");
		make(&m, (enum measured_key)ek, "fresh", NULL);
		v = judge(&m.rq);
		expect_word(v, "accepted");
		assert_int_equal(v->results[CHECK_STATE].state, CHECK_PASSED);
	}
}

/* Nothing but what a verdict needs was asked for. */
static void
test_accepted_without_policy(void **state)
{
	static struct measured m;

	(void)state;
	make(&m, MEASURED_EK_RSA, "boot", NULL);
	m.rq.want = NULL;
	const struct verdict *v = judge(&m.rq);

	expect_word(v, "accepted");
	assert_int_equal(v->results[CHECK_PCR4].state, CHECK_NOT_CHECKED);
}

static void
test_accepted_of_a_real_log(void **state)
{
	static struct measured m;
	static uint8_t log[MEASURED_LOG_MAX];
	struct bytes firmware = table_file(
	    log, sizeof(log), "eventlog", BYTES("keylime-mb-secureboot.bin"));
	struct buf b = buf_over(log, sizeof(log));

	(void)state;
	b.used = firmware.n;
	measured_log_stub(&b);
	struct measured_plan plan = {
		.ek = MEASURED_EK_ECC, .purpose = "boot", .log = buf_bytes(&b)
	};

	measured_make(&m, &plan, new_arena());
	const struct verdict *v = judge(&m.rq);

	expect_word(v, "accepted");
	assert_non_null(message_find(v->facts, "boot/uki-sections/4/name"));
}

static void
test_accepted_over_an_intermediate(void **state)
{
	static struct measured m;
	struct measured_change changes[] = {
		{ MEASURED_KEYED, cases_issue_by_other },
		{ MEASURED_TOLD, cases_add_chain },
	};
	struct measured_plan plan = { .ek = MEASURED_EK_RSA,
		.purpose = "boot",
		.changes = changes,
		.nchanges = 2 };

	(void)state;
	measured_make(&m, &plan, new_arena());
	expect_word(judge(&m.rq), "accepted");
}

static void
take_log_away(struct measured *m)
{
	m->nlog = 0;
}

static void
test_accepted_without_firmware(void **state)
{
	static struct measured m;
	struct measured_change change = { MEASURED_BOOTED, take_log_away };

	(void)state;
	make(&m, MEASURED_EK_RSA, "boot", &change);
	m.rq.want = NULL;
	const struct verdict *v = judge(&m.rq);

	expect_word(v, "accepted");
}

static void
test_open_without_roots(void **state)
{
	static struct measured m;
	static const char *const roots[] = { "", "no certificates in here" };

	(void)state;
	make(&m, MEASURED_EK_RSA, "boot", NULL);
	for (size_t i = 0; i < 2; i++) {
		m.rq.roots = bytes_text(roots[i]);
		const struct verdict *v = judge(&m.rq);

		expect_open(v, CHECK_EK_CHAIN, "incomplete", "tpm.ek.no-roots");
	}
	m.rq.roots = BYTES("-----BEGIN CERTIFICATE-----\nAA\n");
	const struct verdict *v = judge(&m.rq);

	expect_open(v, CHECK_EK_CHAIN, "incomplete", "x509.pem");
}

static void
take_certificate_away(struct measured *m)
{
	cases_drop(m->evidence, "ek-certificate");
}

static void
test_open_without_certificate(void **state)
{
	static struct measured m;
	struct measured_change change = { MEASURED_TOLD,
		take_certificate_away };

	(void)state;
	make(&m, MEASURED_EK_RSA, "boot", &change);
	const struct verdict *v = judge(&m.rq);

	expect_open(v, CHECK_EK_BINDING, "incomplete", "tpm.ek.absent");
	expect_open(v, CHECK_EK_CHAIN, "incomplete", "tpm.ek.absent");
}

static void
test_open_without_challenge(void **state)
{
	static struct measured m;

	(void)state;
	make(&m, MEASURED_EK_RSA, "boot", NULL);
	m.rq.activation = NULL;
	const struct verdict *v = judge(&m.rq);

	expect_open(
	    v, CHECK_ACTIVATION, "incomplete", "tpm.activation.not-asked");
	m.rq.without_activation = true;
	v = judge(&m.rq);
	expect_open(
	    v, CHECK_ACTIVATION, "accepted", "tpm.activation.not-asked");
}

/* Giving up the challenge does not make a wrong answer right. */
static void
test_waived_and_wrong(void **state)
{
	static struct measured m;

	(void)state;
	make(&m, MEASURED_EK_RSA, "boot", NULL);
	m.claim.ek_name = (struct bytes){ 0 };
	m.rq.without_activation = true;
	const struct verdict *v = judge(&m.rq);

	expect_word(v, "rejected");
}

static void
test_open_without_nonce(void **state)
{
	static struct measured m;

	(void)state;
	make(&m, MEASURED_EK_RSA, "fresh", NULL);
	m.rq.nonce = (struct bytes){ 0 };
	const struct verdict *v = judge(&m.rq);

	expect_open(v, CHECK_NONCE, "incomplete", "fresh.nonce-not-asked");
}

/* Attack: same subject, another machine's recipient. */
static void
swap_recipient(struct measured *m)
{
	message_set_base64(
	    cases_at(m->recipient, "public-material"), "ek-public", m->ak);
}

static void
test_recipient_swapped_after_the_quote(void **state)
{
	static struct measured m;
	struct measured_change change = { MEASURED_TOLD, swap_recipient };

	(void)state;
	make(&m, MEASURED_EK_RSA, "boot", &change);
	const struct verdict *v = judge(&m.rq);

	expect_word(v, "rejected");
	assert_string_equal(
	    v->results[CHECK_RECIPIENT].reason, "bind.recipient");
	assert_string_equal(
	    v->results[CHECK_BINDING].reason, "tpm.quote.nonce");
}

static int
open_all(void **state)
{
	static struct arena a;
	struct measured_plan plan = { .ek = MEASURED_EK_RSA,
		.purpose = "boot" };

	(void)state;
	measured_open();
	arena_init(&a, earlier_block, sizeof(earlier_block));
	measured_make(&earlier, &plan, &a);
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
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_accepted_without_policy),
		cmocka_unit_test(test_accepted_of_a_real_log),
		cmocka_unit_test(test_accepted_over_an_intermediate),
		cmocka_unit_test(test_accepted_without_firmware),
		cmocka_unit_test(test_open_without_roots),
		cmocka_unit_test(test_open_without_certificate),
		cmocka_unit_test(test_open_without_challenge),
		cmocka_unit_test(test_waived_and_wrong),
		cmocka_unit_test(test_open_without_nonce),
		cmocka_unit_test(test_recipient_swapped_after_the_quote),
		cmocka_unit_test(test_envelope),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_parties),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_every_check_fails_once),
	};

	return cmocka_run_group_tests_name(
	    "verify", units, open_all, close_all);
}
