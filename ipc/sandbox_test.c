/* SPDX-License-Identifier: Apache-2.0 */
/* Each profile, from inside a child: what it may, and what kills it. */
#include "ipc/describe/describe.h"
#include "ipc/dial.h"
#include "ipc/forbidden.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int
status_of(pid_t pid)
{
	int status;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
enter_or_exit(const struct sandbox *s)
{
	struct fault fault;

	if (!sandbox_enter(s, &fault))
		_exit(100);
}

static void
assert_kills(const struct sandbox *s, size_t row)
{
	pid_t pid = fork();

	if (pid == 0) {
		enter_or_exit(s);
		forbidden_attempt(&forbidden[row]);
		_exit(0);
	}
	int status = status_of(pid);

	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
		print_message("# %s allows %s\n", s->name, forbidden[row].name);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void
forbidden_calls_kill(void **state)
{
	static const struct sandbox bare = { .name = "base set" };
	static const struct sandbox dials = { .name = "dial set",
		.dials = true };
	const size_t count = forbidden_count;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_kills(&bare, i);
		assert_kills(&dials, i);
	}
	for (size_t i = 0; i < PROCESS_COUNT * count; i++) {
		const struct service *s = describe_services[i / count];

		if (s != NULL &&
		    !forbidden_named(s->sandbox, forbidden[i % count].call))
			assert_kills(s->sandbox, i % count);
	}
}

/* These must not be in any room's rows, whatever it says it needs. */
static void
no_room_has_these(void **state)
{
	static const long never[] = { SYS_execve, SYS_execveat, SYS_ptrace,
		SYS_process_vm_readv, SYS_process_vm_writev, SYS_fork,
		SYS_vfork, SYS_clone, SYS_clone3, SYS_mount, SYS_bpf,
		SYS_setuid, SYS_setresuid, SYS_capset, SYS_unshare, SYS_setns,
		SYS_init_module, SYS_finit_module, SYS_kexec_load, SYS_reboot,
		SYS_mmap, SYS_mprotect, SYS_pkey_mprotect, SYS_memfd_create,
		SYS_userfaultfd, SYS_io_uring_setup, SYS_perf_event_open };

	(void)state;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];

		for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			assert_false(
			    s != NULL && forbidden_named(s->sandbox, never[i]));
	}
}

/* Bare system calls: a sanitizer's versions of these make others. */
static int
harmless_calls(void)
{
	uint64_t number;
	long page = syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == -1 || syscall(SYS_munmap, page, 4096) != 0)
		return 1;
	if (syscall(SYS_write, STDERR_FILENO, "", 0) != 0 ||
	    syscall(SYS_getpid) <= 0 || syscall(SYS_sched_yield) != 0 ||
	    syscall(SYS_getrandom, &number, sizeof(number), 0) !=
		sizeof(number))
		return 2;
	return syscall(SYS_prctl, PR_SET_NAME, "x", 0, 0, 0) == 0 ? 0 : 3;
}

static void
harmless_calls_work(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];

		if (s == NULL)
			continue;
		print_message("# %s\n", wires[p].name);
		pid_t pid = fork();

		if (pid == 0) {
			enter_or_exit(s->sandbox);
			(void)syscall(SYS_exit_group, harmless_calls());
		}
		assert_int_equal(status_of(pid), 0);
	}
}

static void *
sit(void *arg)
{
	(void)arg;
	for (;;)
		(void)syscall(SYS_openat, -1, "", 0);
	return NULL;
}

/* TSYNC: a thread that was there before dies of it too. */
static void
other_threads_are_bound(void **state)
{
	static const struct sandbox bare = { .name = "base set" };
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, sit, NULL) != 0)
			_exit(101);
		enter_or_exit(&bare);
		for (;;)
			(void)syscall(SYS_sched_yield);
	}
	int status = status_of(pid);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static int
tcp(bool connects)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(connects ? 1 : 0) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	const struct sockaddr *address = (struct sockaddr *)&to;
	int done = connects ? connect(fd, address, sizeof(to))
			    : bind(fd, address, sizeof(to));
	int error = done == 0 ? 0 : errno;

	(void)close(fd);
	return error;
}

static int
make_socket(const char *folder)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(to.sun_path, sizeof(to.sun_path), "%s/s", folder);
	int done = bind(fd, (struct sockaddr *)&to, sizeof(to));
	int error = done == 0 ? 0 : errno;

	(void)close(fd);
	(void)unlink(to.sun_path);
	return error;
}

static int
open_error(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static void *
try_open(void *arg)
{
	*(int *)arg = open_error("/etc/passwd", O_RDONLY);
	return NULL;
}

#define CHECK(condition)                 \
	do {                             \
		if (!(condition))        \
			return __LINE__; \
	} while (0)

static int
behind_fence(const struct sandbox *s, const char *mine, const char *other)
{
	const struct sandbox_path wire = { mine,
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE };
	struct fault fault;
	pthread_t thread;
	int error = 0;

	CHECK(sandbox_fence(s, &wire, 1, &fault));
	CHECK(open_error("/etc/passwd", O_RDONLY) == EACCES);
	CHECK(open_error("/proc/self/status", O_RDONLY) ==
	      (s->npaths == 0 ? EACCES : 0));
	CHECK(open_error(mine, O_RDONLY | O_DIRECTORY) == EACCES);
	CHECK(open_error("/tmp/new", O_CREAT | O_WRONLY) == EACCES);
	CHECK(make_socket(mine) == 0);
	CHECK(make_socket(other) == EACCES);
	CHECK(tcp(false) == EACCES);
	CHECK(tcp(true) == EACCES);
	CHECK(pthread_create(&thread, NULL, try_open, &error) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(error == EACCES);
	return 0;
}

static void
fence_holds(void **state)
{
	static const struct sandbox_path proc = { "/proc",
		LANDLOCK_ACCESS_FS_READ_FILE };
	static const struct sandbox rows[] = {
		{ .name = "none" },
		{ .name = "paths", .paths = &proc, .npaths = 1 },
	};
	char mine[] = "/tmp/mine-XXXXXX", other[] = "/tmp/other-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(mine));
	assert_non_null(mkdtemp(other));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pid_t pid = fork();

		if (pid == 0) {
			int line = behind_fence(&rows[i], mine, other);

			if (line != 0)
				(void)dprintf(
				    STDERR_FILENO, "sandbox_test.c:%d\n", line);
			_exit(line != 0);
		}
		print_message("# %s\n", rows[i].name);
		assert_int_equal(status_of(pid), 0);
	}
	assert_int_equal(rmdir(mine), 0);
	assert_int_equal(rmdir(other), 0);
}

/* A path that is not there is a fault, not an open door. */
static void
missing_path_is_a_fault(void **state)
{
	static const struct sandbox_path gone = { "/no/such/path",
		LANDLOCK_ACCESS_FS_READ_FILE };
	static const struct sandbox walls = {
		.name = "gone", .paths = &gone, .npaths = 1
	};
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct fault fault = { 0 };

		_exit(sandbox_fence(&walls, NULL, 0, &fault) ||
		      strcmp(fault.reason, "sandbox.landlock") != 0);
	}
	assert_int_equal(status_of(pid), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forbidden_calls_kill),
		cmocka_unit_test(no_room_has_these),
		cmocka_unit_test(harmless_calls_work),
		cmocka_unit_test(other_threads_are_bound),
		cmocka_unit_test(fence_holds),
		cmocka_unit_test(missing_path_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
