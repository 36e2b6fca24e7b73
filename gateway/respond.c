/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/respond.h"

#include "core/base/base64.h"
#include "core/message/flat.h"
#include "core/message/httpsig.h"
#include "core/message/json.h"
#include "core/message/structured.h"
#include "gateway/framing.h"
#include "gateway/html.h"

#include <strings.h>

#define SCALAR_MAX 256u /* bytes of a value that is a header, too */
#define ORIGIN_ANY "*"
#define FOR_ALL                                                             \
	"\r\naccess-control-allow-methods: GET, POST, PUT, DELETE, OPTIONS" \
	"\r\naccess-control-expose-headers: *"                              \
	"\r\ncache-control: no-store"                                       \
	"\r\nx-content-type-options: nosniff"
#define PREFLIGHT                                                            \
	"*\r\naccess-control-allow-headers: *"                               \
	"\r\naccess-control-allow-methods: GET, POST, PUT, DELETE, OPTIONS," \
	" PATCH"
/* A stranger may choose what a message says, and so what a browser reads. */
#define SANDBOX "\r\ncontent-security-policy: sandbox"
/* Ours alone say what is on a page, and that is the policy's to bound. */
#define PAGE                                               \
	"\r\ncontent-security-policy: " HTML_POLICY "\r\n" \
	"referrer-policy: no-referrer"
#define BROKEN "{\"error\":\"gateway.internal\",\"status\":500}"

const struct response respond_options = {
	.status = 204,
	.headers = { (const uint8_t *)PREFLIGHT, sizeof(PREFLIGHT) - 1 },
	.kept = true,
};
const struct response respond_broken = {
	.status = 500,
	.headers = { (const uint8_t *)ORIGIN_ANY FOR_ALL,
	    sizeof(ORIGIN_ANY FOR_ALL) - 1 },
	.body = { (const uint8_t *)BROKEN, sizeof(BROKEN) - 1 },
	.kept = true,
};

/* clang-format off */
/* Reasons whose status is not that of their code. */
static const struct {
	const char *reason;
	unsigned status;
} statuses[] = {
	{ "request.unsigned",        401 },
	{ "gateway.method",          405 },
	{ "gateway.length-required", 411 },
	{ "gateway.target-size",     414 },
	{ "gateway.expect",          417 },
	{ "gateway.path",            400 },
	{ "gateway.query",           400 },
	{ "gateway.head-size",       431 },
	{ "gateway.version",         505 },
};

static const struct {
	unsigned status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 409, "Conflict" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

/* Names that belong to the connection, or that browsers act on. */
static const char *const reserved[] = {
	RESPONSE_HEADER, "alt-svc", "cache-control", "clear-site-data",
	"connection", "content-encoding", "content-length",
	"content-location", "content-range", "content-security-policy",
	"content-security-policy-report-only", "date", "keep-alive", "link",
	"location", "proxy-authenticate", "refresh", "retry-after",
	"set-cookie", "set-cookie2", "strict-transport-security", "te",
	"trailer", "transfer-encoding", "upgrade", "www-authenticate",
	"referrer-policy",
	"x-content-type-options", "x-frame-options",
};
/* clang-format on */

const char *
respond_phrase(unsigned status)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		if (phrases[i].status == status)
			return phrases[i].phrase;
	}
	return "Status";
}

unsigned
respond_status(const struct fault *f)
{
	static const unsigned of_code[FAULT_COUNT] = {
		[FAULT_NONE] = 500,
		[FAULT_INPUT] = 400,
		[FAULT_VERIFY] = 422,
		[FAULT_DENIED] = 403,
		[FAULT_LIMIT] = 413,
		[FAULT_BUSY] = 503,
		[FAULT_STATE] = 409,
		[FAULT_NOT_FOUND] = 404,
		[FAULT_DEVICE] = 500,
		[FAULT_INTERNAL] = 500,
	};

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (strcmp(f->reason, statuses[i].reason) == 0)
			return statuses[i].status;
	}
	return of_code[f->code];
}

struct message *
respond_fault(const struct fault *f, struct arena *a)
{
	struct message *m = message_new(a);

	message_set_integer(m, "status", respond_status(f));
	message_set_text(m, "error", f->reason);
	message_set_text(m, "reason", f->why);
	return m;
}

bool
respond_is_reserved(struct bytes name)
{
	static const char policy[] = "access-control-";

	if (name.n >= sizeof(policy) - 1 &&
	    strncasecmp((const char *)name.p, policy, sizeof(policy) - 1) == 0)
		return true;
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (name.n == strlen(reserved[i]) &&
		    strncasecmp((const char *)name.p, reserved[i], name.n) == 0)
			return true;
	}
	return false;
}

/* Those that have a body and send a browser nowhere. */
bool
respond_may_say(unsigned status)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		if (phrases[i].status == status)
			return status != 204;
	}
	return false;
}

static bool
put_header(
    struct buf *b, struct bytes name, struct bytes value, struct fault *f)
{
	if (!framing_is_name(name) || !framing_is_value(value) ||
	    respond_is_reserved(name))
		return fail(f, FAULT_INTERNAL, "gateway.header",
		    "http 9: a key of the message cannot be a header");
	buf_text(b, "\r\n");
	buf_put(b, name);
	buf_text(b, ": ");
	buf_put(b, value);
	return true;
}

