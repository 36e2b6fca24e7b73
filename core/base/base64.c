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

/* Up to three bytes as up to four characters of the group. */
static size_t
encode_group(char group[4], enum base64 form, const uint8_t *p, size_t have)
{
	const char *alphabet = alphabets[form];
	uint32_t bits = (uint32_t)p[0] << 16;

	if (have > 1)
		bits |= (uint32_t)p[1] << 8;
	if (have > 2)
		bits |= p[2];
	memset(group, '=', 4);
	group[0] = alphabet[bits >> 18];
	group[1] = alphabet[bits >> 12 & 63];
	if (have > 1)
		group[2] = alphabet[bits >> 6 & 63];
	if (have > 2)
		group[3] = alphabet[bits & 63];
	return form == BASE64_PADDED ? 4 : have + 1;
}

void
base64_put(struct buf *b, enum base64 form, struct bytes in)
{
	char group[4];

	for (size_t i = 0; i < in.n; i += 3) {
		size_t have = in.n - i < 3 ? in.n - i : 3;
		size_t n = encode_group(group, form, in.p + i, have);

		buf_put(b, bytes_of(group, n));
	}
}

struct bytes
base64_encode(struct arena *a, enum base64 form, struct bytes in)
{
	struct buf b = buf_in(a, base64_size(form, in.n));

	base64_put(&b, form, in);
	return buf_bytes(&b);
}

/* A digit's value plus one; 0 for a byte that is none in any form. */
/* clang-format off */
static const uint8_t values[256] = {
	['A'] =  1, ['B'] =  2, ['C'] =  3, ['D'] =  4, ['E'] =  5, ['F'] =  6, ['G'] =  7, ['H'] =  8,
	['I'] =  9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
	['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
	['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
	['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
	['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
	['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
	['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62,
	['+'] = 63, ['/'] = 64, ['-'] = 63, ['_'] = 64,
};
/* clang-format on */

/* The digit's value; 64 or more for a byte outside the alphabet. */
static inline uint32_t
digit(enum base64 form, uint8_t c)
{
	uint32_t value = (uint32_t)values[c] - 1;

	if (value >= 62 && c != (uint8_t)alphabets[form][value & 63])
		return 64;
	return value;
}

static struct bytes
without_padding(struct bytes in)
{
	for (int i = 0; i < 2 && in.n > 0 && in.p[in.n - 1] == '='; i++)
		in.n--;
	return in;
}

/* The whole groups of four, up to the first that has a byte which is no digit;
 * how many digits that were. */
static size_t
decode_groups(uint8_t *to, enum base64 form, struct bytes digits)
{
	size_t i = 0;

	for (; digits.n - i >= 4; i += 4) {
		const uint8_t *p = digits.p + i;
		uint32_t d0 = digit(form, p[0]), d1 = digit(form, p[1]),
			 d2 = digit(form, p[2]), d3 = digit(form, p[3]);
		uint32_t group = d0 << 18 | d1 << 12 | d2 << 6 | d3;

		if ((d0 | d1 | d2 | d3) > 63)
			break;
		*to++ = (uint8_t)(group >> 16);
		*to++ = (uint8_t)(group >> 8);
		*to++ = (uint8_t)group;
	}
	return i;
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

	if (base64_size(form, n) != in.n)
		return fail(f, FAULT_INPUT, "encoding.base64",
		    "base 3: %zu characters are no base64 text", in.n);
	if (to == NULL)
		return arena_check(a, f);
	size_t i = decode_groups(to, form, digits);
	size_t at = i / 4 * 3;

	for (; i < digits.n; i++) {
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
