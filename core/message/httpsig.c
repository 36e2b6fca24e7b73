/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/httpsig.h"

#include "core/base/base64.h"
#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/message/base.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/itemform.h"
#include "core/message/itemsig.h"
#include "core/message/link.h"
#include "core/message/sf.h"
#include "core/message/structured.h"

#define LABEL_PREFIX BYTES("comm-")

/* A commitment as its two dictionary members. */
struct entry {
	struct bytes label, input, signature;
};

static struct bytes
label_of(struct bytes signature, struct arena *a)
{
	struct sha256 hash = sha256_of(signature);
	struct bytes text = base64_encode(a, BASE64_URL, BYTES_OF(&hash));
	struct buf b = buf_in(a, sizeof("comm-") + text.n);

	buf_put(&b, LABEL_PREFIX);
	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];

		buf_u8(&b,
		    byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte);
	}
	return buf_bytes(&b);
}

/* Entries in byte order of their labels. */
static bool
entries_of(struct entry out[COMMITMENTS_MAX], struct link_forms *forms,
    struct arena *a, struct fault *f)
{
	const struct message *tabm = forms->tabm;

	for (size_t i = 0; i < tabm->ncommitments; i++) {
		const struct commitment *c = &tabm->commitments[i];
		struct entry e = { .label = label_of(c->signature, a),
			.signature = c->signature };
		const struct form *form;
		size_t at = i;

		bool is_item = bytes_is(c->device, COMMITMENT_ANS104);

		if (!is_item && !bytes_is(c->device, COMMITMENT_DEVICE))
			return fail(f, FAULT_INPUT, "commitment.type",
			    "message 13: HTTP carries no other signatures");
		if (!link_form_of(&form, forms, c->bundle, a, f))
			return false;
		if (is_item ? !itemsig_input(&e.input, form, c, a, f)
			    : !base_input(&e.input, form, c, a, f))
			return false;
		while (at > 0 && bytes_order(out[at - 1].label, e.label) > 0) {
			out[at] = out[at - 1];
			at--;
		}
		out[at] = e;
	}
	return true;
}

static bool
put_signatures(struct http_message *out, struct link_forms *forms,
    struct arena *a, struct fault *f)
{
	const struct message *tabm = forms->tabm;
	struct entry entries[COMMITMENTS_MAX];
	size_t room = 0;

	if (tabm->ncommitments == 0)
		return true;
	if (!entries_of(entries, forms, a, f))
		return false;
	for (size_t i = 0; i < tabm->ncommitments; i++)
		room += entries[i].label.n + entries[i].input.n +
			base64_size(BASE64_PADDED, entries[i].signature.n) + 8;
	struct buf signature = buf_in(a, room), input = buf_in(a, room);

	for (size_t i = 0; i < tabm->ncommitments; i++) {
		const struct entry *e = &entries[i];

		buf_text(&signature, i == 0 ? "" : ", ");
		buf_put(&signature, e->label);
		buf_text(&signature, "=:");
		base64_put(&signature, BASE64_PADDED, e->signature);
		buf_u8(&signature, ':');
		buf_text(&input, i == 0 ? "" : ", ");
		buf_put(&input, e->label);
		buf_u8(&input, '=');
		buf_put(&input, e->input);
	}
	return buf_check(&signature, f) && buf_check(&input, f) &&
	       form_put_header(
		   out, BYTES("signature"), buf_bytes(&signature), f) &&
	       form_put_header(
		   out, BYTES("signature-input"), buf_bytes(&input), f);
}

/* Only what every HTTP implementation hands on unchanged. */
static bool
header_check(const struct http_header *h, struct fault *f)
{
	bool bad = h->name.n == 0;

	for (size_t i = 0; i < h->name.n; i++) {
		uint8_t byte = h->name.p[i];

		bad = bad || byte <= 0x20 || byte > 0x7e ||
		      (byte >= 'A' && byte <= 'Z') ||
		      strchr("\"(),/:;<=>?@[\\]{}", byte) != NULL;
	}
	for (size_t i = 0; i < h->value.n; i++)
		bad = bad || h->value.p[i] < 0x20 || h->value.p[i] == 0x7f;
	if (h->value.n > 0)
		bad = bad || h->value.p[0] == ' ' ||
		      h->value.p[h->value.n - 1] == ' ';
	return !bad || fail(f, FAULT_INPUT, "httpsig.header",
			   "message 9: %.*s cannot be a header", (int)h->name.n,
			   h->name.p);
}

bool
httpsig_encode(struct http_message *out, const struct message *m,
    enum httpsig_form form, struct arena *a, struct fault *f)
{
	struct link_forms forms = { 0 };
	const struct form *made;
	struct message *tabm;

	if (!structured_encode(&tabm, m, a, f))
		return false;
	forms.tabm = tabm;
	if (tabm->count > MESSAGE_KEYS_MAX)
		return fail(f, FAULT_LIMIT, "message.keys",
		    "message 11: %zu keys to send, at most %u", tabm->count,
		    MESSAGE_KEYS_MAX);
	if (!link_form_of(&made, &forms, form == HTTPSIG_BUNDLE, a, f))
		return false;
	for (size_t i = 0; i < made->http.nheaders; i++) {
		if (!header_check(&made->http.headers[i], f))
			return false;
	}
	*out = made->http;
	return put_signatures(out, &forms, a, f) && arena_check(a, f);
}

static bool
bad_signature(struct fault *f, const char *what)
{
	return fail(
	    f, FAULT_INPUT, "httpsig.signature", "message 13: %s", what);
}

