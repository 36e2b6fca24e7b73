/* SPDX-License-Identifier: Apache-2.0 */
#include "command/command.h"

#include "core/base/base64.h"
#include "core/base/instant.h"
#include "core/evidence/binding.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

enum kind {
	KIND_FILE,
	KIND_PATHS, /* may be given again */
	KIND_FLAG,
	KIND_PURPOSE,
	KIND_NONCE,
	KIND_TIME
};

#define OF(action) (1u << ACTION_##action)
#define JUDGING    (OF(VERIFY) | OF(EXPLAIN))

/* clang-format off */
static const struct option {
	const char *name;
	enum kind kind;
	unsigned actions;
	size_t offset;
} known[] = {
	{ "--purpose",            KIND_PURPOSE, JUDGING,              offsetof(struct options, purpose)            },
	{ "--nonce",              KIND_NONCE,   JUDGING | OF(BUNDLE), offsetof(struct options, nonce)              },
	{ "--earlier",            KIND_FILE,    JUDGING,              offsetof(struct options, earlier)            },
	{ "--roots",              KIND_PATHS,   JUDGING,              offsetof(struct options, roots)              },
	{ "--certificates",       KIND_PATHS,   JUDGING | OF(BUNDLE), offsetof(struct options, certificates)       },
	{ "--crls",               KIND_PATHS,   JUDGING | OF(BUNDLE), offsetof(struct options, crls)               },
	{ "--revocation",         KIND_FILE,    JUDGING | OF(BUNDLE), offsetof(struct options, revocation)         },
	{ "--revocation-date",    KIND_TIME,    JUDGING | OF(BUNDLE), offsetof(struct options, revocation_date)    },
	{ "--manifest",           KIND_FILE,    JUDGING | OF(BUNDLE), offsetof(struct options, manifest)           },
	{ "--release-key",        KIND_FILE,    JUDGING | OF(BUNDLE), offsetof(struct options, release_key)        },
	{ "--policy",             KIND_FILE,    JUDGING | OF(BUNDLE), offsetof(struct options, policy)             },
	{ "--credential",         KIND_FILE,    JUDGING,              offsetof(struct options, credential)         },
	{ "--request",            KIND_FILE,    JUDGING | OF(BUNDLE), offsetof(struct options, request)            },
	{ "--answer",             KIND_FILE,    JUDGING | OF(BUNDLE), offsetof(struct options, answer)             },
	{ "--boot",               KIND_FILE,    OF(BUNDLE),           offsetof(struct options, boot)               },
	{ "--fresh",              KIND_FILE,    OF(BUNDLE),           offsetof(struct options, fresh)              },
	{ "--tpm-attest",         KIND_FILE,    OF(BUNDLE),           offsetof(struct options, tpm_attest)         },
	{ "--tpm-signature",      KIND_FILE,    OF(BUNDLE),           offsetof(struct options, tpm_signature)      },
	{ "--tpm-pcrs",           KIND_FILE,    OF(BUNDLE),           offsetof(struct options, tpm_pcrs)           },
	{ "--tpm-log",            KIND_FILE,    OF(BUNDLE),           offsetof(struct options, tpm_log)            },
	{ "--tpm-ak",             KIND_FILE,    OF(BUNDLE),           offsetof(struct options, tpm_ak)             },
	{ "--tpm-ak-certificate", KIND_FILE,    OF(BUNDLE),           offsetof(struct options, tpm_ak_certificate) },
	{ "--tpm-ek",             KIND_FILE,    OF(BUNDLE),           offsetof(struct options, tpm_ek)             },
	{ "--tpm-ek-certificate", KIND_FILE,    OF(BUNDLE),           offsetof(struct options, tpm_ek_certificate) },
	{ "--snp-report",         KIND_FILE,    OF(BUNDLE),           offsetof(struct options, snp_report)         },
	{ "--snp-table",          KIND_FILE,    OF(BUNDLE),           offsetof(struct options, snp_table)          },
	{ "--snp-vek",            KIND_FILE,    OF(BUNDLE),           offsetof(struct options, snp_vek)            },
	{ "--android-chain",      KIND_FILE,    OF(BUNDLE),           offsetof(struct options, android_chain)      },
	{ "--at",                 KIND_TIME,    JUDGING | OF(BUNDLE), offsetof(struct options, at)                 },
	{ "--json",               KIND_FLAG,    JUDGING,              offsetof(struct options, json)               },
	{ "--without-activation", KIND_FLAG,    JUDGING,              offsetof(struct options, without_activation) },
	{ "--without-revocation", KIND_FLAG,    JUDGING,              offsetof(struct options, without_revocation) },
};
/* clang-format on */

static bool
bad(struct fault *f, const char *name, const char *what)
{
	return fail(
	    f, FAULT_INPUT, "command.usage", "verdict 5: %s: %s", name, what);
}

/* The option's own place in *o. */
static void *
place(struct options *o, const struct option *option)
{
	return (uint8_t *)o + option->offset;
}

static bool
take_path(struct paths *paths, const char *value)
{
	if (paths->n == PATHS_MAX)
		return false;
	paths->at[paths->n++] = value;
	return true;
}

static bool
take_value(struct options *o, const struct option *option, const char *value,
    struct arena *a, struct fault *f)
{
	switch (option->kind) {
	case KIND_FILE:
		*(const char **)place(o, option) = value;
		return true;
	case KIND_PATHS:
		return take_path(place(o, option), value) ||
		       bad(f, option->name, "given too often");
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
		return instant_parse(place(o, option), bytes_text(value), f) ||
		       bad(f, option->name, "Unix seconds or RFC 3339");
	case KIND_FLAG:
		break;
	}
	return bad(f, option->name, "takes no value");
}

static const struct option *
find(const char *name, enum action action)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) == 0 &&
		    (known[i].actions & (1u << action)) != 0)
			return &known[i];
	}
	return NULL;
}

/* One argument and its value; *at moves past both. */
static bool
take(struct options *o, int *at, char **argv, struct arena *a, struct fault *f)
{
	const char *name = argv[(*at)++];
	const struct option *option = find(name, o->action);

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

/* The credential alone is for a bundle, which has the rest. */
static bool
check_challenge(const struct options *o, struct fault *f)
{
	bool half = (o->request != NULL) != (o->answer != NULL);
	bool kept = o->action == ACTION_BUNDLE || o->credential != NULL;

	if (half || (o->request != NULL && !kept))
		return bad(
		    f, "--credential, --request, --answer", "go together");
	return true;
}

bool
options_parse(struct options *out, enum action action, char **argv,
    struct arena *a, struct fault *f)
{
	int at = 0;

	*out = (struct options){ .action = action, .at = (int64_t)time(NULL) };
	while (argv[at] != NULL) {
		if (!take(out, &at, argv, a, f))
			return false;
	}
	if (out->file == NULL)
		return bad(f, "FILE", "is missing");
	return check_challenge(out, f);
}
