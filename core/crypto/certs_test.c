/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/certs_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct bytes
certs_load(const char *name, struct arena *a)
{
	static uint8_t content[1 << 16];
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tpm/certs/%s.der",
	    secure_getenv("PWOS_VECTORS"), name);
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		fail_msg("%s", path);
	size_t n = fread(content, 1, sizeof(content), file);

	(void)fclose(file);
	return arena_copy(a, bytes_of(content, n));
}
