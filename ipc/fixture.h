/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of ipc/: a small service in system's place, and processes with the
 * uids of wires[] in a /run of their own. Needs root. */
#ifndef IPC_FIXTURE_H
#define IPC_FIXTURE_H

#include "ipc/dial.h"
#include "ipc/service.h"

#include <stdio.h>
#include <sys/types.h>

#define FIXTURE_BYTES_MAX 1000000u
#define FIXTURE_REASON    "test.refused"

struct fixture_echo_req {
	struct bytes text;
	uint64_t number;
	bool flag;
};

struct fixture_echo_rep {
	struct bytes text;
	uint64_t number;
	bool flag;
};

/* A reply of so many bytes, which may be more than its table allows. */
struct fixture_big_req {
	uint64_t size;
};

struct fixture_big_rep {
	struct bytes text;
};

struct fixture_wait_req {
	uint64_t ms;
};

/* How many calls of wait were begun in this process. */
struct fixture_wait_rep {
	uint64_t count;
};

struct fixture_die_req {
	bool unused;
};

struct fixture_die_rep {
	bool unused;
};

struct fixture_refuse_req {
	bool unused;
};

struct fixture_refuse_rep {
	bool unused;
};

IPC_METHOD(fixture, echo)   /* measurement, gateway */
IPC_METHOD(fixture, big)    /* gateway */
IPC_METHOD(fixture, wait)   /* measurement, gateway; deadline 2 s */
IPC_METHOD(fixture, die)    /* measurement */
IPC_METHOD(fixture, refuse) /* gateway: VERIFY FIXTURE_REASON */

extern const struct service fixture_service;

/* A private /run with the folders of every wire. */
void fixture_isolate(void);

/* Forks body as that process of wires[]; its result is the exit code. What is
 * written to GRANT_NOTIFY can be read from *notify if that is not NULL. */
pid_t fixture_spawn(enum process as, int (*body)(void), int *notify);

/* Waits for the newline on notify; false if the process ended without. */
bool fixture_ready(int notify);

/* The status of waitpid. */
int fixture_wait_for(pid_t pid);
void fixture_kill(pid_t pid);

/* A server of fixture_service without walls, so that sanitizers can watch. */
int fixture_serve(void);

/* A link from `self` to the fixture; ends the process if there is none. */
struct link *fixture_link(enum process self);

/* In a body: a check that fails ends it with 1 and says where. */
#define EXPECT(condition)                                              \
	do {                                                           \
		if (!(condition)) {                                    \
			(void)fprintf(stderr, "%s:%d: %s\n", __FILE__, \
			    __LINE__, #condition);                     \
			return 1;                                      \
		}                                                      \
	} while (0)

#endif
