/* SPDX-License-Identifier: Apache-2.0 */
/* Request memory: one fixed block, given out in order, wiped as a whole. */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include "core/base/bytes.h"
#include "core/base/fault.h"

struct arena {
	uint8_t *base;
	size_t size, used;
	/* An allocation did not fit; stays set until the reset. */
	bool exhausted;
};

/* The block stays the caller's and must outlive the arena. */
void arena_init(struct arena *a, void *block, size_t size);

/*
 * A zeroed, 16-byte aligned block of n bytes, or NULL with exhausted set.
 * A builder may ignore NULL as long as it asks arena_check once at its end.
 */
void *arena_alloc(struct arena *a, size_t n);

/* The same, not zeroed: for what is written before it is read. */
void *arena_room(struct arena *a, size_t n);

/* A copy of the bytes; an empty view when the arena is exhausted. */
struct bytes arena_copy(struct arena *a, struct bytes from);

/* A printed text, without its NUL in n (there is one behind it). */
struct bytes arena_print(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Fails with LIMIT "limit.memory" if anything did not fit. */
MUST_CHECK bool arena_check(const struct arena *a, struct fault *f);

/* Everything given out since is gone and wiped; clears exhausted. */
void arena_reset(struct arena *a);

#endif
