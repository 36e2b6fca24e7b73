/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/itemform.h"

#include "core/crypto/rsa.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/link.h"
#include "core/message/nesting.h"
#include "core/message/structured.h"

enum meta { DATA_KEY, FORMAT, VERSION, MAP, METAS };

static const char *const metas[METAS] = {
	[DATA_KEY] = "ao-data-key",
	[FORMAT] = "bundle-format",
	[VERSION] = "bundle-version",
	[MAP] = "bundle-map",
};

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "ans104.form", "message 17: %s", what);
}

struct bytes
itemform_key(struct bytes name, struct arena *a)
{
	uint8_t *to = arena_alloc(a, name.n);

	for (size_t i = 0; to != NULL && i < name.n; i++) {
		uint8_t byte = name.p[i];

		to[i] =
		    byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
	}
	return bytes_of(to, to == NULL ? 0 : name.n);
}

/* Which of the metas a key is; METAS if none. */
static enum meta
meta_of(struct bytes key)
{
	enum meta at = DATA_KEY;

	while (at < METAS && !bytes_is(key, metas[at]))
		at++;
	return at;
}

bool
itemform_is_meta(struct bytes key)
{
	return meta_of(key) != METAS;
}

static bool
read_map(struct bytes *out, struct bytes text, struct arena *a)
{
	struct message_id id;
	struct fault ignored;

	*out = (struct bytes){ 0 };
	if (text.n == 0)
		return true;
	if (!message_id_parse(&id, text, &ignored))
		return false;
	*out = arena_copy(a, BYTES_OF(&id));
	return true;
}

bool
itemform_read_meta(struct itemform_meta *out, const struct dataitem *item,
    struct arena *a, struct fault *f)
{
	struct bytes told[METAS] = { 0 };

	for (size_t i = 0; i < item->ntags; i++) {
		enum meta at = meta_of(itemform_key(item->tags[i].name, a));

		if (at == METAS)
			continue;
		if (told[at].n != 0 || item->tags[i].value.n == 0)
			return fail(f, FAULT_INPUT, "ans104.key",
			    "message 17: %s twice, or empty", metas[at]);
		told[at] = item->tags[i].value;
	}
	out->is_bundle =
	    told[FORMAT].n != 0 || told[VERSION].n != 0 || told[MAP].n != 0;
	out->data_key = told[DATA_KEY].n != 0 ? told[DATA_KEY] : BYTES("data");
	if ((out->is_bundle && (!bytes_is(told[FORMAT], "binary") ||
				   !bytes_is(told[VERSION], "2.0.0"))) ||
	    !read_map(&out->map, told[MAP], a))
		return fail(f, FAULT_INPUT, "ans104.bundle",
		    "message 18: a bundle of another kind");
	if (out->data_key.n > MESSAGE_KEY_MAX)
		return fail(f, FAULT_INPUT, "message.key",
		    "message 2: a key of %zu bytes", out->data_key.n);
	return arena_check(a, f);
}

bool
itemform_commitment(
    const struct commitment **out, const struct message *tabm, struct fault *f)
{
	*out = NULL;
	for (size_t i = 0; i < tabm->ncommitments; i++) {
		const struct commitment *c = &tabm->commitments[i];

		if (!bytes_is(c->device, COMMITMENT_ANS104))
			continue;
		if (*out != NULL)
			return malformed(f, "more than one data item");
		*out = c;
	}
	return true;
}

/* The key whose value is the item's data when no tag says another. */
static struct bytes
natural_data_key(const struct message *level)
{
	static const char *const names[] = { "data", "body" };

	for (size_t i = 0; i < 2; i++) {
		const struct value *v =
		    message_get(level, bytes_text(names[i]));

		if (v != NULL && v->kind == VALUE_BYTES && v->bytes.n != 0)
			return bytes_text(names[i]);
	}
	return (struct bytes){ 0 };
}

/* The raw bytes of a value that is an id and so a field of the item. */
static struct bytes
field_of(const struct message *tabm, const char *key, struct arena *a)
{
	const struct value *v = message_get(tabm, bytes_text(key));
	struct message_id id;
	struct fault ignored;

	if (v == NULL || v->kind != VALUE_BYTES ||
	    !message_id_parse(&id, v->bytes, &ignored))
		return (struct bytes){ 0 };
	return arena_copy(a, BYTES_OF(&id));
}

static bool
is_field(const struct commitment *c, struct bytes key)
{
	return (c->target.n != 0 && bytes_is(key, "target")) ||
	       (c->anchor.n != 0 && bytes_is(key, "anchor"));
}

bool
itemform_level(struct message **out, const struct message *tabm,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	if (!c->bundle)
		return link_levels(out, tabm, a, f);
	*out = message_new(a);
	for (size_t i = 0; i < tabm->count; i++)
		message_put(*out, tabm->pairs[i].key, tabm->pairs[i].value);
	return arena_check(a, f);
}

