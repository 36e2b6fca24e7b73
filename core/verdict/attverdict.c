/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/attverdict.h"

#include "core/base/base64.h"
#include "core/base/buf.h"
#include "core/base/hex.h"
#include "core/base/instant.h"
#include "core/crypto/x509.h"
#include "core/evidence/binding.h"
#include "core/verdict/manifest.h"

/* What one bundle is judged by, after reader and bundle were asked. */
struct judge {
	const struct att *att;
	const struct att_reader *reader;
	struct arena *arena;
	struct bytes nonce;
	struct expectations want;
	bool has_want;
	struct parties parties;
	struct activation_claim claim;
	bool has_claim;
	struct bytes certificates[X509_CHAIN_MAX];
	size_t ncertificates;
	struct message *policy, *verdicts; /* of the answer */
	const char *word;
	struct bytes reason;
};

/* Says in the verdict who asked for it. */
static void
set_source(struct judge *j, const char *what, const char *source)
{
	const struct value *there = message_get(j->policy, BYTES("from"));
	struct message *from =
	    there == NULL ? message_new(j->arena) : there->message;

	message_set_text(from, what, source);
	if (there == NULL)
		message_set_message(j->policy, "from", from);
}

static bool
take_nonce(struct judge *j, struct fault *f)
{
	j->nonce = j->reader->nonce;
	if (j->nonce.n == 0 && j->att->policy != NULL &&
	    message_find(j->att->policy, "nonce") != NULL) {
		if (!message_find_base64(
			&j->nonce, j->att->policy, "nonce", j->arena, f))
			return false;
		if (j->nonce.n < BINDING_NONCE_MIN ||
		    j->nonce.n > BINDING_NONCE_MAX)
			return fail(f, FAULT_INPUT, "bundle.nonce",
			    "verdict 12: a nonce is 16 to 64 bytes");
	}
	if (j->nonce.n != 0) {
		message_set_base64(j->policy, "nonce", j->nonce);
		set_source(
		    j, "nonce", j->reader->nonce.n != 0 ? "reader" : "bundle");
	}
	return true;
}

/* A release key demands that the bundle's manifest is a release's. */
static bool
check_release(struct judge *j, struct bytes manifest, struct fault *f)
{
	struct bytes signature;

	if (j->reader->release_key.n == 0)
		return true;
	if (message_find(j->att->policy, "manifest-signature") == NULL)
		return fail(f, FAULT_VERIFY, "manifest.signature",
		    "verdict 13: the bundle's manifest carries no signature");
	return message_find_base64(&signature, j->att->policy,
		   "manifest-signature", j->arena, f) &&
	       manifest_check(
		   manifest, signature, j->reader->release_key, j->arena, f);
}

static void
show_want(struct judge *j, const char *source)
{
	struct message *m = message_new(j->arena);

	message_set_bytes(m, "pcr4", hex_encode(j->arena, j->want.pcr4));
	message_set_bytes(m, "pcr11", hex_encode(j->arena, j->want.pcr11));
	if (j->want.confinement.n != 0)
		message_set_bytes(m, "confinement",
		    hex_encode(j->arena, j->want.confinement));
	message_set_message(j->policy, "manifest", m);
	set_source(j, "manifest", source);
}

static bool
take_manifest(struct judge *j, struct fault *f)
{
	struct bytes manifest = j->reader->manifest;
	bool own = manifest.n != 0;

	if (!own && (j->att->policy == NULL || !message_find_bytes(&manifest,
						   j->att->policy, "manifest")))
		return j->reader->release_key.n == 0 ||
		       fail(f, FAULT_INPUT, "bundle.absent",
			   "verdict 13: there is no manifest that the release "
			   "key could have signed");
	if (!own && !check_release(j, manifest, f))
		return false;
	j->has_want = true;
	if (!manifest_read(&j->want, manifest, j->arena, f))
		return false;
	show_want(j, own ? "reader" : "bundle");
	return true;
}

