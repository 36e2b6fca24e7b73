/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader of an evidence bundle learns, by his own policy and its. */
#ifndef CORE_VERDICT_ATTVERDICT_H
#define CORE_VERDICT_ATTVERDICT_H

#include "core/verdict/att.h"
#include "core/verdict/verify.h"

/* What the reader of a bundle says. Whatever is given here wins over the
 * bundle's own policy; roots and time come from nowhere else. */
struct att_reader {
	struct bytes roots; /* PEM; may be empty */
	/* They are all that is trusted: no engine's own roots are. */
	bool own_roots;
	int64_t at;           /* Unix seconds */
	struct bytes purpose; /* "boot" or "fresh"; empty: each that is there */
	struct bytes nonce;   /* raw; empty: the bundle's */
	struct bytes
	    manifest; /* a release manifest's text; empty: the bundle's */
	struct bytes
	    release_key; /* PEM; the bundle's manifest must be signed */
	/* A challenge that the reader made, or empty (verdict 13). */
	struct bytes credential, ek_name;
	bool without_activation, without_revocation;
	const struct message *policy; /* rule 13; or NULL */
	/* DER, beside the bundle's; trusted in nothing. */
	const struct bytes *certificates;
	size_t ncertificates;
	/* CRLs beside the bundle's; a revocation list in place of its. */
	struct collateral collateral;
};

/*
 * The verdict of a bundle as a message (verdict 14). Fails when policy or
 * reader ask for what cannot be judged ("bundle.absent", "bundle.nonce",
 * "bundle.release", manifest.*), or memory ran out: bad evidence is a verdict.
 */
MUST_CHECK bool attverdict_make(struct message **out, const struct att *att,
    const struct att_reader *reader, struct arena *a, struct fault *f);

/*
 * The verdict of the measurement that the reader's purpose names, by itself;
 * *rq is what it was judged by. Fails as attverdict_make does.
 */
MUST_CHECK bool attverdict_measurement(struct verdict *v,
    struct verify_request *rq, const struct att *att,
    const struct att_reader *reader, struct fault *f);

/* "accepted", "rejected" or "incomplete" of a verdict or a bundle's verdict;
 * empty for any other message. */
struct bytes attverdict_word(const struct message *verdict);

/* The sentences of either, for people; in full with what each check compared,
 * its rule and what to do. */
MUST_CHECK bool attverdict_explain(struct bytes *out,
    const struct message *verdict, bool in_full, struct arena *a,
    struct fault *f);

#endif
