/* SPDX-License-Identifier: Apache-2.0 */
/* httpsig@1.0: a message as HTTP headers and a body, both ways. */
#ifndef CORE_MESSAGE_HTTPSIG_H
#define CORE_MESSAGE_HTTPSIG_H

#include "core/message/message.h"

#define HTTP_HEADERS_MAX 100u

struct http_header {
	struct bytes name, value;
};

/* Headers in byte order of their names; views into the arena. */
struct http_message {
	struct http_header headers[HTTP_HEADERS_MAX];
	size_t nheaders;
	struct bytes body;
};

enum httpsig_form {
	HTTPSIG_LINK,  /* nested messages as "key+link: id" */
	HTTPSIG_BUNDLE /* nested messages inline, multipart */
};

/* Encodes m with its commitments as signature and signature-input. Refuses a
 * value that would split a header ("httpsig.header"). */
MUST_CHECK bool httpsig_encode(struct http_message *out,
    const struct message *m, enum httpsig_form form, struct arena *a,
    struct fault *f);

/* Decodes headers and body into a message with its commitments, unverified;
 * a content-digest that is there must match ("httpsig.digest"). */
MUST_CHECK bool httpsig_decode(struct message **out,
    const struct http_message *in, struct arena *a, struct fault *f);

#endif
