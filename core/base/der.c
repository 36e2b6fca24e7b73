/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/der.h"

#include "core/base/utf8.h"

#define LENGTH_BYTES_MAX 4u
#define LEVELS           16u

static size_t
place_of(const struct der *d)
{
	return d->c.p == NULL ? 0 : (size_t)(d->c.p - d->start);
}

static void
wrong_at(struct der *d, const char *reason, size_t place)
{
	if (d->reason != NULL)
		return;
	d->reason = reason;
	d->place = place;
	d->c.left = 0;
}

void
der_refuse(struct der *d, const char *reason)
{
	wrong_at(d, reason, place_of(d));
}

struct der
der_over(struct bytes in)
{
	return (struct der){ .c = cursor_over(in), .start = in.p };
}

bool
der_more(const struct der *d)
{
	return d->reason == NULL && d->c.left > 0;
}

/* The number behind a first byte that says so: base 128, no leading zeros,
 * and none that would have fitted into the first byte. */
static bool
take_number(uint32_t *out, struct cursor *c)
{
	uint32_t number = 0;
	uint8_t byte;

	do {
		byte = cursor_u8(c);
		if (number == 0 && byte == 0x80)
			return false;
		number = number << 7 | (byte & 0x7fu);
		if (number > DER_NUMBER_MAX)
			return false;
	} while ((byte & 0x80u) != 0);
	*out = number;
	return number >= 31;
}

static bool
take_tag(uint32_t *out, struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	uint32_t number = first & 0x1fu;

	if (number == 31 && !take_number(&number, c))
		return false;
	*out = (uint32_t)(first & 0xe0u) << 24 | number;
	return *out != 0;
}

