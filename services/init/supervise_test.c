/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/supervise.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* A world in which starts succeed unless told, and kills are written down. */
struct world {
	unsigned spawned[3], killed[3], terminated[3];
	bool refuse;
	char log[4096];
	size_t used;
};

static bool
fake_spawn(void *arg, unsigned child)
{
	struct world *w = arg;

	if (w->refuse)
		return false;
	w->spawned[child]++;
	return true;
}

static void
fake_kill(void *arg, unsigned child, int signal)
{
	struct world *w = arg;

	if (signal == SIGKILL)
		w->killed[child]++;
	else
		w->terminated[child]++;
}

static void
fake_log(void *arg, const char *line)
{
	struct world *w = arg;
	int n =
	    snprintf(w->log + w->used, sizeof(w->log) - w->used, "%s\n", line);

	assert_true(n > 0 && (size_t)n < sizeof(w->log) - w->used);
	w->used += (size_t)n;
}

static const struct supervise_ops ops = { fake_spawn, fake_kill, fake_log };

enum { ALONE, NEEDY, DEAR };

static const struct child family[] = {
	[ALONE] = { .self = PROCESS_TPM, .ready_ms = 10000 },
	[NEEDY] = { .self = PROCESS_MEASUREMENT,
	    .needs = PEER(TPM),
	    .ready_ms = 10000 },
	[DEAR] = { .self = PROCESS_KEYRING,
	    .rule = CHILD_FATAL,
	    .ready_ms = 10000 },
};

static void
begin(struct supervise *s, struct world *w)
{
	*w = (struct world){ 0 };
	supervise_init(s, family, 3, &ops, w);
	supervise_tick(s, 1000);
}

static void
into(struct supervise *s, struct world *w, unsigned child,
    enum child_state state)
{
	begin(s, w);
	if (state == CHILD_DOWN) {
		w->refuse = true;
		supervise_init(s, family, 3, &ops, w);
		supervise_tick(s, 1000);
	}
	if (state == CHILD_READY)
		supervise_event(s, child, EVENT_READY, 0);
	if (state == CHILD_STOPPING)
		supervise_event(s, child, EVENT_TIMER, 0);
	w->refuse = false;
	w->used = 0;
	w->log[0] = '\0';
	assert_int_equal(s->of[child].state, state);
}

struct row {
	const char *name;
	enum child_state from;
	enum child_event event;
	enum child_state to;
	bool timed;
	const char *log;
};

/* clang-format off */
static const struct row rows[] = {
	{ "down, timer",     CHILD_DOWN,     EVENT_TIMER, CHILD_STARTING, true,  "tpm started\n" },
	{ "down, ready",     CHILD_DOWN,     EVENT_READY, CHILD_DOWN,     true,  "" },
	{ "down, exit",      CHILD_DOWN,     EVENT_EXIT,  CHILD_DOWN,     true,  "" },
	{ "down, stop",      CHILD_DOWN,     EVENT_STOP,  CHILD_DOWN,     false, "" },
	{ "starting, timer", CHILD_STARTING, EVENT_TIMER, CHILD_STOPPING, true,  "tpm not ready in 10000 ms: killed\n" },
	{ "starting, ready", CHILD_STARTING, EVENT_READY, CHILD_READY,    false, "tpm ready\n" },
	{ "starting, exit",  CHILD_STARTING, EVENT_EXIT,  CHILD_DOWN,     true,  "tpm exited 3\ntpm again in 100 ms\n" },
	{ "starting, stop",  CHILD_STARTING, EVENT_STOP,  CHILD_STOPPING, true,  "" },
	{ "ready, timer",    CHILD_READY,    EVENT_TIMER, CHILD_READY,    false, "" },
	{ "ready, ready",    CHILD_READY,    EVENT_READY, CHILD_READY,    false, "" },
	{ "ready, exit",     CHILD_READY,    EVENT_EXIT,  CHILD_DOWN,     true,  "tpm exited 3\ntpm again in 100 ms\n" },
	{ "ready, stop",     CHILD_READY,    EVENT_STOP,  CHILD_STOPPING, true,  "" },
	{ "stopping, timer", CHILD_STOPPING, EVENT_TIMER, CHILD_STOPPING, true,  "" },
	{ "stopping, ready", CHILD_STOPPING, EVENT_READY, CHILD_STOPPING, true,  "" },
	{ "stopping, exit",  CHILD_STOPPING, EVENT_EXIT,  CHILD_DOWN,     true,  "tpm exited 3\ntpm again in 100 ms\n" },
	{ "stopping, stop",  CHILD_STOPPING, EVENT_STOP,  CHILD_STOPPING, true,  "" },
};
/* clang-format on */

