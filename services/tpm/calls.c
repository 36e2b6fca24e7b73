/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/tpm.h"

#include "core/crypto/crypto.h"
#include "ipc/service.h"
#include "services/tpm/tpm.h"

#define OPEN_MS 60000u

/* A caller gets its fault before it gives up waiting for one. */
static bool
ready(struct request *rq, const struct method *method)
{
	return tpm_ready(rq->state, method->deadline_ms / 4 * 3, rq->fault);
}

static bool
begin(struct request *rq)
{
	const struct tpm_begin_req *in = rq->in;
	struct tpm_begin_rep *out = rq->out;
	struct tpm *t = rq->state;

	return ready(rq, &tpm_begin) &&
	       begin_boot(t, in->subject_id, in->confinement, rq->fault) &&
	       begin_recipient(&out->recipient, t, rq->arena, rq->fault);
}

static bool
clock(struct request *rq)
{
	struct tpm_clock_rep *out = rq->out;

	return ready(rq, &tpm_clock) &&
	       tpm_counts(&out->reset_count, &out->restart_count, rq->state,
		   rq->fault);
}

static bool
quote(struct request *rq)
{
	const struct tpm_quote_req *in = rq->in;
	struct tpm_quote_rep *out = rq->out;

	return ready(rq, &tpm_quote) &&
	       quote_evidence(&out->evidence, rq->state, in->qualifying,
		   rq->arena, rq->fault);
}

static bool
activate(struct request *rq)
{
	const struct tpm_activate_req *in = rq->in;
	struct tpm_activate_rep *out = rq->out;
	const struct bytes sealed[2] = { in->blob, in->secret };

	return ready(rq, &tpm_activate) &&
	       activate_credential(
		   &out->credential, rq->state, sealed, rq->arena, rq->fault);
}

static bool
open_tpm(void **state, struct fault *f)
{
	static struct tpm tpm;

	*state = &tpm;
	return crypto_start(0, f) &&
	       tpm_open(&tpm, GRANT_TPM, GRANT_LOG, OPEN_MS, f);
}

/* clang-format off */
static const struct call calls[] = {
	/* method         handler   who may call      */
	{ &tpm_begin,     begin,    PEER(MEASUREMENT) },
	{ &tpm_clock,     clock,    PEER(MEASUREMENT) },
	{ &tpm_quote,     quote,    PEER(MEASUREMENT) },
	{ &tpm_activate,  activate, PEER(MEASUREMENT) },
};
/* clang-format on */

/* One at a time, as the TPM is. Evidence holds the firmware log in base64url,
 * once in the message and once packed. */
const struct service tpm_service = {
	.self = PROCESS_TPM,
	.calls = calls,
	.ncalls = sizeof(calls) / sizeof(calls[0]),
	.sandbox = &tpm_sandbox,
	.workers = 1,
	.arena_size = 4u << 20,
	.open = open_tpm,
};
