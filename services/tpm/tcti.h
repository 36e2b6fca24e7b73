/* SPDX-License-Identifier: Apache-2.0 */
/* Raw TPM frames over one descriptor: /dev/tpmrm0, or swtpm's data socket. */
#ifndef SERVICES_TPM_TCTI_H
#define SERVICES_TPM_TCTI_H

#include "core/base/fault.h"

#include <tss2/tss2_tcti.h>

#define TCTI_FRAME_MAX 4096u

/*
 * Bounded in time: no command is sent and no response awaited after the
 * deadline. RETRY, YIELDED and TESTING are asked again, unchanged, until then.
 */
struct tcti {
	TSS2_TCTI_CONTEXT_COMMON_V1 common; /* first: all that the TSS sees */
	int fd;
	int64_t deadline_ms; /* CLOCK_MONOTONIC */
	bool owed;           /* a command's response was not read to its end */
	size_t ncommand, nresponse;
	uint8_t command[TCTI_FRAME_MAX];
	uint8_t response[TCTI_FRAME_MAX];
};

/* The descriptor stays the caller's and becomes non-blocking: only so does the
 * kernel's driver return from write while the TPM still works. */
MUST_CHECK bool tcti_init(struct tcti *t, int fd, struct fault *f);

/* The time that all commands from now on may take together. */
void tcti_arm(struct tcti *t, unsigned limit_ms);

/* Reads away the response that an earlier deadline left behind, so that the
 * next command is not answered by it. Fails with DEVICE "tpm.unavailable". */
MUST_CHECK bool tcti_settle(struct tcti *t, struct fault *f);

#endif
