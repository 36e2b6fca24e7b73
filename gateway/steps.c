/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/steps.h"

#include "core/base/cursor.h"
#include "gateway/path.h"
#include "gateway/typed.h"

#include <strings.h>

/* Keys on their way to a step: plain values, and those of sub-paths. */
struct keys {
	struct message *plain;
	struct step_later *later;
};

struct reading {
	struct arena *arena;
	struct fault *fault;
	unsigned depth;
};

static bool read_path(struct steps *out, struct bytes path,
    const struct message *request, struct reading *r);

static bool
refuse(struct reading *r, const char *why)
{
	return fail(r->fault, FAULT_INPUT, "gateway.path", "http 5: %s", why);
}

static bool
is_one_of(uint8_t byte, const char *stops)
{
	return byte != 0 && strchr(stops, byte) != NULL;
}

bool
steps_is_id(struct bytes segment)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789-_";

	for (size_t i = 0; i < segment.n; i++) {
		if (!is_one_of(segment.p[i], letters))
			return false;
	}
	return segment.n == 32 || segment.n == 42 || segment.n == 43;
}

/*
 * Everything before the first of the stops that stands outside (...) and
 * "..."; *stop is that byte, or 0 at the end, and is consumed.
 */
static bool
take_part(struct bytes *out, uint8_t *stop, struct cursor *c, const char *stops,
    struct reading *r)
{
	size_t n = 0, depth = 0;
	bool quoted = false;

	for (; n < c->left; n++) {
		uint8_t byte = c->p[n];

		if (byte == '"')
			quoted = !quoted;
		else if (!quoted && byte == '(')
			depth++;
		else if (!quoted && byte == ')' && depth-- == 0)
			return refuse(r, "a ) without a (");
		else if (!quoted && depth == 0 && is_one_of(byte, stops))
			break;
	}
	if (quoted || depth != 0)
		return refuse(r, "a quote or a ( is left open");
	*out = cursor_take(c, n);
	*stop = c->left > 0 ? cursor_u8(c) : 0;
	return true;
}

