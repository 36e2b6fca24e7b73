/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of the measurement service; only the gateway may make them. */
#ifndef IPC_IFACE_MEASUREMENT_H
#define IPC_IFACE_MEASUREMENT_H

#include "core/message/message.h"
#include "ipc/shape.h"

struct measurement_boot_req {
	bool unused;
};

/* The signed boot measurement, packed: the same bytes for a whole boot. */
struct measurement_boot_rep {
	struct bytes message;
};

struct measurement_fresh_req {
	struct bytes nonce; /* 16..64 raw bytes */
};

/* A signed fresh measurement, packed. */
struct measurement_fresh_rep {
	struct bytes message;
};

struct measurement_info_req {
	bool unused;
};

/* Engines and the selected one: an unsigned message, packed. */
struct measurement_info_rep {
	struct bytes message;
};

struct measurement_node_req {
	bool unused;
};

/* The node message (~meta@1.0/info), unsigned, packed. */
struct measurement_node_rep {
	struct bytes message;
};

/* Answers a credential challenge: an unsigned activation proof, packed, and
 * never the credential itself. Blobs as in tpm_activate_req. */
struct measurement_unwrap_req {
	struct bytes blob, secret;
};

struct measurement_unwrap_rep {
	struct bytes message;
};

IPC_METHOD(measurement, boot)
IPC_METHOD(measurement, fresh)
IPC_METHOD(measurement, info)
IPC_METHOD(measurement, node)
IPC_METHOD(measurement, unwrap)

#endif
