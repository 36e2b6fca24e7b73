/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes and certificates of TPMs. */
#include "harness/vectors/engines.h"

#include "core/evidence/attest.h"

static void
compare_attest(struct entry *e, const struct attest *a)
{
	(void)evidence_hex(e, "signer",
	    evidence_member(e, "fields/qualified_signer"), a->signer);
	(void)evidence_hex(
	    e, "nonce", evidence_member(e, "fields/extra_data"), a->nonce);
	(void)evidence_number(
	    e, "clock", evidence_member(e, "fields/clock"), a->clock);
	(void)evidence_number(e, "reset count",
	    evidence_member(e, "fields/reset_count"), a->reset_count);
	(void)evidence_number(e, "restart count",
	    evidence_member(e, "fields/restart_count"), a->restart_count);
	(void)evidence_number(
	    e, "safe", evidence_member(e, "fields/safe"), a->safe);
	(void)evidence_hex(e, "PCR digest",
	    evidence_member(e, "fields/pcr_digest"), a->pcr_digest);
}

static void
unsigned_run(struct entry *e)
{
	struct bytes in;
	struct attest a;
	struct fault f = { 0 };

	if (!evidence_check(
		e, "files", evidence_file(&in, e, "attest"), "a quote"))
		return;
	if (evidence_done(e, e->expect, attest_parse(&a, in, &f), &f))
		compare_attest(e, &a);
}

static const char *const words[] = { "parse-only", NULL };

/* clang-format off */
static const struct evidence_class classes[] = {
	{ "quote-unsigned", unsigned_run },
	{ NULL,             NULL },
};
/* clang-format on */

const struct evidence_engine tpm_engine = { "tpm", words, classes };
