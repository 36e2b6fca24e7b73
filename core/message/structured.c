/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/structured.h"

#include <math.h>

#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/number.h"
#include "core/message/sf.h"

#define LINK_SUFFIX BYTES("+link")

/* Names that codecs give a meaning of their own: a value under one of them
 * would be lost, or be taken for what it is not. */
static const char *const reserved[] = {
	"ao-body-key",
	"ao-types",
	"commitments",
	"content-digest",
	"unsigned_id",
};
#define RESERVED (sizeof(reserved) / sizeof(reserved[0]))

static const char *const type_names[] = {
	[VALUE_BYTES] = NULL,
	[VALUE_INTEGER] = "integer",
	[VALUE_FLOAT] = "float",
	[VALUE_ATOM] = "atom",
	[VALUE_LIST] = NULL,
	[VALUE_MESSAGE] = NULL,
	[VALUE_LINK] = NULL,
};

const char *
structured_type(enum value_kind kind)
{
	return type_names[kind];
}

struct value
structured_level(const struct message *m)
{
	union {
		const struct message *given;
		struct message *held;
	} same = { .given = m };

	return (struct value){ .kind = m->is_list ? VALUE_LIST : VALUE_MESSAGE,
		.message = same.held };
}

static bool
is_plain(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
	       (byte != 0 && strchr(".-_/?&", byte) != NULL);
}

void
structured_put_escaped(struct buf *b, struct bytes key)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < key.n; i++) {
		uint8_t byte = key.p[i];

		if (is_plain(byte)) {
			buf_u8(b, byte);
			continue;
		}
		buf_u8(b, '%');
		buf_u8(b, (uint8_t)digits[byte >> 4]);
		buf_u8(b, (uint8_t)digits[byte & 15]);
	}
}

/* The value of a lower-case hex digit, or 16. */
static uint8_t
nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return (uint8_t)(c - '0');
	return c >= 'a' && c <= 'f' ? (uint8_t)(c - 'a' + 10) : 16;
}

bool
structured_unescape(
    struct bytes *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct buf b = buf_in(a, text.n);
	struct cursor c = cursor_over(text);

	while (c.left != 0) {
		uint8_t byte = cursor_u8(&c);

		if (byte == '%') {
			uint8_t high = nibble(cursor_u8(&c));
			uint8_t low = nibble(cursor_u8(&c));

			byte = (uint8_t)(high << 4 | low);
			/* One text per key: only what must be is escaped. */
			if (high > 15 || low > 15 || is_plain(byte))
				return fail(f, FAULT_INPUT, "message.types",
				    "message 7: a bad escape in a name");
		}
		buf_u8(&b, byte);
	}
	*out = buf_bytes(&b);
	return buf_check(&b, f);
}

struct bytes
structured_bare_key(struct bytes key, bool *is_link)
{
	struct bytes suffix = LINK_SUFFIX;

	*is_link = key.n > suffix.n &&
		   memcmp(key.p + key.n - suffix.n, suffix.p, suffix.n) == 0;
	return *is_link ? bytes_of(key.p, key.n - suffix.n) : key;
}

struct bytes
structured_text(const struct value *v, struct arena *a)
{
	switch (v->kind) {
	case VALUE_BYTES:
	case VALUE_ATOM:
	case VALUE_LINK:
		return v->bytes;
	case VALUE_INTEGER:
		return arena_print(a, "%lld", (long long)v->integer);
	case VALUE_FLOAT:
		return number_float_text(v->number, a);
	case VALUE_LIST:
	case VALUE_MESSAGE:
		return (struct bytes){ 0 };
	}
	return (struct bytes){ 0 };
}

static bool
key_check(struct bytes key, struct fault *f)
{
	bool is_link, bad = key.n == 0 || key.n > MESSAGE_KEY_MAX;

	for (size_t i = 0; i < key.n; i++)
		bad = bad || key.p[i] <= 0x20 || key.p[i] > 0x7e ||
		      strchr("\"%\\", key.p[i]) != NULL;
	for (size_t i = 0; i < RESERVED; i++)
		bad = bad || bytes_is(key, reserved[i]);
	(void)structured_bare_key(key, &is_link);
	if (bad || is_link || bytes_starts(key, BYTES("priv")))
		return fail(f, FAULT_INPUT, "message.key",
		    "message 6: a key of %zu bytes that cannot be sent", key.n);
	return true;
}

static bool
is_atom(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] <= 0x20 || text.p[i] > 0x7e)
			return false;
	}
	return text.n > 0 && text.n <= MESSAGE_KEY_MAX;
}

