/* SPDX-License-Identifier: Apache-2.0 */
/* The whole door over a fake core: first byte is the caller, the rest a frame.
 * Whatever comes in, what goes out is a whole reply. */
#include "ipc/door.h"
#include "services/system/system.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[64u << 10], reply_block[512u << 10];
	static struct restart_counts counts;
	static struct system machine = { .report_size = 100,
		.counts = &counts };
	struct buf reply = buf_over(reply_block, sizeof(reply_block));
	struct arena arena;

	if (size == 0)
		return 0;
	arena_init(&arena, block, sizeof(block));
	door_answer(&(struct door){ &system_service, &machine, &arena },
	    (enum process)(data[0] % PROCESS_COUNT),
	    bytes_of(data + 1, size - 1), &reply);
	if (reply.full || reply.used == 0)
		abort();
	return 0;
}
