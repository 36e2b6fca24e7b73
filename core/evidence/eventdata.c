/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/eventdata.h"

#define LIST_HEAD_SIZE 28u

static const uint8_t cert_x509[EVENTDATA_GUID_SIZE] = { 0xa1, 0x59, 0xc0, 0xa5,
	0xe4, 0x94, 0xa7, 0x4a, 0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0,
	0x72 };
static const uint8_t cert_sha256[EVENTDATA_GUID_SIZE] = { 0x26, 0x16, 0xc4,
	0xc1, 0x4c, 0x50, 0x92, 0x40, 0xac, 0xa9, 0x41, 0xf9, 0x36, 0x93, 0x43,
	0x28 };

bool
eventdata_variable(struct eventdata_variable *out, struct bytes in)
{
	struct cursor c = cursor_over(in);
	struct eventdata_variable v;

	v.guid = cursor_take(&c, EVENTDATA_GUID_SIZE);
	uint64_t name = cursor_le64(&c);
	uint64_t data = cursor_le64(&c);

	if (!cursor_ok(&c) || name > c.left / 2)
		return false;
	v.name = cursor_take(&c, (size_t)name * 2);
	if (data != c.left)
		return false;
	v.data = cursor_rest(&c);
	*out = v;
	return true;
}

bool
eventdata_name_is(struct bytes ucs2, const char *text)
{
	size_t n = strlen(text);

	if (ucs2.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (ucs2.p[2 * i] != (uint8_t)text[i] || ucs2.p[2 * i + 1] != 0)
			return false;
	return true;
}

bool
eventdata_tag(uint32_t *id, struct bytes *data, struct bytes in)
{
	struct cursor c = cursor_over(in);

	*id = cursor_le32(&c);
	*data = cursor_take(&c, cursor_le32(&c));
	return cursor_done(&c);
}

struct eventdata_walk
eventdata_walk(struct bytes lists)
{
	return (struct eventdata_walk){ .lists = cursor_over(lists) };
}

/* Opens the next list; false at the end or at lengths that make no sense. */
static bool
open_list(struct eventdata_walk *w)
{
	struct cursor *c = &w->lists;
	struct bytes type = cursor_take(c, EVENTDATA_GUID_SIZE);
	uint32_t list = cursor_le32(c);
	uint32_t header = cursor_le32(c);
	uint32_t entry = cursor_le32(c);

	if (!cursor_ok(c) || list < LIST_HEAD_SIZE ||
	    header > list - LIST_HEAD_SIZE || entry <= EVENTDATA_GUID_SIZE ||
	    (list - LIST_HEAD_SIZE - header) % entry != 0)
		return false;
	(void)cursor_take(c, header);
	struct bytes entries = cursor_take(c, list - LIST_HEAD_SIZE - header);

	if (!cursor_ok(c))
		return false;
	w->entries = cursor_over(entries);
	w->size = entry;
	w->kind = EVENTDATA_OTHER;
	if (bytes_equal(type, bytes_of(cert_x509, sizeof(cert_x509))))
		w->kind = EVENTDATA_CERTIFICATE;
	else if (bytes_equal(type, bytes_of(cert_sha256, sizeof(cert_sha256))))
		w->kind = EVENTDATA_HASH;
	return true;
}

bool
eventdata_next(
    struct eventdata_walk *w, struct eventdata_signature *out, bool *ok)
{
	while (w->entries.left == 0) {
		if (w->lists.left == 0) {
			*ok = cursor_ok(&w->lists);
			return false;
		}
		if (!open_list(w)) {
			*ok = false;
			return false;
		}
	}
	out->kind = w->kind;
	out->owner = cursor_take(&w->entries, EVENTDATA_GUID_SIZE);
	out->data = cursor_take(&w->entries, w->size - EVENTDATA_GUID_SIZE);
	return true;
}
