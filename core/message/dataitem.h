/* SPDX-License-Identifier: Apache-2.0 */
/* ANS-104 data items as bytes: what is signed, and its one encoding. */
#ifndef CORE_MESSAGE_DATAITEM_H
#define CORE_MESSAGE_DATAITEM_H

#include "core/message/message.h"

#define DATAITEM_TAGS_MAX      128u
#define DATAITEM_NAME_MAX      1024u
#define DATAITEM_VALUE_MAX     3072u
#define DATAITEM_TAG_BYTES_MAX 65535u /* of all tags as they are encoded */

struct dataitem_tag {
	struct bytes name, value;
};

/* Views into the item, or into what it is made from. */
struct dataitem {
	struct bytes signature, owner; /* 512 bytes each */
	struct bytes target, anchor;   /* 32 bytes each, or empty */
	struct bytes tag_bytes;        /* the tags as they are signed */
	struct bytes data;
	struct dataitem_tag tags[DATAITEM_TAGS_MAX];
	size_t ntags;
};

/* Only RSA items, only the one encoding: write(parse(x)) == x. */
MUST_CHECK bool dataitem_parse(
    struct dataitem *out, struct bytes in, struct fault *f);

/* Fills in the tags from their encoding. */
MUST_CHECK bool dataitem_parse_tags(struct dataitem *out,
    struct bytes tag_bytes, size_t count, struct fault *f);

/* The number of tags that the encoding begins with; 0 if it is malformed. */
size_t dataitem_count(struct bytes tag_bytes);

/* Fills in tag_bytes from the tags; refuses what is over the limits
 * ("ans104.tag"). */
MUST_CHECK bool dataitem_write_tags(
    struct dataitem *item, struct arena *a, struct fault *f);

/* The item, with the tag_bytes that it has. */
MUST_CHECK bool dataitem_write(struct bytes *out, const struct dataitem *item,
    struct arena *a, struct fault *f);

/* Arweave's deep hash: what is signed, RSASSA-PSS with SHA-256. */
struct sha384 dataitem_hash(const struct dataitem *item);

/* True if the owner has signed the item. */
bool dataitem_verify(const struct dataitem *item);

/* True if owner and signature are all zero: items in bundles may be so. */
bool dataitem_unsigned(const struct dataitem *item);

/* SHA-256 of the signature; where there is none, the unsigned id. */
struct message_id dataitem_id(const struct dataitem *item);

/* SHA-256 of what nobody would sign to make this item. */
struct message_id dataitem_unsigned_id(const struct dataitem *item);

/* An item of nobody, with nothing in it yet. */
struct dataitem dataitem_nobodys(void);

#endif
