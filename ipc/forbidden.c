/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/forbidden.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define X32 0x40000000L

const struct forbidden forbidden[] = {
	{ "openat", SYS_openat, { AT_FDCWD, (long)"/", O_RDONLY } },
	{ "open", SYS_open, { (long)"/", O_RDONLY } },
	{ "stat", SYS_newfstatat, { AT_FDCWD, (long)"/" } },
	{ "unlink", SYS_unlink, { (long)"/nothing" } },
	{ "execve", SYS_execve, { (long)"/bin/true" } },
	{ "execveat", SYS_execveat, { AT_FDCWD, (long)"/bin/true" } },
	{ "fork", SYS_fork, { 0 } },
	{ "clone", SYS_clone, { SIGCHLD } },
	{ "clone3", SYS_clone3, { 0 } },
	{ "kill", SYS_kill, { 1, 0 } },
	{ "ptrace", SYS_ptrace, { 0 } },
	{ "process_vm_readv", SYS_process_vm_readv, { 1 } },
	{ "socket inet", SYS_socket, { AF_INET, SOCK_STREAM } },
	{ "socket netlink", SYS_socket, { AF_NETLINK, SOCK_RAW } },
	{ "bind", SYS_bind, { 0 } },
	{ "listen", SYS_listen, { 0 } },
	{ "sendto connects", SYS_sendto, { -1, 0, 0, MSG_FASTOPEN } },
	{ "sendmsg connects", SYS_sendmsg, { -1, 0, MSG_FASTOPEN } },
	{ "mmap exec", SYS_mmap, { 0, 4096, PROT_EXEC, MAP_PRIVATE } },
	{ "mprotect exec", SYS_mprotect, { 0, 4096, PROT_READ | PROT_EXEC } },
	{ "memfd_create", SYS_memfd_create, { (long)"x" } },
	{ "ioctl", SYS_ioctl, { 0, 0 } },
	{ "fcntl dupfd", SYS_fcntl, { 0, F_DUPFD } },
	{ "prctl dumpable", SYS_prctl, { PR_SET_DUMPABLE, 1 } },
	{ "seccomp", SYS_seccomp, { 0 } },
	{ "setuid", SYS_setuid, { 0 } },
	{ "capset", SYS_capset, { 0 } },
	{ "unshare", SYS_unshare, { 0 } },
	{ "setns", SYS_setns, { 0 } },
	{ "mount", SYS_mount, { 0 } },
	{ "bpf", SYS_bpf, { 0 } },
	{ "keyctl", SYS_keyctl, { 0 } },
	{ "io_uring_setup", SYS_io_uring_setup, { 1 } },
	{ "userfaultfd", SYS_userfaultfd, { 0 } },
	{ "perf_event_open", SYS_perf_event_open, { 0 } },
	{ "personality", SYS_personality, { 0xffffffff } },
	{ "init_module", SYS_init_module, { 0 } },
	{ "finit_module", SYS_finit_module, { -1 } },
	{ "kexec_load", SYS_kexec_load, { 0 } },
	{ "kexec_file_load", SYS_kexec_file_load, { -1, -1 } },
	{ "iopl", SYS_iopl, { 3 } },
	{ "reboot", SYS_reboot, { 0 } },
	{ "x32 write", X32 | SYS_write, { 2, 0, 0 } },
	{ "no such call", 9999, { 0 } },
};
const size_t forbidden_count = sizeof(forbidden) / sizeof(forbidden[0]);

bool
forbidden_named(const struct sandbox *s, long call)
{
	for (size_t i = 0; i < s->nrules; i++) {
		if (s->rules[i].call == call)
			return true;
	}
	return false;
}

void
forbidden_attempt(const struct forbidden *row)
{
	const long *args = row->args;

	(void)syscall(row->call, args[0], args[1], args[2], args[3], -1, 0);
}
