/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/certs_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct bytes
certs_file(const char *name, struct arena *a)
{
	static uint8_t content[1 << 16];
	char path[512];

	(void)snprintf(
	    path, sizeof(path), "%s/%s", secure_getenv("PWOS_VECTORS"), name);
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		fail_msg("%s", path);
	size_t n = fread(content, 1, sizeof(content), file);

	(void)fclose(file);
	return arena_copy(a, bytes_of(content, n));
}

struct bytes
certs_load(const char *name, struct arena *a)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "tpm/certs/%s.der", name);
	return certs_file(path, a);
}
