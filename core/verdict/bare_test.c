/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/bare_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define BLOCK (8u << 20)

static uint8_t made_block[BLOCK], judged_block[BLOCK];
static struct arena judged;
struct arena bare_arena;
struct bare bare;

static void
take_evidence(void)
{
	const struct measured *m = &bare.m;

	bare.banks[0].alg = HASH_SHA256;
	for (size_t i = 0; i < PCR_COUNT; i++) {
		if ((PCR_QUOTED >> i & 1) != 0)
			bare.banks[0].values[i] = BYTES_OF(&m->pcrs[i]);
	}
	bare.rq = (struct tpm_request){
		.attest = m->attest,
		.signature = m->signature,
		.ak = m->ak,
		.banks = bare.banks,
		.nbanks = 1,
		.nonce = m->quote.nonce,
		.log = bytes_of(m->log, m->nlog),
		.ek = m->ek,
		.ek_certificate = m->certificate,
		.chain = bare.chain,
		.crls = bare.crls,
		.roots = m->roots,
		.at = MEASURED_AT,
		.activation = &m->claim,
		.policy = &bare.policy,
	};
}

void
bare_make(const struct measured_change *change)
{
	struct measured_plan plan = { .ek = MEASURED_EK_RSA,
		.purpose = "boot",
		.changes = change,
		.nchanges = change->make == NULL ? 0 : 1 };

	arena_init(&bare_arena, made_block, sizeof(made_block));
	memset(&bare, 0, sizeof(bare));
	measured_make(&bare.m, &plan, &bare_arena);
	take_evidence();
}

const struct verdict *
bare_judge(void)
{
	static struct verdict v;
	struct fault f = { 0 };

	arena_init(&judged, judged_block, sizeof(judged_block));
	if (!tpm_verify(&v, &bare.rq, &judged, &f))
		fail_msg("%s: %s", f.reason, f.why);
	return &v;
}
