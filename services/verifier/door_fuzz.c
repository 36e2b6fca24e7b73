/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier's whole door: first byte is the caller, the rest a frame. */
#include "core/crypto/crypto.h"
#include "ipc/door.h"
#include "services/verifier/verifier.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[16u << 20], reply_block[1u << 19];
	static bool started;
	struct arena arena;
	struct fault f = { 0 };
	struct buf reply = buf_over(reply_block, sizeof(reply_block));

	started = started || crypto_start(0, &f);
	if (!started)
		abort();
	if (size == 0)
		return 0;
	arena_init(&arena, block, sizeof(block));
	door_answer(&(struct door){ &verifier_service, NULL, &arena },
	    (enum process)(data[0] % PROCESS_COUNT),
	    bytes_of(data + 1, size - 1), &reply);
	if (reply.full || reply.used == 0)
		abort();
	return 0;
}
