/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/text.h"

#include "core/base/buf.h"
#include "core/base/cursor.h"

#define NUMBER_DIGITS 15

static bool
is_white(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static struct bytes
trim(struct bytes in)
{
	while (in.n > 0 && is_white(in.p[0]))
		in = bytes_of(in.p + 1, in.n - 1);
	while (in.n > 0 && is_white(in.p[in.n - 1]))
		in.n--;
	return in;
}

/* Bytes of the character that starts here, by RFC 3629; 0: none does. */
static size_t
character(struct cursor at)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} forms[] = { { 0x80, 0x00, 0x20 }, { 0xe0, 0xc0, 0xa0 },
		{ 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 } };
	uint8_t first = cursor_u8(&at);

	for (size_t n = 0; n < 4; n++) {
		uint32_t code = first & (uint8_t)~forms[n].mask;

		if ((first & forms[n].mask) != forms[n].lead)
			continue;
		for (size_t i = 0; i < n; i++) {
			uint8_t next = cursor_u8(&at);

			if ((next & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (next & 0x3f);
		}
		bool good = cursor_ok(&at) && code >= forms[n].least &&
			    code != 0x7f && code <= 0x10ffff &&
			    (code < 0xd800 || code > 0xdfff);

		return good ? n + 1 : 0;
	}
	return 0;
}

struct bytes
text_clean(struct arena *a, struct bytes raw)
{
	struct bytes in = trim(raw);
	struct buf out = buf_in(a, in.n < TEXT_MAX ? in.n : TEXT_MAX);
	struct cursor c = cursor_over(in);

	while (c.left > 0) {
		size_t n = character(c);
		struct bytes bytes = cursor_take(&c, n == 0 ? 1 : n);

		if (bytes.n > out.size - out.used)
			break;
		if (n > 0)
			buf_put(&out, bytes);
		else
			buf_u8(&out, is_white(bytes.p[0]) ? ' ' : '?');
	}
	return buf_bytes(&out);
}

struct bytes
text_key(struct arena *a, struct bytes name)
{
	/* One more: printing wants room for a NUL. */
	struct buf out = buf_in(a, 1 + 4 * (name.n < 60 ? name.n : 60));

	for (size_t i = 0; i < name.n && i < 60; i++) {
		uint8_t c = name.p[i];

		if (c >= 'A' && c <= 'Z')
			buf_u8(&out, (uint8_t)(c - 'A' + 'a'));
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			 c == '-')
			buf_u8(&out, c);
		else if (c == ' ' || c == '_')
			buf_u8(&out, '-');
		else
			buf_print(&out, "-x%02x", c);
	}
	return buf_bytes(&out);
}

void
text_set(struct message *m, const char *key, struct bytes text)
{
	if (text.n == 0)
		message_set_null(m, key);
	else
		message_set_bytes(m, key, text);
}

bool
text_line(struct bytes *out, struct bytes *rest)
{
	struct cursor c = cursor_over(*rest);

	if (rest->n == 0)
		return false;
	*out = cursor_until(&c, '\n');
	if (!cursor_ok(&c)) {
		*out = *rest;
		c = cursor_over((struct bytes){ 0 });
	}
	*rest = cursor_rest(&c);
	return true;
}

bool
text_split(
    struct bytes *name, struct bytes *value, struct bytes line, char separator)
{
	struct cursor c = cursor_over(line);
	struct bytes left = cursor_until(&c, (uint8_t)separator);

	if (!cursor_ok(&c))
		return false;
	*name = trim(left);
	*value = trim(cursor_rest(&c));
	return true;
}

bool
text_word(struct bytes *out, struct bytes *rest)
{
	struct bytes in = trim(*rest);
	size_t n = 0;

	while (n < in.n && !is_white(in.p[n]))
		n++;
	*out = bytes_of(in.p, n);
	*rest = bytes_of(in.p + n, in.n - n);
	return n > 0;
}

bool
text_number(int64_t *out, struct bytes text)
{
	int64_t value = 0;

	if (text.n == 0 || text.n > NUMBER_DIGITS)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		value = value * 10 + (text.p[i] - '0');
	}
	*out = value;
	return true;
}
