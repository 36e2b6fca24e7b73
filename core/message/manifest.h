/* SPDX-License-Identifier: Apache-2.0 */
/* The index of an ANS-104 bundle with names: the key of each item in it. */
#ifndef CORE_MESSAGE_MANIFEST_H
#define CORE_MESSAGE_MANIFEST_H

#include "core/message/dataitem.h"

/* Keys in byte order; the unsigned ids of their items. */
struct manifest {
	struct bytes keys[MESSAGE_KEYS_MAX];
	struct message_id ids[MESSAGE_KEYS_MAX];
	size_t count;
};

/* Reads the one form that manifest_write makes ("ans104.bundle"); more keys
 * than a level has when it is made are "message.keys". */
MUST_CHECK bool manifest_parse(struct manifest *out,
    const struct dataitem *item, struct arena *a, struct fault *f);

MUST_CHECK bool manifest_write(struct dataitem *out,
    const struct manifest *index, struct arena *a, struct fault *f);

#endif
