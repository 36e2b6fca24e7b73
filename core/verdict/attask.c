/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of a bundle: by its maker, and by its reader, who wins. */
#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/evidence/binding.h"
#include "core/verdict/anchors.h"
#include "core/verdict/attparts.h"
#include "core/verdict/manifest.h"

#define NONCE_MAX 128u /* of bare evidence: an Android challenge */

/* Says in the verdict who asked for it. */
static void
set_source(struct attparts *p, const char *what, const char *source)
{
	const struct value *there = message_get(p->asked, BYTES("from"));
	struct message *from =
	    there == NULL ? message_new(p->arena) : there->message;

	message_set_text(from, what, source);
	if (there == NULL)
		message_set_message(p->asked, "from", from);
}

static bool
take_nonce(struct attparts *p, struct fault *f)
{
	p->nonce = p->reader->nonce;
	if (p->nonce.n == 0 && p->att->policy != NULL &&
	    message_find(p->att->policy, "nonce") != NULL) {
		if (!message_find_base64(
			&p->nonce, p->att->policy, "nonce", p->arena, f))
			return false;
		if (p->nonce.n == 0 || p->nonce.n > NONCE_MAX ||
		    (p->att->kind == ATT_MEASUREMENT &&
			(p->nonce.n < BINDING_NONCE_MIN ||
			    p->nonce.n > BINDING_NONCE_MAX)))
			return fail(f, FAULT_INPUT, "bundle.nonce",
			    "verdict 12: a nonce of %zu bytes", p->nonce.n);
	}
	if (p->nonce.n != 0) {
		message_set_base64(p->asked, "nonce", p->nonce);
		set_source(
		    p, "nonce", p->reader->nonce.n != 0 ? "reader" : "bundle");
	}
	return true;
}

/* A release key demands that the bundle's manifest is a release's. */
static bool
check_release(struct attparts *p, struct bytes manifest, struct fault *f)
{
	struct bytes signature;

	if (p->reader->release_key.n == 0)
		return true;
	if (message_find(p->att->policy, "manifest-signature") == NULL)
		return fail(f, FAULT_VERIFY, "manifest.signature",
		    "verdict 13: the bundle's manifest carries no signature");
	return message_find_base64(&signature, p->att->policy,
		   "manifest-signature", p->arena, f) &&
	       manifest_check(
		   manifest, signature, p->reader->release_key, p->arena, f);
}

static void
show_want(struct attparts *p, const char *source)
{
	struct message *m = message_new(p->arena);

	message_set_bytes(m, "pcr4", hex_encode(p->arena, p->want.pcr4));
	message_set_bytes(m, "pcr11", hex_encode(p->arena, p->want.pcr11));
	if (p->want.confinement.n != 0)
		message_set_bytes(m, "confinement",
		    hex_encode(p->arena, p->want.confinement));
	message_set_message(p->asked, "manifest", m);
	set_source(p, "manifest", source);
}

static bool
take_manifest(struct attparts *p, struct fault *f)
{
	struct bytes manifest = p->reader->manifest;
	bool own = manifest.n != 0;

	if (!own && (p->att->policy == NULL || !message_find_bytes(&manifest,
						   p->att->policy, "manifest")))
		return p->reader->release_key.n == 0 ||
		       fail(f, FAULT_INPUT, "bundle.absent",
			   "verdict 13: there is no manifest that the release "
			   "key could have signed");
	if (!own && !check_release(p, manifest, f))
		return false;
	p->has_want = true;
	if (!manifest_read(&p->want, manifest, p->arena, f))
		return false;
	show_want(p, own ? "reader" : "bundle");
	return true;
}

/* What of a policy is shown as it stands. */
static bool
is_shown(struct bytes key)
{
	return !bytes_is(key, "nonce") && !bytes_is(key, "manifest") &&
	       !bytes_is(key, "manifest-signature");
}

/* Keys of a level that both have are as the one says who comes last. */
static void
show_pair(struct attparts *p, const struct pair *pair)
{
	const struct value *there = message_get(p->asked, pair->key);
	struct value v = pair->value;

	if (v.kind == VALUE_MESSAGE) {
		struct message *level =
		    there != NULL ? there->message : message_new(p->arena);

		for (size_t i = 0; i < v.message->count; i++)
			message_put(level, v.message->pairs[i].key,
			    v.message->pairs[i].value);
		v.message = level;
	}
	message_put(p->asked, pair->key, v);
}

#define OF(kind) (1u << ATT_##kind)
#define ANY      ((1u << ATT_KINDS) - 1)

/* Which evidence a policy's keys are about. */
static bool
applies(const struct attparts *p, struct bytes key, struct fault *f)
{
	/* clang-format off */
	static const struct {
		const char *key;
		unsigned kinds;
	} keys[] = {
		{ "nonce",     OF(MEASUREMENT) | OF(TPM) | OF(ANDROID) },
		{ "template",  ANY         },
		{ "tpm",       OF(TPM)     },
		{ "snp",       OF(SNP)     },
		{ "android",   OF(ANDROID) },
	};
	/* clang-format on */
	unsigned kinds = OF(MEASUREMENT);
	struct bytes shown = verdict_shown(key);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (bytes_is(key, keys[i].key))
			kinds = keys[i].kinds;
	}
	return (kinds & (1u << p->att->kind)) != 0 ||
	       fail(f, FAULT_INPUT, "bundle.policy",
		   "verdict 13: policy/%.*s asks nothing of such evidence",
		   (int)shown.n, (const char *)shown.p);
}

