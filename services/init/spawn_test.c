/* SPDX-License-Identifier: Apache-2.0 */
/* Real children, as root: what each sees is what its row says, line by line. */
#include "services/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define READ_SEARCH (UINT64_C(1) << CAP_DAC_READ_SEARCH)

static const char *probe;

static void
wait_for(const struct spawned *child)
{
	siginfo_t dead;

	assert_int_equal(
	    waitid(P_PIDFD, (id_t)child->pidfd, &dead, WEXITED), 0);
	assert_int_equal(dead.si_code, CLD_EXITED);
	assert_int_equal(dead.si_status, 0);
	(void)close(child->pidfd);
	if (child->notify >= 0)
		(void)close(child->notify);
}

/* Runs a child with a file as its console log, and reads that file. */
static void
run(char *out, size_t size, const struct child *row, const struct setup *setup)
{
	struct spawned child;
	struct fault f = { 0 };
	int log = memfd_create("log", 0), kept = dup(STDERR_FILENO);

	assert_true(log >= 0 && kept >= 0);
	assert_int_equal(dup2(log, STDERR_FILENO), STDERR_FILENO);
	bool started = spawn_child(&child, row, setup, &f);

	assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
	(void)close(kept);
	if (!started)
		fail_msg("%s", f.why);
	wait_for(&child);
	ssize_t n = pread(log, out, size - 1, 0);

	assert_true(n >= 0);
	out[n] = '\0';
	(void)close(log);
}

static rlim_t
at_most(enum __rlimit_resource which, uint64_t wanted)
{
	struct rlimit mine;

	assert_int_equal(getrlimit(which, &mine), 0);
	return mine.rlim_max < wanted ? mine.rlim_max : (rlim_t)wanted;
}

static void
expect(char *out, size_t size, const struct child *row, const char *descriptors)
{
	unsigned id = child_uid(row);
	unsigned long long caps = row->capabilities;
	unsigned long long lock = at_most(RLIMIT_MEMLOCK, row->memlock);
	unsigned long long files = row->nofile, procs = row->nproc;
	unsigned long long space = UINT64_C(4) << 30;

	(void)snprintf(out, size,
	    "name %s\n"
	    "user %u %u %u\n"
	    "group %u %u %u +0\n"
	    "session 1\n"
	    "umask 077\n"
	    "environment 0\n"
	    "limits %llu/%llu %llu/%llu %llu/%llu 0/0 %llu/%llu\n"
	    "SigBlk:\t0000000000000000\n"
	    "CapInh:\t%016llx\n"
	    "CapPrm:\t%016llx\n"
	    "CapEff:\t%016llx\n"
	    "CapBnd:\t0000000000000000\n"
	    "CapAmb:\t%016llx\n"
	    "NoNewPrivs:\t1\n"
	    "descriptors %s\n"
	    "interfaces lo\n",
	    child_name(row), id, id, id, id, id, id, files, files, procs, procs,
	    lock, lock, space, space, caps, caps, caps, caps, descriptors);
}

static const struct {
	const char *descriptors;
	struct child row;
} rows[] = {
	{ "0 1 2", { .self = PROCESS_VERIFIER,
		       .nofile = 64,
		       .nproc = 1008,
		       .memlock = 65536 } },
	{ "0 1 2 3", { .self = PROCESS_GATEWAY,
			 .grants = GRANT(NOTIFY),
			 .nofile = 1000,
			 .nproc = 1009,
			 .memlock = UINT64_C(1) << 40 } },
	{ "0 1 2 3 6", { .self = PROCESS_SYSTEM,
			   .grants = GRANT(NOTIFY) | GRANT(COUNTS),
			   .capabilities = READ_SEARCH,
			   .nofile = 20,
			   .nproc = 1010,
			   .memlock = 4096 } },
	{ "0 1 2 5", { .self = PROCESS_TPM,
			 .grants = GRANT(LOG),
			 .nofile = 20,
			 .nproc = 1010,
			 .memlock = 4096 } },
};

