/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/snptable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Views lie inside the input, and no two share a byte. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snptable t;
	struct fault f;

	if (!snptable_parse(&t, bytes_of(data, size), &f))
		return 0;
	const struct bytes all[] = { t.ark, t.ask, t.vcek, t.vlek, t.crl };
	const size_t n = sizeof(all) / sizeof(all[0]);

	for (size_t i = 0; i < n; i++) {
		if (all[i].n == 0)
			continue;
		if (all[i].p < data || all[i].n > size ||
		    all[i].p > data + size - all[i].n)
			abort();
		for (size_t k = 0; k < i; k++)
			if (all[k].n != 0 && all[i].p < all[k].p + all[k].n &&
			    all[k].p < all[i].p + all[i].n)
				abort();
	}
	return 0;
}