/* The reader's in place of the bundle's. */
static bool
take_template(struct attparts *p, const struct message *said, struct fault *f)
{
	const struct message *given;

	if (!message_find_message(&given, said, "template"))
		return true;
	p->has_template = true;
	return template_read(&p->template, given, p->arena, f);
}

/* What both name is as the reader says. */
static bool
take_policy(struct attparts *p, const struct message *said, bool reader,
    struct fault *f)
{
	if (said == NULL)
		return true;
	parties_read(&p->parties, said);
	for (size_t i = 0; i < said->count; i++) {
		const struct pair *pair = &said->pairs[i];
		struct bytes key = arena_print(
		    p->arena, "%.*s", (int)pair->key.n, pair->key.p);

		if (!applies(p, pair->key, f))
			return false;
		if (!is_shown(key))
			continue;
		show_pair(p, pair);
		set_source(
		    p, (const char *)key.p, reader ? "reader" : "bundle");
	}
	return take_template(p, said, f) &&
	       attpolicy_read(&p->policy, said, reader, p->arena, f);
}

static bool
take_list(struct bytes *out, size_t *n, const struct attparts *p,
    const char *key, struct fault *f)
{
	const struct message *list;

	if (p->att->collateral == NULL ||
	    !message_find_list(&list, p->att->collateral, key))
		return true;
	for (; *n < list->count; (*n)++) {
		const struct value *item = message_item(list, *n + 1);

		if (!base64_decode(
			&out[*n], BASE64_URL, item->bytes, p->arena, f))
			return false;
	}
	return true;
}

/* A list of the reader's own in place of the bundle's. */
static void
take_revocation(struct attparts *p)
{
	struct collateral *c = &p->collateral;

	*c = p->reader->collateral;
	c->crls = p->crls;
	c->ncrls = p->ncrls;
	c->without_revocation |=
	    p->reader->without_revocation || p->policy.without_revocation;
	if (c->revocation.n != 0 || p->att->collateral == NULL)
		return;
	p->makers_list = message_find_bytes(
	    &c->revocation, p->att->collateral, "revocation-list");
	(void)message_find_integer(&c->revocation_at, p->att->collateral,
	    "revocation-fetched-at-unix");
}

static bool
take_collateral(struct attparts *p, struct fault *f)
{
	if (!take_list(
		p->certificates, &p->ncertificates, p, "certificates", f) ||
	    !take_list(p->crls, &p->ncrls, p, "crls", f))
		return false;
	for (size_t i = 0;
	    i < p->reader->collateral.ncrls && p->ncrls < X509_CHAIN_MAX; i++)
		p->crls[p->ncrls++] = p->reader->collateral.crls[i];
	take_revocation(p);
	for (size_t i = 0;
	    i < p->reader->ncertificates && p->ncertificates < X509_CHAIN_MAX;
	    i++)
		p->certificates[p->ncertificates++] =
		    p->reader->certificates[i];
	return true;
}

static bool
take_anchors(struct attparts *p, struct fault *f)
{
	if (!p->reader->own_roots)
		return true;
	p->anchors = &p->own;
	return anchors_read(&p->own, p->reader->roots, p->arena, f);
}

static bool
take_claim(struct attparts *p, struct fault *f)
{
	const struct message *m = p->att->evidence;
	struct activation_claim *claim = &p->claim;

	if (p->reader->credential.n == 0)
		return true;
	if (message_find(m, "activation") == NULL)
		return fail(f, FAULT_INPUT, "bundle.absent",
		    "verdict 13: the bundle has no answer to a challenge");
	claim->credential = p->reader->credential;
	claim->ek_name = p->reader->ek_name;
	p->has_claim = true;
	set_source(p, "challenge", "reader");
	return message_find_base64(&claim->blob, m,
		   "activation/credential-blob", p->arena, f) &&
	       message_find_base64(
		   &claim->secret, m, "activation/secret", p->arena, f) &&
	       message_find_message(&claim->answer, m, "activation/answer");
}

bool
attask_read(struct attparts *p, struct fault *f)
{
	message_set_integer(p->asked, "at-unix", p->reader->at);
	if ((p->reader->nonce.n != 0 && !applies(p, BYTES("nonce"), f)) ||
	    (p->reader->manifest.n != 0 && !applies(p, BYTES("manifest"), f)))
		return false;
	return take_policy(p, p->att->policy, false, f) &&
	       take_policy(p, p->reader->policy, true, f) && take_nonce(p, f) &&
	       take_manifest(p, f) && take_collateral(p, f) &&
	       take_anchors(p, f) && take_claim(p, f);
}
