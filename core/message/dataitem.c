/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/dataitem.h"

#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/crypto/rsa.h"
#include "core/message/commitments.h"

#define TYPE_RSA     1u
#define FIELD_BYTES  32u
#define HEADER_BYTES (2u + 2 * RSA_WALLET_BYTES + 2 * (1 + FIELD_BYTES) + 16u)
#define LONG_BYTES   ((size_t)3) /* of a length within the limits */

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "ans104.form", "message 16: %s", what);
}

/* Avro's zigzag: never negative here, and no longer than it must be. */
static bool
take_long(size_t *out, struct cursor *c)
{
	size_t value = 0;

	for (unsigned i = 0; i < LONG_BYTES; i++) {
		uint8_t byte = cursor_u8(c);

		value |= (size_t)(byte & 0x7f) << (7 * i);
		if ((byte & 0x80) != 0)
			continue;
		*out = value >> 1;
		return cursor_ok(c) && (value & 1) == 0 &&
		       (byte != 0 || i == 0);
	}
	return false;
}

static void
put_long(struct buf *b, size_t n)
{
	size_t value = n << 1;

	for (; value > 0x7f; value >>= 7)
		buf_u8(b, (uint8_t)(value | 0x80));
	buf_u8(b, (uint8_t)value);
}

static bool
take_field(struct bytes *out, struct cursor *c)
{
	uint8_t present = cursor_u8(c);

	*out = cursor_take(c, present == 1 ? FIELD_BYTES : 0);
	return present <= 1;
}

/* A length and its bytes. */
static bool
take_text(struct bytes *out, struct cursor *c, size_t max, struct fault *f)
{
	size_t n;

	if (!take_long(&n, c))
		return malformed(f, "a tag's length");
	if (n > max)
		return fail(f, FAULT_LIMIT, "ans104.tag",
		    "message 16: %zu bytes in a tag, at most %zu", n, max);
	*out = cursor_take(c, n);
	return cursor_ok(c) || malformed(f, "a tag is cut short");
}

static bool
take_tag(struct dataitem_tag *out, struct cursor *c, struct fault *f)
{
	if (!take_text(&out->name, c, DATAITEM_NAME_MAX, f) ||
	    !take_text(&out->value, c, DATAITEM_VALUE_MAX, f))
		return false;
	return out->name.n != 0 || malformed(f, "a tag without a name");
}

size_t
dataitem_count(struct bytes tag_bytes)
{
	struct cursor c = cursor_over(tag_bytes);
	size_t count = 0;

	return take_long(&count, &c) ? count : 0;
}

bool
dataitem_parse_tags(
    struct dataitem *out, struct bytes tag_bytes, size_t count, struct fault *f)
{
	struct cursor c = cursor_over(tag_bytes);
	size_t told, end;

	out->tag_bytes = tag_bytes;
	out->ntags = 0;
	if (count > DATAITEM_TAGS_MAX)
		return fail(f, FAULT_LIMIT, "ans104.tag",
		    "message 16: %zu tags, at most %u", count,
		    DATAITEM_TAGS_MAX);
	if (count == 0)
		return tag_bytes.n == 0 || malformed(f, "tags, but none told");
	if (!take_long(&told, &c) || told != count)
		return malformed(f, "another number of tags");
	for (size_t i = 0; i < count; i++) {
		if (!take_tag(&out->tags[i], &c, f))
			return false;
	}
	out->ntags = count;
	if (!take_long(&end, &c) || end != 0 || !cursor_done(&c))
		return malformed(f, "no end of the tags");
	return true;
}

bool
dataitem_parse(struct dataitem *out, struct bytes in, struct fault *f)
{
	struct cursor c = cursor_over(in);
	uint16_t type = cursor_le16(&c);

	out->signature = cursor_take(&c, RSA_WALLET_BYTES);
	out->owner = cursor_take(&c, RSA_WALLET_BYTES);
	bool fields =
	    take_field(&out->target, &c) && take_field(&out->anchor, &c);
	uint64_t count = cursor_le64(&c), size = cursor_le64(&c);

	if (!cursor_ok(&c) || !fields)
		return malformed(f, "no data item");
	if (type != TYPE_RSA)
		return fail(f, FAULT_VERIFY, "ans104.type",
		    "message 16: signature type %u", type);
	if (size > DATAITEM_TAG_BYTES_MAX || count > DATAITEM_TAGS_MAX)
		return fail(f, FAULT_LIMIT, "ans104.tag",
		    "message 16: %llu tags in %llu bytes",
		    (unsigned long long)count, (unsigned long long)size);
	struct bytes tags = cursor_take(&c, (size_t)size);

	out->data = cursor_rest(&c);
	if (!cursor_ok(&c))
		return malformed(f, "tags are cut short");
	return dataitem_parse_tags(out, tags, (size_t)count, f);
}