/* Much that a child must not get: a group, signals blocked, variables, open
 * files, a mask of its own. */
static void
be_generous(void)
{
	const gid_t more = 7;
	sigset_t all;

	(void)sigfillset(&all);
	assert_int_equal(setgroups(1, &more), 0);
	assert_int_equal(sigprocmask(SIG_SETMASK, &all, NULL), 0);
	assert_int_equal(setenv("LEAKED", "1", 1), 0);
	(void)umask(0);
	for (int fd = 3; fd < 200; fd += 7)
		assert_int_equal(dup2(STDOUT_FILENO, fd), fd);
}

static void
a_child_sees_its_row_and_no_more(void **state)
{
	struct setup setup = { .host = true, .programs = "/", .cgroup = -1 };
	struct restart_counts *counts;
	struct fault f;

	(void)state;
	if (geteuid() != 0)
		skip();
	be_generous();
	assert_true(counts_make(&counts, &setup.counts, &f));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct child row = rows[i].row;
		char saw[2048], wanted[2048];

		row.path = probe;
		run(saw, sizeof(saw), &row, &setup);
		expect(wanted, sizeof(wanted), &row, rows[i].descriptors);
		assert_string_equal(saw, wanted);
	}
	(void)close(setup.counts);
	(void)munmap(counts, sizeof(*counts));
}

static void
a_fence_outlives_exec(void **state)
{
	const uint64_t read =
	    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
	const struct sandbox_path paths[] = { { "/usr", read },
		{ probe, read } };
	const struct sandbox walls = {
		.name = "probe", .paths = paths, .npaths = 2
	};
	const struct setup setup = { .host = true, .cgroup = -1 };
	/* A user that no node on this machine counts processes of. */
	struct child row = { .self = PROCESS_COUNT,
		.name = "fenced",
		.uid = 8798,
		.path = probe,
		.args = { "fenced" },
		.nofile = 64,
		.nproc = 8,
		.memlock = 4096,
		.walls = &walls };
	char saw[256];

	(void)state;
	if (geteuid() != 0)
		skip();
	run(saw, sizeof(saw), &row, &setup);
	assert_string_equal(saw, "");
}

static void
a_grant_that_is_not_there_is_a_fault(void **state)
{
	static const struct setup setups[] = {
		{ .host = true, .tpm = "/run/nothing-listens", .cgroup = -1 },
		{ .host = true, .tpm = "/dev/null", .cgroup = -1 },
	};
	struct child row = { .self = PROCESS_TPM,
		.path = probe,
		.grants = GRANT(NOTIFY) | GRANT(TPM) };

	(void)state;
	for (size_t i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
		struct spawned child;
		struct fault f;

		assert_false(spawn_child(&child, &row, &setups[i], &f));
		assert_string_equal(f.reason, "init.grant");
	}
}

/* All that one gateway does to the socket that it shares with init: the next
 * one must be able to serve. */
