/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/exchange.h"

#include "core/message/commit.h"
#include "core/message/pack.h"
#include "gateway/ask.h"
#include "gateway/evaluate.h"
#include "gateway/job.h"
#include "ipc/iface/measurement.h"
#include "ipc/iface/system.h"
#include "ipc/iface/verifier.h"

#include <time.h>

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

static bool
landed(union reply *out, struct job *job, struct arena *a, struct fault *f)
{
	if (flight_finish(job->flight, out, a, f))
		return true;
	job->gateway->metrics.flights_failed[job->callee]++;
	return false;
}

static bool
is_measurement(const struct job *job)
{
	return job->endpoint->kind == ENDPOINT_FRESH ||
	       (job->page != NULL && job->asked == PAGE_BOOT);
}

/* The node message is the measured one, and what the operator noted. */
static void
add_notes(struct job *job, struct message *m)
{
	struct desk *desk = &job->gateway->desk;
	struct message *notes = operator_notes(desk, m->arena);

	if (job->page == NULL || job->asked != PAGE_NODE)
		return;
	job->notes = desk->changes;
	if (notes != NULL)
		message_set_message(m, "notes", notes);
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
		job_refuse(job, &f);
		return;
	}
	if (job->client == NULL && job->page == NULL) {
		job_release(job);
		return;
	}
	if (!is_measurement(job)) {
		add_notes(job, m);
		message_set_integer(m, "status", 200);
		job_conclude(job, m, 200);
		return;
	}
	job->status = 200;
	if (job->fills != NULL)
		job_keep(job, reply.only);
	job_settle(job, m);
}

static void
identified(struct job *job)
{
	struct gateway *g = job->gateway;
	union reply reply;
	struct fault f;

	if (!landed(&reply, job, &g->memory.scratch, &f)) {
		job_settle_unsigned(job);
		return;
	}
	memcpy(g->modulus, reply.only.p, sizeof(g->modulus));
	g->identified = true;
	job_sign(job);
}

/* Whether what a stranger made up is why the keyring will not sign. */
static bool
is_unsignable(const struct job *job, const struct fault *f)
{
	return job_is_evaluated(job) && job->page == NULL && !job->refused &&
	       (f->code == FAULT_INPUT || f->code == FAULT_LIMIT ||
		   f->code == FAULT_DENIED);
}

