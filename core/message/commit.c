/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/commit.h"

#include "core/crypto/rsa.h"
#include "core/message/ans104.h"
#include "core/message/base.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/link.h"
#include "core/message/structured.h"

/* One RSA verification takes 0.1 ms: a message may ask for so many. */
#define SIGNATURES_MAX 32u

static struct commitment
rsa_commitment(struct bytes modulus, struct arena *a)
{
	return (struct commitment){
		.device = BYTES(COMMITMENT_DEVICE),
		.type = BYTES(COMMITMENT_RSA),
		.keyid = commitments_keyid(modulus, BASE64_PADDED, a),
	};
}

bool
commit_base(struct bytes *out, const struct message *m, struct bytes modulus,
    struct arena *a, struct fault *f)
{
	struct commitment c = rsa_commitment(modulus, a);
	struct message *tabm;
	struct form form;

	if (!structured_encode(&tabm, m, a, f))
		return false;
	if (tabm->count > MESSAGE_KEYS_MAX)
		return fail(f, FAULT_LIMIT, "message.keys",
		    "message 11: %zu keys to sign, at most %u", tabm->count,
		    MESSAGE_KEYS_MAX);
	return link_form(&form, tabm, a, f) && base_text(out, &form, &c, a, f);
}

/* Of several signers, the first has brought the MAC of the same keys. */
static bool
has_commitment(const struct message *m, const struct message_id *id)
{
	for (size_t i = 0; i < m->ncommitments; i++) {
		if (bytes_equal(BYTES_OF(&m->commitments[i].id), BYTES_OF(id)))
			return true;
	}
	return false;
}

bool
commit_attach(struct message *m, struct bytes modulus, struct bytes signature,
    struct fault *f)
{
	struct arena *a = m->arena;
	struct commitment c = rsa_commitment(modulus, a), unsigned_one;
	struct message_id address = message_address(modulus);
	struct message *tabm;

	if (modulus.n != RSA_WALLET_BYTES || signature.n != RSA_WALLET_BYTES)
		return fail(f, FAULT_INPUT, "commitment.key",
		    "message 12: not a 4096-bit key and signature");
	if (!structured_encode(&tabm, m, a, f) ||
	    !link_unsigned(&unsigned_one, tabm, a, f))
		return false;
	c.id = commitments_id(signature);
	c.committer = message_id_text(&address, a);
	c.signature = arena_copy(a, signature);
	c.committed = unsigned_one.committed;
	c.ncommitted = unsigned_one.ncommitted;
	return arena_check(a, f) && commitments_add(m, &c, f) &&
	       (has_commitment(m, &unsigned_one.id) ||
		   commitments_add(m, &unsigned_one, f));
}

/* What the verification of one message shares. */
struct verification {
	struct arena *arena;
	struct fault *fault;
	size_t signatures;
};

/* Most often the keys are committed as they stand, and so once each. */
static bool
is_in_order(const struct commitment *c, const struct message *tabm)
{
	bool is_link;
	size_t i = 0;

	while (i < c->ncommitted && i < tabm->count &&
	       bytes_equal(c->committed[i],
		   structured_bare_key(tabm->pairs[i].key, &is_link)))
		i++;
	return i == c->ncommitted && i == tabm->count;
}

/* Every key is committed, and every committed key is there. */
static bool
covers(const struct commitment *c, const struct message *tabm,
    struct verification *v)
{
	struct message *set = message_new(v->arena);

	if (is_in_order(c, tabm))
		return true;
	for (size_t i = 0; i < c->ncommitted; i++) {
		if (message_get(set, c->committed[i]) != NULL)
			return fail(v->fault, FAULT_INPUT, "commitment.form",
			    "message 12: a key is committed twice");
		message_put(set, c->committed[i], (struct value){ 0 });
	}
	for (size_t i = 0; i < tabm->count; i++) {
		bool is_link;
		struct bytes key =
		    structured_bare_key(tabm->pairs[i].key, &is_link);

		if (message_get(set, key) == NULL)
			return fail(v->fault, FAULT_VERIFY,
			    "commitment.uncommitted",
			    "message 12: a key of %zu bytes is not committed",
			    key.n);
	}
	if (set->count != tabm->count)
		return fail(v->fault, FAULT_VERIFY, "commitment.missing",
		    "message 12: a committed key is not there");
	return arena_check(v->arena, v->fault);
}

