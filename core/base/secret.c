/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/bytes.h"

#define PAGE  4096u
#define ALIGN 16u

static size_t
rounded(size_t n, size_t unit)
{
	return (n + unit - 1) / unit * unit;
}

static bool
reserve(uint8_t **out, size_t size)
{
	*out = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return *out != MAP_FAILED;
}

/* Pages that not even the kernel maps; shared, so a child must not get them. */
static bool
map_hidden(uint8_t *at, size_t size)
{
	int fd = (int)syscall(SYS_memfd_secret, 0);

	if (fd < 0)
		return false;
	void *mapped = MAP_FAILED;

	if (ftruncate(fd, (off_t)size) == 0)
		mapped = mmap(at, size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_FIXED, fd, 0);
	(void)close(fd);
	return mapped == at && madvise(at, size, MADV_DONTFORK) == 0;
}

/* The same block, where the kernel has no such pages. */
static bool
lock(uint8_t *at, size_t size)
{
	return mprotect(at, size, PROT_READ | PROT_WRITE) == 0 &&
	       mlock2(at, size, 0) == 0 &&
	       madvise(at, size, MADV_DONTDUMP) == 0 &&
	       madvise(at, size, MADV_WIPEONFORK) == 0;
}

bool
secret_new(struct secret *out, size_t n, struct fault *f)
{
	size_t size = rounded(n, PAGE), whole = size + (size_t)2 * PAGE;

	if (n == 0 || n > SECRET_MAX)
		return fail(f, FAULT_LIMIT, "limit.locked",
		    "base 5: a secret of %zu bytes", n);
	uint8_t *base;

	if (!reserve(&base, whole))
		return fail(f, FAULT_LIMIT, "limit.locked",
		    "base 5: cannot reserve %zu bytes", n);
	if (!map_hidden(base + PAGE, size) && !lock(base + PAGE, size)) {
		(void)munmap(base, whole);
		return fail(f, FAULT_LIMIT, "limit.locked",
		    "base 5: cannot lock %zu bytes", n);
	}
	out->p = base + PAGE + size - rounded(n, ALIGN);
	out->n = n;
	return true;
}

void
secret_free(struct secret *s)
{
	if (s->p == NULL)
		return;
	size_t size = rounded(s->n, PAGE);
	uint8_t *base = s->p + rounded(s->n, ALIGN) - size - PAGE;

	explicit_bzero(s->p, s->n);
	(void)munmap(base, size + (size_t)2 * PAGE);
	*s = (struct secret){ 0 };
}

bool
secret_equal(const struct secret *a, const struct secret *b)
{
	return bytes_equal_secret(bytes_of(a->p, a->n), bytes_of(b->p, b->n));
}
