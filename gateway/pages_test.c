/* SPDX-License-Identifier: Apache-2.0 */
/* What a browser and a collector of metrics get, over loopback. */
#include "gateway/client.h"
#include "gateway/fixture.h"
#include "gateway/markup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TAIL   " HTTP/1.1\r\nhost: node\r\n"
#define JSON   "accept: application/json\r\n"
#define BUNDLE "accept-bundle: true\r\n"
#define FRESH  "/~measurement@1.0/fresh?nonce=" FIXTURE_NONCE
#define PAGE                                                                 \
	"accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;" \
	"q=0.8\r\n"

static struct reply_text reply;
static struct gateway *g;

static void
ask(const char *request)
{
	if (!client_ask(&reply, bytes_text(request)))
		fail_msg("no reply to %s", request);
}

/* clang-format off */
static const struct {
	const char *request;
	unsigned status;
	const char *holds; /* text somewhere in the response */
} answers[] = {
	{ "GET /~measurement@1.0/boot" TAIL PAGE "\r\n",        200, "<h1>A signed message</h1>" },
	{ "GET /~measurement@1.0/boot" TAIL PAGE "\r\n",        200, "content-type: text/html; charset=utf-8\r\n" },
	{ "GET /~measurement@1.0/boot" TAIL PAGE "\r\n",        200, "content-security-policy: default-src 'none'; " },
	{ "GET /~measurement@1.0/boot" TAIL PAGE "\r\n",        200, "x-content-type-options: nosniff\r\n" },
	{ "GET /~measurement@1.0/boot" TAIL PAGE BUNDLE "\r\n", 200, "multipart/form-data" },
	{ "GET /~measurement@1.0/boot?accept=application/json" TAIL PAGE "\r\n", 200, "codec-device: json@1.0" },
	{ "GET /~measurement@1.0/boot?require-codec=json@1.0" TAIL PAGE "\r\n", 200, "codec-device: json@1.0" },
	{ "GET /~measurement@1.0/boot?require-codec=httpsig@1.0" TAIL PAGE "\r\n", 200, "\r\nbody+link: " },
	{ "GET /~measurement@1.0/boot?accept=text/html" TAIL "\r\n", 200, "<h1>A signed message</h1>" },
	{ "GET /~measurement@1.0/boot" TAIL "accept: */*\r\n\r\n", 200, "\r\nbody+link: " },
	{ "GET " FRESH TAIL PAGE "\r\n",                           200, "<code>" FIXTURE_NONCE "</code>" },
	{ "GET /nothing" TAIL PAGE "\r\n",                      404, "<code>gateway.not-found</code>" },
	{ "GET /%" TAIL PAGE "\r\n",                            400, "<code>gateway.path</code>" },
	{ "GET /" TAIL "\r\n",                                  200, "<h1>PermawebOS node</h1>" },
	{ "GET /?a=b" TAIL JSON "\r\n",                         200, "<h1>PermawebOS node</h1>" },
	{ "GET /~hyperbuddy@1.0/index" TAIL PAGE "\r\n",        200, "pwos verify" },
	{ "HEAD /" TAIL "\r\n",                                 200, "content-type: text/html; charset=utf-8\r\n" },
	{ "POST /" TAIL "\r\n",                                 405, "gateway.method" },
	{ "GET /metrics" TAIL "\r\n",                           200, "content-type: text/plain; version=0.0.4; charset=utf-8\r\n" },
	{ "GET /metrics?a" TAIL PAGE "\r\n",                    200, "\n# TYPE pwos_http_connections_open gauge\npwos_http_connections_open 1\n" },
	{ "GET /~hyperbuddy@1.0/metrics" TAIL "\r\n",           200, "\npwos_jobs 0\n" },
	{ "POST /metrics" TAIL "\r\n",                          404, "gateway.not-found" },
	{ "POST /~hyperbuddy@1.0/metrics" TAIL "\r\n",         405, "gateway.method" },
	{ "GET /~hyperbuddy@1.0/console" TAIL "\r\n",           404, "gateway.unknown-key" },
	{ "GET /metrics/x" TAIL "\r\n",                         404, "gateway.not-found" },
};
/* clang-format on */

static void
every_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		ask(answers[i].request);
		if (reply.status != answers[i].status)
			fail_msg("%s: %s", answers[i].request, reply.text);
		if (memmem(reply.text, reply.n, answers[i].holds,
			strlen(answers[i].holds)) == NULL)
			fail_msg("%s: %s", answers[i].request, reply.text);
	}
}