/* What both name is as the reader says. */
static void
take_parties(struct judge *j)
{
	static const char *const keys[] = { "node", "channel-key", "self",
		"machines", "used-nonces" };
	const struct message *said[] = { j->att->policy, j->reader->policy };

	for (size_t i = 0; i < 2; i++) {
		if (said[i] == NULL)
			continue;
		parties_read(&j->parties, said[i]);
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			if (message_find(said[i], keys[k]) != NULL)
				set_source(
				    j, keys[k], i == 0 ? "bundle" : "reader");
		}
	}
}

static bool
take_certificates(struct judge *j, struct fault *f)
{
	const struct message *list;
	size_t count = 0;

	if (j->att->collateral != NULL &&
	    message_find_list(&list, j->att->collateral, "certificates"))
		count = list->count;
	for (size_t i = 0; i < count; i++) {
		const struct value *item = message_item(list, i + 1);

		if (!base64_decode(&j->certificates[j->ncertificates++],
			BASE64_URL, item->bytes, j->arena, f))
			return false;
	}
	for (size_t i = 0;
	    i < j->reader->ncertificates && j->ncertificates < X509_CHAIN_MAX;
	    i++)
		j->certificates[j->ncertificates++] =
		    j->reader->certificates[i];
	return true;
}

static bool
take_claim(struct judge *j, struct fault *f)
{
	const struct message *m = j->att->evidence;
	struct activation_claim *claim = &j->claim;

	if (j->reader->credential.n == 0)
		return true;
	if (message_find(m, "activation") == NULL)
		return fail(f, FAULT_INPUT, "bundle.absent",
		    "verdict 13: the bundle has no answer to a challenge");
	claim->credential = j->reader->credential;
	claim->ek_name = j->reader->ek_name;
	j->has_claim = true;
	set_source(j, "challenge", "reader");
	return message_find_base64(&claim->blob, m,
		   "activation/credential-blob", j->arena, f) &&
	       message_find_base64(
		   &claim->secret, m, "activation/secret", j->arena, f) &&
	       message_find_message(&claim->answer, m, "activation/answer");
}

/* Whoever knows the credential can answer for any TPM, so that a stranger's
 * challenge says nothing. */
static void
explain_challenge(struct judge *j, struct verdict *v)
{
	if (!j->has_claim &&
	    message_find(j->att->evidence, "activation") != NULL &&
	    v->results[CHECK_ACTIVATION].state == CHECK_NOT_CHECKED)
		verdict_skip(v, CHECK_ACTIVATION, "tpm.activation.stranger",
		    "verdict 13: the challenge was made by the bundle's maker; "
		    "only who made it can judge the answer");
}

static void
add_verdict(struct judge *j, const char *name, const struct verdict *v)
{
	const char *word = verdict_word(v);
	struct message *m = verdict_message(v);
	bool rejected = bytes_is(BYTES("rejected"), word);

	if (rejected && j->reason.n == 0)
		(void)message_find_bytes(&j->reason, m, "reason");
	if (rejected || bytes_is(BYTES("accepted"), j->word))
		j->word = word;
	message_set_message(j->verdicts, name, m);
}

static bool
judge_measurement(struct judge *j, const char *purpose, struct fault *f)
{
	const struct message *m = j->att->evidence;
	struct verify_request rq = {
		.purpose = bytes_text(purpose),
		.nonce = bytes_is(bytes_text(purpose), "fresh")
			     ? j->nonce
			     : (struct bytes){ 0 },
		.roots = j->reader->roots,
		.certificates = j->certificates,
		.ncertificates = j->ncertificates,
		.at = j->reader->at,
		.parties = &j->parties,
		.want = j->has_want ? &j->want : NULL,
		.activation = j->has_claim ? &j->claim : NULL,
		.without_activation = j->reader->without_activation,
	};
	struct verdict *v = arena_alloc(j->arena, sizeof(*v));

	if (v == NULL)
		return arena_check(j->arena, f);
	if (!message_find_message(&rq.envelope, m, purpose))
		return fail(f, FAULT_INPUT, "bundle.absent",
		    "verdict 13: the bundle has no %s measurement", purpose);
	if (bytes_is(rq.purpose, "fresh"))
		(void)message_find_message(&rq.earlier, m, "boot");
	if (!verify_measurement(v, &rq, j->arena, f))
		return false;
	explain_challenge(j, v);
	add_verdict(j, purpose, v);
	return true;
}

