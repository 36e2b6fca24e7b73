/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/form.h"

#include "core/base/base64.h"
#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/message/multipart.h"
#include "core/message/structured.h"

#define MULTIPART_ANY  "multipart/"
#define MULTIPART      MULTIPART_ANY "form-data; boundary=\""
#define HASH_TEXT      44u  /* 32 bytes in padded base64 */
#define NAME_MAX_BYTES 765u /* a key with every byte escaped */

static bool
is_id_size(size_t n)
{
	return n == 32 || n == 42 || n == 43;
}

static struct bytes
header_name(struct bytes key, struct arena *a)
{
	if (!is_id_size(key.n))
		return key;
	struct buf b = buf_in(a, 3 * key.n);

	structured_put_escaped(&b, key);
	return buf_bytes(&b);
}

struct bytes
form_key(struct bytes name, struct arena *a)
{
	struct bytes key;
	struct fault ignored;

	if (name.n == 0 || memchr(name.p, '%', name.n) == NULL ||
	    !structured_unescape(&key, name, a, &ignored) || !is_id_size(key.n))
		return name;
	return key;
}

static struct bytes
digest_of(struct bytes body, struct arena *a)
{
	struct sha256 hash = sha256_of(body);
	struct buf b = buf_in(a, sizeof("sha-256=::") + HASH_TEXT);

	buf_text(&b, "sha-256=:");
	base64_put(&b, BASE64_PADDED, BYTES_OF(&hash));
	buf_u8(&b, ':');
	return buf_bytes(&b);
}

/* Keeps byte order of names; few enough for insertion. */
bool
form_put_header(struct http_message *http, struct bytes name,
    struct bytes value, struct fault *f)
{
	size_t at = http->nheaders;

	if (at == HTTP_HEADERS_MAX)
		return fail(f, FAULT_LIMIT, "httpsig.headers",
		    "message 9: more than %u headers", HTTP_HEADERS_MAX);
	while (at > 0 && bytes_order(http->headers[at - 1].name, name) > 0) {
		http->headers[at] = http->headers[at - 1];
		at--;
	}
	if (at > 0 && bytes_equal(http->headers[at - 1].name, name))
		return fail(f, FAULT_INPUT, "message.duplicate",
		    "message 9: a header twice");
	http->headers[at] = (struct http_header){ name, value };
	http->nheaders++;
	return true;
}

static bool
is_inline(const struct message *content, struct bytes inline_key)
{
	return content->count == 1 &&
	       bytes_equal(content->pairs[0].key, inline_key) &&
	       content->pairs[0].value.kind == VALUE_BYTES;
}

static bool
put_body(struct form *out, const struct message *content,
    struct bytes inline_key, struct arena *a, struct fault *f)
{
	struct multipart m;

	out->content = content;
	if (is_inline(content, inline_key)) {
		out->http.body = content->pairs[0].value.bytes;
		if (out->http.body.n == 0)
			return fail(f, FAULT_INPUT, "httpsig.body",
			    "message 9: an empty body cannot be sent");
	} else {
		out->multipart = true;
		if (!multipart_encode(&m, content, inline_key, a, f))
			return false;
		out->http.body = m.body;
		if (!form_put_header(&out->http, BYTES("content-type"),
			arena_print(a, MULTIPART "%.*s\"", (int)m.boundary.n,
			    m.boundary.p),
			f))
			return false;
	}
	return form_put_header(&out->http, BYTES("content-digest"),
	    digest_of(out->http.body, a), f);
}

/* Fields that this codec makes or reads at the outermost level: a key that
 * gave the same field would have the base of another message. */
static bool
is_own(const struct pair *p)
{
	return bytes_is(p->key, "signature") ||
	       bytes_is(p->key, "signature-input") ||
	       (bytes_is(p->key, "content-type") &&
		   p->value.kind == VALUE_BYTES &&
		   bytes_starts(p->value.bytes, BYTES(MULTIPART_ANY)));
}

bool
form_encode(struct form *out, const struct message *tabm, struct arena *a,
    struct fault *f)
{
	struct message *content = message_new(a);
	struct bytes inline_key = BYTES("body");

	*out = (struct form){ 0 };
	if (message_get(tabm, inline_key) == NULL &&
	    message_get(tabm, BYTES("data")) != NULL) {
		inline_key = BYTES("data");
		if (!form_put_header(
			&out->http, BYTES("ao-body-key"), inline_key, f))
			return false;
	}
	for (size_t i = 0; i < tabm->count; i++) {
		const struct pair *p = &tabm->pairs[i];

		if (is_own(p))
			return fail(f, FAULT_INPUT, "message.key",
			    "message 6: a key that is the codec's own");
		if (p->value.kind != VALUE_BYTES ||
		    p->value.bytes.n > HEADER_VALUE_MAX ||
		    bytes_equal(p->key, inline_key))
			message_put(content, p->key, p->value);
		else if (!form_put_header(&out->http, header_name(p->key, a),
			     p->value.bytes, f))
			return false;
	}
	if (content->count != 0 && !put_body(out, content, inline_key, a, f))
		return false;
	return arena_check(a, f);
}

bool
form_committed(struct commitment *out, const struct form *form, struct arena *a,
    struct fault *f)
{
	size_t room = form->http.nheaders +
		      (form->content == NULL ? 0 : form->content->count);
	struct bytes *keys = arena_alloc(a, room * sizeof(*keys));
	size_t n = 0;

