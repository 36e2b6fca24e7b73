/* SPDX-License-Identifier: Apache-2.0 */
/* The call of the verifier: hostile evidence in, verdict tree out. */
#ifndef IPC_IFACE_VERIFIER_H
#define IPC_IFACE_VERIFIER_H

#include "core/message/message.h"
#include "ipc/shape.h"

#define VERIFIER_ROOTS_MAX 262144u /* bytes of PEM */

/* What core/verdict/verify.h takes; empty nonce: any is accepted. */
struct verifier_verify_req {
	struct bytes message; /* a packed measurement with its commitments */
	struct bytes purpose; /* "boot" or "fresh" */
	struct bytes nonce;   /* 0, or 16..64 raw bytes */
	struct bytes roots;   /* PEM of EK roots; may be empty */
	uint64_t at;          /* Unix seconds */
};

/* The verdict tree, packed and unsigned. */
struct verifier_verify_rep {
	struct bytes verdict;
};

IPC_METHOD(verifier, verify)

#endif
