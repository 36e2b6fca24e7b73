/* SPDX-License-Identifier: Apache-2.0 */
/* Lower-case hexadecimal text. */
#ifndef CORE_BASE_HEX_H
#define CORE_BASE_HEX_H

#include "core/base/buf.h"

/* Two lower-case digits a byte. */
void hex_put(struct buf *b, struct bytes in);
struct bytes hex_encode(struct arena *a, struct bytes in);

/*
 * Strict: an even number of digits 0-9a-f. *out is a view into the arena.
 * Fails with INPUT "encoding.hex".
 */
MUST_CHECK bool hex_decode(
    struct bytes *out, struct bytes in, struct arena *a, struct fault *f);

#endif
