/* SPDX-License-Identifier: Apache-2.0 */
/* The loop with real processes, as root: restart, never ready, fatal, stop. */
#include "services/init/init.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static const char *probe;

/* What the loop wrote, and what it left in the counters. */
struct seen {
	bool asked;
	char log[8192];
	struct restart_counts counts;
};

static unsigned
open_files(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
run(struct seen *out, const struct child *rows, size_t n)
{
	struct setup setup = { .host = true, .programs = "/", .cgroup = -1 };
	struct restart_counts *counts;
	struct fault f;
	sigset_t before;
	unsigned files = open_files();
	int log = memfd_create("log", 0), kept = dup(STDERR_FILENO);

	assert_true(counts_make(&counts, &setup.counts, &f));
	(void)sigprocmask(SIG_SETMASK, NULL, &before);
	assert_true(log >= 0 && kept >= 0);
	assert_int_equal(dup2(log, STDERR_FILENO), STDERR_FILENO);
	out->asked = loop_run(rows, n, &setup, counts);
	assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	ssize_t got = pread(log, out->log, sizeof(out->log) - 1, 0);

	assert_true(got > 0);
	out->log[got] = '\0';
	out->counts = *counts;
	(void)close(log);
	(void)close(kept);
	(void)close(setup.counts);
	(void)munmap(counts, sizeof(*counts));
	/* A node that restarts a child for years must not run out of them. */
	assert_int_equal(open_files(), files);
}

static struct child
child(enum process self, const char *does, uint32_t ready_ms)
{
	struct child row = { .self = self,
		.path = probe,
		.grants = GRANT(NOTIFY),
		.nofile = 64,
		.nproc = 512,
		.memlock = 4096,
		.ready_ms = ready_ms };

	(void)snprintf(row.args[0], sizeof(row.args[0]), "%s", does);
	return row;
}

/* A FATAL child that ends after a moment bounds each of these. */
static struct child
fuse(void)
{
	struct child row = child(PROCESS_KEYRING, "brief", 10000);

	row.rule = CHILD_FATAL;
	return row;
}

static void
assert_line(const struct seen *seen, const char *line)
{
	if (strstr(seen->log, line) == NULL)
		fail_msg("no \"%s\" in:\n%s", line, seen->log);
}

static void
a_crash_is_restarted_and_counted(void **state)
{
	const struct child rows[] = { child(PROCESS_SYSTEM, "crash", 10000),
		fuse() };
	struct seen seen;

	(void)state;
	run(&seen, rows, 2);
	assert_line(&seen, "system killed by signal 6\n");
	assert_line(&seen, "system again in 100 ms\n");
	assert_line(&seen, "system again in 200 ms\n");
	assert_true(seen.counts.of[PROCESS_SYSTEM] >= 2);
	assert_int_equal(seen.counts.of[PROCESS_KEYRING], 0);
}

static void
never_ready_is_reported_and_restarted(void **state)
{
	const struct child rows[] = { child(PROCESS_SYSTEM, "silent", 100),
		fuse() };
	struct seen seen;

	(void)state;
	run(&seen, rows, 2);
	assert_line(&seen, "system not ready in 100 ms: killed\n");
	assert_line(&seen, "system killed by signal 9\n");
	assert_true(seen.counts.of[PROCESS_SYSTEM] >= 1);
}

static void
a_fatal_end_names_itself_and_ends_all(void **state)
{
	const struct child rows[] = { child(PROCESS_SYSTEM, "serve", 10000),
		fuse() };
	struct seen seen;

	(void)state;
	run(&seen, rows, 2);
	assert_false(seen.asked);
	assert_line(&seen, "system ready\n");
	assert_line(&seen, "keyring exited 7: the node cannot go on\n");
	assert_line(&seen, "system killed by signal 15\n");
	assert_line(&seen, "all children down\n");
}

/* Also a child that is none of the rows': it is reaped and means nothing. */
static void
signal_soon(int signal)
{
	pid_t self = getpid();

	if (fork() != 0)
		return;
	(void)usleep(500000);
	(void)kill(self, signal);
	_exit(0);
}

static void
a_signal_ends_all_and_is_success(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct child rows[] = { child(PROCESS_SYSTEM, "serve",
						  10000),
			child(PROCESS_TPM, "stubborn", 10000) };
		struct seen seen;
		sigset_t both;

		(void)sigemptyset(&both);
		(void)sigaddset(&both, signals[i]);
		(void)sigprocmask(SIG_BLOCK, &both, NULL);
		signal_soon(signals[i]);
		run(&seen, rows, 2);
		(void)sigprocmask(SIG_UNBLOCK, &both, NULL);
		assert_true(seen.asked);
		assert_line(&seen, "system killed by signal 15\n");
		assert_line(&seen, "tpm killed by signal 9\n");
		assert_int_equal(seen.counts.of[PROCESS_SYSTEM], 0);
	}
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest all[] = {
		cmocka_unit_test(a_crash_is_restarted_and_counted),
		cmocka_unit_test(never_ready_is_reported_and_restarted),
		cmocka_unit_test(a_fatal_end_names_itself_and_ends_all),
		cmocka_unit_test(a_signal_ends_all_and_is_success),
	};

	if (argc != 2)
		return 100;
	probe = argv[1];
	if (geteuid() != 0) {
		(void)puts("1..0 # SKIP needs root");
		return 0;
	}
	return cmocka_run_group_tests(all, NULL, NULL);
}
