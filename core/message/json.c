/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/json.h"

#include <jansson.h>

#include "core/base/buf.h"
#include "core/base/utf8.h"
#include "core/crypto/crypto.h"
#include "core/message/commitments.h"
#include "core/message/number.h"
#include "core/message/structured.h"

/* A message's levels, and those that commitments add below the last. */
#define NESTING_MAX (MESSAGE_DEPTH_MAX + 3u)
#define VALUES_MAX  65536u

/* JSON has numbers of its own, so ao-types tells the atoms only. */
static const char *const types[] = {
	[VALUE_BYTES] = NULL,
	[VALUE_INTEGER] = NULL,
	[VALUE_FLOAT] = NULL,
	[VALUE_ATOM] = "atom",
	[VALUE_LIST] = NULL,
	[VALUE_MESSAGE] = NULL,
	[VALUE_LINK] = NULL,
};

static void
put_escaped(struct buf *b, uint8_t byte)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = byte == 0 ? NULL : strchr(from, byte);

	if (at != NULL) {
		buf_u8(b, '\\');
		buf_u8(b, (uint8_t)to[at - from]);
	} else if (byte < 0x20) {
		buf_print(b, "\\u%04x", byte);
	} else {
		buf_u8(b, byte);
	}
}

/* How many bytes from p on stand for themselves: most of every text. */
static size_t
plain(const uint8_t *p, size_t left)
{
	size_t n = 0;

	while (n < left && p[n] >= 0x20 && p[n] < 0x7f && p[n] != '"' &&
	       p[n] != '\\')
		n++;
	return n;
}

static bool
put_string(struct buf *b, struct bytes text, struct fault *f)
{
	buf_u8(b, '"');
	for (size_t i = 0; i < text.n;) {
		size_t n = plain(text.p + i, text.n - i);

		if (n != 0) {
			buf_put(b, bytes_of(text.p + i, n));
			i += n;
			continue;
		}
		n = utf8_sequence(text.p + i, text.n - i);

		if (n == 0)
			return fail(f, FAULT_INPUT, "json.utf8",
			    "message 14: bytes that are not UTF-8");
		if (n == 1)
			put_escaped(b, text.p[i]);
		else
			buf_put(b, bytes_of(text.p + i, n));
		i += n;
	}
	buf_u8(b, '"');
	return true;
}

/* An array cannot say which items are atoms or links. */
static bool
is_array(const struct value *level)
{
	const struct message *m = level->message;

	for (size_t i = 0; i < m->count; i++) {
		enum value_kind kind = m->pairs[i].value.kind;

		if (kind == VALUE_ATOM || kind == VALUE_LINK)
			return false;
	}
	return level->kind == VALUE_LIST;
}

/* A level with its links' names, types and commitments among its keys. */
static struct message *
shown(const struct value *level, struct arena *a)
{
	const struct message *m = level->message;
	struct message *all = message_new(a);
	struct bytes typed = structured_types(level, types, a);

	for (size_t i = 0; i < m->count; i++) {
		struct pair p = m->pairs[i];

		if (p.value.kind == VALUE_LINK)
			p.key =
			    arena_print(a, "%.*s+link", (int)p.key.n, p.key.p);
		message_put(all, p.key, p.value);
	}
	if (typed.n != 0)
		message_put(all, BYTES("ao-types"),
		    (struct value){ .kind = VALUE_BYTES, .bytes = typed });
	if (m->ncommitments != 0)
		message_put(all, BYTES("commitments"),
		    (struct value){ .kind = VALUE_MESSAGE,
			.message = commitments_write(m, a) });
	return all;
}

static bool put_value(
    struct buf *b, const struct value *v, struct arena *a, struct fault *f);

static bool
put_array(
    struct buf *b, const struct message *list, struct arena *a, struct fault *f)
{
	buf_u8(b, '[');
	for (size_t i = 1; i <= list->count; i++) {
		if (i > 1)
			buf_u8(b, ',');
		if (!put_value(b, message_item(list, i), a, f))
			return false;
	}
	buf_u8(b, ']');
	return true;
}

