/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/crypto/rsa.h"
#include "core/message/ans104.h"
#include "core/message/base.h"
#include "core/message/commit.h"
#include "core/message/commitments.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "core/message/structured.h"
#include "harness/vectors/classes.h"
#include "harness/vectors/neutral.h"
#include "harness/vectors/stricter.h"

static struct bytes
header(const struct http_message *http, const char *name)
{
	for (size_t i = 0; i < http->nheaders; i++) {
		if (bytes_is(http->headers[i].name, name))
			return http->headers[i].value;
	}
	return (struct bytes){ 0 };
}

static void
drop_header(struct http_message *http, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < http->nheaders; i++) {
		if (!bytes_is(http->headers[i].name, name))
			http->headers[kept++] = http->headers[i];
	}
	http->nheaders = kept;
}

/* By the codec that the headers name. */
static bool
decode(struct message **out, const struct http_message *http, struct arena *a,
    struct fault *f)
{
	struct bytes device = header(http, "codec-device");
	struct bytes type = header(http, "content-type");

	if (http->body.n != 0 && (bytes_is(device, "json@1.0") ||
				     bytes_is(type, "application/json")))
		return json_decode(out, http->body, a, f);
	if (bytes_is(device, "ans104@1.0") ||
	    bytes_is(type, "application/ans104"))
		return ans104_decode(out, http->body, a, f);
	return httpsig_decode(out, http, a, f);
}

static bool
is_signed(const struct message *m)
{
	for (size_t i = 0; i < m->ncommitments; i++) {
		if (m->commitments[i].committer.n != 0)
			return true;
	}
	return false;
}

/* A message that names a signer is that signer's. */
static void
check_signature(struct report *r, const char *aspect, struct message *m,
    struct bytes *signer)
{
	struct subject subject = { .message = m };
	struct message_id id;
	struct fault f = { 0 };

	if (!is_signed(m))
		return;
	commit_reduce(m);
	bool ok = commit_verify(&id, m, r->arena, &f);

	if (!ok && stricter_may(f.reason, &subject))
		(void)report_check(r, aspect, true, "");
	else if (report_done(r, aspect, ok, &f))
		*signer = message_id_text(&id, r->arena);
}

static void
check_request(struct report *r, const json_t *request)
{
	struct http_message http;
	struct message *m, *path = message_new(r->arena);
	struct bytes signer = { 0 };
	struct fault f = { 0 };

	if (!report_check(r, "request", neutral_http(&http, request, r->arena),
		"headers") ||
	    !report_done(r, "request", decode(&m, &http, r->arena, &f), &f))
		return;
	check_signature(r, "request's signature", m, &signer);
	message_set_bytes(path, "path", neutral_text(request, "path"));
	paths_check(r, path, NULL);
}

/* The digest of a body that the transcript has not as a whole. */
static bool
is_digest(struct bytes digest, struct bytes hex, struct arena *a)
{
	struct bytes raw;
	struct fault ignored;

	if (!hex_decode(&raw, hex, a, &ignored))
		return false;
	struct bytes text = base64_encode(a, BASE64_PADDED, raw);

	return bytes_equal(
	    digest, arena_print(a, "sha-256=:%.*s:", (int)text.n, text.p));
}

static bool
is_committed(const struct commitment *c, struct bytes name, struct arena *a)
{
	bool is_link;
	struct bytes key = structured_bare_key(form_key(name, a), &is_link);

	for (size_t i = 0; i < c->ncommitted; i++) {
		if (bytes_equal(c->committed[i], key))
			return true;
	}
	return false;
}

/* The committed headers and the digest as the form that was signed. */
static bool
form_of(struct form *out, const struct http_message *http,
    const struct commitment *c, struct arena *a, struct fault *f)
{
	*out = (struct form){ 0 };
	for (size_t i = 0; i < http->nheaders; i++) {
		const struct http_header *h = &http->headers[i];

		if ((bytes_is(h->name, "content-digest") ||
			is_committed(c, h->name, a)) &&
		    !form_put_header(&out->http, h->name, h->value, f))
			return false;
	}
	return true;
}

/* A signature over the digest of a body that is not there. */
static void
check_without_body(
    struct report *r, const struct http_message *http, struct bytes *signer)
{
	struct http_message head = *http;
	struct message *m;
	struct bytes modulus, base;
	struct form form;
	struct fault f = { 0 };

	drop_header(&head, "content-digest");
	if (!report_done(r, "response without its body",
		httpsig_decode(&m, &head, r->arena, &f), &f))
		return;
	for (size_t i = 0; i < m->ncommitments; i++) {
		const struct commitment *c = &m->commitments[i];

		if (c->committer.n == 0)
			continue;
		if (!report_done(r, "signature base",
			commitments_modulus(&modulus, c->keyid, r->arena, &f) &&
			    form_of(&form, http, c, r->arena, &f) &&
			    base_text(&base, &form, c, r->arena, &f),
			&f))
			return;
		if (report_check(r, "signature without the body",
			rsa_verify(modulus, RSA_PADDING_PSS, HASH_SHA512, base,
			    c->signature),
			"a signature that verifies"))
			*signer = c->committer;
	}
}

static void
check_body(struct report *r, const json_t *response,
    const struct http_message *http, struct bytes *signer)
{
	struct message *m;
	struct fault f = { 0 };

	if (json_object_get(response, "body_b64") == NULL &&
	    header(http, "content-digest").n != 0) {
		(void)report_check(r, "content-digest",
		    is_digest(header(http, "content-digest"),
			neutral_text(response, "body_sha256"), r->arena),
		    "the body's digest");
		check_without_body(r, http, signer);
		return;
	}
	if (report_done(r, "response", decode(&m, http, r->arena, &f), &f))
		check_signature(r, "response's signature", m, signer);
}

static void
check_response(struct report *r, const json_t *response, const json_t *verdict)
{
	const json_t *committers = json_object_get(verdict, "committers");
	struct http_message http;
	struct bytes signer = { 0 };

	if (!report_check(r, "response",
		neutral_http(&http, response, r->arena), "headers"))
		return;
	/* Without a digest the body is a page for people, and not signed. */
	if (header(&http, "signature").n != 0 &&
	    header(&http, "content-digest").n == 0)
		http.body = (struct bytes){ 0 };
	check_body(r, response, &http, &signer);
	if (!json_is_object(verdict))
		return;
	if (!json_is_true(json_object_get(verdict, "valid"))) {
		(void)report_refused(
		    r, "verdict", signer.n == 0, "a signature that is bad");
		return;
	}
	const json_t *first = json_array_get(committers, 0);

	(void)report_text(r, "committer",
	    bytes_of(json_string_value(first), json_string_length(first)),
	    signer);
}

void
transcripts_run(struct report *r, const json_t *one)
{
	check_request(r, json_object_get(one, "request"));
	check_response(r, json_object_get(one, "response"),
	    json_object_get(one, "js_verify"));
}
