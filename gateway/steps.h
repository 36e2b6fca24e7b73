/* SPDX-License-Identifier: Apache-2.0 */
/* AO-Core's path grammar: a request message as the steps that it asks for. */
#ifndef GATEWAY_STEPS_H
#define GATEWAY_STEPS_H

#include "core/message/message.h"

#define STEPS_MAX         32u  /* of one path */
#define STEPS_NESTING     4u   /* of sub-paths in sub-paths */
#define STEPS_SEGMENT_MAX 512u /* bytes of one segment, decoded */

enum step_kind {
	STEP_MESSAGE, /* message: its path names a key; the base has none */
	STEP_AS,      /* the same, as the device that name says */
	STEP_ID,      /* name is the id of a message */
	STEP_RESOLVE  /* inner: a sub-path, whose result this is */
};

/* A key whose value is the result of a sub-path. */
struct step_later {
	struct bytes key;
	const struct steps *steps;
	struct step_later *next;
};

struct step {
	enum step_kind kind;
	struct bytes name;
	struct message *message;
	struct step_later *later;
	const struct steps *inner;
};

struct steps {
	struct step *items;
	size_t n;
};

/*
 * The steps of a request: its `path`, percent-decoded once, and the keys that
 * go to each step. Query keys beat the request's, keys in the path beat both,
 * N.key goes to step N (0: the base) and beats a plain key. Refuses with
 * "gateway.path", "gateway.query", "gateway.type" (http 5, 6, 19).
 */
MUST_CHECK bool steps_read(struct steps *out, const struct message *request,
    struct arena *a, struct fault *f);

/* Whether a segment is an id: 32, 42 or 43 letters of base64url. */
bool steps_is_id(struct bytes segment);

#endif
