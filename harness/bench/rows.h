/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a bench that run in turn, in every round. */
#ifndef HARNESS_BENCH_ROWS_H
#define HARNESS_BENCH_ROWS_H

#include "core/base/arena.h"

#define ROWS_ROUNDS 15u

struct bench_row {
	const char *name;
	bool (*run)(void); /* false ends the bench */
	double us[ROWS_ROUNDS];
};

/* A file of at most 64 KiB. */
bool rows_file(struct bytes *out, const char *name, struct arena *a);

/* Prints "NAME MICROSECONDS" of each, of CPU time, the median of all rounds.
 * The exit status of the program. */
int rows_run(struct bench_row *rows, size_t n);

#endif
