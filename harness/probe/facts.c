/* SPDX-License-Identifier: Apache-2.0 */
/* The image: what is not on its file system, and what its kernel refuses even
 * to a process with the capabilities for it. */
#include "harness/probe/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MODULE_MAX (1u << 20)

static size_t programs, strange;

static int
look(const char *path, const struct stat *is, int kind, struct FTW *at)
{
	static const char *const known[] = { "/usr/lib/pwos/pwos-",
		"/usr/sbin/dhcpcd", "/init" };

	(void)at;
	if (kind != FTW_F || !S_ISREG(is->st_mode) ||
	    (is->st_mode & 0111) == 0 || strstr(path, ".so") != NULL)
		return 0;
	programs++;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strncmp(path, known[i], strlen(known[i])) == 0)
			return 0;
	}
	say_note("%s can be run", path);
	strange++;
	return 0;
}

static void
file_system(void)
{
	static const char *const shells[] = { "/bin/sh", "/bin/bash",
		"/bin/busybox", "/usr/bin/env", "/sbin/modprobe",
		"/usr/lib/systemd/systemd", "/etc/passwd", "/etc/shadow" };
	size_t there = 0;
	bool walked = nftw("/", look, 16, FTW_PHYS | FTW_MOUNT) == 0;

	say_row(walked && strange == 0 && programs > 7,
	    "image: %zu programs, all of them known", programs);
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		there += access(shells[i], F_OK) == 0;
	say_row(there == 0, "image: no shell, no passwd, no module loader");
}

/* Absent, or refused though the probe may read any file. */
static void
memory_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error = errno;

	say_row(fd < 0 && (error == EPERM || error == ENOENT),
	    "image: %s does not open: %s", path,
	    fd < 0 ? strerror(error) : "it does");
	if (fd >= 0)
		(void)close(fd);
}

static void
refused(const char *what, long result, int error)
{
	say_row(result < 0 && errno == error, "image: %s: %s", what,
	    result < 0 ? strerror(errno) : "done");
}

/* The first module of the list, as init loaded it. */
static size_t
read_module(uint8_t *out)
{
	char path[PATH_SIZE];
	const char *list = room_file("/etc/modules.list");
	size_t length = strcspn(list, "\n"), used = 0;
	ssize_t n = 1;

	if (length == 0 || length >= sizeof(path))
		return 0;
	memcpy(path, list, length);
	path[length] = '\0';
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	for (; fd >= 0 && n > 0 && used < MODULE_MAX; used += (size_t)n) {
		n = read(fd, out + used, MODULE_MAX - used);
		if (n < 0)
			break;
	}
	if (fd >= 0)
		(void)close(fd);
	return used;
}

static void
modules(void)
{
	static uint8_t module[MODULE_MAX];
	size_t n = read_module(module);

	/* The control: with its signature it is taken, were it not there. */
	refused("a signed module is known already",
	    syscall(SYS_init_module, module, n, ""), EEXIST);
	/* Without its last byte it has no signature. */
	refused("an unsigned module is refused",
	    syscall(SYS_init_module, module, n == 0 ? 0 : n - 1, ""),
	    EKEYREJECTED);
	module[n / 2] ^= 1;
	refused("a changed module is refused",
	    syscall(SYS_init_module, module, n, ""), EKEYREJECTED);
}

static void
memory_of_others(void)
{
	pid_t pid = room_pid(PROCESS_KEYRING);
	uint8_t there[16];
	struct iovec mine = { there, sizeof(there) };
	struct iovec its = { NULL, sizeof(there) };
	char path[PATH_SIZE];

	refused("no ptrace of the keyring",
	    ptrace(PTRACE_SEIZE, pid, NULL, NULL), EPERM);
	refused("no reading of its memory",
	    process_vm_readv(pid, &mine, 1, &its, 1, 0), EPERM);
	(void)snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	refused("nor through /proc", open(path, O_RDONLY | O_CLOEXEC), EACCES);
}

void
facts_image(void)
{
	uint8_t ring[128] = { 0 };

	file_system();
	say_row(strstr(room_file("/sys/kernel/security/lockdown"),
		    "[confidentiality]") != NULL,
	    "image: locked down for confidentiality");
	memory_file("/dev/mem");
	memory_file("/dev/port");
	memory_file("/proc/kcore");
	modules();
	/* Not EPERM, which is for those without the capability: IMA's answer
	 * under Secure Boot, before the lockdown's. */
	refused("no other kernel by kexec",
	    syscall(SYS_kexec_load, 0, 0, NULL, 0), EACCES);
	refused("no io_uring", syscall(SYS_io_uring_setup, 1, ring), EPERM);
	refused(
	    "no debugfs", mount("none", "/tmp", "debugfs", 0, NULL), ENODEV);
	memory_of_others();
}
