/* SPDX-License-Identifier: Apache-2.0 */
/* A data item's commitment as a member of signature-input, both ways. */
#ifndef CORE_MESSAGE_ITEMSIG_H
#define CORE_MESSAGE_ITEMSIG_H

#include "core/message/form.h"
#include "core/message/sf.h"

/* The inner list, in the order in which the item has its keys, and the
 * parameters. Refuses tags that these cannot tell ("httpsig.signature"). */
MUST_CHECK bool itemsig_input(struct bytes *out, const struct form *form,
    const struct commitment *c, struct arena *a, struct fault *f);

/* True if a member's alg says that it is one. */
bool itemsig_is_one(const struct sf_member *input);

/* The parameters of a member that is one. */
MUST_CHECK bool itemsig_params(struct commitment *out,
    const struct sf_member *input, struct arena *a, struct fault *f);

#endif
