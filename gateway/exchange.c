/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/exchange.h"

#include "core/message/commit.h"
#include "core/message/pack.h"
#include "ipc/iface/measurement.h"
#include "ipc/iface/system.h"
#include "ipc/iface/verifier.h"

#include <time.h>
#include <unistd.h>

/* Every reply has one view and nothing else. */
union reply {
	struct bytes only;
	struct measurement_boot_rep boot;
	struct measurement_fresh_rep fresh;
	struct measurement_info_rep info;
	struct measurement_node_rep node;
	struct measurement_unwrap_rep unwrap;
	struct system_report_rep report;
	struct verifier_verify_rep verdict;
	struct keyring_identity_rep identity;
	struct keyring_sign_response_rep signature;
};

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

static struct job *
take(struct gateway *g, size_t among)
{
	for (size_t i = 0; i < among; i++) {
		if (g->jobs[i].step == JOB_FREE)
			return &g->jobs[i];
	}
	return NULL;
}

static void
release(struct job *job)
{
	job->gateway->metrics.jobs--;
	job->step = JOB_FREE;
	job->client = NULL;
	job->page = job->fills = NULL;
	job->endpoint = NULL;
	job->flight = NULL;
	job->nblock = 0;
}

/* Unsigned, and never the client's doing: the answer to a message that cannot
 * be a response. */
static void
send_fault(
    struct gateway *g, void *client, const struct fault *why, enum codec codec)
{
	struct fault ours = *why, f;
	struct response r;

	ours.code = FAULT_INTERNAL;
	const struct message *m = respond_fault(&ours, &g->memory.scratch);

	if (!respond_message(&r, m, respond_status(&ours), codec, &f))
		r = respond_broken;
	g->reply(client, &r);
}

static void
send_message(struct gateway *g, void *client, const struct message *m,
    unsigned status, enum codec codec)
{
	const struct arena before = g->memory.scratch;
	struct response r;
	struct fault f;

	if (client == NULL)
		return;
	if (respond_message(&r, m, status, codec, &f))
		g->reply(client, &r);
	else
		send_fault(g, client, &f, codec);
	/* The reply has its own copy, and others may wait for the same. */
	g->memory.scratch = before;
}

/* The end of a job, and of those that wait for its page: all get m. */
static void
settle(struct job *job, const struct message *m)
{
	struct gateway *g = job->gateway;
	const struct page *page = job->page;
	unsigned status = job->status;

	send_message(g, job->client, m, status, job->codec);
	release(job);
	for (size_t i = 0; page != NULL && i < JOBS_MAX; i++) {
		struct job *other = &g->jobs[i];

		if (other->step != JOB_WAITS || other->page != page)
			continue;
		send_message(g, other->client, m, status, other->codec);
		release(other);
	}
}

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

static bool
ask(struct job *job, enum process callee, const struct method *method,
    const void *in, struct fault *f)
{
	const struct flight_plan plan = { method, in, ring, job };

	job->callee = callee;
	job->gateway->metrics.flights[callee]++;
	return flight_start(
	    &job->flight, job->gateway->links[callee], &plan, f);
}

static bool
landed(union reply *out, struct job *job, struct arena *a, struct fault *f)
{
	if (flight_finish(job->flight, out, a, f))
		return true;
	job->gateway->metrics.flights_failed[job->callee]++;
	return false;
}

/* A result that the node cannot sign is not given out; a refusal is. */
static void
settle_unsigned(struct job *job)
{
	struct arena *a = &job->gateway->memory.scratch;
	struct message *m;
	struct fault f;

	if (job->status >= 400 &&
	    message_unpack(&m, bytes_of(job->block, job->nblock), a, &f)) {
		settle(job, m);
		return;
	}
	(void)fail(&f, FAULT_BUSY, "gateway.unsigned",
	    "http 9: the keyring cannot sign now");
	job->status = respond_status(&f);
	settle(job, respond_fault(&f, a));
}

static void
sign(struct job *job)
{
	const struct keyring_sign_response_req in = {
		.message = bytes_of(job->block, job->nblock)
	};
	struct fault f;

	job->step = job->gateway->identified ? JOB_SIGNS : JOB_IDENTIFIES;
	bool good =
	    job->step == JOB_SIGNS
		? ask(job, PROCESS_KEYRING, &keyring_sign_response, &in, &f)
		: ask(job, PROCESS_KEYRING, &keyring_identity,
		      &(struct keyring_identity_req){ 0 }, &f);

	if (!good)
		settle_unsigned(job);
}

