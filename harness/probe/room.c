/* SPDX-License-Identifier: Apache-2.0 */
/* One running service as the kernel sees it, and its sandbox from inside. */
#include "harness/probe/probe.h"
#include "ipc/forbidden.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DESCRIPTORS 4096 /* more than any row allows */
#define LEAF        "/sys/fs/cgroup/pwos/%s/%s"

const char *
room_file(const char *format, ...)
{
	static char text[16384];
	char path[PATH_SIZE];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		(void)close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static unsigned long
number(const char *text)
{
	unsigned long value = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (unsigned long)(*text - '0');
	return value;
}

pid_t
room_pid(enum process p)
{
	const char *pids = room_file(LEAF, wires[p].name, "cgroup.procs");
	const char *second = strchr(pids, '\n');

	return second != NULL && second[1] == '\0' ? (pid_t)number(pids) : 0;
}

static const struct child *
row_of(enum process p)
{
	for (size_t i = 0; i < children_count; i++) {
		if (children[i].self == p)
			return &children[i];
	}
	return NULL;
}

/* Lines of /proc/PID/status for every service and each of its threads. */
static bool
status_holds(const char *text, uid_t uid)
{
	static const char *const lines[] = { "\nGroups:\t \n",
		"\nCapInh:\t0000000000000000\n",
		"\nCapPrm:\t0000000000000000\n",
		"\nCapEff:\t0000000000000000\n",
		"\nCapBnd:\t0000000000000000\n",
		"\nCapAmb:\t0000000000000000\n", "\nNoNewPrivs:\t1\n",
		"\nSeccomp:\t2\n" };
	char ids[2][64];
	bool good = true;

	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(ids[i], sizeof(ids[i]),
		    "\n%s:\t%u\t%u\t%u\t%u\n", i == 0 ? "Uid" : "Gid", uid, uid,
		    uid, uid);
		good &= strstr(text, ids[i]) != NULL;
	}
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		good &= strstr(text, lines[i]) != NULL;
	return good;
}

static bool
threads_hold(pid_t pid, uid_t uid)
{
	char path[64];
	size_t threads = 0;
	bool good = true;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", pid);
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		threads++;
		if (status_holds(
			room_file("%s/%s/status", path, entry->d_name), uid))
			continue;
		say_note("thread %s has other rights", entry->d_name);
		good = false;
	}
	if (folder != NULL)
		(void)closedir(folder);
	return good && threads > 0;
}

/* Files only at 0 to 2 and where a grant is; what else is open came from the
 * service: sockets of wires, and what waits on them. */
static bool
descriptor_is_due(unsigned fd, const char *target, uint32_t grants)
{
	static const char *const own[] = { "socket:[", "anon_inode:[eventpoll]",
		"anon_inode:[eventfd]" };

	if (fd == 0)
		return strcmp(target, "/dev/null") == 0;
	if (fd <= 2)
		return strcmp(target, "/dev/console") == 0;
	if (fd < GRANT_END && fd != GRANT_NOTIFY && (grants & 1u << fd) != 0)
		return true;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (strncmp(target, own[i], strlen(own[i])) == 0)
			return true;
	}
	return false;
}

/* What each number is; "" when it is closed. */
static size_t
read_descriptors(char out[DESCRIPTORS][64], pid_t pid)
{
	char path[64];
	size_t open_ones = 0;

	for (unsigned fd = 0; fd < DESCRIPTORS; fd++) {
		(void)snprintf(path, sizeof(path), "/proc/%d/fd/%u", pid, fd);
		ssize_t n = readlink(path, out[fd], sizeof(out[fd]) - 1);

		out[fd][n < 0 ? 0 : n] = '\0';
		open_ones += n > 0;
	}
	return open_ones;
}

/* A pipe to itself: it has both ends. */
static bool
has_both_ends(char all[DESCRIPTORS][64], unsigned fd)
{
	size_t ends = 0;

	for (unsigned i = 0; i < DESCRIPTORS; i++)
		ends += strcmp(all[i], all[fd]) == 0;
	return strncmp(all[fd], "pipe:[", 6) == 0 && ends == 2;
}

static bool
descriptors_hold(pid_t pid, const struct child *row)
{
	static char all[DESCRIPTORS][64];
	size_t open_ones = read_descriptors(all, pid);
	bool good = open_ones > 3;

	for (unsigned fd = 0; fd < DESCRIPTORS; fd++) {
		if (all[fd][0] == '\0' || has_both_ends(all, fd) ||
		    descriptor_is_due(fd, all[fd], row->grants))
			continue;
		say_note("descriptor %u is %s", fd, all[fd]);
		good = false;
	}
	return good;
}