static void
was_signed(struct job *job)
{
	struct gateway *g = job->gateway;
	union reply reply;
	struct fault f;

	if (!landed(&reply, job, &g->memory.scratch, &f)) {
		if (is_unsignable(job, &f))
			job_refuse(job, &f);
		else
			job_settle_unsigned(job);
		return;
	}
	signatures_keep(
	    &g->signatures, bytes_of(job->block, job->nblock), reply.only);
	job_attach(job, reply.only);
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

/* From memory, if the page is there and the form can be made. */
static bool
serve_page(struct gateway *g, void *client, struct page *page, enum codec codec)
{
	const struct arena before = g->memory.scratch;
	const struct response *form;
	struct fault f;
	bool made = page->made[codec];

	if (page->packed.n == 0) {
		g->metrics.page_misses++;
		return false;
	}
	g->metrics.page_hits++;
	if (page_form(&form, page, codec, &g->memory, &f)) {
		g->reply(client, form);
	} else {
		g->memory.scratch = before;
		job_send_fault(g, client, &f, codec);
	}
	if (!made)
		arena_reset(&g->memory.scratch);
	return true;
}

/* What a key gave, as the job's answer. */
static void
answer(struct job *job, const struct result *result, unsigned status)
{
	if (!result->is_stored) {
		job_conclude(job, result->value.message, status);
		return;
	}
	job_send(job->gateway, job->client, result->value.message, status,
	    job->codec);
	job_release(job);
}

static void
evaluate_job(struct job *job, const struct http_request *rq)
{
	struct gateway *g = job->gateway;
	const struct arena before = g->memory.scratch;
	struct inbound in;
	struct evaluation e = { .in = &in,
		.verb = rq->verb,
		.arena = &g->memory.scratch,
		.pages = g->pages,
		.store = &g->store,
		.desk = &g->desk,
		.now = time(NULL) };
	struct result result;
	unsigned status;
	struct fault f;

	bool good = inbound_read(&in, rq, e.arena, &f) &&
		    evaluate(&result, &status, &e, &f);

	if (g->desk.changed) {
		g->pages[PAGE_NODE] = (struct page){ 0 };
		g->desk.changed = false;
	}
	if (good) {
		answer(job, &result, status);
		return;
	}
	/* Whatever filled the arena, there has to be room for a refusal. */
	g->memory.scratch = before;
	if (!e.missing || !ask_page(job, e.wanted, &f))
		job_refuse(job, &f);
}

/* A request that waited for a page is evaluated again from its start. */
void
exchange_resume(struct job *job)
{
	static struct http_request rq;
	struct arena *a = &job->gateway->memory.scratch;
	size_t mark = a->used;
	struct fault f;

	job->page = job->fills = NULL;
	if (request_read(&rq, &job->in, &f))
		evaluate_job(job, &rq);
	else
		job_release(job);
	/* Many may wait, and all share the arena of one turn. */
	a->used = mark;
}

/*
 * Where the request goes: a signature is verified first, and a path that the
 * message has of its own counts for more than the target.
 */
static bool
aim(const struct endpoint **out, struct gateway *g,
    const struct http_request *rq, struct fault *f)
{
	static const struct endpoint evaluated = { .kind = ENDPOINT_EVALUATE };
	enum endpoint_kind kind = rq->endpoint->kind;
	struct inbound in;
	struct bytes path;

	*out = rq->endpoint;
	if ((kind != ENDPOINT_PAGE && kind != ENDPOINT_FRESH) ||
	    !inbound_is_special(rq))
		return true;
	if (!inbound_read(&in, rq, &g->memory.scratch, f))
		return false;
	if (!message_find_bytes(&path, in.message, "path") ||
	    !bytes_equal(path, rq->in->target))
		*out = &evaluated;
	return true;
}

static void
begin(struct job *job, const struct http_request *rq)
{
	struct fault f;

	job->step = JOB_ASKS;
	if (job_is_evaluated(job)) {
		job->in = *rq->in;
		evaluate_job(job, rq);
	} else if (!ask_service(job, rq, &f)) {
		job_refuse(job, &f);
	}
}

struct job *
exchange_begin(struct gateway *g, void *client, const struct http_request *rq)
{
	const struct arena before = g->memory.scratch;
	const struct endpoint *endpoint;
	struct fault f;

	if (rq->endpoint == NULL) {
		g->reply(client, &respond_options);
		return NULL;
	}
	if (!aim(&endpoint, g, rq, &f)) {
		g->memory.scratch = before;
		return exchange_refuse(g, client, &f, rq->codec);
	}
	if (endpoint->kind == ENDPOINT_PAGE &&
	    serve_page(g, client, &g->pages[endpoint->page], rq->codec))
		return NULL;
	struct job *job = job_take(g, JOBS_ASKING);

	if (job == NULL) {
		(void)fail(&f, FAULT_BUSY, "gateway.busy",
		    "http 4: %u requests are under way", JOBS_ASKING);
		return exchange_refuse(g, client, &f, rq->codec);
	}
	g->metrics.jobs++;
	job->gateway = g;
	job->client = client;
	job->codec = rq->codec;
	job->endpoint = endpoint;
	begin(job, rq);
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
	struct job *job = job_take(g, JOBS_MAX);

	if (job == NULL) {
		job_send(g, client, m, respond_status(why), codec);
	} else {
		g->metrics.jobs++;
		job->gateway = g;
		job->client = client;
		job->codec = codec;
		job->fills = row == NULL ? NULL : &row->page;
		job->refused = true;
		job_conclude(job, m, respond_status(why));
	}
	arena_reset(&g->memory.scratch);
	return job == NULL || job->step == JOB_FREE ? NULL : job;
}

void
exchange_abandon(struct job *job)
{
	job->client = NULL;
}
