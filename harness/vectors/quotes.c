/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes of TPMs, judged as bare evidence. */
#include <stdio.h>

#include "core/evidence/attest.h"
#include "core/evidence/eventlog.h"
#include "core/evidence/replay.h"
#include "core/evidence/signature.h"
#include "core/verdict/tpm.h"
#include "harness/vectors/algs.h"
#include "harness/vectors/tpm.h"

/* Nobody promises a log, an EK or PCRs with these: who made them quoted what
 * they liked. */
static const struct tpm_policy lenient = {
	.any_pcrs = true,
	.sha1 = true,
	.without_log = true,
	.without_keys = true,
};

/* The checks of the index, and which of ours each belongs to. */
/* clang-format off */
static const struct {
	const char *name;
	enum check check;
} checks[] = {
	{ "ak_parse",          CHECK_AK },
	{ "ak_attributes",     CHECK_AK },
	{ "attest_parse",      CHECK_ATTEST },
	{ "sig_parse",         CHECK_QUOTE_SIG },
	{ "signature",         CHECK_QUOTE_SIG },
	{ "scheme_matches_ak", CHECK_QUOTE_SIG },
	{ "nonce",             CHECK_BINDING },
	{ "pcr_digest",        CHECK_PCR_DIGEST },
};
/* clang-format on */
#define CHECKS_NAMED (sizeof(checks) / sizeof(checks[0]))

static json_t *
selections(const struct attest *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->nselections; i++) {
		const char *name = algs_name(a->selections[i].bank);
		json_t *pcrs = json_array(), *pair = json_array();

		for (uint32_t j = 0; j < PCR_COUNT; j++) {
			if ((a->selections[i].pcrs >> j & 1) != 0)
				(void)json_array_append_new(
				    pcrs, json_integer(j));
		}
		(void)json_array_append_new(
		    pair, name == NULL ? json_null() : json_string(name));
		(void)json_array_append_new(pair, pcrs);
		(void)json_array_append_new(list, pair);
	}
	return list;
}

static void
compare_fields(struct entry *e, const struct attest *a)
{
	/* clang-format off */
	const struct {
		const char *member;
		uint64_t seen;
	} numbers[] = {
		{ "fields/clock",         a->clock },
		{ "fields/reset_count",   a->reset_count },
		{ "fields/restart_count", a->restart_count },
		{ "fields/safe",          a->safe },
	};
	const struct {
		const char *member;
		struct bytes seen;
	} bytes[] = {
		{ "fields/qualified_signer", a->signer },
		{ "fields/extra_data",       a->nonce },
		{ "fields/pcr_digest",       a->pcr_digest },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)evidence_number(e, numbers[i].member,
		    evidence_member(e, numbers[i].member), numbers[i].seen);
	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++)
		(void)evidence_hex(e, bytes[i].member,
		    evidence_member(e, bytes[i].member), bytes[i].seen);
	(void)evidence_text(e, "firmware version",
	    evidence_member(e, "fields/firmware_version"),
	    arena_print(e->arena, "%016llx", (unsigned long long)a->firmware));
	evidence_json(e, "selections", evidence_member(e, "fields/pcr_select"),
	    selections(a));
}

/* Fields are stated of what has a form, and only of that. */
static bool
compare_attest(struct entry *e, struct bytes in)
{
	struct attest a;
	struct fault f = { 0 };
	bool parsed = attest_parse(&a, in, &f);

	if (evidence_member(e, "fields_error") != NULL)
		(void)evidence_check(
		    e, "fields", !parsed, "no form of a quote");
	if (evidence_member(e, "fields") != NULL &&
	    evidence_done(e, "fields", parsed, &f))
		compare_fields(e, &a);
	return parsed;
}

static void
compare_scheme(struct entry *e, struct bytes in)
{
	struct signature s;
	struct fault f = { 0 };

	if (!signature_parse(&s, in, &f))
		return;
	(void)evidence_text(e, "scheme", evidence_member(e, "sig_alg"),
	    arena_print(e->arena, "%s/%s",
		s.scheme == TPM_ALG_ECDSA    ? "ECDSA"
		: s.scheme == TPM_ALG_RSAPSS ? "RSAPSS"
					     : "RSASSA",
		algs_name(tpm_alg_of_hash(s.hash))));
}

static bool
take_banks(struct tpm_request *rq, struct entry *e)
{
	struct bytes text;
	struct pcr_bank *banks =
	    arena_alloc(e->arena, TPM_BANKS_MAX * sizeof(*banks));
	const char *name;
	json_t *json, *values;

	if (banks == NULL || !evidence_file(&text, e, "pcrs"))
		return banks != NULL;
	json = json_loadb((const char *)text.p, text.n, 0, NULL);
	rq->banks = banks;
	bool good = evidence_check(e, "pcrs",
	    json_object_size(json) <= TPM_BANKS_MAX, "not too many banks");

	json_object_foreach(json, name, values) good =
	    good && algs_bank(&banks[rq->nbanks++], e, name, values);
	json_decref(json);
	return good && evidence_check(e, "pcrs", rq->nbanks > 0, "PCR values");
}

