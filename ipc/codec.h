/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: one MessagePack array of a head and the fields of a shape, in order.
 * Private to ipc/; rules ipc 3 to ipc 5. */
#ifndef IPC_CODEC_H
#define IPC_CODEC_H

#include "core/base/buf.h"
#include "ipc/shape.h"

#include <msgpack.h>

/* Items of one frame, and so fields of one shape plus its head. */
#define CODEC_ITEMS_MAX 15u

/* A frame taken apart; its items are views into the frame's bytes. */
struct codec_frame {
	msgpack_zone zone;
	const msgpack_object *items;
	size_t count;
};

/* Accepts canonical bytes only, refuses others with INPUT "ipc.frame". After
 * true the caller owes codec_close. */
MUST_CHECK bool codec_open(
    struct codec_frame *out, struct bytes in, struct fault *f);
void codec_close(struct codec_frame *frame);

/* The head of a request: empty when the frame does not begin with a text. */
struct bytes codec_name(const struct codec_frame *frame);

/*
 * The items behind the head as the struct that shape describes. Fails with
 * INPUT "ipc.frame" on another count or type, "ipc.field" on a value out of the
 * table's range; out is then zero.
 */
MUST_CHECK bool codec_fields(void *out, const struct shape *shape,
    const struct codec_frame *frame, struct fault *f);

/* The head of a reply: false when it is a fault, which *f then holds, or is no
 * reply at all. */
MUST_CHECK bool codec_succeeded(
    const struct codec_frame *frame, struct fault *f);

/* Bytes that this value needs at most, with a request's or a reply's head. */
size_t codec_size(const struct shape *shape, const void *value);

/*
 * Writers fail with LIMIT "ipc.field" on a value out of range and "ipc.size"
 * when the buffer is full; the buffer is then to be thrown away.
 */
MUST_CHECK bool codec_put_request(struct buf *to, const struct method *method,
    const void *in, struct fault *f);
MUST_CHECK bool codec_put_reply(struct buf *to, const struct shape *shape,
    const void *out, struct fault *f);

/* Fits whenever the buffer has CODEC_FAULT_MAX bytes. */
#define CODEC_FAULT_MAX 384u
void codec_put_fault(struct buf *to, const struct fault *fault);

#endif
