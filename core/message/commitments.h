/* SPDX-License-Identifier: Apache-2.0 */
/* Commitments as data: what a message claims, before anybody believes it. */
#ifndef CORE_MESSAGE_COMMITMENTS_H
#define CORE_MESSAGE_COMMITMENTS_H

#include "core/base/base64.h"
#include "core/message/message.h"

#define COMMITMENT_DEVICE   "httpsig@1.0"
#define COMMITMENT_RSA      "rsa-pss-sha512"
#define COMMITMENT_HMAC     "hmac-sha256"
#define COMMITMENT_CONSTANT "constant:ao"
#define COMMITMENT_KEY      "publickey:"
#define COMMITMENT_ANS104   "ans104@1.0"
#define COMMITMENT_RSA256   "rsa-pss-sha256"

/* Adds one in the order of ids; refuses the same id twice and more than
 * COMMITMENTS_MAX ("commitment.form"). */
MUST_CHECK bool commitments_add(
    struct message *m, const struct commitment *c, struct fault *f);

/* Reads a `commitments` message, {id: {keyid, signature, ...}}, into m. */
MUST_CHECK bool commitments_read(
    struct message *m, const struct value *v, struct arena *a, struct fault *f);

/* The commitments of m as such a message. */
struct message *commitments_write(const struct message *m, struct arena *a);

/* The keyid of a modulus, for httpsig@1.0 in padded base64 and for ans104@1.0
 * in base64url, and back; the latter takes both alphabets
 * and refuses all but 512 bytes ("commitment.key"). */
struct bytes commitments_keyid(
    struct bytes modulus, enum base64 form, struct arena *a);
MUST_CHECK bool commitments_modulus(
    struct bytes *out, struct bytes keyid, struct arena *a, struct fault *f);

/* The id of a signature: itself if it is a MAC, else its SHA-256. */
struct message_id commitments_id(struct bytes signature);

#endif
