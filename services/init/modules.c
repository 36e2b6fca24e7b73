/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/cursor.h"
#include "services/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void
load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = strlen(path);
	unsigned flags = n > 3 && strcmp(path + n - 3, ".ko") == 0
			     ? 0
			     : MODULE_INIT_COMPRESSED_FILE;

	if (fd < 0 ||
	    (syscall(SYS_finit_module, fd, "", flags) != 0 && errno != EEXIST))
		log_line("module %s: %s", path, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
}

/* A module that this machine has no hardware for may refuse: that is logged
 * and no more. What is needed and absent shows in the services. */
void
modules_load(const char *list)
{
	static char text[64 * 1024];
	int fd = open(list, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (n < 0)
		log_line("modules: no %s: %s", list, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	if (n <= 0)
		return;
	struct cursor c = cursor_over(bytes_of(text, (size_t)n));

	for (;;) {
		char path[PATH_SIZE];
		struct bytes line = cursor_until(&c, '\n');

		if (!cursor_ok(&c))
			break;
		if (line.n == 0 || line.n >= sizeof(path))
			continue;
		memcpy(path, line.p, line.n);
		path[line.n] = '\0';
		load(path);
	}
}
