/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/flat.h"

#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/message/commitments.h"
#include "core/message/structured.h"

#include <stdlib.h>

/* A message's levels, and those that commitments add below the last. */
#define STEPS_MAX (MESSAGE_DEPTH_MAX + 5u)

static bool
bad_path(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "flat.path", "message 15: %s", what);
}

static bool
too_many(struct fault *f)
{
	return fail(f, FAULT_LIMIT, "message.keys",
	    "message 2: over %u keys in a level", MESSAGE_KEYS_READ_MAX);
}

static bool
is_level(const struct value *v)
{
	return v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST;
}

/* The leaves of all levels, as they come. */
struct leaves {
	struct arena *arena;
	struct pair *items;
	size_t n;
};

static size_t
count_leaves(const struct message *level)
{
	size_t n = 0;

	for (size_t i = 0; i < level->count; i++) {
		const struct value *v = &level->pairs[i].value;

		n += is_level(v) ? count_leaves(v->message) : 1;
	}
	return n;
}

/* Adds a level's leaves under prefix; its depth is structured_encode's. */
static bool
flatten(struct leaves *out, struct bytes prefix, const struct message *level,
    struct fault *f)
{
	struct arena *a = out->arena;

	for (size_t i = 0; i < level->count; i++) {
		const struct pair *p = &level->pairs[i];

		if (memchr(p->key.p, '/', p->key.n) != NULL)
			return bad_path(f, "a key with '/'");
		struct bytes path = arena_print(a, "%.*s%.*s", (int)prefix.n,
		    prefix.p, (int)p->key.n, p->key.p);

		if (!is_level(&p->value)) {
			out->items[out->n++] = (struct pair){ path, p->value };
			continue;
		}
		if (p->value.message->count == 0)
			return bad_path(f, "an empty level has no path");
		if (!flatten(out, arena_print(a, "%.*s/", (int)path.n, path.p),
			p->value.message, f))
			return false;
	}
	return true;
}

/* The TABM with the commitments of each level among its keys. */
static bool
with_commitments(struct message **out, const struct message *tabm,
    struct arena *a, struct fault *f)
{
	struct message *coded;

	*out = message_new(a);
	for (size_t i = 0; i < tabm->count; i++) {
		struct pair p = tabm->pairs[i];

		if (is_level(&p.value) &&
		    !with_commitments(
			&p.value.message, tabm->pairs[i].value.message, a, f))
			return false;
		message_put(*out, p.key, p.value);
	}
	if (tabm->ncommitments == 0)
		return true;
	if (!structured_encode(&coded, commitments_write(tabm, a), a, f))
		return false;
	message_put(*out, BYTES("commitments"),
	    (struct value){ .kind = VALUE_MESSAGE, .message = coded });
	return true;
}

static bool
take_leaves(struct leaves *out, const struct message *m, struct arena *a,
    struct fault *f)
{
	struct message *tabm, *all;

	if (!structured_encode(&tabm, m, a, f) ||
	    !with_commitments(&all, tabm, a, f) || !arena_check(a, f))
		return false;
	*out = (struct leaves){ .arena = a,
		.items =
		    arena_alloc(a, count_leaves(all) * sizeof(struct pair)) };
	return arena_check(a, f) && flatten(out, (struct bytes){ 0 }, all, f) &&
	       arena_check(a, f);
}

bool
flat_encode(struct message **out, const struct message *m, struct arena *a,
    struct fault *f)
{
	struct leaves leaves;

	if (!take_leaves(&leaves, m, a, f))
		return false;
	if (leaves.n > MESSAGE_KEYS_READ_MAX)
		return fail(f, FAULT_LIMIT, "message.keys",
		    "message 15: %zu paths in one level", leaves.n);
	*out = message_new(a);
	for (size_t i = 0; i < leaves.n; i++)
		message_put(*out, leaves.items[i].key, leaves.items[i].value);
	return arena_check(a, f);
}

/* The level under key, made when it is not there; NULL where a leaf is. */
static struct message *
level_of(struct message *m, struct bytes key)
{
	const struct value *have = message_get(m, key);

	if (have != NULL)
		return is_level(have) ? have->message : NULL;
	struct message *level = message_new(m->arena);

	message_put(
	    m, key, (struct value){ .kind = VALUE_MESSAGE, .message = level });
	return level;
}

