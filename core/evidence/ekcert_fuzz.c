/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/certder.h"
#include "core/evidence/ekcert.h"
#include "core/evidence/spki.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What libcrypto takes has a frame, and no view leaves the input's size. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[1u << 20];
	struct bytes in = bytes_of(data, size);
	struct arena a;
	struct fault f;
	struct ekcert c;
	struct certder frame;
	struct public_key key;

	arena_init(&a, block, sizeof(block));
	if (spki_parse(&key, in, &f) && key.modulus.n + key.x.n == 0)
		abort();
	if (!ekcert_parse(&c, in, &a, &f))
		return 0;
	(void)!ekcert_check_use(&c, EKCERT_ENDORSEMENT, &f);
	(void)!ekcert_check_use(&c, EKCERT_ATTESTATION, &f);
	if (c.der.n > size || !certder_read(&frame, c.der) ||
	    c.manufacturer.n > size || c.model.n > size || c.version.n > size)
		abort();
	return 0;
}
