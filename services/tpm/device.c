/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/device.h"

#include <stdlib.h>
#include <tss2/tss2_sys.h>

#define RC_LAYER_MASK 0x00ff0000u

/* Not now, says the TPM; the call may work later. */
static bool
rc_is_unavailable(TSS2_RC rc)
{
	static const TSS2_RC codes[] = {
		TPM2_RC_RETRY,
		TPM2_RC_YIELDED,
		TPM2_RC_TESTING,
		TPM2_RC_LOCKOUT,
		TPM2_RC_MEMORY,
		TPM2_RC_OBJECT_MEMORY,
		TPM2_RC_OBJECT_HANDLES,
		TPM2_RC_SESSION_MEMORY,
		TPM2_RC_SESSION_HANDLES,
		TPM2_RC_NV_RATE,
		TPM2_RC_NV_UNAVAILABLE,
		TPM2_RC_FAILURE,
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (rc == codes[i])
			return true;
	}
	return rc == TSS2_TCTI_RC_IO_ERROR;
}

/* The error of a format-one response code, without the session's number. */
static TSS2_RC
rc_error(TSS2_RC rc)
{
	return (rc & TPM2_RC_FMT1) != 0 ? rc & (TPM2_RC_FMT1 | 0x3fu) : rc;
}

static bool
rc_is_tampering(TSS2_RC rc)
{
	return rc == TSS2_ESYS_RC_RSP_AUTH_FAILED ||
	       rc_error(rc) == TPM2_RC_AUTH_FAIL ||
	       rc_error(rc) == TPM2_RC_BAD_AUTH;
}

bool
device_check(struct device *d, TSS2_RC rc, const char *command, struct fault *f)
{
	if (rc == TSS2_RC_SUCCESS)
		return true;
	bool answered = (rc & RC_LAYER_MASK) == 0;

	/* An altered code leaves the two ends of the session with different
	 * nonces, so that no failure can be trusted to be only what it says. */
	d->broken = true;
	if (rc_is_unavailable(rc))
		return fail(f, FAULT_DEVICE, "tpm.unavailable",
		    "tpm 2: %s: code 0x%x", command, rc);
	if (rc_is_tampering(rc))
		return fail(f, FAULT_DEVICE, "tpm.session.hmac",
		    "tpm 4: %s: altered on its way (code 0x%x)", command, rc);
	if (!answered)
		return fail(f, FAULT_DEVICE, "tpm.response",
		    "tpm 5: %s: no valid answer (code 0x%x)", command, rc);
	return fail(f, FAULT_DEVICE, "tpm.refused", "tpm 5: %s: code 0x%x",
	    command, rc);
}

ESYS_TR
device_session(struct device *d, TPMA_SESSION attributes)
{
	if (d->session == ESYS_TR_NONE)
		return ESYS_TR_NONE;
	TSS2_RC rc = Esys_TRSess_SetAttributes(d->esys, d->session,
	    attributes | TPMA_SESSION_CONTINUESESSION, 0xff);

	return rc == TSS2_RC_SUCCESS ? d->session : ESYS_TR_NONE;
}

ESYS_TR
device_auth(struct device *d)
{
	ESYS_TR session = device_session(d, 0);

	return session == ESYS_TR_NONE ? ESYS_TR_PASSWORD : session;
}

/* A handle that cannot be flushed now is swept by the next restart. */
void
device_flush(struct device *d, ESYS_TR *handle)
{
	if (*handle != ESYS_TR_NONE && !d->broken &&
	    Esys_FlushContext(d->esys, *handle) != TSS2_RC_SUCCESS)
		d->broken = true;
	*handle = ESYS_TR_NONE;
}

/* Everything of one kind of handle, by its raw number. */
static bool
sweep(struct device *d, UINT32 first, struct fault *f)
{
	TPMS_CAPABILITY_DATA *data = NULL;
	TSS2_SYS_CONTEXT *sys;
	TSS2_RC rc = Esys_GetCapability(d->esys, ESYS_TR_NONE, ESYS_TR_NONE,
	    ESYS_TR_NONE, TPM2_CAP_HANDLES, first, TPM2_MAX_CAP_HANDLES, NULL,
	    &data);

	if (!device_check(d, rc, "GetCapability(handles)", f))
		return false;
	rc = Esys_GetSysContext(d->esys, &sys);
	for (UINT32 i = 0;
	    rc == TSS2_RC_SUCCESS && data->capability == TPM2_CAP_HANDLES &&
	    i < data->data.handles.count;
	    i++)
		rc = Tss2_Sys_FlushContext(sys, data->data.handles.handle[i]);
	Esys_Free(data);
	return device_check(d, rc, "FlushContext", f);
}

bool
device_restart(struct device *d, struct fault *f)
{
	TSS2_TCTI_CONTEXT *tcti = (TSS2_TCTI_CONTEXT *)&d->tcti;

	if (d->esys != NULL)
		Esys_Finalize(&d->esys);
	d->session = d->policy = d->ak = ESYS_TR_NONE;
	d->broken = true;
	if (!tcti_settle(&d->tcti, f))
		return false;
	ESYS_CRYPTO_CALLBACKS crypto = tsscrypto_callbacks(&d->crypto);
	TSS2_RC rc = Esys_Initialize(&d->esys, tcti, NULL);

	if (rc == TSS2_RC_SUCCESS)
		rc = Esys_SetCryptoCallbacks(d->esys, &crypto);
	if (!device_check(d, rc, "Esys_Initialize", f))
		return false;
	rc = Esys_Startup(d->esys, TPM2_SU_CLEAR);
	if (rc != TPM2_RC_INITIALIZE && !device_check(d, rc, "Startup", f))
		return false;
	d->broken = false;
	return sweep(d, TPM2_TRANSIENT_FIRST, f) &&
	       sweep(d, TPM2_LOADED_SESSION_FIRST, f);
}

/* The TSS writes a line for each code that is not zero, also for those that
 * are expected here, and takes the wish for silence from the environment only.
 * Nothing else runs in the process yet. */
bool
device_open(struct device *d, int fd, unsigned limit_ms, struct fault *f)
{
	(void)setenv("TSS2_LOG", "all+NONE", 1);
	d->esys = NULL;
	if (!tcti_init(&d->tcti, fd, f))
		return false;
	tcti_arm(&d->tcti, limit_ms);
	return device_restart(d, f);
}

void
device_close(struct device *d)
{
	device_flush(d, &d->ak);
	device_flush(d, &d->policy);
	device_flush(d, &d->session);
	if (d->esys != NULL)
		Esys_Finalize(&d->esys);
}
