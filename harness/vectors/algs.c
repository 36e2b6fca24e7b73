/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/vectors/algs.h"

#include <stdio.h>

static const struct {
	const char *name;
	uint16_t id;
} algs[] = {
	{ "sha1", TPM_ALG_SHA1 },
	{ "sha256", TPM_ALG_SHA256 },
	{ "sha384", TPM_ALG_SHA384 },
	{ "sha512", TPM_ALG_SHA512 },
	{ "sm3_256", TPM_ALG_SM3_256 },
	{ "sha3_256", TPM_ALG_SHA3_256 },
	{ "sha3_384", TPM_ALG_SHA3_384 },
	{ "sha3_512", TPM_ALG_SHA3_512 },
};
#define ALGS (sizeof(algs) / sizeof(algs[0]))

const char *
algs_name(uint16_t id)
{
	for (size_t i = 0; i < ALGS; i++) {
		if (algs[i].id == id)
			return algs[i].name;
	}
	return NULL;
}

bool
algs_hash(enum hash_alg *out, const char *name)
{
	for (size_t i = 0; i < ALGS; i++) {
		if (strcmp(algs[i].name, name) == 0)
			return tpm_alg_hash(out, algs[i].id);
	}
	return false;
}

bool
algs_bank(struct pcr_bank *out, struct entry *e, const char *alg,
    const json_t *values)
{
	size_t found = 0;

	*out = (struct pcr_bank){ 0 };
	if (!evidence_check(
		e, alg, algs_hash(&out->alg, alg), "a bank that we know"))
		return false;
	for (size_t i = 0; i < PCR_COUNT; i++) {
		char name[4];

		(void)snprintf(name, sizeof(name), "%zu", i);
		const json_t *value = json_object_get(values, name);

		if (value == NULL)
			continue;
		if (!evidence_raw(&out->values[i], e, value))
			return false;
		found++;
	}
	return evidence_check(
	    e, alg, found == json_object_size(values), "PCRs 0 to 23");
}