static void
keys_put(struct keys *keys, struct bytes key, struct value value)
{
	for (struct step_later **at = &keys->later; *at != NULL;) {
		if (bytes_equal((*at)->key, key))
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	message_put(keys->plain, key, value);
}

static bool
keys_put_later(struct keys *keys, struct bytes key, const struct steps *steps,
    struct reading *r)
{
	struct step_later *later = arena_alloc(r->arena, sizeof(*later));
	struct message *plain = message_new(r->arena);

	if (later == NULL)
		return arena_check(r->arena, r->fault);
	for (size_t i = 0; i < keys->plain->count; i++) {
		const struct pair *p = &keys->plain->pairs[i];

		if (!bytes_equal(p->key, key))
			message_put(plain, p->key, p->value);
	}
	keys->plain = plain;
	for (struct step_later *l = keys->later; l != NULL; l = l->next) {
		if (bytes_equal(l->key, key)) {
			l->steps = steps;
			return true;
		}
	}
	*later = (struct step_later){ key, steps, keys->later };
	keys->later = later;
	return true;
}

static bool
read_inner(const struct steps **out, struct bytes path, struct reading *r)
{
	struct steps *inner = arena_alloc(r->arena, sizeof(*inner));
	bool good;

	if (!arena_check(r->arena, r->fault))
		return false;
	if (r->depth == STEPS_NESTING)
		return fail(r->fault, FAULT_LIMIT, "gateway.path",
		    "http 5: over %u sub-paths in each other", STEPS_NESTING);
	r->depth++;
	good = read_path(inner, path, message_new(r->arena), r);
	r->depth--;
	*out = inner;
	return good;
}

static bool
is_subpath(struct bytes text)
{
	return text.n >= 2 && text.p[0] == '(' && text.p[text.n - 1] == ')';
}

static struct bytes
unwrap(struct bytes text)
{
	return bytes_of(text.p + 1, text.n - 2);
}

static struct bytes
unquote(struct bytes text)
{
	bool quoted =
	    text.n >= 2 && text.p[0] == '"' && text.p[text.n - 1] == '"';

	return quoted ? unwrap(text) : text;
}

/* A key as it stands, with the type that it names, and a value for it. */
static bool
put_typed(
    struct keys *keys, struct bytes name, struct value value, struct reading *r)
{
	const struct steps *inner;
	struct bytes type, key = typed_key(&type, name);

	if (key.n == 0 || key.n > MESSAGE_KEY_MAX)
		return refuse(r, "a key is empty or over 255 bytes");
	if (type.n == 0) {
		keys_put(keys, key, value);
		return true;
	}
	if (value.kind != VALUE_BYTES)
		return fail(r->fault, FAULT_INPUT, "gateway.type",
		    "http 20: a typed key without a text");
	if (type.n == 7 && strncasecmp((const char *)type.p, "resolve", 7) == 0)
		return read_inner(&inner, value.bytes, r) &&
		       keys_put_later(keys, key, inner, r);
	struct bytes text = value.bytes;

	if (!typed_read(&value, type, text, r->arena, r->fault))
		return false;
	keys_put(keys, key, value);
	return true;
}

/* "k=v", "k=(path)", "k" of a segment. */
static bool
put_inline(struct keys *keys, struct bytes text, struct reading *r)
{
	static const struct value yes = { .kind = VALUE_ATOM,
		.bytes = { (const uint8_t *)"true", 4 } };
	struct cursor c = cursor_over(text);
	const struct steps *inner;
	struct bytes name, type;
	uint8_t stop;

	if (!take_part(&name, &stop, &c, "=", r))
		return false;
	if (stop == 0)
		return put_typed(keys, name, yes, r);
	struct bytes given = cursor_rest(&c);

	(void)typed_key(&type, name);
	if (type.n == 0 && is_subpath(given))
		return read_inner(&inner, unwrap(given), r) &&
		       keys_put_later(keys, name, inner, r);
	return put_typed(
	    keys, name, (struct value){ .bytes = unquote(given) }, r);
}

static bool
put_inlines(struct keys *keys, struct cursor *c, struct reading *r)
{
	while (c->left > 0) {
		struct bytes one;
		uint8_t stop;

		if (!take_part(&one, &stop, c, "&", r) ||
		    (one.n > 0 && !put_inline(keys, one, r)))
			return false;
	}
	return true;
}

/* What follows a segment's key: "~device", "=value", "+type=value", "&...";
 * the first three forms hold the keys up to the next "&". */
static bool
read_modifiers(struct step *step, struct keys *keys, struct bytes key,
    struct cursor *c, struct reading *r)
{
	struct cursor all = { .p = key.p, .left = key.n + c->left + 1 };
	struct bytes one = key;
	uint8_t stop = key.p[key.n];

	if (stop == '~') {
		step->kind = STEP_AS;
		if (!take_part(&step->name, &stop, c, "&", r))
			return false;
		if (step->name.n == 0 || step->name.p[0] == '(')
			return refuse(r, "a ~ without a device");
	} else if (stop != '&') {
		if (!take_part(&one, &stop, &all, "&", r) ||
		    !put_inline(keys, one, r))
			return false;
		*c = all;
	}
	return put_inlines(keys, c, r);
}

static bool
read_segment(
    struct step *out, struct keys *keys, struct bytes text, struct reading *r)
{
	struct cursor c = cursor_over(text);
	uint8_t stop;
	struct bytes key;

	*out = (struct step){ .kind = STEP_MESSAGE };
	if (text.n > STEPS_SEGMENT_MAX)
		return refuse(r, "a segment is over 512 bytes");
	if (steps_is_id(text)) {
		out->kind = STEP_ID;
		out->name = text;
		return true;
	}
	if (is_subpath(text)) {
		out->kind = STEP_RESOLVE;
		return read_inner(&out->inner, unwrap(text), r);
	}
	if (!take_part(&key, &stop, &c, "&~+ =", r))
		return false;
	if (stop != 0 && !read_modifiers(out, keys, key, &c, r))
		return false;
	if (key.n == 0 && out->kind != STEP_AS)
		return refuse(r, "a segment has no key");
	if (key.n > MESSAGE_KEY_MAX)
		return refuse(r, "a key is over 255 bytes");
	if (key.n > 0)
		keys_put(keys, BYTES("path"), (struct value){ .bytes = key });
	return true;
}

static bool
put_query(struct keys *keys, struct bytes query, struct reading *r)
{
	struct cursor c = cursor_over(query);
	size_t count = 0;

	while (c.left > 0) {
		struct bytes one = cursor_part(&c, '&');
		struct cursor part = cursor_over(one);
		struct bytes key = cursor_part(&part, '=');
		struct value v = { .kind = VALUE_ATOM, .bytes = BYTES("true") };

		if (one.n == 0)
			continue;
		if (++count > PATH_PARAMS_MAX)
			return fail(r->fault, FAULT_LIMIT, "gateway.query",
			    "http 6: over %u query keys", PATH_PARAMS_MAX);
		if (key.n < one.n)
			v = (struct value){ .bytes = cursor_rest(&part) };
		if (key.n == 0)
			return fail(r->fault, FAULT_INPUT, "gateway.query",
			    "http 6: a query key is empty");
		message_put(keys->plain, key, v);
	}
	return true;
}

/* The step that "N.key" is for; false for a key of every step. */
static bool
read_scope(size_t *step, struct bytes *key)
{
	size_t at = 0, n = 0;

	while (n < key->n && key->p[n] >= '0' && key->p[n] <= '9' && n < 4)
		at = at * 10 + (size_t)(key->p[n++] - '0');
	if (n == 0 || n + 1 >= key->n || key->p[n] != '.')
		return false;
	struct bytes rest = bytes_of(key->p + n + 1, key->n - n - 1);

	if (memchr(rest.p, '.', rest.n) != NULL)
		return false;
	*step = at;
	*key = rest;
	return true;
}

/* The request's keys for one step. */
static bool
keys_for(
    struct keys *out, const struct message *all, size_t step, struct reading *r)
{
	*out = (struct keys){ .plain = message_new(r->arena) };
	for (int scoped = 0; scoped < 2; scoped++) {
		for (size_t i = 0; i < all->count; i++) {
			struct bytes key = all->pairs[i].key;
			size_t at = step;
			bool has = read_scope(&at, &key);

			if (has != (scoped == 1) || at != step)
				continue;
			if (!put_typed(out, key, all->pairs[i].value, r))
				return false;
		}
	}
	return true;
}

static void
merge(struct step *out, const struct keys *own, struct keys *given,
    struct reading *r)
{
	for (size_t i = 0; i < own->plain->count; i++)
		keys_put(given, own->plain->pairs[i].key,
		    own->plain->pairs[i].value);
	for (struct step_later *l = own->later; l != NULL; l = l->next) {
		/* Exhausted memory shows at the end. */
		if (!keys_put_later(given, l->key, l->steps, r))
			break;
	}
	out->message = given->plain;
	out->later = given->later;
}

static bool
build(struct steps *out, const struct keys *own, const struct message *all,
    struct reading *r)
{
	for (size_t i = 0; i < out->n; i++) {
		struct step *step = &out->items[i];
		struct keys given;

		if (step->kind == STEP_ID || step->kind == STEP_RESOLVE)
			continue;
		if (!keys_for(&given, all, i, r))
			return false;
		merge(step, &own[i], &given, r);
	}
	return arena_check(r->arena, r->fault);
}

static bool
add_segment(struct steps *out, struct keys *own, struct bytes segment,
    struct reading *r)
{
	if (out->n >= STEPS_MAX)
		return fail(r->fault, FAULT_LIMIT, "gateway.path",
		    "http 5: over %u steps", STEPS_MAX);
	own[out->n] = (struct keys){ .plain = message_new(r->arena) };
	if (!read_segment(&out->items[out->n], &own[out->n], segment, r))
		return false;
	/* A first segment that is a key is one of an empty message. */
	if (out->n == 0 && out->items[0].kind == STEP_MESSAGE) {
		out->items[1] = out->items[0];
		own[1] = own[0];
		out->items[0] = (struct step){ .kind = STEP_MESSAGE };
		own[0] = (struct keys){ .plain = message_new(r->arena) };
		out->n = 1;
	}
	out->n++;
	return true;
}

static bool
read_path(struct steps *out, struct bytes path, const struct message *request,
    struct reading *r)
{
	struct keys *own =
	    arena_alloc(r->arena, (STEPS_MAX + 1) * sizeof(*own));
	struct keys all = { .plain = message_new(r->arena) };
	struct cursor c = cursor_over(path);
	struct cursor segments;
	struct bytes part;
	uint8_t stop;

	*out = (struct steps){ .items = arena_alloc(r->arena,
				   (STEPS_MAX + 1) * sizeof(*out->items)) };
	if (!arena_check(r->arena, r->fault) ||
	    !take_part(&part, &stop, &c, "?", r))
		return false;
	for (size_t i = 0; i < request->count; i++) {
		const struct pair *p = &request->pairs[i];

		if (!bytes_is(p->key, "path"))
			message_put(all.plain, p->key, p->value);
	}
	if (!put_query(&all, cursor_rest(&c), r))
		return false;
	for (segments = cursor_over(part); segments.left > 0;) {
		if (!take_part(&part, &stop, &segments, "/", r) ||
		    (part.n > 0 && !add_segment(out, own, part, r)))
			return false;
	}
	return build(out, own, all.plain, r);
}

bool
steps_read(struct steps *out, const struct message *request, struct arena *a,
    struct fault *f)
{
	struct reading r = { .arena = a, .fault = f };
	struct bytes path, text;
	uint8_t *decoded = arena_alloc(a, FRAMING_TARGET_MAX);

	if (decoded == NULL)
		return arena_check(a, f);
	if (!message_find_bytes(&path, request, "path"))
		return refuse(&r, "the request has no path");
	return path_decode(&text, decoded, path, f) &&
	       read_path(out, text, request, &r);
}
