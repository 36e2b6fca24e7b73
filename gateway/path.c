/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/path.h"

#include "core/base/cursor.h"

static bool
refuse(struct fault *f, const char *why)
{
	return fail(f, FAULT_INPUT, "gateway.path", "http 5: %s", why);
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
path_decode(struct bytes *out, uint8_t to[FRAMING_TARGET_MAX],
    struct bytes target, struct fault *f)
{
	struct cursor c = cursor_over(target);
	size_t used = 0;

	if (target.n > FRAMING_TARGET_MAX)
		return refuse(f, "the target is too long");
	while (c.left > 0) {
		uint8_t byte = cursor_u8(&c);

		if (byte == '%') {
			int high = hex_digit(cursor_u8(&c));
			int low = hex_digit(cursor_u8(&c));

			if (high < 0 || low < 0)
				return refuse(f, "a percent-escape is broken");
			byte = (uint8_t)(high << 4 | low);
		}
		if (byte < 0x20 || byte == 0x7f)
			return refuse(f, "the target holds a control byte");
		to[used++] = byte;
	}
	*out = bytes_of(to, used);
	return true;
}

static bool
take_query(struct path *out, struct bytes query, struct fault *f)
{
	struct cursor c = cursor_over(query);

	while (c.left > 0) {
		struct cursor rest = c;
		struct bytes pair = cursor_until(&c, '&');

		if (!cursor_ok(&c)) {
			pair = cursor_rest(&rest);
			c = rest;
		}
		if (pair.n == 0)
			continue;
		if (out->nparams == PATH_PARAMS_MAX)
			return fail(f, FAULT_LIMIT, "gateway.query",
			    "http 6: over %u query keys", PATH_PARAMS_MAX);
		struct path_param *param = &out->params[out->nparams++];
		const uint8_t *equals = memchr(pair.p, '=', pair.n);
		size_t n = equals == NULL ? pair.n : (size_t)(equals - pair.p);

		param->key = bytes_of(pair.p, n);
		/* A bare key is true, as upstream's atom prints. */
		param->value = equals == NULL
				   ? BYTES("true")
				   : bytes_of(equals + 1, pair.n - n - 1);
		if (n == 0)
			return fail(f, FAULT_INPUT, "gateway.query",
			    "http 6: a query key is empty");
	}
	return true;
}

/* The next segment; an empty one between two slashes counts for nothing. */
static struct bytes
take_segment(struct cursor *c)
{
	struct bytes segment = { 0 };

	while (segment.n == 0 && c->left > 0) {
		const uint8_t *slash = memchr(c->p, '/', c->left);
		size_t n = slash == NULL ? c->left : (size_t)(slash - c->p);

		segment = cursor_take(c, n);
		if (slash != NULL)
			(void)cursor_u8(c);
	}
	return segment;
}

static bool
take_segments(struct path *out, struct bytes path, struct fault *f)
{
	struct cursor c = cursor_over(path);
	struct bytes first = take_segment(&c);

	if (first.n > PATH_SEGMENT_MAX)
		return refuse(f, "a segment is over 512 bytes");
	if (first.n < 2 || first.p[0] != '~')
		return true;
	out->device = bytes_of(first.p + 1, first.n - 1);
	out->key = take_segment(&c);
	for (struct bytes next = out->key; next.n > 0;
	    next = take_segment(&c)) {
		if (next.n > PATH_SEGMENT_MAX)
			return refuse(f, "a segment is over 512 bytes");
		out->key.n = (size_t)(next.p + next.n - out->key.p);
	}
	return true;
}

bool
path_parse(struct path *out, struct bytes target, struct fault *f)
{
	struct bytes text;

	out->device = out->key = (struct bytes){ 0 };
	out->nparams = 0;
	if (!path_decode(&text, out->text, target, f))
		return false;
	const uint8_t *mark = memchr(out->text, '?', text.n);
	size_t n = mark == NULL ? text.n : (size_t)(mark - out->text);

	if (mark != NULL &&
	    !take_query(out, bytes_of(mark + 1, text.n - n - 1), f))
		return false;
	return take_segments(out, bytes_of(out->text, n), f);
}

bool
path_param(struct bytes *out, const struct path *path, const char *key,
    const char *reason, struct fault *f)
{
	bool found = false;

	*out = (struct bytes){ 0 };
	for (size_t i = 0; i < path->nparams; i++) {
		if (!bytes_is(path->params[i].key, key))
			continue;
		if (found)
			return fail(f, FAULT_INPUT, reason,
			    "http 6: %s is given twice", key);
		found = true;
		*out = path->params[i].value;
	}
	return true;
}
