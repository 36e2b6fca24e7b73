/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/inbound.h"

#include "core/base/buf.h"
#include "core/message/ans104.h"
#include "core/message/commit.h"
#include "core/message/flat.h"
#include "core/message/json.h"
#include "gateway/media.h"

static struct bytes
header(const struct incoming *in, const char *name)
{
	for (size_t i = 0; i < in->message.nheaders; i++) {
		if (bytes_is(in->message.headers[i].name, name))
			return in->message.headers[i].value;
	}
	return (struct bytes){ 0 };
}

/* Lines of one name become one, as HTTP says they mean. */
static bool
join_headers(struct http_message *out, const struct http_message *in,
    struct arena *a, struct fault *f)
{
	out->nheaders = 0;
	out->body = in->body;
	for (size_t i = 0; i < in->nheaders; i++) {
		const struct http_header *h = &in->headers[i];
		size_t at = 0;

		while (at < out->nheaders &&
		       !bytes_equal(out->headers[at].name, h->name))
			at++;
		if (at == out->nheaders) {
			out->headers[out->nheaders++] = *h;
			continue;
		}
		struct bytes old = out->headers[at].value;
		struct buf b = buf_in(a, old.n + h->value.n + 2);

		buf_put(&b, old);
		buf_text(&b, ", ");
		buf_put(&b, h->value);
		out->headers[at].value = buf_bytes(&b);
	}
	return arena_check(a, f);
}

static bool
read_httpsig(struct message **out, const struct incoming *in, struct arena *a,
    struct fault *f)
{
	struct http_message joined;

	return join_headers(&joined, &in->message, a, f) &&
	       httpsig_decode(out, &joined, a, f);
}

/* The body's keys over those of the headers; commitments are the body's. */
static bool
merge_body(struct message **out, struct message *body,
    const struct incoming *in, struct arena *a, struct fault *f)
{
	struct incoming heads = *in;
	struct message *m;

	heads.message.body = (struct bytes){ 0 };
	if (body->ncommitments != 0) {
		*out = body;
		return true;
	}
	if (!read_httpsig(&m, &heads, a, f))
		return false;
	for (size_t i = 0; i < body->count; i++)
		message_put(m, body->pairs[i].key, body->pairs[i].value);
	*out = m;
	return arena_check(a, f);
}

static bool
read_json(struct message **out, const struct incoming *in, struct arena *a,
    struct fault *f)
{
	struct message *body;

	return json_decode(&body, in->message.body, a, f) &&
	       merge_body(out, body, in, a, f);
}

static bool
read_flat(struct message **out, const struct incoming *in, struct arena *a,
    struct fault *f)
{
	struct message *body;

	return flat_read(&body, in->message.body, a, f) &&
	       merge_body(out, body, in, a, f);
}

static bool
read_ans104(struct message **out, const struct incoming *in, struct arena *a,
    struct fault *f)
{
	return ans104_decode(out, in->message.body, a, f);
}

/* clang-format off */
/* Codecs of bodies. */
static const struct {
	const char *device;
	bool (*read)(struct message **out, const struct incoming *in,
	    struct arena *a, struct fault *f);
} codecs[] = {
	{ "httpsig@1.0", read_httpsig },
	{ "json@1.0",    read_json    },
	{ "flat@1.0",    read_flat    },
	{ "ans104@1.0",  read_ans104  },
};

/* Headers that are about the connection or the client's own machine, and no
 * keys of an unsigned request. */
static const char *const not_keys[] = {
	"accept-charset", "accept-encoding", "accept-language",
	"authorization", "cache-control", "connection", "content-length",
	"cookie", "dnt", "expect", "forwarded", "if-modified-since",
	"if-none-match", "keep-alive", "origin", "pragma", "priority",
	"proxy-authorization", "proxy-connection", "range", "referer", "te",
	"trailer", "transfer-encoding", "upgrade",
	"upgrade-insecure-requests", "via", "x-forwarded-for", "x-real-ip",
};
/* clang-format on */

bool
inbound_body(struct message **out, const struct http_request *rq,
    struct arena *a, struct fault *f)
{
	struct bytes named, type = header(rq->in, "content-type");

