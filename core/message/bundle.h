/* SPDX-License-Identifier: Apache-2.0 */
/* ANS-104 bundles, binary 2.0.0: a table of sizes and ids, then the items. */
#ifndef CORE_MESSAGE_BUNDLE_H
#define CORE_MESSAGE_BUNDLE_H

#include "core/base/cursor.h"
#include "core/message/message.h"

struct bundle {
	size_t left; /* items not taken yet */
	struct cursor table, items;
};

/* Refuses a table that is not there as a whole ("ans104.bundle") and more
 * items than a level has keys ("message.keys"). */
MUST_CHECK bool bundle_open(
    struct bundle *out, struct bytes data, struct fault *f);

/* The next item; while left is not zero. The last one ends the bytes. */
MUST_CHECK bool bundle_next(struct bytes *item, struct message_id *id,
    struct bundle *bundle, struct fault *f);

struct bundle_item {
	struct bytes bytes;
	struct message_id id;
};

/* The bundle of these items. */
MUST_CHECK bool bundle_write(struct bytes *out, const struct bundle_item *items,
    size_t count, struct arena *a, struct fault *f);

#endif