/* The boot measurement first: the fresh one is compared with it. */
static bool
judge_measurements(struct judge *j, struct fault *f)
{
	static const char *const purposes[] = { "boot", "fresh" };

	if (!take_claim(j, f))
		return false;
	for (size_t i = 0; i < 2; i++) {
		bool there =
		    message_find(j->att->evidence, purposes[i]) != NULL;
		bool asked = j->reader->purpose.n == 0
				 ? there
				 : bytes_is(j->reader->purpose, purposes[i]);

		if (asked && !judge_measurement(j, purposes[i], f))
			return false;
	}
	return true;
}

static struct message *
answer(struct judge *j)
{
	struct message *m = message_new(j->arena);

	message_set_text(m, "type", "permawebos-bundle-verdict");
	message_set_text(m, "version", "1.0");
	message_set_text(m, "verdict", j->word);
	if (j->reason.n != 0)
		message_set_bytes(m, "reason", j->reason);
	message_set_integer(m, "made-at-unix", j->att->made_at);
	message_set_message(m, "policy", j->policy);
	message_set_message(m, "verdicts", j->verdicts);
	return m;
}

bool
attverdict_make(struct message **out, const struct att *att,
    const struct att_reader *reader, struct arena *a, struct fault *f)
{
	struct judge *j = arena_alloc(a, sizeof(*j));

	if (j == NULL)
		return arena_check(a, f);
	*j = (struct judge){ .att = att,
		.reader = reader,
		.arena = a,
		.policy = message_new(a),
		.verdicts = message_new(a),
		.word = "accepted" };
	message_set_integer(j->policy, "at-unix", reader->at);
	take_parties(j);
	if (!take_nonce(j, f) || !take_manifest(j, f) ||
	    !take_certificates(j, f) || !judge_measurements(j, f))
		return false;
	*out = answer(j);
	return arena_check(a, f);
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
put_verdict(
    struct buf *b, const struct pair *pair, struct arena *a, struct fault *f)
{
	struct bytes text, name = verdict_shown(pair->key);

	if (pair->value.kind != VALUE_MESSAGE)
		return fail(f, FAULT_INPUT, "verdict.shape",
		    "verdict 14: what stands in verdicts is no verdict");
	if (!verdict_explain(&text, pair->value.message, a, f))
		return false;
	buf_print(b, "%.*s: ", (int)name.n, (const char *)name.p);
	buf_put(b, text);
	return true;
}

bool
attverdict_explain(struct bytes *out, const struct message *verdict,
    struct arena *a, struct fault *f)
{
	const struct message *all;
	struct bytes word = attverdict_word(verdict);
	struct buf b = buf_in(a, 131072);

	if (!is_bundle_verdict(verdict))
		return verdict_explain(out, verdict, a, f);
	if (word.n == 0 || !message_find_message(&all, verdict, "verdicts"))
		return fail(f, FAULT_INPUT, "verdict.shape",
		    "verdict 14: not a bundle's verdict");
	buf_print(&b, "%.*s\n", (int)word.n, (const char *)word.p);
	put_time(&b, "  judged at ", verdict, "policy/at-unix", a);
	put_time(
	    &b, "  made, as its maker says, at ", verdict, "made-at-unix", a);
	put_sources(&b, verdict);
	for (size_t i = 0; i < all->count; i++) {
		if (!put_verdict(&b, &all->pairs[i], a, f))
			return false;
	}
	*out = buf_bytes(&b);
	return buf_check(&b, f);
}
