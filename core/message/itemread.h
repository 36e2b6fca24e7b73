/* SPDX-License-Identifier: Apache-2.0 */
/* A data item as a message: what tags, data and fields mean. */
#ifndef CORE_MESSAGE_ITEMREAD_H
#define CORE_MESSAGE_ITEMREAD_H

#include "core/message/dataitem.h"

/* The message with its commitment, unverified; see ans104_decode. */
MUST_CHECK bool itemread_message(struct message **out,
    const struct dataitem *item, struct arena *a, struct fault *f);

#endif