/* Definite and minimal. */
static bool
take_length(size_t *out, struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	size_t n = first & 0x7fu, length = 0;

	*out = first;
	if (first < 0x80)
		return true;
	if (n == 0 || n > LENGTH_BYTES_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		length = length << 8 | cursor_u8(c);
	*out = length;
	return length >= 0x80 && length >> 8 * (n - 1) != 0;
}

/* NULL, or the reason why the next bytes are no element. */
static const char *
read_item(struct der_item *out, struct cursor *c)
{
	struct bytes from = bytes_of(c->p, c->left);
	size_t length;
	bool tagged = take_tag(&out->tag, c);

	if (!cursor_ok(c))
		return "der.truncated";
	if (!tagged)
		return DER_BAD_TAG;
	bool measured = take_length(&length, c);

	if (!cursor_ok(c))
		return "der.truncated";
	if (!measured)
		return "der.length";
	out->content = cursor_take(c, length);
	out->whole = bytes_of(from.p, from.n - c->left);
	return cursor_ok(c) ? NULL : "der.truncated";
}

uint32_t
der_peek(const struct der *d)
{
	struct cursor c = d->c;
	uint32_t tag = 0;

	if (!der_more(d) || !take_tag(&tag, &c) || !cursor_ok(&c))
		return 0;
	return tag;
}

struct der_item
der_any(struct der *d)
{
	struct der_item item = { 0 };
	struct cursor after = d->c;
	const char *reason = read_item(&item, &after);

	if (d->reason != NULL)
		return (struct der_item){ 0 };
	if (reason != NULL) {
		der_refuse(d, reason);
		return (struct der_item){ 0 };
	}
	d->c = after;
	return item;
}

struct bytes
der_take(struct der *d, uint32_t tag)
{
	size_t place = place_of(d);
	struct der_item item = der_any(d);

	if (d->reason != NULL || item.tag == tag)
		return item.content;
	wrong_at(d, DER_BAD_TAG, place);
	return (struct bytes){ 0 };
}

static struct der
reader(const struct der *d, struct bytes content)
{
	struct der part = *d;

	part.c = cursor_over(content);
	return part;
}

struct der
der_into(struct der *d, uint32_t tag)
{
	struct bytes content = der_take(d, tag);

	return reader(d, content);
}

struct der
der_wrapped(struct der *d)
{
	return der_into(d, DER_OCTETS);
}

/* The content of a primitive that `fits` says is the value's one encoding. */
static struct bytes
value(struct der *d, uint32_t tag, bool (*fits)(struct bytes content))
{
	size_t place = place_of(d);
	struct bytes content = der_take(d, tag);

	if (d->reason != NULL || fits(content))
		return content;
	wrong_at(d, DER_BAD_VALUE, place);
	return (struct bytes){ 0 };
}

static bool
is_boolean(struct bytes content)
{
	return content.n == 1 && (content.p[0] == 0 || content.p[0] == 0xff);
}

bool
der_boolean(struct der *d)
{
	struct bytes content = value(d, DER_BOOLEAN, is_boolean);

	return content.n != 0 && content.p[0] != 0;
}

/* The first nine bits are not all the same. */
static bool
is_integer(struct bytes content)
{
	if (content.n < 2)
		return content.n == 1;
	uint8_t sign = (content.p[1] & 0x80u) != 0 ? 0xff : 0;

	return content.p[0] != sign;
}

static bool
is_int64(struct bytes content)
{
	return is_integer(content) && content.n <= 8;
}

static bool
is_uint64(struct bytes content)
{
	return is_integer(content) && (content.p[0] & 0x80u) == 0 &&
	       (content.n <= 8 || (content.n == 9 && content.p[0] == 0));
}

static uint64_t
number_of(struct bytes content)
{
	bool negative = content.n != 0 && (content.p[0] & 0x80u) != 0;
	uint64_t number = negative ? UINT64_MAX : 0;

	for (size_t i = 0; i < content.n; i++)
		number = number << 8 | content.p[i];
	return number;
}

int64_t
der_int64(struct der *d)
{
	return (int64_t)number_of(value(d, DER_INTEGER, is_int64));
}

uint64_t
der_uint64(struct der *d)
{
	return number_of(value(d, DER_INTEGER, is_uint64));
}

int64_t
der_enumerated(struct der *d)
{
	return (int64_t)number_of(value(d, DER_ENUMERATED, is_int64));
}

struct bytes
der_integer(struct der *d)
{
	return value(d, DER_INTEGER, is_integer);
}

struct bytes
der_positive(struct der *d)
{
	struct bytes n = der_integer(d);

	if (n.n == 0 || (n.p[0] & 0x80) != 0)
		return (struct bytes){ 0 };
	return n.p[0] == 0 ? bytes_of(n.p + 1, n.n - 1) : n;
}

struct bytes
der_octets(struct der *d)
{
	return der_take(d, DER_OCTETS);
}

static bool
is_whole_bits(struct bytes content)
{
	return content.n != 0 && content.p[0] == 0;
}

struct bytes
der_bits(struct der *d)
{
	struct bytes content = value(d, DER_BITS, is_whole_bits);

	return content.n == 0 ? content
			      : bytes_of(content.p + 1, content.n - 1);
}

/* Groups of base 128, each without leading zeros, the last one ended. */
static bool
is_oid(struct bytes content)
{
	bool first = true;

	for (size_t i = 0; i < content.n; i++) {
		if (first && content.p[i] == 0x80)
			return false;
		first = (content.p[i] & 0x80u) == 0;
	}
	return content.n != 0 && first;
}

struct bytes
der_oid(struct der *d)
{
	return value(d, DER_OID, is_oid);
}

static bool
is_utf8(struct bytes content)
{
	for (size_t i = 0, n; i < content.n; i += n) {
		n = utf8_sequence(content.p + i, content.n - i);
		if (n == 0)
			return false;
	}
	return true;
}

struct bytes
der_utf8(struct der *d)
{
	return value(d, DER_UTF8, is_utf8);
}

static bool
is_ia5(struct bytes content)
{
	for (size_t i = 0; i < content.n; i++) {
		if (content.p[i] >= 0x80)
			return false;
	}
	return true;
}

struct bytes
der_ia5(struct der *d)
{
	return value(d, DER_IA5, is_ia5);
}

static bool
is_printable(struct bytes content)
{
	static const char more[] = " '()+,-./:=?";

	for (size_t i = 0; i < content.n; i++) {
		uint8_t c = content.p[i];
		bool letter = (c | 0x20u) >= 'a' && (c | 0x20u) <= 'z';
		bool digit = c >= '0' && c <= '9';

		if (!letter && !digit &&
		    memchr(more, c, sizeof(more) - 1) == NULL)
			return false;
	}
	return true;
}

struct bytes
der_printable(struct der *d)
{
	return value(d, DER_PRINTABLE, is_printable);
}

static bool
is_empty(struct bytes content)
{
	return content.n == 0;
}

void
der_null(struct der *d)
{
	(void)value(d, DER_NULL, is_empty);
}

bool
der_done(const struct der *d, struct fault *f)
{
	if (d->reason != NULL)
		return fail(f, FAULT_INPUT, d->reason,
		    "base 13: not the DER expected at byte %zu", d->place);
	if (d->c.left != 0)
		return fail(f, FAULT_INPUT, "der.trailing",
		    "base 13: %zu bytes left at byte %zu", d->c.left,
		    place_of(d));
	return true;
}

static bool
is_strict_value(const struct der_item *item)
{
	struct der d = der_over(item->whole);
	struct fault f;

	if (item->tag == DER_BOOLEAN)
		(void)der_boolean(&d);
	else if (item->tag == DER_INTEGER)
		(void)der_integer(&d);
	else
		return true;
	return der_done(&d, &f);
}

bool
der_is_strict(struct bytes in)
{
	struct der levels[LEVELS] = { der_over(in) };
	size_t n = 1;
	struct fault f;

	while (n > 0) {
		struct der *top = &levels[n - 1];

		if (!der_more(top)) {
			if (!der_done(top, &f))
				return false;
			n--;
			continue;
		}
		struct der_item item = der_any(top);

		if (!is_strict_value(&item))
			return false;
		if ((item.tag & DER_CONSTRUCTED) == 0)
			continue;
		if (n == LEVELS)
			return false;
		levels[n++] = der_over(item.content);
	}
	return true;
}