static bool
take_nonce(struct tpm_request *rq, struct entry *e)
{
	const json_t *stated = json_object_get(e->json, "nonce");

	if (stated == NULL || json_is_null(stated))
		return true;
	if (!evidence_raw(&rq->nonce, e, stated))
		return false;
	if (rq->nonce.p == NULL)
		rq->nonce = BYTES("");
	return true;
}

static bool
take_request(struct tpm_request *rq, struct entry *e)
{
	if (!evidence_file(&rq->ak, e, "ak_tpmt"))
		(void)evidence_file(&rq->ak, e, "ak_spki");
	return evidence_check(e, "files",
		   evidence_file(&rq->attest, e, "attest") &&
		       evidence_file(&rq->signature, e, "sig") &&
		       rq->ak.p != NULL,
		   "a quote, its signature and a key") &&
	       take_banks(rq, e) && take_nonce(rq, e);
}

/* Nothing that the reference found good is refused, and nothing that it found
 * bad is taken. */
static void
compare_checks(struct entry *e, const struct verdict *v)
{
	json_t *stated = json_object_get(e->json, "checks"), *one;
	const char *name;

	json_object_foreach(stated, name, one)
	{
		size_t i = 0;

		while (i < CHECKS_NAMED && strcmp(checks[i].name, name) != 0)
			i++;
		if (!evidence_check(
			e, name, i < CHECKS_NAMED, "a check that we know"))
			continue;
		if (json_is_false(one))
			(void)evidence_check(e, name,
			    v->results[checks[i].check].state != CHECK_PASSED,
			    "a refusal");
	}
}

static void
compare_good_checks(struct entry *e, const struct verdict *v)
{
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		struct fault f = { 0 };

		(void)snprintf(f.why, sizeof(f.why), "[%s] %s",
		    v->results[i].reason, v->results[i].why);
		if (v->results[i].state == CHECK_FAILED)
			(void)evidence_done(
			    e, verdict_code((enum check)i), false, &f);
	}
}

/* A log beside the quote explains the PCRs that it extends. */
static void
compare_log(struct entry *e, const struct tpm_request *rq)
{
	struct bytes in;
	struct eventlog log;
	struct fault f = { 0 };

	if (!evidence_file(&in, e, "event_log") ||
	    !evidence_done(e, "log", eventlog_parse(&log, in, &f), &f))
		return;
	for (size_t i = 0; i < rq->nbanks; i++) {
		const struct pcr_bank *bank = &rq->banks[i];
		uint32_t equal, given = 0;
		struct replay r;

		for (uint32_t j = 0; j < PCR_COUNT; j++)
			given |= (uint32_t)(bank->values[j].p != NULL) << j;
		(void)evidence_done(e, "replay",
		    replay_run(&r, &log, bank->alg, &f) &&
			replay_check(&equal, &r, bank, given, &f),
		    &f);
	}
}

void
quotes_signed(struct entry *e)
{
	struct tpm_policy policy = lenient;
	struct tpm_request rq = { .policy = &policy };
	struct verdict *v = arena_alloc(e->arena, sizeof(*v));
	struct fault f = { 0 };

	if (v == NULL || !take_request(&rq, e))
		return;
	policy.without_nonce = rq.nonce.p == NULL;
	policy.without_pcrs = rq.nbanks == 0;
	(void)compare_attest(e, rq.attest);
	compare_scheme(e, rq.signature);
	if (!evidence_done(e, "verdict", tpm_verify(v, &rq, e->arena, &f), &f))
		return;
	const char *word = verdict_word(v);

	(void)snprintf(f.why, sizeof(f.why), "%s", word);
	evidence_outcome(e, strcmp(word, "accepted") == 0, &f);
	(void)evidence_check(
	    e, "verdict", strcmp(word, "incomplete") != 0, "every check made");
	compare_checks(e, v);
	if (evidence_expects(e, "valid")) {
		compare_good_checks(e, v);
		compare_log(e, &rq);
	}
}

void
quotes_unsigned(struct entry *e)
{
	struct bytes in;

	if (evidence_check(
		e, "files", evidence_file(&in, e, "attest"), "a quote"))
		(void)evidence_check(e, e->expect,
		    compare_attest(e, in) && evidence_expects(e, "parse-only"),
		    "a quote's form, and no more");
}
