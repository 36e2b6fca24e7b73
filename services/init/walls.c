/* SPDX-License-Identifier: Apache-2.0 */
/* Fences that init puts around programs that know none themselves. */
#include "services/init/init.h"

#include <linux/landlock.h>

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define KEEP                                                                  \
	(READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE | \
	    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |      \
	    LANDLOCK_ACCESS_FS_REMOVE_FILE)

/* clang-format off */
static const struct sandbox_path dhcpcd_paths[] = {
	{ "/usr",            READ | LANDLOCK_ACCESS_FS_EXECUTE },
	{ "/etc",            READ },
	{ "/dev/null",       LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE },
	{ "/dev/urandom",    LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/proc",           READ },
	{ "/proc/sys/net",   READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE },
	{ "/sys",            READ },
	{ "/run/dhcpcd",     KEEP },
	{ "/var/lib/dhcpcd", KEEP },
};
/* clang-format on */

const struct sandbox walls_dhcpcd = {
	.name = "dhcpcd",
	.paths = dhcpcd_paths,
	.npaths = sizeof(dhcpcd_paths) / sizeof(dhcpcd_paths[0]),
};
