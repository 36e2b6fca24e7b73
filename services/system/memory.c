/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/files.h"
#include "services/system/text.h"

#define EDAC      "sys/devices/system/edac/mc"
#define ITEMS_MAX 32u /* controllers, and DIMMs of one */

/* What does not move within a boot (rule system 2). */
static const char *const kept[] = { "MemTotal", "SwapTotal", "VmallocTotal",
	"HugePages_Total", "Hugepagesize" };

static void
add_field(struct message *m, struct bytes name, struct bytes value)
{
	struct arena *a = m->arena;
	struct message *field = message_new(a);
	struct bytes number, unit;
	int64_t n;

	if (!text_word(&number, &value) || !text_number(&n, number))
		return;
	(void)text_word(&unit, &value);
	message_set_integer(field, "value", n);
	text_set(field, "unit", text_clean(a, unit));
	message_set(m, text_key(a, name),
	    (struct value){ .kind = VALUE_MESSAGE, .message = field });
}

static struct message *
meminfo_report(struct probe *p)
{
	struct message *m = message_new(p->a);
	struct bytes text, line, name, value;

	if (!files_read(&text, p, "proc/meminfo"))
		return m;
	while (text_line(&line, &text)) {
		if (!text_split(&name, &value, line, ':'))
			continue;
		for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
			if (bytes_is(name, kept[i]))
				add_field(m, name, value);
		}
	}
	return m;
}

static bool
numbered(struct bytes name, const char *prefix)
{
	struct bytes head = bytes_text(prefix);
	int64_t n;

	return bytes_starts(name, head) &&
	       text_number(&n, bytes_of(name.p + head.n, name.n - head.n));
}

static void
set_file(struct message *m, const char *key, struct probe *p,
    const char *folder, const char *file)
{
	files_set(m, key, p, files_join(p, folder, bytes_text(file)));
}

static struct message *
dimm_report(struct probe *p, const char *folder, struct bytes name)
{
	static const char *const files[][2] = { { "label", "dimm_label" },
		{ "location", "dimm_location" },
		{ "memory-type", "dimm_mem_type" },
		{ "device-type", "dimm_dev_type" },
		{ "edac-mode", "dimm_edac_mode" }, { "size", "size" },
		{ "rank", "rank" } };
	struct message *m = message_new(p->a);
	const char *path = files_join(p, folder, name);

	text_set(m, "name", text_clean(p->a, name));
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		set_file(m, files[i][0], p, path, files[i][1]);
	return m;
}

static void
add_dimms(struct message *m, struct probe *p, const char *folder)
{
	struct bytes names[FILES_NAMES_MAX];
	size_t n = files_list(names, p, folder), kept_items = 0;
	struct message *list = NULL;

	message_set_null(m, "dimms");
	for (size_t i = 0; i < n && kept_items < ITEMS_MAX; i++) {
		if (!numbered(names[i], "dimm") && !numbered(names[i], "rank"))
			continue;
		if (list == NULL)
			list = message_list(m, "dimms");
		message_append_message(list, dimm_report(p, folder, names[i]));
		kept_items++;
	}
}

static struct message *
controller_report(struct probe *p, struct bytes name)
{
	struct message *m = message_new(p->a);
	const char *folder = files_join(p, EDAC, name);

	text_set(m, "name", text_clean(p->a, name));
	set_file(m, "mc-name", p, folder, "mc_name");
	set_file(m, "size-mb", p, folder, "size_mb");
	add_dimms(m, p, folder);
	return m;
}

static struct message *
edac_report(struct probe *p)
{
	struct message *m = message_new(p->a);
	struct bytes names[FILES_NAMES_MAX];
	size_t n = files_list(names, p, EDAC), controllers = 0;
	struct message *list = NULL;

	message_set_text(m, "source", "sysfs-edac");
	message_set_null(m, "controllers");
	for (size_t i = 0; i < n && controllers < ITEMS_MAX; i++) {
		if (!numbered(names[i], "mc"))
			continue;
		if (list == NULL)
			list = message_list(m, "controllers");
		message_append_message(list, controller_report(p, names[i]));
		controllers++;
	}
	message_set_bool(m, "available", controllers > 0);
	return m;
}

struct message *
memory_report(struct probe *p)
{
	struct message *m = message_new(p->a);

	message_set_message(m, "meminfo", meminfo_report(p));
	message_set_message(m, "edac", edac_report(p));
	return m;
}
