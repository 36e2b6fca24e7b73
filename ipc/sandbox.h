/* SPDX-License-Identifier: Apache-2.0 */
/* Walls of a process as data: system calls (seccomp) and paths (Landlock). */
#ifndef IPC_SANDBOX_H
#define IPC_SANDBOX_H

#include "core/base/fault.h"

#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>

/* One allowed system call; with arg >= 0 only if (args[arg] & mask) == value. */
struct sandbox_rule {
	int call;
	int arg;
	uint64_t mask, value;
};

#define ALLOW(name) { SCMP_SYS(name), -1, 0, 0 }
#define ALLOW_IF(name, argument, equals) \
	{ SCMP_SYS(name), argument, UINT64_MAX, equals }
#define ALLOW_MASKED(name, argument, bits, equals) \
	{ SCMP_SYS(name), argument, bits, equals }

/* A path that stays reachable after the fence, with LANDLOCK_ACCESS_FS_*. */
struct sandbox_path {
	const char *path;
	uint64_t access;
};

/* What this room needs beyond the base set of ipc/sandbox.c. The sockets of
 * its own wires are added by the fence. */
struct sandbox {
	const char *name;
	const struct sandbox_rule *rules;
	size_t nrules;
	const struct sandbox_path *paths;
	size_t npaths;
	bool dials; /* adds the dial set: re-dialling of wires */
};

/* The base set, for the generated table. */
extern const struct sandbox_rule sandbox_base[];
extern const size_t sandbox_base_count;
extern const struct sandbox_rule sandbox_dial[];
extern const size_t sandbox_dial_count;

/* Landlock on the calling thread and its later children: all of the file
 * system is out of reach but `paths` and the folders given. A kernel without
 * Landlock is a fault ("sandbox.landlock"). */
MUST_CHECK bool sandbox_fence(const struct sandbox *s,
    const struct sandbox_path *wire_folders, size_t n, struct fault *f);

/* The seccomp filter on every thread (TSYNC): any other call kills the
 * process. Sets no_new_privs. */
MUST_CHECK bool sandbox_enter(const struct sandbox *s, struct fault *f);

#endif
