/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/tpm.h"

#include <tss2/tss2_mu.h>

#define ACTIVATE_TRIES 8u

/* What the TPM command works on. */
struct activation {
	TPM2B_ID_OBJECT blob;
	TPM2B_ENCRYPTED_SECRET secret;
	ESYS_TR ek, ek_policy;
	TPM2B_DIGEST *credential;
};

static bool
activation_parse(
    struct activation *out, const struct bytes sealed[2], struct fault *f)
{
	size_t blob = 0, secret = 0;
	TSS2_RC rc = Tss2_MU_TPM2B_ID_OBJECT_Unmarshal(
	    sealed[0].p, sealed[0].n, &blob, &out->blob);

	if (rc == TSS2_RC_SUCCESS)
		rc = Tss2_MU_TPM2B_ENCRYPTED_SECRET_Unmarshal(
		    sealed[1].p, sealed[1].n, &secret, &out->secret);
	if (rc != TSS2_RC_SUCCESS || blob != sealed[0].n ||
	    secret != sealed[1].n)
		return fail(f, FAULT_INPUT, "tpm.activate.blob",
		    "tpm 11: no TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET");
	return true;
}

/* The EK's own policy: whoever may use the endorsement hierarchy. */
static bool
ek_authorize(ESYS_TR *out, struct device *d, struct fault *f)
{
	static const TPMT_SYM_DEF none = { .algorithm = TPM2_ALG_NULL };
	TSS2_RC rc = Esys_StartAuthSession(d->esys, ESYS_TR_NONE, ESYS_TR_NONE,
	    ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, NULL, TPM2_SE_POLICY,
	    &none, TPM2_ALG_SHA256, out);

	if (!device_check(d, rc, "StartAuthSession(policy)", f))
		return false;
	rc = Esys_PolicySecret(d->esys, ESYS_TR_RH_ENDORSEMENT, *out,
	    device_auth(d), ESYS_TR_NONE, ESYS_TR_NONE, NULL, NULL, NULL, 0,
	    NULL, NULL);
	return device_check(d, rc, "PolicySecret", f);
}

static bool
activation_load(struct activation *a, struct tpm *t, struct fault *f)
{
	struct device *d = &t->device;

	a->ek = a->ek_policy = ESYS_TR_NONE;
	return ak_authorize(&t->ak, d, true, f) &&
	       ek_authorize(&a->ek_policy, d, f) &&
	       primary_load(&a->ek, d, &t->ek.key, f);
}

/* The TPM could not open what the asker sealed: codes about a parameter, and
 * libtpms' FAILURE for a secret that is not for its key. A TPM that has failed
 * indeed says so again at the next command. */
static bool
is_refusal_of_parameter(TSS2_RC rc)
{
	const TSS2_RC parameter = TPM2_RC_FMT1 | TPM2_RC_P;

	return rc == TPM2_RC_FAILURE ||
	       ((rc & ~0xfffu) == 0 && (rc & parameter) == parameter);
}

/* changed: as in quote.c. The credential crosses the bus encrypted. */
static bool
activation_try(
    struct activation *a, bool *changed, struct tpm *t, struct fault *f)
{
	struct device *d = &t->device;
	bool good = activation_load(a, t, f);
	TSS2_RC rc = TSS2_RC_SUCCESS;

	*changed = false;
	if (good) {
		rc = Esys_ActivateCredential(d->esys, d->ak, a->ek, d->policy,
		    a->ek_policy, device_session(d, TPMA_SESSION_ENCRYPT),
		    &a->blob, &a->secret, &a->credential);
		*changed = rc == TPM2_RC_PCR_CHANGED;
		if (is_refusal_of_parameter(rc))
			good = fail(f, FAULT_VERIFY, "tpm.activate.credential",
			    "tpm 11: not for this EK and AK (code 0x%x)", rc);
		else if (!*changed)
			good = device_check(d, rc, "ActivateCredential", f);
	}
	device_flush(d, &a->ek);
	device_flush(d, &a->ek_policy);
	if (!good || *changed)
		device_flush(d, &d->policy);
	return good;
}

bool
activate_credential(struct bytes *credential, struct tpm *t,
    const struct bytes sealed[2], struct arena *arena, struct fault *f)
{
	struct activation a = { 0 };
	bool changed = true;

	if (!t->begun)
		return fail(f, FAULT_STATE, "tpm.not-begun",
		    "tpm 12: begin comes before activate");
	if (!activation_parse(&a, sealed, f))
		return false;
	for (unsigned i = 0; changed && i < ACTIVATE_TRIES; i++) {
		if (!activation_try(&a, &changed, t, f))
			return false;
	}
	if (changed)
		return fail(f, FAULT_BUSY, "tpm.pcr.moving",
		    "tpm 11: PCRs moved during each of %u tries",
		    ACTIVATE_TRIES);
	*credential = arena_copy(
	    arena, bytes_of(a.credential->buffer, a.credential->size));
	explicit_bzero(a.credential, sizeof(*a.credential));
	Esys_Free(a.credential);
	return arena_check(arena, f);
}
