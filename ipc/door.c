/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/door.h"

#include "ipc/codec.h"

static bool
is_for(const struct call *call, struct bytes name, enum process peer)
{
	return bytes_is(name, call->method->name) &&
	       (call->callers & 1u << peer) != 0;
}

static const struct call *
find(const struct service *s, enum process peer, struct bytes name)
{
	for (size_t i = 0; i < s->ncalls; i++) {
		if (is_for(&s->calls[i], name, peer))
			return &s->calls[i];
	}
	return NULL;
}

static bool
handle(struct buf *reply, const struct call *call, struct request *rq,
    const struct codec_frame *frame)
{
	const struct method *method = call->method;
	void *in = arena_alloc(rq->arena, method->takes->size);
	void *out = arena_alloc(rq->arena, method->gives->size);

	if (!arena_check(rq->arena, rq->fault) ||
	    !codec_fields(in, method->takes, frame, rq->fault))
		return false;
	rq->in = in;
	rq->out = out;
	return call->handler(rq) &&
	       codec_put_reply(reply, method->gives, out, rq->fault);
}

static bool
answer(struct buf *reply, const struct call **call, const struct service *s,
    struct request *rq, struct bytes in)
{
	struct codec_frame frame;
	bool good;

	if (!codec_open(&frame, in, rq->fault))
		return false;
	*call = find(s, rq->peer, codec_name(&frame));
	/* One answer for a call that is not there and one that is for others,
	 * so that probing tells nothing. */
	if (*call == NULL)
		good = fail(rq->fault, FAULT_DENIED, "ipc.denied",
		    "ipc 2: no such call for this caller");
	else
		good = handle(reply, *call, rq, &frame);
	codec_close(&frame);
	return good;
}

void
door_answer(const struct door *door, enum process peer, struct bytes frame,
    struct buf *reply)
{
	struct fault fault = { 0 };
	struct request rq = { .state = door->state,
		.arena = door->arena,
		.peer = peer,
		.fault = &fault };
	const struct call *call = NULL;

	if (answer(reply, &call, door->service, &rq, frame))
		return;
	service_log(door->service->self, "%s by %s: %s %s: %s",
	    call == NULL ? "unknown call" : call->method->name,
	    wires[peer].name, fault_text(fault.code), fault.reason, fault.why);
	reply->used = 0;
	reply->full = false;
	codec_put_fault(reply, &fault);
}

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

size_t
door_request_max(const struct service *s)
{
	size_t most = 0;

	for (size_t i = 0; i < s->ncalls; i++) {
		const struct method *method = s->calls[i].method;

		most = larger(most,
		    strlen(method->name) + shape_wire_size(method->takes));
	}
	return most;
}

size_t
door_reply_max(const struct service *s)
{
	size_t most = CODEC_FAULT_MAX;

	for (size_t i = 0; i < s->ncalls; i++)
		most = larger(most, shape_wire_size(s->calls[i].method->gives));
	return most;
}

bool
door_request(struct buf *frame, const struct method *method, const void *in,
    struct fault *f)
{
	return codec_put_request(frame, method, in, f);
}

bool
door_result(void *out, const struct method *method, struct bytes reply,
    struct arena *a, struct fault *f)
{
	struct codec_frame frame;
	struct bytes kept = arena_copy(a, reply);

	if (!arena_check(a, f) || !codec_open(&frame, kept, f))
		return false;
	bool good = codec_succeeded(&frame, f) &&
		    codec_fields(out, method->gives, &frame, f);

	codec_close(&frame);
	return good;
}
