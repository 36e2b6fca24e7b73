/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/pack.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted packs to the same bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[4u << 20];
	struct arena a;
	struct bytes in = bytes_of(data, size), again;
	struct message *m;
	struct fault f = { 0 };

	arena_init(&a, block, sizeof(block));
	if (message_unpack(&m, in, &a, &f) &&
	    (!message_pack(&again, m, &a, &f) || !bytes_equal(in, again)))
		abort();
	arena_reset(&a);
	return 0;
}
