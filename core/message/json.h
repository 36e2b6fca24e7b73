/* SPDX-License-Identifier: Apache-2.0 */
/* json@1.0: a message as JSON text, both ways. */
#ifndef CORE_MESSAGE_JSON_H
#define CORE_MESSAGE_JSON_H

#include "core/message/message.h"

/* Bundled form: nested messages inline, commitments as an object, keys in byte
 * order. Refuses bytes that are not UTF-8 ("json.utf8"). */
MUST_CHECK bool json_encode(struct bytes *out, const struct message *m,
    struct arena *a, struct fault *f);

/* Strict: duplicate keys, bad UTF-8, trailing text and very deep nesting are
 * refused ("json.syntax"), also what message 2 bounds. */
MUST_CHECK bool json_decode(
    struct message **out, struct bytes text, struct arena *a, struct fault *f);

/* A JSON number with a fraction or an exponent, correctly rounded; false for
 * any other text. */
bool json_read_real(double *out, struct bytes text);

#endif
