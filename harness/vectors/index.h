/* SPDX-License-Identifier: Apache-2.0 */
/* Reads an index of vectors, in which a number may be of any size. */
#ifndef HARNESS_VECTORS_INDEX_H
#define HARNESS_VECTORS_INDEX_H

#include <jansson.h>

/* As json_load_file, but a number with more digits than an integer can have
 * becomes a text. */
json_t *index_load(const char *path, json_error_t *error);

#endif