static void
each_state_and_event(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct supervise s;
		struct world w;

		into(&s, &w, ALONE, rows[i].from);
		supervise_event(&s, ALONE, rows[i].event, 3);
		if (s.of[ALONE].state != rows[i].to ||
		    s.of[ALONE].timed != rows[i].timed)
			fail_msg("%s: state %d, timed %d", rows[i].name,
			    s.of[ALONE].state, s.of[ALONE].timed);
		assert_string_equal(w.log, rows[i].log);
	}
}

static void
needs_are_waited_for(void **state)
{
	struct supervise s;
	struct world w;

	(void)state;
	begin(&s, &w);
	assert_int_equal(w.spawned[NEEDY], 0);
	/* Nothing to do for it before what it needs is ready. */
	assert_int_equal(supervise_wait_ms(&s), 10000);
	supervise_tick(&s, 5000);
	assert_int_equal(w.spawned[NEEDY], 0);
	supervise_event(&s, ALONE, EVENT_READY, 0);
	assert_int_equal(supervise_wait_ms(&s), 0);
	supervise_tick(&s, 5001);
	assert_int_equal(w.spawned[NEEDY], 1);
	/* The end of what it needs does not end it. */
	supervise_event(&s, ALONE, EVENT_EXIT, 1);
	assert_int_equal(s.of[NEEDY].state, CHILD_STARTING);
}

static void
back_off_doubles_and_resets(void **state)
{
	static const uint64_t delays[] = { 100, 200, 400, 800, 1600, 3200, 5000,
		5000 };
	struct supervise s;
	struct world w;
	uint64_t now = 1000;

	(void)state;
	begin(&s, &w);
	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		supervise_event(&s, ALONE, EVENT_EXIT, 1);
		assert_int_equal(s.of[ALONE].due_ms - now, delays[i]);
		supervise_tick(&s, now + delays[i] - 1);
		assert_int_equal(s.of[ALONE].state, CHILD_DOWN);
		now += delays[i];
		supervise_tick(&s, now);
		assert_int_equal(s.of[ALONE].state, CHILD_STARTING);
		assert_int_equal(supervise_restarts(&s, ALONE), i + 1);
	}
	supervise_event(&s, ALONE, EVENT_READY, 0);
	now += SUPERVISE_STABLE_MS;
	supervise_tick(&s, now);
	supervise_event(&s, ALONE, EVENT_EXIT, 1);
	assert_int_equal(s.of[ALONE].due_ms - now, SUPERVISE_BACKOFF_MS);
}

static void
what_cannot_start_is_tried_again(void **state)
{
	struct supervise s;
	struct world w = { .refuse = true };

	(void)state;
	supervise_init(&s, family, 3, &ops, &w);
	supervise_tick(&s, 1000);
	assert_int_equal(s.of[ALONE].state, CHILD_DOWN);
	assert_int_equal(supervise_restarts(&s, ALONE), 0);
	w.refuse = false;
	supervise_tick(&s, 1100);
	assert_int_equal(s.of[ALONE].state, CHILD_STARTING);
	assert_int_equal(supervise_restarts(&s, ALONE), 0);
}

static void
late_is_killed_and_started_again(void **state)
{
	struct supervise s;
	struct world w;

	(void)state;
	begin(&s, &w);
	supervise_event(&s, DEAR, EVENT_READY, 0);
	supervise_tick(&s, 10999);
	assert_int_equal(w.killed[ALONE], 0);
	supervise_tick(&s, 11000);
	assert_int_equal(w.killed[ALONE], 1);
	/* It takes a while to die: killed again, and never forgotten. */
	supervise_tick(&s, 14000);
	supervise_tick(&s, 17000);
	assert_int_equal(w.killed[ALONE], 3);
	assert_int_equal(s.of[ALONE].state, CHILD_STOPPING);
	supervise_event(&s, ALONE, EVENT_EXIT, ENDED_BY_SIGNAL + SIGKILL);
	supervise_tick(&s, 17100);
	assert_int_equal(s.of[ALONE].state, CHILD_STARTING);
}

