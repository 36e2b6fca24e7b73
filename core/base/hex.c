/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/hex.h"

static const char digits[] = "0123456789abcdef";

void
hex_put(struct buf *b, struct bytes in)
{
	for (size_t i = 0; i < in.n; i++) {
		buf_u8(b, (uint8_t)digits[in.p[i] >> 4]);
		buf_u8(b, (uint8_t)digits[in.p[i] & 15]);
	}
}

struct bytes
hex_encode(struct arena *a, struct bytes in)
{
	struct buf b = buf_in(a, 2 * in.n);

	hex_put(&b, in);
	return buf_bytes(&b);
}

/* The digit's value, or 16 for a byte that is none. */
static uint8_t
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return (uint8_t)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (uint8_t)(c - 'a' + 10);
	return 16;
}

bool
hex_decode(struct bytes *out, struct bytes in, struct arena *a, struct fault *f)
{
	if (in.n % 2 != 0)
		return fail(f, FAULT_INPUT, "encoding.hex",
		    "base 4: %zu digits are no whole bytes", in.n);
	uint8_t *to = arena_alloc(a, in.n / 2);

	if (to == NULL)
		return arena_check(a, f);
	for (size_t i = 0; i < in.n; i++) {
		uint8_t value = digit(in.p[i]);

		if (value > 15)
			return fail(f, FAULT_INPUT, "encoding.hex",
			    "base 4: byte 0x%02x at %zu", in.p[i], i);
		to[i / 2] = (uint8_t)(to[i / 2] << 4 | value);
	}
	*out = bytes_of(to, in.n / 2);
	return true;
}