/* Whether the value has a text that reads back as itself. */
static bool
value_check(const struct value *v, struct fault *f)
{
	struct message_id id;

	if ((v->kind == VALUE_INTEGER &&
		(v->integer > MESSAGE_INTEGER_MAX ||
		    v->integer < -MESSAGE_INTEGER_MAX)) ||
	    (v->kind == VALUE_FLOAT && !isfinite(v->number)) ||
	    (v->kind == VALUE_ATOM && !is_atom(v->bytes)))
		return fail(f, FAULT_INPUT, "message.value",
		    "message 6: a number or atom out of range");
	return v->kind != VALUE_LINK || message_id_parse(&id, v->bytes, f);
}

static bool encode_level(struct message **out, const struct value *level,
    unsigned depth, struct arena *a, struct fault *f);

static bool
encode_pair(struct message *out, const struct pair *p, unsigned depth,
    struct arena *a, struct fault *f)
{
	const struct value *v = &p->value;
	struct value coded = { .kind = v->kind };
	struct bytes key = p->key;

	if (!key_check(key, f) || !value_check(v, f))
		return false;
	if (v->kind == VALUE_LIST || v->kind == VALUE_MESSAGE) {
		if (!encode_level(&coded.message, v, depth + 1, a, f))
			return false;
	} else {
		coded.kind = VALUE_BYTES;
		coded.bytes = structured_text(v, a);
	}
	if (v->kind == VALUE_LINK)
		key = arena_print(a, "%.*s+link", (int)key.n, key.p);
	/* "k" and "k+link" are one key; the rich form has had it once. */
	message_put(out, key, coded);
	return true;
}

struct bytes
structured_types(
    const struct value *level, const char *const names[], struct arena *a)
{
	const struct message *m = level->message;
	size_t room = sizeof(".=\"list\", ");

	for (size_t i = 0; i < m->count; i++) {
		if (names[m->pairs[i].value.kind] != NULL)
			room +=
			    3 * m->pairs[i].key.n + sizeof("=\"integer\", ");
	}
	struct buf b = buf_in(a, room);

	if (level->kind == VALUE_LIST)
		buf_text(&b, ".=\"list\"");
	for (size_t i = 0; i < m->count; i++) {
		const char *type = names[m->pairs[i].value.kind];

		if (type == NULL)
			continue;
		if (b.used != 0)
			buf_text(&b, ", ");
		structured_put_escaped(&b, m->pairs[i].key);
		buf_u8(&b, '=');
		sf_put_string(&b, bytes_text(type));
	}
	return buf_bytes(&b);
}

static bool
encode_level(struct message **out, const struct value *level, unsigned depth,
    struct arena *a, struct fault *f)
{
	const struct message *m = level->message;
	struct message *coded = message_new(a);

	if (depth > MESSAGE_DEPTH_MAX)
		return fail(f, FAULT_LIMIT, "message.depth",
		    "message 2: more than %u levels", MESSAGE_DEPTH_MAX);
	for (size_t i = 0; i < m->count; i++) {
		if (!encode_pair(coded, &m->pairs[i], depth, a, f))
			return false;
	}
	struct bytes types = structured_types(level, type_names, a);

	if (types.n != 0)
		message_put(coded, BYTES("ao-types"),
		    (struct value){ .kind = VALUE_BYTES, .bytes = types });
	coded->commitments = m->commitments;
	coded->ncommitments = m->ncommitments;
	*out = coded;
	return arena_check(a, f);
}

bool
structured_encode(struct message **out, const struct message *m,
    struct arena *a, struct fault *f)
{
	const struct value top = structured_level(m);

	return arena_check(m->arena, f) && encode_level(out, &top, 1, a, f);
}

static bool
bad_types(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "message.types", "message 7: %s", what);
}

/* Reads text as the type says, or agrees that the leaf has it already. */
static bool
apply_type(struct value *v, struct bytes type, struct fault *f)
{
	const char *have = type_names[v->kind];
	struct bytes text = v->bytes;

	if (have != NULL)
		return bytes_is(type, have) ||
		       bad_types(f, "a leaf is of another type");
	if (v->kind != VALUE_BYTES)
		return bad_types(f, "a type for what is no leaf");
	if (bytes_is(type, "integer")) {
		v->kind = VALUE_INTEGER;
		return number_parse_integer(&v->integer, text) ||
		       bad_types(f, "no integer of up to 15 digits");
	}
	if (bytes_is(type, "float")) {
		v->kind = VALUE_FLOAT;
		return number_parse_float(&v->number, text) ||
		       bad_types(f, "no float with 20 decimals");
	}
	v->kind = VALUE_ATOM;
	return (bytes_is(type, "atom") && is_atom(text)) ||
	       bad_types(f, "an unknown type, or no atom");
}

