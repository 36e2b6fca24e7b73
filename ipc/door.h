/* SPDX-License-Identifier: Apache-2.0 */
/* A call without its transport: decode, right check, handler, encode. What
 * serve.c runs for each frame and what service fuzzers drive. */
#ifndef IPC_DOOR_H
#define IPC_DOOR_H

#include "core/base/buf.h"
#include "ipc/service.h"

/* What a worker answers with. The arena is one request's at a time. */
struct door {
	const struct service *service;
	void *state;
	struct arena *arena;
};

/*
 * Answers one request frame from peer into reply, which always holds a whole
 * reply afterwards: a result or a fault. The caller resets the arena once the
 * reply is sent. Faults are logged once, here.
 */
void door_answer(const struct door *door, enum process peer, struct bytes frame,
    struct buf *reply);

/* Bytes that the largest request and reply of this service take. */
size_t door_request_max(const struct service *s);
size_t door_reply_max(const struct service *s);

/* The client's half: a request frame for method, and its reply's result. */
MUST_CHECK bool door_request(struct buf *frame, const struct method *method,
    const void *in, struct fault *f);
MUST_CHECK bool door_result(void *out, const struct method *method,
    struct bytes reply, struct arena *a, struct fault *f);

#endif
