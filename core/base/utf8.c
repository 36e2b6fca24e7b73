/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/utf8.h"

/* Neither longer than it must be, nor a surrogate, nor past U+10FFFF. */
static bool
is_shortest(const uint8_t *p)
{
	switch (p[0]) {
	case 0xe0:
		return p[1] >= 0xa0;
	case 0xed:
		return p[1] <= 0x9f;
	case 0xf0:
		return p[1] >= 0x90;
	case 0xf4:
		return p[1] <= 0x8f;
	default:
		return true;
	}
}

size_t
utf8_sequence(const uint8_t *p, size_t left)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (n == 1)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return is_shortest(p) ? n : 0;
}
