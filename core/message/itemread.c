/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/itemread.h"

#include "core/base/buf.h"
#include "core/message/bundle.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/itemform.h"
#include "core/message/manifest.h"
#include "core/message/nesting.h"
#include "core/message/sf.h"
#include "core/message/structured.h"

/* An item on its way to a message. */
struct mapping {
	const struct dataitem *item;
	struct itemform_meta meta;
	/* Of the tags and the data, as it is and as it means; what a bundle
	 * holds. */
	struct message *tabm, *inside;
	struct value rich;
	struct commitment commitment;
	unsigned depth;
	struct bytes *keys;
	struct arena *arena;
	struct fault *fault;
};

static bool
twofold(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "ans104.key", "message 17: %s", what);
}

static void
commit_key(struct mapping *m, struct bytes key)
{
	m->keys[m->commitment.ncommitted++] = key;
}

static bool
put_text(struct mapping *m, struct bytes key, struct bytes text)
{
	if (message_get(m->tabm, key) != NULL)
		return twofold(m->fault, "a key in data, tags or fields twice");
	message_put(
	    m->tabm, key, (struct value){ .kind = VALUE_BYTES, .bytes = text });
	return arena_check(m->arena, m->fault);
}

static bool
unlike(struct mapping *m, const char *what)
{
	return fail(
	    m->fault, FAULT_INPUT, "ans104.form", "message 18: %s", what);
}

static bool decode_item(struct value *out, const struct dataitem *item,
    unsigned depth, struct arena *a, struct fault *f);

/* An item in a bundle, under its key; its id is the one that the bundle has
 * told. */
static bool
put_inside(struct mapping *m, struct bytes key, struct bytes in,
    const struct message_id *told)
{
	bool named = m->meta.map.n != 0;
	struct value v = { .kind = VALUE_BYTES };
	struct dataitem item;

	if (!dataitem_parse(&item, in, m->fault))
		return false;
	struct message_id id =
	    named ? dataitem_unsigned_id(&item) : dataitem_id(&item);

	if (!bytes_equal(BYTES_OF(&id), BYTES_OF(told)))
		return fail(m->fault, FAULT_VERIFY, "ans104.bundle",
		    "message 18: an item has another id");
	if (!(named && nesting_of_bare(&v.bytes, &item)) &&
	    !decode_item(&v, &item, m->depth + 1, m->arena, m->fault))
		return false;
	message_put(m->inside, key, v);
	/* Its place, so that no tag takes it and a list is complete. */
	return put_text(m, key, (struct bytes){ 0 });
}

static bool
open_list(struct mapping *m, struct bundle *bundle)
{
	for (size_t i = 1; bundle->left != 0; i++) {
		struct bytes in, key = arena_print(m->arena, "%zu", i);
		struct message_id told;

		if (!bundle_next(&in, &told, bundle, m->fault) ||
		    !put_inside(m, key, in, &told))
			return false;
	}
	return true;
}

/* Two names of one id are two of the same item: whoever looks an id up finds
 * one. */
static bool
is_one_item(const struct manifest *index, const struct bytes *items, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (bytes_equal(
			BYTES_OF(&index->ids[i]), BYTES_OF(&index->ids[at])) &&
		    !bytes_equal(items[i], items[at]))
			return false;
	}
	return true;
}

/* The index is the first item, and the others are in its order. */
static bool
open_named(struct mapping *m, struct bundle *bundle)
{
	struct bytes items[MESSAGE_KEYS_MAX], in;
	struct manifest index;
	struct message_id told;
	struct dataitem first;

	if (bundle->left == 0)
		return unlike(m, "a bundle without its index");
	if (!bundle_next(&in, &told, bundle, m->fault) ||
	    !dataitem_parse(&first, in, m->fault) ||
	    !manifest_parse(&index, &first, m->arena, m->fault))
		return false;
	struct message_id id = dataitem_unsigned_id(&first);

	if (!bytes_equal(BYTES_OF(&id), BYTES_OF(&told)) ||
	    !bytes_equal(BYTES_OF(&id), m->meta.map) ||
	    bundle->left != index.count)
		return fail(m->fault, FAULT_VERIFY, "ans104.bundle",
		    "message 18: not the index of this bundle");
	for (size_t i = 0; i < index.count; i++) {
		if (!bundle_next(&items[i], &told, bundle, m->fault))
			return false;
		if (!bytes_equal(BYTES_OF(&told), BYTES_OF(&index.ids[i])))
			return fail(m->fault, FAULT_VERIFY, "ans104.bundle",
			    "message 18: an item that the index does not name");
		if (!is_one_item(&index, items, i))
			return unlike(m, "two items of one id");
		if (!put_inside(m, index.keys[i], items[i], &told))
			return false;
	}
	return true;
}

