/* SPDX-License-Identifier: Apache-2.0 */
/* Items inside an item: which keys of a level they hold, and their bundle. */
#ifndef CORE_MESSAGE_NESTING_H
#define CORE_MESSAGE_NESTING_H

#include "core/message/dataitem.h"

#define NESTING_DEPTH_MAX 8u /* items in items */

bool nesting_is_level(const struct value *v);

/* The key whose value would be the data if no key had an item of its own. */
struct bytes nesting_data_key(const struct message *level);

/* True if a bundle with names holds the value under this key of the level as
 * an item: levels, values that no tag can hold, and what would be the data. */
bool nesting_is_inside(const struct message *level, const struct pair *p);

/* True if a value of the level that is no level needs an item of its own. */
bool nesting_is_needed(const struct message *level);

/* A bare value as an item of nobody, and the reverse; of_bare is false for
 * other items. */
MUST_CHECK bool nesting_bare(
    struct dataitem *out, struct bytes value, struct arena *a, struct fault *f);
bool nesting_of_bare(struct bytes *out, const struct dataitem *item);

/* The bundle of the levels "1" to "n", and that of all inside with its index,
 * whose id is told. */
MUST_CHECK bool nesting_list(struct bytes *out, const struct message *level,
    struct arena *a, struct fault *f);
MUST_CHECK bool nesting_named(struct bytes *out, struct message_id *index,
    const struct message *level, struct arena *a, struct fault *f);

#endif