static bool
take_param(struct commitment *c, const struct sf_param *p, struct fault *f)
{
	const struct {
		const char *name;
		struct bytes *to;
	} texts[] = {
		{ "alg", &c->type },
		{ "keyid", &c->keyid },
		{ "nonce", &c->nonce },
		{ "tag", &c->tag },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!bytes_is(p->key, texts[i].name))
			continue;
		*texts[i].to = p->value.text;
		return p->value.kind == SF_STRING ||
		       bad_signature(f, "a parameter is no string");
	}
	if (bytes_is(p->key, "bundle")) {
		c->bundle = p->value.kind == SF_STRING &&
			    bytes_is(p->value.text, "true");
		return c->bundle || bad_signature(f, "bundle is not true");
	}
	bool created = bytes_is(p->key, "created");

	if ((!created && !bytes_is(p->key, "expires")) ||
	    p->value.kind != SF_INTEGER || p->value.integer < 0)
		return bad_signature(f, "an unknown parameter");
	*(created ? &c->created : &c->expires) = p->value.integer;
	return true;
}

/* content-digest stands for the keys of the body: without the levels where
 * these were signed as links. */
static size_t
body_keys(
    struct bytes *to, const struct commitment *c, const struct message *content)
{
	size_t n = 0;

	for (size_t i = 0; i < content->count; i++) {
		const struct pair *p = &content->pairs[i];

		if (c->bundle || p->value.kind == VALUE_BYTES)
			to[n++] = p->key;
	}
	return n;
}

static bool
take_committed(struct commitment *c, const struct sf_item *list,
    const struct form_signed *from, struct arena *a, struct fault *f)
{
	size_t room = list->nitems + from->content->count;
	struct bytes *keys = arena_alloc(a, room * sizeof(*keys));
	bool had_digest = false;

	if (keys == NULL)
		return arena_check(a, f);
	c->committed = keys;
	for (size_t i = 0; i < list->nitems; i++) {
		struct bytes name = list->items[i];
		bool is_link;

		if (name.n > 0 && name.p[0] == '@')
			name = bytes_of(name.p + 1, name.n - 1);
		if (bytes_is(name, "content-digest")) {
			if (had_digest)
				return bad_signature(f, "a field twice");
			had_digest = true;
			c->ncommitted +=
			    body_keys(keys + c->ncommitted, c, from->content);
		} else if (!bytes_is(name, "ao-body-key") &&
			   !(from->multipart &&
			       bytes_is(name, "content-type"))) {
			keys[c->ncommitted++] =
			    structured_bare_key(form_key(name, a), &is_link);
		}
	}
	return true;
}

static bool
take_commitment(struct message *m, const struct sf_member *input,
    struct bytes signature, const struct form_signed *from, struct fault *f)
{
	struct arena *a = m->arena;
	struct commitment c = { .device = BYTES(COMMITMENT_DEVICE),
		.signature = signature,
		.id = commitments_id(signature) };
	bool is_item = itemsig_is_one(input);
	struct message *tabm;
	struct bytes modulus;
	struct fault ignored;

	if (is_item && !itemsig_params(&c, input, a, f))
		return false;
	for (size_t i = 0; !is_item && i < input->nparams; i++) {
		if (!take_param(&c, &input->params[i], f))
			return false;
	}
	if (c.type.n == 0 || signature.n == 0)
		return bad_signature(f, "no alg, or an empty signature");
	if ((is_item || bytes_is(c.type, COMMITMENT_RSA)) &&
	    commitments_modulus(&modulus, c.keyid, a, &ignored)) {
		struct message_id address = message_address(modulus);

		c.committer = message_id_text(&address, a);
	}
	if (!take_committed(&c, &input->value, from, a, f))
		return false;
	if (is_item && (!structured_encode(&tabm, m, a, f) ||
			   !itemform_order(&c, tabm, a, f)))
		return false;
	return commitments_add(m, &c, f);
}

static bool
read_signatures(
    struct message *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct cursor c = cursor_over(text);

	while (c.left != 0) {
		struct sf_member member;

		if (!sf_take(&member, &c, a, f))
			return false;
		if (!bytes_starts(member.key, LABEL_PREFIX) ||
		    member.value.kind != SF_BYTES || member.nparams != 0)
			return bad_signature(f, "no comm- signature");
		if (message_get(out, member.key) != NULL)
			return bad_signature(f, "a label twice");
		message_put(out, member.key,
		    (struct value){ .bytes = member.value.text });
	}
	return arena_check(a, f);
}

/* Every signature with its input, and no other input. */
static bool
take_commitments(struct message *m, const struct form_signed *from,
    struct arena *a, struct fault *f)
{
	struct message *signatures = message_new(a);
	struct cursor c = cursor_over(from->input);
	size_t count = 0;

	if (!read_signatures(signatures, from->signature, a, f))
		return false;
	for (; c.left != 0; count++) {
		struct sf_member input;

		if (!sf_take(&input, &c, a, f))
			return false;
		const struct value *signature =
		    message_get(signatures, input.key);

		if (signature == NULL || input.value.kind != SF_LIST)
			return bad_signature(f, "an input has no signature");
		if (!take_commitment(m, &input, signature->bytes, from, f))
			return false;
	}
	return count == signatures->count ||
	       bad_signature(f, "a signature has no input");
}

bool
httpsig_decode(struct message **out, const struct http_message *in,
    struct arena *a, struct fault *f)
{
	struct form_signed from;
	struct message *m;

	if (!form_decode(&from, in, a, f) ||
	    !structured_decode(&m, from.tabm, a, f) ||
	    !take_commitments(m, &from, a, f))
		return false;
	*out = m;
	return arena_check(a, f);
}
