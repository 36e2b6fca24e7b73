/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/service.h"
#include "services/tpm/tpm.h"

int
main(void)
{
	return service_main(&tpm_service);
}
