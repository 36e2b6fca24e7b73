/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/statuslist.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/base/utf8.h"

#define ID_MAX     64u /* digits */
#define SERIAL_MAX 20u /* bytes */
#define ENTRY_MIN \
	26u /* bytes of the shortest entry: "1":{"status":"REVOKED"} */

enum member { STATUS, REASON, COMMENT, EXPIRES, MEMBER_COUNT };

static const char *const members[MEMBER_COUNT] = { "status", "reason",
	"comment", "expires" };

static bool
refuse(const struct cursor *c, struct bytes json, struct fault *f)
{
	return fail(f, FAULT_INPUT, "android.revocation.syntax",
	    "evidence 55: no list of serial numbers at byte %zu",
	    json.n - c->left);
}

static uint8_t
peek(const struct cursor *c)
{
	return c->left == 0 ? 0 : *c->p;
}

static bool
is_of(uint8_t c, struct bytes set)
{
	return memchr(set.p, c, set.n) != NULL;
}

static void
skip_space(struct cursor *c)
{
	while (c->left != 0 && is_of(*c->p, BYTES(" \t\r\n")))
		(void)cursor_u8(c);
}

/* The sign, with space around it. */
static bool
sign(struct cursor *c, uint8_t wanted)
{
	skip_space(c);
	bool found = peek(c) == wanted && cursor_u8(c) == wanted;

	skip_space(c);
	return found;
}

static bool
escape(struct cursor *c)
{
	uint8_t kind = cursor_u8(c);

	if (kind != 'u')
		return is_of(kind, BYTES("\"\\/bfnrt"));
	for (int i = 0; i < 4; i++)
		if (!is_of(cursor_u8(c), BYTES("0123456789abcdefABCDEF")))
			return false;
	return true;
}

/* What stands between the quotes, as it stands there. */
static bool
string(struct bytes *out, struct cursor *c)
{
	skip_space(c);
	if (cursor_u8(c) != '"')
		return false;
	const uint8_t *from = c->p;

	while (c->left != 0 && *c->p != '"') {
		size_t n = utf8_sequence(c->p, c->left);

		if (n == 0 || *c->p < 0x20)
			return false;
		bool escaped = *c->p == '\\';

		(void)cursor_take(c, n);
		if (escaped && !escape(c))
			return false;
	}
	*out = bytes_of(from, (size_t)(c->p - from));
	return cursor_u8(c) == '"';
}

static bool
is_id(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_of(text.p[i], BYTES("0123456789abcdef")))
			return false;
	return text.n != 0 && text.n <= ID_MAX && text.p[0] != '0';
}

static bool
read_member(
    struct statuslist_entry *entry, bool seen[MEMBER_COUNT], struct cursor *c)
{
	struct bytes name, value;
	enum member m = STATUS;

	if (!string(&name, c) || !sign(c, ':') || !string(&value, c))
		return false;
	while (m < MEMBER_COUNT && !bytes_is(name, members[m]))
		m++;
	if (m == MEMBER_COUNT || seen[m])
		return false;
	seen[m] = true;
	if (m != STATUS)
		return true;
	entry->suspended = bytes_is(value, "SUSPENDED");
	return entry->suspended || bytes_is(value, "REVOKED");
}

static bool
read_entry(struct statuslist_entry *entry, struct cursor *c)
{
	bool seen[MEMBER_COUNT] = { false };

	if (!string(&entry->id, c) || !is_id(entry->id) || !sign(c, ':') ||
	    !sign(c, '{'))
		return false;
	do {
		if (!read_member(entry, seen, c))
			return false;
	} while (sign(c, ','));
	return seen[STATUS] && sign(c, '}');
}

/* From behind the brace to the closing one. */
static bool
read_entries(struct statuslist *out, struct statuslist_entry *room,
    size_t nroom, struct cursor *c)
{
	out->entries = room;
	if (sign(c, '}'))
		return true;
	do {
		if (out->n == nroom || !read_entry(&room[out->n], c))
			return false;
		out->n++;
	} while (sign(c, ','));
	return sign(c, '}');
}

static int
order(const void *a, const void *b)
{
	const struct statuslist_entry *x = a, *y = b;

	return bytes_order(x->id, y->id);
}

static bool
is_distinct(const struct statuslist *list)
{
	for (size_t i = 1; i < list->n; i++)
		if (bytes_equal(list->entries[i - 1].id, list->entries[i].id))
			return false;
	return true;
}

bool
statuslist_parse(
    struct statuslist *out, struct bytes json, struct arena *a, struct fault *f)
{
	struct cursor c = cursor_over(json);
	struct bytes name;
	size_t nroom = json.n / ENTRY_MIN + 1;

	memset(out, 0, sizeof(*out));
	if (json.n > STATUSLIST_MAX)
		return fail(f, FAULT_LIMIT, "android.revocation.syntax",
		    "evidence 55: a list of %zu bytes", json.n);
	if (nroom > STATUSLIST_ENTRIES_MAX)
		nroom = STATUSLIST_ENTRIES_MAX;
	struct statuslist_entry *room = arena_room(a, nroom * sizeof(*room));

	if (!arena_check(a, f))
		return false;
	struct statuslist list = { 0 };
	bool read = sign(&c, '{') && string(&name, &c) &&
		    bytes_is(name, "entries") && sign(&c, ':') &&
		    sign(&c, '{') && read_entries(&list, room, nroom, &c) &&
		    sign(&c, '}') && cursor_done(&c);

	if (!read)
		return refuse(&c, json, f);
	qsort(room, list.n, sizeof(*room), order);
	if (!is_distinct(&list))
		return refuse(&c, json, f);
	*out = list;
	return true;
}

static const struct statuslist_entry *
find(const struct statuslist *list, struct bytes id)
{
	struct statuslist_entry wanted = { .id = id };

	return list->n == 0 ? NULL
			    : bsearch(&wanted, list->entries, list->n,
				  sizeof(wanted), order);
}

static struct bytes
hex_text(uint8_t *text, struct bytes serial)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (size_t i = 0; i < serial.n; i++) {
		if (n != 0 || serial.p[i] >> 4 != 0)
			text[n++] = (uint8_t)digits[serial.p[i] >> 4];
		if (n != 0 || serial.p[i] != 0)
			text[n++] = (uint8_t)digits[serial.p[i] & 15];
	}
	return bytes_of(text, n);
}

/* Divides the number by ten again and again: the digits come from the end. */
static struct bytes
decimal_text(uint8_t *text, struct bytes serial)
{
	uint8_t number[SERIAL_MAX];
	size_t at = ID_MAX;
	bool more = true;

	memcpy(number, serial.p, serial.n);
	while (more) {
		unsigned rest = 0;

		more = false;
		for (size_t i = 0; i < serial.n; i++) {
			unsigned value = rest << 8 | number[i];

			number[i] = (uint8_t)(value / 10);
			rest = value % 10;
			more = more || number[i] != 0;
		}
		text[--at] = (uint8_t)('0' + rest);
	}
	return bytes_of(text + at, ID_MAX - at);
}

const struct statuslist_entry *
statuslist_find(const struct statuslist *list, struct bytes serial)
{
	uint8_t text[ID_MAX] = { 0 };

	if (serial.n == 0 || serial.n > SERIAL_MAX)
		return NULL;
	const struct statuslist_entry *entry =
	    find(list, hex_text(text, serial));

	return entry != NULL ? entry : find(list, decimal_text(text, serial));
}
