/* SPDX-License-Identifier: Apache-2.0 */
/* What the gateway counts, and the counts as Prometheus text 0.0.4. One loop
 * counts, so there are no locks; every table has a fixed size. */
#ifndef GATEWAY_METRICS_H
#define GATEWAY_METRICS_H

#include "core/base/buf.h"
#include "ipc/wires.h"

#define METRICS_TYPE    "text/plain; version=0.0.4; charset=utf-8"
#define METRICS_REASONS 48u /* told apart; those that come later are "other" */
#define METRICS_CLASSES 6u  /* of a status: 2 is 2xx */
#define METRICS_BUCKETS 14u

struct metrics {
	uint64_t started; /* monotonic microseconds */
	double started_unix;
	uint64_t answers[METRICS_CLASSES];
	/* Of answers; the last bucket has no upper end. */
	uint64_t took[METRICS_BUCKETS + 1], took_sum;
	uint64_t connections, connections_open, bodies_open, jobs;
	uint64_t flights[PROCESS_COUNT], flights_failed[PROCESS_COUNT];
	uint64_t page_hits, page_misses;
	struct metrics_reason {
		char reason[64];
		uint64_t count;
	} reasons[METRICS_REASONS];
	size_t nreasons;
	uint64_t other_reasons;
};

void metrics_open(struct metrics *m);

uint64_t metrics_now(void); /* monotonic microseconds */

void metrics_answer(struct metrics *m, unsigned status, uint64_t began);
void metrics_refusal(struct metrics *m, const char *reason);

/* All series, in the arena. */
MUST_CHECK bool metrics_print(struct bytes *out, const struct metrics *m,
    struct arena *a, struct fault *f);

/* A label's value, quoted. */
void metrics_label(struct buf *b, const char *value);

#endif
