/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/efi.h"

#include "core/base/cursor.h"
#include "core/base/hex.h"
#include "services/system/files.h"
#include "services/system/text.h"

#define FOLDER "sys/firmware/efi"
#define GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* clang-format off */
static const struct {
	const char *key, *name, *states[2];
} variables[] = {
	{ "secure-boot",   "SecureBoot",   { "disabled",     "enabled"  } },
	{ "setup-mode",    "SetupMode",    { "user",         "setup"    } },
	{ "audit-mode",    "AuditMode",    { "normal",       "audit"    } },
	{ "deployed-mode", "DeployedMode", { "not-deployed", "deployed" } },
	{ "vendor-keys",   "VendorKeys",   { "modified",     "factory"  } },
};
/* clang-format on */

bool
efi_parse(bool *out, struct bytes file, struct fault *f)
{
	struct cursor c = cursor_over(file);

	(void)cursor_le32(&c);
	uint8_t value = cursor_u8(&c);

	*out = false;
	if (!cursor_done(&c) || value > 1)
		return fail(f, FAULT_INPUT, "system.efi",
		    "system 8: %zu bytes, value %u", file.n, value);
	*out = value == 1;
	return true;
}

static struct message *
variable_report(struct probe *p, size_t which)
{
	struct message *m = message_new(p->a);
	struct bytes file;
	struct fault f;
	bool on;
	const char *path = files_join(p, FOLDER "/efivars",
	    arena_print(p->a, "%s-" GLOBAL, variables[which].name));
	bool readable = files_read(&file, p, path);

	message_set_bool(m, "readable", readable);
	message_set_null(m, "raw");
	message_set_null(m, "state");
	if (!readable)
		return m;
	if (file.n <= 64)
		text_set(m, "raw", hex_encode(p->a, file));
	if (efi_parse(&on, file, &f))
		message_set_text(m, "state", variables[which].states[on]);
	return m;
}

struct message *
efi_report(struct probe *p)
{
	struct message *m = message_new(p->a);
	struct message *globals = message_new(p->a);
	struct bytes names[FILES_NAMES_MAX];

	message_set_bool(m, "available", files_exists(p, FOLDER));
	message_set_bool(
	    m, "efivars-mounted", files_list(names, p, FOLDER "/efivars") > 0);
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		message_set_message(
		    globals, variables[i].key, variable_report(p, i));
	message_set_message(m, "global-variables", globals);
	return m;
}
