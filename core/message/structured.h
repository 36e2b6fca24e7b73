/* SPDX-License-Identifier: Apache-2.0 */
/* structured@1.0: typed values as bytes with ao-types (TABM), both ways. */
#ifndef CORE_MESSAGE_STRUCTURED_H
#define CORE_MESSAGE_STRUCTURED_H

#include "core/base/buf.h"
#include "core/message/message.h"

/*
 * A TABM is a message whose leaves are all VALUE_BYTES and whose nested levels
 * are VALUE_MESSAGE or VALUE_LIST; a link is bytes under "key+link". Its levels
 * share the commitments of the message it was made from.
 *
 * Refuses keys that would not survive the wire ("message.key"), values that
 * have no text ("message.value") and over MESSAGE_DEPTH_MAX levels
 * ("message.depth").
 */
MUST_CHECK bool structured_encode(struct message **out, const struct message *m,
    struct arena *a, struct fault *f);

/*
 * The reverse. Leaves may be typed already (JSON). Takes ao-types and
 * commitments out of each level; types that are unknown, absurd or of keys
 * that are not there are refused ("message.types").
 */
MUST_CHECK bool structured_decode(struct message **out,
    const struct message *tabm, struct arena *a, struct fault *f);

/* The same of a level below the outermost, which may be a list. */
MUST_CHECK bool structured_decode_level(struct value *out,
    const struct message *tabm, struct arena *a, struct fault *f);

/* A message as the value that would hold it; to be read only. */
struct value structured_level(const struct message *m);

/* The bytes of a leaf as the wire has them. */
struct bytes structured_text(const struct value *v, struct arena *a);

/* The type's name in ao-types, or NULL for a kind without one. */
const char *structured_type(enum value_kind kind);

/* The ao-types of a level, with the names given for each kind of value; empty
 * if all is bytes and the level is no list. */
struct bytes structured_types(
    const struct value *level, const char *const names[], struct arena *a);

/* A key as ao-types and headers spell it: %xx but for a-z 0-9 . - _ / ? & */
void structured_put_escaped(struct buf *b, struct bytes key);
MUST_CHECK bool structured_unescape(
    struct bytes *out, struct bytes text, struct arena *a, struct fault *f);

/* key without a "+link" at its end; is_link says whether there was one. */
struct bytes structured_bare_key(struct bytes key, bool *is_link);

#endif
