/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/crypto.h"
#include "core/message/pack.h"
#include "services/verifier/verifier.h"

#include <errno.h>
#include <unistd.h>

/* Init made it for this boot, and gives it to who may have it. */
static bool
read_key(struct verifier *v, struct fault *f)
{
	if (!secret_new(&v->key, TOKEN_KEY_SIZE, f))
		return false;
	errno = 0;
	ssize_t n = pread(GRANT_VERDICT_KEY, v->key.p, v->key.n, 0);

	(void)close(GRANT_VERDICT_KEY);
	return n == (ssize_t)v->key.n ||
	       fail(f, FAULT_DEVICE, "verify.key",
		   "verdict 10: no verdict key was given: %zd bytes, errno %d",
		   n, errno);
}

static bool
open_room(void **state, struct fault *f)
{
	static struct verifier v;

	*state = &v;
	return crypto_start(0, f) && read_key(&v, f);
}

static bool
give_token(const struct verifier *room, struct bytes *out,
    struct token_claim *claim, struct arena *a, struct fault *f)
{
	uint8_t *token = arena_alloc(a, TOKEN_SIZE);

	if (token == NULL)
		return arena_check(a, f);
	token_make(token, room->key.p, claim);
	*out = bytes_of(token, TOKEN_SIZE);
	return true;
}

static bool
verify_measured(struct request *rq, const struct ask *ask)
{
	struct verifier_verify_rep *out = rq->out;
	struct verdict *v = arena_alloc(rq->arena, sizeof(*v));
	struct verify_request judged;
	struct token_claim claim;
	bool given;

	if (v == NULL)
		return arena_check(rq->arena, rq->fault);
	if (!attverdict_measurement(
		v, &judged, &ask->att, &ask->reader, rq->fault) ||
	    !message_pack(
		&out->verdict, verdict_message(v), rq->arena, rq->fault) ||
	    !token_claim_of(&claim, &given, v, &judged, rq->fault))
		return false;
	claim.terms = ask->terms;
	return !given ||
	       give_token(rq->state, &out->token, &claim, rq->arena, rq->fault);
}

static bool
verify(struct request *rq)
{
	struct verifier_verify_rep *out = rq->out;
	struct message *verdict;
	struct ask ask;

	if (!ask_read(&ask, rq->in, rq->arena, rq->fault))
		return false;
	if (!ask.bundle)
		return verify_measured(rq, &ask);
	return attverdict_make(
		   &verdict, &ask.att, &ask.reader, rq->arena, rq->fault) &&
	       message_pack(&out->verdict, verdict, rq->arena, rq->fault);
}

/* clang-format off */
static const struct call calls[] = {
	/* method            handler who may call   */
	{ &verifier_verify,  verify, PEER(GATEWAY) },
};
/* clang-format on */

/* Messages of up to 2 MiB in all, their parts decoded. */
const struct service verifier_service = {
	.self = PROCESS_VERIFIER,
	.calls = calls,
	.ncalls = sizeof(calls) / sizeof(calls[0]),
	.sandbox = &verifier_sandbox,
	.workers = 4,
	.arena_size = 16u << 20,
	.open = open_room,
};
