/* SPDX-License-Identifier: Apache-2.0 */
/* A view of bytes that somebody else owns. */
#ifndef CORE_BASE_BYTES_H
#define CORE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *p;
	size_t n;
};

/* The bytes of a string literal, without its NUL. */
#define BYTES(literal) \
	((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static inline struct bytes
bytes_of(const void *p, size_t n)
{
	return (struct bytes){ p, n };
}

static inline struct bytes
bytes_text(const char *text)
{
	return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static inline bool
bytes_equal(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
bytes_is(struct bytes a, const char *text)
{
	return bytes_equal(a, bytes_text(text));
}

static inline bool
bytes_starts(struct bytes a, struct bytes prefix)
{
	return a.n >= prefix.n &&
	       (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

/* Byte order, a shorter prefix first: <0, 0 or >0 as memcmp. */
int bytes_order(struct bytes a, struct bytes b);

/* No byte but zeros; true for none at all. */
bool bytes_zero(struct bytes in);

/* Equal in time that depends on the lengths only. */
bool bytes_equal_secret(struct bytes a, struct bytes b);

#endif
