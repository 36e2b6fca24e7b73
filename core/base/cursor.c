/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/cursor.h"

#include <string.h>

struct bytes
cursor_take(struct cursor *c, size_t n)
{
	if (c->short_read || n > c->left) {
		c->short_read = true;
		c->left = 0;
		return (struct bytes){ 0 };
	}
	struct bytes taken = bytes_of(c->p, n);

	if (n != 0)
		c->p += n;
	c->left -= n;
	return taken;
}

static uint64_t
take_be(struct cursor *c, size_t n)
{
	struct bytes taken = cursor_take(c, n);
	uint64_t value = 0;

	for (size_t i = 0; i < taken.n; i++)
		value = value << 8 | taken.p[i];
	return value;
}

static uint64_t
take_le(struct cursor *c, size_t n)
{
	struct bytes taken = cursor_take(c, n);
	uint64_t value = 0;

	for (size_t i = taken.n; i-- > 0;)
		value = value << 8 | taken.p[i];
	return value;
}

uint8_t
cursor_u8(struct cursor *c)
{
	return (uint8_t)take_be(c, 1);
}

uint16_t
cursor_be16(struct cursor *c)
{
	return (uint16_t)take_be(c, 2);
}

uint32_t
cursor_be32(struct cursor *c)
{
	return (uint32_t)take_be(c, 4);
}

uint64_t
cursor_be64(struct cursor *c)
{
	return take_be(c, 8);
}

uint16_t
cursor_le16(struct cursor *c)
{
	return (uint16_t)take_le(c, 2);
}

uint32_t
cursor_le32(struct cursor *c)
{
	return (uint32_t)take_le(c, 4);
}

uint64_t
cursor_le64(struct cursor *c)
{
	return take_le(c, 8);
}

static struct bytes
up_to(struct cursor *c, uint8_t stop, size_t otherwise)
{
	const uint8_t *end = c->left == 0 ? NULL : memchr(c->p, stop, c->left);

	if (end == NULL)
		return cursor_take(c, otherwise);
	struct bytes taken = cursor_take(c, (size_t)(end - c->p));

	(void)cursor_take(c, 1);
	return taken;
}

struct bytes
cursor_until(struct cursor *c, uint8_t stop)
{
	return up_to(c, stop, c->left + 1);
}

struct bytes
cursor_part(struct cursor *c, uint8_t stop)
{
	return up_to(c, stop, c->left);
}

struct bytes
cursor_rest(struct cursor *c)
{
	return cursor_take(c, c->left);
}
