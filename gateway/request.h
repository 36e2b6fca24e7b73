/* SPDX-License-Identifier: Apache-2.0 */
/* What a request asks for: endpoint, codec of the answer, nonce, and what its
 * body says. */
#ifndef GATEWAY_REQUEST_H
#define GATEWAY_REQUEST_H

#include "core/message/httpsig.h"
#include "gateway/respond.h"
#include "gateway/route.h"

#define NONCE_MIN 16u
#define NONCE_MAX 64u

/* A request as it came: framing checked, headers in lower case. */
struct incoming {
	struct bytes method, target;
	struct http_message message;
};

struct http_request {
	const struct incoming *in;
	const struct endpoint *endpoint; /* NULL: OPTIONS */
	enum codec codec;
	uint32_t verb;
	size_t nnonce;
	uint8_t nonce[NONCE_MAX]; /* decoded; of a fresh request */
	struct path path;
};

/* codec is set also when the request is refused. */
MUST_CHECK bool request_read(
    struct http_request *out, const struct incoming *in, struct fault *f);

/* 16 to 64 raw bytes from base64url: http 8. */
MUST_CHECK bool request_nonce(
    struct bytes *out, struct bytes text, struct arena *a, struct fault *f);

/* True if the body is JSON by its headers. */
bool request_is_json(const struct http_request *rq);

/* The body as a message, in the codec that the headers name. */
MUST_CHECK bool request_body(struct message **out,
    const struct http_request *rq, struct arena *a, struct fault *f);

/* What POST unwrap-secret asks (http 12). */
MUST_CHECK bool request_credential(struct bytes *blob, struct bytes *secret,
    const struct http_request *rq, struct arena *a, struct fault *f);

#endif
