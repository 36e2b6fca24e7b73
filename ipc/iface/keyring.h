/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of the keyring. It signs messages that it reads itself, never bytes. */
#ifndef IPC_IFACE_KEYRING_H
#define IPC_IFACE_KEYRING_H

#include "core/crypto/rsa.h"
#include "core/message/message.h"
#include "ipc/shape.h"

struct keyring_identity_req {
	bool unused;
};

/* The node wallet's public half: its modulus, 512 bytes. */
struct keyring_identity_rep {
	struct bytes modulus;
};

/*
 * Signs a measurement: a packed message of type "lapee-measurement" whose
 * body.node.address is the node's own. commit_attach takes the signature.
 */
struct keyring_sign_measurement_req {
	struct bytes message;
};

struct keyring_sign_measurement_rep {
	struct bytes signature;
};

/* Signs an answer to a client: any packed message whose `type` is not a
 * statement's (rule keyring 3; refused with "keyring.statement"). */
struct keyring_sign_response_req {
	struct bytes message;
};

struct keyring_sign_response_rep {
	struct bytes signature;
};

IPC_METHOD(keyring, identity)
IPC_METHOD(keyring, sign_measurement)
IPC_METHOD(keyring, sign_response)

#endif
