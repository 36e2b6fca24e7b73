/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/fixture_test.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define BLOCK (4u << 20)

static bool
known_leaves(uint32_t regs[4], uint32_t leaf, uint32_t subleaf)
{
	regs[0] = leaf;
	regs[1] = 0x12345678;
	regs[2] = subleaf;
	regs[3] = 0xabcdef;
	return leaf != 7;
}

void
fixture_open(struct fixture *x)
{
	static uint8_t scratch[1u << 16], block[BLOCK];

	(void)snprintf(x->folder, sizeof(x->folder), "/tmp/system-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	arena_init(&x->arena, block, sizeof(block));
	x->probe = (struct probe){ .root = open(x->folder,
				       O_PATH | O_DIRECTORY | O_CLOEXEC),
		.a = &x->arena,
		.scratch = scratch,
		.scratch_size = sizeof(scratch),
		.cpuid = known_leaves };
	assert_true(x->probe.root >= 0);
}

static int
drop(const char *path, const struct stat *is, int kind, struct FTW *at)
{
	(void)is;
	(void)kind;
	(void)at;
	return remove(path);
}

void
fixture_close(struct fixture *x)
{
	(void)close(x->probe.root);
	assert_int_equal(nftw(x->folder, drop, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void
fixture_put(struct fixture *x, const char *path, struct bytes content)
{
	char part[256];

	assert_true(strlen(path) < sizeof(part));
	for (size_t i = 0; path[i] != '\0'; i++) {
		part[i] = '\0';
		if (path[i] == '/' && mkdirat(x->probe.root, part, 0755) != 0)
			assert_int_equal(errno, EEXIST);
		part[i] = path[i];
	}
	int fd = openat(x->probe.root, path,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content.p, content.n), content.n);
	(void)close(fd);
}

void
fixture_text(struct fixture *x, const char *path, const char *content)
{
	fixture_put(x, path, bytes_text(content));
}

struct bytes
fixture_table(uint8_t *out, size_t size, const char *signature)
{
	uint8_t sum = 0;

	memset(out, 0, size);
	memcpy(out, signature, 4);
	out[4] = (uint8_t)size;
	out[5] = (uint8_t)(size >> 8);
	out[8] = 2;
	memcpy(out + 10, "OEMID\0TABLEID ", 14);
	out[24] = 7;
	memcpy(out + 28, "INTL", 4);
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + out[i]);
	out[9] = (uint8_t)(0x100 - sum);
	return bytes_of(out, size);
}
