/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in neutral JSON, as the vectors have them. */
#ifndef HARNESS_VECTORS_NEUTRAL_H
#define HARNESS_VECTORS_NEUTRAL_H

#include <jansson.h>

#include "core/message/httpsig.h"

/* The message; NULL for JSON that is none. */
struct message *neutral_message(const json_t *json, struct arena *a);

/* The same with `commitments` and types taken out of its levels. */
MUST_CHECK bool neutral_rich(
    struct message **out, const json_t *json, struct arena *a, struct fault *f);

/* {headers, body_b64}; false when it is none. Absent bodies are empty. */
bool neutral_http(
    struct http_message *out, const json_t *json, struct arena *a);

/* A member's text; empty when it is none. Of padded base64, the bytes. */
struct bytes neutral_text(const json_t *json, const char *key);
struct bytes neutral_base64(
    const json_t *json, const char *key, struct arena *a);

/* A copy whose levels are links or, at every depth, messages and no lists. */
MUST_CHECK bool neutral_linked(struct message **out, const struct message *m,
    struct arena *a, struct fault *f);
struct message *neutral_plain(const struct message *m, struct arena *a);

#endif
