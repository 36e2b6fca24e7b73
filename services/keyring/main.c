/* SPDX-License-Identifier: Apache-2.0 */
#include "services/keyring/keyring.h"

int
main(void)
{
	return service_main(&keyring_service);
}
