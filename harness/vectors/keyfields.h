/* SPDX-License-Identifier: Apache-2.0 */
/* Compares what an index says a key's description holds with what we read. */
#ifndef HARNESS_VECTORS_KEYFIELDS_H
#define HARNESS_VECTORS_KEYFIELDS_H

#include "harness/vectors/evidence.h"

/* The member "fields", if there is one, against the last certificate that has
 * a description; "chain_len" and "valid_window" against all of them. */
void keyfields_compare(
    struct entry *e, const struct bytes *certs, size_t ncerts);

#endif
