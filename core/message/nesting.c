/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/nesting.h"

#include "core/message/bundle.h"
#include "core/message/itemform.h"
#include "core/message/manifest.h"

bool
nesting_is_level(const struct value *v)
{
	return v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST;
}

struct bytes
nesting_data_key(const struct message *level)
{
	static const char *const names[] = { "data", "body" };

	for (size_t i = 0; i < 2; i++) {
		const struct value *v =
		    message_get(level, bytes_text(names[i]));

		if (v != NULL && (nesting_is_level(v) || v->bytes.n != 0))
			return bytes_text(names[i]);
	}
	return (struct bytes){ 0 };
}

bool
nesting_is_inside(const struct message *level, const struct pair *p)
{
	if (nesting_is_level(&p->value))
		return true;
	if (p->value.bytes.n > DATAITEM_VALUE_MAX)
		return !bytes_is(p->key, "target");
	return bytes_equal(p->key, nesting_data_key(level));
}

bool
nesting_is_needed(const struct message *level)
{
	for (size_t i = 0; i < level->count; i++) {
		const struct pair *p = &level->pairs[i];

		if (!nesting_is_level(&p->value) &&
		    p->value.bytes.n > DATAITEM_VALUE_MAX &&
		    !bytes_is(p->key, "data") && !bytes_is(p->key, "target"))
			return true;
	}
	return false;
}

bool
nesting_bare(
    struct dataitem *out, struct bytes value, struct arena *a, struct fault *f)
{
	*out = dataitem_nobodys();
	out->data = value;
	out->tags[0] =
	    (struct dataitem_tag){ BYTES("ao-type"), BYTES("binary") };
	out->ntags = 1;
	return dataitem_write_tags(out, a, f);
}

bool
nesting_of_bare(struct bytes *out, const struct dataitem *item)
{
	*out = item->data;
	return dataitem_unsigned(item) && item->target.n == 0 &&
	       item->anchor.n == 0 && item->ntags == 1 &&
	       bytes_is(item->tags[0].name, "ao-type") &&
	       bytes_is(item->tags[0].value, "binary");
}

/* The item of one value, which is whose commitment says so, or nobody's. */
static bool
make_child(struct dataitem *out, const struct value *v, struct arena *a,
    struct fault *f)
{
	const struct commitment *c;
	struct commitment natural;

	if (!nesting_is_level(v))
		return nesting_bare(out, v->bytes, a, f);
	if (!itemform_commitment(&c, v->message, f))
		return false;
	if (c != NULL)
		return itemform_make(out, v->message, c, a, f);
	return itemform_natural(&natural, v->message, ANS104_BUNDLE, a, f) &&
	       itemform_make(out, v->message, &natural, a, f);
}

bool
nesting_list(struct bytes *out, const struct message *level, struct arena *a,
    struct fault *f)
{
	struct bundle_item *items =
	    arena_alloc(a, level->count * sizeof(*items));
	size_t levels = 0;

	if (items == NULL)
		return arena_check(a, f);
	for (size_t i = 0; i < level->count; i++)
		levels += nesting_is_level(&level->pairs[i].value);
	for (size_t n = 0; n < levels; n++) {
		const struct value *v = message_item(level, n + 1);
		struct dataitem item;

		if (v == NULL || !nesting_is_level(v))
			return fail(f, FAULT_INPUT, "ans104.form",
			    "message 18: a bundle's levels are not 1 to n");
		if (!make_child(&item, v, a, f) ||
		    !dataitem_write(&items[n].bytes, &item, a, f))
			return false;
		items[n].id = dataitem_id(&item);
	}
	return bundle_write(out, items, levels, a, f);
}

bool
nesting_named(struct bytes *out, struct message_id *index,
    const struct message *level, struct arena *a, struct fault *f)
{
	struct bundle_item items[1 + MESSAGE_KEYS_MAX];
	struct manifest names = { 0 };
	struct dataitem item;

	for (size_t i = 0; i < level->count; i++) {
		const struct pair *p = &level->pairs[i];
		size_t at = names.count + 1;

		if (!nesting_is_inside(level, p))
			continue;
		if (names.count == MESSAGE_KEYS_MAX)
			return fail(f, FAULT_LIMIT, "message.keys",
			    "message 18: over %u names in a bundle",
			    MESSAGE_KEYS_MAX);
		if (!make_child(&item, &p->value, a, f) ||
		    !dataitem_write(&items[at].bytes, &item, a, f))
			return false;
		items[at].id = dataitem_unsigned_id(&item);
		names.keys[names.count] = p->key;
		names.ids[names.count++] = items[at].id;
	}
	if (!manifest_write(&item, &names, a, f) ||
	    !dataitem_write(&items[0].bytes, &item, a, f))
		return false;
	*index = items[0].id = dataitem_unsigned_id(&item);
	return bundle_write(out, items, names.count + 1, a, f);
}
