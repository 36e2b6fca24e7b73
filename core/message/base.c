/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/base.h"

#include "core/base/buf.h"
#include "core/message/sf.h"
#include "core/message/structured.h"

#define FIELD_OVERHEAD 16u
#define PARAM_OVERHEAD 256u /* names and punctuation of all parameters */

enum param { ALG, BUNDLE, CREATED, EXPIRES, KEYID, NONCE, TAG, PARAMS };

static const char *const param_names[PARAMS] = {
	[ALG] = "alg",
	[BUNDLE] = "bundle",
	[CREATED] = "created",
	[EXPIRES] = "expires",
	[KEYID] = "keyid",
	[NONCE] = "nonce",
	[TAG] = "tag",
};

/* What is signed has them sorted, the wire has its own order. */
static const enum param base_order[PARAMS] = { ALG, BUNDLE, CREATED, EXPIRES,
	KEYID, NONCE, TAG };
static const enum param wire_order[PARAMS] = { ALG, KEYID, TAG, CREATED,
	EXPIRES, NONCE, BUNDLE };

/* Names that RFC 9421 derives: in what is signed they begin with '@'. */
static const char *const derived[] = { "authority", "method", "path", "query",
	"query-param", "request-target", "scheme", "target-uri" };
#define DERIVED (sizeof(derived) / sizeof(derived[0]))

/* The fields of a form in the order that is signed. */
struct sequence {
	struct http_header fields[HTTP_HEADERS_MAX];
	size_t count;
};

static bool
is_derived(struct bytes name)
{
	for (size_t i = 0; i < DERIVED; i++) {
		if (bytes_is(name, derived[i]))
			return true;
	}
	return false;
}

static const struct http_header *
field_of(const struct form *form, struct bytes key, struct arena *a)
{
	for (size_t i = 0; i < form->http.nheaders; i++) {
		bool is_link;
		struct bytes name = form_key(form->http.headers[i].name, a);

		if (bytes_equal(structured_bare_key(name, &is_link), key))
			return &form->http.headers[i];
	}
	return NULL;
}

/* Erlang's order of big maps cannot be computed here, but a signer tells it. */
static bool
sequence_of(struct sequence *out, const struct form *form,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	bool told = form->http.nheaders > MESSAGE_KEYS_MAX;

	*out = (struct sequence){ .count = form->http.nheaders };
	if (told &&
	    (form->content != NULL || c->ncommitted != form->http.nheaders))
		return fail(f, FAULT_LIMIT, "message.keys",
		    "message 11: more than %u keys and a body",
		    MESSAGE_KEYS_MAX);
	for (size_t i = 0; i < out->count; i++) {
		const struct http_header *field =
		    told ? field_of(form, c->committed[i], a)
			 : &form->http.headers[i];

		if (field == NULL)
			return fail(f, FAULT_VERIFY, "commitment.missing",
			    "message 12: a committed key is not there");
		out->fields[i] = *field;
	}
	return true;
}

static void
put_param(struct buf *b, const struct commitment *c, enum param param)
{
	const struct bytes strings[PARAMS] = {
		[ALG] = c->type,
		[BUNDLE] = c->bundle ? BYTES("true") : (struct bytes){ 0 },
		[KEYID] = c->keyid,
		[NONCE] = c->nonce,
		[TAG] = c->tag,
	};
	const int64_t integers[PARAMS] = {
		[CREATED] = c->created,
		[EXPIRES] = c->expires,
	};
	uint8_t block[32];
	struct arena scratch;

	if (strings[param].n == 0 && integers[param] == 0)
		return;
	buf_u8(b, ';');
	buf_text(b, param_names[param]);
	buf_u8(b, '=');
	if (strings[param].n != 0) {
		sf_put_string(b, strings[param]);
		return;
	}
	arena_init(&scratch, block, sizeof(block));
	buf_put(b, arena_print(&scratch, "%lld", (long long)integers[param]));
}

static void
put_params(
    struct buf *b, const struct commitment *c, const enum param order[PARAMS])
{
	for (size_t i = 0; i < PARAMS; i++)
		put_param(b, c, order[i]);
}

static void
put_names(struct buf *b, const struct sequence *s, bool at)
{
	buf_u8(b, '(');
	for (size_t i = 0; i < s->count; i++) {
		struct bytes name = s->fields[i].name;

		buf_text(b, i == 0 ? "\"" : " \"");
		if (at && is_derived(name))
			buf_u8(b, '@');
		buf_put(b, name);
		buf_u8(b, '"');
	}
	buf_u8(b, ')');
}

static size_t
room_of(const struct sequence *s, const struct commitment *c)
{
	size_t room = PARAM_OVERHEAD +
		      2 * (c->type.n + c->keyid.n + c->nonce.n + c->tag.n);

	for (size_t i = 0; i < s->count; i++)
		room += 2 * s->fields[i].name.n + s->fields[i].value.n +
			FIELD_OVERHEAD;
	return room;
}

static bool
has_break(struct bytes value)
{
	return value.n != 0 && (memchr(value.p, '\n', value.n) != NULL ||
				   memchr(value.p, '\r', value.n) != NULL);
}

bool
base_text(struct bytes *out, const struct form *form,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	struct sequence s;

	if (!sequence_of(&s, form, c, a, f))
		return false;
	struct buf b = buf_in(a, room_of(&s, c));

	for (size_t i = 0; i < s.count; i++) {
		if (has_break(s.fields[i].value))
			return fail(f, FAULT_INPUT, "httpsig.line",
			    "message 9: a value with a line break");
		buf_u8(&b, '"');
		buf_put(&b, s.fields[i].name);
		buf_text(&b, "\": ");
		buf_put(&b, s.fields[i].value);
		buf_u8(&b, '\n');
	}
	if (s.count == 0)
		buf_u8(&b, '\n');
	buf_text(&b, "\"@signature-params\": ");
	put_names(&b, &s, true);
	put_params(&b, c, base_order);
	*out = buf_bytes(&b);
	return arena_check(a, f) && buf_check(&b, f);
}

bool
base_input(struct bytes *out, const struct form *form,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	struct sequence s;

	if (!sequence_of(&s, form, c, a, f))
		return false;
	struct buf b = buf_in(a, room_of(&s, c));

	put_names(&b, &s, false);
	put_params(&b, c, wire_order);
	*out = buf_bytes(&b);
	return arena_check(a, f) && buf_check(&b, f);
}