static bool
shares_network(pid_t pid)
{
	struct stat its, ours;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	/* What cannot be looked at counts as shared: no service may pass. */
	return stat(path, &its) != 0 || stat("/proc/self/ns/net", &ours) != 0 ||
	       its.st_ino == ours.st_ino;
}

static bool
limited(enum process p, const char *file, uint64_t wanted)
{
	const char *seen = room_file(LEAF, wires[p].name, file);

	if (seen[0] != '\0' && number(seen) == wanted)
		return true;
	say_note("%s: wanted %llu, seen %.40s", file,
	    (unsigned long long)wanted, seen);
	return false;
}

static void
as_the_kernel_sees(enum process p)
{
	const struct child *row = row_of(p);
	const char *name = wires[p].name;
	pid_t pid = room_pid(p);
	bool good = pid > 0 && threads_hold(pid, wires[p].uid);

	say_row(good, "%s: own uid, no group, no capability, filtered", name);
	good = access("/proc/self/environ", R_OK) == 0 && pid > 0 &&
	       room_file("/proc/%d/cmdline", pid)[0] != '\0' &&
	       room_file("/proc/%d/environ", pid)[0] == '\0';
	say_row(good, "%s: empty environment", name);
	good = pid > 0 && shares_network(pid) == row->network;
	say_row(
	    good, "%s: %s network", name, row->network ? "the node's" : "no");
	good = limited(p, "memory.max", row->memory);
	good &= limited(p, "pids.max", row->nproc);
	say_row(good, "%s: memory and processes are limited", name);
	good = pid > 0 && descriptors_hold(pid, row);
	say_row(good, "%s: no descriptor that is not its own", name);
}

/* What the copy does when it would serve. NULL: nothing. */
static const struct forbidden *attempt;

static bool
open_nothing(void **state, struct fault *f)
{
	(void)f;
	*state = NULL;
	return true;
}

static bool
try_attempt(void *state, struct fault *f)
{
	(void)state;
	(void)f;
	if (attempt != NULL)
		forbidden_attempt(attempt);
	return true;
}

/* service_main itself, with the service's walls and without its wires, which
 * the running one has. */
static int
enter(void *arg)
{
	struct service copy = *(const struct service *)arg;
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(null, GRANT_NOTIFY) != GRANT_NOTIFY)
		return 98;
	copy.ncalls = 0;
	copy.open = open_nothing;
	copy.run = try_attempt;
	return service_main(&copy);
}

static int
status_of(const struct service *s, const struct forbidden *row)
{
	struct service copy = *s;

	attempt = row;
	return act_as_process(s->self, enter, &copy);
}

static void
forbidden_calls(const struct service *s)
{
	const char *name = wires[s->self].name;
	size_t killed = 0, tried = 0;

	say_row(
	    status_of(s, NULL) == 0, "%s: its sandbox can be entered", name);
	for (size_t i = 0; i < forbidden_count; i++) {
		if (forbidden_named(s->sandbox, forbidden[i].call))
			continue;
		int status = status_of(s, &forbidden[i]);

		tried++;
		killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			say_note("%s is not the end: status 0x%x",
			    forbidden[i].name, (unsigned)status);
	}
	say_row(killed == tried && tried > 0,
	    "%s: %zu of %zu forbidden calls end it (SIGSYS)", name, killed,
	    tried);
}

/* Landlock alone: behind the filter no path can be named at all. */
static int
behind_fence(void *arg)
{
	const struct service *s = arg;
	static const char *const paths[] = { "/etc/os-release", "/init",
		"/proc/self/status", "/dev/null", "/usr/lib/pwos" };
	int before = open(paths[0], O_RDONLY | O_CLOEXEC);

	if (before < 0 ||
	    !sandbox_fence(s->sandbox, NULL, 0, &act_outcome->fault))
		return 1;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int fd = open(paths[i], O_RDONLY | O_CLOEXEC);

		if (fd >= 0 || errno != EACCES)
			return 2 + (int)i;
	}
	return 0;
}

void
room_walls(enum process p)
{
	struct service copy = *describe_services[p];
	int status;

	as_the_kernel_sees(p);
	status = act_as_process(p, behind_fence, &copy);
	say_row(
	    status == 0, "%s: behind its fence no file opens", wires[p].name);
	if (status != 0)
		say_note(
		    "status 0x%x %s", (unsigned)status, act_outcome->fault.why);
	forbidden_calls(describe_services[p]);
}
