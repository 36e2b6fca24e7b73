/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/json.h"

#include <stdlib.h>

#include "core/message/commit.h"
#include "core/message/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is decoded and can be encoded reads back as the same message. */
static void
check(const struct message *m, struct arena *a)
{
	struct message *back;
	struct bytes text, again, x, y;
	struct fault f = { 0 };

	if (!json_encode(&text, m, a, &f))
		return;
	if (!json_decode(&back, text, a, &f) ||
	    !json_encode(&again, back, a, &f) || !bytes_equal(text, again))
		abort();
	if (message_pack(&x, m, a, &f) &&
	    (!message_pack(&y, back, a, &f) || !bytes_equal(x, y)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[16u << 20];
	struct arena a;
	struct message_id signer;
	struct message *m;
	struct fault f = { 0 };

	arena_init(&a, block, sizeof(block));
	if (size <= 65536 && json_decode(&m, bytes_of(data, size), &a, &f)) {
		check(m, &a);
		if (!commit_verify(&signer, m, &a, &f) && f.reason[0] == 0)
			abort();
	}
	arena_reset(&a);
	return 0;
}
