/* SPDX-License-Identifier: Apache-2.0 */
#include "command/command.h"
#include "core/message/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
fill(struct bytes *out, FILE *file, size_t max, struct arena *a)
{
	uint8_t *to = arena_alloc(a, max + 1);

	if (to == NULL)
		return false;
	*out = bytes_of(to, fread(to, 1, max + 1, file));
	return ferror(file) == 0;
}

bool
file_read(struct bytes *out, const char *path, size_t max, struct arena *a,
    struct fault *f)
{
	FILE *file = fopen(path, "rbe");

	if (file == NULL)
		return fail(f, FAULT_DEVICE, "command.file",
		    "verdict 5: %s: %s", path, strerror(errno));
	bool ok = fill(out, file, max, a);

	(void)fclose(file);
	if (!ok)
		return fail(f, FAULT_DEVICE, "command.file",
		    "verdict 5: %s: cannot be read", path);
	if (out->n > max)
		return fail(f, FAULT_LIMIT, "command.size",
		    "verdict 5: %s: over %zu bytes", path, max);
	return true;
}

bool
file_write(const char *path, struct bytes bytes, unsigned mode, struct fault *f)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	if (fd < 0)
		return fail(f, FAULT_DEVICE, "command.file",
		    "verdict 5: %s: %s", path, strerror(errno));
	ssize_t n = write(fd, bytes.p, bytes.n);
	int closed = close(fd);

	if (n < 0 || (size_t)n != bytes.n || closed != 0)
		return fail(f, FAULT_DEVICE, "command.file",
		    "verdict 5: %s: not written whole", path);
	return true;
}

bool
file_read_message(const struct message **out, const char *path, struct arena *a,
    struct fault *f)
{
	struct bytes text;
	struct message *m;

	if (!file_read(&text, path, JSON_MAX, a, f) ||
	    !json_decode(&m, text, a, f))
		return false;
	*out = m;
	return true;
}
