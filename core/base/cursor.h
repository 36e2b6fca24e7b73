/* SPDX-License-Identifier: Apache-2.0 */
/* The only way to read bytes from outside: never past the end, checked once. */
#ifndef CORE_BASE_CURSOR_H
#define CORE_BASE_CURSOR_H

#include "core/base/bytes.h"

/*
 * Sticky: after a read past the end every take yields zero or nothing, and
 * cursor_ok and cursor_done are false. The view's owner keeps the bytes.
 */
struct cursor {
	const uint8_t *p;
	size_t left;
	bool short_read;
};

static inline struct cursor
cursor_over(struct bytes in)
{
	return (struct cursor){ .p = in.p, .left = in.n };
}

/* The next n bytes as a view; empty after a short read. */
struct bytes cursor_take(struct cursor *c, size_t n);

uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_be16(struct cursor *c);
uint32_t cursor_be32(struct cursor *c);
uint64_t cursor_be64(struct cursor *c);
uint16_t cursor_le16(struct cursor *c);
uint32_t cursor_le32(struct cursor *c);
uint64_t cursor_le64(struct cursor *c);

/* Everything up to the first `stop` byte, which is consumed and not returned;
 * a short read when there is none. */
struct bytes cursor_until(struct cursor *c, uint8_t stop);

/* The same, but without a `stop` everything that is left: one part of a list. */
struct bytes cursor_part(struct cursor *c, uint8_t stop);

/* All that is left. */
struct bytes cursor_rest(struct cursor *c);

static inline bool
cursor_ok(const struct cursor *c)
{
	return !c->short_read;
}

/* No short read, and nothing left over. */
static inline bool
cursor_done(const struct cursor *c)
{
	return !c->short_read && c->left == 0;
}

#endif