static void
the_port_outlives_a_hostile_gateway(void **state)
{
	struct setup setup = { .host = true };
	struct sockaddr_in at = { 0 };
	socklen_t n = sizeof(at);
	struct fault f;
	int fd, client = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	assert_true(listener_open(&setup.listener, &setup, &f));
	assert_int_equal(shutdown(setup.listener, SHUT_RDWR), 0);
	assert_int_equal(fcntl(setup.listener, F_SETFL, 0), 0);
	assert_true(grant_open(&fd, GRANT_LISTEN, &setup, &f));
	assert_int_equal(
	    getsockname(setup.listener, (struct sockaddr *)&at, &n), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&at, n), 0);
	int first = accept(fd, NULL, NULL);

	assert_true(first >= 0);
	assert_int_equal(accept(fd, NULL, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	(void)close(first);
	(void)close(client);
	(void)close(fd);
	(void)close(setup.listener);
}

/* One key a boot: every start of a child reads it, nobody writes it. */
static void
the_verdict_key_is_one_and_sealed(void **state)
{
	struct setup setup = { .host = true };
	uint8_t key[33], again[33];
	struct fault f;
	int other, fd;

	(void)state;
	assert_true(grant_make_key(&setup.verdict_key, &f));
	assert_true(grant_make_key(&other, &f));
	assert_int_equal(pread(other, again, sizeof(again), 0), 32);
	assert_true(grant_open(&fd, GRANT_VERDICT_KEY, &setup, &f));
	assert_int_equal(pread(fd, key, sizeof(key), 0), 32);
	assert_memory_not_equal(key, again, 32);
	assert_int_equal(pwrite(fd, again, 32, 0), -1);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_ptr_equal(
	    mmap(NULL, 32, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
	    MAP_FAILED);
	(void)close(fd);
	assert_true(grant_open(&fd, GRANT_VERDICT_KEY, &setup, &f));
	assert_int_equal(pread(fd, again, sizeof(again), 0), 32);
	assert_memory_equal(key, again, 32);
	(void)close(fd);
	(void)close(other);
	(void)close(setup.verdict_key);
}

static void
put_file(int folder, const char *name)
{
	int fd = openat(folder, name, O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	(void)close(fd);
}

/* A cgroup that is none: everything is ready, and there is no process. What
 * the caller holds must not name a descriptor that is closed again. */
static void
no_process_leaves_nothing(void **state)
{
	char root[] = "/tmp/spawn-XXXXXX", leaf[64];
	const struct child row = {
		.self = PROCESS_VERIFIER, .path = probe, .grants = GRANT(NOTIFY)
	};
	struct setup setup = { .host = true };
	struct spawned out = { 0, -1, -1 };
	struct fault f;

	(void)state;
	assert_non_null(mkdtemp(root));
	(void)snprintf(leaf, sizeof(leaf), "%s/verifier", root);
	assert_int_equal(mkdir(leaf, 0700), 0);
	int folder = open(leaf, O_RDONLY | O_DIRECTORY);

	put_file(folder, "memory.max");
	put_file(folder, "pids.max");
	(void)close(folder);
	setup.cgroup = open(root, O_RDONLY | O_DIRECTORY);
	assert_false(spawn_child(&out, &row, &setup, &f));
	assert_string_equal(f.reason, "init.spawn");
	assert_int_equal(out.pid, 0);
	assert_int_equal(out.pidfd, -1);
	assert_int_equal(out.notify, -1);
	(void)close(setup.cgroup);
}

static void
counts_have_one_writer(void **state)
{
	struct restart_counts *counts, seen;
	struct fault f;
	char path[32];
	int reader;

	(void)state;
	assert_true(counts_make(&counts, &reader, &f));
	counts->of[PROCESS_TPM] = 41;
	assert_int_equal(pread(reader, &seen, sizeof(seen), 0), sizeof(seen));
	assert_int_equal(seen.of[PROCESS_TPM], 41);
	assert_int_equal(write(reader, "x", 1), -1);
	assert_ptr_equal(mmap(NULL, sizeof(seen), PROT_READ | PROT_WRITE,
			     MAP_SHARED, reader, 0),
	    MAP_FAILED);
	/* Opening it once more gives no more than the seals do. */
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", reader);
	int again = open(path, O_RDWR);

	if (again >= 0) {
		assert_int_equal(write(again, "x", 1), -1);
		assert_int_equal(ftruncate(again, 0), -1);
		(void)close(again);
	}
	(void)close(reader);
	(void)munmap(counts, sizeof(*counts));
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest all[] = {
		cmocka_unit_test(a_child_sees_its_row_and_no_more),
		cmocka_unit_test(a_fence_outlives_exec),
		cmocka_unit_test(a_grant_that_is_not_there_is_a_fault),
		cmocka_unit_test(the_verdict_key_is_one_and_sealed),
		cmocka_unit_test(the_port_outlives_a_hostile_gateway),
		cmocka_unit_test(no_process_leaves_nothing),
		cmocka_unit_test(counts_have_one_writer),
	};

	if (argc != 2)
		return 100;
	probe = argv[1];
	return cmocka_run_group_tests(all, NULL, NULL);
}
