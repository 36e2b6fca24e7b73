/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snptable.h"

#include <stddef.h>

#include "core/base/cursor.h"

#define ENTRY_SIZE 24u
#define GUID_SIZE  16u

struct entry {
	struct bytes guid;
	uint64_t offset, length;
};

/* GUIDs in the order of their text, as the GHCB specification writes them. */
/* clang-format off */
static const struct {
	uint8_t guid[GUID_SIZE];
	size_t member;
} kinds[] = {
	{ { 0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
	    0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae }, offsetof(struct snptable, ark) },
	{ { 0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
	    0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82 }, offsetof(struct snptable, ask) },
	{ { 0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
	    0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd }, offsetof(struct snptable, vcek) },
	{ { 0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
	    0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1 }, offsetof(struct snptable, vlek) },
	{ { 0x92, 0xf8, 0x1b, 0xc3, 0x58, 0x11, 0x4d, 0x3d,
	    0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc, 0x67, 0xea }, offsetof(struct snptable, crl) },
};
/* clang-format on */

/* The entries before the one of zeros. */
static bool
take_entries(struct entry *out, size_t *n, struct cursor *c, struct fault *f)
{
	static const uint8_t none[GUID_SIZE];

	for (*n = 0; *n <= SNPTABLE_ENTRIES_MAX; (*n)++) {
		struct entry e;

		e.guid = cursor_take(c, GUID_SIZE);
		e.offset = cursor_le32(c);
		e.length = cursor_le32(c);
		if (!cursor_ok(c))
			return fail(f, FAULT_INPUT, "snp.table.end",
			    "evidence 23: no entry of zeros ends the table");
		if (bytes_equal(e.guid, bytes_of(none, GUID_SIZE)) &&
		    e.offset == 0 && e.length == 0)
			return true;
		if (*n < SNPTABLE_ENTRIES_MAX)
			out[*n] = e;
	}
	return fail(f, FAULT_LIMIT, "snp.table.size",
	    "evidence 23: more than %u entries", SNPTABLE_ENTRIES_MAX);
}

static bool
overlap(const struct entry *a, const struct entry *b)
{
	return a->offset < b->offset + b->length &&
	       b->offset < a->offset + a->length;
}

static bool
check_entry(const struct entry *all, size_t i, struct bytes in, struct fault *f)
{
	const struct entry *e = &all[i];

	if (e->length == 0 || e->offset + e->length > in.n)
		return fail(f, FAULT_INPUT, "snp.table.entry",
		    "evidence 23: entry %zu: bytes 0x%llx to 0x%llx of 0x%zx",
		    i, (unsigned long long)e->offset,
		    (unsigned long long)(e->offset + e->length), in.n);
	for (size_t k = 0; k < i; k++) {
		if (bytes_equal(e->guid, all[k].guid))
			return fail(f, FAULT_INPUT, "snp.table.duplicate",
			    "evidence 23: entries %zu and %zu are of one kind",
			    k, i);
		if (overlap(e, &all[k]))
			return fail(f, FAULT_INPUT, "snp.table.overlap",
			    "evidence 23: entries %zu and %zu share bytes", k,
			    i);
	}
	return true;
}

static void
assign(struct snptable *out, const struct entry *e, struct bytes in)
{
	struct cursor c = cursor_over(in);

	(void)cursor_take(&c, (size_t)e->offset);
	struct bytes data = cursor_take(&c, (size_t)e->length);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!bytes_equal(e->guid, bytes_of(kinds[i].guid, GUID_SIZE)))
			continue;
		memcpy((uint8_t *)out + kinds[i].member, &data, sizeof(data));
		return;
	}
	out->unknown++;
}

bool
snptable_parse(struct snptable *out, struct bytes in, struct fault *f)
{
	struct entry all[SNPTABLE_ENTRIES_MAX];
	struct snptable table = { 0 };
	struct cursor c = cursor_over(in);
	size_t n;

	if (in.n > SNPTABLE_SIZE_MAX)
		return fail(f, FAULT_LIMIT, "snp.table.size",
		    "evidence 23: %zu bytes, at most %u", in.n,
		    SNPTABLE_SIZE_MAX);
	if (!take_entries(all, &n, &c, f))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (all[i].offset < in.n - c.left)
			return fail(f, FAULT_INPUT, "snp.table.overlap",
			    "evidence 23: entry %zu lies in the entries", i);
		if (!check_entry(all, i, in, f))
			return false;
		assign(&table, &all[i], in);
	}
	*out = table;
	return true;
}
