/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/pack.h"
#include "services/system/files.h"
#include "services/system/text.h"

#define TPMS      "sys/class/tpm"
#define ITEMS_MAX 32u

static bool
is_image_id(struct bytes id)
{
	if (id.n != MESSAGE_ID_TEXT)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		uint8_t c = id.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			(c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

/* The command line's one word of that name (rule system 4). */
static struct message *
image_report(struct probe *p)
{
	static const char prefix[] = "lapee.image-id=";
	struct message *m = message_new(p->a);
	struct bytes rest = files_text(p, "proc/cmdline"), word, id = { 0 };
	const char *status = "unavailable";
	unsigned found = 0;

	while (text_word(&word, &rest)) {
		if (!bytes_starts(word, BYTES(prefix)))
			continue;
		id = bytes_of(
		    word.p + sizeof(prefix) - 1, word.n - (sizeof(prefix) - 1));
		found++;
	}
	if (found > 1)
		status = "ambiguous-source-value";
	else if (found == 1)
		status = is_image_id(id) ? "observed" : "invalid-source-value";
	bool good = found == 1 && is_image_id(id);

	message_set_bool(m, "available", good);
	message_set_text(m, "source", "/proc/cmdline");
	text_set(m, "id", good ? id : (struct bytes){ 0 });
	message_set_text(m, "status", status);
	message_set_text(m, "provenance", "executed-kernel-cmdline");
	return m;
}

static struct message *
boot_report(struct probe *p)
{
	struct message *m = message_new(p->a);

	message_set_message(m, "image", image_report(p));
	return m;
}

static struct message *
kernel_report(struct probe *p)
{
	struct message *m = message_new(p->a);

	files_set(m, "ostype", p, "proc/sys/kernel/ostype");
	files_set(m, "osrelease", p, "proc/sys/kernel/osrelease");
	files_set(m, "version", p, "proc/version");
	files_set(m, "hostname", p, "proc/sys/kernel/hostname");
	files_set(m, "cmdline", p, "proc/cmdline");
	return m;
}

static struct message *
firmware_report(struct probe *p)
{
	struct message *m = message_new(p->a);

	message_set_message(m, "dmi", dmi_report(p));
	message_set_message(m, "acpi", acpi_report(p));
	message_set_message(m, "efi", efi_report(p));
	/* Needs an MSR, and no service has that device. */
	message_set_null(m, "boot-guard");
	return m;
}

static struct message *
tpm_device(struct probe *p, struct bytes name)
{
	struct message *m = message_new(p->a);
	const char *folder = files_join(p, TPMS, name);

	text_set(m, "name", text_clean(p->a, name));
	files_set(m, "version-major", p,
	    files_join(p, folder, BYTES("tpm_version_major")));
	text_set(m, "device-path",
	    text_clean(p->a, arena_print(p->a, "/%s", folder)));
	return m;
}

static struct message *
tpm_report(struct probe *p)
{
	struct message *m = message_new(p->a);
	struct bytes names[FILES_NAMES_MAX];
	size_t n = files_list(names, p, TPMS);

	message_set_bool(m, "available", n > 0);
	message_set_null(m, "devices");
	if (n == 0)
		return m;
	struct message *list = message_list(m, "devices");

	for (size_t i = 0; i < n && i < ITEMS_MAX; i++)
		message_append_message(list, tpm_device(p, names[i]));
	return m;
}

static struct message *
iommu_report(struct probe *p)
{
	struct message *m = message_new(p->a);
	struct bytes names[FILES_NAMES_MAX];
	size_t n = files_list(names, p, "sys/kernel/iommu_groups");

	message_set_bool(m, "available", n > 0);
	message_set_integer(m, "group-count", (int64_t)n);
	return m;
}

static struct message *
integrity_report(struct probe *p)
{
	struct message *m = message_new(p->a);
	struct message *ima = message_new(p->a);

	files_set(m, "lockdown", p, "sys/kernel/security/lockdown");
	message_set_bool(ima, "policy-present",
	    files_exists(p, "sys/kernel/security/ima/policy"));
	message_set_message(m, "ima", ima);
	return m;
}

bool
report_build(struct bytes *out, struct probe *p, struct fault *f)
{
	struct message *m = message_new(p->a);

	message_set_text(m, "device", "system@1.0");
	message_set_text(m, "schema", "lapee-system-report@1");
	message_set_text(m, "version", "1.0");
	message_set_message(m, "boot", boot_report(p));
	message_set_message(m, "kernel", kernel_report(p));
	message_set_message(m, "cpu", cpu_report(p));
	message_set_message(m, "memory", memory_report(p));
	message_set_message(m, "firmware", firmware_report(p));
	message_set_message(m, "tpm", tpm_report(p));
	message_set_message(m, "iommu", iommu_report(p));
	message_set_message(m, "integrity", integrity_report(p));
	return arena_check(p->a, f) && message_pack(out, m, p->a, f);
}
