/* SPDX-License-Identifier: Apache-2.0 */
/* Strict HTTP/1.1 request framing, checked on the raw bytes before the library
 * parses them: whatever two parsers could read in two ways is refused. */
#ifndef GATEWAY_FRAMING_H
#define GATEWAY_FRAMING_H

#include "core/base/bytes.h"
#include "core/base/fault.h"

#define FRAMING_HEAD_MAX    16384u     /* request line and headers */
#define FRAMING_HEADERS_MAX 100u       /* header lines */
#define FRAMING_TARGET_MAX  4096u      /* bytes of the request target */
#define FRAMING_BODY_MAX    (3u << 19) /* 1.5 MiB */

enum framing_state { FRAMING_MORE, FRAMING_DONE, FRAMING_REFUSED };

/* Zero before the first call for a request. */
struct framing {
	size_t scanned; /* bytes known to hold no end of the head */
	size_t head;    /* bytes of the head, its empty line included */
	size_t body;    /* bytes that follow it */
};

/*
 * Looks at what has come so far of one request. MORE: call again with more.
 * DONE: head and body are set; the body may still be on its way. REFUSED: *f
 * cites the rule of spec/http.md, and the connection cannot be kept.
 */
enum framing_state framing_check(
    struct framing *fr, struct bytes input, struct fault *f);

/* A header name, and a value that cannot end its line. */
bool framing_is_name(struct bytes name);
bool framing_is_value(struct bytes value);

#endif