static bool
put_object(
    struct buf *b, const struct value *level, struct arena *a, struct fault *f)
{
	const struct message *all = shown(level, a);

	buf_u8(b, '{');
	for (size_t i = 0; i < all->count; i++) {
		if (i > 0)
			buf_u8(b, ',');
		if (!put_string(b, all->pairs[i].key, f))
			return false;
		buf_u8(b, ':');
		if (!put_value(b, &all->pairs[i].value, a, f))
			return false;
	}
	buf_u8(b, '}');
	return true;
}

static bool
put_value(
    struct buf *b, const struct value *v, struct arena *a, struct fault *f)
{
	switch (v->kind) {
	case VALUE_BYTES:
	case VALUE_ATOM:
	case VALUE_LINK:
		return put_string(b, v->bytes, f);
	case VALUE_INTEGER:
		buf_put(b, structured_text(v, a));
		return true;
	case VALUE_FLOAT:
		buf_put(b, number_json_text(v->number, a));
		return true;
	case VALUE_LIST:
	case VALUE_MESSAGE:
		return is_array(v) ? put_array(b, v->message, a, f)
				   : put_object(b, v, a, f);
	}
	return true;
}

/* Room for one value: every byte may become six. */
static size_t
room_of(const struct value *v)
{
	const struct message *m = v->message;
	size_t room = 64;

	if (v->kind == VALUE_BYTES || v->kind == VALUE_ATOM ||
	    v->kind == VALUE_LINK)
		return room + 6 * v->bytes.n;
	if (v->kind != VALUE_LIST && v->kind != VALUE_MESSAGE)
		return room;
	for (size_t i = 0; i < m->count; i++)
		room +=
		    16 + 9 * m->pairs[i].key.n + room_of(&m->pairs[i].value);
	for (size_t i = 0; i < m->ncommitments; i++) {
		const struct commitment *c = &m->commitments[i];

		room += 512 + 2 * c->signature.n +
			6 * (c->device.n + c->type.n + c->keyid.n +
				c->committer.n + c->tag.n + c->nonce.n);
		for (size_t k = 0; k < c->ncommitted; k++)
			room += 16 + 6 * c->committed[k].n;
	}
	return room;
}

bool
json_encode(struct bytes *out, const struct message *m, struct arena *a,
    struct fault *f)
{
	const struct value top = structured_level(m);
	struct message *tabm;

	/* For what it refuses: from here on, every value has a text. */
	if (!structured_encode(&tabm, m, a, f))
		return false;
	struct buf b = buf_in(a, room_of(&top));

	if (!put_object(&b, &top, a, f) || !arena_check(a, f) ||
	    !buf_check(&b, f))
		return false;
	*out = buf_bytes(&b);
	return true;
}

static bool
bad_syntax(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "json.syntax", "message 14: %s", what);
}

static unsigned
depth_behind(uint8_t byte, unsigned depth)
{
	if (byte == '{' || byte == '[')
		return depth + 1;
	if ((byte == '}' || byte == ']') && depth > 0)
		return depth - 1;
	return depth;
}

/* Whether brackets nest less deep than the parser may go, and commas and
 * brackets promise no more values than it may make: it takes a hundred bytes
 * of heap for two of text. Quotes inside strings are escaped, so a string ends
 * at the next bare one. */
static bool
scan(struct bytes text, struct fault *f)
{
	bool in_string = false;
	unsigned depth = 0, values = 0;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];

		if (in_string && byte == '\\')
			i++;
		else if (byte == '"')
			in_string = !in_string;
		if (in_string)
			continue;
		depth = depth_behind(byte, depth);
		values += byte == '{' || byte == '[' || byte == ',';
		if (depth > NESTING_MAX)
			return bad_syntax(f, "nested too deep");
		if (values > VALUES_MAX)
			return fail(f, FAULT_LIMIT, "json.size",
			    "message 2: more than %u values", VALUES_MAX);
	}
	return true;
}

static bool read_level(
    struct message **out, json_t *json, struct arena *a, struct fault *f);

