/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/commitments.h"

#include "core/crypto/rsa.h"
#include "core/message/dataitem.h"
#include "core/message/id.h"
#include "core/message/structured.h"

#define MAC_BYTES 32u

/* BYTES, as a constant. */
#define RAW(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "commitment.form", "message 12: %s", what);
}

bool
commitments_add(struct message *m, const struct commitment *c, struct fault *f)
{
	size_t at = m->ncommitments;

	if (at == COMMITMENTS_MAX)
		return malformed(f, "too many commitments");
	struct commitment *all = arena_alloc(m->arena, (at + 1) * sizeof(*all));

	if (all == NULL)
		return arena_check(m->arena, f);
	while (at > 0 && bytes_order(BYTES_OF(&m->commitments[at - 1].id),
			     BYTES_OF(&c->id)) > 0)
		at--;
	if (at > 0 &&
	    bytes_equal(BYTES_OF(&m->commitments[at - 1].id), BYTES_OF(&c->id)))
		return malformed(f, "a commitment twice");
	for (size_t i = 0; i < m->ncommitments; i++)
		all[i < at ? i : i + 1] = m->commitments[i];
	all[at] = *c;
	m->commitments = all;
	m->ncommitments++;
	return true;
}

struct field {
	const char *name;
	size_t offset;
};

/* Members that are plain texts in both forms. */
static const struct field fields[] = {
	{ "commitment-device", offsetof(struct commitment, device) },
	{ "committer", offsetof(struct commitment, committer) },
	{ "keyid", offsetof(struct commitment, keyid) },
	{ "nonce", offsetof(struct commitment, nonce) },
	{ "tag", offsetof(struct commitment, tag) },
	{ "type", offsetof(struct commitment, type) },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static bool
read_committed(struct commitment *out, const struct value *v, struct arena *a,
    struct fault *f)
{
	if (v->kind != VALUE_LIST)
		return malformed(f, "committed is no list");
	size_t count = v->message->count;
	struct bytes *keys = arena_alloc(a, count * sizeof(*keys));

	if (keys == NULL)
		return arena_check(a, f);
	for (size_t i = 0; i < count; i++) {
		const struct value *key = message_item(v->message, i + 1);

		if (key->kind != VALUE_BYTES || key->bytes.n == 0 ||
		    key->bytes.n > MESSAGE_KEY_MAX)
			return malformed(f, "committed holds no key");
		keys[i] = key->bytes;
	}
	out->committed = keys;
	out->ncommitted = count;
	return true;
}

static bool
read_time(int64_t *out, const struct value *v, struct fault *f)
{
	if (v->kind != VALUE_INTEGER || v->integer < 0)
		return malformed(f, "a time is no number");
	*out = v->integer;
	return true;
}

/* {"1": {name, value}, ...}: the tags of a data item, as it has them. */
static bool
read_tags(struct commitment *out, const struct value *v, struct arena *a,
    struct fault *f)
{
	struct dataitem item;
	size_t count = v->message->count;

	if (count == 0 || count > DATAITEM_TAGS_MAX ||
	    !message_numbered(v->message))
		return malformed(f, "original-tags are no list of tags");
	for (size_t i = 0; i < count; i++) {
		const struct value *tag = message_item(v->message, i + 1);

		if (tag->kind != VALUE_MESSAGE || tag->message->count != 2 ||
		    !message_find_bytes(
			&item.tags[i].name, tag->message, "name") ||
		    !message_find_bytes(
			&item.tags[i].value, tag->message, "value"))
			return malformed(f, "a tag is no name and value");
	}
	item.ntags = count;
	if (!dataitem_write_tags(&item, a, f))
		return false;
	out->tags = item.tag_bytes;
	return true;
}

static bool
read_field(
    struct bytes *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct message_id id;

	if (!message_id_parse(&id, text, f))
		return false;
	*out = arena_copy(a, BYTES_OF(&id));
	return arena_check(a, f);
}

static bool
read_bundle(struct commitment *out, struct bytes text, struct fault *f)
{
	out->bundle = bytes_is(text, "true");
	/* Data items say no, too; read_one looks whose word it was. */
	return out->bundle || bytes_is(text, "false") ||
	       malformed(f, "bundle is neither true nor false");
}

/* What the tags of a bundle say, told once more; nothing else can be read. */
static const struct pair kinds[] = {
	{ RAW("bundle-format"), { .bytes = RAW("binary") } },
	{ RAW("bundle-version"), { .bytes = RAW("2.0.0") } },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool
read_kind(const struct pair *p, struct fault *f)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (bytes_equal(p->key, kinds[i].key))
			return bytes_equal(
				   p->value.bytes, kinds[i].value.bytes) ||
			       malformed(f, "a bundle of another kind");
	}
	return malformed(f, "an unknown member");
}

