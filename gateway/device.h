/* SPDX-License-Identifier: Apache-2.0 */
/* The devices: which keys of them answer, and how. A key is a row of the table;
 * a row needs nothing of HTTP. */
#ifndef GATEWAY_DEVICE_H
#define GATEWAY_DEVICE_H

#include "core/message/message.h"
#include "gateway/route.h"

/* What a key gives. */
struct result {
	struct value value;
	/* The value is a message that the node published: sent unchanged, with
	 * the commitments that prove it. */
	bool is_stored;
};

struct evaluation;

struct device_call {
	struct evaluation *at;
	struct value base;             /* what the steps before gave */
	const struct message *request; /* this step's keys, and the request's */
	struct bytes key;              /* as the path names it */
	struct arena *arena;
};

struct device_key {
	const char *device;
	const char *key; /* NULL: every key that has no row */
	uint32_t verbs;  /* set of VERB_*; HEAD goes with GET */
	bool (*answer)(struct result *out, const struct device_call *call,
	    struct fault *f);
};

/* The row of a device's key; refuses with "gateway.unknown-device" or
 * "gateway.unknown-key" (http 7). */
MUST_CHECK bool device_find(const struct device_key **out, struct bytes device,
    struct bytes key, struct fault *f);

bool device_exists(struct bytes device);

#endif
