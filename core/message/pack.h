/* SPDX-License-Identifier: Apache-2.0 */
/* The one canonical binary form of a message: how it travels between services. */
#ifndef CORE_MESSAGE_PACK_H
#define CORE_MESSAGE_PACK_H

#include "core/message/message.h"

/* The packed form, commitments included, in the arena. */
MUST_CHECK bool message_pack(struct bytes *out, const struct message *m,
    struct arena *a, struct fault *f);

/*
 * Accepts canonical bytes only: pack(unpack(x)) == x. Values are views into
 * in, which must outlive the message.
 */
MUST_CHECK bool message_unpack(
    struct message **out, struct bytes in, struct arena *a, struct fault *f);

#endif
