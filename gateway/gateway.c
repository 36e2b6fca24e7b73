/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/gateway.h"

#include "core/crypto/crypto.h"
#include "gateway/http.h"

#include <time.h>

static struct gateway state;
static uint8_t keep[KEEP_SIZE], scratch[SCRATCH_SIZE];

struct gateway *
gateway_prepare(void)
{
	arena_init(&state.memory.keep, keep, sizeof(keep));
	arena_init(&state.memory.scratch, scratch, sizeof(scratch));
	state.desk.since = time(NULL);
	return &state;
}

static bool
open_gateway(void **out, struct fault *f)
{
	struct gateway *g = gateway_prepare();

	*out = g;
	g->listener = GRANT_LISTEN;
	metrics_open(&g->metrics);
	if (!crypto_start(0, f) || !http_open(g, f))
		return false;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (wire_exists(PROCESS_GATEWAY, p) &&
		    !link_open(&g->links[p], PROCESS_GATEWAY, p, f))
			return false;
	}
	return true;
}

static bool
run_gateway(void *g, struct fault *f)
{
	return http_run(g, f);
}

const struct service gateway_service = {
	.self = PROCESS_GATEWAY,
	.sandbox = &gateway_sandbox,
	.open = open_gateway,
	.run = run_gateway,
};
