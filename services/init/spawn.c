/* SPDX-License-Identifier: Apache-2.0 */
/* One child: from root with everything to its row and nothing else. */
#include "services/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SPACE_MAX   (UINT64_C(4) << 30) /* address space: threads have stacks */
#define FD_ASIDE    64 /* above every number that a grant has */
#define EXIT_SYSTEM 111

/* Descriptors of one start, in init; -1: not granted. */
struct given {
	int fd[GRANT_END];
	int notify; /* init's end of GRANT_NOTIFY */
};

static void
close_given(struct given *g)
{
	for (int i = 0; i < GRANT_END; i++) {
		if (g->fd[i] >= 0)
			(void)close(g->fd[i]);
	}
}

static bool
open_given(struct given *g, const struct child *row, const struct setup *setup,
    struct fault *f)
{
	int notify[2];

	for (int i = 0; i < GRANT_END; i++)
		g->fd[i] = -1;
	g->notify = -1;
	for (int i = GRANT_NOTIFY + 1; i < GRANT_END; i++) {
		if ((row->grants & 1u << i) != 0 &&
		    !grant_open(&g->fd[i], (enum grant)i, setup, f))
			return false;
	}
	if ((row->grants & GRANT(NOTIFY)) == 0)
		return true;
	if (pipe2(notify, O_CLOEXEC | O_NONBLOCK) != 0)
		return fail(f, FAULT_DEVICE, "init.spawn",
		    "init 5: no pipe: %s", strerror(errno));
	g->notify = notify[0];
	g->fd[GRANT_NOTIFY] = notify[1];
	return true;
}

/*
 * From here on in the child, where a step that fails ends it: what was not
 * taken away must never run.
 */
static void
must(bool done, const struct child *row, const char *step)
{
	if (done)
		return;
	(void)dprintf(STDERR_FILENO, "init: %s: cannot %s: %s\n",
	    child_name(row), step, strerror(errno));
	_exit(EXIT_SYSTEM);
}

static bool
close_all(unsigned from, unsigned to)
{
	return syscall(SYS_close_range, from, to, 0) == 0;
}

static bool
place(int fd, int at)
{
	return fcntl(fd, F_DUPFD, at) == at;
}

static void
take_descriptors(const struct child *row, const struct given *g)
{
	int aside[GRANT_END];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	must(null > STDERR_FILENO && close_all(STDIN_FILENO, STDOUT_FILENO) &&
		 place(null, STDIN_FILENO) &&
		 place(STDERR_FILENO, STDOUT_FILENO),
	    row, "set descriptors 0 to 2");
	for (int i = GRANT_NOTIFY; i < GRANT_END; i++) {
		aside[i] = g->fd[i] < 0
			       ? -1
			       : fcntl(g->fd[i], F_DUPFD_CLOEXEC, FD_ASIDE);
		must(g->fd[i] < 0 || aside[i] >= 0, row, "move a grant");
	}
	must(close_all(GRANT_NOTIFY, GRANT_END - 1), row, "make room");
	for (int i = GRANT_NOTIFY; i < GRANT_END; i++)
		must(aside[i] < 0 || place(aside[i], i), row, "place a grant");
	must(close_all(GRANT_END, ~0u), row, "close what is not granted");
}

/* A host may itself be limited more tightly than a row: then that holds. */
static bool
limit(int what, rlim_t most, bool host)
{
	enum __rlimit_resource which = (enum __rlimit_resource)what;
	struct rlimit both = { most, most }, is;

	if (prlimit(0, which, &both, NULL) == 0)
		return true;
	if (!host || prlimit(0, which, NULL, &is) != 0 || is.rlim_max > most)
		return false;
	is.rlim_cur = is.rlim_max;
	return prlimit(0, which, &is, NULL) == 0;
}

static void
take_limits(const struct child *row, bool host)
{
	must(limit(RLIMIT_CORE, 0, host) &&
		 limit(RLIMIT_NOFILE, row->nofile, host) &&
		 limit(RLIMIT_NPROC, row->nproc, host) &&
		 limit(RLIMIT_MEMLOCK, row->memlock, host) &&
		 limit(RLIMIT_AS, SPACE_MAX, host),
	    row, "set its limits");
}

static void
clear_bounding_set(const struct child *row)
{
	for (unsigned long cap = 0; cap < 64; cap++) {
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) < 0)
			return; /* past the kernel's last */
		must(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0, row,
		    "clear the bounding set");
	}
}