/* The keys that stand first: what is in the data. */
static bool
is_data(const struct commitment *c, const struct message *level,
    const struct pair *p)
{
	return c->bundle ? nesting_is_inside(level, p)
			 : bytes_equal(p->key, natural_data_key(level));
}

static void
order_keys(
    struct commitment *out, const struct message *level, struct bytes *keys)
{
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < level->count; i++) {
			const struct pair *p = &level->pairs[i];
			bool is_link;
			struct bytes key =
			    structured_bare_key(p->key, &is_link);

			if (is_data(out, level, p) != (pass == 0) ||
			    is_field(out, key))
				continue;
			keys[out->ncommitted++] = key;
		}
	}
	if (out->anchor.n != 0)
		keys[out->ncommitted++] = BYTES("anchor");
	if (out->target.n != 0)
		keys[out->ncommitted++] = BYTES("target");
	out->committed = keys;
}

static bool
has_levels(const struct message *tabm)
{
	for (size_t i = 0; i < tabm->count; i++) {
		if (nesting_is_level(&tabm->pairs[i].value))
			return true;
	}
	return false;
}

bool
itemform_natural(struct commitment *out, const struct message *tabm,
    enum ans104_form form, struct arena *a, struct fault *f)
{
	static const uint8_t unknown[sizeof(struct message_id)];
	struct bytes *keys = arena_alloc(a, tabm->count * sizeof(*keys));
	struct message *level;

	*out = (struct commitment){ .target = field_of(tabm, "target", a),
		.anchor = field_of(tabm, "anchor", a),
		.bundle = nesting_is_needed(tabm) ||
			  (form == ANS104_BUNDLE && has_levels(tabm)) };
	if (out->bundle)
		out->map = bytes_of(unknown, sizeof(unknown));
	if (!arena_check(a, f) || !itemform_level(&level, tabm, out, a, f))
		return false;
	order_keys(out, level, keys);
	return arena_check(a, f);
}

static bool
add_tag(struct dataitem *out, struct bytes name, struct bytes value,
    struct fault *f)
{
	if (out->ntags == DATAITEM_TAGS_MAX)
		return fail(f, FAULT_LIMIT, "ans104.tag",
		    "message 16: more than %u tags", DATAITEM_TAGS_MAX);
	out->tags[out->ntags++] = (struct dataitem_tag){ name, value };
	return true;
}

/* The pair of a committed key, which a link has under another. */
static bool
find_pair(struct pair *out, const struct message *level, struct bytes key)
{
	const struct value *v = message_get(level, key);

	if (v == NULL) {
		key = arena_print(level->arena, "%.*s+link", (int)key.n, key.p);
		v = message_get(level, key);
	}
	if (v == NULL)
		return false;
	*out = (struct pair){ key, *v };
	return true;
}

static bool
add_natural_meta(struct dataitem *out, const struct message *level,
    const struct commitment *c, struct fault *f)
{
	struct arena *a = level->arena;
	struct bytes data_key =
	    c->bundle ? nesting_data_key(level) : natural_data_key(level);

	if (c->bundle &&
	    (!add_tag(out, BYTES("bundle-format"), BYTES("binary"), f) ||
		!add_tag(out, BYTES("bundle-version"), BYTES("2.0.0"), f)))
		return false;
	if (c->map.n != 0 && !add_tag(out, BYTES("bundle-map"),
				 base64_encode(a, BASE64_URL, c->map), f))
		return false;
	return (c->bundle && c->map.n == 0) || !bytes_is(data_key, "body") ||
	       add_tag(out, BYTES("ao-data-key"), data_key, f);
}

/* True if the item has the value in its data, or in a field. */
static bool
is_elsewhere(const struct message *level, const struct commitment *c,
    const struct pair *p)
{
	if (c->bundle && c->map.n == 0)
		return nesting_is_level(&p->value) || is_field(c, p->key);
	return is_data(c, level, p) || is_field(c, p->key);
}

bool
itemform_tags(struct dataitem *out, const struct message *level,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	out->ntags = 0;
	if (!add_natural_meta(out, level, c, f))
		return false;
	for (size_t i = 0; i < c->ncommitted; i++) {
		struct pair p;

		if (!find_pair(&p, level, c->committed[i]))
			return fail(f, FAULT_VERIFY, "commitment.missing",
			    "message 17: a committed key is not there");
		if (!is_elsewhere(level, c, &p) &&
		    !add_tag(out, p.key, p.value.bytes, f))
			return false;
	}
	return dataitem_write_tags(out, a, f) && arena_check(a, f);
}

/* A tag may have the name that data would have. */
static bool
is_tag(const struct dataitem *item, struct bytes key, struct arena *a)
{
	for (size_t i = 0; i < item->ntags; i++) {
		if (bytes_equal(itemform_key(item->tags[i].name, a), key))
			return true;
	}
	return false;
}

/* The key whose value is the data of an item that is no bundle, and has its
 * tags where c has them; nothing if a tag has its name. */
