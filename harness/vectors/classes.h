/* SPDX-License-Identifier: Apache-2.0 */
/* The classes of vector files: each runs what one file holds. */
#ifndef HARNESS_VECTORS_CLASSES_H
#define HARNESS_VECTORS_CLASSES_H

#include "harness/vectors/report.h"

/* A whole file. */
void messages_run(struct report *r, const json_t *file);

/* One of a file's cases. */
void negative_run(struct report *r, const json_t *one);
void items_run(struct report *r, const json_t *one);
void hashpaths_run(struct report *r, const json_t *one);
void paths_run(struct report *r, const json_t *one);
void transcripts_run(struct report *r, const json_t *one);

/* The `path` and keys of a request as steps, or the refusal expected. */
void paths_check(struct report *r, const struct message *request,
    const struct message *expected);

#endif
