/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of the TPM service. Only measurement may make them. */
#ifndef IPC_IFACE_TPM_H
#define IPC_IFACE_TPM_H

#include "core/message/message.h"
#include "ipc/shape.h"

/*
 * Binds this boot to a subject: PCR 15 is extended by the subject id, the
 * confinement hash and the firmware log's hash (rule tpm 3), once. The same
 * subject again changes nothing; another one is refused ("tpm.pcr15.taken").
 */
struct tpm_begin_req {
	struct bytes subject_id;  /* 32 */
	struct bytes confinement; /* 32 */
};

/* recipient: the secret-recipient message, packed. */
struct tpm_begin_rep {
	struct bytes recipient;
};

struct tpm_clock_req {
	bool unused;
};

/* TPMS_CLOCK_INFO's counters, as the next quote will carry them. */
struct tpm_clock_rep {
	uint64_t reset_count;
	uint64_t restart_count;
};

/* A quote over the fixed PCR set with this qualifyingData. After begin. */
struct tpm_quote_req {
	struct bytes qualifying; /* 32 */
};

/* evidence: the evidence message, packed. */
struct tpm_quote_rep {
	struct bytes evidence;
};

/* TPM2_ActivateCredential with the EK and AK: what only this TPM can answer.
 * blob is a TPM2B_ID_OBJECT, secret a TPM2B_ENCRYPTED_SECRET. */
struct tpm_activate_req {
	struct bytes blob, secret;
};

struct tpm_activate_rep {
	struct bytes credential; /* 1..64 */
};

IPC_METHOD(tpm, begin)
IPC_METHOD(tpm, clock)
IPC_METHOD(tpm, quote)
IPC_METHOD(tpm, activate)

#endif
