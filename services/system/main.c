/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/system.h"

int
main(void)
{
	return service_main(&system_service);
}
