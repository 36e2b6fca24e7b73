/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/pcr.h"

#include "core/base/buf.h"

#define CC_POLICY_OR           0x00000171u
#define CC_POLICY_COMMAND_CODE 0x0000016cu
#define CC_POLICY_PCR          0x0000017fu
#define CC_ACTIVATE_CREDENTIAL 0x00000147u

static bool
selected(uint32_t pcrs, size_t pcr)
{
	return (pcrs >> pcr & 1) != 0;
}

bool
pcr_check_selection(const struct attest *a, uint32_t pcrs, struct fault *f)
{
	const struct attest_selection *s = &a->selections[0];

	if (a->nselections != 1 || s->bank != TPM_ALG_SHA256)
		return fail(f, FAULT_VERIFY, "tpm.pcr.selection",
		    "measurement 9: %zu selections, first of bank 0x%04x, want "
		    "SHA-256 alone",
		    a->nselections, a->nselections == 0 ? 0u : s->bank);
	if ((s->pcrs & PCR_RESETTABLE) != 0)
		return fail(f, FAULT_VERIFY, "tpm.pcr.resettable",
		    "measurement 9: PCRs 0x%06x, of which some can be reset",
		    s->pcrs);
	if (s->pcrs != pcrs)
		return fail(f, FAULT_VERIFY, "tpm.pcr.selection",
		    "measurement 9: PCRs 0x%06x, want 0x%06x", s->pcrs, pcrs);
	return true;
}

bool
pcr_check_values(const struct pcr_bank *bank, uint32_t pcrs, struct fault *f)
{
	for (size_t i = 0; i < PCR_COUNT; i++) {
		size_t n = bank->values[i].n;

		if (selected(pcrs, i) != (bank->values[i].p != NULL))
			return fail(f, FAULT_VERIFY, "tpm.pcr.selection",
			    "evidence 4: PCR %zu is %s", i,
			    selected(pcrs, i) ? "missing" : "not quoted");
		if (selected(pcrs, i) && n != hash_size(bank->alg))
			return fail(f, FAULT_VERIFY, "tpm.pcr.length",
			    "evidence 4: PCR %zu has %zu bytes", i, n);
	}
	return true;
}

/* Appends the values of one selection in the order of their PCRs. */
static bool
take_values(struct bytes *parts, size_t *nparts,
    const struct attest_selection *s, const struct pcr_bank *bank,
    struct fault *f)
{
	for (size_t i = 0; i < PCR_COUNT; i++) {
		if (!selected(s->pcrs, i))
			continue;
		struct bytes value = { 0 };

		if (bank != NULL)
			value = bank->values[i];
		if (value.p == NULL)
			return fail(f, FAULT_VERIFY, "tpm.pcr.selection",
			    "evidence 4: PCR %zu of bank 0x%04x is missing", i,
			    s->bank);
		if (value.n != tpm_alg_digest_size(s->bank))
			return fail(f, FAULT_VERIFY, "tpm.pcr.length",
			    "evidence 4: PCR %zu has %zu bytes", i, value.n);
		parts[(*nparts)++] = value;
	}
	return true;
}

bool
pcr_check_digest(const struct attest *a, enum hash_alg alg,
    const struct pcr_bank *banks, size_t nbanks, struct fault *f)
{
	struct bytes parts[ATTEST_SELECTIONS_MAX * PCR_COUNT];
	size_t nparts = 0;
	uint8_t digest[64];

	for (size_t i = 0; i < a->nselections; i++) {
		const struct pcr_bank *bank = NULL;

		for (size_t j = 0; j < nbanks; j++)
			if (tpm_alg_of_hash(banks[j].alg) ==
			    a->selections[i].bank)
				bank = &banks[j];
		if (!take_values(parts, &nparts, &a->selections[i], bank, f))
			return false;
	}
	hash_parts(alg, digest, parts, nparts);
	if (!bytes_equal(a->pcr_digest, bytes_of(digest, hash_size(alg))))
		return fail(f, FAULT_VERIFY, "tpm.quote.pcr-digest",
		    "evidence 4: the quote is over other PCR values");
	return true;
}

/* The digest over the present values, and which they are. */
static struct sha256
digest_present(uint32_t *pcrs, const struct pcr_bank *bank)
{
	struct bytes parts[PCR_COUNT];
	size_t n = 0;
	struct sha256 digest;

	*pcrs = 0;
	for (size_t i = 0; i < PCR_COUNT; i++)
		if (bank->values[i].p != NULL) {
			*pcrs |= 1u << i;
			parts[n++] = bank->values[i];
		}
	hash_parts(HASH_SHA256, digest.b, parts, n);
	return digest;
}

struct sha256
pcr_policy(const struct pcr_bank *bank)
{
	static const struct sha256 zero;
	uint8_t block[128];
	uint32_t pcrs;
	struct sha256 values = digest_present(&pcrs, bank);
	struct buf b = buf_over(block, sizeof(block));

	buf_put(&b, BYTES_OF(&zero));
	buf_be32(&b, CC_POLICY_PCR);
	buf_be32(&b, 1);
	buf_be16(&b, TPM_ALG_SHA256);
	buf_u8(&b, 3);
	buf_u8(&b, (uint8_t)pcrs);
	buf_u8(&b, (uint8_t)(pcrs >> 8));
	buf_u8(&b, (uint8_t)(pcrs >> 16));
	buf_put(&b, BYTES_OF(&values));
	struct sha256 quote = sha256_of(buf_bytes(&b));

	b = buf_over(block, sizeof(block));
	buf_put(&b, BYTES_OF(&quote));
	buf_be32(&b, CC_POLICY_COMMAND_CODE);
	buf_be32(&b, CC_ACTIVATE_CREDENTIAL);
	struct sha256 activate = sha256_of(buf_bytes(&b));

	b = buf_over(block, sizeof(block));
	buf_put(&b, BYTES_OF(&zero));
	buf_be32(&b, CC_POLICY_OR);
	buf_put(&b, BYTES_OF(&quote));
	buf_put(&b, BYTES_OF(&activate));
	return sha256_of(buf_bytes(&b));
}

bool
pcr_check_policy(
    const struct public_area *ak, const struct pcr_bank *bank, struct fault *f)
{
	struct sha256 policy = pcr_policy(bank);

	if (!bytes_equal(ak->policy, BYTES_OF(&policy)))
		return fail(f, FAULT_VERIFY, "tpm.ak.policy",
		    "measurement 13: the AK's authPolicy is of another boot "
		    "state");
	return true;
}
