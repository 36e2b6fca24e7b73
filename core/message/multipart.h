/* SPDX-License-Identifier: Apache-2.0 */
/* The multipart body of httpsig@1.0: nested levels as parts named by paths. */
#ifndef CORE_MESSAGE_MULTIPART_H
#define CORE_MESSAGE_MULTIPART_H

#include "core/message/message.h"

#define HEADER_VALUE_MAX 4096u /* bytes of a value that may be a header */
#define PARTS_MAX        4096u /* parts of a body */

struct multipart {
	struct bytes boundary, body;
};

/* Encodes the levels and leaves of a TABM under content's keys, one at least; the part of
 * the inline key, if there is one, is marked as such. */
MUST_CHECK bool multipart_encode(struct multipart *out,
    const struct message *content, struct bytes inline_key, struct arena *a,
    struct fault *f);

/* Adds what the parts hold to a TABM; refuses a malformed body and a path
 * that is taken ("httpsig.multipart"). */
MUST_CHECK bool multipart_decode(struct message *tabm,
    const struct multipart *in, struct bytes inline_key, struct arena *a,
    struct fault *f);

#endif
