/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/metrics.h"

#include <sys/resource.h>
#include <time.h>

#define TEXT_SIZE (32u << 10)
#define SECOND    1000000u

/* clang-format off */
/* Upper ends of the latency histogram: in microseconds, and as text. */
static const struct {
	uint64_t micros;
	const char *seconds;
} buckets[METRICS_BUCKETS] = {
	{ 50,      "5e-05"  }, { 100,     "0.0001" }, { 250,    "0.00025" },
	{ 500,     "0.0005" }, { 1000,    "0.001"  }, { 2500,   "0.0025"  },
	{ 5000,    "0.005"  }, { 10000,   "0.01"   }, { 25000,  "0.025"   },
	{ 50000,   "0.05"   }, { 100000,  "0.1"    }, { 250000, "0.25"    },
	{ 1000000, "1"      }, { 5000000, "5"      },
};
/* clang-format on */

static double
seconds_of(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

uint64_t
metrics_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec / 1000;
}

void
metrics_open(struct metrics *m)
{
	m->started = metrics_now();
	m->started_unix = seconds_of(CLOCK_REALTIME);
}

void
metrics_answer(struct metrics *m, unsigned status, uint64_t began)
{
	uint64_t took = metrics_now() - began;
	size_t i = 0;

	while (i < METRICS_BUCKETS && took > buckets[i].micros)
		i++;
	m->took[i]++;
	m->took_sum += took;
	m->answers[status / 100 % METRICS_CLASSES]++;
}

void
metrics_refusal(struct metrics *m, const char *reason)
{
	for (size_t i = 0; i < m->nreasons; i++) {
		if (strcmp(m->reasons[i].reason, reason) == 0) {
			m->reasons[i].count++;
			return;
		}
	}
	if (m->nreasons == METRICS_REASONS) {
		m->other_reasons++;
		return;
	}
	struct metrics_reason *row = &m->reasons[m->nreasons++];

	memcpy(row->reason, reason, strnlen(reason, sizeof(row->reason) - 1));
	row->count = 1;
}

void
metrics_label(struct buf *b, const char *value)
{
	buf_u8(b, '"');
	for (const char *c = value; *c != '\0'; c++) {
		if (*c == '\n') {
			buf_text(b, "\\n");
			continue;
		}
		if (*c == '"' || *c == '\\')
			buf_u8(b, '\\');
		buf_u8(b, (uint8_t)*c);
	}
	buf_u8(b, '"');
}

static void
put_head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_print(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_labelled(struct buf *b, const char *name, const char *label,
    const char *value, uint64_t count)
{
	buf_print(b, "%s{%s=", name, label);
	metrics_label(b, value);
	buf_print(b, "} %llu\n", (unsigned long long)count);
}

static void
put_single(struct buf *b, const char *name, const char *type, const char *help,
    uint64_t value)
{
	put_head(b, name, type, help);
	buf_print(b, "%s %llu\n", name, (unsigned long long)value);
}

static void
put_seconds(struct buf *b, const char *name, const char *type, const char *help,
    double seconds)
{
	put_head(b, name, type, help);
	buf_print(b, "%s %.6f\n", name, seconds);
}

static void
put_answers(struct buf *b, const struct metrics *m)
{
	static const char *const classes[METRICS_CLASSES] = { "other", "1xx",
		"2xx", "3xx", "4xx", "5xx" };
	static const char name[] = "pwos_http_requests_total";

	put_head(b, name, "counter", "Requests answered, by class of status.");
	for (size_t i = 0; i < METRICS_CLASSES; i++)
		put_labelled(b, name, "class", classes[i], m->answers[i]);
}

static void
put_latency(struct buf *b, const struct metrics *m)
{
	static const char name[] = "pwos_http_request_duration_seconds";
	unsigned long long sum = 0;

	put_head(b, name, "histogram",
	    "From a whole request read to its answer given to the socket.");
	for (size_t i = 0; i < METRICS_BUCKETS; i++) {
		sum += m->took[i];
		buf_print(b, "%s_bucket{le=\"%s\"} %llu\n", name,
		    buckets[i].seconds, sum);
	}
	sum += m->took[METRICS_BUCKETS];
	buf_print(b, "%s_bucket{le=\"+Inf\"} %llu\n", name, sum);
	buf_print(b, "%s_sum %.6f\n", name, (double)m->took_sum / SECOND);
	buf_print(b, "%s_count %llu\n", name, sum);
}

/* Only of services that the gateway may call. */
static void
put_flights(struct buf *b, const char *name, const char *help,
    const uint64_t counts[PROCESS_COUNT])
{
	put_head(b, name, "counter", help);
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (wire_exists(PROCESS_GATEWAY, p))
			put_labelled(
			    b, name, "service", wires[p].name, counts[p]);
	}
}

static void
put_refusals(struct buf *b, const struct metrics *m)
{
	static const char name[] = "pwos_refusals_total";

	put_head(b, name, "counter", "Refusals, by reason code.");
	for (size_t i = 0; i < m->nreasons; i++)
		put_labelled(b, name, "reason", m->reasons[i].reason,
		    m->reasons[i].count);
	put_labelled(b, name, "reason", "other", m->other_reasons);
}

static uint64_t
most_resident(void)
{
	struct rusage use = { 0 };

	(void)getrusage(RUSAGE_SELF, &use);
	return (uint64_t)use.ru_maxrss * 1024;
}

static void
put_process(struct buf *b, const struct metrics *m)
{
	put_single(b, "pwos_resident_memory_peak_bytes", "gauge",
	    "The most memory of the gateway that was in use.", most_resident());
	put_seconds(b, "process_cpu_seconds_total", "counter",
	    "Processor time of the gateway.",
	    seconds_of(CLOCK_PROCESS_CPUTIME_ID));
	put_seconds(b, "process_start_time_seconds", "gauge",
	    "Unix time at which the gateway started.", m->started_unix);
	put_seconds(b, "pwos_uptime_seconds", "gauge",
	    "Seconds since the gateway started.",
	    (double)(metrics_now() - m->started) / SECOND);
}

bool
metrics_print(struct bytes *out, const struct metrics *m, struct arena *a,
    struct fault *f)
{
	struct buf b = buf_in(a, TEXT_SIZE);

	put_answers(&b, m);
	put_latency(&b, m);
	put_refusals(&b, m);
	put_single(&b, "pwos_http_connections_total", "counter",
	    "Connections accepted.", m->connections);
	put_single(&b, "pwos_http_connections_open", "gauge",
	    "Connections open.", m->connections_open);
	put_single(&b, "pwos_http_body_bytes", "gauge",
	    "Bytes of request bodies under way.", m->bodies_open);
	put_single(&b, "pwos_jobs", "gauge",
	    "Requests that wait for a service.", m->jobs);
	put_flights(
	    &b, "pwos_flights_total", "Calls made to a service.", m->flights);
	put_flights(&b, "pwos_flights_failed_total",
	    "Calls that a service refused or did not answer.",
	    m->flights_failed);
	put_single(&b, "pwos_page_hits_total", "counter",
	    "Messages served signed from memory.", m->page_hits);
	put_single(&b, "pwos_page_misses_total", "counter",
	    "Messages that were not in memory.", m->page_misses);
	put_process(&b, m);
	*out = buf_bytes(&b);
	return arena_check(a, f) && buf_check(&b, f);
}
