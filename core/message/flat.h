/* SPDX-License-Identifier: Apache-2.0 */
/* flat@1.0: a message as one level of paths with a text each, or as lines. */
#ifndef CORE_MESSAGE_FLAT_H
#define CORE_MESSAGE_FLAT_H

#include "core/message/message.h"

/* One level: nested keys joined by '/', commitments among them. Refuses an
 * empty level below the first and keys with '/' ("flat.path"). */
MUST_CHECK bool flat_encode(struct message **out, const struct message *m,
    struct arena *a, struct fault *f);
MUST_CHECK bool flat_decode(struct message **out, const struct message *flat,
    struct arena *a, struct fault *f);

/* The same as lines "PATH: VALUE" in byte order of the paths; refuses values
 * with a line break ("flat.line"). */
MUST_CHECK bool flat_write(struct bytes *out, const struct message *m,
    struct arena *a, struct fault *f);

/* Lines in any order, each path once. */
MUST_CHECK bool flat_read(
    struct message **out, struct bytes text, struct arena *a, struct fault *f);

#endif
