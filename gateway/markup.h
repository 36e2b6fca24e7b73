/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: what a page may consist of. */
#ifndef GATEWAY_MARKUP_H
#define GATEWAY_MARKUP_H

#include "core/base/bytes.h"

/* True if all tags are of those that pages are made of, in balance, and all
 * between them is escaped text. */
bool markup_holds(struct bytes page);

#endif
