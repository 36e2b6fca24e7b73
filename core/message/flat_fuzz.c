/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/flat.h"

#include <stdlib.h>

#include "core/message/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read and can be written has one text, and reads back the same. */
static void
check(const struct message *m, struct arena *a)
{
	struct message *back;
	struct bytes text, again, x, y;
	struct fault f = { 0 };

	if (!flat_write(&text, m, a, &f))
		return;
	if (!flat_read(&back, text, a, &f) ||
	    !flat_write(&again, back, a, &f) || !bytes_equal(text, again))
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
	struct message *m;
	struct fault f = { 0 };

	arena_init(&a, block, sizeof(block));
	if (size <= 65536) {
		if (flat_read(&m, bytes_of(data, size), &a, &f))
			check(m, &a);
		else if (f.reason[0] == 0)
			abort();
	}
	arena_reset(&a);
	return 0;
}
