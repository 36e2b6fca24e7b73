/* SPDX-License-Identifier: Apache-2.0 */
/* A TABM as a data item: which key is where, from the commitment over it. */
#ifndef CORE_MESSAGE_ITEMFORM_H
#define CORE_MESSAGE_ITEMFORM_H

#include "core/message/ans104.h"

/* What tags say about the item and not in the message. */
struct itemform_meta {
	struct bytes data_key; /* "data" unless ao-data-key says another */
	bool is_bundle;
	struct bytes map; /* of a bundle with names: its index's id, 32 bytes */
};

/* A tag's name as a key: in lower case. */
struct bytes itemform_key(struct bytes name, struct arena *a);

/* True for the names of such tags. */
bool itemform_is_meta(struct bytes key);

/* Refuses such a tag twice, and bundles of other kinds ("ans104.bundle"). */
MUST_CHECK bool itemform_read_meta(struct itemform_meta *out,
    const struct dataitem *item, struct arena *a, struct fault *f);

/* The one ans104@1.0 commitment of a TABM, NULL if there is none; refuses
 * several. */
MUST_CHECK bool itemform_commitment(
    const struct commitment **out, const struct message *tabm, struct fault *f);

/* The keys and fields of a commitment over all of a TABM in the order in which
 * they are signed when nobody says another. The id of an index is not known
 * before the item is made: it is all zero. */
MUST_CHECK bool itemform_natural(struct commitment *out,
    const struct message *tabm, enum ans104_form form, struct arena *a,
    struct fault *f);

/* Puts the keys of a commitment in the order in which an item has them: what
 * is in its data, its tags, its fields. Tags stay as they are unless c has
 * them. */
MUST_CHECK bool itemform_order(struct commitment *c, const struct message *tabm,
    struct arena *a, struct fault *f);

/* The level that the item holds: links in place of levels, but in bundles. */
MUST_CHECK bool itemform_level(struct message **out, const struct message *tabm,
    const struct commitment *c, struct arena *a, struct fault *f);

/* The tags of such a level in the order in which c commits to its keys. */
MUST_CHECK bool itemform_tags(struct dataitem *out, const struct message *level,
    const struct commitment *c, struct arena *a, struct fault *f);

/* The item that c, with or without a signature, is over. c need not tell the
 * id of an index; where it tells a wrong one, the item's is another. */
MUST_CHECK bool itemform_make(struct dataitem *out, const struct message *tabm,
    const struct commitment *c, struct arena *a, struct fault *f);

#endif
