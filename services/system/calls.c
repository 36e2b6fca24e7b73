/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/system.h"

#include "core/message/pack.h"
#include "services/system/system.h"

#include <linux/capability.h>
#include <time.h>

static bool
report(struct request *rq)
{
	const struct system *s = rq->state;
	struct system_report_rep *out = rq->out;

	out->report = bytes_of(s->report, s->report_size);
	return true;
}

static bool
state(struct request *rq)
{
	const struct system *s = rq->state;
	struct system_state_rep *out = rq->out;
	struct message *restarts = message_new(rq->arena);
	struct timespec up = { 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	out->uptime = (uint64_t)up.tv_sec;
	for (unsigned p = PROCESS_INIT + 1; p < PROCESS_COUNT; p++)
		message_set_integer(
		    restarts, wires[p].name, (int64_t)s->counts->of[p]);
	return message_pack(&out->restarts, restarts, rq->arena, rq->fault);
}

/* clang-format off */
static const struct call calls[] = {
	/* method          handler  who may call                     */
	{ &system_report,  report,  PEER(MEASUREMENT) | PEER(GATEWAY) },
	{ &system_state,   state,   PEER(MEASUREMENT)                 },
};
/* clang-format on */

const struct service system_service = {
	.self = PROCESS_SYSTEM,
	.calls = calls,
	.ncalls = sizeof(calls) / sizeof(calls[0]),
	.sandbox = &system_sandbox,
	.workers = 1,
	.arena_size = 64u << 10,
	/* CAP_DAC_READ_SEARCH: ACPI tables are root's alone to read. */
	.caps_open = UINT64_C(1) << CAP_DAC_READ_SEARCH,
	.open = system_open,
};
