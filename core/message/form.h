/* SPDX-License-Identifier: Apache-2.0 */
/* A TABM as HTTP fields and a body, without signatures: what ids and
 * signatures are computed over. */
#ifndef CORE_MESSAGE_FORM_H
#define CORE_MESSAGE_FORM_H

#include "core/message/httpsig.h"

struct form {
	struct http_message http; /* content-digest included */
	/* What went to the body, or NULL: names of these keys stand behind
	 * content-digest. */
	const struct message *content;
	bool multipart;
};

/* Nested levels, if any are left, go to the body. */
MUST_CHECK bool form_encode(struct form *out, const struct message *tabm,
    struct arena *a, struct fault *f);

/* Adds a header in its place; refuses a second one of the name. */
MUST_CHECK bool form_put_header(struct http_message *http, struct bytes name,
    struct bytes value, struct fault *f);

struct form_signed {
	struct message *tabm;
	struct bytes signature, input; /* NULL views where absent */
	/* Keys that came with the body, each with its value. */
	const struct message *content;
	bool multipart;
};

/* The reverse; signature and signature-input are handed out apart. */
MUST_CHECK bool form_decode(struct form_signed *out,
    const struct http_message *in, struct arena *a, struct fault *f);

/* The key that a header name stands for: ids are spelt in %xx. */
struct bytes form_key(struct bytes name, struct arena *a);

/*
 * The keys that a commitment over this form commits to, in the order of its
 * fields; the form is of the TABM given.
 */
MUST_CHECK bool form_committed(struct commitment *out, const struct form *form,
    struct arena *a, struct fault *f);

#endif
