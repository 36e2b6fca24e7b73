/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/sandbox.h"
#include "services/tpm/tpm.h"

/* The TPM is a descriptor that is open already: read, write and poll of the
 * base set are all it takes. */
const struct sandbox tpm_sandbox = {
	.name = "tpm",
};
