/* SPDX-License-Identifier: Apache-2.0 */
/* What ties evidence to its envelope: one value for every engine
 * (spec/measurement.md, rule 4). */
#ifndef CORE_EVIDENCE_BINDING_H
#define CORE_EVIDENCE_BINDING_H

#include "core/message/message.h"

#define BINDING_NONCE_MIN 16u
#define BINDING_NONCE_MAX 64u

/* The nonce of every boot measurement. */
#define BINDING_BOOT_NONCE "permawebos-boot-nonce-v2"

struct binding {
	struct message_id subject;   /* unsigned id of body */
	struct message_id recipient; /* unsigned id of secret-recipient */
	struct message_id state;     /* of state; 32 zero bytes for boot */
	struct bytes purpose;        /* "boot" or "fresh" */
	struct bytes nonce;          /* raw */
	struct bytes device;         /* "tpm@2.0a" */
};

/* B of rule 4; TPM quotes carry its first 32 bytes as qualifyingData. */
struct sha512 binding_value(const struct binding *b);

/* The binding that an envelope claims: ids are recomputed from its parts. */
MUST_CHECK bool binding_of(struct binding *out, const struct message *envelope,
    struct arena *a, struct fault *f);

#endif
