/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of the system service: what machine this is. */
#ifndef IPC_IFACE_SYSTEM_H
#define IPC_IFACE_SYSTEM_H

#include "core/message/message.h"
#include "ipc/shape.h"

struct system_report_req {
	bool unused;
};

/* The system report, a packed message; the same bytes for a whole boot. */
struct system_report_rep {
	struct bytes report;
};

struct system_state_req {
	bool unused;
};

/* uptime in seconds; restarts: a packed message process -> count. */
struct system_state_rep {
	uint64_t uptime;
	struct bytes restarts;
};

IPC_METHOD(system, report)
IPC_METHOD(system, state)

#endif
