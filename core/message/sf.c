/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/sf.h"

#include "core/base/base64.h"

#define INTEGER_DIGITS_MAX 15u

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "message.sf", "message 8: %s", what);
}

/* The next byte without taking it; 0, which no syntax allows, at the end. */
static uint8_t
peek(const struct cursor *c)
{
	return c->left == 0 ? 0 : *c->p;
}

static bool
take_if(struct cursor *c, uint8_t byte)
{
	if (peek(c) != byte)
		return false;
	(void)cursor_u8(c);
	return true;
}

static void
skip_space(struct cursor *c)
{
	while (take_if(c, ' ') || take_if(c, '\t'))
		continue;
}

static bool
is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_alpha(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool
is_key(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || is_digit(byte) ||
	       (byte != 0 && strchr("_-.*/?&%", byte) != NULL);
}

static bool
is_token(uint8_t byte)
{
	return is_alpha(byte) || is_digit(byte) ||
	       (byte != 0 && strchr("!#$%&'*+-.^_`|~:/", byte) != NULL);
}

/* The longest run of bytes of a class. */
static struct bytes
take_run(struct cursor *c, bool (*is)(uint8_t byte))
{
	size_t n = 0;

	while (n < c->left && is(c->p[n]))
		n++;
	return cursor_take(c, n);
}

/* The place of the quote that ends the string at c, or 0. */
static size_t
end_of_string(const struct cursor *c)
{
	size_t end = 1;

	if (peek(c) != '"')
		return 0;
	while (end < c->left && c->p[end] != '"')
		end += c->p[end] == '\\' ? 2 : 1;
	return end < c->left ? end : 0;
}

static bool
take_string(
    struct bytes *out, struct cursor *c, struct arena *a, struct fault *f)
{
	size_t end = end_of_string(c);

	if (end == 0)
		return malformed(f, "no string, or one without an end");
	struct buf b = buf_in(a, end - 1);
	struct cursor inner =
	    cursor_over(cursor_take(c, end)); /* quote and content */

	(void)cursor_u8(c);
	(void)cursor_u8(&inner);
	while (inner.left != 0) {
		uint8_t byte = cursor_u8(&inner);

		if (byte == '\\') {
			byte = cursor_u8(&inner);
			if (byte != '"' && byte != '\\')
				return malformed(f, "an unknown escape");
		}
		if (byte < 0x20 || byte > 0x7e)
			return malformed(f, "a byte no string may have");
		buf_u8(&b, byte);
	}
	*out = buf_bytes(&b);
	return buf_check(&b, f);
}

static bool
take_integer(int64_t *out, struct cursor *c, struct fault *f)
{
	bool negative = take_if(c, '-');
	struct bytes digits = take_run(c, is_digit);
	int64_t value = 0;

	if (digits.n == 0 || digits.n > INTEGER_DIGITS_MAX || peek(c) == '.')
		return malformed(f, "no integer of 1 to 15 digits");
	for (size_t i = 0; i < digits.n; i++)
		value = value * 10 + (digits.p[i] - '0');
	*out = negative ? -value : value;
	return true;
}

static bool
take_bytes(
    struct bytes *out, struct cursor *c, struct arena *a, struct fault *f)
{
	(void)cursor_u8(c);
	struct bytes text = cursor_until(c, ':');

	if (!cursor_ok(c))
		return malformed(f, "a byte sequence has no end");
	return base64_decode(out, BASE64_PADDED, text, a, f);
}

static bool
take_item(
    struct sf_item *out, struct cursor *c, struct arena *a, struct fault *f)
{
	uint8_t first = peek(c);

	if (first == '"') {
		out->kind = SF_STRING;
		return take_string(&out->text, c, a, f);
	}
	if (first == ':') {
		out->kind = SF_BYTES;
		return take_bytes(&out->text, c, a, f);
	}
	if (first == '-' || is_digit(first)) {
		out->kind = SF_INTEGER;
		return take_integer(&out->integer, c, f);
	}
	if (first == '*' || is_alpha(first)) {
		out->kind = SF_TOKEN;
		out->text = take_run(c, is_token);
		return true;
	}
	return malformed(f, "no value that we know");
}

static bool
take_list(
    struct sf_item *out, struct cursor *c, struct arena *a, struct fault *f)
{
	size_t room = c->left / 2 < SF_ITEMS_MAX ? c->left / 2 : SF_ITEMS_MAX;
	struct bytes *items = arena_alloc(a, room * sizeof(*items));

	if (items == NULL)
		return arena_check(a, f);
	(void)cursor_u8(c);
	*out = (struct sf_item){ .kind = SF_LIST, .items = items };
	for (;;) {
		while (take_if(c, ' '))
			continue;
		if (take_if(c, ')'))
			return true;
		if (out->nitems == room)
			return malformed(f, "a list is too long");
		if (!take_string(&items[out->nitems++], c, a, f))
			return false;
		if (peek(c) != ' ' && peek(c) != ')')
			return malformed(f, "no space between items");
	}
}

static bool
take_params(
    struct sf_member *out, struct cursor *c, struct arena *a, struct fault *f)
{
	while (take_if(c, ';')) {
		if (out->nparams == SF_PARAMS_MAX)
			return malformed(f, "too many parameters");
		struct sf_param *p = &out->params[out->nparams++];

		while (take_if(c, ' '))
			continue;
		p->key = take_run(c, is_key);
		if (p->key.n == 0)
			return malformed(f, "a parameter has no name");
		for (size_t i = 0; i + 1 < out->nparams; i++) {
			if (bytes_equal(out->params[i].key, p->key))
				return malformed(f, "a parameter twice");
		}
		if (take_if(c, '=') && !take_item(&p->value, c, a, f))
			return false;
	}
	return true;
}

/* The comma before another member, or the end. */
static bool
take_comma(struct cursor *c, struct fault *f)
{
	skip_space(c);
	if (c->left == 0)
		return true;
	if (!take_if(c, ','))
		return malformed(f, "no comma between members");
	skip_space(c);
	return c->left != 0 || malformed(f, "a comma at the end");
}

bool
sf_take(
    struct sf_member *out, struct cursor *c, struct arena *a, struct fault *f)
{
	*out = (struct sf_member){ 0 };
	while (take_if(c, ' '))
		continue;
	out->key = take_run(c, is_key);
	if (out->key.n == 0)
		return malformed(f, "a member has no name");
	if (take_if(c, '=')) {
		bool is_list = peek(c) == '(';

		if (is_list ? !take_list(&out->value, c, a, f)
			    : !take_item(&out->value, c, a, f))
			return false;
	}
	return take_params(out, c, a, f) && take_comma(c, f);
}

void
sf_put_string(struct buf *b, struct bytes text)
{
	size_t begun = 0;

	buf_u8(b, '"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];

		if (byte < 0x20 || byte > 0x7e)
			b->full = true;
		if (byte != '"' && byte != '\\')
			continue;
		buf_put(b, bytes_of(text.p + begun, i - begun));
		buf_u8(b, '\\');
		begun = i;
	}
	if (begun < text.n)
		buf_put(b, bytes_of(text.p + begun, text.n - begun));
	buf_u8(b, '"');
}
