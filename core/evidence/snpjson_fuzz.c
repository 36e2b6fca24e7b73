/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/snpjson.h"
#include "core/evidence/snpreport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken says the same with white space around it, is nothing without
 * its last byte or with another one behind it, and has a report's size. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t memory[4 * SNPREPORT_SIZE];
	static uint8_t copy[SNPJSON_SIZE_MAX];
	struct bytes out, again;
	struct arena a;
	struct fault f;
	size_t end = size;

	arena_init(&a, memory, sizeof(memory));
	if (!snpjson_decode(&out, bytes_of(data, size), &a, &f) ||
	    size + 2 > sizeof(copy))
		return 0;
	while (data[end - 1] != '}')
		end--;
	copy[0] = '\n';
	memcpy(copy + 1, data, size);
	copy[size + 1] = '\t';
	if (!snpjson_decode(&again, bytes_of(copy, size + 2), &a, &f) ||
	    !bytes_equal(out, again) || out.n != SNPREPORT_SIZE)
		abort();
	copy[size + 1] = '}';
	if (snpjson_decode(&again, bytes_of(copy, size + 2), &a, &f) ||
	    snpjson_decode(&again, bytes_of(data, end - 1), &a, &f))
		abort();
	return 0;
}