static bool
read_text(struct commitment *out, const struct pair *p, struct arena *a,
    struct fault *f)
{
	if (p->value.kind != VALUE_BYTES || p->value.bytes.n > UINT16_MAX)
		return malformed(f, "a member is no text");
	if (bytes_is(p->key, "signature"))
		return base64_decode(
		    &out->signature, BASE64_URL, p->value.bytes, a, f);
	if (bytes_is(p->key, "bundle"))
		return read_bundle(out, p->value.bytes, f);
	if (bytes_is(p->key, "field-target"))
		return read_field(&out->target, p->value.bytes, a, f);
	if (bytes_is(p->key, "field-anchor"))
		return read_field(&out->anchor, p->value.bytes, a, f);
	if (bytes_is(p->key, "bundle-map"))
		return read_field(&out->map, p->value.bytes, a, f);
	for (size_t i = 0; i < FIELDS; i++) {
		if (bytes_is(p->key, fields[i].name)) {
			memcpy((char *)out + fields[i].offset, &p->value.bytes,
			    sizeof(p->value.bytes));
			return true;
		}
	}
	return read_kind(p, f);
}

static bool
read_member(struct commitment *out, const struct pair *p, struct arena *a,
    struct fault *f)
{
	if (bytes_is(p->key, "committed"))
		return read_committed(out, &p->value, a, f);
	if (bytes_is(p->key, "original-tags") &&
	    (p->value.kind == VALUE_MESSAGE || p->value.kind == VALUE_LIST))
		return read_tags(out, &p->value, a, f);
	if (bytes_is(p->key, "created"))
		return read_time(&out->created, &p->value, f);
	if (bytes_is(p->key, "expires"))
		return read_time(&out->expires, &p->value, f);
	return read_text(out, p, a, f);
}

static bool
read_one(struct commitment *out, const struct pair *p, struct arena *a,
    struct fault *f)
{
	struct message *typed;

	*out = (struct commitment){ 0 };
	if (p->value.kind != VALUE_MESSAGE ||
	    message_get(p->value.message, BYTES("commitments")) != NULL)
		return malformed(f, "a commitment is no message");
	if (!message_id_parse(&out->id, p->key, f) ||
	    !structured_decode(&typed, p->value.message, a, f))
		return false;
	for (size_t i = 0; i < typed->count; i++) {
		if (!read_member(out, &typed->pairs[i], a, f))
			return false;
	}
	const struct value *bundle = message_get(typed, BYTES("bundle"));

	bool is_item = bytes_is(out->device, COMMITMENT_ANS104);

	if (bundle != NULL && !out->bundle && !is_item)
		return malformed(f, "bundle is not true");
	for (size_t i = 0; i < KINDS; i++) {
		if (message_get(typed, kinds[i].key) != NULL &&
		    !(out->bundle && is_item))
			return malformed(f, "the kind of no bundle");
	}
	if (out->signature.n == 0 || out->type.n == 0)
		return malformed(f, "no signature or type");
	return true;
}

bool
commitments_read(
    struct message *m, const struct value *v, struct arena *a, struct fault *f)
{
	if (v->kind != VALUE_MESSAGE)
		return malformed(f, "commitments are no message");
	for (size_t i = 0; i < v->message->count; i++) {
		struct commitment c;

		if (!read_one(&c, &v->message->pairs[i], a, f) ||
		    !commitments_add(m, &c, f))
			return false;
	}
	return true;
}