static bool
put_path(
    struct message *m, struct bytes path, struct bytes text, struct fault *f)
{
	struct cursor c = cursor_over(path);

	for (size_t steps = 1; memchr(c.p, '/', c.left) != NULL; steps++) {
		struct bytes step = cursor_until(&c, '/');

		if (step.n == 0 || c.left == 0)
			return bad_path(f, "an empty step");
		if (steps == STEPS_MAX)
			return fail(f, FAULT_LIMIT, "message.depth",
			    "message 15: more than %u steps", STEPS_MAX);
		if (m->count == MESSAGE_KEYS_READ_MAX &&
		    message_get(m, step) == NULL)
			return too_many(f);
		m = level_of(m, step);
		if (m == NULL)
			return bad_path(f, "a path through a value");
	}
	struct bytes key = cursor_rest(&c);

	if (message_get(m, key) != NULL)
		return bad_path(f, "a path twice");
	if (m->count == MESSAGE_KEYS_READ_MAX)
		return too_many(f);
	message_put(
	    m, key, (struct value){ .kind = VALUE_BYTES, .bytes = text });
	return true;
}

bool
flat_decode(struct message **out, const struct message *flat, struct arena *a,
    struct fault *f)
{
	struct message *tabm = message_new(a);

	for (size_t i = 0; i < flat->count; i++) {
		const struct pair *p = &flat->pairs[i];

		if (p->value.kind != VALUE_BYTES || p->key.n == 0)
			return bad_path(f, "no path, or no text");
		if (!put_path(tabm, p->key, p->value.bytes, f))
			return false;
	}
	return arena_check(a, f) && structured_decode(out, tabm, a, f);
}

static bool
bad_line(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "flat.line", "message 15: %s", what);
}

static bool
has_break(struct bytes value)
{
	return value.n != 0 && memchr(value.p, '\n', value.n) != NULL;
}

static int
in_order(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;

	return bytes_order(a->key, b->key);
}

bool
flat_write(struct bytes *out, const struct message *m, struct arena *a,
    struct fault *f)
{
	struct leaves leaves;
	size_t room = 0;

	if (!take_leaves(&leaves, m, a, f))
		return false;
	qsort(leaves.items, leaves.n, sizeof(*leaves.items), in_order);
	for (size_t i = 0; i < leaves.n; i++) {
		if (has_break(leaves.items[i].value.bytes))
			return bad_line(f, "a value with a line break");
		room +=
		    leaves.items[i].key.n + 3 + leaves.items[i].value.bytes.n;
	}
	struct buf b = buf_in(a, room);

	for (size_t i = 0; i < leaves.n; i++) {
		buf_put(&b, leaves.items[i].key);
		buf_text(&b, ": ");
		buf_put(&b, leaves.items[i].value.bytes);
		buf_u8(&b, '\n');
	}
	*out = buf_bytes(&b);
	return buf_check(&b, f);
}

/* At the first ": ": keys hold no space. */
static bool
split(struct bytes *path, struct bytes *value, struct bytes line)
{
	const uint8_t *at =
	    line.n == 0 ? NULL : memmem(line.p, line.n, ": ", 2);

	if (at == NULL || at == line.p)
		return false;
	*path = bytes_of(line.p, (size_t)(at - line.p));
	*value = bytes_of(at + 2, line.n - path->n - 2);
	return true;
}

bool
flat_read(
    struct message **out, struct bytes text, struct arena *a, struct fault *f)
{
	struct message *tabm = message_new(a);
	struct cursor c = cursor_over(text);

	if (text.n > MESSAGE_SIZE_MAX)
		return fail(f, FAULT_LIMIT, "flat.size", "message 2: %zu bytes",
		    text.n);
	while (c.left != 0) {
		struct bytes line = cursor_until(&c, '\n'), path, value;

		if (!cursor_ok(&c) || !split(&path, &value, line))
			return bad_line(f, "a line is no PATH: VALUE");
		if (!put_path(tabm, path, value, f) || !arena_check(a, f))
			return false;
	}
	return structured_decode(out, tabm, a, f);
}
