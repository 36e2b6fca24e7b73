/* SPDX-License-Identifier: Apache-2.0 */
#include "services/init/init.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
make_folder(
    const char *path, uid_t owner, gid_t group, mode_t mode, struct fault *f)
{
	if ((mkdir(path, 0700) != 0 && errno != EEXIST) ||
	    lchown(path, owner, group) != 0 || chmod(path, mode) != 0)
		return fail(f, FAULT_DEVICE, "init.folder",
		    "init 4: cannot make %s: %s", path, strerror(errno));
	return true;
}

static bool
make_wires(enum process caller, struct fault *f)
{
	char path[WIRE_PATH_SIZE];

	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		enum process callee = (enum process)p;

		if (!wire_exists(caller, callee))
			continue;
		wire_folder(path, caller, callee);
		if (!make_folder(
			path, wires[callee].uid, wires[caller].uid, 02710, f))
			return false;
	}
	return true;
}

static bool
make_own(const struct child *row, struct fault *f)
{
	for (size_t i = 0; i < 2 && row->folders[i] != NULL; i++) {
		if (!make_folder(row->folders[i], child_uid(row),
			child_uid(row), 0700, f))
			return false;
	}
	return true;
}

bool
folders_make(const struct setup *setup, struct fault *f)
{
	if (!make_folder("/run/pwos", 0, 0, 0755, f) ||
	    !make_folder(WIRES_DIR, 0, 0, 0711, f))
		return false;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (!make_wires((enum process)p, f))
			return false;
	}
	for (size_t i = 0; i < children_count; i++) {
		if (setup->host && children[i].image_only)
			continue;
		if (!make_own(&children[i], f))
			return false;
	}
	return true;
}
