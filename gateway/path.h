/* SPDX-License-Identifier: Apache-2.0 */
/* Request targets: /~DEVICE@VERSION/KEY?QUERY, the part of AO-Core's path
 * grammar that this node answers. */
#ifndef GATEWAY_PATH_H
#define GATEWAY_PATH_H

#include "gateway/framing.h"

#define PATH_SEGMENT_MAX 512u /* bytes of one segment, decoded */
#define PATH_PARAMS_MAX  16u  /* of the query */

struct path_param {
	struct bytes key, value;
};

/* Views lie in text, so a path is not copied. */
struct path {
	struct bytes device; /* "measurement@1.0"; empty: none named */
	struct bytes key;    /* "boot", or what follows the device, joined */
	struct path_param params[PATH_PARAMS_MAX];
	size_t nparams;
	uint8_t text[FRAMING_TARGET_MAX];
};

/* Percent-decodes once; refuses control bytes ("gateway.path"). The result
 * lies in to. */
MUST_CHECK bool path_decode(struct bytes *out, uint8_t to[FRAMING_TARGET_MAX],
    struct bytes target, struct fault *f);

/*
 * Percent-decodes the whole target once, then splits it (so %2F and %26 split,
 * as upstream's do). Refuses with "gateway.path" (http 5) or "gateway.query".
 */
MUST_CHECK bool path_parse(
    struct path *out, struct bytes target, struct fault *f);

/*
 * The query's value under key; p is NULL when there is none. Fails with
 * the reason given when the key stands there twice (http 6).
 */
MUST_CHECK bool path_param(struct bytes *out, const struct path *path,
    const char *key, const char *reason, struct fault *f);

#endif
