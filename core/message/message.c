/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/message.h"

#include <assert.h>

#include "core/base/base64.h"

#define ROOM_FIRST 8u

struct message *
message_new(struct arena *a)
{
	/* Builders go on without memory: what they build is never read,
	 * because a codec first asks the arena whether all of it fitted. */
	static struct message lost;
	struct message *m = arena_alloc(a, sizeof(*m));

	if (m == NULL)
		m = &lost;
	*m = (struct message){ .arena = a };
	return m;
}

/* The pair of key, or NULL; at is its place, or the one where it belongs. */
static struct pair *
pair_of(const struct message *m, struct bytes key, size_t *at)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = bytes_order(m->pairs[middle].key, key);

		if (order == 0) {
			*at = middle;
			return &m->pairs[middle];
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*at = low;
	return NULL;
}

static bool
has_room(struct message *m)
{
	if (m->count < m->room)
		return true;
	size_t room = m->room == 0 ? ROOM_FIRST : m->room * 2;

	if (room > MESSAGE_KEYS_READ_MAX) {
		m->arena->exhausted = true;
		return false;
	}
	struct pair *pairs = arena_alloc(m->arena, room * sizeof(*pairs));

	if (pairs == NULL)
		return false;
	if (m->count != 0)
		memcpy(pairs, m->pairs, m->count * sizeof(*pairs));
	m->pairs = pairs;
	m->room = room;
	return true;
}

void
message_put(struct message *m, struct bytes key, struct value value)
{
	size_t at;
	struct pair *have = pair_of(m, key, &at);

	if (have != NULL) {
		have->value = value;
		return;
	}
	if (!has_room(m))
		return;
	struct pair *pairs = m->pairs;

	assert(pairs != NULL);
	memmove(pairs + at + 1, pairs + at, (m->count - at) * sizeof(*pairs));
	pairs[at] = (struct pair){ key, value };
	m->count++;
}

static bool
holds_bytes(enum value_kind kind)
{
	return kind == VALUE_BYTES || kind == VALUE_ATOM || kind == VALUE_LINK;
}

void
message_set(struct message *m, struct bytes key, struct value value)
{
	if (holds_bytes(value.kind))
		value.bytes = arena_copy(m->arena, value.bytes);
	message_put(m, arena_copy(m->arena, key), value);
}

static void
set(struct message *m, const char *key, struct value value)
{
	message_set(m, bytes_text(key), value);
}

void
message_set_bytes(struct message *m, const char *key, struct bytes value)
{
	set(m, key, (struct value){ .kind = VALUE_BYTES, .bytes = value });
}

void
message_set_text(struct message *m, const char *key, const char *text)
{
	message_set_bytes(m, key, bytes_text(text));
}

void
message_set_integer(struct message *m, const char *key, int64_t value)
{
	set(m, key, (struct value){ .kind = VALUE_INTEGER, .integer = value });
}

void
message_set_bool(struct message *m, const char *key, bool value)
{
	set(m, key,
	    (struct value){ .kind = VALUE_ATOM,
		.bytes = bytes_text(value ? "true" : "false") });
}

void
message_set_null(struct message *m, const char *key)
{
	set(m, key,
	    (struct value){ .kind = VALUE_ATOM, .bytes = BYTES("null") });
}

void
message_set_base64(struct message *m, const char *key, struct bytes raw)
{
	struct bytes text = base64_encode(m->arena, BASE64_URL, raw);

	message_put(m, arena_copy(m->arena, bytes_text(key)),
	    (struct value){ .kind = VALUE_BYTES, .bytes = text });
}

void
message_set_link(
    struct message *m, const char *key, const struct message_id *id)
{
	message_put(m, arena_copy(m->arena, bytes_text(key)),
	    (struct value){ .kind = VALUE_LINK,
		.bytes = base64_encode(m->arena, BASE64_URL, BYTES_OF(id)) });
}

void
message_set_message(struct message *m, const char *key, struct message *child)
{
	set(m, key, (struct value){ .kind = VALUE_MESSAGE, .message = child });
}

struct message *
message_list(struct message *m, const char *key)
{
	struct message *list = message_new(m->arena);

	set(m, key, (struct value){ .kind = VALUE_LIST, .message = list });
	return list;
}

void
message_append(struct message *list, struct value value)
{
	struct bytes key = arena_print(list->arena, "%zu", list->count + 1);

	if (holds_bytes(value.kind))
		value.bytes = arena_copy(list->arena, value.bytes);
	message_put(list, key, value);
}

