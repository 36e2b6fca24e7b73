/* SPDX-License-Identifier: Apache-2.0 */
/* The keyring's whole door with a real wallet: first byte is the caller, the
 * rest a frame. Whatever comes in, what goes out is a whole reply. */
#include "ipc/door.h"
#include "services/keyring/keyring.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *keyring;

/* What the key owns hangs on the secure heap, where a leak checker does not
 * look. */
static void
drop_wallet(void)
{
	struct keyring *k = keyring;

	rsa_free(k->wallet);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[8u << 20], reply_block[1u << 20];
	struct arena arena;
	struct fault f = { 0 };
	struct buf reply = buf_over(reply_block, sizeof(reply_block));

	if (keyring == NULL &&
	    (!keyring_open(&keyring, &f) || atexit(drop_wallet) != 0))
		abort();
	if (size == 0)
		return 0;
	arena_init(&arena, block, sizeof(block));
	door_answer(&(struct door){ &keyring_service, keyring, &arena },
	    (enum process)(data[0] % PROCESS_COUNT),
	    bytes_of(data + 1, size - 1), &reply);
	if (reply.full || reply.used == 0)
		abort();
	return 0;
}
