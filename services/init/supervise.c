/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/supervise.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

static void __attribute__((format(printf, 3, 4)))
say(struct supervise *s, unsigned child, const char *format, ...)
{
	char line[160];
	va_list args;
	int used =
	    snprintf(line, sizeof(line), "%s ", child_name(&s->rows[child]));

	if (used < 0 || (size_t)used >= sizeof(line))
		return;
	va_start(args, format);
	(void)vsnprintf(line + used, sizeof(line) - (size_t)used, format, args);
	va_end(args);
	s->ops->log(s->arg, line);
}

static void
set_timer(struct supervise *s, unsigned child, uint64_t after_ms)
{
	s->of[child].timed = true;
	s->of[child].due_ms = s->now_ms + after_ms;
}

static uint32_t
ready_set(const struct supervise *s)
{
	uint32_t set = 0;

	for (unsigned i = 0; i < s->count; i++) {
		if (s->of[i].state == CHILD_READY &&
		    s->rows[i].self < PROCESS_COUNT)
			set |= 1u << s->rows[i].self;
	}
	return set;
}

static bool
needs_met(const struct supervise *s, unsigned child)
{
	return (s->rows[child].needs & ~ready_set(s)) == 0;
}

static void
go_down(struct supervise *s, unsigned child)
{
	struct running *r = &s->of[child];

	r->state = CHILD_DOWN;
	r->timed = false;
	r->killed = false;
}

static void
back_off(struct supervise *s, unsigned child)
{
	struct running *r = &s->of[child];

	go_down(s, child);
	if (r->delay_ms == 0 || s->now_ms - r->since_ms >= SUPERVISE_STABLE_MS)
		r->delay_ms = SUPERVISE_BACKOFF_MS;
	else
		r->delay_ms *= 2;
	if (r->delay_ms > SUPERVISE_BACKOFF_MAX_MS)
		r->delay_ms = SUPERVISE_BACKOFF_MAX_MS;
	set_timer(s, child, r->delay_ms);
	say(s, child, "again in %" PRIu64 " ms", r->delay_ms);
}

static void
ignore(struct supervise *s, unsigned child, unsigned ended)
{
	(void)s;
	(void)child;
	(void)ended;
}

static void
become_ready(struct supervise *s, unsigned child, unsigned ended)
{
	(void)ended;
	s->of[child].state = CHILD_READY;
	s->of[child].timed = false;
	say(s, child, "ready");
}

static void
start(struct supervise *s, unsigned child, unsigned ended)
{
	struct running *r = &s->of[child];

	if (s->stopping || !needs_met(s, child))
		return;
	r->since_ms = s->now_ms;
	if (!s->ops->spawn(s->arg, child)) {
		back_off(s, child);
		return;
	}
	r->starts++;
	r->state = CHILD_STARTING;
	say(s, child, "started");
	if (s->rows[child].ready_ms == 0)
		become_ready(s, child, ended);
	else
		set_timer(s, child, s->rows[child].ready_ms);
}

static void
late(struct supervise *s, unsigned child, unsigned ended)
{
	(void)ended;
	say(s, child, "not ready in %" PRIu32 " ms: killed",
	    s->rows[child].ready_ms);
	s->of[child].state = CHILD_STOPPING;
	s->of[child].killed = true;
	s->ops->kill(s->arg, child, SIGKILL);
	set_timer(s, child, SUPERVISE_STOP_MS);
}

static void
end(struct supervise *s, unsigned child, unsigned ended)
{
	bool fatal = s->rows[child].rule == CHILD_FATAL && !s->stopping;
	bool by_signal = ended >= ENDED_BY_SIGNAL;

	say(s, child, "%s %u%s", by_signal ? "killed by signal" : "exited",
	    by_signal ? ended - ENDED_BY_SIGNAL : ended,
	    fatal ? ": the node cannot go on" : "");
	if (s->stopping) {
		go_down(s, child);
	} else if (fatal) {
		go_down(s, child);
		s->failed = true;
		supervise_stop(s);
	} else {
		back_off(s, child);
	}
}

static void
terminate(struct supervise *s, unsigned child, unsigned ended)
{
	(void)ended;
	s->of[child].state = CHILD_STOPPING;
	s->ops->kill(s->arg, child, SIGTERM);
	set_timer(s, child, SUPERVISE_STOP_MS);
}

static void
kill_again(struct supervise *s, unsigned child, unsigned ended)
{
	(void)ended;
	if (s->stopping && s->of[child].killed) {
		say(s, child, "does not die: left behind");
		go_down(s, child);
		return;
	}
	s->of[child].killed = true;
	s->ops->kill(s->arg, child, SIGKILL);
	set_timer(s, child, SUPERVISE_STOP_MS);
}

static void
stay_down(struct supervise *s, unsigned child, unsigned ended)
{
	(void)ended;
	s->of[child].timed = false;
}

/* clang-format off */
static void (*const table[CHILD_STATES][CHILD_EVENTS])(
    struct supervise *, unsigned, unsigned) = {
	/*                    TIMER       READY         EXIT    STOP      */
	[CHILD_DOWN]     = { start,      ignore,       ignore, stay_down },
	[CHILD_STARTING] = { late,       become_ready, end,    terminate },
	[CHILD_READY]    = { ignore,     ignore,       end,    terminate },
	[CHILD_STOPPING] = { kill_again, ignore,       end,    ignore    },
};
/* clang-format on */

void
supervise_init(struct supervise *s, const struct child *rows, unsigned count,
    const struct supervise_ops *ops, void *arg)
{
	*s = (struct supervise){
		.rows = rows, .count = count, .ops = ops, .arg = arg
	};
	for (unsigned i = 0; i < count; i++)
		s->of[i].timed = true;
}

void
supervise_event(
    struct supervise *s, unsigned child, enum child_event event, unsigned ended)
{
	table[s->of[child].state][event](s, child, ended);
}

void
supervise_tick(struct supervise *s, uint64_t now_ms)
{
	s->now_ms = now_ms;
	for (unsigned i = 0; i < s->count; i++) {
		if (s->of[i].timed && s->of[i].due_ms <= now_ms)
			supervise_event(s, i, EVENT_TIMER, 0);
	}
}

int
supervise_wait_ms(const struct supervise *s)
{
	uint64_t first = UINT64_MAX;

	for (unsigned i = 0; i < s->count; i++) {
		const struct running *r = &s->of[i];

		if (!r->timed || (r->state == CHILD_DOWN && !needs_met(s, i)))
			continue;
		if (r->due_ms < first)
			first = r->due_ms;
	}
	if (first == UINT64_MAX)
		return -1;
	if (first <= s->now_ms)
		return 0;
	return first - s->now_ms > INT_MAX ? INT_MAX : (int)(first - s->now_ms);
}

void
supervise_stop(struct supervise *s)
{
	if (s->stopping)
		return;
	s->stopping = true;
	for (unsigned i = 0; i < s->count; i++)
		supervise_event(s, i, EVENT_STOP, 0);
}

bool
supervise_finished(const struct supervise *s)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (s->of[i].state != CHILD_DOWN)
			return false;
	}
	return s->stopping;
}

uint64_t
supervise_restarts(const struct supervise *s, unsigned child)
{
	return s->of[child].starts == 0 ? 0 : s->of[child].starts - 1;
}
