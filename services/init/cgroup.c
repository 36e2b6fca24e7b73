/* SPDX-License-Identifier: Apache-2.0 */
/* Limits that rlimits cannot give: memory and processes of a whole child. */
#include "services/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#define ROOT "/sys/fs/cgroup"
#define OURS "pwos"

static bool
put(int folder, const char *file, const char *text)
{
	int fd = openat(folder, file, O_WRONLY | O_CLOEXEC);
	size_t n = strlen(text);
	bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n;

	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static int
make_ours(bool host)
{
	struct statfs is;

	if (statfs(ROOT, &is) != 0 || is.f_type != CGROUP2_SUPER_MAGIC)
		return -1;
	int root = open(ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return -1;
	/* On a host the root's controllers are the host's to switch on. */
	if (!host)
		(void)put(root, "cgroup.subtree_control", "+memory +pids");
	(void)mkdirat(root, OURS, 0755);
	int ours = openat(root, OURS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)close(root);
	if (ours >= 0 &&
	    !put(ours, "cgroup.subtree_control", "+memory +pids")) {
		(void)close(ours);
		return -1;
	}
	return ours;
}

bool
cgroup_open(int *out, bool host, struct fault *f)
{
	*out = make_ours(host);
	if (*out >= 0)
		return true;
	if (!host)
		return fail(f, FAULT_DEVICE, "init.cgroup",
		    "init 6: no memory and pids controllers");
	log_line("no cgroup controllers here: memory is not limited");
	return true;
}

bool
cgroup_leaf(int *out, int cgroup, const struct child *row, struct fault *f)
{
	char memory[24], pids[24];

	*out = -1;
	if (cgroup < 0)
		return true;
	(void)snprintf(memory, sizeof(memory), "%" PRIu64, row->memory);
	(void)snprintf(pids, sizeof(pids), "%" PRIu64, row->nproc);
	(void)mkdirat(cgroup, child_name(row), 0755);
	*out =
	    openat(cgroup, child_name(row), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*out >= 0 && put(*out, "memory.max", memory) &&
	    put(*out, "pids.max", pids))
		return true;
	return fail(f, FAULT_DEVICE, "init.cgroup",
	    "init 6: cannot limit %s: %s", child_name(row), strerror(errno));
}
