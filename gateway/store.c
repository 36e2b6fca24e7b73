/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store.h"

#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/link.h"
#include "core/message/pack.h"
#include "core/message/structured.h"

static const struct stored *
find(const struct store *store, const struct message_id *id)
{
	for (size_t i = 0; i < store->n; i++) {
		if (bytes_equal(BYTES_OF(id), BYTES_OF(&store->items[i].id)))
			return &store->items[i];
	}
	return NULL;
}

/* What has no signature is proved by the MAC that its id is. */
static bool
proved(struct message *m, const struct message *tabm, struct arena *a,
    struct fault *f)
{
	struct commitment own;

	return m->ncommitments != 0 ||
	       (link_unsigned(&own, tabm, a, f) && commitments_add(m, &own, f));
}

static void
add_level(struct store *store, const struct value *level, struct message *tabm,
    struct arena *keep, struct arena *a)
{
	struct message m = *level->message;
	struct stored item = { .is_list = level->kind == VALUE_LIST };
	struct bytes packed;
	struct fault f;

	if (store->n == STORE_MAX || !link_id(&item.id, tabm, a, &f) ||
	    find(store, &item.id) != NULL)
		return;
	m.arena = a;
	if (!proved(&m, tabm, a, &f) || !message_pack(&packed, &m, a, &f) ||
	    keep->size - keep->used < packed.n + 16)
		return;
	item.packed = arena_copy(keep, packed);
	store->items[store->n++] = item;
}

/* The message and its TABM have the same levels; depth is the codec's. */
static void
add_all(struct store *store, const struct value *level, struct message *tabm,
    struct arena *keep, struct arena *a)
{
	size_t mark = a->used;

	add_level(store, level, tabm, keep, a);
	a->used = mark;
	for (size_t i = 0; i < level->message->count; i++) {
		const struct pair *p = &level->message->pairs[i];
		const struct value *inner = message_get(tabm, p->key);

		if ((p->value.kind == VALUE_MESSAGE ||
			p->value.kind == VALUE_LIST) &&
		    inner != NULL && inner->kind != VALUE_BYTES)
			add_all(store, &p->value, inner->message, keep, a);
	}
}

void
store_add(struct store *store, const struct message *m, struct arena *keep,
    struct arena *scratch)
{
	const struct value top = structured_level(m);
	size_t mark = scratch->used;
	struct message *tabm;
	struct fault f;

	if (structured_encode(&tabm, m, scratch, &f))
		add_all(store, &top, tabm, keep, scratch);
	scratch->used = mark;
}

bool
store_find(struct value *out, const struct store *store, struct bytes id,
    struct arena *a, struct fault *f)
{
	const struct stored *item = NULL;
	struct message_id raw;
	struct fault ignored;

	if (id.n == MESSAGE_ID_TEXT && message_id_parse(&raw, id, &ignored))
		item = find(store, &raw);
	if (item == NULL)
		return fail(f, FAULT_NOT_FOUND, "gateway.not-found",
		    "http 24: the node published no message of this id");
	*out = (struct value){ .kind =
				   item->is_list ? VALUE_LIST : VALUE_MESSAGE };
	if (!message_unpack(&out->message, item->packed, a, f))
		return false;
	out->message->is_list = item->is_list;
	return true;
}
