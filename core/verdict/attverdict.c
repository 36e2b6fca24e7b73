/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/attverdict.h"

#include "core/base/buf.h"
#include "core/base/instant.h"
#include "core/verdict/attparts.h"
#include "core/verdict/explain.h"

#define TEXT_MAX 524288u

/* Whoever knows the credential can answer for any TPM, so that a stranger's
 * challenge says nothing. */
static void
explain_challenge(struct attparts *p, struct verdict *v)
{
	if (!p->has_claim &&
	    message_find(p->att->evidence, "activation") != NULL &&
	    v->results[CHECK_ACTIVATION].state == CHECK_NOT_CHECKED)
		verdict_skip(v, CHECK_ACTIVATION, "tpm.activation.stranger",
		    "verdict 13: the challenge was made by the bundle's maker; "
		    "only who made it can judge the answer");
}

/* Google's list is signed by nobody: one that comes with the evidence can
 * refuse it, and that is all. */
static void
explain_revocation(const struct attparts *p, struct verdict *v)
{
	if (p->makers_list &&
	    v->results[CHECK_ANDROID_REVOKED].state == CHECK_PASSED)
		verdict_skip(v, CHECK_ANDROID_REVOKED,
		    "android.revocation.stranger",
		    "verdict 13: the list came with the bundle, and nobody "
		    "signed it");
}

static void
add_verdict(struct attparts *p, const char *name, const struct verdict *v)
{
	const char *word = verdict_word(v);
	struct message *m = verdict_message(v);
	bool rejected = bytes_is(BYTES("rejected"), word);

	if (rejected && p->reason.n == 0)
		(void)message_find_bytes(&p->reason, m, "reason");
	if (rejected || bytes_is(BYTES("accepted"), p->word))
		p->word = word;
	message_set_message(p->verdicts, name, m);
}

/* What its parts ask of one measurement. */
static bool
request_of(struct verify_request *rq, const struct attparts *p,
    struct bytes purpose, struct fault *f)
{
	const struct message *m = p->att->evidence;
	bool fresh = bytes_is(purpose, "fresh");

	*rq = (struct verify_request){
		.purpose = purpose,
		.nonce = fresh ? p->nonce : (struct bytes){ 0 },
		.roots = p->reader->roots,
		.certificates = p->certificates,
		.ncertificates = p->ncertificates,
		.at = p->reader->at,
		.collateral = &p->collateral,
		.anchors = p->anchors,
		.parties = &p->parties,
		.want = p->has_want ? &p->want : NULL,
		.template = p->has_template ? &p->template : NULL,
		.activation = p->has_claim ? &p->claim : NULL,
		.without_activation = p->reader->without_activation,
	};
	const struct value *envelope = message_get(m, purpose);

	if (envelope == NULL || envelope->kind != VALUE_MESSAGE)
		return fail(f, FAULT_INPUT, "bundle.absent",
		    "verdict 13: the bundle has no %s measurement",
		    fresh ? "fresh" : "boot");
	rq->envelope = envelope->message;
	if (fresh)
		(void)message_find_message(&rq->earlier, m, "boot");
	return true;
}

static bool
judge_measurement(struct attparts *p, const char *purpose, struct fault *f)
{
	struct verify_request rq;
	struct verdict *v = arena_alloc(p->arena, sizeof(*v));

	if (v == NULL)
		return arena_check(p->arena, f);
	if (!request_of(&rq, p, bytes_text(purpose), f) ||
	    !verify_measurement(v, &rq, p->arena, f))
		return false;
	explain_challenge(p, v);
	explain_revocation(p, v);
	add_verdict(p, purpose, v);
	return true;
}

/* The boot measurement first: the fresh one is compared with it. */
static bool
judge_measurements(struct attparts *p, struct fault *f)
{
	static const char *const purposes[] = { "boot", "fresh" };

	for (size_t i = 0; i < 2; i++) {
		bool there =
		    message_find(p->att->evidence, purposes[i]) != NULL;
		bool asked = p->reader->purpose.n == 0
				 ? there
				 : bytes_is(p->reader->purpose, purposes[i]);

		if (asked && !judge_measurement(p, purposes[i], f))
			return false;
	}
	return true;
}

static bool
judge_engine(struct verdict *v, struct attparts *p, struct fault *f)
{
	switch (p->att->kind) {
	case ATT_TPM:
		return attbare_tpm(v, p, f);
	case ATT_SNP:
		return attbare_snp(v, p, f);
	case ATT_ANDROID:
		return attbare_android(v, p, f);
	case ATT_MEASUREMENT:
	case ATT_KINDS:
		break;
	}
	return fail(f, FAULT_INTERNAL, "bundle.shape",
	    "verdict 12: a measurement is not bare evidence");
}

static bool
judge_bare(struct attparts *p, struct fault *f)
{
	struct verdict *v = arena_alloc(p->arena, sizeof(*v));

	if (v == NULL)
		return arena_check(p->arena, f);
	if (!judge_engine(v, p, f))
		return false;
	if (p->has_template)
		verdict_match(v, &p->template, NULL);
	explain_challenge(p, v);
	explain_revocation(p, v);
	add_verdict(p, verdict_engine(v->engine), v);
	return true;
}

