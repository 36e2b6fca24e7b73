/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/fakes/derput.h"

#include "core/base/buf.h"

#define HEAD_MAX 12u

static void
put_tag(struct buf *out, uint32_t tag)
{
	uint32_t number = tag & DER_NUMBER_MAX;
	uint8_t top = (uint8_t)(tag >> 24);

	if (number < 31) {
		buf_u8(out, (uint8_t)(top | number));
		return;
	}
	buf_u8(out, top | 31);
	for (unsigned shift = 21; shift != 0; shift -= 7)
		if (number >> shift != 0)
			buf_u8(out, (uint8_t)(0x80 | number >> shift));
	buf_u8(out, number & 0x7f);
}

static void
put_length(struct buf *out, size_t length)
{
	uint8_t n = 1;

	if (length < 0x80) {
		buf_u8(out, (uint8_t)length);
		return;
	}
	while (length >> 8 * n != 0)
		n++;
	buf_u8(out, 0x80 | n);
	while (n-- > 0)
		buf_u8(out, (uint8_t)(length >> 8 * n));
}

struct bytes
derput(struct arena *a, uint32_t tag, const struct bytes *parts, size_t n)
{
	size_t length = 0;

	for (size_t i = 0; i < n; i++)
		length += parts[i].n;
	struct buf out = buf_in(a, length + HEAD_MAX);

	put_tag(&out, tag);
	put_length(&out, length);
	for (size_t i = 0; i < n; i++)
		buf_put(&out, parts[i]);
	return buf_bytes(&out);
}

struct bytes
derput_integer(struct arena *a, uint32_t tag, int64_t value)
{
	uint8_t be[8];
	size_t from = 0;

	for (size_t i = 0; i < sizeof(be); i++)
		be[i] = (uint8_t)((uint64_t)value >> 8 * (7 - i));
	while (from < 7 && be[from] == (value < 0 ? 0xff : 0) &&
	       (be[from + 1] & 0x80) == (value < 0 ? 0x80 : 0))
		from++;
	return DERPUT(a, tag, bytes_of(be + from, sizeof(be) - from));
}

struct bytes
derput_boolean(struct arena *a, bool value)
{
	return DERPUT(a, DER_BOOLEAN, value ? BYTES("\xff") : BYTES("\x00"));
}

struct bytes
derput_join(struct arena *a, const struct bytes *parts, size_t n)
{
	size_t length = 0;

	for (size_t i = 0; i < n; i++)
		length += parts[i].n;
	struct buf out = buf_in(a, length);

	for (size_t i = 0; i < n; i++)
		buf_put(&out, parts[i]);
	return buf_bytes(&out);
}
