/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/bench/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUND_US 15000.0
#define FILE_MAX 65536u

/* Of this process alone: other work on the machine does not count. */
static double
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

bool
rows_file(struct bytes *out, const char *name, struct arena *a)
{
	uint8_t *block = arena_room(a, FILE_MAX);
	FILE *file = block == NULL ? NULL : fopen(name, "rb");
	size_t n = file == NULL ? 0 : fread(block, 1, FILE_MAX, file);

	*out = bytes_of(block, n);
	if (file != NULL)
		(void)fclose(file);
	return n != 0;
}

/* Microseconds of one, by as many as fill the time of a round; 0: it failed. */
static double
time_one(bool (*run)(void))
{
	double began = now_us(), took;
	size_t n = 0;

	do {
		if (!run())
			return 0;
		n++;
		took = now_us() - began;
	} while (took < ROUND_US);
	return took / (double)n;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
rows_run(struct bench_row *rows, size_t n)
{
	for (size_t i = 0; i < ROWS_ROUNDS * n; i++) {
		struct bench_row *row = &rows[i % n];

		row->us[i / n] = time_one(row->run);
		if (row->us[i / n] > 0)
			continue;
		(void)fprintf(stderr, "%s: failed\n", row->name);
		return 111;
	}
	for (size_t i = 0; i < n; i++) {
		qsort(rows[i].us, ROWS_ROUNDS, sizeof(rows[i].us[0]), by_size);
		(void)printf(
		    "%s %.2f\n", rows[i].name, rows[i].us[ROWS_ROUNDS / 2]);
	}
	return 0;
}
