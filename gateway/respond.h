/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as HTTP responses, and faults as messages. */
#ifndef GATEWAY_RESPOND_H
#define GATEWAY_RESPOND_H

#include "core/message/message.h"

enum codec {
	CODEC_LINK,   /* httpsig@1.0, nested messages as links */
	CODEC_BUNDLE, /* httpsig@1.0, nested messages inline */
	CODEC_JSON,   /* json@1.0 */
	CODEC_FLAT,   /* flat@1.0, as lines */
	CODEC_HTML,   /* a page for people, unsigned */
	CODEC_INDEX,  /* of a boot measurement: the node's status page */
	CODEC_COUNT
};

/*
 * A whole response but for the lines that belong to the connection (Date,
 * Connection, Content-Length). The library takes all header lines as the value
 * of one: headers is "*", CRLF, "name: value", ... without a last CRLF, behind
 * RESPONSE_HEADER.
 */
struct response {
	unsigned status;
	struct bytes headers;
	struct bytes body;
	bool kept; /* the bytes stay for as long as the process */
};

#define RESPONSE_HEADER "access-control-allow-origin"

/* m, with its commitments, in a codec and in its own arena. Refuses what would
 * be read as another response: "gateway.header". */
MUST_CHECK bool respond_message(struct response *out, const struct message *m,
    unsigned status, enum codec codec, struct fault *f);

/* Bytes that are no message, unsigned, under a content-type. */
MUST_CHECK bool respond_raw(struct response *out, struct bytes body,
    const char *type, struct arena *a, struct fault *f);

/* Whether a name belongs to the connection or means something to browsers, so
 * that no key of a message may be sent under it. */
bool respond_is_reserved(struct bytes name);

/* Whether a result may have this status of its own. */
bool respond_may_say(unsigned status);

/* The HTTP status of a fault (http 10). */
unsigned respond_status(const struct fault *f);

/* The unsigned message about a fault: status, error, reason. */
struct message *respond_fault(const struct fault *f, struct arena *a);

/* A response when even an error message could not be made; and to OPTIONS. */
extern const struct response respond_broken, respond_options;

/* "Not Found"; never NULL. */
const char *respond_phrase(unsigned status);

#endif
