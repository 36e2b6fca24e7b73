/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/route.h"

#define READ (VERB_GET | VERB_HEAD)

/* clang-format off */
static const struct endpoint endpoints[] = {
	/* device            key              verbs      kind              page         index */
	{ "measurement@1.0", "boot",          READ,      ENDPOINT_PAGE,    PAGE_BOOT,   false },
	{ "measurement@1.0", "info",          READ,      ENDPOINT_PAGE,    PAGE_INFO,   false },
	{ "measurement@1.0", "fresh",         READ,      ENDPOINT_FRESH,   PAGE_COUNT,  false },
	{ "measurement@1.0", "verify",        VERB_POST, ENDPOINT_VERIFY,  PAGE_COUNT,  false },
	{ "measurement@1.0", "unwrap-secret", VERB_POST, ENDPOINT_UNWRAP,  PAGE_COUNT,  false },
	{ "meta@1.0",        "info",          READ,      ENDPOINT_PAGE,    PAGE_NODE,   false },
	{ "system@1.0",      "all",           READ,      ENDPOINT_PAGE,    PAGE_SYSTEM, false },
	{ "hyperbuddy@1.0",  "index",         READ,      ENDPOINT_PAGE,    PAGE_BOOT,   true },
	{ "hyperbuddy@1.0",  "metrics",       READ,      ENDPOINT_METRICS, PAGE_COUNT,  false },
};

static const struct {
	const char *method;
	uint32_t verb;
} verbs[] = {
	{ "GET",     VERB_GET     },
	{ "HEAD",    VERB_HEAD    },
	{ "POST",    VERB_POST    },
	{ "OPTIONS", VERB_OPTIONS },
	{ "PUT",     VERB_EDIT    },
	{ "PATCH",   VERB_EDIT    },
	{ "DELETE",  VERB_EDIT    },
};
/* clang-format on */

uint32_t
route_verb(struct bytes method)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (bytes_is(method, verbs[i].method))
			return verbs[i].verb;
	}
	return VERB_OTHER;
}

const struct endpoint *
route_find(const struct path *path, uint32_t verb)
{
	static const struct endpoint evaluate = { .kind = ENDPOINT_EVALUATE };

	for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
		const struct endpoint *e = &endpoints[i];

		if (bytes_is(path->device, e->device) &&
		    bytes_is(path->key, e->key) && (e->verbs & verb) != 0)
			return e;
	}
	return &evaluate;
}
