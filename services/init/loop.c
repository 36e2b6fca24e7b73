/* SPDX-License-Identifier: Apache-2.0 */
/* The system's side of supervise.c: signals, descriptors, one poll. */
#include "services/init/supervise.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PET_MS 10000

struct loop {
	struct supervise s;
	struct spawned of[CHILD_MAX];
	const struct setup *setup;
	struct restart_counts *counts;
	int signals;
};

static bool
spawn(void *arg, unsigned child)
{
	struct loop *l = arg;
	struct fault f;

	if (spawn_child(&l->of[child], &l->s.rows[child], l->setup, &f))
		return true;
	log_line("%s cannot start: %s", child_name(&l->s.rows[child]), f.why);
	return false;
}

/* By pidfd: a number may be another process's by now. */
static void
send_signal(void *arg, unsigned child, int signal)
{
	struct loop *l = arg;

	(void)syscall(
	    SYS_pidfd_send_signal, l->of[child].pidfd, signal, NULL, 0);
}

static void
log_text(void *arg, const char *line)
{
	(void)arg;
	log_line("%s", line);
}

static const struct supervise_ops ops = { spawn, send_signal, log_text };

static void
drop(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void
hear_ready(struct loop *l, unsigned child)
{
	char said[8];
	ssize_t n = read(l->of[child].notify, said, sizeof(said));

	if (n > 0 && memchr(said, '\n', (size_t)n) != NULL)
		supervise_event(&l->s, child, EVENT_READY, 0);
	drop(&l->of[child].notify);
}

static void
bury(struct loop *l, const siginfo_t *dead)
{
	unsigned ended = (unsigned)dead->si_status;

	if (dead->si_code != CLD_EXITED)
		ended += ENDED_BY_SIGNAL;
	for (unsigned i = 0; i < l->s.count; i++) {
		if (l->of[i].pid != dead->si_pid)
			continue;
		l->of[i].pid = 0;
		drop(&l->of[i].pidfd);
		drop(&l->of[i].notify);
		supervise_event(&l->s, i, EVENT_EXIT, ended);
		return;
	}
}

/* All that have ended, orphans too: PID 1 is their parent. */
static void
reap(struct loop *l)
{
	for (;;) {
		siginfo_t dead = { 0 };

		if (waitid(P_ALL, 0, &dead, WEXITED | WNOHANG) != 0 ||
		    dead.si_pid == 0)
			return;
		bury(l, &dead);
	}
}

static void
hear_signals(struct loop *l)
{
	struct signalfd_siginfo got;

	while (read(l->signals, &got, sizeof(got)) == (ssize_t)sizeof(got)) {
		if (got.ssi_signo == SIGCHLD)
			continue;
		log_line("signal %u: stopping", got.ssi_signo);
		supervise_stop(&l->s);
	}
	reap(l);
}

static void
wait_and_hear(struct loop *l)
{
	struct pollfd fds[CHILD_MAX + 1] = { { .fd = l->signals,
	    .events = POLLIN } };
	int wait_ms = supervise_wait_ms(&l->s);

	for (unsigned i = 0; i < l->s.count; i++)
		fds[i + 1] =
		    (struct pollfd){ .fd = l->of[i].notify, .events = POLLIN };
	if (wait_ms < 0 || wait_ms > PET_MS)
		wait_ms = PET_MS;
	(void)poll(fds, l->s.count + 1, wait_ms);
	l->s.now_ms = log_clock_ms();
	for (unsigned i = 0; i < l->s.count; i++) {
		if (fds[i + 1].revents != 0)
			hear_ready(l, i);
	}
	if (fds[0].revents != 0)
		hear_signals(l);
	power_pet();
}

static void
publish_counts(struct loop *l)
{
	for (unsigned i = 0; i < l->s.count; i++) {
		enum process self = l->s.rows[i].self;

		if (self < PROCESS_COUNT)
			l->counts->of[self] = supervise_restarts(&l->s, i);
	}
}

bool
loop_run(const struct child *rows, size_t count, const struct setup *setup,
    struct restart_counts *counts)
{
	static struct loop l;
	sigset_t all;

	l = (struct loop){ .setup = setup, .counts = counts };
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	(void)sigemptyset(&all);
	(void)sigaddset(&all, SIGCHLD);
	(void)sigaddset(&all, SIGTERM);
	(void)sigaddset(&all, SIGINT);
	l.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	for (unsigned i = 0; i < CHILD_MAX; i++)
		l.of[i] = (struct spawned){ 0, -1, -1 };
	supervise_init(&l.s, rows, (unsigned)count, &ops, &l);
	while (l.signals >= 0 && !supervise_finished(&l.s)) {
		supervise_tick(&l.s, log_clock_ms());
		publish_counts(&l);
		if (!supervise_finished(&l.s))
			wait_and_hear(&l);
	}
	drop(&l.signals);
	log_line("all children down");
	return !l.s.failed;
}
