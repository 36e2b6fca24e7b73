/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/tpm.h"

#define AK_ATTRIBUTES                                                       \
	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |                   \
	    TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_ADMINWITHPOLICY | \
	    TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED |                     \
	    TPMA_OBJECT_SIGN_ENCRYPT)

static const TPM2B_PUBLIC template_ecdsa = {
	.publicArea = {
		.type = TPM2_ALG_ECC,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = AK_ATTRIBUTES,
		.parameters.eccDetail = {
			.symmetric.algorithm = TPM2_ALG_NULL,
			.scheme = {
				.scheme = TPM2_ALG_ECDSA,
				.details.ecdsa.hashAlg = TPM2_ALG_SHA256,
			},
			.curveID = TPM2_ECC_NIST_P256,
			.kdf.scheme = TPM2_ALG_NULL,
		},
	},
};

static const TPM2B_PUBLIC template_rsapss = {
	.publicArea = {
		.type = TPM2_ALG_RSA,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = AK_ATTRIBUTES,
		.parameters.rsaDetail = {
			.symmetric.algorithm = TPM2_ALG_NULL,
			.scheme = {
				.scheme = TPM2_ALG_RSAPSS,
				.details.rsapss.hashAlg = TPM2_ALG_SHA256,
			},
			.keyBits = 2048,
		},
	},
};

/* policyDigest := SHA-256(before | command code | what the command binds). */
static struct sha256
policy_step(const struct sha256 *before, uint32_t command,
    const struct bytes *bound, size_t nbound)
{
	const uint8_t code[4] = { (uint8_t)(command >> 24),
		(uint8_t)(command >> 16), (uint8_t)(command >> 8),
		(uint8_t)command };
	struct bytes parts[4] = { BYTES_OF(before),
		bytes_of(code, sizeof(code)) };
	struct sha256 after;

	for (size_t i = 0; i < nbound; i++)
		parts[2 + i] = bound[i];
	hash_parts(HASH_SHA256, after.b, parts, 2 + nbound);
	return after;
}

/* Computed here and not by a trial session, so that what the TPM says about
 * its PCRs is the only thing it is trusted for. */
struct ak_policy
ak_policy_of(const struct pcr_values *pcrs)
{
	static const uint8_t activate[4] = { 0, 0,
		TPM2_CC_ActivateCredential >> 8,
		TPM2_CC_ActivateCredential & 0xff };
	const struct bytes command = bytes_of(activate, sizeof(activate));
	const struct sha256 zero = { 0 };
	struct sha256 digest = pcr_digest(pcrs);
	uint8_t selection[PCR_SELECTION_SIZE];
	struct ak_policy policy;

	pcr_selection_bytes(selection, pcrs->set);
	struct bytes values[2] = { bytes_of(selection, sizeof(selection)),
		BYTES_OF(&digest) };

	policy.quote = policy_step(&zero, TPM2_CC_PolicyPCR, values, 2);
	policy.activate =
	    policy_step(&policy.quote, TPM2_CC_PolicyCommandCode, &command, 1);
	struct bytes branches[2] = { BYTES_OF(&policy.quote),
		BYTES_OF(&policy.activate) };

	policy.either = policy_step(&zero, TPM2_CC_PolicyOR, branches, 2);
	return policy;
}

bool
ak_make(struct ak *ak, struct device *d, bool ecdsa, struct fault *f)
{
	TPM2B_PUBLIC template = ecdsa ? template_ecdsa : template_rsapss;
	TPM2B_DIGEST *policy = &template.publicArea.authPolicy;

	if (!pcr_read(&ak->pcrs, d, PCR_SET, f))
		return false;
	ak->policy = ak_policy_of(&ak->pcrs);
	policy->size = sizeof(ak->policy.either);
	memcpy(policy->buffer, ak->policy.either.b, policy->size);
	return primary_make(&ak->key, d, &template, f);
}

static bool
policy_session(ESYS_TR *out, struct device *d, struct fault *f)
{
	static const TPMT_SYM_DEF none = { .algorithm = TPM2_ALG_NULL };
	TSS2_RC rc = Esys_StartAuthSession(d->esys, ESYS_TR_NONE, ESYS_TR_NONE,
	    ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, NULL, TPM2_SE_POLICY,
	    &none, TPM2_ALG_SHA256, out);

	return device_check(d, rc, "StartAuthSession(policy)", f);
}

static bool
policy_or(
    const struct ak *ak, struct device *d, ESYS_TR session, struct fault *f)
{
	TPML_DIGEST branches = { .count = 2 };
	size_t size = sizeof(struct sha256);

	branches.digests[0].size = branches.digests[1].size = (UINT16)size;
	memcpy(branches.digests[0].buffer, ak->policy.quote.b, size);
	memcpy(branches.digests[1].buffer, ak->policy.activate.b, size);
	TSS2_RC rc = Esys_PolicyOR(d->esys, session, ESYS_TR_NONE, ESYS_TR_NONE,
	    ESYS_TR_NONE, &branches);

	/* The session is at neither branch: the PCRs are not those of begin. */
	if (rc == (TPM2_RC_VALUE | TPM2_RC_P | TPM2_RC_1))
		return fail(f, FAULT_STATE, "tpm.pcr.moved",
		    "measurement 13: PCRs changed since begin");
	return device_check(d, rc, "PolicyOR", f);
}

static bool
policy_pcr(
    const struct ak *ak, struct device *d, bool activate, struct fault *f)
{
	static const TPM2B_DIGEST present;
	TPML_PCR_SELECTION selection = pcr_selection(PCR_SET);
	TSS2_RC rc = Esys_PolicyPCR(d->esys, d->policy, ESYS_TR_NONE,
	    ESYS_TR_NONE, ESYS_TR_NONE, &present, &selection);

	if (!device_check(d, rc, "PolicyPCR", f))
		return false;
	if (activate) {
		rc = Esys_PolicyCommandCode(d->esys, d->policy, ESYS_TR_NONE,
		    ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CC_ActivateCredential);
		if (!device_check(d, rc, "PolicyCommandCode", f))
			return false;
	}
	return policy_or(ak, d, d->policy, f);
}

bool
ak_authorize(
    const struct ak *ak, struct device *d, bool activate, struct fault *f)
{
	if (d->policy == ESYS_TR_NONE && !policy_session(&d->policy, d, f))
		return false;
	if (d->ak == ESYS_TR_NONE && !primary_load(&d->ak, d, &ak->key, f))
		return false;
	if (policy_pcr(ak, d, activate, f))
		return true;
	device_flush(d, &d->policy);
	return false;
}
