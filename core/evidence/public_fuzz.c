/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/public.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A view that is not empty lies inside the input. */
static void
check_inside(struct bytes view, const uint8_t *data, size_t size)
{
	if (view.n != 0 &&
	    (view.p < data || view.n > size - (size_t)(view.p - data)))
		abort();
}

static void
check_area(const struct public_area *p, const uint8_t *data, size_t size)
{
	struct public_name name = public_name(p);
	struct public_name qualified = public_qualified_name(p);
	struct fault f;
	bool ak = public_check_ak(p, &f), ek = public_check_ek(p, &f);

	check_inside(p->raw, data, size);
	check_inside(p->policy, data, size);
	check_inside(p->key.modulus, data, size);
	check_inside(p->key.x, data, size);
	check_inside(p->key.y, data, size);
	if (name.n != 2 + hash_size(p->name_alg) || qualified.n != name.n ||
	    (ak && ek) || (ak && !public_check_signer(p, &f)) ||
	    !public_check_certificate(p, &p->key, &f))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct public_area p;
	struct fault f;

	if (public_parse(&p, in, &f))
		check_area(&p, data, size);
	if (public_parse_2b(&p, in, &f))
		check_area(&p, data, size);
	return 0;
}
