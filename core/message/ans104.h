/* SPDX-License-Identifier: Apache-2.0 */
/* ans104@1.0: a data item as a message with its commitment, both ways. */
#ifndef CORE_MESSAGE_ANS104_H
#define CORE_MESSAGE_ANS104_H

#include "core/message/dataitem.h"

/* What becomes of levels when nobody has signed yet. */
enum ans104_form {
	ANS104_LINK,  /* links, unless a value needs an item of its own */
	ANS104_BUNDLE /* items inside, under their names */
};

struct ans104_signer {
	struct bytes modulus;
	enum ans104_form form;
};

/*
 * The message of an item and, for bundles, of the items in it, each with its
 * commitment, unverified as in every codec. Refuses an item that another
 * message would be, too ("ans104.key"), or that cannot be made again from its
 * message ("ans104.form"): commit_verify makes it again.
 */
MUST_CHECK bool ans104_decode(
    struct message **out, struct bytes in, struct arena *a, struct fault *f);

/* The item of a message's one ans104@1.0 commitment. */
MUST_CHECK bool ans104_encode(struct bytes *out, const struct message *m,
    struct arena *a, struct fault *f);

/* The 48 bytes to be signed, RSASSA-PSS with SHA-256, to make an item of all
 * keys of m. */
MUST_CHECK bool ans104_base(struct bytes *out, const struct message *m,
    const struct ans104_signer *by, struct arena *a, struct fault *f);

/* Adds the commitment with this 512-byte signature. */
MUST_CHECK bool ans104_attach(struct message *m, const struct ans104_signer *by,
    struct bytes signature, struct fault *f);

/*
 * Makes the item again that a commitment of this TABM is over, and refuses it
 * if the TABM is not the item's, key for key ("ans104.form"). The signature
 * is the caller's to verify.
 */
MUST_CHECK bool ans104_rebuild(struct dataitem *out, const struct message *tabm,
    const struct commitment *c, struct arena *a, struct fault *f);

#endif
