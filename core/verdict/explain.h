/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict in full: what each check compared, by which rule, and what to do
 * about it. */
#ifndef CORE_VERDICT_EXPLAIN_H
#define CORE_VERDICT_EXPLAIN_H

#include "core/message/message.h"

/* Of a verdict message, which may be anybody's: what is quoted of it is
 * printable. Fails with "verdict.shape". */
MUST_CHECK bool explain_verdict(struct bytes *out,
    const struct message *verdict, struct arena *a, struct fault *f);

#endif
