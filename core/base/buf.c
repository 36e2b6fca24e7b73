/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct buf
buf_in(struct arena *a, size_t size)
{
	void *block = arena_room(a, size);

	return (struct buf){ .p = block,
		.size = block == NULL ? 0 : size,
		.full = block == NULL };
}

void
buf_put(struct buf *b, struct bytes bytes)
{
	if (b->full || bytes.n > b->size - b->used) {
		b->full = true;
		return;
	}
	if (bytes.n != 0)
		memcpy(b->p + b->used, bytes.p, bytes.n);
	b->used += bytes.n;
}

void
buf_text(struct buf *b, const char *text)
{
	buf_put(b, bytes_text(text));
}

static void
put_be(struct buf *b, uint64_t value, size_t n)
{
	uint8_t all[8];

	for (size_t i = sizeof(all); i-- > 0; value >>= 8)
		all[i] = (uint8_t)value;
	buf_put(b, bytes_of(all + sizeof(all) - n, n));
}

void
buf_u8(struct buf *b, uint8_t value)
{
	put_be(b, value, 1);
}

void
buf_be16(struct buf *b, uint16_t value)
{
	put_be(b, value, 2);
}

void
buf_be32(struct buf *b, uint32_t value)
{
	put_be(b, value, 4);
}

void
buf_be64(struct buf *b, uint64_t value)
{
	put_be(b, value, 8);
}

static void
put_le(struct buf *b, uint64_t value, size_t n)
{
	uint8_t all[8];

	for (size_t i = 0; i < sizeof(all); i++, value >>= 8)
		all[i] = (uint8_t)value;
	buf_put(b, bytes_of(all, n));
}

void
buf_le16(struct buf *b, uint16_t value)
{
	put_le(b, value, 2);
}

void
buf_le32(struct buf *b, uint32_t value)
{
	put_le(b, value, 4);
}

void
buf_le64(struct buf *b, uint64_t value)
{
	put_le(b, value, 8);
}

void
buf_print(struct buf *b, const char *format, ...)
{
	char *to = (char *)b->p + b->used;
	size_t room = b->full ? 0 : b->size - b->used;
	va_list args;

	va_start(args, format);
	int n = room == 0 ? 0 : vsnprintf(to, room, format, args);
	va_end(args);
	/* vsnprintf needs a byte for its NUL, so an exact fit counts as full. */
	if (room == 0 || n < 0 || (size_t)n >= room)
		b->full = true;
	else
		b->used += (size_t)n;
}

bool
buf_check(const struct buf *b, struct fault *f)
{
	if (b->full)
		return fail(f, FAULT_LIMIT, "limit.buffer",
		    "base 2: output is larger than %zu bytes", b->size);
	return true;
}
