/* SPDX-License-Identifier: Apache-2.0 */
/* A request's steps folded from the left, each a key of a device. No flights
 * and no HTTP: what is missing is named, and the caller tries again. */
#ifndef GATEWAY_EVALUATE_H
#define GATEWAY_EVALUATE_H

#include "gateway/device.h"
#include "gateway/inbound.h"
#include "gateway/operator.h"
#include "gateway/page.h"
#include "gateway/steps.h"
#include "gateway/store.h"

struct evaluation {
	const struct inbound *in;
	uint32_t verb;
	struct arena *arena;
	const struct page *pages; /* PAGE_COUNT of them */
	const struct store *store;
	struct desk *desk; /* what the operator's calls change */
	int64_t now;       /* seconds of the wall clock */
	/* Set when the evaluation failed because wanted was not there. */
	bool missing;
	enum page_name wanted;
};

/*
 * The result: a message that is to be signed with status, unless it is stored.
 * A literal becomes {ao-result: "body", body: it}; a message's own status, if
 * it is one that an answer may have, is the answer's. Refuses with "gateway.*"
 * (http 19 to 23).
 */
MUST_CHECK bool evaluate(struct result *out, unsigned *status,
    struct evaluation *e, struct fault *f);

/* Refuses steps that name a device which the node has not, used or not:
 * "gateway.unknown-device" (http 21). */
MUST_CHECK bool evaluate_devices(const struct steps *steps, struct fault *f);

/* A page's message without what the answer added, or false with e->missing. */
MUST_CHECK bool evaluate_page(struct message **out, struct evaluation *e,
    enum page_name name, struct fault *f);

#endif
