/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/base64.h"

static const char alphabets[2][64 + 1] = {
	[BASE64_URL] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
	[BASE64_PADDED] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
};

size_t
base64_size(enum base64 form, size_t n)
{
	if (form == BASE64_PADDED)
		return (n + 2) / 3 * 4;
	return n / 3 * 4 + (n % 3 == 0 ? 0 : n % 3 + 1);
}

void
base64_put(struct buf *b, enum base64 form, struct bytes in)
{
	const char *alphabet = alphabets[form];

	for (size_t i = 0; i < in.n; i += 3) {
		size_t have = in.n - i < 3 ? in.n - i : 3;
		uint32_t group = (uint32_t)in.p[i] << 16;

		if (have > 1)
			group |= (uint32_t)in.p[i + 1] << 8;
		if (have > 2)
			group |= in.p[i + 2];
		for (size_t k = 0; k < 4; k++) {
			if (k <= have)
				buf_u8(b,
				    (uint8_t)
					alphabet[group >> (18 - 6 * k) & 63]);
			else if (form == BASE64_PADDED)
				buf_u8(b, '=');
		}
	}
}

struct bytes
base64_encode(struct arena *a, enum base64 form, struct bytes in)
{
	struct buf b = buf_in(a, base64_size(form, in.n));

	base64_put(&b, form, in);
	return buf_bytes(&b);
}

/* The digit's value, or 64 for a byte outside the alphabet. */
static uint32_t
digit(enum base64 form, uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (uint8_t)alphabets[form][62])
		return 62;
	if (c == (uint8_t)alphabets[form][63])
		return 63;
	return 64;
}

static struct bytes
without_padding(struct bytes in)
{
	for (int i = 0; i < 2 && in.n > 0 && in.p[in.n - 1] == '='; i++)
		in.n--;
	return in;
}

bool
base64_decode(struct bytes *out, enum base64 form, struct bytes in,
    struct arena *a, struct fault *f)
{
	struct bytes digits = form == BASE64_PADDED ? without_padding(in) : in;
	size_t n =
	    digits.n / 4 * 3 + (digits.n % 4 == 0 ? 0 : digits.n % 4 - 1);
	uint8_t *to = arena_alloc(a, n);
	uint32_t bits = 0, have = 0;
	size_t at = 0;

	if (base64_size(form, n) != in.n)
		return fail(f, FAULT_INPUT, "encoding.base64",
		    "base 3: %zu characters are no base64 text", in.n);
	if (to == NULL)
		return arena_check(a, f);
	for (size_t i = 0; i < digits.n; i++) {
		uint32_t value = digit(form, digits.p[i]);

		if (value > 63)
			return fail(f, FAULT_INPUT, "encoding.base64",
			    "base 3: byte 0x%02x at %zu", digits.p[i], i);
		bits = bits << 6 | value;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[at++] = (uint8_t)(bits >> have);
		}
	}
	if ((bits & ((1u << have) - 1)) != 0)
		return fail(f, FAULT_INPUT, "encoding.base64",
		    "base 3: unused bits are not zero");
	*out = bytes_of(to, n);
	return true;
}
