/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/vectors/stricter.h"

#include <stdio.h>

#include "core/base/base64.h"
#include "core/base/cursor.h"

static bool
is_level(const struct value *v)
{
	return v->kind == VALUE_MESSAGE || v->kind == VALUE_LIST;
}

/* True if the test holds for a pair of any level. */
static bool
any_pair(const struct message *m, bool (*test)(const struct pair *p))
{
	for (size_t i = 0; m != NULL && i < m->count; i++) {
		const struct pair *p = &m->pairs[i];

		if (test(p) ||
		    (is_level(&p->value) && any_pair(p->value.message, test)))
			return true;
	}
	return false;
}

static bool
is_many(const struct message *m)
{
	size_t keys = m->count, typed = 0;

	for (size_t i = 0; i < m->count; i++) {
		enum value_kind kind = m->pairs[i].value.kind;

		typed += kind == VALUE_INTEGER || kind == VALUE_FLOAT ||
			 kind == VALUE_ATOM;
	}
	return keys + (typed != 0) > MESSAGE_KEYS_MAX;
}

static bool
many_below(const struct pair *p)
{
	return is_level(&p->value) &&
	       (is_many(p->value.message) ||
		   (p->value.kind == VALUE_LIST &&
		       p->value.message->count >= MESSAGE_KEYS_MAX));
}

static bool
has_many_keys(const struct subject *s)
{
	return (s->http != NULL && s->http->nheaders > MESSAGE_KEYS_MAX) ||
	       (s->message != NULL &&
		   (is_many(s->message) || any_pair(s->message, many_below)));
}

static bool
is_odd_key(const struct pair *p)
{
	bool odd = p->key.n == 0 || p->key.n > MESSAGE_KEY_MAX ||
		   bytes_starts(p->key, BYTES("priv")) ||
		   memmem(p->key.p, p->key.n, "+link", 5) != NULL ||
		   bytes_is(p->key, "signature") ||
		   bytes_is(p->key, "signature-input") ||
		   bytes_is(p->key, "content-digest") ||
		   bytes_is(p->key, "unsigned_id") ||
		   bytes_is(p->key, "ao-body-key");

	for (size_t i = 0; i < p->key.n; i++)
		odd = odd || p->key.p[i] <= 0x20 || p->key.p[i] > 0x7e ||
		      strchr("\"%\\/", p->key.p[i]) != NULL;
	return odd;
}

static bool
has_odd_key(const struct subject *s)
{
	return any_pair(s->message, is_odd_key);
}

static bool
is_large_number(const struct pair *p)
{
	return p->value.kind == VALUE_INTEGER &&
	       (p->value.integer > MESSAGE_INTEGER_MAX ||
		   p->value.integer < -MESSAGE_INTEGER_MAX);
}

static bool
has_large_number(const struct subject *s)
{
	return any_pair(s->message, is_large_number);
}

static bool
is_broken(struct bytes value)
{
	return value.n != 0 && (memchr(value.p, '\n', value.n) != NULL ||
				   memchr(value.p, '\r', value.n) != NULL);
}

static bool
has_break(const struct pair *p)
{
	return p->value.kind == VALUE_BYTES && is_broken(p->value.bytes);
}

static bool
has_line_break(const struct subject *s)
{
	for (size_t i = 0; s->http != NULL && i < s->http->nheaders; i++) {
		if (is_broken(s->http->headers[i].value))
			return true;
	}
	return any_pair(s->message, has_break);
}

/* Control bytes, upper case, or a space at an end: HTTP would change it. */
static bool
has_fragile_header(const struct subject *s)
{
	for (size_t i = 0; s->http != NULL && i < s->http->nheaders; i++) {
		const struct http_header *h = &s->http->headers[i];

		for (size_t k = 0; k < h->value.n; k++) {
			if (h->value.p[k] < 0x20 || h->value.p[k] == 0x7f)
				return true;
		}
		for (size_t k = 0; k < h->name.n; k++) {
			if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "\"(),/:;<=>?@[\\]{} ",
				h->name.p[k]) != NULL)
				return true;
		}
		if (h->value.n != 0 &&
		    (h->value.p[0] == ' ' || h->value.p[h->value.n - 1] == ' '))
			return true;
	}
	return false;
}

static bool
is_empty_body(const struct pair *p)
{
	return (bytes_is(p->key, "body") || bytes_is(p->key, "data")) &&
	       p->value.kind == VALUE_BYTES && p->value.bytes.n == 0;
}

