/* SPDX-License-Identifier: Apache-2.0 */
/* Commitments: what is signed, attaching a signature, verifying one. */
#ifndef CORE_MESSAGE_COMMIT_H
#define CORE_MESSAGE_COMMIT_H

#include "core/message/message.h"

/*
 * The signature base of an rsa-pss-sha512 commitment by modulus over all keys
 * of m in link form, as bytes in the arena: what the keyring signs.
 */
MUST_CHECK bool commit_base(struct bytes *out, const struct message *m,
    struct bytes modulus, struct arena *a, struct fault *f);

/* Adds the RSA commitment with this 512-byte signature and, unless another
 * signer has brought it, the hmac-sha256 one that goes with it. */
MUST_CHECK bool commit_attach(struct message *m, struct bytes modulus,
    struct bytes signature, struct fault *f);

/*
 * Verifies every commitment of m and of the levels below it; refuses a message
 * without an RSA one ("commitment.none"), with a bad one
 * ("commitment.signature"), of an unknown type ("commitment.type"), or with
 * keys outside the committed set ("commitment.uncommitted"). signer gets the
 * address of the first RSA one. created, expires and nonce are covered, and
 * the caller's to judge.
 */
MUST_CHECK bool commit_verify(struct message_id *signer,
    const struct message *m, struct arena *a, struct fault *f);

/*
 * Drops the keys of the outermost level that are not in every commitment's
 * set, as a client does with what HTTP added; values lose a type that is not
 * committed. A message without commitments stays as it is.
 */
void commit_reduce(struct message *m);

#endif