static bool
map_data(struct mapping *m)
{
	struct bundle bundle;

	if (m->meta.is_bundle) {
		if (!bundle_open(&bundle, m->item->data, m->fault) ||
		    !(m->meta.map.n != 0 ? open_named(m, &bundle)
					 : open_list(m, &bundle)))
			return false;
		for (size_t i = 0; i < m->inside->count; i++)
			commit_key(m, m->inside->pairs[i].key);
		return true;
	}
	if (m->item->data.n == 0)
		return true;
	commit_key(m, m->meta.data_key);
	return put_text(m, m->meta.data_key, m->item->data);
}

/* The values of all tags of a name: one as it is, more as a list of strings. */
static bool
values_of(struct bytes *out, struct mapping *m, const struct bytes *names,
    size_t first)
{
	const struct dataitem *item = m->item;
	size_t count = 0, room = 0;

	for (size_t i = first; i < item->ntags; i++) {
		if (!bytes_equal(names[i], names[first]))
			continue;
		count++;
		room += 2 * item->tags[i].value.n + 4;
	}
	*out = item->tags[first].value;
	if (count == 1)
		return true;
	struct buf b = buf_in(m->arena, room);

	for (size_t i = first; i < item->ntags; i++) {
		if (!bytes_equal(names[i], names[first]))
			continue;
		buf_text(&b, b.used == 0 ? "" : ", ");
		sf_put_string(&b, item->tags[i].value);
	}
	*out = buf_bytes(&b);
	return !b.full || twofold(m->fault, "values that no list can hold");
}

static bool
is_first(const struct bytes *names, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (bytes_equal(names[i], names[at]))
			return false;
	}
	return true;
}

static bool
map_tags(struct mapping *m)
{
	struct bytes names[DATAITEM_TAGS_MAX], value;

	for (size_t i = 0; i < m->item->ntags; i++) {
		bool is_link;

		names[i] = itemform_key(m->item->tags[i].name, m->arena);
		if (!is_first(names, i) || itemform_is_meta(names[i]))
			continue;
		if (names[i].n > MESSAGE_KEY_MAX)
			return fail(m->fault, FAULT_INPUT, "message.key",
			    "message 2: a key of %zu bytes", names[i].n);
		commit_key(m, structured_bare_key(names[i], &is_link));
	}
	for (size_t i = 0; i < m->item->ntags; i++) {
		if (!is_first(names, i) || itemform_is_meta(names[i]))
			continue;
		if (!values_of(&value, m, names, i) ||
		    !put_text(m, names[i], value))
			return false;
	}
	return true;
}

static bool
map_field(struct mapping *m, const char *key, struct bytes raw)
{
	if (raw.n == 0)
		return true;
	commit_key(m, bytes_text(key));
	return put_text(
	    m, bytes_text(key), base64_encode(m->arena, BASE64_URL, raw));
}

/* The level with what is inside, and with the ao-types that a message with the
 * same types would have: the level as it would be made again. */
static bool
complete(struct message **out, struct mapping *m)
{
	const char *names[VALUE_LINK + 1];
	struct message *level = message_new(m->arena);

	for (enum value_kind k = VALUE_BYTES; k <= VALUE_LINK; k++)
		names[k] = structured_type(k);
	struct bytes types = structured_types(&m->rich, names, m->arena);

	for (size_t i = 0; i < m->tabm->count; i++) {
		struct pair p = m->tabm->pairs[i];

		if (bytes_is(p.key, "ao-types"))
			p.value.bytes = types;
		if (!bytes_is(p.key, "ao-types") || types.n != 0)
			message_put(level, p.key, p.value);
	}
	for (size_t i = 0; i < m->inside->count; i++) {
		const struct pair *p = &m->inside->pairs[i];

		message_put(level, p->key, p->value);
		message_put(m->rich.message, p->key, p->value);
	}
	*out = level;
	return arena_check(m->arena, m->fault);
}

