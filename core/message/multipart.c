/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/multipart.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/base64.h"
#include "core/base/buf.h"
#include "core/base/cursor.h"

#define CRLF        BYTES("\r\n")
#define DISPOSITION "content-disposition"
/* Levels of a path: a message's, and what commitments add below. */
#define PATH_MAX_STEPS (MESSAGE_DEPTH_MAX + 4u)
#define PART_OVERHEAD  64u

/* A part before it is text: a level's short leaves, or bytes. */
struct part {
	struct bytes path;
	const struct message *level; /* NULL: bytes */
	struct bytes bytes;
};

struct parts {
	struct part *list;
	size_t count, room;
	struct arena *arena;
};

static bool
malformed(struct fault *f, const char *what)
{
	return fail(
	    f, FAULT_INPUT, "httpsig.multipart", "message 10: %s", what);
}

static bool
is_level(const struct value *v)
{
	return v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST;
}

static bool
is_long(const struct value *v)
{
	return v->kind == VALUE_BYTES && v->bytes.n > HEADER_VALUE_MAX;
}

static bool
parts_add(struct parts *parts, struct part part, struct fault *f)
{
	if (parts->count == parts->room) {
		size_t room = parts->room == 0 ? 8 : parts->room * 2;
		struct part *list =
		    arena_alloc(parts->arena, room * sizeof(*list));

		if (room > PARTS_MAX)
			return fail(f, FAULT_LIMIT, "httpsig.parts",
			    "message 10: more than %u parts", PARTS_MAX);
		if (list == NULL)
			return arena_check(parts->arena, f);
		if (parts->count != 0)
			memcpy(list, parts->list, parts->count * sizeof(*list));
		parts->list = list;
		parts->room = room;
	}
	parts->list[parts->count++] = part;
	return true;
}

/* A level's own part: none when all it has is below it. */
static bool
add_level_part(struct parts *parts, struct bytes path,
    const struct message *level, struct fault *f)
{
	const struct value *body = message_get(level, BYTES("body"));
	struct part part = { .path = path, .level = level };
	size_t leaves = 0;

	for (size_t i = 0; i < level->count; i++) {
		const struct value *v = &level->pairs[i].value;

		leaves += !is_level(v) && !is_long(v);
	}
	if (leaves == 0 && level->count != 0)
		return true;
	if (leaves == 1 && body != NULL && !is_level(body) && !is_long(body))
		part = (struct part){
			.path = arena_print(
			    parts->arena, "%.*s/body", (int)path.n, path.p),
			.bytes = body->bytes,
		};
	return parts_add(parts, part, f);
}

/* The tree is one of ours, so its depth is within MESSAGE_DEPTH_MAX and what
 * commitments add. */
static bool
add_level(struct parts *parts, struct bytes path, const struct message *level,
    struct fault *f)
{
	if (!add_level_part(parts, path, level, f))
		return false;
	for (size_t i = 0; i < level->count; i++) {
		const struct pair *p = &level->pairs[i];

		if (!is_level(&p->value) && !is_long(&p->value))
			continue;
		if (memchr(p->key.p, '/', p->key.n) != NULL)
			return fail(f, FAULT_INPUT, "message.key",
			    "message 10: a key with '/' in a path");
		struct bytes inner = arena_print(parts->arena, "%.*s/%.*s",
		    (int)path.n, path.p, (int)p->key.n, p->key.p);

		if (is_level(&p->value)
			? !add_level(parts, inner, p->value.message, f)
			: !parts_add(parts,
			      (struct part){
				  .path = inner, .bytes = p->value.bytes },
			      f))
			return false;
	}
	return true;
}

static int
part_order(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return bytes_order(x->path, y->path);
}

/* A header value may not hold what ends it. */
static bool
put_line(struct buf *b, struct bytes key, struct bytes value, struct fault *f)
{
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\r' || value.p[i] == '\n')
			return fail(f, FAULT_INPUT, "httpsig.line",
			    "message 9: a value with a line break");
	}
	if (b->used != 0)
		buf_put(b, CRLF);
	buf_put(b, key);
	buf_text(b, ": ");
	buf_put(b, value);
	return true;
}

static size_t
part_room(const struct part *part)
{
	size_t room = PART_OVERHEAD + part->path.n + part->bytes.n;

	for (size_t i = 0; part->level != NULL && i < part->level->count; i++) {
		const struct pair *p = &part->level->pairs[i];

		if (!is_level(&p->value) && !is_long(&p->value))
			room += p->key.n + p->value.bytes.n + 4;
	}
	return room;
}

/* Lines in byte order of their keys, the disposition among them. */
static bool
put_lines(struct buf *b, const struct message *level, struct bytes disposition,
    struct fault *f)
{
	const struct bytes own = BYTES(DISPOSITION);
	bool told = false;