/* Applies one member of ao-types to the level; ".": it is a list. */
static bool
apply_member(struct value *level, const struct sf_member *member,
    struct arena *a, struct fault *f)
{
	struct bytes key = { 0 };

	if (member->value.kind != SF_STRING || member->nparams != 0)
		return bad_types(f, "a type is no string");
	if (bytes_is(member->key, ".") &&
	    bytes_is(member->value.text, "list")) {
		level->kind = VALUE_LIST;
		return true;
	}
	if (!structured_unescape(&key, member->key, a, f))
		return false;
	const struct value *have = message_get(level->message, key);

	if (have == NULL)
		return bad_types(f, "a type of a key that is not there");
	struct value typed = *have;

	if (!apply_type(&typed, member->value.text, f))
		return false;
	message_put(level->message, key, typed);
	return true;
}

static bool
apply_types(struct value *level, const struct message *tabm, struct arena *a,
    struct fault *f)
{
	const struct value *types = message_get(tabm, BYTES("ao-types"));
	struct message *seen = message_new(a);

	if (types == NULL)
		return true;
	if (types->kind != VALUE_BYTES)
		return bad_types(f, "ao-types is no text");
	/* How a multipart body says that a part is an empty message. */
	if (bytes_is(types->bytes, "empty-message"))
		return level->message->count == 0 ||
		       bad_types(f, "an empty message with keys");
	struct cursor c = cursor_over(types->bytes);

	while (c.left != 0) {
		struct sf_member member;

		if (!sf_take(&member, &c, a, f))
			return false;
		if (message_get(seen, member.key) != NULL)
			return bad_types(f, "a type twice");
		message_put(seen, member.key, (struct value){ 0 });
		if (!arena_check(a, f) || !apply_member(level, &member, a, f))
			return false;
	}
	return level->kind != VALUE_LIST || message_numbered(level->message) ||
	       bad_types(f, "a list's keys are not 1 to n");
}

static bool decode_level(struct value *out, const struct value *level,
    unsigned depth, struct arena *a, struct fault *f);

static bool
decode_pair(struct message *out, const struct pair *p, unsigned depth,
    struct arena *a, struct fault *f)
{
	struct value v = p->value;
	struct message_id id;
	bool is_link;
	struct bytes key = structured_bare_key(p->key, &is_link);

	if (key.n == 0 || key.n > MESSAGE_KEY_MAX)
		return fail(f, FAULT_INPUT, "message.key",
		    "message 6: a key is empty or too long");
	if (is_link) {
		if (v.kind != VALUE_BYTES || !message_id_parse(&id, v.bytes, f))
			return fail(f, FAULT_INPUT, "message.link",
			    "message 5: a link holds no id");
		v.kind = VALUE_LINK;
	}
	if ((v.kind == VALUE_MESSAGE || v.kind == VALUE_LIST) &&
	    !decode_level(&v, &p->value, depth + 1, a, f))
		return false;
	if (message_get(out, key) != NULL)
		return fail(f, FAULT_INPUT, "message.duplicate",
		    "message 2: a key is there twice");
	message_put(out, key, v);
	return true;
}

static bool
decode_level(struct value *out, const struct value *level, unsigned depth,
    struct arena *a, struct fault *f)
{
	const struct message *tabm = level->message;
	struct value v = { .kind = level->kind, .message = message_new(a) };

	if (depth > MESSAGE_DEPTH_MAX)
		return fail(f, FAULT_LIMIT, "message.depth",
		    "message 2: more than %u levels", MESSAGE_DEPTH_MAX);
	for (size_t i = 0; i < tabm->count; i++) {
		const struct pair *p = &tabm->pairs[i];

		if (bytes_is(p->key, "ao-types"))
			continue;
		if (bytes_is(p->key, "commitments")) {
			if (!commitments_read(v.message, &p->value, a, f))
				return false;
			continue;
		}
		if (!decode_pair(v.message, p, depth, a, f))
			return false;
	}
	if (!apply_types(&v, tabm, a, f))
		return false;
	if (v.kind == VALUE_LIST && v.message->ncommitments != 0)
		return bad_types(f, "a list with commitments");
	*out = v;
	return arena_check(a, f);
}

bool
structured_decode_level(struct value *out, const struct message *tabm,
    struct arena *a, struct fault *f)
{
	const struct value top = structured_level(tabm);

	return decode_level(out, &top, 1, a, f);
}

bool
structured_decode(struct message **out, const struct message *tabm,
    struct arena *a, struct fault *f)
{
	struct value v = { 0 };

	if (!structured_decode_level(&v, tabm, a, f))
		return false;
	if (v.kind != VALUE_MESSAGE)
		return bad_types(f, "the outermost level is a list");
	*out = v.message;
	return true;
}
