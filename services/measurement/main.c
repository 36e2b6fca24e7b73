/* SPDX-License-Identifier: Apache-2.0 */
#include "services/measurement/measurement.h"

#include "confinement.h"

int
main(void)
{
	static const uint8_t confinement[32] = CONFINEMENT_HASH;

	upstream_confinement(confinement);
	return service_main(&measurement_service);
}
