/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/codec.h"

#include "core/base/cursor.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Blocks of the unpacker's zone: the items of the largest frame fit in one. */
#define ZONE_CHUNK (CODEC_ITEMS_MAX * sizeof(msgpack_object) + 64)

/* Array and longest name or code, as an upper bound. */
#define HEAD_SIZE 80u

/* What may follow an item's first byte; a smaller number or length than
 * `least` has a shorter form, so it is not canonical. */
static const struct form {
	uint8_t tag, width;
	bool body;
	uint64_t least;
} forms[] = {
	{ 0xc2, 0, false, 0 },                         /* false */
	{ 0xc3, 0, false, 0 },                         /* true */
	{ 0xc4, 1, true, 0 },                          /* bin8 */
	{ 0xc5, 2, true, UINT8_MAX + 1u },             /* bin16 */
	{ 0xc6, 4, true, UINT16_MAX + 1u },            /* bin32 */
	{ 0xcc, 1, false, 0x80 },                      /* uint8 */
	{ 0xcd, 2, false, UINT8_MAX + 1u },            /* uint16 */
	{ 0xce, 4, false, UINT16_MAX + 1u },           /* uint32 */
	{ 0xcf, 8, false, (uint64_t)UINT32_MAX + 1u }, /* uint64 */
	{ 0xd9, 1, true, 32 },                         /* str8 */
};

static const struct form *
form_of(uint8_t tag)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].tag == tag)
			return &forms[i];
	}
	return NULL;
}

/* Steps over one item; false unless it is of a known form, the shortest one. */
static bool
skip_item(struct cursor *c)
{
	uint8_t tag = cursor_u8(c);

	if (tag <= 0x7f)
		return true;
	if (tag >= 0xa0 && tag <= 0xbf) {
		(void)cursor_take(c, tag & 0x1f);
		return true;
	}
	const struct form *form = form_of(tag);
	uint64_t value = 0;

	if (form == NULL)
		return false;
	for (unsigned i = 0; i < form->width; i++)
		value = value << 8 | cursor_u8(c);
	if (value < form->least)
		return false;
	if (form->body)
		(void)cursor_take(c, value);
	return true;
}

/* msgpack-c takes memory by the counts it reads, so none reaches it that the
 * bytes do not bear out. */
static bool
check(struct bytes in, struct fault *f)
{
	struct cursor c = cursor_over(in);
	uint8_t tag = cursor_u8(&c);

	if (tag <= 0x90 || tag > 0x90 + CODEC_ITEMS_MAX)
		return fail(f, FAULT_INPUT, "ipc.frame",
		    "ipc 3: first byte 0x%02x is no array of 1 to 15", tag);
	for (unsigned i = 0; i < tag - 0x90u; i++) {
		if (!skip_item(&c))
			return fail(f, FAULT_INPUT, "ipc.frame",
			    "ipc 3: item %u is of no canonical form", i);
	}
	if (!cursor_ok(&c))
		return fail(
		    f, FAULT_INPUT, "ipc.frame", "ipc 3: ends within an item");
	if (!cursor_done(&c))
		return fail(f, FAULT_INPUT, "ipc.frame",
		    "ipc 3: %zu bytes behind the array", c.left);
	return true;
}

bool
codec_open(struct codec_frame *out, struct bytes in, struct fault *f)
{
	msgpack_object top;
	size_t end = 0;

	if (!check(in, f))
		return false;
	if (!msgpack_zone_init(&out->zone, ZONE_CHUNK))
		return fail(f, FAULT_LIMIT, "limit.memory", "base 1: no zone");
	msgpack_unpack_return got =
	    msgpack_unpack((const char *)in.p, in.n, &end, &out->zone, &top);

	if (got != MSGPACK_UNPACK_SUCCESS || end != in.n ||
	    top.type != MSGPACK_OBJECT_ARRAY) {
		msgpack_zone_destroy(&out->zone);
		return fail(f, FAULT_INPUT, "ipc.frame",
		    "ipc 3: the unpacker stops at %zu with %d", end, got);
	}
	out->items = top.via.array.ptr;
	out->count = top.via.array.size;
	return true;
}

