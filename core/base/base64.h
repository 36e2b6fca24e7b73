/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4648: base64url without padding (ids, keys) and padded base64 (headers). */
#ifndef CORE_BASE_BASE64_H
#define CORE_BASE_BASE64_H

#include "core/base/buf.h"

enum base64 {
	BASE64_URL,   /* section 5, no padding */
	BASE64_PADDED /* section 4, with padding */
};

/* Room in characters, without a NUL. */
size_t base64_size(enum base64 form, size_t n);

void base64_put(struct buf *b, enum base64 form, struct bytes in);
struct bytes base64_encode(struct arena *a, enum base64 form, struct bytes in);

/*
 * Strict: the form's alphabet only, unused bits zero, exact padding.
 * *out is a view into the arena. Fails with INPUT "encoding.base64".
 */
MUST_CHECK bool base64_decode(struct bytes *out, enum base64 form,
    struct bytes in, struct arena *a, struct fault *f);

#endif
