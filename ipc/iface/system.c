/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/system.h"

static const struct shape nothing = SHAPE_EMPTY("nothing");

static const struct field report_rep[] = {
	FIELD(struct system_report_rep, report, MESSAGE_SIZE_MAX),
};
static const struct shape report_gives = SHAPE(system_report_rep, report_rep);
const struct method system_report = { "system.report", &nothing, &report_gives,
	5000 };

static const struct field state_rep[] = {
	FIELD(struct system_state_rep, uptime, UINT64_MAX),
	FIELD(struct system_state_rep, restarts, 4096),
};
static const struct shape state_gives = SHAPE(system_state_rep, state_rep);
const struct method system_state = { "system.state", &nothing, &state_gives,
	2000 };
