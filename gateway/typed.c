/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/typed.h"

#include "core/message/json.h"
#include "core/message/number.h"
#include "core/message/sf.h"

#include <strings.h>

static bool
bad(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "gateway.type", "http 20: %s", what);
}

static bool
read_integer(
    struct value *out, struct bytes text, struct arena *a, struct fault *f)
{
	(void)a;
	out->kind = VALUE_INTEGER;
	return number_parse_integer(&out->integer, text) ||
	       bad(f, "no integer of up to 15 digits");
}

static bool
read_float(
    struct value *out, struct bytes text, struct arena *a, struct fault *f)
{
	(void)a;
	out->kind = VALUE_FLOAT;
	return json_read_real(&out->number, text) || bad(f, "no float");
}

static bool
is_letter(uint8_t c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

static bool
read_atom(
    struct value *out, struct bytes text, struct arena *a, struct fault *f)
{
	(void)a;
	*out = (struct value){ .kind = VALUE_ATOM, .bytes = text };
	if (text.n == 0 || text.n > MESSAGE_KEY_MAX || !is_letter(text.p[0]))
		return bad(f, "no atom");
	for (size_t i = 1; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-' &&
		    c != '@' && c != '.')
			return bad(f, "no atom");
	}
	return true;
}

/* One item: a string in quotes, a number, or an atom. */
static bool
read_item(
    struct value *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct fault ignored;

	if (text.n >= 2 && text.p[0] == '"' && text.p[text.n - 1] == '"') {
		*out =
		    (struct value){ .bytes = bytes_of(text.p + 1, text.n - 2) };
		return true;
	}
	return read_integer(out, text, a, &ignored) ||
	       read_float(out, text, a, &ignored) || read_atom(out, text, a, f);
}

/* The next item before a comma outside quotes, without blanks around it. */
static bool
take_item(struct bytes *out, struct cursor *c, struct fault *f)
{
	bool quoted = false;
	size_t n = 0;

	while (n < c->left && (quoted || c->p[n] != ',')) {
		if (c->p[n] == '"')
			quoted = !quoted;
		n++;
	}
	*out = cursor_take(c, n);
	if (c->left > 0 && (cursor_u8(c), c->left == 0))
		return bad(f, "a list ends in a comma");
	while (out->n > 0 && out->p[0] == ' ')
		*out = bytes_of(out->p + 1, out->n - 1);
	while (out->n > 0 && out->p[out->n - 1] == ' ')
		out->n--;
	return !quoted || bad(f, "a quote is open");
}

static bool
read_list(
    struct value *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct message *list = message_new(a);
	struct cursor c = cursor_over(text);

	*out = (struct value){ .kind = VALUE_LIST, .message = list };
	while (c.left > 0) {
		struct value v = { 0 };
		struct bytes item;

		if (!take_item(&item, &c, f) || !read_item(&v, item, a, f))
			return false;
		if (list->count == MESSAGE_KEYS_READ_MAX)
			return bad(f, "over 256 items");
		message_append(list, v);
	}
	return true;
}

/* A dictionary: key=item, ...; a key alone is true. */
static bool
read_map(struct value *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct message *map = message_new(a);
	struct cursor c = cursor_over(text);

	*out = (struct value){ .kind = VALUE_MESSAGE, .message = map };
	while (c.left > 0) {
		struct value v = { .kind = VALUE_ATOM, .bytes = BYTES("true") };
		struct bytes item;

		if (!take_item(&item, &c, f))
			return false;
		const uint8_t *equals =
		    item.n == 0 ? NULL : memchr(item.p, '=', item.n);
		size_t n = equals == NULL ? item.n : (size_t)(equals - item.p);

		if (n == 0 || n > MESSAGE_KEY_MAX ||
		    map->count == MESSAGE_KEYS_READ_MAX)
			return bad(f, "a map without a key, or over 256 keys");
		if (equals != NULL &&
		    !read_item(&v, bytes_of(equals + 1, item.n - n - 1), a, f))
			return false;
		message_put(map, bytes_of(item.p, n), v);
	}
	return true;
}

/* clang-format off */
static const struct {
	const char *name;
	bool (*read)(struct value *out, struct bytes text, struct arena *a,
	    struct fault *f);
} types[] = {
	{ "integer", read_integer },
	{ "float",   read_float   },
	{ "atom",    read_atom    },
	{ "list",    read_list    },
	{ "map",     read_map     },
};
/* clang-format on */

bool
typed_read(struct value *out, struct bytes type, struct bytes text,
    struct arena *a, struct fault *f)
{
	*out = (struct value){ 0 };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (type.n == strlen(types[i].name) &&
		    strncasecmp((const char *)type.p, types[i].name, type.n) ==
			0)
			return types[i].read(out, text, a, f);
	}
	return bad(f, "an unknown type of a parameter");
}

struct bytes
typed_key(struct bytes *type, struct bytes key)
{
	*type = (struct bytes){ 0 };
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] != '+' && key.p[i] != ' ')
			continue;
		*type = bytes_of(key.p + i + 1, key.n - i - 1);
		return bytes_of(key.p, i);
	}
	return key;
}
