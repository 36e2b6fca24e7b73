/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/ovmf.h"

#include "core/base/cursor.h"
#include "core/evidence/kernelhashes.h"

#define FOUR_GIB    (UINT64_C(1) << 32)
#define GUID_SIZE   16u
#define ENTRY_SIZE  (2u + GUID_SIZE)
#define BEHIND      32u /* bytes between the table and the image's end */
#define HEADER_SIZE 16u
#define SECTION     12u

/* GUIDs as they stand in an image. */
static const uint8_t table_guid[] = { 0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f, 0xf7,
	0x45, 0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d };
static const uint8_t reset_guid[] = { 0xde, 0x71, 0xf7, 0x00, 0x7e, 0x1a, 0xcb,
	0x4f, 0x89, 0x0e, 0x68, 0xc7, 0x7e, 0x2f, 0xb4, 0x4e };
static const uint8_t hashes_guid[] = { 0x1f, 0x37, 0x55, 0x72, 0x3b, 0x3a, 0x04,
	0x4b, 0x92, 0x7b, 0x1d, 0xa6, 0xef, 0xa8, 0xd4, 0x54 };
static const uint8_t metadata_guid[] = { 0x66, 0x65, 0x88, 0xdc, 0x4a, 0x98,
	0x98, 0x47, 0xa7, 0x5e, 0x55, 0x85, 0xa7, 0xbf, 0x67, 0xcc };

/* The entries that we read; the data of one that is absent is empty. */
struct table {
	struct bytes reset, hashes, metadata;
};

static bool
malformed(struct fault *f, const char *what)
{
	return fail(f, FAULT_INPUT, "snp.launch.firmware",
	    "evidence 40: firmware: %s", what);
}

static bool
is_guid(struct bytes guid, const uint8_t want[GUID_SIZE])
{
	return bytes_equal(guid, bytes_of(want, GUID_SIZE));
}

/* Hosts differ in which of two entries they take, so there must be one. */
static bool
keep(struct bytes *into, struct bytes data, size_t size, struct fault *f)
{
	if (into->n != 0)
		return malformed(f, "an entry stands twice in its table");
	if (data.n != size)
		return malformed(f, "an entry of its table has a wrong size");
	*into = data;
	return true;
}

/* The entry that *rest ends with; entries are read from their ends. */
static bool
take_entry(struct table *t, struct bytes *rest, struct fault *f)
{
	if (rest->n < ENTRY_SIZE)
		return malformed(f, "bytes are left over in its table");
	struct cursor c =
	    cursor_over(bytes_of(rest->p + rest->n - ENTRY_SIZE, ENTRY_SIZE));
	size_t size = cursor_le16(&c);
	struct bytes guid = cursor_take(&c, GUID_SIZE);

	if (size < ENTRY_SIZE || size > rest->n)
		return malformed(f, "an entry is longer than its table");
	rest->n -= size;
	struct bytes data = bytes_of(rest->p + rest->n, size - ENTRY_SIZE);

	if (is_guid(guid, reset_guid))
		return keep(&t->reset, data, 4, f);
	if (is_guid(guid, hashes_guid))
		return keep(&t->hashes, data, 8, f);
	if (is_guid(guid, metadata_guid))
		return keep(&t->metadata, data, 4, f);
	return true;
}

static bool
take_table(struct table *t, struct bytes image, struct fault *f)
{
	struct bytes footer =
	    bytes_of(image.p + image.n - BEHIND - ENTRY_SIZE, ENTRY_SIZE);
	struct cursor c = cursor_over(footer);
	size_t size = cursor_le16(&c);

	if (!is_guid(cursor_take(&c, GUID_SIZE), table_guid))
		return malformed(f, "it has no table of GUIDs");
	if (size < ENTRY_SIZE || size > image.n - BEHIND)
		return malformed(f, "its table is longer than the image");
	size -= ENTRY_SIZE;
	struct bytes rest = bytes_of(footer.p - size, size);

	while (rest.n != 0)
		if (!take_entry(t, &rest, f))
			return false;
	return true;
}

static bool
take_section(struct ovmf *o, struct cursor *c, struct fault *f)
{
	struct ovmf_section *s = &o->sections[o->nsections];

	s->gpa = cursor_le32(c);
	s->size = cursor_le32(c);
	uint32_t kind = cursor_le32(c);

	switch (kind) {
	case OVMF_SEC_MEM:
	case OVMF_SECRETS:
	case OVMF_CPUID:
	case OVMF_SVSM_CAA:
	case OVMF_KERNEL_HASHES:
		s->kind = (enum ovmf_kind)kind;
		o->nsections++;
		return true;
	default:
		return fail(f, FAULT_INPUT, "snp.launch.firmware",
		    "evidence 40: firmware: a section of kind 0x%x", kind);
	}
}

