/* SPDX-License-Identifier: Apache-2.0 */
/* The probe of the test image: tries the walls of the services that run beside
 * it, as what they must stop. Results are TAP on the console. */
#ifndef HARNESS_PROBE_PROBE_H
#define HARNESS_PROBE_PROBE_H

#include "core/message/message.h"
#include "ipc/describe/describe.h"
#include "services/init/init.h"

#define STRANGER 65534u /* a uid that no table has */
#define BACK_MS  60000u /* a killed service answers again within */

/* One row; a note belongs to the row before it. */
void say_row(bool good, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A word to the harness that is no TAP. */
void say_word(const char *text);
void say_plan(void);

/* What a child leaves for the probe, in memory that both see. */
struct outcome {
	struct fault fault;
	size_t n;
	uint8_t bytes[MESSAGE_SIZE_MAX];
};

extern struct outcome *act_outcome;
MUST_CHECK bool act_open(struct fault *f);

/* Runs body in a child with that uid and gid, no further groups and no
 * capability; its wait status. act_outcome is clear before. */
int act_as(uid_t uid, gid_t gid, int (*body)(void *arg), void *arg);

static inline int
act_as_process(enum process p, int (*body)(void *arg), void *arg)
{
	return act_as(wires[p].uid, wires[p].uid, body, arg);
}

/*
 * Requests that a service must carry out. good_learn asks the node for its boot
 * measurement, from which most are made; good_subject is the id of its body.
 */
MUST_CHECK bool good_learn(struct fault *f);
MUST_CHECK bool good_subject(struct message_id *out, struct fault *f);
MUST_CHECK bool good_request(
    void **in, const struct method *method, struct arena *a, struct fault *f);
/* The smallest that the shape allows. */
void *good_smallest(const struct shape *shape, struct arena *a);

/* A good call by a process that may make it. The first bytes of the reply are
 * then in act_outcome. */
MUST_CHECK bool answers_call(enum process caller, enum process callee,
    const struct method *method, struct fault *f);
/* Rows: every call of p from every caller that it is for; gateway: HTTP. */
void answers_room(enum process p);
/* Whether all of that works before the time is over. */
MUST_CHECK bool answers_again(
    enum process p, uint64_t within_ms, struct fault *f);

/* Rows: every caller that a call is not for. */
void callers_room(enum process p);

/* The pid of a running service, from its cgroup; 0: none, or more than one. */
pid_t room_pid(enum process p);
/* A file of /proc or /sys, with a zero behind it; "" when unreadable. */
const char *room_file(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* Rows: what the kernel says about the process, and what ends it. */
void room_walls(enum process p);

/* Rows: killed, it is back, with the same boot measurement. */
void death_room(enum process p);
/* For the keyring: no row, the machine ends. */
void death_last(enum process p);

/* Rows: what the kernel refuses to root itself. */
void facts_image(void);

#endif
