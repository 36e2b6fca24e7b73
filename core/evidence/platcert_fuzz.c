/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/platcert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
inside(struct bytes view, const uint8_t *data, size_t size)
{
	return view.n == 0 ||
	       (view.p >= data && view.p + view.n <= data + size);
}

/* Every view is one into the input. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct platcert c;
	struct fault f;

	if (!platcert_parse(&c, bytes_of(data, size), &f))
		return 0;
	for (size_t i = 0; i < PLATCERT_NAMES; i++)
		if (!inside(c.names[i], data, size))
			abort();
	if (!inside(c.body, data, size) || !inside(c.signature, data, size) ||
	    !inside(c.issuer, data, size) ||
	    !inside(c.holder_issuer, data, size))
		abort();
	return 0;
}