static bool
plain_data_key(struct bytes *out, const struct dataitem *item,
    const struct message *level, const struct commitment *c, struct fault *f)
{
	struct arena *a = level->arena;
	struct itemform_meta meta;

	*out = natural_data_key(level);
	if (c->tags.n == 0)
		return true;
	if (!itemform_read_meta(&meta, item, a, f))
		return false;
	*out = meta.data_key;
	if (is_tag(item, meta.data_key, a))
		*out = (struct bytes){ 0 };
	return arena_check(a, f);
}

/* The data; of a bundle with names also the id of its index. */
static bool
make_data(struct dataitem *out, struct commitment *c,
    const struct message *level, struct arena *a, struct fault *f)
{
	struct message_id index;
	struct bytes key;

	if (c->bundle && c->map.n == 0)
		return nesting_list(&out->data, level, a, f);
	if (c->bundle) {
		if (!nesting_named(&out->data, &index, level, a, f))
			return false;
		c->map = arena_copy(a, BYTES_OF(&index));
		return true;
	}
	if (!plain_data_key(&key, out, level, c, f))
		return false;
	const struct value *v = message_get(level, key);

	if (v != NULL && v->kind == VALUE_BYTES)
		out->data = v->bytes;
	return true;
}

static bool
make_owner(struct dataitem *out, const struct commitment *c, struct arena *a,
    struct fault *f)
{
	*out = dataitem_nobodys();
	out->target = c->target;
	out->anchor = c->anchor;
	if (c->signature.n != 0)
		out->signature = c->signature;
	if (c->keyid.n != 0 &&
	    !commitments_modulus(&out->owner, c->keyid, a, f))
		return false;
	if (out->signature.n != RSA_WALLET_BYTES)
		return fail(f, FAULT_VERIFY, "commitment.signature",
		    "message 16: a signature of %zu bytes", c->signature.n);
	if ((c->target.n != 0 && c->target.n != 32) ||
	    (c->anchor.n != 0 && c->anchor.n != 32))
		return malformed(f, "a field has not 32 bytes");
	return true;
}

bool
itemform_make(struct dataitem *out, const struct message *tabm,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	struct commitment made = *c;
	struct message *level;

	if (!make_owner(out, c, a, f) || !itemform_level(&level, tabm, c, a, f))
		return false;
	if (c->tags.n != 0)
		return dataitem_parse_tags(
			   out, c->tags, dataitem_count(c->tags), f) &&
		       make_data(out, &made, level, a, f);
	return make_data(out, &made, level, a, f) &&
	       itemform_tags(out, level, &made, a, f);
}

enum place { IN_DATA, IN_TAGS, IN_ANCHOR, IN_TARGET, PLACES };

static enum place
place_of(struct bytes key, const struct message *level,
    const struct commitment *c, struct bytes data_key)
{
	struct pair p;

	if (is_field(c, key))
		return bytes_is(key, "anchor") ? IN_ANCHOR : IN_TARGET;
	if (!find_pair(&p, level, key))
		return IN_TAGS;
	if (!c->bundle)
		return bytes_equal(key, data_key) ? IN_DATA : IN_TAGS;
	if (c->map.n == 0)
		return nesting_is_level(&p.value) ? IN_DATA : IN_TAGS;
	return nesting_is_inside(level, &p) ? IN_DATA : IN_TAGS;
}

/* Where a key stands among the tags; behind all of them if it is none. */
static size_t
tag_place(const struct dataitem *item, struct bytes key, struct arena *a)
{
	size_t at = 0;

	while (at < item->ntags) {
		bool is_link;
		struct bytes name = itemform_key(item->tags[at].name, a);

		if (bytes_equal(structured_bare_key(name, &is_link), key))
			break;
		at++;
	}
	return at;
}

static void
sort_by_tags(
    struct bytes *keys, size_t n, const struct dataitem *item, struct arena *a)
{
	for (size_t i = 1; i < n; i++) {
		struct bytes key = keys[i];
		size_t place = tag_place(item, key, a), at = i;

		for (; at > 0 && tag_place(item, keys[at - 1], a) > place; at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
}

bool
itemform_order(struct commitment *c, const struct message *tabm,
    struct arena *a, struct fault *f)
{
	struct bytes *keys = arena_alloc(a, c->ncommitted * sizeof(*keys));
	struct dataitem item = { 0 };
	struct message *level;
	struct bytes data_key;
	size_t n = 0, first = 0;

	if (c->tags.n != 0 &&
	    !dataitem_parse_tags(&item, c->tags, dataitem_count(c->tags), f))
		return false;
	if (!arena_check(a, f) || !itemform_level(&level, tabm, c, a, f) ||
	    !plain_data_key(&data_key, &item, level, c, f))
		return false;
	for (enum place at = IN_DATA; at < PLACES; at++) {
		first = at == IN_TAGS ? n : first;
		for (size_t i = 0; i < c->ncommitted; i++) {
			if (place_of(c->committed[i], level, c, data_key) == at)
				keys[n++] = c->committed[i];
		}
		if (at == IN_TAGS && c->tags.n != 0)
			sort_by_tags(keys + first, n - first, &item, a);
	}
	c->committed = keys;
	return arena_check(a, f);
}
