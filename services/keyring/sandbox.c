/* SPDX-License-Identifier: Apache-2.0 */
#include "services/keyring/keyring.h"

/* Signing needs nothing beyond the base set. */
const struct sandbox keyring_sandbox = {
	.name = "keyring",
};
