/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static uint8_t block[64 << 10];
static char text[64 << 10];
static struct metrics m;

static void
open_anew(void)
{
	m = (struct metrics){ 0 };
	metrics_open(&m);
}

/* All series as a string. */
static const char *
print(void)
{
	struct bytes out;
	struct arena a;
	struct fault f;

	arena_init(&a, block, sizeof(block));
	if (!metrics_print(&out, &m, &a, &f))
		fail_msg("%s %s", f.reason, f.why);
	assert_true(out.n < sizeof(text));
	memcpy(text, out.p, out.n);
	text[out.n] = '\0';
	return text;
}

static void
assert_line(const char *line)
{
	if (strstr(print(), line) == NULL)
		fail_msg("no %s in %s", line, text);
}

static void
answers_by_class(void **state)
{
	static const unsigned statuses[] = { 200, 204, 404, 400, 499, 503,
		700 };

	(void)state;
	open_anew();
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		metrics_answer(&m, statuses[i], metrics_now());
	assert_line("\npwos_http_requests_total{class=\"2xx\"} 2\n");
	assert_line("\npwos_http_requests_total{class=\"4xx\"} 3\n");
	assert_line("\npwos_http_requests_total{class=\"5xx\"} 1\n");
	assert_line("\npwos_http_requests_total{class=\"3xx\"} 0\n");
	assert_line("\npwos_http_request_duration_seconds_count 7\n");
}

static void
latency_adds_up(void **state)
{
	static const char name[] = "pwos_http_request_duration_seconds";
	char line[128];

	(void)state;
	open_anew();
	metrics_answer(&m, 200, metrics_now() - 700);
	metrics_answer(&m, 200, metrics_now() - 2000000);
	metrics_answer(&m, 200, metrics_now() - 20000000);
	(void)snprintf(
	    line, sizeof(line), "\n%s_bucket{le=\"0.0005\"} 0\n", name);
	assert_line(line);
	(void)snprintf(line, sizeof(line), "\n%s_bucket{le=\"1\"} 1\n", name);
	assert_line(line);
	(void)snprintf(line, sizeof(line), "\n%s_bucket{le=\"5\"} 2\n", name);
	assert_line(line);
	(void)snprintf(
	    line, sizeof(line), "\n%s_bucket{le=\"+Inf\"} 3\n", name);
	assert_line(line);
	(void)snprintf(line, sizeof(line), "\n%s_sum 22.0", name);
	assert_line(line);
}

static void
labels_are_escaped(void **state)
{
	static const struct {
		const char *value, *shown;
	} rows[] = {
		{ "plain", "\"plain\"" },
		{ "", "\"\"" },
		{ "a\"b", "\"a\\\"b\"" },
		{ "a\\b", "\"a\\\\b\"" },
		{ "a\nb", "\"a\\nb\"" },
		{ "\\n", "\"\\\\n\"" },
		{ "a\"} 1\nforged{b=\"", "\"a\\\"} 1\\nforged{b=\\\"\"" },
	};
	uint8_t room[128];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b = buf_over(room, sizeof(room));

		metrics_label(&b, rows[i].value);
		if (!bytes_is(buf_bytes(&b), rows[i].shown))
			fail_msg("row %zu", i);
	}
	open_anew();
	metrics_refusal(&m, "x\"} 1\nforged 2");
	assert_line(
	    "\npwos_refusals_total{reason=\"x\\\"} 1\\nforged 2\"} 1\n");
	assert_null(strstr(print(), "\nforged"));
}

static void
reasons_are_bounded(void **state)
{
	char reason[64];

	(void)state;
	open_anew();
	for (unsigned i = 0; i < METRICS_REASONS + 5; i++) {
		(void)snprintf(reason, sizeof(reason),
		    "%05u."
		    "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""
		    "\"\"\"\"\"",
		    i);
		metrics_refusal(&m, reason);
	}
	metrics_refusal(&m, reason);
	assert_line("\npwos_refusals_total{reason=\"other\"} 6\n");
	metrics_refusal(&m, m.reasons[3].reason);
	assert_int_equal(m.reasons[3].count, 2);
	assert_int_equal(m.nreasons, METRICS_REASONS);
}

static void
process_figures(void **state)
{
	unsigned long long resident;

	(void)state;
	open_anew();
	const char *at = strstr(print(), "\npwos_resident_memory_peak_bytes ");

	assert_non_null(at);
	resident = 0;
	for (at += strlen("\npwos_resident_memory_peak_bytes ");
	    *at >= '0' && *at <= '9'; at++)
		resident = resident * 10 + (unsigned long long)(*at - '0');
	assert_true(resident > 1 << 20 && resident < 1ull << 32);
	assert_line("\nprocess_cpu_seconds_total ");
	assert_line("\nprocess_start_time_seconds 1");
	assert_line("\npwos_uptime_seconds 0.");
	assert_line("\npwos_flights_total{service=\"keyring\"} 0\n");
	/* Not a wire of the gateway's. */
	assert_null(strstr(print(), "service=\"tpm\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_by_class),
		cmocka_unit_test(latency_adds_up),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(reasons_are_bounded),
		cmocka_unit_test(process_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
