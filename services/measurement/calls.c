/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/measurement.h"

#include "core/crypto/crypto.h"
#include "core/message/id.h"
#include "core/message/pack.h"
#include "services/measurement/measurement.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* Body, recipient and boot measurement, each a packed message. */
#define KEPT_SIZE ((size_t)3 * MESSAGE_SIZE_MAX)

/* A grant that is not there, as in tests, says that there is no operator. */
static bool
read_operator(struct measurement *m, struct fault *f)
{
	char text[64];
	ssize_t n = pread(GRANT_OPERATOR, text, sizeof(text), 0);

	(void)close(GRANT_OPERATOR);
	return body_operator(m, bytes_of(text, n < 0 ? 0 : (size_t)n), f);
}

static bool
open_room(void **state, struct fault *f)
{
	static struct measurement m = { .lock = PTHREAD_MUTEX_INITIALIZER };
	void *kept = mmap(NULL, KEPT_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (kept == MAP_FAILED)
		return fail(f, FAULT_DEVICE, "measurement.memory",
		    "measurement 5: mmap: %s", strerror(errno));
	arena_init(&m.kept, kept, KEPT_SIZE);
	*state = &m;
	return read_operator(&m, f) && crypto_start(0, f) &&
	       upstream_open(&m.up, f);
}

static bool
boot(struct request *rq)
{
	struct measurement_boot_rep *out = rq->out;

	return envelope_boot(&out->message, rq->state, rq->arena, rq->fault);
}

static bool
fresh(struct request *rq)
{
	const struct measurement_fresh_req *in = rq->in;
	struct measurement_fresh_rep *out = rq->out;

	return envelope_fresh(
	    &out->message, rq->state, in->nonce, rq->arena, rq->fault);
}

static bool
info(struct request *rq)
{
	struct measurement_info_rep *out = rq->out;
	struct message *m = message_new(rq->arena);
	struct message *candidates = message_list(m, "available-candidates");
	struct message *tpm = message_new(rq->arena);

	message_set_text(tpm, "device", MEASUREMENT_DEVICE);
	message_set_bool(tpm, "supported", true);
	message_append_message(candidates, tpm);
	message_set_text(m, "version", "1.0");
	message_set_text(m, "selected-measurement-device", MEASUREMENT_DEVICE);
	message_set_text(m, "selection-reason", "auto");
	return message_pack(&out->message, m, rq->arena, rq->fault);
}

static bool
node(struct request *rq)
{
	struct measurement *m = rq->state;
	struct measurement_node_rep *out = rq->out;
	struct message *message;
	struct bytes modulus;

	if (!m->up.modulus(m->up.with, &modulus, rq->arena, rq->fault))
		return false;
	struct message_id address = message_address(modulus);

	return body_node(&message, m, &address, rq->arena, rq->fault) &&
	       message_pack(&out->message, message, rq->arena, rq->fault);
}

static bool
unwrap(struct request *rq)
{
	const struct measurement_unwrap_req *in = rq->in;
	struct measurement_unwrap_rep *out = rq->out;
	struct activation activation = { in->blob, in->secret };

	return activation_answer(
	    &out->message, rq->state, &activation, rq->arena, rq->fault);
}

/* clang-format off */
static const struct call calls[] = {
	/* method               handler who may call   */
	{ &measurement_boot,    boot,   PEER(GATEWAY) },
	{ &measurement_fresh,   fresh,  PEER(GATEWAY) },
	{ &measurement_info,    info,   PEER(GATEWAY) },
	{ &measurement_node,    node,   PEER(GATEWAY) },
	{ &measurement_unwrap,  unwrap, PEER(GATEWAY) },
};
/* clang-format on */

/* A request holds body and evidence twice: as a tree and packed. */
const struct service measurement_service = {
	.self = PROCESS_MEASUREMENT,
	.calls = calls,
	.ncalls = sizeof(calls) / sizeof(calls[0]),
	.sandbox = &measurement_sandbox,
	.workers = 4,
	.arena_size = 16u << 20,
	.open = open_room,
};