static void
every_page_holds(void **state)
{
	static const char *const targets[] = { "/", "/~measurement@1.0/boot",
		FRESH, "/~measurement@1.0/info", "/~meta@1.0/info",
		"/~system@1.0/all", "/nothing", "/%" };
	char request[512];

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		(void)snprintf(request, sizeof(request),
		    "GET %s" TAIL PAGE "\r\n", targets[i]);
		ask(request);
		if (!markup_holds(bytes_of(
			reply.text + reply.head, reply.n - reply.head)))
			fail_msg("%s: %s", targets[i], reply.text);
		assert_null(strstr(reply.text, "signature:"));
	}
}

/* A boot measurement that is not there yet is no reason for an empty page. */
static void
index_without_a_measurement(void **state)
{
	(void)state;
	memset(g->pages, 0, sizeof(g->pages));
	fixture.down[PROCESS_MEASUREMENT] = true;
	ask("GET /" TAIL "\r\n");
	fixture.down[PROCESS_MEASUREMENT] = false;
	assert_int_equal(reply.status, 503);
	assert_non_null(strstr(reply.text, "<code>ipc.unavailable</code>"));
	ask("GET /" TAIL "\r\n");
	assert_int_equal(reply.status, 200);
}

static unsigned long long
counter(const char *series)
{
	unsigned long long n = 0;

	ask("GET /metrics" TAIL "\r\n");
	const char *at = strstr(reply.text, series);

	assert_non_null(at);
	at += strlen(series) + 1;
	for (; *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (unsigned long long)(*at - '0');
	return n;
}

/* clang-format off */
static const struct {
	const char *request, *series;
	unsigned more; /* what the request adds; the asking adds its own */
} counts[] = {
	{ "GET /~meta@1.0/info" TAIL "\r\n",  "\npwos_page_hits_total", 1 },
	{ "GET /~meta@1.0/info" TAIL "\r\n",  "\npwos_page_misses_total", 0 },
	{ "GET /~meta@1.0/info" TAIL "\r\n",  "\npwos_flights_total{service=\"keyring\"}", 0 },
	{ "GET /~meta@1.0/info" TAIL "\r\n",  "\npwos_http_requests_total{class=\"2xx\"}", 2 },
	{ "GET /~meta@1.0/info" TAIL "\r\n",  "\npwos_http_request_duration_seconds_count", 2 },
	{ "GET /~meta@1.0/info" TAIL "\r\n",  "\npwos_http_connections_total", 2 },
	{ "GET " FRESH TAIL "\r\n",           "\npwos_flights_total{service=\"measurement\"}", 1 },
	{ "GET " FRESH TAIL "\r\n",           "\npwos_flights_failed_total{service=\"measurement\"}", 0 },
	{ "GET /nothing" TAIL "\r\n",         "\npwos_http_requests_total{class=\"4xx\"}", 1 },
	{ "GET /nothing" TAIL "\r\n",         "\npwos_refusals_total{reason=\"gateway.not-found\"}", 1 },
	{ "GET /nothing" TAIL "\r\n",         "\npwos_refusals_total{reason=\"other\"}", 0 },
};
/* clang-format on */

static void
requests_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		ask(counts[i].request);
		unsigned long long before = counter(counts[i].series);

		ask(counts[i].request);
		unsigned long long after = counter(counts[i].series);

		if (after - before != counts[i].more)
			fail_msg("row %zu: %llu to %llu", i, before, after);
	}
}

static void
failures_are_counted(void **state)
{
	static const char failed[] =
	    "\npwos_flights_failed_total{service=\"measurement\"}";
	unsigned long long before = counter(failed);

	(void)state;
	fixture.down[PROCESS_MEASUREMENT] = true;
	ask("GET " FRESH TAIL "\r\n");
	fixture.down[PROCESS_MEASUREMENT] = false;
	assert_int_equal(counter(failed), before + 1);
	assert_int_equal(
	    counter("\npwos_refusals_total{reason=\"ipc.unavailable\"}"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer),
		cmocka_unit_test(every_page_holds),
		cmocka_unit_test(index_without_a_measurement),
		cmocka_unit_test(requests_are_counted),
		cmocka_unit_test(failures_are_counted),
	};

	g = fixture_start(client_listen());
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	fixture_settle();
	return status;
}