void
codec_close(struct codec_frame *frame)
{
	msgpack_zone_destroy(&frame->zone);
	*frame = (struct codec_frame){ 0 };
}

static struct bytes
text_of(const msgpack_object *item)
{
	if (item->type != MSGPACK_OBJECT_STR)
		return (struct bytes){ 0 };
	return bytes_of(item->via.str.ptr, item->via.str.size);
}

struct bytes
codec_name(const struct codec_frame *frame)
{
	return text_of(&frame->items[0]);
}

/* Stores the item and says what the table bounds: a number or a length. */
static uint64_t
store(void *to, enum field_type type, const msgpack_object *item)
{
	struct bytes bytes;
	bool set;

	switch (type) {
	case FIELD_U64:
		memcpy(to, &item->via.u64, sizeof(item->via.u64));
		return item->via.u64;
	case FIELD_BOOL:
		set = item->via.boolean;
		memcpy(to, &set, sizeof(set));
		return set;
	case FIELD_BYTES:
		bytes = bytes_of(item->via.bin.ptr, item->via.bin.size);
		memcpy(to, &bytes, sizeof(bytes));
		return bytes.n;
	}
	return 0;
}

static bool
in_range(const struct field *field, uint64_t measure, enum fault_code code,
    struct fault *f)
{
	if (measure >= field->min && measure <= field->max)
		return true;
	return fail(f, code, "ipc.field",
	    "ipc 5: %s is %llu, want %llu to %llu", field->name,
	    (unsigned long long)measure, (unsigned long long)field->min,
	    (unsigned long long)field->max);
}

static bool
read_field(void *out, const struct field *field, const msgpack_object *item,
    struct fault *f)
{
	static const msgpack_object_type types[] = {
		[FIELD_U64] = MSGPACK_OBJECT_POSITIVE_INTEGER,
		[FIELD_BOOL] = MSGPACK_OBJECT_BOOLEAN,
		[FIELD_BYTES] = MSGPACK_OBJECT_BIN,
	};

	if (item->type != types[field->type])
		return fail(f, FAULT_INPUT, "ipc.frame",
		    "ipc 4: %s is of another type", field->name);
	uint64_t measure =
	    store((uint8_t *)out + field->offset, field->type, item);

	return in_range(field, measure, FAULT_INPUT, f);
}

bool
codec_fields(void *out, const struct shape *shape,
    const struct codec_frame *frame, struct fault *f)
{
	bool good = true;

	if (shape->size != 0)
		memset(out, 0, shape->size);
	if (frame->count != shape->count + 1)
		return fail(f, FAULT_INPUT, "ipc.frame",
		    "ipc 4: %zu fields, want the %zu of %s", frame->count - 1,
		    shape->count, shape->name);
	for (size_t i = 0; good && i < shape->count; i++)
		good =
		    read_field(out, &shape->fields[i], &frame->items[i + 1], f);
	if (!good)
		memset(out, 0, shape->size);
	return good;
}

static bool
printable(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	}
	return text.n != 0;
}

bool
codec_succeeded(const struct codec_frame *frame, struct fault *f)
{
	const msgpack_object *head = frame->items;

	if (head->type == MSGPACK_OBJECT_POSITIVE_INTEGER && head->via.u64 == 0)
		return true;
	struct bytes reason = { 0 }, why = { 0 };

	if (frame->count == 3) {
		reason = text_of(&head[1]);
		why = text_of(&head[2]);
	}
	if (head->type != MSGPACK_OBJECT_POSITIVE_INTEGER ||
	    head->via.u64 >= FAULT_COUNT || !printable(reason) ||
	    !printable(why) || reason.n >= sizeof(f->reason) ||
	    why.n >= sizeof(f->why))
		return fail(
		    f, FAULT_INPUT, "ipc.frame", "ipc 4: no reply's head");
	*f = (struct fault){ .code = (enum fault_code)head->via.u64 };
	(void)snprintf(f->reason, sizeof(f->reason), "%.*s", (int)reason.n,
	    (const char *)reason.p);
	(void)snprintf(
	    f->why, sizeof(f->why), "%.*s", (int)why.n, (const char *)why.p);
	return false;
}

