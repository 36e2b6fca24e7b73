/* SPDX-License-Identifier: Apache-2.0 */
/* Roots that an asker names, for engines whose roots are keys. */
#ifndef CORE_VERDICT_ANCHORS_H
#define CORE_VERDICT_ANCHORS_H

#include "core/verdict/verify.h"

/*
 * From the same PEM text as TPM vendors' roots. Of SNP those whose name is an
 * ARK's; of Android the key of each. They are all that is trusted then: where
 * none is for an engine, *out trusts nobody, which is not what NULL means.
 */
MUST_CHECK bool anchors_read(
    struct anchors *out, struct bytes roots, struct arena *a, struct fault *f);

#endif
