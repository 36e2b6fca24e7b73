/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/itemsig.h"

#include "core/message/commitments.h"
#include "core/message/dataitem.h"
#include "core/message/id.h"
#include "core/message/number.h"
#include "core/message/structured.h"

#define ALG_PREFIX BYTES(COMMITMENT_ANS104 "/")
#define OVERHEAD   512u /* names and punctuation of all parameters */
/* Numbers and punctuation of all tags. */
#define TAG_OVERHEAD ((size_t)DATAITEM_TAGS_MAX * 16)

static bool
malformed(struct fault *f, const char *what)
{
	return fail(
	    f, FAULT_INPUT, "httpsig.signature", "message 13: %s", what);
}

/* The header that a key is in; NULL if it went to the body. */
static const struct http_header *
header_of(const struct form *form, struct bytes key, struct arena *a)
{
	for (size_t i = 0; i < form->http.nheaders; i++) {
		const struct http_header *h = &form->http.headers[i];
		bool is_link;

		if (bytes_equal(
			structured_bare_key(form_key(h->name, a), &is_link),
			key))
			return h;
	}
	return NULL;
}

static void
put_name(struct buf *b, const char *before, struct bytes name)
{
	buf_text(b, before);
	sf_put_string(b, name);
}

/* What stands for all keys of the body. */
static void
put_body(struct buf *b, const char *before, const struct form *form)
{
	static const char *const others[] = { "ao-body-key", "content-type" };

	put_name(b, before, BYTES("content-digest"));
	for (size_t i = 0; i < form->http.nheaders; i++) {
		struct bytes name = form->http.headers[i].name;

		if (bytes_is(name, others[0]) ||
		    (form->multipart && bytes_is(name, others[1])))
			put_name(b, " ", name);
	}
}

static bool
put_names(struct buf *b, const struct form *form, const struct commitment *c,
    struct arena *a, struct fault *f)
{
	bool had_body = false;

	buf_u8(b, '(');
	for (size_t i = 0; i < c->ncommitted; i++) {
		const struct http_header *h =
		    header_of(form, c->committed[i], a);
		const char *before = i == 0 ? "" : " ";

		if (h != NULL) {
			put_name(b, before, h->name);
			continue;
		}
		if (form->content == NULL ||
		    message_get(form->content, c->committed[i]) == NULL)
			return fail(f, FAULT_VERIFY, "commitment.missing",
			    "message 13: a committed key is not there");
		if (!had_body)
			put_body(b, before, form);
		had_body = true;
	}
	buf_u8(b, ')');
	return true;
}

static void
put_text(struct buf *b, const char *name, struct bytes text)
{
	if (text.n == 0)
		return;
	buf_u8(b, ';');
	buf_text(b, name);
	buf_u8(b, '=');
	sf_put_string(b, text);
}

static bool
holds(struct bytes text, const char *what)
{
	return text.n != 0 &&
	       memmem(text.p, text.n, what, strlen(what)) != NULL;
}

/* "1:NAME:VALUE, 2:…", values in base64url, in byte order of the numbers. */
static bool
put_tags(
    struct buf *b, struct bytes tag_bytes, struct arena *a, struct fault *f)
{
	struct message *order = message_new(a);
	struct dataitem item = { 0 };
	struct buf text = buf_in(a, 2 * tag_bytes.n + TAG_OVERHEAD);

	if (tag_bytes.n == 0)
		return true;
	if (!dataitem_parse_tags(
		&item, tag_bytes, dataitem_count(tag_bytes), f))
		return false;
	for (size_t i = 0; i < item.ntags; i++)
		message_put(order, arena_print(a, "%zu", i + 1),
		    (struct value){
			.kind = VALUE_INTEGER, .integer = (int64_t)i });
	for (size_t i = 0; i < order->count; i++) {
		const struct pair *p = &order->pairs[i];
		const struct dataitem_tag *tag = &item.tags[p->value.integer];

		if (holds(tag->name, ":") || holds(tag->name, ", "))
			return malformed(f, "a tag's name that reads as more");
		buf_text(&text, i == 0 ? "" : ", ");
		buf_put(&text, p->key);
		buf_u8(&text, ':');
		buf_put(&text, tag->name);
		buf_u8(&text, ':');
		base64_put(&text, BASE64_URL, tag->value);
	}
	put_text(b, "original-tags", buf_bytes(&text));
	return buf_check(&text, f);
}

static void
put_id(struct buf *b, const char *name, struct bytes raw, struct arena *a)
{
	put_text(b, name, base64_encode(a, BASE64_URL, raw));
}

