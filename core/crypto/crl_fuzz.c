/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/crypto/crl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[1 << 20];

/* What is taken as a list is its one encoding; it revokes exactly what it
 * names; nobody's key has signed it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t one[256] = { 0xff };
	struct public_key key = { .kind = KEY_RSA, .modulus = { one, 256 } };
	struct crl crl;
	struct arena a;
	struct fault f;

	arena_init(&a, memory, sizeof(memory));
	if (x509_signed(bytes_of(data, size), &key, "fuzz.signed", &f))
		abort();
	if (!crl_parse(&crl, bytes_of(data, size), &a, &f))
		return 0;
	for (size_t i = 0; i < crl.nrevoked; i++)
		if (!crl_revokes(&crl, crl.revoked[i]))
			abort();
	if (crl_revokes(&crl, BYTES("no hex")))
		abort();
	return 0;
}
