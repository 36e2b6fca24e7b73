/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/init.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define QUIET (MS_NOSUID | MS_NODEV | MS_NOEXEC)

struct mount {
	const char *type, *target, *options;
	unsigned long flags;
	bool late, optional;
};

/* clang-format off */
static const struct mount mounts[] = {
	/* type         target                       options               flags                   late   optional */
	{ "proc",       "/proc",                     "hidepid=invisible",  QUIET,                  false, false },
	{ "sysfs",      "/sys",                      NULL,                 QUIET,                  false, false },
	{ "devtmpfs",   "/dev",                      "mode=0755",          MS_NOSUID | MS_NOEXEC,  false, false },
	{ "tmpfs",      "/run",                      "mode=0755,size=16m", QUIET,                  false, false },
	{ "tmpfs",      "/tmp",                      "mode=1777,size=16m", QUIET,                  false, false },
	{ "securityfs", "/sys/kernel/security",      NULL,                 QUIET,                  false, false },
	{ "cgroup2",    "/sys/fs/cgroup",            NULL,                 QUIET,                  false, false },
	{ "efivarfs",   "/sys/firmware/efi/efivars", NULL,                 QUIET | MS_RDONLY,      true,  true  },
};
/* clang-format on */

static bool
mount_rows(bool late, struct fault *f)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		if (mounts[i].late != late)
			continue;
		(void)mkdir(mounts[i].target, 0755);
		if (mount(mounts[i].type, mounts[i].target, mounts[i].type,
			mounts[i].flags, mounts[i].options) == 0 ||
		    errno == EBUSY)
			continue;
		if (!mounts[i].optional)
			return fail(f, FAULT_DEVICE, "init.mount",
			    "init 2: cannot mount %s: %s", mounts[i].target,
			    strerror(errno));
		log_line("no %s: %s", mounts[i].target, strerror(errno));
	}
	return true;
}

bool
mounts_base(struct fault *f)
{
	return mount_rows(false, f);
}

bool
mounts_late(struct fault *f)
{
	return mount_rows(true, f);
}
