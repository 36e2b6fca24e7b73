/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/keyring.h"

#include "core/message/commit.h"
#include "core/message/pack.h"
#include "services/keyring/keyring.h"

static bool
identity(struct request *rq)
{
	const struct keyring *k = rq->state;
	struct keyring_identity_rep *out = rq->out;

	out->modulus = bytes_of(k->modulus, sizeof(k->modulus));
	return true;
}

static bool
sign(struct request *rq, enum statement as, struct bytes packed,
    struct bytes *signature)
{
	const struct keyring *k = rq->state;
	uint8_t *to = arena_alloc(rq->arena, RSA_WALLET_BYTES);
	struct message *m;
	struct bytes base;

	if (!message_unpack(&m, packed, rq->arena, rq->fault) ||
	    !statement_check(m, as, &k->address, rq->fault) ||
	    !commit_base(&base, m, bytes_of(k->modulus, sizeof(k->modulus)),
		rq->arena, rq->fault) ||
	    !arena_check(rq->arena, rq->fault) ||
	    !rsa_sign(to, k->wallet, base, rq->fault))
		return false;
	*signature = bytes_of(to, RSA_WALLET_BYTES);
	return true;
}

static bool
sign_measurement(struct request *rq)
{
	const struct keyring_sign_measurement_req *in = rq->in;
	struct keyring_sign_measurement_rep *out = rq->out;

	return sign(rq, STATEMENT_MEASUREMENT, in->message, &out->signature);
}

static bool
sign_response(struct request *rq)
{
	const struct keyring_sign_response_req *in = rq->in;
	struct keyring_sign_response_rep *out = rq->out;

	return sign(rq, STATEMENT_NONE, in->message, &out->signature);
}

/* clang-format off */
static const struct call calls[] = {
	/* method                    handler           who may call                    */
	{ &keyring_identity,         identity,         PEER(MEASUREMENT) | PEER(GATEWAY) },
	{ &keyring_sign_measurement, sign_measurement, PEER(MEASUREMENT)               },
	{ &keyring_sign_response,    sign_response,    PEER(GATEWAY)                   },
};
/* clang-format on */

/* Requests hold a message of up to 1 MiB, its tree and its base. */
const struct service keyring_service = {
	.self = PROCESS_KEYRING,
	.calls = calls,
	.ncalls = sizeof(calls) / sizeof(calls[0]),
	.sandbox = &keyring_sandbox,
	.workers = 4,
	.arena_size = 8u << 20,
	.open = keyring_open,
};
