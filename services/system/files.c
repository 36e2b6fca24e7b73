/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/files.h"

#include "services/system/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

const char *
files_join(struct probe *p, const char *folder, struct bytes name)
{
	struct bytes path = arena_print(
	    p->a, "%s/%.*s", folder, (int)name.n, (const char *)name.p);

	return path.n == 0 ? "" : (const char *)path.p;
}

bool
files_read(struct bytes *out, struct probe *p, const char *path)
{
	int fd = openat(p->root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t used = 0;
	ssize_t n = -1;

	if (fd < 0)
		return false;
	while (used < p->scratch_size) {
		n = read(fd, p->scratch + used, p->scratch_size - used);
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	(void)close(fd);
	*out = bytes_of(p->scratch, used);
	return n == 0;
}

struct bytes
files_text(struct probe *p, const char *path)
{
	struct bytes raw;

	if (!files_read(&raw, p, path))
		return (struct bytes){ 0 };
	return text_clean(p->a, raw);
}

void
files_set(struct message *m, const char *key, struct probe *p, const char *path)
{
	text_set(m, key, files_text(p, path));
}

static int
by_bytes(const void *a, const void *b)
{
	const struct bytes *left = a, *right = b;

	return bytes_order(*left, *right);
}

size_t
files_list(
    struct bytes names[FILES_NAMES_MAX], struct probe *p, const char *path)
{
	int fd = openat(p->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	size_t n = 0;

	if (folder == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return 0;
	}
	while (n < FILES_NAMES_MAX) {
		const struct dirent *entry = readdir(folder);

		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			names[n++] = arena_print(p->a, "%s", entry->d_name);
	}
	(void)closedir(folder);
	qsort(names, n, sizeof(names[0]), by_bytes);
	return n;
}

bool
files_exists(const struct probe *p, const char *path)
{
	return faccessat(p->root, path, F_OK, 0) == 0;
}
