/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/ans104.h"

#include "core/base/buf.h"
#include "core/crypto/rsa.h"
#include "core/message/bundle.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/itemform.h"
#include "core/message/pack.h"
#include "core/message/sf.h"
#include "core/message/structured.h"

/* An item on its way to a message. */
struct mapping {
	const struct dataitem *item;
	struct itemform_meta meta;
	struct message *tabm, *rich;
	struct commitment commitment;
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
map_data(struct mapping *m)
{
	struct bundle bundle;

	if (m->meta.is_bundle) {
		if (!bundle_open(&bundle, m->item->data, m->fault))
			return false;
		for (size_t i = 1; i <= bundle.left; i++)
			commit_key(m, arena_print(m->arena, "%zu", i));
		return arena_check(m->arena, m->fault);
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

static bool decode_item(struct message **out, const struct dataitem *item,
    unsigned depth, struct arena *a, struct fault *f);

/* The items in a bundle under "1", "2", ... beside the tags. */
static bool
map_bundle(struct mapping *m, unsigned depth)
{
	struct bundle bundle;
	struct bytes in;
	struct message_id told;

	if (!bundle_open(&bundle, m->item->data, m->fault))
		return false;
	for (size_t i = 1; bundle.left != 0; i++) {
		struct bytes key = arena_print(m->arena, "%zu", i);
		struct value v = { .kind = VALUE_MESSAGE };
		struct dataitem item;

		if (!bundle_next(&in, &told, &bundle, m->fault) ||
		    !dataitem_parse(&item, in, m->fault) ||
		    !decode_item(
			&v.message, &item, depth + 1, m->arena, m->fault))
			return false;
		struct message_id id = dataitem_id(&item);

		if (!bytes_equal(BYTES_OF(&id), BYTES_OF(&told)))
			return fail(m->fault, FAULT_VERIFY, "ans104.bundle",
			    "message 18: an item has another id");
		if (message_get(m->rich, key) != NULL)
			return twofold(m->fault, "a tag and an item");
		message_put(m->rich, key, v);
		message_put(m->tabm, key, v);
	}
	return arena_check(m->arena, m->fault);
}

/* Adds the commitment; one without a signer is none. */
static bool
attach(struct mapping *m)
{
	const struct dataitem *item = m->item;
	struct commitment *c = &m->commitment;
	struct message_id address = message_address(item->owner);

	if (dataitem_unsigned(item))
		return true;
	c->id = dataitem_id(item);
	c->device = BYTES(COMMITMENT_ANS104);
	c->type = BYTES(COMMITMENT_RSA256);
	c->keyid = commitments_keyid(item->owner, BASE64_URL, m->arena);
	c->committer = message_id_text(&address, m->arena);
	c->signature = item->signature;
	return commitments_add(m->rich, c, m->fault);
}

/* Keeps the tags where the message alone would give others. */
static bool
keep_tags(struct mapping *m)
{
	struct commitment *c = &m->commitment;
	struct dataitem natural = { 0 };
	struct fault ignored;

	if (itemform_tags(&natural, m->tabm, c, m->arena, &ignored) &&
	    bytes_equal(natural.tag_bytes, m->item->tag_bytes))
		return true;
	c->tags = m->item->tag_bytes;
	return !dataitem_unsigned(m->item) ||
	       fail(m->fault, FAULT_INPUT, "ans104.form",
		   "message 18: an unsigned item with tags of its own order");
}

static bool
decode_item(struct message **out, const struct dataitem *item, unsigned depth,
    struct arena *a, struct fault *f)
{
	size_t room = item->ntags + 2 + MESSAGE_KEYS_READ_MAX;
	struct mapping m = { .item = item,
		.tabm = message_new(a),
		.keys = arena_alloc(a, room * sizeof(*m.keys)),
		.arena = a,
		.fault = f };

	if (depth > MESSAGE_DEPTH_MAX)
		return fail(f, FAULT_LIMIT, "message.depth",
		    "message 18: more than %u levels", MESSAGE_DEPTH_MAX);
	if (!arena_check(a, f))
		return false;
	m.commitment.committed = m.keys;
	m.commitment.target = item->target;
	m.commitment.anchor = item->anchor;
	if (!itemform_read_meta(&m.meta, item, a, f))
		return false;
	m.commitment.bundle = m.meta.is_bundle;
	if (!map_data(&m) || !map_tags(&m) ||
	    !map_field(&m, "anchor", item->anchor) ||
	    !map_field(&m, "target", item->target) ||
	    !structured_decode(&m.rich, m.tabm, a, f) ||
	    (m.meta.is_bundle && !map_bundle(&m, depth)) || !keep_tags(&m) ||
	    !attach(&m))
		return false;
	*out = m.rich;
	return arena_check(a, f);
}

bool
ans104_decode(
    struct message **out, struct bytes in, struct arena *a, struct fault *f)
{
	struct dataitem item;

	return dataitem_parse(&item, in, f) && decode_item(out, &item, 1, a, f);
}

/* Whether c is the one commitment that the item gives. */
static bool
is_same_commitment(bool *out, const struct commitment *x,
    const struct message *y, struct arena *a, struct fault *f)
{
	struct message left = { .arena = a,
		.commitments = arena_alloc(a, sizeof(*x)),
		.ncommitments = 1 };
	struct message right = { .arena = a,
		.commitments = y->commitments,
		.ncommitments = y->ncommitments };
	struct bytes given, made;

	if (!arena_check(a, f))
		return false;
	*left.commitments = *x;
	if (!message_pack(&given, &left, a, f) ||
	    !message_pack(&made, &right, a, f))
		return false;
	*out = bytes_equal(given, made);
	return true;
}

bool
ans104_rebuild(struct dataitem *out, const struct message *tabm,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	struct message *level, *rich = NULL, *again = NULL;
	bool alike = false;

	if (!itemform_make(out, tabm, c, a, f) ||
	    !itemform_level(&level, tabm, c, a, f) ||
	    !structured_decode(&rich, level, a, f) ||
	    !decode_item(&again, out, 1, a, f) ||
	    !is_same_commitment(&alike, c, again, a, f))
		return false;
	return (message_equal(rich, again) && alike) ||
	       fail(f, FAULT_VERIFY, "ans104.form",
		   "message 17: the message is not the item's");
}

bool
ans104_encode(struct bytes *out, const struct message *m, struct arena *a,
    struct fault *f)
{
	struct message *tabm;
	const struct commitment *c;
	struct dataitem item;

	return structured_encode(&tabm, m, a, f) &&
	       itemform_commitment(&c, tabm, f) &&
	       (c != NULL || fail(f, FAULT_INPUT, "commitment.none",
				 "message 17: nobody signed a data item")) &&
	       ans104_rebuild(&item, tabm, c, a, f) &&
	       dataitem_write(out, &item, a, f);
}

/* What m would be signed as: a commitment that lacks only the signature. */
static bool
commitment_of(struct commitment *out, struct message **tabm,
    const struct message *m, struct bytes modulus, struct fault *f)
{
	struct arena *a = m->arena;
	struct message_id address = message_address(modulus);

	if (modulus.n != RSA_WALLET_BYTES)
		return fail(f, FAULT_INPUT, "commitment.key",
		    "message 12: not a 4096-bit key");
	if (!structured_encode(tabm, m, a, f) ||
	    !itemform_natural(out, *tabm, a, f))
		return false;
	out->device = BYTES(COMMITMENT_ANS104);
	out->type = BYTES(COMMITMENT_RSA256);
	out->keyid = commitments_keyid(modulus, BASE64_URL, a);
	out->committer = message_id_text(&address, a);
	return true;
}

bool
ans104_base(struct bytes *out, const struct message *m, struct bytes modulus,
    struct arena *a, struct fault *f)
{
	struct commitment c;
	struct message *tabm;
	struct dataitem item;

	if (!commitment_of(&c, &tabm, m, modulus, f) ||
	    !itemform_make(&item, tabm, &c, a, f))
		return false;
	struct sha384 hash = dataitem_hash(&item);

	*out = arena_copy(a, BYTES_OF(&hash));
	return arena_check(a, f);
}

bool
ans104_attach(struct message *m, struct bytes modulus, struct bytes signature,
    struct fault *f)
{
	struct commitment c;
	struct message *tabm;
	struct dataitem item;

	if (signature.n != RSA_WALLET_BYTES)
		return fail(f, FAULT_INPUT, "commitment.key",
		    "message 12: not a 4096-bit signature");
	if (!commitment_of(&c, &tabm, m, modulus, f))
		return false;
	c.signature = arena_copy(m->arena, signature);
	c.id = commitments_id(c.signature);
	return ans104_rebuild(&item, tabm, &c, m->arena, f) &&
	       commitments_add(m, &c, f);
}