	if (keys == NULL)
		return arena_check(a, f);
	for (size_t i = 0; i < form->http.nheaders; i++) {
		struct bytes name = form->http.headers[i].name;
		bool is_link;

		if (bytes_is(name, "content-digest") && form->content != NULL) {
			for (size_t k = 0; k < form->content->count; k++)
				keys[n++] = form->content->pairs[k].key;
			continue;
		}
		if (bytes_is(name, "ao-body-key") ||
		    (form->multipart && bytes_is(name, "content-type")))
			continue;
		keys[n++] = structured_bare_key(form_key(name, a), &is_link);
	}
	out->committed = keys;
	out->ncommitted = n;
	return arena_check(a, f);
}

static struct bytes
lower_case(struct bytes name, struct arena *a)
{
	uint8_t *to = arena_alloc(a, name.n);

	for (size_t i = 0; to != NULL && i < name.n; i++) {
		uint8_t byte = name.p[i];

		to[i] =
		    byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
	}
	return bytes_of(to, to == NULL ? 0 : name.n);
}

static bool
header_check(const struct http_header *h, struct fault *f)
{
	bool bad = h->name.n == 0 || h->name.n > NAME_MAX_BYTES;

	for (size_t i = 0; i < h->name.n; i++)
		bad = bad || h->name.p[i] <= 0x20 || h->name.p[i] > 0x7e;
	for (size_t i = 0; i < h->value.n; i++)
		bad = bad || memchr("\r\n", h->value.p[i], 3) != NULL;
	return !bad || fail(f, FAULT_INPUT, "httpsig.header",
			   "message 9: a header that HTTP has not");
}

/* Fields that say something about the message and are none of its keys. */
struct fields {
	struct message *seen;
	struct bytes digest, inline_key, boundary;
	bool has_digest, has_inline_key;
};

static bool
take_multipart(struct fields *fields, struct bytes type)
{
	struct bytes prefix = BYTES(MULTIPART);

	if (!bytes_starts(type, prefix) || type.n < prefix.n + 2 ||
	    type.p[type.n - 1] != '"')
		return false;
	fields->boundary = bytes_of(type.p + prefix.n, type.n - prefix.n - 1);
	return memchr(fields->boundary.p, '"', fields->boundary.n) == NULL;
}

static bool
take_header(struct form_signed *out, struct fields *fields,
    const struct http_header *h, struct arena *a, struct fault *f)
{
	struct bytes name = lower_case(h->name, a);
	struct bytes key = form_key(name, a);

	if (message_get(fields->seen, name) != NULL ||
	    message_get(out->tabm, key) != NULL)
		return fail(f, FAULT_INPUT, "message.duplicate",
		    "message 9: a header twice");
	message_put(fields->seen, name, (struct value){ 0 });
	if (bytes_is(name, "signature")) {
		out->signature = h->value;
	} else if (bytes_is(name, "signature-input")) {
		out->input = h->value;
	} else if (bytes_is(name, "content-digest")) {
		fields->digest = h->value;
		fields->has_digest = true;
	} else if (bytes_is(name, "ao-body-key")) {
		fields->inline_key = h->value;
		fields->has_inline_key = true;
	} else if (bytes_is(name, "content-type") &&
		   take_multipart(fields, h->value)) {
		out->multipart = true;
	} else {
		message_put(out->tabm, key,
		    (struct value){ .kind = VALUE_BYTES, .bytes = h->value });
	}
	return arena_check(a, f);
}

static bool
fields_check(const struct form_signed *out, const struct fields *fields,
    struct bytes body, struct arena *a, struct fault *f)
{
	if (fields->has_digest &&
	    !bytes_equal(fields->digest, digest_of(body, a)))
		return fail(f, FAULT_VERIFY, "httpsig.digest",
		    "message 9: content-digest is not the body's");
	if (fields->has_inline_key && !bytes_is(fields->inline_key, "data"))
		return fail(f, FAULT_INPUT, "httpsig.body",
		    "message 9: ao-body-key names an unknown key");
	if (message_get(out->tabm, BYTES("body")) != NULL ||
	    message_get(out->tabm, BYTES("commitments")) != NULL)
		return fail(f, FAULT_INPUT, "httpsig.header",
		    "message 9: body or commitments as a header");
	return arena_check(a, f);
}

/* Moves what the body held to the message, under keys of its own. */
static bool
merge(struct message *tabm, const struct message *content, struct fault *f)
{
	for (size_t i = 0; i < content->count; i++) {
		const struct pair *p = &content->pairs[i];

		if (message_get(tabm, p->key) != NULL ||
		    bytes_is(p->key, "commitments") ||
		    bytes_is(p->key, "ao-types"))
			return fail(f, FAULT_INPUT, "message.duplicate",
			    "message 9: a key in headers and body");
		message_put(tabm, p->key, p->value);
	}
	return true;
}

bool
form_decode(struct form_signed *out, const struct http_message *in,
    struct arena *a, struct fault *f)
{
	struct fields fields = { .seen = message_new(a),
		.inline_key = BYTES("body") };
	struct message *content = message_new(a);
	struct multipart m;

	*out =
	    (struct form_signed){ .tabm = message_new(a), .content = content };
	if (in->nheaders > HTTP_HEADERS_MAX)
		return fail(f, FAULT_LIMIT, "httpsig.headers",
		    "message 9: more than %u headers", HTTP_HEADERS_MAX);
	for (size_t i = 0; i < in->nheaders; i++) {
		if (!header_check(&in->headers[i], f) ||
		    !take_header(out, &fields, &in->headers[i], a, f))
			return false;
	}
	if (!fields_check(out, &fields, in->body, a, f))
		return false;
	m = (struct multipart){ fields.boundary, in->body };
	if (out->multipart) {
		if (!multipart_decode(content, &m, fields.inline_key, a, f))
			return false;
	} else if (in->body.n != 0) {
		message_put(content, fields.inline_key,
		    (struct value){ .kind = VALUE_BYTES, .bytes = in->body });
	}
	return merge(out->tabm, content, f) && arena_check(a, f);
}
