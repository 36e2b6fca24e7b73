/* SPDX-License-Identifier: Apache-2.0 */
/* Verdict tokens: what the verifier says to the keyring, past everybody who
 * carries it (spec/verdict.md, rules 10 and 11). */
#ifndef CORE_VERDICT_TOKEN_H
#define CORE_VERDICT_TOKEN_H

#include "core/verdict/verify.h"

#define TOKEN_KEY_SIZE     32u
#define TOKEN_SIZE         209u
#define TOKEN_LIFETIME     300 /* seconds */
#define TOKEN_EVIDENCE_MAX 2u

/* What was accepted. */
struct token_claim {
	struct message_id recipient; /* of the measurement's secret-recipient */
	struct message_id template;
	/* The measurement's, and the earlier one's or zeros. */
	struct message_id evidence[TOKEN_EVIDENCE_MAX];
	struct sha256 terms; /* what the asker chose to trust or to give up */
	int64_t expires;     /* Unix seconds */
};

#define TOKEN_TERMS_MAX 8u

/* Of everything that the asker says and that could make a verdict milder:
 * roots, revocation lists, what it gives up. At most TOKEN_TERMS_MAX. */
struct sha256 token_terms(const struct bytes *said, size_t n);

/* The one form of a claim, and its MAC. */
void token_make(uint8_t out[static TOKEN_SIZE],
    const uint8_t key[static TOKEN_KEY_SIZE], const struct token_claim *claim);

/*
 * Reads a token that the key made and that is valid now. What it claims is for
 * the caller to compare. Fails with token.form, token.mac, token.time.
 */
MUST_CHECK bool token_read(struct token_claim *out, struct bytes token,
    const uint8_t key[static TOKEN_KEY_SIZE], int64_t now, struct fault *f);

/* Compares all but the time. Fails with token.recipient, token.template,
 * token.evidence, token.terms. */
MUST_CHECK bool token_check(const struct token_claim *is,
    const struct token_claim *want, struct fault *f);

/*
 * What a verdict claims, without its terms: *given is false unless it is
 * "accepted" and a template was asked for. It expires TOKEN_LIFETIME after the
 * time that it was judged for.
 */
MUST_CHECK bool token_claim_of(struct token_claim *out, bool *given,
    const struct verdict *v, const struct verify_request *rq, struct fault *f);

#endif
