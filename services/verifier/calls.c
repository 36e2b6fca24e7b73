/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/verifier.h"

#include "core/crypto/crypto.h"
#include "core/message/pack.h"
#include "core/verdict/verify.h"
#include "services/verifier/verifier.h"

static bool
open_room(void **state, struct fault *f)
{
	*state = NULL;
	return crypto_start(0, f);
}

/* A node that asks about another cannot challenge its TPM through this call,
 * so that check is left open, and the verdict says so. */
static bool
verify(struct request *rq)
{
	const struct verifier_verify_req *in = rq->in;
	struct verifier_verify_rep *out = rq->out;
	struct verdict *v = arena_alloc(rq->arena, sizeof(*v));
	struct message *envelope;

	if (v == NULL)
		return arena_check(rq->arena, rq->fault);
	if (!message_unpack(&envelope, in->message, rq->arena, rq->fault))
		return false;
	struct verify_request request = {
		.envelope = envelope,
		.purpose = in->purpose,
		.nonce = in->nonce,
		.roots = in->roots,
		.at = (int64_t)in->at,
	};

	return verify_measurement(v, &request, rq->arena, rq->fault) &&
	       message_pack(
		   &out->verdict, verdict_message(v), rq->arena, rq->fault);
}

/* clang-format off */
static const struct call calls[] = {
	/* method            handler who may call   */
	{ &verifier_verify,  verify, PEER(GATEWAY) },
};
/* clang-format on */

/* A message of up to 1 MiB, its parts decoded, a chain of certificates. */
const struct service verifier_service = {
	.self = PROCESS_VERIFIER,
	.calls = calls,
	.ncalls = sizeof(calls) / sizeof(calls[0]),
	.sandbox = &verifier_sandbox,
	.workers = 4,
	.arena_size = 16u << 20,
	.open = open_room,
};