void
message_append_text(struct message *list, const char *text)
{
	message_append(list,
	    (struct value){ .kind = VALUE_BYTES, .bytes = bytes_text(text) });
}

void
message_append_message(struct message *list, struct message *child)
{
	message_append(
	    list, (struct value){ .kind = VALUE_MESSAGE, .message = child });
}

/* The decimal text of a place, in memory that the caller gives. */
static struct bytes
place_text(uint8_t text[static 20], size_t place)
{
	size_t at = 20;

	do {
		text[--at] = (uint8_t)('0' + place % 10);
		place /= 10;
	} while (place != 0);
	return bytes_of(text + at, 20 - at);
}

const struct value *
message_item(const struct message *list, size_t place)
{
	uint8_t text[20];

	return message_get(list, place_text(text, place));
}

bool
message_numbered(const struct message *list)
{
	for (size_t i = 1; i <= list->count; i++) {
		if (message_item(list, i) == NULL)
			return false;
	}
	return true;
}

const struct value *
message_get(const struct message *m, struct bytes key)
{
	size_t at;
	const struct pair *have = pair_of(m, key, &at);

	return have == NULL ? NULL : &have->value;
}

static bool
holds_message(const struct value *v)
{
	return v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST;
}

const struct value *
message_find(const struct message *m, const char *path)
{
	for (;;) {
		const char *slash = strchrnul(path, '/');
		const struct value *v =
		    message_get(m, bytes_of(path, (size_t)(slash - path)));

		if (v == NULL || *slash == '\0')
			return v;
		if (!holds_message(v))
			return NULL;
		m = v->message;
		path = slash + 1;
	}
}

static const struct value *
find_kind(const struct message *m, const char *path, enum value_kind kind)
{
	const struct value *v = message_find(m, path);

	return v != NULL && v->kind == kind ? v : NULL;
}

bool
message_find_bytes(struct bytes *out, const struct message *m, const char *path)
{
	const struct value *v = find_kind(m, path, VALUE_BYTES);

	if (v != NULL)
		*out = v->bytes;
	return v != NULL;
}

bool
message_find_integer(int64_t *out, const struct message *m, const char *path)
{
	const struct value *v = find_kind(m, path, VALUE_INTEGER);

	if (v != NULL)
		*out = v->integer;
	return v != NULL;
}

bool
message_find_message(
    const struct message **out, const struct message *m, const char *path)
{
	const struct value *v = find_kind(m, path, VALUE_MESSAGE);

	if (v != NULL)
		*out = v->message;
	return v != NULL;
}

bool
message_find_list(
    const struct message **out, const struct message *m, const char *path)
{
	const struct value *v = find_kind(m, path, VALUE_LIST);

	if (v != NULL)
		*out = v->message;
	return v != NULL;
}

bool
message_find_base64(struct bytes *out, const struct message *m,
    const char *path, struct arena *a, struct fault *f)
{
	struct bytes text;

	if (!message_find_bytes(&text, m, path))
		return fail(f, FAULT_INPUT, "message.missing",
		    "message 3: no bytes at %s", path);
	return base64_decode(out, BASE64_URL, text, a, f);
}

struct message *
message_copy(const struct message *m, struct arena *a)
{
	struct message *copy = message_new(a);

	for (size_t i = 0; i < m->count; i++) {
		struct value v = m->pairs[i].value;

		if (holds_message(&v))
			v.message = message_copy(v.message, a);
		message_set(copy, m->pairs[i].key, v);
	}
	return copy;
}

static bool
value_equal(const struct value *x, const struct value *y)
{
	if (x->kind != y->kind)
		return false;
	if (holds_message(x))
		return message_equal(x->message, y->message);
	if (holds_bytes(x->kind))
		return bytes_equal(x->bytes, y->bytes);
	/* Bit by bit: no two zeros are one. */
	return memcmp(&x->integer, &y->integer, sizeof(x->integer)) == 0;
}

bool
message_equal(const struct message *x, const struct message *y)
{
	if (x->count != y->count)
		return false;
	for (size_t i = 0; i < x->count; i++) {
		if (!bytes_equal(x->pairs[i].key, y->pairs[i].key) ||
		    !value_equal(&x->pairs[i].value, &y->pairs[i].value))
			return false;
	}
	return true;
}
