/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/files.h"
#include "services/system/text.h"

#include <cpuid.h>

#define CPUINFO "proc/cpuinfo"
#define ONLINE  "sys/devices/system/cpu"

bool
cpu_id(uint32_t regs[4], uint32_t leaf, uint32_t subleaf)
{
	return __get_cpuid_count(
		   leaf, subleaf, &regs[0], &regs[1], &regs[2], &regs[3]) == 1;
}

/* Not a property of the machine: it moves with load and time. */
static bool
moves(struct bytes name)
{
	return bytes_is(name, "cpu MHz");
}

static void
add_field(struct message *first, struct message *info, struct bytes name,
    struct bytes value)
{
	struct arena *a = first->arena;
	struct bytes text = text_clean(a, value);

	if (moves(name) || name.n == 0)
		return;
	if (bytes_is(name, "flags")) {
		text_set(info, "flags", text);
		return;
	}
	if (bytes_is(name, "bugs")) {
		text_set(info, "bugs", text);
		return;
	}
	if (first->count >= MESSAGE_KEYS_MAX || text.n == 0)
		return;
	message_set(first, text_key(a, name),
	    (struct value){ .kind = VALUE_BYTES, .bytes = text });
}

static struct message *
info_report(struct probe *p)
{
	struct message *info = message_new(p->a);
	struct message *first = message_new(p->a);
	struct bytes text, line, name, value;
	int64_t processors = 0;

	bool readable = files_read(&text, p, CPUINFO);

	message_set_bool(info, "available", readable);
	message_set_null(info, "flags");
	message_set_null(info, "bugs");
	if (!readable)
		return info;
	while (text_line(&line, &text)) {
		if (!text_split(&name, &value, line, ':'))
			continue;
		if (bytes_is(name, "processor"))
			processors++;
		if (processors <= 1)
			add_field(first, info, name, value);
	}
	message_set_integer(info, "logical-processor-count", processors);
	message_set_message(info, "first-processor", first);
	return info;
}

static void
set_register(struct message *m, const char *key, uint32_t value)
{
	message_set_bytes(m, key, arena_print(m->arena, "0x%08x", value));
}

/* Which processor runs the instruction is no fact of the machine. */
#define LEAF1_EBX_APIC 0xff000000u

static struct message *
leaf_report(struct probe *p, uint32_t leaf)
{
	struct message *m = message_new(p->a);
	struct message *registers = message_new(p->a);
	uint32_t regs[4] = { 0 };
	bool has = p->cpuid(regs, leaf, 0);

	if (leaf == 1)
		regs[1] &= ~LEAF1_EBX_APIC;
	set_register(m, "leaf", leaf);
	set_register(m, "subleaf", 0);
	message_set_bool(m, "available", has);
	if (!has) {
		message_set_null(m, "registers");
		return m;
	}
	set_register(registers, "eax", regs[0]);
	set_register(registers, "ebx", regs[1]);
	set_register(registers, "ecx", regs[2]);
	set_register(registers, "edx", regs[3]);
	message_set_message(m, "registers", registers);
	return m;
}

static struct message *
id_report(struct probe *p)
{
	static const uint32_t leaves[] = { 0, 1, 7, 0x80000000, 0x80000001 };
	struct message *m = message_new(p->a);
	uint32_t regs[4];

	message_set_bool(m, "available", p->cpuid(regs, 0, 0));
	message_set_text(m, "source", "cpuid");
	message_set_text(m, "interface", "instruction");
	struct message *list = message_list(m, "leaves");

	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		message_append_message(list, leaf_report(p, leaves[i]));
	return m;
}

static struct message *
sysfs_report(struct probe *p)
{
	struct message *m = message_new(p->a);
	struct message *smt = message_new(p->a);

	files_set(m, "possible", p, ONLINE "/possible");
	files_set(m, "present", p, ONLINE "/present");
	files_set(m, "online", p, ONLINE "/online");
	files_set(m, "offline", p, ONLINE "/offline");
	files_set(smt, "active", p, ONLINE "/smt/active");
	files_set(smt, "control", p, ONLINE "/smt/control");
	message_set_message(m, "smt", smt);
	return m;
}

struct message *
cpu_report(struct probe *p)
{
	struct message *m = message_new(p->a);

	message_set_message(m, "cpuinfo", info_report(p));
	message_set_message(m, "cpuid", id_report(p));
	message_set_message(m, "sysfs", sysfs_report(p));
	return m;
}
