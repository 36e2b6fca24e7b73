/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/der.h"

#define DEPTH_MAX 32u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put_tag(struct buf *out, uint32_t tag)
{
	uint32_t number = tag & DER_NUMBER_MAX;
	uint8_t top = (uint8_t)(tag >> 24);

	if (number < 31) {
		buf_u8(out, (uint8_t)(top | number));
		return;
	}
	buf_u8(out, top | 31);
	for (unsigned shift = 21; shift != 0; shift -= 7) {
		if (number >> shift != 0)
			buf_u8(out, (uint8_t)(0x80 | number >> shift));
	}
	buf_u8(out, number & 0x7f);
}

static void
put_length(struct buf *out, size_t length)
{
	uint8_t n = 1;

	if (length < 0x80) {
		buf_u8(out, (uint8_t)length);
		return;
	}
	while (length >> 8 * n != 0)
		n++;
	buf_u8(out, 0x80 | n);
	while (n-- > 0)
		buf_u8(out, (uint8_t)(length >> 8 * n));
}

/* One tag and one length: written anew they are the same bytes. */
static void
check_head(const struct der_item *item)
{
	uint8_t head[16];
	struct buf out = buf_over(head, sizeof(head));

	put_tag(&out, item->tag);
	put_length(&out, item->content.n);
	if (out.full || out.used + item->content.n != item->whole.n ||
	    !bytes_starts(item->whole, buf_bytes(&out)))
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
