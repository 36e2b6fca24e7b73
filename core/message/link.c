/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/link.h"

#include "core/message/base.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/structured.h"

static bool
is_level(const struct value *v)
{
	return v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST;
}

bool
link_levels(struct message **out, const struct message *tabm, struct arena *a,
    struct fault *f)
{
	struct message *linked = message_new(a);

	for (size_t i = 0; i < tabm->count; i++) {
		const struct pair *p = &tabm->pairs[i];
		struct message_id id;

		if (!is_level(&p->value)) {
			message_put(linked, p->key, p->value);
			continue;
		}
		if (!link_id(&id, p->value.message, a, f))
			return false;
		message_put(linked,
		    arena_print(a, "%.*s+link", (int)p->key.n, p->key.p),
		    (struct value){ .kind = VALUE_BYTES,
			.bytes = message_id_text(&id, a) });
	}
	*out = linked;
	return arena_check(a, f);
}

bool
link_form(struct form *out, const struct message *tabm, struct arena *a,
    struct fault *f)
{
	struct message *linked;

	return link_levels(&linked, tabm, a, f) &&
	       form_encode(out, linked, a, f);
}

bool
link_unsigned(struct commitment *out, const struct message *tabm,
    struct arena *a, struct fault *f)
{
	struct form form;
	struct bytes base;

	*out = (struct commitment){
		.device = BYTES(COMMITMENT_DEVICE),
		.type = BYTES(COMMITMENT_HMAC),
		.keyid = BYTES(COMMITMENT_CONSTANT),
	};
	if (tabm->count > MESSAGE_KEYS_MAX)
		return fail(f, FAULT_LIMIT, "message.keys",
		    "message 11: a level of %zu keys has no id", tabm->count);
	if (!link_form(&form, tabm, a, f) ||
	    !base_text(&base, &form, out, a, f) ||
	    !form_committed(out, &form, a, f))
		return false;
	struct sha256 mac = hmac_sha256(out->keyid, base);

	memcpy(out->id.b, mac.b, sizeof(out->id.b));
	out->signature = arena_copy(a, BYTES_OF(&mac));
	return arena_check(a, f);
}

/* The sum of the ids that somebody signed for; false if nobody did. */
static bool
signed_id(struct message_id *out, const struct message *tabm)
{
	bool is_signed = false;

	*out = (struct message_id){ 0 };
	for (size_t i = 0; i < tabm->ncommitments; i++) {
		const struct commitment *c = &tabm->commitments[i];

		if (c->committer.n == 0)
			continue;
		message_id_add(out, &c->id);
		is_signed = true;
	}
	return is_signed;
}

/* Every level above asks, and each of its commitments is one more to ask: a
 * level is named once, or a message of many levels costs all of them for each
 * that it is deep. */
bool
link_id(struct message_id *out, struct message *tabm, struct arena *a,
    struct fault *f)
{
	size_t mark = a->used;
	struct commitment own;

	if (!tabm->named && !signed_id(&tabm->name, tabm)) {
		if (!link_unsigned(&own, tabm, a, f))
			return false;
		tabm->name = own.id;
		/* Only the id is kept: a tree needs one level's memory. */
		a->used = mark;
	}
	tabm->named = true;
	*out = tabm->name;
	return true;
}

static bool embed(struct message **out, const struct value *level,
    struct arena *a, struct fault *f);

static bool
embed_levels(struct message *out, const struct message *tabm, struct arena *a,
    struct fault *f)
{
	for (size_t i = 0; i < tabm->count; i++) {
		const struct pair *p = &tabm->pairs[i];
		struct value v = p->value;

		if (is_level(&v) && !embed(&v.message, &p->value, a, f))
			return false;
		message_put(out, p->key, v);
	}
	return true;
}

static bool
embed(struct message **out, const struct value *level, struct arena *a,
    struct fault *f)
{
	const struct message *tabm = level->message;
	struct message carrier = { .arena = a,
		.commitments = tabm->commitments,
		.ncommitments = tabm->ncommitments };
	struct message *coded;
	struct commitment own;

	*out = message_new(a);
	if (!embed_levels(*out, tabm, a, f))
		return false;
	if (level->kind == VALUE_LIST || tabm->count == 0)
		return true;
	if (carrier.ncommitments == 0) {
		if (!link_unsigned(&own, tabm, a, f))
			return false;
		carrier.commitments = &own;
		carrier.ncommitments = 1;
	}
	if (!structured_encode(&coded, commitments_write(&carrier, a), a, f))
		return false;
	message_put(*out, BYTES("commitments"),
	    (struct value){ .kind = VALUE_MESSAGE, .message = coded });
	return true;
}

bool
link_bundle(struct form *out, const struct message *tabm, struct arena *a,
    struct fault *f)
{
	struct message *bundled = message_new(a);

	return embed_levels(bundled, tabm, a, f) &&
	       form_encode(out, bundled, a, f);
}

bool
link_form_of(const struct form **out, struct link_forms *forms, bool bundle,
    struct arena *a, struct fault *f)
{
	struct form *form = &forms->form[bundle];

	*out = form;
	if (forms->made[bundle])
		return true;
	forms->made[bundle] = true;
	return bundle ? link_bundle(form, forms->tabm, a, f)
		      : link_form(form, forms->tabm, a, f);
}
