/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/gateway.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

/* clang-format off */
static const struct sandbox_rule rules[] = {
	/* libh2o: TCP_NODELAY on each connection */
	ALLOW_IF(setsockopt, 1, IPPROTO_TCP),
	/* the memory that metrics tell */
	ALLOW(getrusage),
};
/* clang-format on */

const struct sandbox gateway_sandbox = {
	.name = "gateway",
	.rules = rules,
	.nrules = sizeof(rules) / sizeof(rules[0]),
	.dials = true,
};
