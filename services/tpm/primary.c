/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/tpm.h"

#include <tss2/tss2_mu.h>

/* The context leaves the TPM encrypted and authenticated by a key of its own;
 * it stays good until the TPM's next reset. */
static bool
save(struct primary *out, struct device *d, ESYS_TR handle, struct fault *f)
{
	TPMS_CONTEXT *context = NULL;
	TPM2B_NAME *name = NULL;
	TSS2_RC rc = Esys_TR_GetName(d->esys, handle, &name);

	if (!device_check(d, rc, "TR_GetName", f))
		return false;
	out->name = *name;
	Esys_Free(name);
	rc = Esys_ContextSave(d->esys, handle, &context);
	if (!device_check(d, rc, "ContextSave", f))
		return false;
	out->context = *context;
	Esys_Free(context);
	return true;
}

bool
primary_make(struct primary *out, struct device *d,
    const TPM2B_PUBLIC *template, struct fault *f)
{
	static const TPM2B_SENSITIVE_CREATE no_secret;
	static const TPM2B_DATA no_data;
	static const TPML_PCR_SELECTION no_pcrs;
	ESYS_TR handle = ESYS_TR_NONE;
	TPM2B_PUBLIC *public = NULL;
	TSS2_RC rc = Esys_CreatePrimary(d->esys, ESYS_TR_RH_ENDORSEMENT,
	    device_auth(d), ESYS_TR_NONE, ESYS_TR_NONE, &no_secret, template,
	    &no_data, &no_pcrs, &handle, &public, NULL, NULL, NULL);

	if (!device_check(d, rc, "CreatePrimary", f))
		return false;
	out->public = *public;
	Esys_Free(public);
	bool saved = save(out, d, handle, f);

	device_flush(d, &handle);
	return saved;
}

bool
primary_load(
    ESYS_TR *out, struct device *d, const struct primary *key, struct fault *f)
{
	return device_check(
	    d, Esys_ContextLoad(d->esys, &key->context, out), "ContextLoad", f);
}

struct bytes
primary_public(const struct primary *key, struct arena *a)
{
	size_t size = 0;
	uint8_t *p = arena_alloc(a, sizeof(TPM2B_PUBLIC));

	if (p == NULL || Tss2_MU_TPM2B_PUBLIC_Marshal(&key->public, p,
			     sizeof(TPM2B_PUBLIC), &size) != TSS2_RC_SUCCESS)
		return (struct bytes){ 0 };
	return bytes_of(p, size);
}
