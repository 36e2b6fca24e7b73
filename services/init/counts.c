/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool
counts_make(struct restart_counts **out, int *reader, struct fault *f)
{
	char path[32];
	int fd = memfd_create("counts", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	*out = MAP_FAILED;
	*reader = -1;
	if (fd >= 0 && ftruncate(fd, sizeof(**out)) == 0)
		*out = mmap(NULL, sizeof(**out), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	if (*out != MAP_FAILED &&
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE |
		    F_SEAL_SEAL) == 0) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		*reader = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd >= 0)
		(void)close(fd);
	return *reader >= 0 ||
	       fail(f, FAULT_DEVICE, "init.counts",
		   "init 7: cannot make the counters: %s", strerror(errno));
}
