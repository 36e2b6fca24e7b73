/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/media.h"

static struct bytes
trim(struct bytes text)
{
	while (text.n > 0 && text.p[0] == ' ')
		text = bytes_of(text.p + 1, text.n - 1);
	while (text.n > 0 && text.p[text.n - 1] == ' ')
		text.n--;
	return text;
}

/* Takes the prefix away, if it is there. */
static bool
drop(struct bytes *text, struct bytes prefix)
{
	if (!bytes_starts(*text, prefix))
		return false;
	*text = bytes_of(text->p + prefix.n, text->n - prefix.n);
	return true;
}

bool
media_is(struct bytes type, const char *device)
{
	struct bytes name = bytes_text(device), version = BYTES("@1.0");
	const uint8_t *semicolon =
	    type.n == 0 ? NULL : memchr(type.p, ';', type.n);

	if (semicolon != NULL)
		type.n = (size_t)(semicolon - type.p);
	type = trim(type);
	bool prefixed =
	    drop(&type, BYTES("application/")) || drop(&type, BYTES("device/"));

	return bytes_equal(type, name) ||
	       (prefixed && type.n + version.n == name.n &&
		   bytes_starts(name, type) &&
		   bytes_is(version, device + type.n));
}
