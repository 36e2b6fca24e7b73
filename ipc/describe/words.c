/* SPDX-License-Identifier: Apache-2.0 */
/* Sets and rows of the tables as words. */
#include "ipc/describe/describe.h"

#include <linux/capability.h>
#include <linux/landlock.h>
#include <stdlib.h>

struct word {
	uint64_t bit;
	const char *text;
};

#define BIT(n) (UINT64_C(1) << (n))

static const struct word capabilities[] = {
	{ BIT(CAP_DAC_READ_SEARCH), "dac_read_search" },
	{ BIT(CAP_NET_ADMIN), "net_admin" },
	{ BIT(CAP_NET_BIND_SERVICE), "net_bind_service" },
	{ BIT(CAP_NET_RAW), "net_raw" },
	{ BIT(CAP_SYS_ADMIN), "sys_admin" },
	{ 0, NULL },
};

static const struct word grants[] = {
	{ BIT(GRANT_NOTIFY), "notify" },
	{ BIT(GRANT_TPM), "tpm" },
	{ BIT(GRANT_LOG), "log" },
	{ BIT(GRANT_COUNTS), "counts" },
	{ BIT(GRANT_LISTEN), "listen" },
	{ BIT(GRANT_OPERATOR), "operator" },
	{ BIT(GRANT_VERDICT_KEY), "verdict-key" },
	{ 0, NULL },
};

static const struct word rights[] = {
	{ LANDLOCK_ACCESS_FS_EXECUTE, "execute" },
	{ LANDLOCK_ACCESS_FS_IOCTL_DEV, "ioctl_dev" },
	{ LANDLOCK_ACCESS_FS_MAKE_DIR, "make_dir" },
	{ LANDLOCK_ACCESS_FS_MAKE_REG, "make_reg" },
	{ LANDLOCK_ACCESS_FS_MAKE_SOCK, "make_sock" },
	{ LANDLOCK_ACCESS_FS_READ_DIR, "read_dir" },
	{ LANDLOCK_ACCESS_FS_READ_FILE, "read_file" },
	{ LANDLOCK_ACCESS_FS_REMOVE_DIR, "remove_dir" },
	{ LANDLOCK_ACCESS_FS_REMOVE_FILE, "remove_file" },
	{ LANDLOCK_ACCESS_FS_TRUNCATE, "truncate" },
	{ LANDLOCK_ACCESS_FS_WRITE_FILE, "write_file" },
	{ 0, NULL },
};

static const char *const types[] = {
	[FIELD_U64] = "number",
	[FIELD_BOOL] = "flag",
	[FIELD_BYTES] = "bytes",
};

static void
put_word(struct buf *to, size_t begin, const char *text)
{
	if (to->used != begin)
		buf_text(to, " ");
	buf_text(to, text);
}

/* A bit without a word would be a fact that the documents leave out. */
static void
put_set(struct buf *to, const struct word *words, uint64_t set)
{
	size_t begin = to->used;

	for (; words->text != NULL; words++) {
		if ((set & words->bit) != 0)
			put_word(to, begin, words->text);
		set &= ~words->bit;
	}
	if (set != 0)
		abort();
	if (to->used == begin)
		buf_text(to, "-");
}

void
describe_peers(struct buf *to, uint32_t set)
{
	struct word words[PROCESS_COUNT + 1] = { 0 };

	for (unsigned p = 0; p < PROCESS_COUNT; p++)
		words[p] = (struct word){ BIT(p), wires[p].name };
	put_set(to, words, set);
}

void
describe_capabilities(struct buf *to, uint64_t set)
{
	put_set(to, capabilities, set);
}

void
describe_grants(struct buf *to, uint32_t set)
{
	put_set(to, grants, set);
}

void
describe_access(struct buf *to, uint64_t set)
{
	put_set(to, rights, set);
}

void
describe_shape(struct buf *to, const struct shape *shape)
{
	if (shape->count == 0)
		buf_text(to, "-");
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];

		buf_print(to, "%s%s %s %llu..%llu", i == 0 ? "" : ", ",
		    field->name, types[field->type],
		    (unsigned long long)field->min,
		    (unsigned long long)field->max);
	}
}

void
describe_rule(struct buf *to, const struct sandbox_rule *rule)
{
	char *name =
	    seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, rule->call);

	buf_text(to, name == NULL ? "?" : name);
	free(name);
	if (rule->arg < 0)
		return;
	buf_print(to, " if arg %d", rule->arg);
	if (rule->mask != UINT64_MAX)
		buf_print(to, " & 0x%llx", (unsigned long long)rule->mask);
	buf_print(to, " == 0x%llx", (unsigned long long)rule->value);
}
