/* SPDX-License-Identifier: Apache-2.0 */
/* When children start, are given up and end: a state machine without system
 * calls, driven by the loop and by tests. */
#ifndef SERVICES_INIT_SUPERVISE_H
#define SERVICES_INIT_SUPERVISE_H

#include "services/init/init.h"

enum child_state {
	CHILD_DOWN,
	CHILD_STARTING,
	CHILD_READY,
	CHILD_STOPPING,
	CHILD_STATES
};

enum child_event {
	EVENT_TIMER, /* the time that the state set has come */
	EVENT_READY, /* it said so */
	EVENT_EXIT,  /* it ended */
	EVENT_STOP,  /* everything ends */
	CHILD_EVENTS
};

#define SUPERVISE_BACKOFF_MS     100u
#define SUPERVISE_BACKOFF_MAX_MS 5000u
#define SUPERVISE_STABLE_MS      60000u /* up that long: back-off starts anew */
#define SUPERVISE_STOP_MS        3000u  /* from SIGTERM to SIGKILL */

/* The end of a process: its exit status, or its signal plus this. */
#define ENDED_BY_SIGNAL 256u

struct supervise_ops {
	bool (*spawn)(void *arg, unsigned child);
	void (*kill)(void *arg, unsigned child, int signal);
	void (*log)(void *arg, const char *line);
};

struct running {
	enum child_state state;
	bool timed; /* due_ms counts */
	bool killed;
	uint64_t due_ms, since_ms, delay_ms, starts;
};

struct supervise {
	const struct child *rows;
	unsigned count;
	const struct supervise_ops *ops;
	void *arg;
	struct running of[CHILD_MAX];
	uint64_t now_ms;
	bool stopping, failed;
};

/* All children down and due now. */
void supervise_init(struct supervise *s, const struct child *rows,
    unsigned count, const struct supervise_ops *ops, void *arg);

/* ended: of EVENT_EXIT, see ENDED_BY_SIGNAL. */
void supervise_event(struct supervise *s, unsigned child,
    enum child_event event, unsigned ended);

/* Sets the clock; starts what is due and acts on what is late. */
void supervise_tick(struct supervise *s, uint64_t now_ms);

/* Milliseconds until the next tick has work; -1: only an event brings any. */
int supervise_wait_ms(const struct supervise *s);

void supervise_stop(struct supervise *s);

/* Stopping, and no child is left. */
bool supervise_finished(const struct supervise *s);

/* How often the child was started again. */
uint64_t supervise_restarts(const struct supervise *s, unsigned child);

#endif