static struct __user_cap_header_struct cap_header = {
	.version = _LINUX_CAPABILITY_VERSION_3
};

/* While the bounding set still holds them: they cannot be inherited later. */
static void
inherit_capabilities(const struct child *row)
{
	struct __user_cap_data_struct data[2];

	must(syscall(SYS_capget, &cap_header, data) == 0, row,
	    "read capabilities");
	data[0].inheritable = (uint32_t)row->capabilities;
	data[1].inheritable = (uint32_t)(row->capabilities >> 32);
	must(syscall(SYS_capset, &cap_header, data) == 0, row,
	    "inherit capabilities");
}

static void
keep_capabilities(const struct child *row)
{
	uint64_t set = row->capabilities;
	uint32_t low = (uint32_t)set, high = (uint32_t)(set >> 32);
	struct __user_cap_data_struct data[2] = { { low, low, low },
		{ high, high, high } };

	must(syscall(SYS_capset, &cap_header, data) == 0, row,
	    "set capabilities");
	for (unsigned long cap = 0; cap < 64; cap++) {
		if ((set >> cap & 1) == 0)
			continue;
		must(
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) == 0,
		    row, "keep a capability");
	}
}

static void
become(const struct child *row, bool host)
{
	uid_t id = child_uid(row);

	inherit_capabilities(row);
	clear_bounding_set(row);
	must(id != 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
		 setgroups(0, NULL) == 0 && setresgid(id, id, id) == 0 &&
		 setresuid(id, id, id) == 0,
	    row, "become its user");
	keep_capabilities(row);
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, row,
	    "set no_new_privs");
	/* A supervisor's death ends its children; PID 1's ends the machine. */
	must(!host || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0, row,
	    "follow its parent");
}

/* Kept by exec. */
static void
take_walls(const struct child *row)
{
	struct fault f;

	must(row->walls == NULL || sandbox_fence(row->walls, NULL, 0, &f), row,
	    "put up its fence");
}

static void __attribute__((noreturn))
run(const struct child *row, const struct setup *setup, const struct given *g)
{
	struct child mine = *row; /* arguments that exec may have */
	char path[PATH_SIZE], name[64];
	char *argv[CHILD_ARGS + 2] = { name };
	char *none[] = { NULL };
	sigset_t nothing;

	(void)snprintf(name, sizeof(name), "%s%s",
	    row->path == NULL ? "pwos-" : "", child_name(row));
	(void)snprintf(path, sizeof(path), "%s/%s", setup->programs, name);
	for (size_t i = 0; i < CHILD_ARGS && mine.args[i][0] != '\0'; i++)
		argv[i + 1] = mine.args[i];
	(void)setsid();
	(void)umask(077);
	must(chdir("/") == 0, row, "leave the folder");
	take_descriptors(row, g);
	take_limits(row, setup->host);
	become(row, setup->host);
	take_walls(row);
	(void)sigemptyset(&nothing);
	must(sigprocmask(SIG_SETMASK, &nothing, NULL) == 0, row,
	    "unblock signals");
	(void)execve(row->path != NULL ? row->path : path, argv, none);
	must(false, row, "run its program");
	_exit(EXIT_SYSTEM);
}

bool
spawn_child(struct spawned *out, const struct child *row,
    const struct setup *setup, struct fault *f)
{
	struct given g;
	int leaf = -1, pidfd = -1;

	if (!open_given(&g, row, setup, f) ||
	    !cgroup_leaf(&leaf, setup->cgroup, row, f)) {
		close_given(&g);
		if (g.notify >= 0)
			(void)close(g.notify);
		return false;
	}
	struct clone_args how = { .flags = CLONE_PIDFD | CLONE_NEWIPC,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD };

	if (!row->network)
		how.flags |= CLONE_NEWNET;
	if (leaf >= 0) {
		how.flags |= CLONE_INTO_CGROUP;
		how.cgroup = (unsigned)leaf;
	}
	long pid = syscall(SYS_clone3, &how, sizeof(how));

	if (pid == 0)
		run(row, setup, &g);
	int error = errno;

	close_given(&g);
	if (leaf >= 0)
		(void)close(leaf);
	if (pid > 0) {
		*out = (struct spawned){ (pid_t)pid, pidfd, g.notify };
		return true;
	}
	if (g.notify >= 0)
		(void)close(g.notify);
	return fail(f, FAULT_DEVICE, "init.spawn", "init 5: no process: %s",
	    strerror(error));
}
