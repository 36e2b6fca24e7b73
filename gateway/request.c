/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request.h"

#include "core/base/base64.h"
#include "core/message/json.h"
#include "gateway/media.h"

#define CREDENTIAL_MIN 4u
#define BLOB_MAX       132u
#define SECRET_MAX     514u

static struct bytes
header(const struct incoming *in, const char *name)
{
	for (size_t i = 0; i < in->message.nheaders; i++) {
		if (bytes_is(in->message.headers[i].name, name))
			return in->message.headers[i].value;
	}
	return (struct bytes){ 0 };
}

/* A setting of the answer: the query's, else the header's. */
static bool
setting(struct bytes *out, const struct http_request *rq, const char *key,
    struct fault *f)
{
	if (!path_param(out, &rq->path, key, "gateway.query", f))
		return false;
	if (out->p == NULL)
		*out = header(rq->in, key);
	return true;
}

static struct bytes
trim(struct bytes text)
{
	while (text.n > 0 && text.p[0] == ' ')
		text = bytes_of(text.p + 1, text.n - 1);
	while (text.n > 0 && text.p[text.n - 1] == ' ')
		text.n--;
	return text;
}

/* A media type without its parameters. */
static struct bytes
bare(struct bytes type)
{
	const uint8_t *semicolon =
	    type.n == 0 ? NULL : memchr(type.p, ';', type.n);

	if (semicolon != NULL)
		type.n = (size_t)(semicolon - type.p);
	return trim(type);
}

static bool
is_html(struct bytes type)
{
	return bytes_is(bare(type), "text/html");
}

/* The first of a list of media types that there is a codec for. */
static enum codec
preferred(struct bytes accept)
{
	while (accept.n > 0) {
		const uint8_t *comma = memchr(accept.p, ',', accept.n);
		size_t n =
		    comma == NULL ? accept.n : (size_t)(comma - accept.p);
		struct bytes one = trim(bytes_of(accept.p, n));

		if (media_is(one, "json@1.0"))
			return CODEC_JSON;
		if (media_is(one, "flat@1.0"))
			return CODEC_FLAT;
		if (is_html(one))
			return CODEC_HTML;
		if (media_is(one, "httpsig@1.0"))
			break;
		n += comma != NULL;
		accept = bytes_of(accept.p + n, accept.n - n);
	}
	return CODEC_LINK;
}

static bool
choose_codec(struct http_request *out, struct fault *f)
{
	struct bytes required, accept, bundle;

	if (!setting(&required, out, "require-codec", f) ||
	    !setting(&accept, out, "accept", f) ||
	    !setting(&bundle, out, "accept-bundle", f))
		return false;
	if (required.n > 0)
		accept = required;
	out->codec = preferred(accept);
	if (out->codec != CODEC_JSON && out->codec != CODEC_FLAT &&
	    bytes_is(bundle, "true"))
		out->codec = CODEC_BUNDLE;
	return true;
}

bool
request_nonce(
    struct bytes *out, struct bytes text, struct arena *a, struct fault *f)
{
	struct fault why;

	if (text.n > base64_size(BASE64_URL, NONCE_MAX))
		return fail(f, FAULT_INPUT, "gateway.nonce",
		    "http 8: a nonce has at most %u bytes", NONCE_MAX);
	if (!base64_decode(out, BASE64_URL, text, a, &why))
		return fail(f, FAULT_INPUT, "gateway.nonce",
		    "http 8: the nonce is not base64url");
	if (out->n < NONCE_MIN)
		return fail(f, FAULT_INPUT, "fresh.nonce-weak",
		    "http 8: a nonce has at least %u bytes", NONCE_MIN);
	return true;
}

static bool
read_nonce(struct http_request *out, struct fault *f)
{
	uint8_t block[2 * NONCE_MAX];
	struct bytes text, raw;
	struct arena a;

	if (!path_param(&text, &out->path, "nonce", "gateway.nonce", f))
		return false;
	if (text.p == NULL)
		return fail(f, FAULT_INPUT, "fresh.nonce-weak",
		    "http 8: a fresh measurement takes the asker's nonce");
	arena_init(&a, block, sizeof(block));
	if (!request_nonce(&raw, text, &a, f))
		return false;
	out->nnonce = raw.n;
	memcpy(out->nonce, raw.p, raw.n);
	return true;
}

/* Targets without a device. */
static void
expand(struct path *path, struct bytes target)
{
	static const struct {
		const char *target, *key;
	} rows[] = { { "/", "index" }, { "/metrics", "metrics" } };
	const uint8_t *mark = memchr(target.p, '?', target.n);

	if (mark != NULL)
		target.n = (size_t)(mark - target.p);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!bytes_is(target, rows[i].target))
			continue;
		path->device = BYTES("hyperbuddy@1.0");
		path->key = bytes_text(rows[i].key);
	}
}

bool
request_read(
    struct http_request *out, const struct incoming *in, struct fault *f)
{
	uint32_t verb = route_verb(in->method);
	struct fault ignored;

	out->in = in;
	out->endpoint = NULL;
	out->codec = CODEC_LINK;
	out->verb = verb;
	if (!path_parse(&out->path, in->target, f)) {
		/* The headers still say how to put the refusal. */
		out->path.nparams = 0;
		(void)choose_codec(out, &ignored);
		return false;
	}
	if (!choose_codec(out, f))
		return false;
	if (verb == VERB_OPTIONS)
		return true;
	expand(&out->path, in->target);
	out->endpoint = route_find(&out->path, verb);
	if (out->endpoint->index)
		out->codec = CODEC_INDEX;
	return out->endpoint->kind != ENDPOINT_FRESH || read_nonce(out, f);
}

bool
request_is_json(const struct http_request *rq)
{
	struct bytes codec = header(rq->in, "codec-device");

	if (codec.n == 0)
		codec = header(rq->in, "content-type");
	return media_is(codec, "json@1.0");
}

bool
request_body(struct message **out, const struct http_request *rq,
    struct arena *a, struct fault *f)
{
	const struct http_message *in = &rq->in->message;

	if (in->body.n == 0)
		return fail(f, FAULT_INPUT, "gateway.body",
		    "http 11: the request has no body");
	return request_is_json(rq) ? json_decode(out, in->body, a, f)
				   : httpsig_decode(out, in, a, f);
}

static bool
credential_part(struct bytes *out, const struct message *m, const char *path,
    size_t max, struct arena *a)
{
	struct fault why;

	return message_find_base64(out, m, path, a, &why) &&
	       out->n >= CREDENTIAL_MIN && out->n <= max;
}

bool
request_credential(struct bytes *blob, struct bytes *secret,
    const struct http_request *rq, struct arena *a, struct fault *f)
{
	struct message *body;

	if (!request_body(&body, rq, a, f))
		return false;
	if (!credential_part(
		blob, body, "credential/credential-blob", BLOB_MAX, a) ||
	    !credential_part(secret, body, "credential/secret", SECRET_MAX, a))
		return fail(f, FAULT_INPUT, "gateway.credential",
		    "http 12: credential has no credential-blob and secret");
	return true;
}
