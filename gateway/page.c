/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/page.h"

#include "core/message/pack.h"

/* A copy for good. The arena that is full stays as it is, so that what was
 * kept before goes on being served. */
static bool
keep_bytes(struct bytes *out, struct bytes from, struct arena *keep)
{
	if (keep->size - keep->used < from.n + 16)
		return false;
	*out = arena_copy(keep, from);
	return true;
}

void
page_keep(struct page *page, struct bytes packed, unsigned status,
    struct memory *memory)
{
	struct page fresh = { .status = status };

	if (keep_bytes(&fresh.packed, packed, &memory->keep))
		*page = fresh;
}

bool
page_form(const struct response **out, struct page *page, enum codec codec,
    struct memory *memory, struct fault *f)
{
	struct response *form = &page->forms[codec];
	struct message *m;
	struct response made;

	*out = form;
	if (page->made[codec])
		return true;
	if (!message_unpack(&m, page->packed, &memory->scratch, f) ||
	    !respond_message(&made, m, page->status, codec, f))
		return false;
	page->made[codec] = made.kept =
	    keep_bytes(&made.headers, made.headers, &memory->keep) &&
	    keep_bytes(&made.body, made.body, &memory->keep);
	*form = made;
	return true;
}
