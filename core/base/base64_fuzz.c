/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[1 << 20];

/* What decodes encodes to the same text; what is encoded decodes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size), out;

	if (size > sizeof(memory) / 4)
		return 0;
	for (enum base64 form = BASE64_URL; form <= BASE64_PADDED; form++) {
		struct arena a;
		struct fault f;

		arena_init(&a, memory, sizeof(memory));
		if (base64_decode(&out, form, in, &a, &f) &&
		    !bytes_equal(base64_encode(&a, form, out), in))
			abort();
		arena_reset(&a);
		if (!base64_decode(
			&out, form, base64_encode(&a, form, in), &a, &f) ||
		    !bytes_equal(out, in))
			abort();
	}
	return 0;
}
