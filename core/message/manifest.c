/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/manifest.h"

#include "core/base/base64.h"
#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/message/id.h"

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "ans104.bundle", "message 18: %s", what);
}

/* Of what a key may be (message 6), nothing that JSON would write otherwise. */
static bool
is_plain(struct bytes key)
{
	for (size_t i = 0; i < key.n; i++) {
		uint8_t byte = key.p[i];

		if (byte <= ' ' || byte > '~' || byte == '"' || byte == '\\')
			return false;
	}
	return key.n != 0 && key.n <= MESSAGE_KEY_MAX;
}

static bool
take_literal(struct cursor *c, char byte)
{
	return cursor_u8(c) == (uint8_t)byte;
}

/* "KEY":"ID" behind all that are there already. */
static bool
take_entry(struct manifest *out, struct cursor *c, struct fault *f)
{
	size_t at = out->count;

	if (at == MESSAGE_KEYS_MAX)
		return fail(f, FAULT_LIMIT, "message.keys",
		    "message 18: over %u names in a bundle", MESSAGE_KEYS_MAX);
	if (!take_literal(c, '"'))
		return malformed(f, "an index without a name");
	out->keys[at] = cursor_until(c, '"');
	if (!is_plain(out->keys[at]) ||
	    (at != 0 && bytes_order(out->keys[at - 1], out->keys[at]) >= 0))
		return malformed(f, "a name that none would be, or no order");
	if (!take_literal(c, ':') || !take_literal(c, '"') ||
	    !message_id_parse(&out->ids[at], cursor_until(c, '"'), f))
		return malformed(f, "a name without an id");
	out->count++;
	return true;
}

static bool
parse_index(struct manifest *out, struct bytes text, struct fault *f)
{
	struct cursor c = cursor_over(text);
	bool open = take_literal(&c, '{');

	out->count = 0;
	if (!open)
		return malformed(f, "an index that is none");
	if (bytes_is(text, "{}"))
		return true;
	while (open) {
		if (!take_entry(out, &c, f))
			return false;
		uint8_t next = cursor_u8(&c);

		if (next != ',' && next != '}')
			return malformed(f, "an index that does not end");
		open = next == ',';
	}
	return cursor_done(&c) || malformed(f, "bytes behind the index");
}

bool
manifest_parse(struct manifest *out, const struct dataitem *item,
    struct arena *a, struct fault *f)
{
	struct dataitem again;
	struct bytes given, made;

	if (!parse_index(out, item->data, f) ||
	    !manifest_write(&again, out, a, f) ||
	    !dataitem_write(&given, item, a, f) ||
	    !dataitem_write(&made, &again, a, f))
		return false;
	return bytes_equal(given, made) ||
	       malformed(f, "an index of another kind");
}

bool
manifest_write(struct dataitem *out, const struct manifest *index,
    struct arena *a, struct fault *f)
{
	size_t room = sizeof("{}");

	for (size_t i = 0; i < index->count; i++) {
		if (!is_plain(index->keys[i]))
			return fail(f, FAULT_INPUT, "message.key",
			    "message 18: a key that an index cannot name");
		room += index->keys[i].n + MESSAGE_ID_TEXT + 6;
	}
	struct buf b = buf_in(a, room);

	buf_u8(&b, '{');
	for (size_t i = 0; i < index->count; i++) {
		buf_text(&b, i == 0 ? "\"" : ",\"");
		buf_put(&b, index->keys[i]);
		buf_text(&b, "\":\"");
		base64_put(&b, BASE64_URL, BYTES_OF(&index->ids[i]));
		buf_u8(&b, '"');
	}
	buf_u8(&b, '}');
	*out = dataitem_nobodys();
	out->data = buf_bytes(&b);
	out->tags[0] = (struct dataitem_tag){ BYTES("data-protocol"),
		BYTES("bundle-map") };
	out->tags[1] =
	    (struct dataitem_tag){ BYTES("variant"), BYTES("0.0.1") };
	out->ntags = 2;
	return buf_check(&b, f) && dataitem_write_tags(out, a, f);
}