static struct message *
write_tags(struct bytes tag_bytes, struct arena *a)
{
	struct message *all = message_new(a);
	struct dataitem item = { 0 };
	struct fault ignored;

	/* What is no encoding of tags verifies nothing: shown as no tags. */
	(void)!dataitem_parse_tags(
	    &item, tag_bytes, dataitem_count(tag_bytes), &ignored);
	for (size_t i = 0; i < item.ntags; i++) {
		struct message *tag = message_new(a);

		message_set_bytes(tag, "name", item.tags[i].name);
		message_set_bytes(tag, "value", item.tags[i].value);
		message_append_message(all, tag);
	}
	return all;
}

/* What only a data item's commitment should have. */
static void
write_item(struct message *m, const struct commitment *c)
{
	bool is_item = bytes_is(c->device, COMMITMENT_ANS104);

	if (c->target.n != 0)
		message_set_base64(m, "field-target", c->target);
	if (c->anchor.n != 0)
		message_set_base64(m, "field-anchor", c->anchor);
	for (size_t i = 0; c->bundle && is_item && i < KINDS; i++)
		message_put(m, kinds[i].key, kinds[i].value);
	if (c->map.n != 0)
		message_set_base64(m, "bundle-map", c->map);
	if (c->tags.n != 0)
		message_set_message(
		    m, "original-tags", write_tags(c->tags, m->arena));
}

static struct message *
write_one(const struct commitment *c, struct arena *a)
{
	struct message *m = message_new(a);
	struct message *committed = message_list(m, "committed");
	bool is_item = bytes_is(c->device, COMMITMENT_ANS104);

	for (size_t i = 0; i < c->ncommitted; i++)
		message_append(committed, (struct value){ .kind = VALUE_BYTES,
					      .bytes = c->committed[i] });
	for (size_t i = 0; i < FIELDS; i++) {
		struct bytes text;

		memcpy(&text, (const char *)c + fields[i].offset, sizeof(text));
		if (text.n != 0)
			message_set_bytes(m, fields[i].name, text);
	}
	if (c->bundle || is_item)
		message_set_text(m, "bundle", c->bundle ? "true" : "false");
	write_item(m, c);
	if (c->created != 0)
		message_set_integer(m, "created", c->created);
	if (c->expires != 0)
		message_set_integer(m, "expires", c->expires);
	message_set_base64(m, "signature", c->signature);
	return m;
}

struct message *
commitments_write(const struct message *m, struct arena *a)
{
	struct message *all = message_new(a);

	for (size_t i = 0; i < m->ncommitments; i++) {
		const struct commitment *c = &m->commitments[i];

		message_put(all, message_id_text(&c->id, a),
		    (struct value){
			.kind = VALUE_MESSAGE, .message = write_one(c, a) });
	}
	return all;
}

struct bytes
commitments_keyid(struct bytes modulus, enum base64 form, struct arena *a)
{
	struct bytes prefix = BYTES(COMMITMENT_KEY);
	struct buf b = buf_in(a, prefix.n + base64_size(form, modulus.n));

	buf_put(&b, prefix);
	base64_put(&b, form, modulus);
	return buf_bytes(&b);
}

bool
commitments_modulus(
    struct bytes *out, struct bytes keyid, struct arena *a, struct fault *f)
{
	struct bytes prefix = BYTES(COMMITMENT_KEY);
	struct fault ignored;

	if (bytes_starts(keyid, prefix)) {
		struct bytes text =
		    bytes_of(keyid.p + prefix.n, keyid.n - prefix.n);

		if ((base64_decode(out, BASE64_PADDED, text, a, &ignored) ||
			base64_decode(out, BASE64_URL, text, a, &ignored)) &&
		    out->n == RSA_WALLET_BYTES)
			return true;
	}
	return fail(f, FAULT_VERIFY, "commitment.key",
	    "message 12: keyid holds no 4096-bit public key");
}

struct message_id
commitments_id(struct bytes signature)
{
	struct message_id id;

	if (signature.n == MAC_BYTES) {
		memcpy(id.b, signature.p, sizeof(id.b));
		return id;
	}
	struct sha256 hash = sha256_of(signature);

	memcpy(id.b, hash.b, sizeof(id.b));
	return id;
}
