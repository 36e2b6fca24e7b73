/* SPDX-License-Identifier: Apache-2.0 */
/* Hashpaths: a result's history as one id and the last request. */
#ifndef CORE_MESSAGE_HASHPATH_H
#define CORE_MESSAGE_HASHPATH_H

#include "core/message/message.h"

struct hashpath_step {
	/* The base's own hashpath; empty: its unsigned id begins one. */
	struct bytes previous;
	const struct message *base, *request;
};

/*
 * The hashpath of what applying request to base gives. The base's
 * hashpath-alg says how steps are chained: "sha-256-chain" unless
 * "accumulate-256". Refuses others, and a previous hashpath that is neither ID
 * nor ID/STEP ("hashpath.form").
 */
MUST_CHECK bool hashpath_next(struct bytes *out,
    const struct hashpath_step *step, struct arena *a, struct fault *f);

#endif
