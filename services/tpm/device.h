/* SPDX-License-Identifier: Apache-2.0 */
/* The TPM as this room uses it: ESAPI in one context, one salted session, and
 * TPM and TSS response codes turned into faults. */
#ifndef SERVICES_TPM_DEVICE_H
#define SERVICES_TPM_DEVICE_H

#include "services/tpm/tcti.h"
#include "services/tpm/tsscrypto.h"

#include <tss2/tss2_esys.h>

struct device {
	struct tcti tcti;
	struct tsscrypto crypto;
	ESYS_CONTEXT *esys;
	/* What stays loaded until device_restart; ESYS_TR_NONE if it is not. */
	ESYS_TR session; /* HMAC, salted with the EK */
	ESYS_TR policy;  /* of the AK; at no branch between its uses */
	ESYS_TR ak;
	/* Some command failed: device_restart first. */
	bool broken;
};

/* Over an inherited descriptor; starts the TPM if nobody has. The descriptor
 * stays the caller's. Arm tcti before this and before each later use. */
MUST_CHECK bool device_open(
    struct device *d, int fd, unsigned limit_ms, struct fault *f);
void device_close(struct device *d);

/* A new TSS context on the same descriptor, and an empty TPM: what an earlier
 * process or an interrupted call left loaded is flushed. */
MUST_CHECK bool device_restart(struct device *d, struct fault *f);

/*
 * The result of a command. False with DEVICE and "tpm.unavailable" (does not
 * answer, or not now), "tpm.session.hmac" (command or answer was altered on its
 * way), "tpm.response" (no valid answer) or "tpm.refused".
 */
MUST_CHECK bool device_check(
    struct device *d, TSS2_RC rc, const char *command, struct fault *f);

/*
 * The session for a command that needs no authorization, with these
 * attributes: AUDIT makes the TPM authenticate its answer. ESYS_TR_NONE as long
 * as there is no session.
 */
ESYS_TR device_session(struct device *d, TPMA_SESSION attributes);

/* The session that authorizes with an empty secret and authenticates command
 * and answer; a password before there is one. */
ESYS_TR device_auth(struct device *d);

/* Flushes a loaded object or session, if there is one. */
void device_flush(struct device *d, ESYS_TR *handle);

#endif
