/* SPDX-License-Identifier: Apache-2.0 */
/* A boolean variable of the firmware as efivarfs shows it. */
#ifndef SERVICES_SYSTEM_EFI_H
#define SERVICES_SYSTEM_EFI_H

#include "services/system/system.h"

/* Four bytes of attributes, one byte that is 0 or 1. Fails with INPUT
 * "system.efi". */
MUST_CHECK bool efi_parse(bool *out, struct bytes file, struct fault *f);

#endif
