/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: system calls that no profile may make unless its own rows name
 * them. */
#ifndef IPC_FORBIDDEN_H
#define IPC_FORBIDDEN_H

#include "ipc/sandbox.h"

struct forbidden {
	const char *name;
	long call;
	long args[4];
};

extern const struct forbidden forbidden[];
extern const size_t forbidden_count;

/* Whether the room's own rows name the call. */
bool forbidden_named(const struct sandbox *s, long call);

/* Makes it; returns only where it is allowed. */
void forbidden_attempt(const struct forbidden *row);

#endif
