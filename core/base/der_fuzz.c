/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "harness/fakes/derput.h"

#define DEPTH_MAX 32u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One tag and one length: written anew they are the same bytes. */
static void
check_head(const struct der_item *item)
{
	static uint8_t memory[1u << 20];
	struct arena a;

	arena_init(&a, memory, sizeof(memory));
	if (item->content.n < sizeof(memory) / 2 &&
	    !bytes_equal(derput(&a, item->tag, &item->content, 1), item->whole))
		abort();
}

static void
check_number(struct bytes whole)
{
	struct der d = der_over(whole), e = d;
	uint64_t number = (uint64_t)der_int64(&d), natural = der_uint64(&e);
	size_t n = whole.n - 2;
	struct fault f = { 0 };

	if (der_done(&d, &f)) {
		uint64_t sign = n < 8 ? number >> (8 * n - 1) : 0;
		uint64_t all = n < 8 ? UINT64_MAX >> (8 * n - 1) : 0;

		if (sign != 0 && sign != all)
			abort();
		if (der_done(&e, &f) && natural != number)
			abort();
	}
}

/* Each reader takes what has its tag or leaves a reason, never both. */
static void
check_values(const struct der_item *item)
{
	static struct bytes (*const readers[])(struct der *) = { der_integer,
		der_octets, der_bits, der_oid, der_utf8, der_ia5,
		der_printable };

	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		struct der d = der_over(item->whole);
		struct bytes content = readers[i](&d);
		struct fault f = { 0 };

		if (!der_done(&d, &f) &&
		    (content.n != 0 || f.reason[0] == '\0'))
			abort();
	}
	if (item->tag == DER_INTEGER && item->whole.n >= 3)
		check_number(item->whole);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct der open[DEPTH_MAX] = { der_over(bytes_of(data, size)) };
	size_t depth = 0;

	for (;;) {
		struct der *d = &open[depth];
		uint32_t tag = der_peek(d);
		struct der before = *d;
		struct der_item item = der_any(d);

		if (d->reason != NULL) {
			if (depth == 0)
				return 0;
			depth--;
			continue;
		}
		if (tag != item.tag)
			abort();
		check_head(&item);
		check_values(&item);
		if ((tag & DER_CONSTRUCTED) != 0 && depth + 1 < DEPTH_MAX)
			open[++depth] = der_into(&before, tag);
	}
}
