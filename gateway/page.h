/* SPDX-License-Identifier: Apache-2.0 */
/* Signed messages kept in memory, in every codec that was asked for. */
#ifndef GATEWAY_PAGE_H
#define GATEWAY_PAGE_H

#include "gateway/respond.h"

struct page {
	struct bytes packed; /* with its commitments; n == 0: not yet */
	unsigned status;
	bool made[CODEC_COUNT];
	struct response forms[CODEC_COUNT];
};

/* keep is for good; scratch is reset after each request. */
struct memory {
	struct arena keep, scratch;
};

/* Keeps a packed message. A page for which there is no room stays empty. */
void page_keep(struct page *page, struct bytes packed, unsigned status,
    struct memory *memory);

/* The page in a codec, made the first time. */
MUST_CHECK bool page_form(const struct response **out, struct page *page,
    enum codec codec, struct memory *memory, struct fault *f);

#endif