	for (size_t i = 0; i < level->count; i++) {
		const struct pair *p = &level->pairs[i];

		if (is_level(&p->value) || is_long(&p->value) ||
		    bytes_is(p->key, "body"))
			continue;
		if (bytes_equal(p->key, own))
			return fail(f, FAULT_INPUT, "message.key",
			    "message 10: a key named " DISPOSITION);
		if (!told && bytes_order(p->key, own) > 0) {
			told = true;
			if (!put_line(b, own, disposition, f))
				return false;
		}
		if (!put_line(b, p->key, p->value.bytes, f))
			return false;
	}
	return told || put_line(b, own, disposition, f);
}

static bool
part_text(struct bytes *out, const struct part *part, struct bytes inline_key,
    struct arena *a, struct fault *f)
{
	struct message *empty = message_new(a);
	const struct message *level = part->level;
	struct buf b = buf_in(a, part_room(part));
	struct bytes disposition =
	    bytes_equal(part->path, inline_key)
		? BYTES("inline")
		: arena_print(a, "form-data;name=\"%.*s\"", (int)part->path.n,
		      part->path.p);
	const struct value *body =
	    level == NULL ? NULL : message_get(level, BYTES("body"));
	bool has_body = level == NULL ||
			(body != NULL && !is_level(body) && !is_long(body));

	if (level == NULL || level->count == 0)
		level = empty;
	if (part->level != NULL && level == empty)
		message_set_text(empty, "ao-types", "empty-message");
	if (!put_lines(&b, level, disposition, f))
		return false;
	if (has_body) {
		buf_text(&b, "\r\n\r\n");
		buf_put(&b, body == NULL ? part->bytes : body->bytes);
	}
	*out = buf_bytes(&b);
	return arena_check(a, f) && buf_check(&b, f);
}

/* pieces[2i] is part i, pieces[2i + 1] what joins it to the next. */
static bool
body_of(struct multipart *out, const struct bytes *pieces, size_t count,
    struct arena *a, struct fault *f)
{
	uint8_t hash[32];
	size_t room = 64;

	hash_parts(HASH_SHA256, hash, pieces, count * 2 - 1);
	out->boundary =
	    base64_encode(a, BASE64_URL, bytes_of(hash, sizeof(hash)));
	for (size_t i = 0; i < count; i++)
		room += pieces[2 * i].n + out->boundary.n + 6;
	struct buf b = buf_in(a, room);

	for (size_t i = 0; i < count; i++) {
		buf_text(&b, "--");
		buf_put(&b, out->boundary);
		buf_put(&b, CRLF);
		buf_put(&b, pieces[2 * i]);
		buf_put(&b, CRLF);
	}
	buf_text(&b, "--");
	buf_put(&b, out->boundary);
	buf_text(&b, "--");
	out->body = buf_bytes(&b);
	return buf_check(&b, f);
}

bool
multipart_encode(struct multipart *out, const struct message *content,
    struct bytes inline_key, struct arena *a, struct fault *f)
{
	struct parts parts = { .arena = a };

	for (size_t i = 0; i < content->count; i++) {
		const struct pair *p = &content->pairs[i];

		if (memchr(p->key.p, '/', p->key.n) != NULL)
			return fail(f, FAULT_INPUT, "message.key",
			    "message 10: a key with '/' in a path");
		if (is_level(&p->value)
			? !add_level(&parts, p->key, p->value.message, f)
			: !parts_add(&parts,
			      (struct part){
				  .path = p->key, .bytes = p->value.bytes },
			      f))
			return false;
	}
	struct bytes *pieces =
	    arena_alloc(a, 2 * parts.count * sizeof(*pieces));

	if (!arena_check(a, f))
		return false;
	assert(parts.list != NULL);
	qsort(parts.list, parts.count, sizeof(*parts.list), part_order);
	for (size_t i = 0; i < parts.count; i++) {
		if (!part_text(
			&pieces[2 * i], &parts.list[i], inline_key, a, f))
			return false;
		pieces[2 * i + 1] = CRLF;
	}
	return body_of(out, pieces, parts.count, a, f);
}

/* Everything up to mark, which is consumed; false when there is none. */
static bool
take_until(struct bytes *out, struct cursor *c, struct bytes mark)
{
	const uint8_t *at =
	    c->left == 0 ? NULL : memmem(c->p, c->left, mark.p, mark.n);

	if (at == NULL)
		return false;
	*out = cursor_take(c, (size_t)(at - c->p));
	(void)cursor_take(c, mark.n);
	return true;
}

/* The level at all steps of path but the last, made where it is missing. */
static bool
level_at(struct message **level, struct bytes *last, struct bytes path,
    struct arena *a, struct fault *f)
{
	struct cursor c = cursor_over(path);
	struct bytes step;

