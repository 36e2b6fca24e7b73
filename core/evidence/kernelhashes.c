/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/kernelhashes.h"

#include <assert.h>

#include "core/base/buf.h"

#define GUID_SIZE  16u
#define ENTRY_SIZE (GUID_SIZE + 2 + sizeof(struct sha256))
#define TABLE_SIZE (GUID_SIZE + 2 + 3 * ENTRY_SIZE)

static_assert((TABLE_SIZE + 15) / 16 * 16 == KERNELHASHES_SIZE, "padded to 16");

static const uint8_t table_guid[] = { 0x06, 0xd6, 0x38, 0x94, 0x22, 0x4f, 0xc9,
	0x4c, 0xb4, 0x79, 0xa7, 0x93, 0xd4, 0x11, 0xfd, 0x21 };
static const uint8_t cmdline_guid[] = { 0xd8, 0x2d, 0xd0, 0x97, 0x20, 0xbd,
	0x94, 0x4c, 0xaa, 0x78, 0xe7, 0x71, 0x4d, 0x36, 0xab, 0x2a };
static const uint8_t initrd_guid[] = { 0x31, 0xf7, 0xba, 0x44, 0x2f, 0x3a, 0xd7,
	0x4b, 0x9a, 0xf1, 0x41, 0xe2, 0x91, 0x69, 0x78, 0x1d };
static const uint8_t kernel_guid[] = { 0x37, 0x94, 0xe7, 0x4d, 0xd2, 0xab, 0x7f,
	0x42, 0xb8, 0x35, 0xd5, 0xb1, 0x72, 0xd2, 0x04, 0x5b };

struct kernelhashes
kernelhashes_of(struct bytes kernel, struct bytes initrd, struct bytes cmdline)
{
	const struct bytes line[] = { cmdline, bytes_of("", 1) };
	struct kernelhashes h = { .kernel = sha256_of(kernel),
		.initrd = sha256_of(initrd) };

	hash_parts(HASH_SHA256, h.cmdline.b, line, 2);
	return h;
}

static void
put_entry(struct buf *b, const uint8_t guid[GUID_SIZE], const struct sha256 *h)
{
	buf_put(b, bytes_of(guid, GUID_SIZE));
	buf_le16(b, ENTRY_SIZE);
	buf_put(b, BYTES_OF(h));
}

void
kernelhashes_page(
    uint8_t page[PAGEINFO_PAGE], const struct kernelhashes *h, size_t at)
{
	assert(at <= PAGEINFO_PAGE - KERNELHASHES_SIZE);
	struct buf b = buf_over(page + at, TABLE_SIZE);

	memset(page, 0, PAGEINFO_PAGE);
	buf_put(&b, bytes_of(table_guid, GUID_SIZE));
	buf_le16(&b, TABLE_SIZE);
	put_entry(&b, cmdline_guid, &h->cmdline);
	put_entry(&b, initrd_guid, &h->initrd);
	put_entry(&b, kernel_guid, &h->kernel);
}