/* A bundle with names holds what such a bundle would be made of. */
static bool
check_inside(struct mapping *m, const struct message *level)
{
	if (m->meta.map.n == 0)
		return true;
	for (size_t i = 0; i < level->count; i++) {
		const struct pair *p = &level->pairs[i];

		if (nesting_is_inside(level, p) !=
		    (message_get(m->inside, p->key) != NULL))
			return unlike(m, "an item that would be a tag");
	}
	return true;
}

/* Nobody's item has no commitment that could tell how to make it. */
static bool
check_natural(struct mapping *m, const struct message *level)
{
	const struct dataitem *item = m->item;
	struct dataitem made = { 0 };
	struct commitment c;

	if (m->depth == 1)
		return true;
	if (!itemform_natural(&c, level, ANS104_BUNDLE, m->arena, m->fault))
		return false;
	bool same = c.bundle == m->meta.is_bundle && c.map.n == m->meta.map.n &&
		    bytes_equal(c.target, item->target) &&
		    bytes_equal(c.anchor, item->anchor);

	c.map = m->meta.map;
	if (same && !itemform_tags(&made, level, &c, m->arena, m->fault))
		return false;
	return (same && bytes_equal(made.tag_bytes, item->tag_bytes)) ||
	       unlike(m, "an unsigned item of a form of its own");
}

/* Adds the commitment, with the tags where the message alone would give
 * others. */
static bool
attach(struct mapping *m, const struct message *level)
{
	const struct dataitem *item = m->item;
	struct commitment *c = &m->commitment;
	struct message_id address = message_address(item->owner);
	struct dataitem made = { 0 };
	struct fault ignored;

	if (m->rich.kind == VALUE_LIST)
		return unlike(m, "a signed list");
	if (!itemform_tags(&made, level, c, m->arena, &ignored) ||
	    !bytes_equal(made.tag_bytes, item->tag_bytes))
		c->tags = item->tag_bytes;
	c->id = dataitem_id(item);
	c->device = BYTES(COMMITMENT_ANS104);
	c->type = BYTES(COMMITMENT_RSA256);
	c->keyid = commitments_keyid(item->owner, BASE64_URL, m->arena);
	c->committer = message_id_text(&address, m->arena);
	c->signature = item->signature;
	return commitments_add(m->rich.message, c, m->fault);
}

/* From the tags and what they say of the data to the level it all means. */
static bool
map_item(struct mapping *m)
{
	const struct dataitem *item = m->item;

	m->commitment.committed = m->keys;
	m->commitment.target = item->target;
	m->commitment.anchor = item->anchor;
	if (!itemform_read_meta(&m->meta, item, m->arena, m->fault))
		return false;
	m->commitment.bundle = m->meta.is_bundle;
	m->commitment.map = m->meta.map;
	return map_data(m) && map_tags(m) &&
	       map_field(m, "anchor", item->anchor) &&
	       map_field(m, "target", item->target) &&
	       structured_decode_level(&m->rich, m->tabm, m->arena, m->fault);
}

static bool
decode_item(struct value *out, const struct dataitem *item, unsigned depth,
    struct arena *a, struct fault *f)
{
	size_t room = item->ntags + 2 + MESSAGE_KEYS_READ_MAX;
	struct mapping m = { .item = item,
		.tabm = message_new(a),
		.inside = message_new(a),
		.keys = arena_alloc(a, room * sizeof(*m.keys)),
		.depth = depth,
		.arena = a,
		.fault = f };
	struct message *level;

	if (depth > NESTING_DEPTH_MAX)
		return fail(f, FAULT_LIMIT, "message.depth",
		    "message 18: items more than %u deep", NESTING_DEPTH_MAX);
	if (!arena_check(a, f) || !map_item(&m) || !complete(&level, &m) ||
	    !check_inside(&m, level))
		return false;
	if (dataitem_unsigned(item) ? !check_natural(&m, level)
				    : !attach(&m, level))
		return false;
	*out = m.rich;
	return arena_check(a, f);
}

bool
itemread_message(struct message **out, const struct dataitem *item,
    struct arena *a, struct fault *f)
{
	struct value v = { 0 };

	if (!decode_item(&v, item, 1, a, f))
		return false;
	if (v.kind != VALUE_MESSAGE)
		return fail(f, FAULT_INPUT, "ans104.form",
		    "message 17: the item is a list");
	*out = v.message;
	return true;
}
