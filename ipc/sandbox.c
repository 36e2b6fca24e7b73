/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Set to 1 to log what a new list lacks instead of killing the process. */
#define SANDBOX_LOG_ONLY 0
#if SANDBOX_LOG_ONLY
#define SANDBOX_REFUSAL SCMP_ACT_LOG
#else
#define SANDBOX_REFUSAL SCMP_ACT_KILL_PROCESS
#endif

/* clang-format off */
const struct sandbox_rule sandbox_base[] = {
	/* memory; nothing becomes executable */
	ALLOW(brk),
	ALLOW(madvise),
	ALLOW_MASKED(mmap, 2, PROT_EXEC, 0),
	ALLOW_MASKED(mprotect, 2, PROT_EXEC, 0),
	ALLOW(mremap),
	ALLOW(munmap),
	/* threads and time; a thread of nng's may still be starting */
	ALLOW(clock_gettime),
	ALLOW(clock_nanosleep),
	ALLOW(futex),
	ALLOW(getpid),
	ALLOW(gettid),
	ALLOW(gettimeofday),
	ALLOW_IF(prctl, 0, PR_SET_NAME),
	ALLOW(restart_syscall),
	ALLOW(rseq),
	ALLOW(rt_sigprocmask),
	ALLOW(rt_sigreturn),
	ALLOW(sched_getaffinity),
	ALLOW(sched_yield),
	ALLOW(set_robust_list),
	/* random bytes; nng and libcrypto abort without */
	ALLOW(getrandom),
	/* descriptors that are open already, and accepting on wires */
	ALLOW(accept),
	ALLOW(accept4),
	ALLOW(close),
	ALLOW(epoll_ctl),
	ALLOW(epoll_pwait),
	ALLOW(epoll_wait),
	ALLOW_IF(fcntl, 1, F_GETFL),
	ALLOW_IF(fcntl, 1, F_SETFD),
	ALLOW_IF(fcntl, 1, F_SETFL),
	ALLOW(getsockopt),
	ALLOW(poll),
	ALLOW(ppoll),
	ALLOW(read),
	ALLOW(readv),
	ALLOW(recvfrom),
	ALLOW(recvmsg),
	/* not behind Landlock's back: MSG_FASTOPEN connects */
	ALLOW_MASKED(sendmsg, 2, MSG_FASTOPEN, 0),
	ALLOW_MASKED(sendto, 3, MSG_FASTOPEN, 0),
	ALLOW(shutdown),
	ALLOW(write),
	ALLOW(writev),
	/* the end */
	ALLOW(exit),
	ALLOW(exit_group),
};
const size_t sandbox_base_count =
    sizeof(sandbox_base) / sizeof(sandbox_base[0]);

const struct sandbox_rule sandbox_dial[] = {
	ALLOW_IF(socket, 0, AF_UNIX),
	ALLOW(connect),
};
const size_t sandbox_dial_count =
    sizeof(sandbox_dial) / sizeof(sandbox_dial[0]);

/* Rights and the Landlock ABI that brought them; an older kernel knows no
 * name for a later one, so it cannot be asked to refuse it. */
static const struct {
	uint64_t files, net, scoped;
} abis[] = {
	{ (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1, 0, 0 },
	{ LANDLOCK_ACCESS_FS_REFER, 0, 0 },
	{ LANDLOCK_ACCESS_FS_TRUNCATE, 0, 0 },
	{ 0, LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP, 0 },
	{ LANDLOCK_ACCESS_FS_IOCTL_DEV, 0, 0 },
	{ 0, 0, LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL },
};
/* clang-format on */

static bool
trouble(struct fault *f, const char *reason, const char *what, int error)
{
	return fail(
	    f, FAULT_DEVICE, reason, "ipc 10: %s: %s", what, strerror(error));
}

static bool
ruleset_attr(struct landlock_ruleset_attr *out, struct fault *f)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1)
		return trouble(f, "sandbox.landlock", "no Landlock", errno);
	for (size_t i = 0; i < sizeof(abis) / sizeof(abis[0]); i++) {
		if ((long)i >= abi)
			break;
		out->handled_access_fs |= abis[i].files;
		out->handled_access_net |= abis[i].net;
		out->scoped |= abis[i].scoped;
	}
	return true;
}

static bool
add_path(int ruleset, const struct sandbox_path *path, struct fault *f)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = path->access,
		.parent_fd = open(path->path, O_PATH | O_CLOEXEC),
	};

	if (beneath.parent_fd < 0)
		return trouble(f, "sandbox.landlock", path->path, errno);
	long done = syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	int error = errno;

	(void)close(beneath.parent_fd);
	return done == 0 || trouble(f, "sandbox.landlock", path->path, error);
}

static bool
add_paths(
    int ruleset, const struct sandbox_path *paths, size_t n, struct fault *f)
{
	for (size_t i = 0; i < n; i++) {
		if (!add_path(ruleset, &paths[i], f))
			return false;
	}
	return true;
}

bool
sandbox_fence(const struct sandbox *s, const struct sandbox_path *wire_folders,
    size_t n, struct fault *f)
{
	struct landlock_ruleset_attr attr = { 0 };

	if (!ruleset_attr(&attr, f))
		return false;
	int ruleset =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	if (ruleset < 0)
		return trouble(f, "sandbox.landlock", "ruleset", errno);
	bool good = add_paths(ruleset, s->paths, s->npaths, f) &&
		    add_paths(ruleset, wire_folders, n, f);

	if (good && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		good = trouble(f, "sandbox.landlock", "privileges", errno);
	if (good && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		good = trouble(f, "sandbox.landlock", "restrict", errno);
	(void)close(ruleset);
	return good;
}

static int
add_rules(scmp_filter_ctx filter, const struct sandbox_rule *rules, size_t n)
{
	int result = 0;

	for (size_t i = 0; i < n && result == 0; i++) {
		struct scmp_arg_cmp when = {
			.arg = rules[i].arg < 0 ? 0 : (unsigned)rules[i].arg,
			.op = SCMP_CMP_MASKED_EQ,
			.datum_a = rules[i].mask,
			.datum_b = rules[i].value,
		};

		result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
		    rules[i].call, rules[i].arg < 0 ? 0 : 1, &when);
		/* The room repeats a row of the base set. */
		if (result == -EEXIST)
			result = 0;
	}
	return result;
}

bool
sandbox_enter(const struct sandbox *s, struct fault *f)
{
	scmp_filter_ctx filter = seccomp_init(SANDBOX_REFUSAL);

	if (filter == NULL)
		return trouble(f, "sandbox.seccomp", "filter", ENOMEM);
	/* Another architecture's numbers mean other calls. */
	int result = seccomp_attr_set(
	    filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (result == 0)
		result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (result == 0)
		result = add_rules(filter, sandbox_base, sandbox_base_count);
	if (result == 0 && s->dials)
		result = add_rules(filter, sandbox_dial, sandbox_dial_count);
	if (result == 0)
		result = add_rules(filter, s->rules, s->nrules);
	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	return result == 0 || trouble(f, "sandbox.seccomp", s->name, -result);
}
