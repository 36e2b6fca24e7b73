/* SPDX-License-Identifier: Apache-2.0 */
/* The text that a commitment signs, and its member of signature-input. */
#ifndef CORE_MESSAGE_BASE_H
#define CORE_MESSAGE_BASE_H

#include "core/message/form.h"

/*
 * The signature base of a commitment over all fields of a form: in byte order
 * of their names, or, where there are more than MESSAGE_KEYS_MAX, in the order
 * in which the commitment names them. Refuses a value with a line break, which
 * would make the base that of another message too ("httpsig.line").
 */
MUST_CHECK bool base_text(struct bytes *out, const struct form *form,
    const struct commitment *c, struct arena *a, struct fault *f);

/* The inner list and parameters as they stand in signature-input. */
MUST_CHECK bool base_input(struct bytes *out, const struct form *form,
    const struct commitment *c, struct arena *a, struct fault *f);

#endif