static bool
read_value(struct value *out, json_t *json, struct arena *a, struct fault *f)
{
	switch (json_typeof(json)) {
	case JSON_STRING:
		out->kind = VALUE_BYTES;
		out->bytes = arena_copy(a, bytes_of(json_string_value(json),
					       json_string_length(json)));
		return true;
	case JSON_INTEGER:
		out->kind = VALUE_INTEGER;
		out->integer = json_integer_value(json);
		return (out->integer <= MESSAGE_INTEGER_MAX &&
			   out->integer >= -MESSAGE_INTEGER_MAX) ||
		       bad_syntax(f, "an integer of over 15 digits");
	case JSON_REAL:
		out->kind = VALUE_FLOAT;
		out->number = json_real_value(json);
		return true;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		out->kind = VALUE_ATOM;
		out->bytes = json_is_null(json)   ? BYTES("null")
			     : json_is_true(json) ? BYTES("true")
						  : BYTES("false");
		return true;
	case JSON_ARRAY:
	case JSON_OBJECT:
		out->kind = json_is_array(json) ? VALUE_LIST : VALUE_MESSAGE;
		return read_level(&out->message, json, a, f);
	}
	return bad_syntax(f, "an unknown value");
}

static bool
read_array(struct message *out, json_t *json, struct arena *a, struct fault *f)
{
	for (size_t i = 0; i < json_array_size(json); i++) {
		struct bytes key = arena_print(a, "%zu", i + 1);
		struct value v;

		if (!read_value(&v, json_array_get(json, i), a, f))
			return false;
		message_put(out, key, v);
	}
	return true;
}

static bool
read_object(struct message *out, json_t *json, struct arena *a, struct fault *f)
{
	for (void *at = json_object_iter(json); at != NULL;
	    at = json_object_iter_next(json, at)) {
		struct bytes key = bytes_of(
		    json_object_iter_key(at), json_object_iter_key_len(at));
		struct value v;

		if (!read_value(&v, json_object_iter_value(at), a, f))
			return false;
		message_put(out, arena_copy(a, key), v);
	}
	return true;
}

static bool
read_level(struct message **out, json_t *json, struct arena *a, struct fault *f)
{
	size_t count = json_is_array(json) ? json_array_size(json)
					   : json_object_size(json);

	if (count > MESSAGE_KEYS_READ_MAX)
		return fail(f, FAULT_LIMIT, "message.keys",
		    "message 2: %zu keys in one level", count);
	*out = message_new(a);
	if (json_is_array(json) ? !read_array(*out, json, a, f)
				: !read_object(*out, json, a, f))
		return false;
	return arena_check(a, f);
}

/* jansson makes its hash seed from files and the clock unless it is told. */
static void
seed(void)
{
	size_t random;

	crypto_random(&random, sizeof(random));
	json_object_seed(random | 1);
}

bool
json_decode(
    struct message **out, struct bytes text, struct arena *a, struct fault *f)
{
	struct message *tabm;
	json_error_t error;

	if (text.n > MESSAGE_SIZE_MAX)
		return fail(f, FAULT_LIMIT, "json.size", "message 2: %zu bytes",
		    text.n);
	if (!scan(text, f))
		return false;
	seed();
	json_t *json = json_loadb((const char *)text.p, text.n,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	bool ok = false;

	if (json == NULL)
		(void)fail(f, FAULT_INPUT, "json.syntax",
		    "message 14: no JSON at byte %d", error.position);
	else if (!json_is_object(json))
		(void)bad_syntax(f, "no object");
	else
		ok = read_level(&tabm, json, a, f);
	json_decref(json);
	return ok && structured_decode(out, tabm, a, f);
}

bool
json_read_real(double *out, struct bytes text)
{
	/* Digits first: an array or a string would be JSON, too. */
	bool number =
	    text.n != 0 &&
	    (text.p[0] == '-' || (text.p[0] >= '0' && text.p[0] <= '9'));
	json_t *json = number ? json_loadb((const char *)text.p, text.n,
				    JSON_DECODE_ANY, NULL)
			      : NULL;
	bool is_real = json != NULL && json_is_real(json);

	if (is_real)
		*out = json_real_value(json);
	json_decref(json);
	return is_real;
}