/* Who claims to have signed; counts what is verified. */
static bool
signer_check(
    struct bytes *modulus, const struct commitment *c, struct verification *v)
{
	if (!commitments_modulus(modulus, c->keyid, v->arena, v->fault))
		return false;
	struct message_id address = message_address(*modulus);

	if (!bytes_equal(c->committer, message_id_text(&address, v->arena)))
		return fail(v->fault, FAULT_VERIFY, "commitment.committer",
		    "message 12: the committer is not the key's address");
	if (++v->signatures > SIGNATURES_MAX)
		return fail(v->fault, FAULT_LIMIT, "commitment.count",
		    "message 12: more than %u signatures", SIGNATURES_MAX);
	return true;
}

static bool
rsa_check(const struct commitment *c, struct bytes base, struct verification *v)
{
	struct bytes modulus;

	if (!signer_check(&modulus, c, v))
		return false;
	if (!rsa_verify(
		modulus, RSA_PADDING_PSS, HASH_SHA512, base, c->signature))
		return fail(v->fault, FAULT_VERIFY, "commitment.signature",
		    "message 12: the signature does not verify");
	return true;
}

static bool
hmac_check(
    const struct commitment *c, struct bytes base, struct verification *v)
{
	struct sha256 mac = hmac_sha256(BYTES(COMMITMENT_CONSTANT), base);

	if (!bytes_is(c->keyid, COMMITMENT_CONSTANT))
		return fail(v->fault, FAULT_VERIFY, "commitment.key",
		    "message 12: keyid is not " COMMITMENT_CONSTANT);
	if (c->committer.n != 0)
		return fail(v->fault, FAULT_VERIFY, "commitment.committer",
		    "message 12: nobody signs with a constant");
	if (!bytes_equal(c->signature, BYTES_OF(&mac)))
		return fail(v->fault, FAULT_VERIFY, "commitment.signature",
		    "message 12: the MAC does not verify");
	return true;
}

static bool
is_item(const struct commitment *c)
{
	return bytes_is(c->device, COMMITMENT_ANS104);
}

static bool
is_rsa(const struct commitment *c)
{
	return bytes_is(
	    c->type, is_item(c) ? COMMITMENT_RSA256 : COMMITMENT_RSA);
}

static bool
item_check(const struct commitment *c, const struct message *tabm,
    struct verification *v)
{
	struct dataitem item;
	struct bytes modulus;

	if (!signer_check(&modulus, c, v) ||
	    !ans104_rebuild(&item, tabm, c, v->arena, v->fault))
		return false;
	return dataitem_verify(&item) ||
	       fail(v->fault, FAULT_VERIFY, "commitment.signature",
		   "message 16: the signature does not verify");
}

/* What only data items have is no part of what httpsig@1.0 signs. */
static bool
has_fields(const struct commitment *c)
{
	return c->target.n != 0 || c->anchor.n != 0 || c->tags.n != 0 ||
	       c->map.n != 0;
}

static bool
verify_one(struct link_forms *forms, const struct commitment *c,
    struct verification *v)
{
	struct message_id id = commitments_id(c->signature);
	const struct form *form;
	struct bytes base;

