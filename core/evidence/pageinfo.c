/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/pageinfo.h"

#include "core/base/buf.h"

#define PAGE_INFO_SIZE 0x70u

void
pageinfo_add(struct sha384 *chain, enum pageinfo_type type, uint64_t gpa,
    const struct sha384 *contents)
{
	uint8_t info[PAGE_INFO_SIZE];
	struct buf b = buf_over(info, sizeof(info));

	buf_put(&b, BYTES_OF(chain));
	buf_put(&b, BYTES_OF(contents));
	buf_le16(&b, PAGE_INFO_SIZE);
	buf_u8(&b, (uint8_t)type);
	/* No page of an incoming image, no permissions of VMPL 3 to 1. */
	buf_le32(&b, 0);
	buf_u8(&b, 0);
	buf_le64(&b, gpa);
	*chain = sha384_of(buf_bytes(&b));
}

void
pageinfo_add_normal(struct sha384 *chain, uint64_t gpa, struct bytes pages)
{
	for (size_t at = 0; pages.n - at >= PAGEINFO_PAGE;
	    at += PAGEINFO_PAGE) {
		struct sha384 contents =
		    sha384_of(bytes_of(pages.p + at, PAGEINFO_PAGE));

		pageinfo_add(chain, PAGEINFO_NORMAL, gpa + at, &contents);
	}
}

void
pageinfo_add_empty(
    struct sha384 *chain, enum pageinfo_type type, uint64_t gpa, uint64_t size)
{
	static const struct sha384 none;

	for (uint64_t at = 0; size - at >= PAGEINFO_PAGE; at += PAGEINFO_PAGE)
		pageinfo_add(chain, type, gpa + at, &none);
}
