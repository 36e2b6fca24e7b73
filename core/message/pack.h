/* SPDX-License-Identifier: Apache-2.0 */
/* The one canonical binary form of a message: how it travels between services. */
#ifndef CORE_MESSAGE_PACK_H
#define CORE_MESSAGE_PACK_H

#include "core/message/message.h"

/*
 * Numbers are big-endian; text8, text16 and text32 are a length of so many
 * bits and the bytes.
 *
 *   packed     = u8 1, level
 *   level      = u16 count, pair..., u8 count, commitment...
 *   pair       = text8 key, u8 kind, value      in byte order of the keys
 *   value      = text32                         bytes
 *              | u64                            integer, two's complement
 *              | u64                            float, IEEE 754
 *              | text8                          atom
 *              | level                          list, message
 *              | 43 bytes                       link
 *   commitment = 32 bytes id, u8 0 or, a bundle, 1 or, with names, 2 and
 *                32 bytes map, u64 created, u64 expires, text16 of
 *                device, type, keyid, committer, signature, tag, nonce,
 *                target, anchor, tags,
 *                u16 count, text8 key...        in byte order of the ids
 */

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
