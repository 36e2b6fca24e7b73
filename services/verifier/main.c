/* SPDX-License-Identifier: Apache-2.0 */
#include "services/verifier/verifier.h"

int
main(void)
{
	return service_main(&verifier_service);
}