/* m, which the node has to sign, becomes the job's result. */
static void
conclude(struct job *job, const struct message *m, unsigned status)
{
	struct arena *a = &job->gateway->memory.scratch;
	struct bytes packed;
	struct fault f;

	job->status = status;
	if (!message_pack(&packed, m, a, &f) || packed.n > sizeof(job->block)) {
		settle_unsigned(job);
		return;
	}
	memcpy(job->block, packed.p, packed.n);
	job->nblock = packed.n;
	sign(job);
}

static void
refuse(struct job *job, const struct fault *why)
{
	job->fills = NULL;
	metrics_refusal(&job->gateway->metrics, why->reason);
	conclude(job, respond_fault(why, &job->gateway->memory.scratch),
	    respond_status(why));
}

static bool
is_measurement(const struct endpoint *e)
{
	return e->kind == ENDPOINT_FRESH ||
	       (e->kind == ENDPOINT_PAGE && e->page == PAGE_BOOT);
}

/* A service's refusal is the client's doing only if it read what the client
 * posted; else nothing but time and the machine can be in the way. */
static void
blame(struct fault *f, const struct endpoint *e)
{
	bool posted = e->kind == ENDPOINT_VERIFY || e->kind == ENDPOINT_UNWRAP;

	if (f->code != FAULT_BUSY && f->code != FAULT_STATE &&
	    f->code != FAULT_DEVICE && !posted)
		f->code = FAULT_INTERNAL;
}

/* What a service said: a measurement is signed already. */
static void
answered(struct job *job)
{
	struct gateway *g = job->gateway;
	struct arena *a = &g->memory.scratch;
	struct message *m;
	union reply reply;
	struct fault f;

	if (!landed(&reply, job, a, &f) ||
	    !message_unpack(&m, reply.only, a, &f)) {
		blame(&f, job->endpoint);
		refuse(job, &f);
		return;
	}
	if (job->client == NULL && job->page == NULL) {
		release(job);
		return;
	}
	if (!is_measurement(job->endpoint)) {
		message_set_integer(m, "status", 200);
		conclude(job, m, 200);
		return;
	}
	job->status = 200;
	if (job->fills != NULL)
		page_keep(job->fills, reply.only, 200, &g->memory);
	settle(job, m);
}

static void
identified(struct job *job)
{
	struct gateway *g = job->gateway;
	union reply reply;
	struct fault f;

	if (!landed(&reply, job, &g->memory.scratch, &f)) {
		settle_unsigned(job);
		return;
	}
	memcpy(g->modulus, reply.only.p, sizeof(g->modulus));
	g->identified = true;
	sign(job);
}

static void
was_signed(struct job *job)
{
	struct gateway *g = job->gateway;
	struct arena *a = &g->memory.scratch;
	struct bytes modulus = bytes_of(g->modulus, sizeof(g->modulus));
	struct message *m;
	union reply reply;
	struct bytes packed;
	struct fault f;

	if (!landed(&reply, job, a, &f) ||
	    !message_unpack(&m, bytes_of(job->block, job->nblock), a, &f) ||
	    !commit_attach(m, modulus, reply.only, &f)) {
		settle_unsigned(job);
		return;
	}
	if (job->fills != NULL && job->fills->packed.n == 0 &&
	    message_pack(&packed, m, a, &f))
		page_keep(job->fills, packed, job->status, &g->memory);
	settle(job, m);
}

