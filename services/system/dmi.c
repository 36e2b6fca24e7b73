/* SPDX-License-Identifier: Apache-2.0 */
#include "services/system/files.h"

#define FOLDER "sys/class/dmi/id"

struct message *
dmi_report(struct probe *p)
{
	static const char *const files[][2] = {
		{ "sys-vendor", "sys_vendor" },
		{ "product-name", "product_name" },
		{ "product-version", "product_version" },
		{ "product-family", "product_family" },
		{ "board-vendor", "board_vendor" },
		{ "board-name", "board_name" },
		{ "board-version", "board_version" },
		{ "bios-vendor", "bios_vendor" },
		{ "bios-version", "bios_version" },
		{ "bios-date", "bios_date" },
		{ "bios-release", "bios_release" },
		{ "chassis-type", "chassis_type" },
		{ "chassis-vendor", "chassis_vendor" },
		{ "chassis-version", "chassis_version" },
	};
	/* Would name one machine or its owner. */
	static const char *const redacted[] = { "product-uuid",
		"product-serial", "board-serial", "chassis-serial" };
	struct message *m = message_new(p->a);
	struct message *fields = message_new(p->a);

	message_set_bool(m, "available", files_exists(p, FOLDER));
	message_set_text(m, "source", "/" FOLDER);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		files_set(fields, files[i][0], p,
		    files_join(p, FOLDER, bytes_text(files[i][1])));
	message_set_message(m, "fields", fields);
	struct message *list = message_list(m, "redacted-fields");

	for (size_t i = 0; i < sizeof(redacted) / sizeof(redacted[0]); i++)
		message_append_text(list, redacted[i]);
	return m;
}