	if (!path_param(&named, &rq->path, "codec-device", "gateway.query", f))
		return false;
	if (named.p == NULL)
		named = header(rq->in, "codec-device");
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++) {
		if (bytes_is(named, codecs[i].device) ||
		    (named.n == 0 && media_is(type, codecs[i].device)))
			return codecs[i].read(out, rq->in, a, f);
	}
	if (named.n != 0)
		return fail(f, FAULT_INPUT, "gateway.codec",
		    "http 18: the node has no such codec");
	return read_httpsig(out, rq->in, a, f);
}

static bool
is_key(struct bytes name)
{
	for (size_t i = 0; i < sizeof(not_keys) / sizeof(not_keys[0]); i++) {
		if (bytes_is(name, not_keys[i]))
			return false;
	}
	return !bytes_starts(name, BYTES("sec-")) &&
	       !bytes_starts(name, BYTES("access-control-"));
}

static struct message *
without_noise(const struct message *m, struct arena *a)
{
	struct message *out = message_new(a);

	for (size_t i = 0; i < m->count; i++) {
		if (is_key(m->pairs[i].key))
			message_put(out, m->pairs[i].key, m->pairs[i].value);
	}
	return out;
}

/* The signers' keys, verified. */
static bool
verify(struct inbound *out, struct arena *a, struct fault *f)
{
	commit_reduce(out->message);
	if (!commit_verify(&out->signer, out->message, a, f))
		return false;
	/* A copy, because path and method are added to the message. */
	out->committed = message_new(a);
	for (size_t i = 0; i < out->message->count; i++)
		message_put(out->committed, out->message->pairs[i].key,
		    out->message->pairs[i].value);
	out->committed->commitments = out->message->commitments;
	out->committed->ncommitments = out->message->ncommitments;
	return arena_check(a, f);
}

bool
inbound_is_special(const struct http_request *rq)
{
	return header(rq->in, "signature").p != NULL ||
	       header(rq->in, "signature-input").p != NULL ||
	       header(rq->in, "path").p != NULL;
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

/* Levels of a message that nobody signed as a whole: each that claims a signer
 * has one, and no other claim is kept. The codecs bound the depth. */
static bool
verify_levels(struct message *m, struct arena *a, struct fault *f)
{
	for (size_t i = 0; i < m->count; i++) {
		struct value *v = &m->pairs[i].value;
		struct message_id signer;

		if (v->kind != VALUE_MESSAGE && v->kind != VALUE_LIST)
			continue;
		if (is_signed(v->message)) {
			if (!commit_verify(&signer, v->message, a, f))
				return false;
			continue;
		}
		v->message->ncommitments = 0;
		if (!verify_levels(v->message, a, f))
			return false;
	}
	return true;
}

static bool
read_verified(struct inbound *out, const struct http_request *rq,
    struct arena *a, struct fault *f)
{
	bool good = rq->in->message.body.n != 0
			? inbound_body(&out->message, rq, a, f)
			: read_httpsig(&out->message, rq->in, a, f);

	if (!good)
		return false;
	if (out->message->ncommitments != 0)
		return verify(out, a, f);
	out->message = without_noise(out->message, a);
	return verify_levels(out->message, a, f);
}

bool
inbound_read(struct inbound *out, const struct http_request *rq,
    struct arena *a, struct fault *f)
{
	struct bytes path = header(rq->in, "path");

	*out = (struct inbound){ 0 };
	if (!read_verified(out, rq, a, f)) {
		/* What a client sent, and nobody's evidence. */
		if (f->code == FAULT_VERIFY)
			f->code = FAULT_INPUT;
		return false;
	}
	if (message_get(out->message, BYTES("path")) == NULL)
		message_put(out->message, BYTES("path"),
		    (struct value){
			.bytes = path.p != NULL ? path : rq->in->target });
	if (message_get(out->message, BYTES("method")) == NULL)
		message_put(out->message, BYTES("method"),
		    (struct value){ .bytes = rq->in->method });
	return arena_check(a, f);
}
