/* SPDX-License-Identifier: Apache-2.0 */
/* A request as a message: headers and body merged, signatures verified. */
#ifndef GATEWAY_INBOUND_H
#define GATEWAY_INBOUND_H

#include "gateway/request.h"

struct inbound {
	/* Also `path`, with the query, and `method`. If somebody signed, only
	 * what every signer committed to, and those two. */
	struct message *message;
	struct message *committed; /* what was signed alone; NULL: nothing */
	struct message_id signer;  /* of the first RSA commitment */
};

/* A body by the codec that the request names, unverified; headers are keys
 * where the codec is httpsig@1.0. */
MUST_CHECK bool inbound_body(struct message **out,
    const struct http_request *rq, struct arena *a, struct fault *f);

/* Whether the request claims a signature, or a path of its own. */
bool inbound_is_special(const struct http_request *rq);

/* Refuses a signature that does not verify with its reason, as the client's
 * doing (http 18). */
MUST_CHECK bool inbound_read(struct inbound *out, const struct http_request *rq,
    struct arena *a, struct fault *f);

#endif