	if (!is_rsa(c) && (is_item(c) || !bytes_is(c->type, COMMITMENT_HMAC)))
		return fail(v->fault, FAULT_VERIFY, "commitment.type",
		    "message 12: a commitment of an unknown type");
	if (!is_item(c) && !bytes_is(c->device, COMMITMENT_DEVICE))
		return fail(v->fault, FAULT_VERIFY, "commitment.type",
		    "message 12: a commitment of an unknown device");
	if (!bytes_equal(BYTES_OF(&id), BYTES_OF(&c->id)))
		return fail(v->fault, FAULT_VERIFY, "commitment.id",
		    "message 12: the id is not the signature's");
	if (is_item(c))
		return item_check(c, forms->tabm, v);
	if (has_fields(c))
		return fail(v->fault, FAULT_INPUT, "commitment.form",
		    "message 12: fields of a data item");
	if (!covers(c, forms->tabm, v) ||
	    !link_form_of(&form, forms, c->bundle, v->arena, v->fault) ||
	    !base_text(&base, form, c, v->arena, v->fault))
		return false;
	return is_rsa(c) ? rsa_check(c, base, v) : hmac_check(c, base, v);
}

static bool
verify_level(const struct message *tabm, struct verification *v)
{
	struct link_forms forms = { .tabm = tabm };

	for (size_t i = 0; i < tabm->ncommitments; i++) {
		if (!verify_one(&forms, &tabm->commitments[i], v))
			return false;
	}
	return true;
}

/*
 * A level's id is taken from the commitments that it claims, so these have to
 * hold for a link that names it to mean anything. Depth is bounded by
 * structured_encode.
 */
static bool
verify_below(const struct message *tabm, struct verification *v)
{
	for (size_t i = 0; i < tabm->count; i++) {
		const struct value *value = &tabm->pairs[i].value;
		size_t mark = v->arena->used;

		if (value->kind == VALUE_BYTES)
			continue;
		for (size_t k = 0; k < value->message->ncommitments; k++) {
			const struct commitment *c =
			    &value->message->commitments[k];

			if (c->bundle && !is_item(c))
				return fail(v->fault, FAULT_VERIFY,
				    "commitment.type",
				    "message 12: a bundle inside another");
		}
		if (!verify_below(value->message, v) ||
		    !verify_level(value->message, v))
			return false;
		v->arena->used = mark;
	}
	return true;
}

/* The first that says to be somebody's, whatever else is wrong with it. */
static const struct commitment *
first_rsa(const struct message *m)
{
	for (size_t i = 0; i < m->ncommitments; i++) {
		struct bytes type = m->commitments[i].type;

		if (bytes_is(type, COMMITMENT_RSA) ||
		    bytes_is(type, COMMITMENT_RSA256))
			return &m->commitments[i];
	}
	return NULL;
}

bool
commit_verify(struct message_id *signer, const struct message *m,
    struct arena *a, struct fault *f)
{
	struct verification v = { .arena = a, .fault = f };
	const struct commitment *rsa = first_rsa(m);
	struct message *tabm;
	struct message_id address;

	if (rsa == NULL)
		return fail(f, FAULT_VERIFY, "commitment.none",
		    "message 12: nobody signed the message");
	if (!structured_encode(&tabm, m, a, f) || !verify_below(tabm, &v) ||
	    !verify_level(tabm, &v) ||
	    !message_id_parse(&address, rsa->committer, f))
		return false;
	*signer = address;
	return true;
}

static bool
is_committed(const struct message *m, struct bytes key)
{
	for (size_t i = 0; i < m->ncommitments; i++) {
		const struct commitment *c = &m->commitments[i];
		size_t at = 0;

		while (
		    at < c->ncommitted && !bytes_equal(c->committed[at], key))
			at++;
		if (at == c->ncommitted)
			return false;
	}
	return true;
}

void
commit_reduce(struct message *m)
{
	bool typed = is_committed(m, BYTES("ao-types"));
	size_t kept = 0;

	for (size_t i = 0; i < m->count; i++) {
		struct pair p = m->pairs[i];

		if (!is_committed(m, p.key))
			continue;
		if (!typed && structured_type(p.value.kind) != NULL) {
			p.value.bytes = structured_text(&p.value, m->arena);
			p.value.kind = VALUE_BYTES;
		}
		m->pairs[kept++] = p;
	}
	m->count = kept;
}
