/* SPDX-License-Identifier: Apache-2.0 */
/* Measurement's whole door over other services that are all down: first byte
 * is the caller, the rest a frame. */
#include "ipc/door.h"
#include "services/measurement/measurement.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
down(struct fault *f)
{
	return fail(f, FAULT_BUSY, "ipc.unavailable", "measurement: fuzzing");
}

static bool
bytes_down(void *with, struct bytes *out, struct arena *a, struct fault *f)
{
	(void)with;
	(void)out;
	(void)a;
	return down(f);
}

static bool
activate_down(void *with, const struct activation *in, struct bytes *out,
    struct arena *a, struct fault *f)
{
	(void)in;
	return bytes_down(with, out, a, f);
}

static struct measurement m = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.up = {
		.report = bytes_down,
		.modulus = bytes_down,
		.activate = activate_down,
	},
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[1u << 20], reply_block[1u << 17];
	struct arena arena;
	struct buf reply = buf_over(reply_block, sizeof(reply_block));

	if (size == 0)
		return 0;
	arena_init(&arena, block, sizeof(block));
	door_answer(&(struct door){ &measurement_service, &m, &arena },
	    (enum process)(data[0] % PROCESS_COUNT),
	    bytes_of(data + 1, size - 1), &reply);
	if (reply.full || reply.used == 0)
		abort();
	return 0;
}