	for (size_t steps = 1; take_until(&step, &c, BYTES("/")); steps++) {
		const struct value *v = message_get(*level, step);

		if (steps == PATH_MAX_STEPS)
			return fail(f, FAULT_LIMIT, "message.depth",
			    "message 2: a path of over %u levels",
			    PATH_MAX_STEPS);
		if (v != NULL && v->kind != VALUE_MESSAGE)
			return malformed(f, "a path through a leaf");
		struct message *inner = v == NULL ? message_new(a) : v->message;

		if (v == NULL)
			message_put(*level, step,
			    (struct value){
				.kind = VALUE_MESSAGE, .message = inner });
		*level = inner;
	}
	*last = cursor_rest(&c);
	return arena_check(a, f);
}

static bool
put_once(struct message *level, struct bytes key, struct value value,
    struct fault *f)
{
	if (key.n == 0 || message_get(level, key) != NULL)
		return malformed(f, "a key is empty or there twice");
	message_put(level, key, value);
	return arena_check(level->arena, f);
}

struct block {
	struct message *lines; /* without the disposition */
	struct bytes path;
	struct bytes body;
	bool has_body, has_path;
};

static bool
block_line(struct block *b, struct bytes line, struct bytes inline_key,
    struct fault *f)
{
	struct cursor c = cursor_over(line);
	struct bytes name = BYTES("form-data;name=\""), key = { 0 };

	if (!take_until(&key, &c, BYTES(": ")))
		return malformed(f, "a line without ': '");
	struct bytes value = cursor_rest(&c);

	if (!bytes_is(key, DISPOSITION))
		return put_once(b->lines, key,
		    (struct value){ .kind = VALUE_BYTES, .bytes = value }, f);
	if (b->has_path)
		return malformed(f, "two dispositions");
	b->has_path = true;
	b->path = inline_key;
	if (bytes_is(value, "inline"))
		return true;
	if (!bytes_starts(value, name) || value.n < name.n + 2 ||
	    value.p[value.n - 1] != '"')
		return malformed(f, "an unknown disposition");
	b->path = bytes_of(value.p + name.n, value.n - name.n - 1);
	return memchr(b->path.p, '"', b->path.n) == NULL ||
	       malformed(f, "an unknown disposition");
}

static bool
block_parse(struct block *b, struct bytes text, struct bytes inline_key,
    struct arena *a, struct fault *f)
{
	struct cursor c = cursor_over(text);
	struct bytes head, line;

	*b = (struct block){ .lines = message_new(a) };
	b->has_body = take_until(&head, &c, BYTES("\r\n\r\n"));
	if (b->has_body)
		b->body = cursor_rest(&c);
	c = cursor_over(b->has_body ? head : text);
	while (take_until(&line, &c, CRLF)) {
		if (!block_line(b, line, inline_key, f))
			return false;
	}
	if (!block_line(b, cursor_rest(&c), inline_key, f))
		return false;
	if (!b->has_path || (!b->has_body && b->lines->count == 0))
		return malformed(f, "a part without disposition or content");
	return arena_check(a, f);
}

static bool
block_store(
    struct message *tabm, struct block *b, struct arena *a, struct fault *f)
{
	struct value body = { .kind = VALUE_BYTES, .bytes = b->body };
	struct bytes last = { 0 };

	if (!level_at(&tabm, &last, b->path, a, f))
		return false;
	if (b->lines->count == 0)
		return put_once(tabm, last, body, f);
	if (b->has_body && !put_once(b->lines, BYTES("body"), body, f))
		return false;
	const struct value *have = message_get(tabm, last);

	if (have == NULL || have->kind != VALUE_MESSAGE)
		return put_once(tabm, last,
		    (struct value){
			.kind = VALUE_MESSAGE, .message = b->lines },
		    f);
	/* A part below this one came first. */
	for (size_t i = 0; i < b->lines->count; i++) {
		struct pair *p = &b->lines->pairs[i];

		if (!put_once(have->message, p->key, p->value, f))
			return false;
	}
	return true;
}

bool
multipart_decode(struct message *tabm, const struct multipart *in,
    struct bytes inline_key, struct arena *a, struct fault *f)
{
	struct cursor c = cursor_over(in->body);
	struct bytes open =
	    arena_print(a, "--%.*s\r\n", (int)in->boundary.n, in->boundary.p);
	struct bytes mark =
	    arena_print(a, "\r\n--%.*s", (int)in->boundary.n, in->boundary.p);
	struct bytes text;

	if (!arena_check(a, f))
		return false;
	if (!bytes_equal(cursor_take(&c, open.n), open))
		return malformed(f, "no boundary at the start");
	for (size_t count = 0; take_until(&text, &c, mark); count++) {
		struct block b;

		if (count == PARTS_MAX)
			return fail(f, FAULT_LIMIT, "httpsig.parts",
			    "message 10: more than %u parts", PARTS_MAX);
		if (!block_parse(&b, text, inline_key, a, f) ||
		    !block_store(tabm, &b, a, f))
			return false;
		struct bytes next = cursor_take(&c, 2);

		if (bytes_is(next, "--"))
			return c.left == 0 ||
			       malformed(f, "bytes after the end");
		if (!bytes_equal(next, CRLF))
			return malformed(f, "a boundary ends badly");
	}
	return malformed(f, "no end");
}
