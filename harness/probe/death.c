/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/id.h"
#include "core/message/pack.h"
#include "harness/probe/probe.h"
#include "ipc/iface/system.h"

#include <signal.h>
#include <time.h>

/* Waits until the service is another process; 0 when the time is over. */
static pid_t
successor(enum process p, pid_t old)
{
	const struct timespec moment = { 0, 100000000 };
	uint64_t until = log_clock_ms() + BACK_MS;

	while (log_clock_ms() < until) {
		pid_t pid = room_pid(p);

		if (pid > 0 && pid != old)
			return pid;
		(void)nanosleep(&moment, NULL);
	}
	return 0;
}

static int64_t
restarts(enum process p)
{
	static uint8_t block[64u << 10];
	struct message *counts;
	struct fault f;
	struct arena a;
	int64_t n;

	arena_init(&a, block, sizeof(block));
	if (!answers_call(
		PROCESS_MEASUREMENT, PROCESS_SYSTEM, &system_state, &f) ||
	    !message_unpack(&counts,
		bytes_of(act_outcome->bytes, act_outcome->n), &a, &f) ||
	    !message_find_integer(&n, counts, wires[p].name))
		return -1;
	return n;
}

void
death_room(enum process p)
{
	const char *name = wires[p].name;
	struct message_id before, after;
	struct fault f = { 0 };
	int64_t count = restarts(p);
	pid_t old = room_pid(p);
	bool good = old > 0 && good_subject(&before, &f) &&
		    kill(old, SIGKILL) == 0 && successor(p, old) > 0;

	say_row(good, "%s: killed, it is there again", name);
	good = good && answers_again(p, BACK_MS, &f);
	say_row(good, "%s: and answers every call again", name);
	if (!good)
		say_note("%s: %s", f.reason, f.why);
	good = good && good_learn(&f) && good_subject(&after, &f) &&
	       memcmp(&before, &after, sizeof(before)) == 0;
	say_row(
	    good, "%s: the boot measurement is about the same subject", name);
	good = count >= 0 && restarts(p) > count;
	say_row(good, "%s: the restart is counted", name);
}

void
death_last(enum process p)
{
	pid_t pid = room_pid(p);

	if (pid > 0)
		(void)kill(pid, SIGKILL);
}
