/* SPDX-License-Identifier: Apache-2.0 */
/* Typed parameters: key+TYPE=text, as paths, queries and headers have them. */
#ifndef GATEWAY_TYPED_H
#define GATEWAY_TYPED_H

#include "core/message/message.h"

/*
 * Text as integer, float, atom, list or map; the case of the type's name does
 * not count. Refuses other types and what is none ("gateway.type").
 */
MUST_CHECK bool typed_read(struct value *out, struct bytes type,
    struct bytes text, struct arena *a, struct fault *f);

/* Key without its "+TYPE"; type is empty when there is none. A blank stands
 * for the plus that some clients make one of. */
struct bytes typed_key(struct bytes *type, struct bytes key);

#endif
