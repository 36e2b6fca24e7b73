/* SPDX-License-Identifier: Apache-2.0 */
/* The endpoints that are answered without evaluating a path: those kept whole
 * and those that take a flight for each request. */
#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include "gateway/path.h"

#include <stdint.h>

/* Verbs; a request has one of them, an endpoint a set. */
#define VERB_GET     1u
#define VERB_HEAD    2u
#define VERB_POST    4u
#define VERB_OPTIONS 8u
#define VERB_EDIT    16u /* PUT, PATCH, DELETE: a message may be asked by any */
#define VERB_OTHER   32u

/* Results that stay the same for a boot, and are kept. */
enum page_name { PAGE_BOOT, PAGE_INFO, PAGE_NODE, PAGE_SYSTEM, PAGE_COUNT };

enum endpoint_kind {
	ENDPOINT_PAGE,
	ENDPOINT_FRESH,
	ENDPOINT_VERIFY,
	ENDPOINT_UNWRAP,
	ENDPOINT_METRICS,
	ENDPOINT_EVALUATE /* any other path: a fold over devices */
};

struct endpoint {
	const char *device, *key;
	uint32_t verbs;
	enum endpoint_kind kind;
	enum page_name page;
	bool index; /* answered as the node's status page only */
};

uint32_t route_verb(struct bytes method);

/* The endpoint at path for verb, or the one that evaluates; never NULL. */
const struct endpoint *route_find(const struct path *path, uint32_t verb);

#endif
