/* SPDX-License-Identifier: Apache-2.0 */
/* What was checked of the vectors: a line for each case that fails. */
#ifndef HARNESS_VECTORS_REPORT_H
#define HARNESS_VECTORS_REPORT_H

#include <jansson.h>

#include "core/message/message.h"

struct report {
	const char *file, *name; /* which file, and which case of it */
	size_t passed, failed;
	bool quiet;          /* counts, and prints nothing */
	struct arena *arena; /* of one file */
};

/* Each counts one check and returns whether it passed. */
bool report_check(
    struct report *r, const char *aspect, bool ok, const char *expected);
bool report_text(struct report *r, const char *aspect, struct bytes expected,
    struct bytes seen);
bool report_message(struct report *r, const char *aspect,
    const struct message *expected, const struct message *seen);

/* A call that should have gone well. */
bool report_done(
    struct report *r, const char *aspect, bool ok, const struct fault *f);

/* One that should have been refused. */
bool report_refused(
    struct report *r, const char *aspect, bool refused, const char *expected);

#endif