static bool
take_metadata(
    struct ovmf *o, struct bytes image, struct bytes entry, struct fault *f)
{
	struct cursor c = cursor_over(entry);
	uint32_t from_end = cursor_le32(&c);

	if (entry.n == 0)
		return malformed(f, "it has no SEV metadata");
	if (from_end > image.n || from_end < HEADER_SIZE)
		return malformed(f, "its SEV metadata lies outside");
	c = cursor_over(bytes_of(image.p + image.n - from_end, from_end));
	struct bytes magic = cursor_take(&c, 4);
	uint32_t size = cursor_le32(&c), version = cursor_le32(&c);
	uint32_t count = cursor_le32(&c);

	if (!bytes_is(magic, "ASEV") || version != 1)
		return malformed(f, "its SEV metadata is not of version 1");
	if (count > OVMF_SECTIONS_MAX ||
	    size != HEADER_SIZE + count * SECTION || size > from_end)
		return malformed(f, "its SEV metadata has a wrong size");
	for (uint32_t i = 0; i < count; i++)
		if (!take_section(o, &c, f))
			return false;
	return true;
}

static bool
overlap(const struct ovmf_section *a, const struct ovmf_section *b)
{
	return a->gpa < (uint64_t)b->gpa + b->size &&
	       b->gpa < (uint64_t)a->gpa + a->size;
}

static bool
check_section(const struct ovmf *o, size_t i, struct fault *f)
{
	const struct ovmf_section *s = &o->sections[i];
	bool single = s->kind != OVMF_SEC_MEM && s->kind != OVMF_SVSM_CAA;

	if (s->gpa % PAGEINFO_PAGE != 0 || s->size % PAGEINFO_PAGE != 0 ||
	    s->size == 0 || s->gpa + (uint64_t)s->size > FOUR_GIB)
		return malformed(f, "a section is not of whole pages");
	if (single && (s->size != PAGEINFO_PAGE || ovmf_find(o, s->kind) != s))
		return malformed(f, "a section that is one page is more");
	for (size_t j = 0; j < i; j++)
		if (overlap(s, &o->sections[j]))
			return malformed(f, "two sections overlap");
	return true;
}

bool
ovmf_check(const struct ovmf *o, struct fault *f)
{
	const struct ovmf_section *hashes = ovmf_find(o, OVMF_KERNEL_HASHES);
	uint32_t in_page = o->hash_table % PAGEINFO_PAGE;
	uint64_t pages = 0;

	for (size_t i = 0; i < o->nsections; i++) {
		if (!check_section(o, i, f))
			return false;
		pages += o->sections[i].size / PAGEINFO_PAGE;
	}
	if (pages > OVMF_PAGES_MAX)
		return fail(f, FAULT_LIMIT, "snp.launch.firmware",
		    "evidence 40: firmware: sections of %ju pages, at most %u",
		    (uintmax_t)pages, OVMF_PAGES_MAX);
	if (hashes != NULL && o->hash_table - in_page != hashes->gpa)
		return malformed(f, "it reads hashes that are not measured");
	if (hashes != NULL && in_page > PAGEINFO_PAGE - KERNELHASHES_SIZE)
		return malformed(f, "its hash table crosses a page");
	return true;
}

const struct ovmf_section *
ovmf_find(const struct ovmf *o, enum ovmf_kind kind)
{
	for (size_t i = 0; i < o->nsections; i++)
		if (o->sections[i].kind == kind)
			return &o->sections[i];
	return NULL;
}

static bool
check_clear_of_image(const struct ovmf *o, uint64_t base, struct fault *f)
{
	for (size_t i = 0; i < o->nsections; i++)
		if (o->sections[i].gpa + (uint64_t)o->sections[i].size > base)
			return malformed(f, "a section overlaps the image");
	return true;
}

bool
ovmf_parse(struct ovmf *out, struct bytes image, struct fault *f)
{
	struct ovmf o = { 0 };
	struct table t = { 0 };

	if (image.n > OVMF_SIZE_MAX)
		return fail(f, FAULT_LIMIT, "snp.launch.firmware",
		    "evidence 40: firmware of %zu bytes, at most %u", image.n,
		    OVMF_SIZE_MAX);
	if (image.n == 0 || image.n % PAGEINFO_PAGE != 0)
		return malformed(f, "it is not of whole pages");
	if (!take_table(&t, image, f) ||
	    !take_metadata(&o, image, t.metadata, f))
		return false;
	struct cursor reset = cursor_over(t.reset);
	struct cursor hashes = cursor_over(t.hashes);

	o.ap_reset = cursor_le32(&reset);
	o.hash_table = cursor_le32(&hashes);
	if (!ovmf_check(&o, f) ||
	    !check_clear_of_image(&o, FOUR_GIB - image.n, f))
		return false;
	pageinfo_add_normal(&o.chain, FOUR_GIB - image.n, image);
	*out = o;
	return true;
}
