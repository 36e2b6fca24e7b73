/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/wires.h"

#include <stdio.h>

/* clang-format off */
const struct wire wires[PROCESS_COUNT] = {
	/*                       process         uid   may dial                                       */
	[PROCESS_INIT]        = { "init",        0,    0                                              },
	[PROCESS_SYSTEM]      = { "system",      8701, 0                                              },
	[PROCESS_TPM]         = { "tpm",         8702, 0                                              },
	[PROCESS_VERIFIER]    = { "verifier",    8703, 0                                              },
	[PROCESS_KEYRING]     = { "keyring",     8704, 0                                              },
	[PROCESS_MEASUREMENT] = { "measurement", 8705, PEER(SYSTEM) | PEER(TPM) | PEER(KEYRING)       },
	[PROCESS_GATEWAY]     = { "gateway",     8706, PEER(MEASUREMENT) | PEER(SYSTEM) |
	                                               PEER(KEYRING) | PEER(VERIFIER)                 },
};
/* clang-format on */

void
wire_folder(char out[WIRE_PATH_SIZE], enum process caller, enum process callee)
{
	(void)snprintf(out, WIRE_PATH_SIZE, "%s/%s-%s", WIRES_DIR,
	    wires[caller].name, wires[callee].name);
}

void
wire_socket(char out[WIRE_PATH_SIZE], enum process caller, enum process callee)
{
	(void)snprintf(out, WIRE_PATH_SIZE, "%s/%s-%s/s", WIRES_DIR,
	    wires[caller].name, wires[callee].name);
}

bool
wire_exists(enum process caller, enum process callee)
{
	return (wires[caller].may_dial & 1u << callee) != 0;
}