void
exchange_land(struct gateway *g)
{
	for (size_t i = 0; i < JOBS_MAX; i++) {
		struct job *job = &g->jobs[i];

		if (!atomic_exchange(&job->landed, false))
			continue;
		if (job->step == JOB_ASKS)
			answered(job);
		else if (job->step == JOB_IDENTIFIES)
			identified(job);
		else
			was_signed(job);
		arena_reset(&g->memory.scratch);
	}
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

static bool
ask_page(struct job *job, struct page *page, struct fault *f)
{
	enum page_name name = job->endpoint->page;
	bool fetched = is_fetched(job->gateway, page);

	job->page = page;
	if (fetched) {
		job->step = JOB_WAITS;
		return true;
	}
	job->fills = page;
	return ask(job, sources[name].callee, sources[name].method,
	    &(struct measurement_boot_req){ 0 }, f);
}

static bool
ask_verifier(struct job *job, const struct http_request *rq, struct fault *f)
{
	struct arena *a = &job->gateway->memory.scratch;
	struct verifier_verify_req in = { 0 };
	struct challenge challenge;
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (!request_challenge(&challenge, rq, a, f) ||
	    !message_pack(&in.message, challenge.measurement, a, f))
		return false;
	in.purpose = challenge.purpose;
	in.nonce = challenge.nonce;
	in.roots = challenge.roots;
	in.at = (uint64_t)now.tv_sec;
	return ask(job, PROCESS_VERIFIER, &verifier_verify, &in, f);
}

static bool
ask_service(struct job *job, const struct http_request *rq, struct fault *f)
{
	struct gateway *g = job->gateway;
	struct measurement_fresh_req fresh = { .nonce = bytes_of(
						   rq->nonce, rq->nnonce) };
	struct measurement_unwrap_req unwrap = { 0 };

	job->step = JOB_ASKS;
	switch (rq->endpoint->kind) {
	case ENDPOINT_PAGE:
		return ask_page(job, &g->pages[rq->endpoint->page], f);
	case ENDPOINT_FRESH:
		return ask(
		    job, PROCESS_MEASUREMENT, &measurement_fresh, &fresh, f);
	case ENDPOINT_VERIFY:
		return ask_verifier(job, rq, f);
	case ENDPOINT_UNWRAP:
	case ENDPOINT_METRICS:
		break;
	}
	return request_credential(
		   &unwrap.blob, &unwrap.secret, rq, &g->memory.scratch, f) &&
	       ask(job, PROCESS_MEASUREMENT, &measurement_unwrap, &unwrap, f);
}

/* From memory, if the page is there and the form can be made. */
static bool
serve_page(struct gateway *g, void *client, struct page *page, enum codec codec)
{
	const struct response *form;
	struct fault f;
	bool made = page->made[codec];

	if (page->packed.n == 0) {
		g->metrics.page_misses++;
		return false;
	}
	g->metrics.page_hits++;
	if (page_form(&form, page, codec, &g->memory, &f))
		g->reply(client, form);
	else
		send_fault(g, client, &f, codec);
	if (!made)
		arena_reset(&g->memory.scratch);
	return true;
}

struct job *
exchange_begin(struct gateway *g, void *client, const struct http_request *rq)
{
	struct fault f;

	if (rq->endpoint == NULL) {
		g->reply(client, &respond_options);
		return NULL;
	}
	if (rq->endpoint->kind == ENDPOINT_PAGE &&
	    serve_page(g, client, &g->pages[rq->endpoint->page], rq->codec))
		return NULL;
	struct job *job = take(g, JOBS_ASKING);

	if (job == NULL) {
		(void)fail(&f, FAULT_BUSY, "gateway.busy",
		    "http 4: %u requests are under way", JOBS_ASKING);
		return exchange_refuse(g, client, &f, rq->codec);
	}
	g->metrics.jobs++;
	job->gateway = g;
	job->client = client;
	job->codec = rq->codec;
	job->endpoint = rq->endpoint;
	if (!ask_service(job, rq, &f))
		refuse(job, &f);
	arena_reset(&g->memory.scratch);
	return job->step == JOB_FREE ? NULL : job;
}

/* The row for a refusal; NULL when there is no room for one. */
static struct refusal *
row_of(struct gateway *g, const struct fault *why)
{
	for (size_t i = 0; i < g->nrefusals; i++) {
		struct refusal *row = &g->refusals[i];

		if (strcmp(row->reason, why->reason) == 0 &&
		    strcmp(row->why, why->why) == 0)
			return row;
	}
	if (g->nrefusals == REFUSALS_MAX)
		return NULL;
	struct refusal *row = &g->refusals[g->nrefusals++];

	memcpy(row->reason, why->reason, sizeof(row->reason));
	memcpy(row->why, why->why, sizeof(row->why));
	return row;
}

struct job *
exchange_refuse(
    struct gateway *g, void *client, const struct fault *why, enum codec codec)
{
	struct refusal *row = row_of(g, why);

	metrics_refusal(&g->metrics, why->reason);
	if (row != NULL && serve_page(g, client, &row->page, codec))
		return NULL;
	const struct message *m = respond_fault(why, &g->memory.scratch);
	struct job *job = take(g, JOBS_MAX);

	if (job == NULL) {
		send_message(g, client, m, respond_status(why), codec);
	} else {
		g->metrics.jobs++;
		job->gateway = g;
		job->client = client;
		job->codec = codec;
		job->fills = row == NULL ? NULL : &row->page;
		conclude(job, m, respond_status(why));
	}
	arena_reset(&g->memory.scratch);
	return job == NULL || job->step == JOB_FREE ? NULL : job;
}

void
exchange_abandon(struct job *job)
{
	job->client = NULL;
}