size_t
codec_size(const struct shape *shape, const void *value)
{
	size_t size = HEAD_SIZE;

	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		struct bytes bytes = { 0 };

		if (field->type == FIELD_BYTES)
			memcpy(&bytes, (const uint8_t *)value + field->offset,
			    sizeof(bytes));
		size += 9 + bytes.n;
	}
	return size;
}

static int
write_to(void *data, const char *bytes, size_t n)
{
	buf_put(data, bytes_of(bytes, n));
	return 0;
}

static msgpack_packer
packer_over(struct buf *to)
{
	msgpack_packer pk;

	msgpack_packer_init(&pk, to, write_to);
	return pk;
}

static bool
put_field(msgpack_packer *pk, const struct field *field, const void *value,
    struct fault *f)
{
	const uint8_t *from = (const uint8_t *)value + field->offset;
	struct bytes bytes;
	uint64_t number;
	bool set;

	switch (field->type) {
	case FIELD_U64:
		memcpy(&number, from, sizeof(number));
		(void)msgpack_pack_uint64(pk, number);
		return in_range(field, number, FAULT_LIMIT, f);
	case FIELD_BOOL:
		memcpy(&set, from, sizeof(set));
		(void)(set ? msgpack_pack_true(pk) : msgpack_pack_false(pk));
		return in_range(field, set, FAULT_LIMIT, f);
	case FIELD_BYTES:
		memcpy(&bytes, from, sizeof(bytes));
		if (!in_range(field, bytes.n, FAULT_LIMIT, f))
			return false;
		(void)msgpack_pack_bin_with_body(pk, bytes.p, bytes.n);
		return true;
	}
	return false;
}

static bool
put_fields(msgpack_packer *pk, const struct shape *shape, const void *value,
    struct fault *f)
{
	const struct buf *to = pk->data;

	for (size_t i = 0; i < shape->count; i++) {
		if (!put_field(pk, &shape->fields[i], value, f))
			return false;
	}
	if (to->full)
		return fail(f, FAULT_LIMIT, "ipc.size",
		    "ipc 6: %s needs more than %zu bytes", shape->name,
		    to->size);
	return true;
}

bool
codec_put_request(struct buf *to, const struct method *method, const void *in,
    struct fault *f)
{
	msgpack_packer pk = packer_over(to);

	assert(method->takes->count < CODEC_ITEMS_MAX);
	(void)msgpack_pack_array(&pk, method->takes->count + 1);
	(void)msgpack_pack_str_with_body(
	    &pk, method->name, strlen(method->name));
	return put_fields(&pk, method->takes, in, f);
}

bool
codec_put_reply(
    struct buf *to, const struct shape *shape, const void *out, struct fault *f)
{
	msgpack_packer pk = packer_over(to);

	assert(shape->count < CODEC_ITEMS_MAX);
	(void)msgpack_pack_array(&pk, shape->count + 1);
	(void)msgpack_pack_uint8(&pk, 0);
	return put_fields(&pk, shape, out, f);
}

/* A fault's text may quote what a stranger sent. */
static void
put_text(msgpack_packer *pk, const char *text)
{
	char clean[sizeof(((struct fault *)0)->why)];
	size_t n = 0;

	for (; n < sizeof(clean) - 1 && text[n] != '\0'; n++) {
		clean[n] = text[n];
		if (text[n] < ' ' || text[n] > '~')
			clean[n] = '?';
	}
	if (n == 0)
		clean[n++] = '?';
	(void)msgpack_pack_str_with_body(pk, clean, n);
}

void
codec_put_fault(struct buf *to, const struct fault *fault)
{
	msgpack_packer pk = packer_over(to);

	assert(fault->code > FAULT_NONE && fault->code < FAULT_COUNT);
	(void)msgpack_pack_array(&pk, 3);
	(void)msgpack_pack_uint8(&pk, (uint8_t)fault->code);
	put_text(&pk, fault->reason);
	put_text(&pk, fault->why);
	assert(!to->full);
}
