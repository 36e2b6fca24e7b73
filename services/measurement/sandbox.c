/* SPDX-License-Identifier: Apache-2.0 */
#include "services/measurement/measurement.h"

/* It re-dials services that were restarted; nothing else beyond the base. */
const struct sandbox measurement_sandbox = {
	.name = "measurement",
	.dials = true,
};