static bool
has_empty_body(const struct subject *s)
{
	return any_pair(s->message, is_empty_body);
}

static bool
has_wrong_digest(const struct subject *s)
{
	uint8_t block[64];
	struct arena a;

	if (s->http == NULL)
		return false;
	struct sha256 hash = sha256_of(s->http->body);

	arena_init(&a, block, sizeof(block));
	struct bytes text = base64_encode(&a, BASE64_PADDED, BYTES_OF(&hash));

	for (size_t i = 0; i < s->http->nheaders; i++) {
		const struct http_header *h = &s->http->headers[i];

		if (bytes_is(h->name, "content-digest"))
			return memmem(h->value.p, h->value.n, text.p, text.n) ==
			       NULL;
	}
	return false;
}

/* The text outside of quotes, piece by piece up to one of the stops. */
static struct bytes
piece(struct cursor *c, const char *stops)
{
	const uint8_t *from = c->p;
	bool quoted = false;
	size_t n = 0;

	while (c->left != 0) {
		uint8_t byte = cursor_u8(c);

		if (byte == '"')
			quoted = !quoted;
		if (!quoted && strchr(stops, byte) != NULL)
			break;
		n++;
	}
	return bytes_of(from, n);
}

static bool
is_known_param(struct bytes param)
{
	static const char *const names[] = { "alg=", "bundle=", "created=",
		"expires=", "keyid=", "nonce=", "tag=" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_starts(param, bytes_text(names[i])))
			return true;
	}
	return false;
}

/* A member that is no comm- one, or a parameter that nobody defined. */
static bool
has_unknown_input(const struct subject *s)
{
	for (size_t i = 0; s->http != NULL && i < s->http->nheaders; i++) {
		struct cursor all = cursor_over(s->http->headers[i].value);

		if (!bytes_is(s->http->headers[i].name, "signature-input"))
			continue;
		while (all.left != 0) {
			struct cursor member = cursor_over(piece(&all, ","));
			struct bytes head = piece(&member, ";");

			while (head.n != 0 && head.p[0] == ' ')
				head = bytes_of(head.p + 1, head.n - 1);
			if (!bytes_starts(head, BYTES("comm-")))
				return true;
			while (member.left != 0) {
				if (!is_known_param(piece(&member, ";")))
					return true;
			}
		}
	}
	return false;
}

static bool
has_own_type(const struct subject *s)
{
	return s->message != NULL &&
	       message_get(s->message, BYTES("content-type")) != NULL;
}

static bool
is_empty_level(const struct pair *p)
{
	return is_level(&p->value) && p->value.message->count == 0;
}

static bool
has_no_path(const struct subject *s)
{
	return has_odd_key(s) || any_pair(s->message, is_empty_level);
}

/* clang-format off */
static const struct {
	const char *reason;
	bool (*holds)(const struct subject *s);
	const char *why;
} table[] = {
	{ "message.keys", has_many_keys,
	  "over 32 keys a level the original orders by a hash of its own: not produced, not named" },
	{ "message.key", has_odd_key,
	  "a key that would read as something else in another form" },
	{ "message.value", has_large_number,
	  "more than 15 digits crash the original's decoder" },
	{ "httpsig.line", has_line_break,
	  "a line break makes the signature base another message's, too, and splits headers" },
	{ "httpsig.header", has_fragile_header,
	  "a header that HTTP does not hand on unchanged" },
	{ "httpsig.body", has_empty_body,
	  "an empty body is dropped by the original: its message would change" },
	{ "httpsig.digest", has_wrong_digest,
	  "a content-digest that is not the body's; the original never looks" },
	{ "httpsig.signature", has_unknown_input,
	  "a member or parameter that nobody defined is refused, not ignored" },
	{ "message.duplicate", has_own_type,
	  "a content-type of its own is overwritten by multipart's in the original" },
	{ "flat.path", has_no_path,
	  "an empty level or a key with '/' has no path of its own" },
};
/* clang-format on */
#define ROWS (sizeof(table) / sizeof(table[0]))

bool
stricter_may(const char *reason, const struct subject *subject)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(reason, table[i].reason) == 0)
			return table[i].holds(subject);
	}
	return false;
}

void
stricter_print(void)
{
	for (size_t i = 0; i < ROWS; i++)
		(void)printf("%-18s %s\n", table[i].reason, table[i].why);
}
