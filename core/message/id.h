/* SPDX-License-Identifier: Apache-2.0 */
/* Ids of messages: facts of the httpsig@1.0 signature base. */
#ifndef CORE_MESSAGE_ID_H
#define CORE_MESSAGE_ID_H

#include "core/message/message.h"

/* The unsigned id: HMAC-SHA256 keyed "constant:ao" over the base of all keys
 * in link form; commitments play no part. */
MUST_CHECK bool message_unsigned_id(struct message_id *out,
    const struct message *m, struct arena *a, struct fault *f);

/* The id that a parent's link names: the sum of the committed ids that have a
 * committer, else the unsigned id. */
MUST_CHECK bool message_id(struct message_id *out, const struct message *m,
    struct arena *a, struct fault *f);

/* Adds as 256-bit big-endian numbers, modulo 2^256. */
void message_id_add(struct message_id *sum, const struct message_id *id);

/* 43 characters of base64url. */
struct bytes message_id_text(const struct message_id *id, struct arena *a);
MUST_CHECK bool message_id_parse(
    struct message_id *out, struct bytes text, struct fault *f);

/* The address of a key: SHA-256 of its modulus. */
struct message_id message_address(struct bytes modulus);

#endif
