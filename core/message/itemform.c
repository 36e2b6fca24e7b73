/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/itemform.h"

#include "core/crypto/rsa.h"
#include "core/message/bundle.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/link.h"
#include "core/message/structured.h"

enum meta { DATA_KEY, FORMAT, VERSION, MAP, METAS };

static const char *const metas[METAS] = {
	[DATA_KEY] = "ao-data-key",
	[FORMAT] = "bundle-format",
	[VERSION] = "bundle-version",
	[MAP] = "bundle-map",
};

static const uint8_t nobody[RSA_WALLET_BYTES];

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
	out->is_bundle = told[FORMAT].n != 0 || told[VERSION].n != 0;
	out->data_key = told[DATA_KEY].n != 0 ? told[DATA_KEY] : BYTES("data");
	if (told[MAP].n != 0 ||
	    (out->is_bundle && (!bytes_is(told[FORMAT], "binary") ||
				   !bytes_is(told[VERSION], "2.0.0"))))
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

static bool
is_level(const struct value *v)
{
	return v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST;
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
itemform_natural(struct commitment *out, const struct message *tabm,
    struct arena *a, struct fault *f)
{
	struct bytes data = natural_data_key(tabm);
	struct bytes *keys = arena_alloc(a, tabm->count * sizeof(*keys));
	size_t n = 0;
	bool is_link;

	*out = (struct commitment){ .target = field_of(tabm, "target", a),
		.anchor = field_of(tabm, "anchor", a) };
	if (keys == NULL)
		return arena_check(a, f);
	if (data.n != 0)
		keys[n++] = data;
	for (size_t i = 0; i < tabm->count; i++) {
		struct bytes key =
		    structured_bare_key(tabm->pairs[i].key, &is_link);

		if (!bytes_equal(key, data) && !is_field(out, key))
			keys[n++] = key;
	}
	if (out->anchor.n != 0)
		keys[n++] = BYTES("anchor");
	if (out->target.n != 0)
		keys[n++] = BYTES("target");
	out->committed = keys;
	out->ncommitted = n;
	return arena_check(a, f);
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

static bool
add_key(struct dataitem *out, const struct message *level, struct bytes key,
    struct fault *f)
{
	struct bytes name = key;
	const struct value *v = message_get(level, key);

	if (v == NULL) {
		name =
		    arena_print(level->arena, "%.*s+link", (int)key.n, key.p);
		v = message_get(level, name);
	}
	if (v != NULL && is_level(v))
		return true;
	if (v == NULL)
		return fail(f, FAULT_VERIFY, "commitment.missing",
		    "message 17: a committed key is not there");
	return add_tag(out, name, v->bytes, f);
}

static bool
add_natural_meta(struct dataitem *out, const struct commitment *c,
    struct bytes data_key, struct fault *f)
{
	if (c->bundle)
		return add_tag(
			   out, BYTES("bundle-format"), BYTES("binary"), f) &&
		       add_tag(out, BYTES("bundle-version"), BYTES("2.0.0"), f);
	return !bytes_is(data_key, "body") ||
	       add_tag(out, BYTES("ao-data-key"), data_key, f);
}

bool
itemform_tags(struct dataitem *out, const struct message *level,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	struct bytes data_key = { 0 };

	if (!c->bundle)
		data_key = natural_data_key(level);
	out->ntags = 0;
	if (!add_natural_meta(out, c, data_key, f))
		return false;
	for (size_t i = 0; i < c->ncommitted; i++) {
		struct bytes key = c->committed[i];

		if (bytes_equal(key, data_key) || is_field(c, key))
			continue;
		if (!add_key(out, level, key, f))
			return false;
	}
	return dataitem_write_tags(out, a, f) && arena_check(a, f);
}

/* The items of a bundle in their places; levels under any other key could not
 * be found again. */
static bool
make_bundle(struct bytes *out, const struct message *tabm, struct arena *a,
    struct fault *f)
{
	struct bytes items[MESSAGE_KEYS_READ_MAX];
	size_t levels = 0, n = 0;

	for (size_t i = 0; i < tabm->count; i++)
		levels += is_level(&tabm->pairs[i].value);
	while (n < levels) {
		const struct value *v = message_item(tabm, n + 1);
		const struct commitment *c;
		struct commitment natural;
		struct dataitem item;

		if (v == NULL || v->kind != VALUE_MESSAGE)
			return malformed(f, "a bundle's levels are not 1 to n");
		if (!itemform_commitment(&c, v->message, f) ||
		    !itemform_natural(&natural, v->message, a, f))
			return false;
		if (!itemform_make(
			&item, v->message, c != NULL ? c : &natural, a, f) ||
		    !dataitem_write(&items[n++], &item, a, f))
			return false;
	}
	return bundle_write(out, items, n, a, f);
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

static bool
make_data(struct dataitem *out, const struct message *level,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	struct bytes key = natural_data_key(level);
	struct itemform_meta meta;

	if (c->bundle)
		return make_bundle(&out->data, level, a, f);
	if (c->tags.n != 0) {
		if (!itemform_read_meta(&meta, out, a, f))
			return false;
		key = meta.data_key;
		if (is_tag(out, key, a))
			return arena_check(a, f);
	}
	const struct value *v = message_get(level, key);

	if (v != NULL && v->kind == VALUE_BYTES)
		out->data = v->bytes;
	return true;
}

bool
itemform_make(struct dataitem *out, const struct message *tabm,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	struct message *level;

	*out = (struct dataitem){ .signature = c->signature,
		.owner = bytes_of(nobody, sizeof(nobody)),
		.target = c->target,
		.anchor = c->anchor };
	if (c->signature.n == 0)
		out->signature = out->owner;
	if (c->keyid.n != 0 &&
	    !commitments_modulus(&out->owner, c->keyid, a, f))
		return false;
	if (out->signature.n != RSA_WALLET_BYTES)
		return fail(f, FAULT_VERIFY, "commitment.signature",
		    "message 16: a signature of %zu bytes", c->signature.n);
	if ((c->target.n != 0 && c->target.n != 32) ||
	    (c->anchor.n != 0 && c->anchor.n != 32))
		return malformed(f, "a field has not 32 bytes");
	if (!itemform_level(&level, tabm, c, a, f))
		return false;
	if (c->tags.n == 0 ? !itemform_tags(out, level, c, a, f)
			   : !dataitem_parse_tags(
				 out, c->tags, dataitem_count(c->tags), f))
		return false;
	return make_data(out, level, c, a, f);
}
