/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/bundle.h"

#include "core/base/buf.h"
#include "core/crypto/hash.h"

#define NUMBER_BYTES 32u
#define ENTRY_BYTES  64u

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "ans104.bundle", "message 18: %s", what);
}

/* A little-endian number of 32 bytes; false when it is beyond any size. */
static bool
take_number(uint64_t *out, struct cursor *c)
{
	uint64_t rest = 0;

	*out = cursor_le64(c);
	for (unsigned i = 0; i < 3; i++)
		rest |= cursor_le64(c);
	return rest == 0 && cursor_ok(c);
}

bool
bundle_open(struct bundle *out, struct bytes data, struct fault *f)
{
	struct cursor c = cursor_over(data);
	uint64_t count;

	if (!take_number(&count, &c))
		return malformed(f, "no number of items");
	if (count > MESSAGE_KEYS_READ_MAX)
		return fail(f, FAULT_LIMIT, "message.keys",
		    "message 18: %llu items, at most %u",
		    (unsigned long long)count, MESSAGE_KEYS_READ_MAX);
	*out = (struct bundle){ .left = (size_t)count,
		.table =
		    cursor_over(cursor_take(&c, (size_t)count * ENTRY_BYTES)) };
	out->items = c;
	if (!cursor_ok(&c))
		return malformed(f, "the table is cut short");
	return count != 0 || cursor_done(&c) || malformed(f, "a tail");
}

bool
bundle_next(struct bytes *item, struct message_id *id, struct bundle *bundle,
    struct fault *f)
{
	uint64_t size;

	if (!take_number(&size, &bundle->table) || size > bundle->items.left)
		return malformed(f, "an item is cut short");
	struct bytes told = cursor_take(&bundle->table, sizeof(id->b));

	*item = cursor_take(&bundle->items, (size_t)size);
	if (told.n != sizeof(id->b))
		return malformed(f, "the table is cut short");
	memcpy(id->b, told.p, sizeof(id->b));
	bundle->left--;
	return bundle->left != 0 || cursor_done(&bundle->items) ||
	       malformed(f, "a tail");
}

static void
put_number(struct buf *b, size_t n)
{
	for (unsigned i = 0; i < NUMBER_BYTES; i++)
		buf_u8(b, i < 8 ? (uint8_t)((uint64_t)n >> 8 * i) : 0);
}

bool
bundle_write(struct bytes *out, const struct bundle_item *items, size_t count,
    struct arena *a, struct fault *f)
{
	size_t room = NUMBER_BYTES + count * ENTRY_BYTES;

	for (size_t i = 0; i < count; i++)
		room += items[i].bytes.n;
	struct buf b = buf_in(a, room);

	put_number(&b, count);
	for (size_t i = 0; i < count; i++) {
		put_number(&b, items[i].bytes.n);
		buf_put(&b, BYTES_OF(&items[i].id));
	}
	for (size_t i = 0; i < count; i++)
		buf_put(&b, items[i].bytes);
	*out = buf_bytes(&b);
	return buf_check(&b, f);
}
