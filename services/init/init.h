/* SPDX-License-Identifier: Apache-2.0 */
/* PID 1: its table of children, and the duties that its files share. */
#ifndef SERVICES_INIT_INIT_H
#define SERVICES_INIT_INIT_H

#include "core/base/fault.h"
#include "ipc/service.h"

#include <sys/types.h>

#define CHILD_MAX  16u
#define CHILD_ARGS 8u
#define PATH_SIZE  256u

enum child_rule {
	CHILD_RESTART, /* started again, with back-off */
	CHILD_FATAL    /* what it held is lost: the node goes down */
};

/* A set of enum grant. */
#define GRANT(what) (1u << GRANT_##what)

/* One process that init keeps: who it is, what it gets, when it starts. */
struct child {
	enum process self; /* PROCESS_COUNT: a program that has no wires */
	const char *name;  /* and uid: of such a program; ours are in wires[] */
	const char *path;  /* NULL: pwos-NAME in the folder of programs */
	char args[CHILD_ARGS][32]; /* beyond the name of the program */
	uint32_t uid;
	uint32_t needs; /* PEER() bits that are ready before it */
	uint32_t grants;
	uint64_t capabilities;
	uint64_t nofile, nproc, memlock, memory; /* limits; memory in bytes */
	enum child_rule rule;
	bool network;      /* shares the node's; else an empty one of its own */
	bool image_only;   /* not on the host */
	uint32_t ready_ms; /* 0: ready as soon as it runs */
	const char *folders[2]; /* made for it, mode 0700 */
	/* Its fence, from init; NULL: a service of ours, with its own. */
	const struct sandbox *walls;
};

static inline const char *
child_name(const struct child *row)
{
	return row->self < PROCESS_COUNT ? wires[row->self].name : row->name;
}

/* Also its gid. */
static inline uint32_t
child_uid(const struct child *row)
{
	return row->self < PROCESS_COUNT ? wires[row->self].uid : row->uid;
}

extern const struct sandbox walls_dhcpcd;
extern const struct child children[];
extern const size_t children_count;

/* Where init runs and what it was given. */
struct setup {
	bool host;            /* a supervisor, not PID 1 of the image */
	const char *programs; /* folder of the services */
	const char *tpm;      /* socket of swtpm; NULL: /dev/tpmrm0 */
	const char
	    *operator;   /* address text; NULL: the image's file, or none */
	uint16_t port;   /* that the gateway serves */
	int counts;      /* read-only memfd: struct restart_counts */
	int listener;    /* bound to the port: outlives every gateway */
	int verdict_key; /* read-only memfd, made anew each boot */
	int cgroup;      /* folder of the leaves; -1: no controllers */
};

/* A child that runs. pidfd and notify belong to the loop. */
struct spawned {
	pid_t pid;
	int pidfd;
	int notify; /* a newline comes out when it is ready */
};

/* One line "init: [   3.214] TEXT" on stderr; dropped when that would block. */
void log_open(void);
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Milliseconds of CLOCK_MONOTONIC. */
uint64_t log_clock_ms(void);

/* The image's file systems: base first, those that need modules after them. */
MUST_CHECK bool mounts_base(struct fault *f);
MUST_CHECK bool mounts_late(struct fault *f);

/* The TCP socket of GRANT_LISTEN: on the loopback address only on a host. */
MUST_CHECK bool listener_open(
    int *out, const struct setup *setup, struct fault *f);

/* Makes it listen: anew for each gateway, the last of which may have shut it
 * down or made it block. */
MUST_CHECK bool listener_renew(int fd);

/* Folder of every wire, and of every child that has one. */
MUST_CHECK bool folders_make(const struct setup *setup, struct fault *f);

/* Loads the modules that the list names; what cannot load is logged. */
void modules_load(const char *list);

/* lo up; every interface down before power-off (a kernel may spin on one). */
MUST_CHECK bool net_up(struct fault *f);
void net_down(void);

/* Makes the node's cgroup; *out is -1 on a host without controllers. */
MUST_CHECK bool cgroup_open(int *out, bool host, struct fault *f);
/* The child's leaf with its limits, as an open folder; -1 if there is none. */
MUST_CHECK bool cgroup_leaf(
    int *out, int cgroup, const struct child *row, struct fault *f);

/* The counters: *out is init's mapping and the only one that can be written. */
MUST_CHECK bool counts_make(
    struct restart_counts **out, int *reader, struct fault *f);

/* 32 random bytes that nobody can change, and that init itself forgets. */
MUST_CHECK bool grant_make_key(int *out, struct fault *f);

/* Opens what a grant stands for, anew for each start of a child. */
MUST_CHECK bool grant_open(
    int *out, enum grant grant, const struct setup *setup, struct fault *f);

/* Starts a child with exactly what its row says (rule init 5). */
MUST_CHECK bool spawn_child(struct spawned *out, const struct child *row,
    const struct setup *setup, struct fault *f);

/* Supervises the rows until SIGTERM or SIGINT, or the death of a FATAL child.
 * True if it was asked to end. */
bool loop_run(const struct child *rows, size_t count, const struct setup *setup,
    struct restart_counts *counts);

/* Hardware watchdog; nothing happens without one. */
void power_watch(void);
void power_pet(void);
/* Ends the machine. */
void power_off(void) __attribute__((noreturn));

#endif
