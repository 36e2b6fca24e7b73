/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ARENA_ALIGN 16u

void
arena_init(struct arena *a, void *block, size_t size)
{
	*a = (struct arena){ .base = block, .size = size };
}

void *
arena_room(struct arena *a, size_t n)
{
	size_t pad = -(uintptr_t)(a->base + a->used) & (ARENA_ALIGN - 1);

	if (a->exhausted || pad > a->size - a->used ||
	    n > a->size - a->used - pad) {
		a->exhausted = true;
		return NULL;
	}
	uint8_t *block = a->base + a->used + pad;

	a->used += pad + n;
	return block;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	void *block = arena_room(a, n);

	if (block != NULL)
		memset(block, 0, n);
	return block;
}

struct bytes
arena_copy(struct arena *a, struct bytes from)
{
	uint8_t *to = arena_room(a, from.n);

	if (to == NULL)
		return (struct bytes){ 0 };
	if (from.n != 0)
		memcpy(to, from.p, from.n);
	return bytes_of(to, from.n);
}

struct bytes
arena_print(struct arena *a, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *text = n < 0 ? NULL : arena_room(a, (size_t)n + 1);
	struct bytes out = { 0 };

	if (text != NULL) {
		(void)vsnprintf(text, (size_t)n + 1, format, again);
		out = bytes_of(text, (size_t)n);
	}
	va_end(again);
	return out;
}

bool
arena_check(const struct arena *a, struct fault *f)
{
	if (a->exhausted)
		return fail(f, FAULT_LIMIT, "limit.memory",
		    "base 1: needs more than the %zu bytes given", a->size);
	return true;
}

void
arena_reset(struct arena *a)
{
	explicit_bzero(a->base, a->used);
	a->used = 0;
	a->exhausted = false;
}
