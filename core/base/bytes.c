/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/bytes.h"

int
bytes_order(struct bytes a, struct bytes b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

bool
bytes_equal_secret(struct bytes a, struct bytes b)
{
	volatile uint8_t differ = 0;

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		differ = (uint8_t)(differ | (a.p[i] ^ b.p[i]));
	return differ == 0;
}

bool
bytes_zero(struct bytes in)
{
	uint8_t any = 0;

	for (size_t i = 0; i < in.n; i++)
		any |= in.p[i];
	return any == 0;
}