/* Lines that the status calls for, outside what is signed. */
static void
put_status_lines(struct buf *b, unsigned status)
{
	if (status == 503)
		buf_text(b, "\r\nretry-after: 1");
	if (status == 405)
		buf_text(b, "\r\nallow: GET, HEAD, POST, OPTIONS");
}

/* out->status is set; lines are of ours, about browsers. */
static bool
finish(struct response *out, const struct http_message *hm, const char *lines,
    struct arena *a, struct fault *f)
{
	size_t size = 1024;

	for (size_t i = 0; i < hm->nheaders; i++)
		size += hm->headers[i].name.n + hm->headers[i].value.n + 4;
	struct buf b = buf_in(a, size);

	buf_text(&b, ORIGIN_ANY FOR_ALL);
	buf_text(&b, lines);
	put_status_lines(&b, out->status);
	for (size_t i = 0; i < hm->nheaders; i++) {
		if (!put_header(
			&b, hm->headers[i].name, hm->headers[i].value, f))
			return false;
	}
	if (!buf_check(&b, f) || !arena_check(a, f))
		return false;
	*out = (struct response){ out->status, buf_bytes(&b), hm->body, false };
	return true;
}

/* A value that may stand in a header as it is. */
static bool
is_short(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return false;
	}
	return text.n > 0 && text.n <= SCALAR_MAX && text.p[0] != ' ' &&
	       text.p[text.n - 1] != ' ';
}

static bool
is_lower(struct bytes name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] >= 'A' && name.p[i] <= 'Z')
			return false;
	}
	return framing_is_name(name);
}

/* What a client need not open the body for; the body alone is signed. */
static void
put_scalars(struct http_message *out, const struct message *m, struct arena *a)
{
	size_t ours = out->nheaders;

	for (size_t i = 0; i < m->count && out->nheaders < HTTP_HEADERS_MAX;
	    i++) {
		const struct pair *p = &m->pairs[i];
		enum value_kind kind = p->value.kind;
		bool taken = false;

		if (kind != VALUE_BYTES && kind != VALUE_INTEGER &&
		    kind != VALUE_ATOM)
			continue;
		struct bytes text = structured_text(&p->value, a);

		for (size_t k = 0; k < ours; k++)
			taken =
			    taken || bytes_equal(out->headers[k].name, p->key);
		if (!taken && is_lower(p->key) &&
		    !respond_is_reserved(p->key) && is_short(text))
			out->headers[out->nheaders++] =
			    (struct http_header){ p->key, text };
	}
}

/* A body of another codec than httpsig@1.0. */
static bool
coded_response(struct http_message *out, const struct message *m,
    enum codec codec, struct arena *a, struct fault *f)
{
	bool flat = codec == CODEC_FLAT;

	if (flat ? !flat_write(&out->body, m, a, f)
		 : !json_encode(&out->body, m, a, f))
		return false;
	struct sha256 digest = sha256_of(out->body);
	struct bytes text = base64_encode(a, BASE64_PADDED, BYTES_OF(&digest));

	out->headers[0] = (struct http_header){ BYTES("codec-device"),
		flat ? BYTES("flat@1.0") : BYTES("json@1.0") };
	out->headers[1] = (struct http_header){ BYTES("content-digest"),
		arena_print(
		    a, "sha-256=:%.*s:", (int)text.n, (const char *)text.p) };
	out->headers[2] = (struct http_header){ BYTES("content-type"),
		flat ? BYTES("application/flat") : BYTES("application/json") };
	out->nheaders = 3;
	put_scalars(out, m, a);
	return true;
}

static void
put_type(struct http_message *hm, const char *type)
{
	hm->headers[hm->nheaders++] =
	    (struct http_header){ BYTES("content-type"), bytes_text(type) };
}

bool
respond_raw(struct response *out, struct bytes body, const char *type,
    struct arena *a, struct fault *f)
{
	struct http_message hm = { .body = body };

	put_type(&hm, type);
	out->status = 200;
	return finish(out, &hm, "", a, f);
}

/* A refusal has no status page, and is a page like any other. */
static bool
html_response(struct http_message *out, const struct message *m, bool index,
    struct arena *a, struct fault *f)
{
	put_type(out, "text/html; charset=utf-8");
	return index ? html_index(&out->body, m, a, f)
		     : html_encode(&out->body, m, a, f);
}

static bool
encode(struct http_message *out, const struct message *m, enum codec codec,
    struct arena *a, struct fault *f)
{
	switch (codec) {
	case CODEC_JSON:
	case CODEC_FLAT:
		return coded_response(out, m, codec, a, f);
	case CODEC_HTML:
	case CODEC_INDEX:
		return html_response(out, m, codec == CODEC_INDEX, a, f);
	case CODEC_LINK:
	case CODEC_BUNDLE:
	case CODEC_COUNT:
		break;
	}
	return httpsig_encode(
	    out, m, codec == CODEC_LINK ? HTTPSIG_LINK : HTTPSIG_BUNDLE, a, f);
}

bool
respond_message(struct response *out, const struct message *m, unsigned status,
    enum codec codec, struct fault *f)
{
	struct http_message hm = { 0 };
	struct arena *a = m->arena;

	if (codec == CODEC_INDEX && status != 200)
		codec = CODEC_HTML;
	bool page = codec == CODEC_HTML || codec == CODEC_INDEX;

	out->status = status;
	return encode(&hm, m, codec, a, f) &&
	       finish(out, &hm, page ? PAGE : SANDBOX, a, f);
}
