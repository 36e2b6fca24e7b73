/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded writer over memory that the caller gives; sticky when full. */
#ifndef CORE_BASE_BUF_H
#define CORE_BASE_BUF_H

#include "core/base/arena.h"

struct buf {
	uint8_t *p;
	size_t used, size;
	bool full;
};

static inline struct buf
buf_over(void *block, size_t size)
{
	return (struct buf){ .p = block, .size = size };
}

/* A buffer of size bytes from the arena; full at once when it does not fit. */
struct buf buf_in(struct arena *a, size_t size);

void buf_put(struct buf *b, struct bytes bytes);
void buf_text(struct buf *b, const char *text);
void buf_u8(struct buf *b, uint8_t value);
void buf_be16(struct buf *b, uint16_t value);
void buf_be32(struct buf *b, uint32_t value);
void buf_be64(struct buf *b, uint64_t value);
void buf_le16(struct buf *b, uint16_t value);
void buf_le32(struct buf *b, uint32_t value);
void buf_le64(struct buf *b, uint64_t value);
void buf_print(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline struct bytes
buf_bytes(const struct buf *b)
{
	return bytes_of(b->p, b->used);
}

/* Fails with LIMIT "limit.buffer" if anything did not fit. */
MUST_CHECK bool buf_check(const struct buf *b, struct fault *f);

#endif
