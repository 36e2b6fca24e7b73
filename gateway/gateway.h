/* SPDX-License-Identifier: Apache-2.0 */
/* The room's state: what is kept for a boot, and the requests under way. */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "gateway/metrics.h"
#include "gateway/operator.h"
#include "gateway/page.h"
#include "gateway/request.h"
#include "gateway/signatures.h"
#include "gateway/store.h"
#include "ipc/dial.h"
#include "ipc/iface/keyring.h"
#include "ipc/service.h"

#include <stdatomic.h>

#define JOBS_ASKING     64u /* requests that wait for a service */
#define JOBS_REFUSING   16u /* refusals that wait for their signature */
#define JOBS_MAX        (JOBS_ASKING + JOBS_REFUSING)
#define REFUSALS_MAX    64u
#define CONNECTIONS_MAX 512u
#define KEEP_SIZE       (12u << 20)
#define SCRATCH_SIZE    (20u << 20)
#define JOB_BLOCK       (320u << 10) /* a verdict and its few further keys */

enum job_step {
	JOB_FREE,
	JOB_WAITS, /* for the job that fetches the same page */
	JOB_ASKS,
	JOB_IDENTIFIES, /* asks for the node's public key */
	JOB_SIGNS
};

/* A refusal of the gateway's own, kept signed. */
struct refusal {
	char reason[64], why[256];
	struct page page;
};

struct gateway;

/* One request that a service has to answer or sign. */
struct job {
	struct gateway *gateway;
	enum job_step step;
	void *client; /* NULL once it has gone */
	enum codec codec;
	const struct endpoint *endpoint;
	enum page_name asked; /* which page is */
	/* Of ENDPOINT_EVALUATE: the request, whose bytes the client keeps for
	 * as long as it is there. */
	struct incoming in;
	unsigned notes;     /* changes of notes when the page was asked for */
	struct page *page;  /* that others wait for too; may be NULL */
	struct page *fills; /* that the result is kept in; may be NULL */
	struct flight *flight;
	enum process callee; /* of the flight */
	atomic_bool landed;
	/* What is to be signed: packed, in block. */
	unsigned status;
	bool refused; /* it is a refusal of ours, not a result that says so */
	size_t nblock;
	uint8_t block[JOB_BLOCK];
};

struct gateway {
	struct link *links[PROCESS_COUNT];
	bool identified;
	uint8_t modulus[RSA_WALLET_BYTES];
	struct memory memory;
	struct page pages[PAGE_COUNT];
	struct store store;
	struct signatures signatures;
	struct desk desk;
	struct refusal refusals[REFUSALS_MAX];
	size_t nrefusals;
	struct job jobs[JOBS_MAX];
	struct metrics metrics;
	int bell; /* eventfd: a flight has landed */
	void (*reply)(void *client, const struct response *r);
	struct http *http;
	int listener; /* a listening, non-blocking TCP socket */
};

extern const struct service gateway_service;
extern const struct sandbox gateway_sandbox;

/* The state of this process, with memory and without links; once. */
struct gateway *gateway_prepare(void);

#endif
