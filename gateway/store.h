/* SPDX-License-Identifier: Apache-2.0 */
/* The node's own messages by their ids: what it published, and every message
 * inside that, so that links can be followed. */
#ifndef GATEWAY_STORE_H
#define GATEWAY_STORE_H

#include "core/message/message.h"

#define STORE_MAX 512u

struct stored {
	struct message_id id;
	struct bytes packed;
	bool is_list;
};

struct store {
	struct stored items[STORE_MAX];
	size_t n;
};

/* Adds the message and all below it; what has no room, or no id, is left
 * out. Nothing is replaced. Packed copies go to keep. */
void store_add(struct store *store, const struct message *m, struct arena *keep,
    struct arena *scratch);

/* The message that an id names, with the commitments that prove it; refuses
 * with "gateway.not-found" (http 24). */
MUST_CHECK bool store_find(struct value *out, const struct store *store,
    struct bytes id, struct arena *a, struct fault *f);

#endif
