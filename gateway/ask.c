/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/ask.h"

#include "gateway/challenge.h"
#include "ipc/iface/measurement.h"
#include "ipc/iface/system.h"

#include <time.h>
#include <unistd.h>

/* clang-format off */
static const struct {
	enum process callee;
	const struct method *method;
} sources[PAGE_COUNT] = {
	[PAGE_BOOT]   = { PROCESS_MEASUREMENT, &measurement_boot },
	[PAGE_INFO]   = { PROCESS_MEASUREMENT, &measurement_info },
	[PAGE_NODE]   = { PROCESS_MEASUREMENT, &measurement_node },
	[PAGE_SYSTEM] = { PROCESS_SYSTEM,      &system_report    },
};
/* clang-format on */

/* Runs on a thread of the wires. */
static void
ring(void *arg)
{
	static const uint64_t once = 1;
	struct job *job = arg;

	atomic_store(&job->landed, true);
	/* A counter that is full has been rung already. */
	if (write(job->gateway->bell, &once, sizeof(once)) < 0)
		return;
}

bool
ask_method(struct job *job, enum process callee, const struct method *method,
    const void *in, struct fault *f)
{
	const struct flight_plan plan = { method, in, ring, job };

	job->callee = callee;
	job->gateway->metrics.flights[callee]++;
	return flight_start(
	    &job->flight, job->gateway->links[callee], &plan, f);
}

static bool
is_fetched(const struct gateway *g, const struct page *page)
{
	for (size_t i = 0; i < JOBS_MAX; i++) {
		if (g->jobs[i].step != JOB_FREE && g->jobs[i].page == page)
			return true;
	}
	return false;
}

bool
ask_page(struct job *job, enum page_name name, struct fault *f)
{
	struct page *page = &job->gateway->pages[name];
	bool fetched = is_fetched(job->gateway, page);

	job->step = JOB_ASKS;
	job->page = page;
	job->asked = name;
	if (fetched) {
		job->step = JOB_WAITS;
		return true;
	}
	job->fills = page;
	return ask_method(job, sources[name].callee, sources[name].method,
	    &(struct measurement_boot_req){ 0 }, f);
}

static bool
ask_verifier(struct job *job, const struct http_request *rq, struct fault *f)
{
	struct arena *a = &job->gateway->memory.scratch;
	struct verifier_verify_req in;
	struct challenge challenge;
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (!challenge_read(&challenge, rq, now.tv_sec, a, f) ||
	    !challenge_pack(&in, &challenge, a, f))
		return false;
	return ask_method(job, PROCESS_VERIFIER, &verifier_verify, &in, f);
}

bool
ask_service(struct job *job, const struct http_request *rq, struct fault *f)
{
	struct gateway *g = job->gateway;
	struct measurement_fresh_req fresh = { .nonce = bytes_of(
						   rq->nonce, rq->nnonce) };
	struct measurement_unwrap_req unwrap = { 0 };

	job->step = JOB_ASKS;
	switch (rq->endpoint->kind) {
	case ENDPOINT_PAGE:
		return ask_page(job, rq->endpoint->page, f);
	case ENDPOINT_FRESH:
		return ask_method(
		    job, PROCESS_MEASUREMENT, &measurement_fresh, &fresh, f);
	case ENDPOINT_VERIFY:
		return ask_verifier(job, rq, f);
	case ENDPOINT_UNWRAP:
	case ENDPOINT_METRICS:
	case ENDPOINT_EVALUATE:
		break;
	}
	return request_credential(
		   &unwrap.blob, &unwrap.secret, rq, &g->memory.scratch, f) &&
	       ask_method(
		   job, PROCESS_MEASUREMENT, &measurement_unwrap, &unwrap, f);
}
