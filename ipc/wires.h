/* SPDX-License-Identifier: Apache-2.0 */
/* The system as one table: which processes there are and who may dial whom. */
#ifndef IPC_WIRES_H
#define IPC_WIRES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum process {
	PROCESS_INIT,
	PROCESS_SYSTEM,
	PROCESS_TPM,
	PROCESS_VERIFIER,
	PROCESS_KEYRING,
	PROCESS_MEASUREMENT,
	PROCESS_GATEWAY,
	PROCESS_COUNT
};

/* A set of processes, as call tables and wires name it. */
#define PEER(process) (1u << PROCESS_##process)

struct wire {
	const char *name; /* of the process, its program and its folder */
	uint32_t uid;     /* also its gid; unique */
	uint32_t may_dial;
};

extern const struct wire wires[PROCESS_COUNT];

/* Every wire is a folder that only its two ends can reach: owner callee,
 * group caller, mode 2710; the socket in it has mode 0660. Init makes it. */
#define WIRES_DIR      "/run/pwos/wires"
#define WIRE_PATH_SIZE 108 /* sun_path */

/* "/run/pwos/wires/CALLER-CALLEE" and the socket "s" in it. */
void wire_folder(
    char out[WIRE_PATH_SIZE], enum process caller, enum process callee);
void wire_socket(
    char out[WIRE_PATH_SIZE], enum process caller, enum process callee);

bool wire_exists(enum process caller, enum process callee);

#endif
