/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/service.h"

#include "ipc/dial.h"
#include "ipc/serve.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <malloc.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512

void
service_log(enum process self, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	int n = snprintf(line, sizeof(line), "%s: ", wires[self].name);
	va_list args;

	va_start(args, format);
	int more =
	    vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, args);
	va_end(args);
	if (more < 0)
		return;
	/* One line whatever a stranger's bytes in it say. */
	size_t end = strlen(line);

	for (size_t i = 0; i < end; i++) {
		if (line[i] < ' ' || line[i] > '~')
			line[i] = '?';
	}
	line[end++] = '\n';
	if (write(STDERR_FILENO, line, end) < 0)
		return;
}

static bool
trouble(struct fault *f, const char *reason, const char *what)
{
	return fail(
	    f, FAULT_DEVICE, reason, "ipc 9: %s: %s", what, strerror(errno));
}

/* Every set of capabilities that the process could use, or may get back. */
static bool
capabilities(uint64_t *out, struct fault *f)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) != 0)
		return trouble(f, "sandbox.identity", "capget");
	*out = (uint64_t)(data[1].permitted | data[1].inheritable) << 32 |
	       (data[0].permitted | data[0].inheritable);
	return true;
}

static bool
identity_check(const struct service *s, struct fault *f)
{
	uint32_t want = wires[s->self].uid;
	uid_t user[3];
	gid_t group[3];
	uint64_t has = 0;

	if (getresuid(&user[0], &user[1], &user[2]) != 0 ||
	    getresgid(&group[0], &group[1], &group[2]) != 0)
		return trouble(f, "sandbox.identity", "getresuid");
	for (unsigned i = 0; i < 3; i++) {
		if (user[i] != want || group[i] != want)
			return fail(f, FAULT_STATE, "sandbox.identity",
			    "ipc 9: runs as %u:%u, want %u", user[i], group[i],
			    want);
	}
	if (getgroups(0, NULL) != 0)
		return fail(f, FAULT_STATE, "sandbox.identity",
		    "ipc 9: runs with further groups");
	if (!capabilities(&has, f))
		return false;
	if ((has & ~s->caps_open) != 0)
		return fail(f, FAULT_STATE, "sandbox.identity",
		    "ipc 9: has capabilities 0x%llx, want at most 0x%llx",
		    (unsigned long long)has, (unsigned long long)s->caps_open);
	return true;
}

static bool
harden(const struct service *s, struct fault *f)
{
	const struct rlimit none = { 0, 0 };

	/* glibc's further arenas, when they shrink, open a file in /proc. */
	(void)mallopt(M_ARENA_MAX, 1);
	(void)umask(077);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0)
		return trouble(f, "sandbox.identity", "harden");
	return identity_check(s, f);
}

static bool
drop_capabilities(struct fault *f)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	const struct __user_cap_data_struct none[2] = { 0 };

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 ||
	    syscall(SYS_capset, &header, none) != 0)
		return trouble(f, "sandbox.identity", "capset");
	return true;
}

static bool
fence(const struct service *s, struct fault *f)
{
	char folders[PROCESS_COUNT][WIRE_PATH_SIZE];
	struct sandbox_path paths[PROCESS_COUNT];
	size_t n = 0;

	if (!drop_capabilities(f))
		return false;
	/* Landlock binds the calling thread only; the kernel refuses this flag
	 * to a process that has others. */
	if (unshare(CLONE_THREAD) != 0)
		return trouble(f, "sandbox.landlock", "open left threads");
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (!wire_exists(p, s->self))
			continue;
		wire_folder(folders[n], p, s->self);
		paths[n] = (struct sandbox_path){ folders[n],
			LANDLOCK_ACCESS_FS_MAKE_SOCK |
			    LANDLOCK_ACCESS_FS_REMOVE_FILE };
		n++;
	}
	return sandbox_fence(s->sandbox, paths, n, f);
}

static bool
listen_on_wires(
    struct server **out, const struct service *s, void *state, struct fault *f)
{
	return s->ncalls == 0 || serve_open(out, s, state, f);
}

static bool
confine(const struct service *s, struct fault *f)
{
	return sandbox_enter(s->sandbox, f);
}

static bool
ready(struct fault *f)
{
	if (write(GRANT_NOTIFY, "\n", 1) != 1)
		return trouble(f, "sandbox.notify", "ready");
	(void)close(GRANT_NOTIFY);
	return true;
}

static bool
serve(const struct service *s, void *state, struct server *server,
    struct fault *f)
{
	if (s->run != NULL)
		return s->run(state, f);
	if (server != NULL)
		serve_run(server);
	return true;
}

int
service_main(const struct service *s)
{
	struct server *server = NULL;
	struct fault fault = { 0 };
	void *state = NULL;

	if (harden(s, &fault) && s->open(&state, &fault) && fence(s, &fault) &&
	    dial_start(&fault) && listen_on_wires(&server, s, state, &fault) &&
	    confine(s, &fault) && ready(&fault) &&
	    serve(s, state, server, &fault))
		return 0;
	service_log(s->self, "%s %s: %s", fault_text(fault.code), fault.reason,
	    fault.why);
	return 111;
}
