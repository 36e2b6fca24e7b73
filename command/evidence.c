/* SPDX-License-Identifier: Apache-2.0 */
/* Files as the evidence of a bundle: one table of options and their places. */
#include "command/command.h"
#include "core/base/base64.h"
#include "core/message/structured.h"

#define PART_MAX (2u << 20)

enum form {
	FORM_MESSAGE,
	FORM_BYTES,
	FORM_CERTIFICATE, /* PEM or DER */
	FORM_CERTIFICATES
};

/* clang-format off */
static const struct part {
	const char *kind, *key;
	enum form form;
	size_t offset; /* of the file's name in the options */
} parts[] = {
	{ "measurement", "boot",           FORM_MESSAGE,      offsetof(struct options, boot)               },
	{ "measurement", "fresh",          FORM_MESSAGE,      offsetof(struct options, fresh)              },
	{ "tpm",         "attest",         FORM_BYTES,        offsetof(struct options, tpm_attest)         },
	{ "tpm",         "tpmt-signature", FORM_BYTES,        offsetof(struct options, tpm_signature)      },
	{ "tpm",         "pcrs",           FORM_MESSAGE,      offsetof(struct options, tpm_pcrs)           },
	{ "tpm",         "firmware-log",   FORM_BYTES,        offsetof(struct options, tpm_log)            },
	{ "tpm",         "ak-public",      FORM_BYTES,        offsetof(struct options, tpm_ak)             },
	{ "tpm",         "ak-certificate", FORM_CERTIFICATE,  offsetof(struct options, tpm_ak_certificate) },
	{ "tpm",         "ek-public",      FORM_BYTES,        offsetof(struct options, tpm_ek)             },
	{ "tpm",         "ek-certificate", FORM_CERTIFICATE,  offsetof(struct options, tpm_ek_certificate) },
	{ "snp",         "report",         FORM_BYTES,        offsetof(struct options, snp_report)         },
	{ "snp",         "table",          FORM_BYTES,        offsetof(struct options, snp_table)          },
	{ "snp",         "vek",            FORM_CERTIFICATE,  offsetof(struct options, snp_vek)            },
	{ "android",     "certificates",   FORM_CERTIFICATES, offsetof(struct options, android_chain)      },
};
/* clang-format on */

const char *const evidence_leaves[] = {
	"evidence/measurement/boot/evidence/ek-certificate",
	"evidence/measurement/fresh/evidence/ek-certificate",
	"evidence/measurement/boot/evidence/certificates/vek",
	"evidence/measurement/fresh/evidence/certificates/vek",
	"evidence/tpm/ek-certificate",
	"evidence/tpm/ak-certificate",
	"evidence/snp/vek",
	NULL,
};

static const char *
file_of(const struct options *o, const struct part *part)
{
	const char *path;

	memcpy((void *)&path, (const uint8_t *)o + part->offset, sizeof(path));
	return path;
}

static bool
add_certificates(struct message *to, const struct part *part, const char *path,
    struct arena *a, struct fault *f)
{
	struct paths one = { { path }, 1 };
	struct bytes pem, certs[X509_CHAIN_MAX];
	struct x509_list list = { .certs = certs, .room = X509_CHAIN_MAX };

	if (!trust_read(&pem, &one, a, f) || !x509_split_pem(&list, pem, a, f))
		return false;
	if (list.n == 0 || (part->form == FORM_CERTIFICATE && list.n != 1))
		return fail(f, FAULT_INPUT, "command.roots",
		    "verdict 15: %s: %zu certificates", path, list.n);
	if (part->form == FORM_CERTIFICATE) {
		message_set_base64(to, part->key, certs[0]);
		return true;
	}
	struct message *items = message_list(to, part->key);

	for (size_t i = 0; i < list.n; i++)
		message_append(items,
		    (struct value){ .kind = VALUE_BYTES,
			.bytes = base64_encode(a, BASE64_URL, certs[i]) });
	return true;
}

static bool
add_part(struct message *to, const struct part *part, const char *path,
    struct arena *a, struct fault *f)
{
	const struct message *m;
	struct bytes raw;

	switch (part->form) {
	case FORM_MESSAGE:
		if (!file_read_message(&m, path, a, f))
			return false;
		message_put(to, bytes_text(part->key), structured_level(m));
		return true;
	case FORM_BYTES:
		if (!file_read(&raw, path, PART_MAX, a, f))
			return false;
		message_set_base64(to, part->key, raw);
		return true;
	case FORM_CERTIFICATE:
	case FORM_CERTIFICATES:
		break;
	}
	return add_certificates(to, part, path, a, f);
}

bool
evidence_read(struct message *out, const struct options *o, struct arena *a,
    struct fault *f)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *path = file_of(o, &parts[i]);
		const struct value *there =
		    message_get(out, bytes_text(parts[i].kind));

		if (path == NULL)
			continue;
		struct message *to =
		    there == NULL ? message_new(a) : there->message;

		if (!add_part(to, &parts[i], path, a, f))
			return false;
		if (there == NULL)
			message_set_message(out, parts[i].kind, to);
	}
	return out->count == 1 ||
	       fail(f, FAULT_INPUT, "command.usage",
		   "verdict 15: a bundle is of evidence of one kind");
}
