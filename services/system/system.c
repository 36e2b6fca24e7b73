/* SPDX-License-Identifier: Apache-2.0 */
/* The service's state: the report and the counters. */
#include "services/system/system.h"

#include "core/crypto/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define SCRATCH_SIZE (4u << 20) /* the largest file: an ACPI table */
#define ARENA_SIZE   (4u << 20)

static bool
trouble(struct fault *f, const char *what)
{
	return fail(f, FAULT_DEVICE, "system.open", "system 1: %s: %s", what,
	    strerror(errno));
}

/* Memory of the start only: all of it goes back to the kernel. */
static bool
build(struct system *s, struct probe *p, struct fault *f)
{
	struct bytes packed;

	if (!report_build(&packed, p, f))
		return false;
	if (packed.n > sizeof(s->report))
		return fail(f, FAULT_LIMIT, "system.size",
		    "system 1: report of %zu bytes, %zu at most", packed.n,
		    sizeof(s->report));
	memcpy(s->report, packed.p, packed.n);
	s->report_size = packed.n;
	return true;
}

static bool
read_machine(struct system *s, struct fault *f)
{
	size_t size = SCRATCH_SIZE + ARENA_SIZE;
	uint8_t *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct arena a;
	bool good;

	if (block == MAP_FAILED || root < 0)
		return trouble(f, "no memory");
	arena_init(&a, block + SCRATCH_SIZE, ARENA_SIZE);
	struct probe p = { .root = root,
		.a = &a,
		.scratch = block,
		.scratch_size = SCRATCH_SIZE,
		.cpuid = cpu_id };

	good = build(s, &p, f);
	(void)close(root);
	(void)munmap(block, size);
	return good;
}

bool
system_open(void **state, struct fault *f)
{
	static struct system s;
	void *counts = mmap(NULL, sizeof(struct restart_counts), PROT_READ,
	    MAP_SHARED, GRANT_COUNTS, 0);

	if (counts == MAP_FAILED)
		return trouble(f, "no counters");
	(void)close(GRANT_COUNTS);
	s.counts = counts;
	*state = &s;
	return crypto_start(0, f) && read_machine(&s, f);
}