static struct message *
answer(const struct attparts *p)
{
	struct message *m = message_new(p->arena);

	message_set_text(m, "type", "permawebos-bundle-verdict");
	message_set_text(m, "version", "1.0");
	message_set_text(m, "verdict", p->word);
	if (p->reason.n != 0)
		message_set_bytes(m, "reason", p->reason);
	message_set_integer(m, "made-at-unix", p->att->made_at);
	message_set_message(m, "policy", p->asked);
	message_set_message(m, "verdicts", p->verdicts);
	return m;
}

static struct attparts *
parts_of(
    const struct att *att, const struct att_reader *reader, struct arena *a)
{
	struct attparts *p = arena_alloc(a, sizeof(*p));

	if (p == NULL)
		return NULL;
	*p = (struct attparts){ .att = att,
		.reader = reader,
		.arena = a,
		.asked = message_new(a),
		.verdicts = message_new(a),
		.word = "accepted" };
	return p;
}

bool
attverdict_make(struct message **out, const struct att *att,
    const struct att_reader *reader, struct arena *a, struct fault *f)
{
	struct attparts *p = parts_of(att, reader, a);

	if (p == NULL)
		return arena_check(a, f);
	if (!attask_read(p, f) ||
	    !(att->kind == ATT_MEASUREMENT ? judge_measurements(p, f)
					   : judge_bare(p, f)))
		return false;
	*out = answer(p);
	return arena_check(a, f);
}

bool
attverdict_measurement(struct verdict *v, struct verify_request *rq,
    const struct att *att, const struct att_reader *reader, struct fault *f)
{
	struct arena *a = att->evidence->arena;
	struct attparts *p = parts_of(att, reader, a);

	if (p == NULL)
		return arena_check(a, f);
	return attask_read(p, f) && request_of(rq, p, reader->purpose, f) &&
	       verify_measurement(v, rq, a, f);
}

static bool
is_bundle_verdict(const struct message *m)
{
	struct bytes type;

	return message_find_bytes(&type, m, "type") &&
	       bytes_is(type, "permawebos-bundle-verdict");
}

struct bytes
attverdict_word(const struct message *verdict)
{
	static const char *const words[] = { "accepted", "rejected",
		"incomplete" };
	struct bytes word;

	if (message_find_bytes(&word, verdict, "verdict")) {
		for (size_t i = 0; i < 3; i++) {
			if (bytes_is(word, words[i]))
				return word;
		}
	}
	return (struct bytes){ 0 };
}

static void
put_time(struct buf *b, const char *what, const struct message *m,
    const char *path, struct arena *a)
{
	int64_t at;

	if (!message_find_integer(&at, m, path))
		return;
	struct bytes text = instant_text(at, a);

	buf_print(b, "%s%.*s\n", what, (int)text.n, (const char *)text.p);
}

/* By whose wish, for what the verdict would otherwise not have asked. */
static void
put_sources(struct buf *b, const struct message *m)
{
	const struct message *from;

	if (!message_find_message(&from, m, "policy/from"))
		return;
	for (size_t i = 0; i < from->count; i++) {
		const struct pair *pair = &from->pairs[i];

		if (pair->value.kind != VALUE_BYTES)
			continue;
		struct bytes key = verdict_shown(pair->key);
		struct bytes by = verdict_shown(pair->value.bytes);

		buf_print(b, "  %.*s: as the %.*s asks\n", (int)key.n,
		    (const char *)key.p, (int)by.n, (const char *)by.p);
	}
}

static bool
explain_one(struct bytes *out, const struct message *verdict, bool in_full,
    struct arena *a, struct fault *f)
{
	return in_full ? explain_verdict(out, verdict, a, f)
		       : verdict_explain(out, verdict, a, f);
}

static bool
put_verdict(struct buf *b, const struct pair *pair, bool in_full,
    struct arena *a, struct fault *f)
{
	struct bytes text, name = verdict_shown(pair->key);

	if (pair->value.kind != VALUE_MESSAGE)
		return fail(f, FAULT_INPUT, "verdict.shape",
		    "verdict 14: what stands in verdicts is no verdict");
	if (!explain_one(&text, pair->value.message, in_full, a, f))
		return false;
	buf_print(b, "%.*s: ", (int)name.n, (const char *)name.p);
	buf_put(b, text);
	return true;
}

bool
attverdict_explain(struct bytes *out, const struct message *verdict,
    bool in_full, struct arena *a, struct fault *f)
{
	const struct message *all;
	struct bytes word = attverdict_word(verdict);
	struct buf b = buf_in(a, TEXT_MAX);

	if (!is_bundle_verdict(verdict))
		return explain_one(out, verdict, in_full, a, f);
	if (word.n == 0 || !message_find_message(&all, verdict, "verdicts"))
		return fail(f, FAULT_INPUT, "verdict.shape",
		    "verdict 14: not a bundle's verdict");
	buf_print(&b, "%.*s\n", (int)word.n, (const char *)word.p);
	put_time(&b, "  judged at ", verdict, "policy/at-unix", a);
	put_time(
	    &b, "  made, as its maker says, at ", verdict, "made-at-unix", a);
	put_sources(&b, verdict);
	for (size_t i = 0; i < all->count; i++) {
		if (!put_verdict(&b, &all->pairs[i], in_full, a, f))
			return false;
	}
	*out = buf_bytes(&b);
	return buf_check(&b, f);
}
