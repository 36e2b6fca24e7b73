/* SPDX-License-Identifier: Apache-2.0 */
/* The call of the verifier: hostile evidence in, verdict tree out. */
#ifndef IPC_IFACE_VERIFIER_H
#define IPC_IFACE_VERIFIER_H

#include "core/message/message.h"
#include "ipc/shape.h"

#define VERIFIER_ROOTS_MAX      262144u /* bytes of PEM */
#define VERIFIER_EARLIER_MAX    393216u
#define VERIFIER_POLICY_MAX     65536u
#define VERIFIER_COLLATERAL_MAX 262144u
#define VERIFIER_CHALLENGE_MAX  16384u
#define VERIFIER_TOKEN_MAX      256u

/* What the asker gives up. */
#define VERIFIER_WITHOUT_ACTIVATION 1u
#define VERIFIER_WITHOUT_REVOCATION 2u

/* What core/verdict judges by (spec/verdict.md, 17). All but message, purpose
 * and time may be empty; what is packed is a packed message. */
struct verifier_verify_req {
	struct bytes message; /* packed: a measurement or an evidence bundle */
	struct bytes purpose; /* "boot" or "fresh"; of a bundle also empty */
	struct bytes nonce;   /* 0, or 16..64 raw bytes; none: any is taken */
	struct bytes roots;   /* PEM; instead of the roots that are known */
	uint64_t at;          /* Unix seconds */
	struct bytes earlier; /* packed: a boot measurement; goes with fresh */
	struct bytes policy;  /* packed: `policy` of a bundle */
	struct bytes collateral; /* packed: `collateral` of a bundle */
	struct bytes challenge;  /* packed: what was sent, and the answer */
	uint64_t gives_up;       /* VERIFIER_WITHOUT_* */
};

/* The verdict tree, packed and unsigned; and, if it is "accepted" under a
 * template, a token for the keyring (verdict 10). */
struct verifier_verify_rep {
	struct bytes verdict, token;
};

IPC_METHOD(verifier, verify)

#endif