bool
dataitem_write_tags(struct dataitem *item, struct arena *a, struct fault *f)
{
	size_t room = 2 * LONG_BYTES;

	item->tag_bytes = (struct bytes){ 0 };
	if (item->ntags == 0)
		return true;
	for (size_t i = 0; i < item->ntags; i++) {
		const struct dataitem_tag *tag = &item->tags[i];

		if (tag->name.n == 0 || tag->name.n > DATAITEM_NAME_MAX ||
		    tag->value.n > DATAITEM_VALUE_MAX)
			return fail(f, FAULT_LIMIT, "ans104.tag",
			    "message 16: a tag of %zu and %zu bytes",
			    tag->name.n, tag->value.n);
		room += 2 * LONG_BYTES + tag->name.n + tag->value.n;
	}
	struct buf b = buf_in(a, room);

	put_long(&b, item->ntags);
	for (size_t i = 0; i < item->ntags; i++) {
		put_long(&b, item->tags[i].name.n);
		buf_put(&b, item->tags[i].name);
		put_long(&b, item->tags[i].value.n);
		buf_put(&b, item->tags[i].value);
	}
	put_long(&b, 0);
	item->tag_bytes = buf_bytes(&b);
	if (b.used > DATAITEM_TAG_BYTES_MAX)
		return fail(f, FAULT_LIMIT, "ans104.tag",
		    "message 16: %zu bytes of tags", b.used);
	return buf_check(&b, f);
}

static void
put_le64(struct buf *b, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		buf_u8(b, (uint8_t)(value >> 8 * i));
}

static void
put_field(struct buf *b, struct bytes field)
{
	buf_u8(b, field.n != 0);
	buf_put(b, field);
}

bool
dataitem_write(struct bytes *out, const struct dataitem *item, struct arena *a,
    struct fault *f)
{
	struct buf b =
	    buf_in(a, HEADER_BYTES + item->tag_bytes.n + item->data.n);

	buf_u8(&b, TYPE_RSA);
	buf_u8(&b, 0);
	buf_put(&b, item->signature);
	buf_put(&b, item->owner);
	put_field(&b, item->target);
	put_field(&b, item->anchor);
	put_le64(&b, item->ntags);
	put_le64(&b, item->tag_bytes.n);
	buf_put(&b, item->tag_bytes);
	buf_put(&b, item->data);
	*out = buf_bytes(&b);
	return buf_check(&b, f);
}

/* SHA-384 of "blob" or "list" and the length. */
static struct sha384
hash_label(const char *kind, size_t n)
{
	uint8_t block[32];
	struct buf b = buf_over(block, sizeof(block));

	buf_print(&b, "%s%zu", kind, n);
	return sha384_of(buf_bytes(&b));
}

static struct sha384
hash_both(const struct sha384 *left, const struct sha384 *right)
{
	const struct bytes parts[] = { BYTES_OF(left), BYTES_OF(right) };
	struct sha384 out;

	hash_parts(HASH_SHA384, out.b, parts, 2);
	return out;
}

struct sha384
dataitem_hash(const struct dataitem *item)
{
	const struct bytes blobs[] = { BYTES("dataitem"), BYTES("1"),
		BYTES("1"), item->owner, item->target, item->anchor,
		item->tag_bytes, item->data };
	size_t n = sizeof(blobs) / sizeof(blobs[0]);
	struct sha384 sum = hash_label("list", n);

	for (size_t i = 0; i < n; i++) {
		struct sha384 label = hash_label("blob", blobs[i].n);
		struct sha384 hash = sha384_of(blobs[i]);
		struct sha384 blob = hash_both(&label, &hash);

		sum = hash_both(&sum, &blob);
	}
	return sum;
}

bool
dataitem_verify(const struct dataitem *item)
{
	struct sha384 hash = dataitem_hash(item);

	return item->owner.n == RSA_WALLET_BYTES &&
	       rsa_verify(item->owner, RSA_PADDING_PSS, HASH_SHA256,
		   BYTES_OF(&hash), item->signature);
}

bool
dataitem_unsigned(const struct dataitem *item)
{
	return bytes_zero(item->signature) && bytes_zero(item->owner);
}

struct message_id
dataitem_id(const struct dataitem *item)
{
	if (!dataitem_unsigned(item))
		return commitments_id(item->signature);
	return dataitem_unsigned_id(item);
}

struct dataitem
dataitem_nobodys(void)
{
	static const uint8_t nobody[RSA_WALLET_BYTES];

	return (struct dataitem){ .signature = bytes_of(nobody, sizeof(nobody)),
		.owner = bytes_of(nobody, sizeof(nobody)) };
}

struct message_id
dataitem_unsigned_id(const struct dataitem *item)
{
	struct dataitem unowned = *item;

	unowned.owner = dataitem_nobodys().owner;
	struct sha384 hash = dataitem_hash(&unowned);

	return commitments_id(BYTES_OF(&hash));
}
