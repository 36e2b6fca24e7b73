/* SPDX-License-Identifier: Apache-2.0 */
/* What is accepted is canonical, and every view lies in the frame. */
#include "ipc/codec.h"
#include "ipc/iface/methods.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_shape(const struct method *method, const struct codec_frame *frame,
    struct bytes in)
{
	static uint8_t value[512], again[2u << 20];
	struct buf to = buf_over(again, sizeof(again));
	struct fault fault;

	if (method->takes->size > sizeof(value) ||
	    !codec_fields(value, method->takes, frame, &fault))
		return;
	/* The head is the sender's; from its end on the bytes are ours. */
	if (!codec_put_request(&to, method, value, &fault))
		abort();
	size_t head = 1 + codec_name(frame).n + 1;
	size_t ours = 1 + strlen(method->name) + 1;

	if (codec_name(frame).n < 32 && strlen(method->name) < 32 &&
	    codec_name(frame).p != NULL &&
	    !bytes_equal(bytes_of(in.p + head, in.n - head),
		bytes_of(again + ours, to.used - ours)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct codec_frame frame;
	struct fault fault;

	if (!codec_open(&frame, in, &fault))
		return 0;
	for (size_t i = 0; i < methods_count; i++)
		try_shape(methods[i], &frame, in);
	if (!codec_succeeded(&frame, &fault) && fault.code == FAULT_NONE)
		abort();
	codec_close(&frame);
	return 0;
}
