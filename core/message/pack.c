/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/pack.h"

#include <assert.h>
#include <math.h>

#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/message/id.h"

#define PACK_VERSION  1u
#define BUNDLE_NAMED  2u
#define MAP_BYTES     32u
#define PAIR_SIZE_MIN 4u /* key length, one byte of key, kind, value */

static_assert(sizeof(double) == sizeof(uint64_t), "floats are IEEE 754");

/* The texts of a commitment, in the order of the packed form. */
static const size_t texts[] = {
	offsetof(struct commitment, device),
	offsetof(struct commitment, type),
	offsetof(struct commitment, keyid),
	offsetof(struct commitment, committer),
	offsetof(struct commitment, signature),
	offsetof(struct commitment, tag),
	offsetof(struct commitment, nonce),
	offsetof(struct commitment, target),
	offsetof(struct commitment, anchor),
	offsetof(struct commitment, tags),
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "pack.form", "message 4: %s", what);
}

static uint64_t
bits_of(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static double
number_of(uint64_t bits)
{
	double number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

/* What both directions demand of one pair without looking below it. */
static bool
pair_check(const struct pair *p, struct fault *f)
{
	const struct value *v = &p->value;
	struct message_id id;

	if (p->key.n == 0 || p->key.n > MESSAGE_KEY_MAX)
		return malformed(f, "a key is empty or too long");
	switch (v->kind) {
	case VALUE_BYTES:
		return true;
	case VALUE_INTEGER:
		if (v->integer > MESSAGE_INTEGER_MAX ||
		    v->integer < -MESSAGE_INTEGER_MAX)
			return malformed(f, "an integer has over 15 digits");
		return true;
	case VALUE_FLOAT:
		return isfinite(v->number) ||
		       malformed(f, "a float is not finite");
	case VALUE_ATOM:
		return (v->bytes.n > 0 && v->bytes.n <= MESSAGE_KEY_MAX) ||
		       malformed(f, "an atom is empty or too long");
	case VALUE_LIST:
		return (message_numbered(v->message) &&
			   v->message->ncommitments == 0) ||
		       malformed(f, "a list's keys are not 1 to n");
	case VALUE_MESSAGE:
		return true;
	case VALUE_LINK:
		return message_id_parse(&id, v->bytes, f);
	}
	return malformed(f, "a kind is unknown");
}

static bool
commitments_check(const struct message *m, struct fault *f)
{
	if (m->ncommitments > COMMITMENTS_MAX)
		return malformed(f, "too many commitments");
	for (size_t i = 1; i < m->ncommitments; i++) {
		if (bytes_order(BYTES_OF(&m->commitments[i - 1].id),
			BYTES_OF(&m->commitments[i].id)) >= 0)
			return malformed(f, "commitments out of order");
	}
	return true;
}

static void
put_text8(struct buf *b, struct bytes text)
{
	if (text.n > UINT8_MAX)
		b->full = true;
	buf_u8(b, (uint8_t)text.n);
	buf_put(b, text);
}

static void
put_text16(struct buf *b, struct bytes text)
{
	if (text.n > UINT16_MAX)
		b->full = true;
	buf_be16(b, (uint16_t)text.n);
	buf_put(b, text);
}

static void
put_commitment(struct buf *b, const struct commitment *c)
{
	buf_put(b, BYTES_OF(&c->id));
	buf_u8(b, c->map.n != 0 ? BUNDLE_NAMED : c->bundle);
	if (c->map.n != 0 && (c->map.n != MAP_BYTES || !c->bundle))
		b->full = true;
	buf_put(b, c->map);
	buf_be64(b, (uint64_t)c->created);
	buf_be64(b, (uint64_t)c->expires);
	for (size_t i = 0; i < TEXTS; i++) {
		struct bytes text;

		memcpy(&text, (const char *)c + texts[i], sizeof(text));
		put_text16(b, text);
	}
	buf_be16(b, (uint16_t)c->ncommitted);
	for (size_t i = 0; i < c->ncommitted; i++)
		put_text8(b, c->committed[i]);
}

static bool put_level(
    struct buf *b, const struct message *m, unsigned depth, struct fault *f);

static bool
put_pair(struct buf *b, const struct pair *p, unsigned depth, struct fault *f)
{
	const struct value *v = &p->value;

	if (!pair_check(p, f))
		return false;
	put_text8(b, p->key);
	buf_u8(b, (uint8_t)v->kind);
	switch (v->kind) {
	case VALUE_BYTES:
		buf_be32(b, (uint32_t)v->bytes.n);
		buf_put(b, v->bytes);
		return true;
	case VALUE_INTEGER:
		buf_be64(b, (uint64_t)v->integer);
		return true;
	case VALUE_FLOAT:
		buf_be64(b, bits_of(v->number));
		return true;
	case VALUE_ATOM:
		put_text8(b, v->bytes);
		return true;
	case VALUE_LIST:
	case VALUE_MESSAGE:
		return put_level(b, v->message, depth + 1, f);
	case VALUE_LINK:
		buf_put(b, v->bytes);
		return true;
	}
	return true;
}

static bool
put_level(
    struct buf *b, const struct message *m, unsigned depth, struct fault *f)
{
	if (depth > MESSAGE_DEPTH_MAX)
		return fail(f, FAULT_LIMIT, "message.depth",
		    "message 2: more than %u levels", MESSAGE_DEPTH_MAX);
	buf_be16(b, (uint16_t)m->count);
	for (size_t i = 0; i < m->count; i++) {
		if (!put_pair(b, &m->pairs[i], depth, f))
			return false;
	}
	if (!commitments_check(m, f))
		return false;
	buf_u8(b, (uint8_t)m->ncommitments);
	for (size_t i = 0; i < m->ncommitments; i++)
		put_commitment(b, &m->commitments[i]);
	return true;
}

bool
message_pack(struct bytes *out, const struct message *m, struct arena *a,
    struct fault *f)
{
	/* Written into all that is left, and what it did not need given back:
	 * sizing a tree first would walk it twice. */
	if (!arena_check(m->arena, f) || !arena_check(a, f))
		return false;
	size_t room = a->size - a->used < 16 ? 0 : a->size - a->used - 16;
	struct buf b =
	    buf_in(a, room < MESSAGE_SIZE_MAX ? room : MESSAGE_SIZE_MAX);

	buf_u8(&b, PACK_VERSION);
	if (!put_level(&b, m, 1, f) || !buf_check(&b, f))
		return false;
	a->used -= b.size - b.used;
	*out = buf_bytes(&b);
	return true;
}

static struct bytes
take_text8(struct cursor *c)
{
	return cursor_take(c, cursor_u8(c));
}

static bool
take_commitment(
    struct commitment *out, struct cursor *c, struct arena *a, struct fault *f)
{
	struct bytes id = cursor_take(c, sizeof(out->id.b));
	uint8_t bundle = cursor_u8(c);

	if (id.n == sizeof(out->id.b))
		memcpy(out->id.b, id.p, id.n);
	out->bundle = bundle != 0;
	out->map = cursor_take(c, bundle == BUNDLE_NAMED ? MAP_BYTES : 0);
	out->created = (int64_t)cursor_be64(c);
	out->expires = (int64_t)cursor_be64(c);
	for (size_t i = 0; i < TEXTS; i++) {
		struct bytes text = cursor_take(c, cursor_be16(c));

		memcpy((char *)out + texts[i], &text, sizeof(text));
	}
	out->ncommitted = cursor_be16(c);
	if (bundle > BUNDLE_NAMED || out->created < 0 || out->expires < 0 ||
	    out->ncommitted > MESSAGE_KEYS_READ_MAX || !cursor_ok(c))
		return malformed(f, "a commitment is malformed");
	struct bytes *keys = arena_alloc(a, out->ncommitted * sizeof(*keys));

	if (keys == NULL)
		return arena_check(a, f);
	for (size_t i = 0; i < out->ncommitted; i++)
		keys[i] = take_text8(c);
	out->committed = keys;
	return cursor_ok(c) || malformed(f, "a commitment is cut short");
}

static bool
take_commitments(
    struct message *m, struct cursor *c, struct arena *a, struct fault *f)
{
	m->ncommitments = cursor_u8(c);
	if (m->ncommitments > COMMITMENTS_MAX)
		return malformed(f, "too many commitments");
	m->commitments =
	    arena_alloc(a, m->ncommitments * sizeof(*m->commitments));
	if (m->commitments == NULL)
		return arena_check(a, f);
	for (size_t i = 0; i < m->ncommitments; i++) {
		if (!take_commitment(&m->commitments[i], c, a, f))
			return false;
	}
	return commitments_check(m, f);
}

static bool take_level(struct message **out, struct cursor *c, unsigned depth,
    struct arena *a, struct fault *f);

static bool
take_pair(struct pair *out, struct cursor *c, unsigned depth, struct arena *a,
    struct fault *f)
{
	struct value *v = &out->value;

	out->key = take_text8(c);
	v->kind = cursor_u8(c);
	switch (v->kind) {
	case VALUE_BYTES:
		v->bytes = cursor_take(c, cursor_be32(c));
		break;
	case VALUE_INTEGER:
		v->integer = (int64_t)cursor_be64(c);
		break;
	case VALUE_FLOAT:
		v->number = number_of(cursor_be64(c));
		break;
	case VALUE_ATOM:
		v->bytes = take_text8(c);
		break;
	case VALUE_LIST:
	case VALUE_MESSAGE:
		if (!take_level(&v->message, c, depth + 1, a, f))
			return false;
		break;
	case VALUE_LINK:
		v->bytes = cursor_take(c, MESSAGE_ID_TEXT);
		break;
	}
	return pair_check(out, f);
}

static bool
take_level(struct message **out, struct cursor *c, unsigned depth,
    struct arena *a, struct fault *f)
{
	size_t count = cursor_be16(c);
	struct message *m = message_new(a);

	if (depth > MESSAGE_DEPTH_MAX)
		return fail(f, FAULT_LIMIT, "message.depth",
		    "message 2: more than %u levels", MESSAGE_DEPTH_MAX);
	if (count > MESSAGE_KEYS_READ_MAX || count > c->left / PAIR_SIZE_MIN)
		return malformed(f, "too many keys");
	m->pairs = arena_alloc(a, count * sizeof(*m->pairs));
	if (m->pairs == NULL)
		return arena_check(a, f);
	for (m->room = count; m->count < count; m->count++) {
		struct pair *p = &m->pairs[m->count];

		if (!take_pair(p, c, depth, a, f))
			return false;
		if (m->count > 0 && bytes_order(p[-1].key, p->key) >= 0)
			return malformed(f, "keys out of order");
	}
	*out = m;
	return take_commitments(m, c, a, f) && arena_check(a, f);
}

bool
message_unpack(
    struct message **out, struct bytes in, struct arena *a, struct fault *f)
{
	struct cursor c = cursor_over(in);
	struct message *m = NULL;

	if (in.n > MESSAGE_SIZE_MAX)
		return fail(
		    f, FAULT_LIMIT, "pack.size", "message 2: %zu bytes", in.n);
	if (cursor_u8(&c) != PACK_VERSION)
		return malformed(f, "unknown version");
	if (!take_level(&m, &c, 1, a, f))
		return false;
	if (!cursor_done(&c))
		return malformed(f, "bytes missing or left over");
	*out = m;
	return true;
}
