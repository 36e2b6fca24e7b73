/* SPDX-License-Identifier: Apache-2.0 */
/* A release manifest (image 13): what a verifier expects of that release. */
#ifndef CORE_VERDICT_MANIFEST_H
#define CORE_VERDICT_MANIFEST_H

#include "core/verdict/verify.h"

/* The text of manifest.json; *out holds views into the arena. Fails with
 * "manifest.shape", or as json_decode does. */
MUST_CHECK bool manifest_read(struct expectations *out, struct bytes text,
    struct arena *a, struct fault *f);

/* signature over the text by the one certificate in the PEM text `key`. Fails
 * with "manifest.key" or "manifest.signature". */
MUST_CHECK bool manifest_check(struct bytes text, struct bytes signature,
    struct bytes key, struct arena *a, struct fault *f);

#endif
