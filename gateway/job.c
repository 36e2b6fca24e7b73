/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job.h"

#include "core/message/commit.h"
#include "core/message/pack.h"
#include "gateway/ask.h"
#include "gateway/exchange.h"

struct job *
job_take(struct gateway *g, size_t among)
{
	for (size_t i = 0; i < among; i++) {
		if (g->jobs[i].step == JOB_FREE)
			return &g->jobs[i];
	}
	return NULL;
}

void
job_release(struct job *job)
{
	job->gateway->metrics.jobs--;
	job->step = JOB_FREE;
	job->client = NULL;
	job->page = job->fills = NULL;
	job->endpoint = NULL;
	job->flight = NULL;
	job->nblock = 0;
	job->refused = false;
}

/* Unsigned, and never the client's doing: the answer to a message that cannot
 * be a response. */
void
job_send_fault(
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

void
job_send(struct gateway *g, void *client, const struct message *m,
    unsigned status, enum codec codec)
{
	const struct arena before = g->memory.scratch;
	struct response r;
	struct fault f;

	if (client == NULL)
		return;
	if (respond_message(&r, m, status, codec, &f)) {
		g->reply(client, &r);
	} else {
		/* What is left of an answer may have filled the arena. */
		g->memory.scratch = before;
		job_send_fault(g, client, &f, codec);
	}
	/* The reply has its own copy, and others may wait for the same. */
	g->memory.scratch = before;
}

bool
job_is_evaluated(const struct job *job)
{
	return job->endpoint != NULL &&
	       job->endpoint->kind == ENDPOINT_EVALUATE;
}

/* m is what the job's page became, or what it was about all along. */
static void
settle_one(struct job *job, const struct message *m, unsigned status)
{
	struct gateway *g = job->gateway;
	bool waited =
	    job_is_evaluated(job) && job->page != NULL && status < 400;
	struct fault f;

	if (waited && job->page->packed.n != 0 && job->client != NULL) {
		exchange_resume(job);
		return;
	}
	if (waited) {
		(void)fail(&f, FAULT_BUSY, "gateway.busy",
		    "http 21: a service's answer could not be kept");
		status = respond_status(&f);
		m = respond_fault(&f, &g->memory.scratch);
	}
	job_send(g, job->client, m, status, job->codec);
	job_release(job);
}

/* The end of a job's flights, and of those that wait for its page. */
void
job_settle(struct job *job, const struct message *m)
{
	struct gateway *g = job->gateway;
	const struct page *page = job->page;
	unsigned status = job->status;

	settle_one(job, m, status);
	for (size_t i = 0; page != NULL && i < JOBS_MAX; i++) {
		struct job *other = &g->jobs[i];

		if (other->step == JOB_WAITS && other->page == page)
			settle_one(other, m, status);
	}
}

/* A result that the node cannot sign is not given out; a refusal is. */
void
job_settle_unsigned(struct job *job)
{
	struct arena *a = &job->gateway->memory.scratch;
	struct message *m;
	struct fault f;

	if (job->refused &&
	    message_unpack(&m, bytes_of(job->block, job->nblock), a, &f)) {
		job_settle(job, m);
		return;
	}
	(void)fail(&f, FAULT_BUSY, "gateway.unsigned",
	    "http 9: the keyring cannot sign now");
	job->status = respond_status(&f);
	job_settle(job, respond_fault(&f, a));
}

void
job_keep(struct job *job, struct bytes packed)
{
	struct gateway *g = job->gateway;
	struct message *m;
	struct fault f;

	page_keep(job->fills, packed, job->status, &g->memory);
	if (job->page != NULL && job->fills->packed.n != 0 &&
	    message_unpack(&m, job->fills->packed, &g->memory.scratch, &f))
		store_add(&g->store, m, &g->memory.keep, &g->memory.scratch);
}

/* What is kept is still what the node says. */
static bool
is_current(const struct job *job)
{
	return job->page == NULL || job->asked != PAGE_NODE ||
	       job->notes == job->gateway->desk.changes;
}

void
job_attach(struct job *job, struct bytes signature)
{
	struct gateway *g = job->gateway;
	struct arena *a = &g->memory.scratch;
	struct bytes modulus = bytes_of(g->modulus, sizeof(g->modulus));
	struct bytes packed;
	struct message *m;
	struct fault f;

	if (!message_unpack(&m, bytes_of(job->block, job->nblock), a, &f) ||
	    !commit_attach(m, modulus, signature, &f)) {
		job_settle_unsigned(job);
		return;
	}
	if (job->fills != NULL && job->fills->packed.n == 0 &&
	    is_current(job) && message_pack(&packed, m, a, &f))
		job_keep(job, packed);
	job_settle(job, m);
}

void
job_sign(struct job *job)
{
	struct gateway *g = job->gateway;
	struct bytes message = bytes_of(job->block, job->nblock);
	struct bytes known = signatures_find(&g->signatures, message);
	const struct keyring_sign_response_req in = { .message = message };
	struct fault f;

	if (known.p != NULL && g->identified) {
		job_attach(job, known);
		return;
	}
	job->step = g->identified ? JOB_SIGNS : JOB_IDENTIFIES;
	bool good = job->step == JOB_SIGNS
			? ask_method(job, PROCESS_KEYRING,
			      &keyring_sign_response, &in, &f)
			: ask_method(job, PROCESS_KEYRING, &keyring_identity,
			      &(struct keyring_identity_req){ 0 }, &f);

	if (!good)
		job_settle_unsigned(job);
}

/* m, which the node has to sign, becomes the job's result. */
void
job_conclude(struct job *job, const struct message *m, unsigned status)
{
	struct arena *a = &job->gateway->memory.scratch;
	struct bytes packed;
	struct fault f;

	job->status = status;
	bool good = message_pack(&packed, m, a, &f);

	if (good && packed.n > sizeof(job->block))
		good = fail(&f, FAULT_LIMIT, "gateway.result-size",
		    "http 21: a result has at most %u bytes", JOB_BLOCK);
	if (!good && !job->refused && job_is_evaluated(job) &&
	    job->page == NULL) {
		job_refuse(job, &f);
		return;
	}
	if (!good) {
		job_settle_unsigned(job);
		return;
	}
	memcpy(job->block, packed.p, packed.n);
	job->nblock = packed.n;
	job_sign(job);
}

void
job_refuse(struct job *job, const struct fault *why)
{
	job->fills = NULL;
	job->refused = true;
	metrics_refusal(&job->gateway->metrics, why->reason);
	job_conclude(job, respond_fault(why, &job->gateway->memory.scratch),
	    respond_status(why));
}
