/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/tpm.h"

#define NO_HASH (-1)

static const struct {
	uint16_t id, size;
	int hash;
} algs[] = {
	{ TPM_ALG_SHA1, 20, HASH_SHA1 },
	{ TPM_ALG_SHA256, 32, HASH_SHA256 },
	{ TPM_ALG_SHA384, 48, HASH_SHA384 },
	{ TPM_ALG_SHA512, 64, HASH_SHA512 },
	{ TPM_ALG_SM3_256, 32, NO_HASH },
	{ TPM_ALG_SHA3_256, 32, NO_HASH },
	{ TPM_ALG_SHA3_384, 48, NO_HASH },
	{ TPM_ALG_SHA3_512, 64, NO_HASH },
};

#define ALGS (sizeof(algs) / sizeof(algs[0]))

size_t
tpm_alg_digest_size(uint16_t id)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].id == id)
			return algs[i].size;
	return 0;
}

bool
tpm_alg_hash(enum hash_alg *out, uint16_t id)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].id == id && algs[i].hash != NO_HASH) {
			*out = (enum hash_alg)algs[i].hash;
			return true;
		}
	return false;
}

uint16_t
tpm_alg_of_hash(enum hash_alg alg)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].hash == (int)alg)
			return algs[i].id;
	return TPM_ALG_NULL;
}

struct bytes
tpm_take_sized(struct cursor *c, size_t max)
{
	size_t n = cursor_be16(c);

	/* One more than is left is how a cursor is told to go short. */
	return cursor_take(c, n > max ? c->left + 1 : n);
}
