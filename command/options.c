/* SPDX-License-Identifier: Apache-2.0 */
#include "command/command.h"

#include "core/base/base64.h"
#include "core/base/cursor.h"
#include "core/evidence/binding.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

enum kind { KIND_FILE, KIND_FLAG, KIND_PURPOSE, KIND_NONCE, KIND_TIME };

/* clang-format off */
static const struct option {
	const char *name;
	enum kind kind;
	size_t offset;
} known[] = {
	{ "--purpose",            KIND_PURPOSE, offsetof(struct options, purpose)            },
	{ "--nonce",              KIND_NONCE,   offsetof(struct options, nonce)              },
	{ "--earlier",            KIND_FILE,    offsetof(struct options, earlier)            },
	{ "--roots",              KIND_FILE,    offsetof(struct options, roots)              },
	{ "--manifest",           KIND_FILE,    offsetof(struct options, manifest)           },
	{ "--credential",         KIND_FILE,    offsetof(struct options, credential)         },
	{ "--request",            KIND_FILE,    offsetof(struct options, request)            },
	{ "--answer",             KIND_FILE,    offsetof(struct options, answer)             },
	{ "--at",                 KIND_TIME,    offsetof(struct options, at)                 },
	{ "--json",               KIND_FLAG,    offsetof(struct options, json)               },
	{ "--without-activation", KIND_FLAG,    offsetof(struct options, without_activation) },
};
/* clang-format on */

static bool
bad(struct fault *f, const char *name, const char *what)
{
	return fail(
	    f, FAULT_INPUT, "command.usage", "verdict 5: %s: %s", name, what);
}

static bool
parse_time(int64_t *out, const char *text)
{
	struct cursor c = cursor_over(bytes_text(text));
	int64_t value = 0;

	while (c.left > 0) {
		uint8_t digit = cursor_u8(&c);

		if (digit < '0' || digit > '9' || value > INT64_MAX / 10 - 1)
			return false;
		value = value * 10 + (digit - '0');
	}
	*out = value;
	return text[0] != '\0';
}

/* The option's own place in *o. */
static void *
place(struct options *o, const struct option *option)
{
	return (uint8_t *)o + option->offset;
}

static bool
take_value(struct options *o, const struct option *option, const char *value,
    struct arena *a, struct fault *f)
{
	switch (option->kind) {
	case KIND_FILE:
		*(const char **)place(o, option) = value;
		return true;
	case KIND_PURPOSE:
		o->purpose = bytes_text(value);
		if (!bytes_is(o->purpose, "boot") &&
		    !bytes_is(o->purpose, "fresh"))
			return bad(f, option->name, "boot or fresh");
		return true;
	case KIND_NONCE:
		if (!base64_decode(
			&o->nonce, BASE64_URL, bytes_text(value), a, f))
			return false;
		return (o->nonce.n >= BINDING_NONCE_MIN &&
			   o->nonce.n <= BINDING_NONCE_MAX) ||
		       bad(f, option->name, "16 to 64 bytes in base64url");
	case KIND_TIME:
		if (!parse_time(&o->at, value))
			return bad(f, option->name, "Unix seconds");
		return true;
	case KIND_FLAG:
		break;
	}
	return bad(f, option->name, "takes no value");
}

static const struct option *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	}
	return NULL;
}

/* One argument and its value; *at moves past both. */
static bool
take(struct options *o, int *at, char **argv, struct arena *a, struct fault *f)
{
	const char *name = argv[(*at)++];
	const struct option *option = find(name);

	if (option == NULL && name[0] == '-')
		return bad(f, name, "no such option");
	if (option == NULL) {
		if (o->file != NULL)
			return bad(f, name, "one FILE only");
		o->file = name;
		return true;
	}
	if (option->kind == KIND_FLAG) {
		*(bool *)place(o, option) = true;
		return true;
	}
	if (argv[*at] == NULL)
		return bad(f, name, "needs a value");
	return take_value(o, option, argv[(*at)++], a, f);
}

bool
options_parse(struct options *out, int argc, char **argv, struct arena *a,
    struct fault *f)
{
	int at = 1;

	*out = (struct options){ .purpose = BYTES("boot"),
		.at = (int64_t)time(NULL) };
	while (at < argc) {
		if (!take(out, &at, argv, a, f))
			return false;
	}
	if (out->file == NULL)
		return bad(f, "FILE", "is missing");
	int parts = (out->credential != NULL) + (out->request != NULL) +
		    (out->answer != NULL);

	if (parts != 0 && parts != 3)
		return bad(
		    f, "--credential, --request, --answer", "go together");
	return true;
}
