/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/probe/probe.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_SECONDS 150 /* beyond the longest deadline of a call */
#define EXIT_SETUP    99

struct outcome *act_outcome;

bool
act_open(struct fault *f)
{
	act_outcome = mmap(NULL, sizeof(*act_outcome), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return act_outcome != MAP_FAILED ||
	       fail(f, FAULT_DEVICE, "probe.memory", "mmap: %s",
		   strerror(errno));
}

static bool
become(uid_t uid, gid_t gid)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	const struct __user_cap_data_struct none[2] = { 0 };

	return setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 &&
	       setresuid(uid, uid, uid) == 0 &&
	       syscall(SYS_capset, &header, none) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

int
act_as(uid_t uid, gid_t gid, int (*body)(void *arg), void *arg)
{
	int status = -1;

	act_outcome->fault = (struct fault){ 0 };
	act_outcome->n = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)alarm(CHILD_SECONDS);
		_exit(become(uid, gid) ? body(arg) : EXIT_SETUP);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}