bool
itemsig_input(struct bytes *out, const struct form *form,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	size_t room =
	    OVERHEAD + c->keyid.n + c->type.n + 4 * (c->tags.n + TAG_OVERHEAD);

	for (size_t i = 0; i < form->http.nheaders; i++)
		room += 2 * form->http.headers[i].name.n + 4;
	struct buf b = buf_in(a, room);

	if (!put_names(&b, form, c, a, f))
		return false;
	put_text(&b, "alg",
	    arena_print(
		a, COMMITMENT_ANS104 "/%.*s", (int)c->type.n, c->type.p));
	put_text(&b, "keyid", c->keyid);
	put_text(&b, "bundle", c->bundle ? BYTES("true") : BYTES("false"));
	if (c->bundle) {
		put_text(&b, "bundle-format", BYTES("binary"));
		put_text(&b, "bundle-version", BYTES("2.0.0"));
	}
	put_id(&b, "bundle-map", c->map, a);
	put_id(&b, "field-anchor", c->anchor, a);
	put_id(&b, "field-target", c->target, a);
	if (!put_tags(&b, c->tags, a, f))
		return false;
	*out = buf_bytes(&b);
	return arena_check(a, f) &&
	       (!b.full || malformed(f, "tags that are no text"));
}

bool
itemsig_is_one(const struct sf_member *input)
{
	for (size_t i = 0; i < input->nparams; i++) {
		const struct sf_param *p = &input->params[i];

		if (bytes_is(p->key, "alg") && p->value.kind == SF_STRING &&
		    bytes_starts(p->value.text, ALG_PREFIX))
			return true;
	}
	return false;
}

static bool
take_tag(struct dataitem *item, bool seen[DATAITEM_TAGS_MAX],
    struct bytes entry, struct arena *a, struct fault *f)
{
	struct cursor c = cursor_over(entry);
	struct bytes number = cursor_until(&c, ':');
	struct bytes name = cursor_until(&c, ':');
	int64_t place;

	if (!cursor_ok(&c) || !number_parse_integer(&place, number) ||
	    place < 1 || place > DATAITEM_TAGS_MAX || seen[place - 1])
		return malformed(f, "original-tags are no list of tags");
	seen[place - 1] = true;
	item->ntags++;
	item->tags[place - 1].name = name;
	return base64_decode(
	    &item->tags[place - 1].value, BASE64_URL, cursor_rest(&c), a, f);
}

static bool
take_tags(
    struct commitment *out, struct bytes text, struct arena *a, struct fault *f)
{
	bool seen[DATAITEM_TAGS_MAX] = { false };
	struct dataitem item = { 0 };

	while (text.n != 0) {
		struct cursor c = cursor_over(text);
		const uint8_t *at = memmem(text.p, text.n, ", ", 2);
		size_t n = at == NULL ? text.n : (size_t)(at - text.p);
		struct bytes entry = cursor_take(&c, n);

		(void)cursor_take(&c, at == NULL ? 0 : 2);
		text = cursor_rest(&c);
		if (!take_tag(&item, seen, entry, a, f))
			return false;
	}
	for (size_t i = 0; i < item.ntags; i++) {
		if (!seen[i])
			return malformed(f, "original-tags with a gap");
	}
	if (!dataitem_write_tags(&item, a, f))
		return false;
	out->tags = item.tag_bytes;
	return item.ntags != 0 || malformed(f, "original-tags of nothing");
}

static bool
take_id(struct bytes *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct message_id id;

	if (!message_id_parse(&id, text, f))
		return false;
	*out = arena_copy(a, BYTES_OF(&id));
	return arena_check(a, f);
}

static bool
take_param(struct commitment *out, const struct sf_param *p, struct arena *a,
    struct fault *f)
{
	const struct {
		const char *name;
		struct bytes *to;
	} ids[] = {
		{ "bundle-map", &out->map },
		{ "field-anchor", &out->anchor },
		{ "field-target", &out->target },
	};
	struct bytes text = p->value.text;

	if (p->value.kind != SF_STRING)
		return malformed(f, "a parameter is no string");
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (bytes_is(p->key, ids[i].name))
			return take_id(ids[i].to, text, a, f);
	}
	if (bytes_is(p->key, "original-tags"))
		return take_tags(out, text, a, f);
	if (bytes_is(p->key, "alg"))
		out->type =
		    bytes_of(text.p + ALG_PREFIX.n, text.n - ALG_PREFIX.n);
	else if (bytes_is(p->key, "keyid"))
		out->keyid = text;
	else if (bytes_is(p->key, "bundle") &&
		 (bytes_is(text, "true") || bytes_is(text, "false")))
		out->bundle = bytes_is(text, "true");
	else if (!(bytes_is(p->key, "bundle-format") &&
		     bytes_is(text, "binary")) &&
		 !(bytes_is(p->key, "bundle-version") &&
		     bytes_is(text, "2.0.0")))
		return malformed(f, "an unknown parameter");
	return true;
}

bool
itemsig_params(struct commitment *out, const struct sf_member *input,
    struct arena *a, struct fault *f)
{
	bool has_kind = false;

	out->device = BYTES(COMMITMENT_ANS104);
	for (size_t i = 0; i < input->nparams; i++) {
		if (!take_param(out, &input->params[i], a, f))
			return false;
		has_kind = has_kind ||
			   bytes_starts(input->params[i].key, BYTES("bundle-"));
	}
	return out->bundle || !has_kind ||
	       malformed(f, "the kind of no bundle");
}