static void
fatal_ends_all(void **state)
{
	static const struct {
		unsigned ended;
		const char *line;
	} ends[] = {
		{ 0, "keyring exited 0: the node cannot go on\n" },
		{ 111, "keyring exited 111: the node cannot go on\n" },
		{ ENDED_BY_SIGNAL + SIGSYS,
		    "keyring killed by signal 31: the node cannot go on\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct supervise s;
		struct world w;

		into(&s, &w, DEAR, CHILD_READY);
		supervise_event(&s, DEAR, EVENT_EXIT, ends[i].ended);
		assert_string_equal(w.log, ends[i].line);
		assert_true(s.failed);
		assert_true(s.stopping);
		assert_int_equal(w.terminated[ALONE], 1);
		assert_false(supervise_finished(&s));
		supervise_event(&s, ALONE, EVENT_EXIT, 0);
		assert_true(supervise_finished(&s));
		supervise_tick(&s, 100000);
		assert_int_equal(w.spawned[DEAR], 1);
		assert_int_equal(w.spawned[ALONE], 1);
	}
}

static void
stop_waits_kills_and_ends(void **state)
{
	struct supervise s;
	struct world w;

	(void)state;
	begin(&s, &w);
	supervise_stop(&s);
	supervise_stop(&s);
	assert_int_equal(w.terminated[ALONE], 1);
	assert_int_equal(w.terminated[NEEDY], 0);
	/* A FATAL child that was told to end is no failure. */
	supervise_event(&s, DEAR, EVENT_EXIT, ENDED_BY_SIGNAL + SIGTERM);
	assert_false(s.failed);
	assert_int_equal(supervise_wait_ms(&s), SUPERVISE_STOP_MS);
	supervise_tick(&s, 1000 + SUPERVISE_STOP_MS);
	assert_int_equal(w.killed[ALONE], 1);
	assert_false(supervise_finished(&s));
	supervise_tick(&s, 1000 + 2 * SUPERVISE_STOP_MS);
	assert_true(supervise_finished(&s));
	assert_false(s.failed);
	assert_int_equal(supervise_wait_ms(&s), -1);
}

static void
each_row_of_the_table_can_start(void **state)
{
	uint32_t ready = 0;
	bool moved = true;

	(void)state;
	assert_true(children_count <= CHILD_MAX);
	/* A row that lacks a limit or a name would run without it. */
	for (size_t i = 0; i < children_count; i++) {
		const struct child *row = &children[i];

		assert_non_null(child_name(row));
		assert_true(child_uid(row) > 0);
		assert_true(row->nofile > 0 && row->nproc > 0);
		assert_true(row->memory > 0 && row->memlock > 0);
		for (size_t k = 0; k < i; k++)
			assert_true(child_uid(row) != child_uid(&children[k]));
		for (unsigned p = 0; p < PROCESS_COUNT; p++)
			assert_true(
			    p == row->self || child_uid(row) != wires[p].uid);
		/* Rows of the image alone come last. */
		assert_true(
		    i == 0 || !children[i - 1].image_only || row->image_only);
	}
	while (moved) {
		moved = false;
		for (size_t i = 0; i < children_count; i++) {
			uint32_t self = children[i].self < PROCESS_COUNT
					    ? 1u << children[i].self
					    : 0;

			if ((children[i].needs & ~ready) != 0 ||
			    (self & ~ready) == 0)
				continue;
			ready |= self;
			moved = true;
		}
	}
	/* Every process but init itself has a row, and no cycle of needs. */
	assert_int_equal(ready, ((1u << PROCESS_COUNT) - 1) & ~PEER(INIT));
}

int
main(void)
{
	static const struct CMUnitTest all[] = {
		cmocka_unit_test(each_state_and_event),
		cmocka_unit_test(needs_are_waited_for),
		cmocka_unit_test(back_off_doubles_and_resets),
		cmocka_unit_test(what_cannot_start_is_tried_again),
		cmocka_unit_test(late_is_killed_and_started_again),
		cmocka_unit_test(fatal_ends_all),
		cmocka_unit_test(stop_waits_kills_and_ends),
		cmocka_unit_test(each_row_of_the_table_can_start),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
