/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/att.h"

#include "core/crypto/x509.h"

/* The shape of a bundle: one table, and a walk over it. */
/* clang-format off */
static const struct row {
	const char *level, *key;
	enum value_kind kind;
	bool needed; /* wherever its level is */
} rows[] = {
	{ "", "type",           VALUE_BYTES,   true  },
	{ "", "version",        VALUE_BYTES,   true  },
	{ "", "made-at-unix",   VALUE_INTEGER, true  },
	{ "", "evidence",       VALUE_MESSAGE, true  },
	{ "", "collateral",     VALUE_MESSAGE, false },
	{ "", "policy",         VALUE_MESSAGE, false },
	{ "evidence", "measurement", VALUE_MESSAGE, false },
	{ "evidence/measurement", "boot",       VALUE_MESSAGE, false },
	{ "evidence/measurement", "fresh",      VALUE_MESSAGE, false },
	{ "evidence/measurement", "activation", VALUE_MESSAGE, false },
	{ "evidence/measurement/activation", "credential-blob", VALUE_BYTES,   true },
	{ "evidence/measurement/activation", "secret",          VALUE_BYTES,   true },
	{ "evidence/measurement/activation", "answer",          VALUE_MESSAGE, true },
	{ "evidence", "tpm",                 VALUE_MESSAGE, false },
	{ "evidence/tpm", "attest",          VALUE_BYTES,   true  },
	{ "evidence/tpm", "tpmt-signature",  VALUE_BYTES,   false },
	{ "evidence/tpm", "ak-public",       VALUE_BYTES,   false },
	{ "evidence/tpm", "ak-certificate",  VALUE_BYTES,   false },
	{ "evidence/tpm", "pcrs",            VALUE_MESSAGE, false },
	{ "evidence/tpm", "firmware-log",    VALUE_BYTES,   false },
	{ "evidence/tpm", "ek-public",       VALUE_BYTES,   false },
	{ "evidence/tpm", "ek-certificate",  VALUE_BYTES,   false },
	{ "evidence/tpm", "activation",      VALUE_MESSAGE, false },
	{ "evidence/tpm/activation", "credential-blob", VALUE_BYTES,   true },
	{ "evidence/tpm/activation", "secret",          VALUE_BYTES,   true },
	{ "evidence/tpm/activation", "answer",          VALUE_MESSAGE, true },
	{ "evidence", "snp",                 VALUE_MESSAGE, false },
	{ "evidence/snp", "report",          VALUE_BYTES,   true  },
	{ "evidence/snp", "table",           VALUE_BYTES,   false },
	{ "evidence/snp", "vek",             VALUE_BYTES,   false },
	{ "evidence/snp", "ask",             VALUE_BYTES,   false },
	{ "evidence/snp", "ark",             VALUE_BYTES,   false },
	{ "evidence", "android",             VALUE_MESSAGE, false },
	{ "evidence/android", "certificates", VALUE_LIST,   true  },
	{ "evidence/android", "statement",   VALUE_BYTES,   false },
	{ "evidence/android", "signature",   VALUE_BYTES,   false },
	{ "collateral", "certificates",      VALUE_LIST,    false },
	{ "collateral", "crls",              VALUE_LIST,    false },
	{ "collateral", "revocation-list",   VALUE_BYTES,   false },
	{ "collateral", "revocation-fetched-at-unix", VALUE_INTEGER, false },
	{ "policy", "nonce",                VALUE_BYTES, false },
	{ "policy", "manifest",             VALUE_BYTES, false },
	{ "policy", "manifest-signature",   VALUE_BYTES, false },
	{ "policy", "template",             VALUE_MESSAGE, false },
	{ "policy", "tpm",                  VALUE_MESSAGE, false },
	{ "policy", "snp",                  VALUE_MESSAGE, false },
	{ "policy", "android",              VALUE_MESSAGE, false },
	{ "policy", "node",                 VALUE_BYTES, false },
	{ "policy", "channel-key",          VALUE_BYTES, false },
	{ "policy", "self",                 VALUE_BYTES, false },
	{ "policy", "machines",             VALUE_LIST,  false },
	{ "policy", "used-nonces",          VALUE_LIST,  false },
};

static const char *const levels[] = {
	"", "evidence", "evidence/measurement", "evidence/measurement/activation",
	"evidence/tpm", "evidence/tpm/activation", "evidence/snp", "evidence/android",
	"collateral", "policy",
};

static const char *const kinds[ATT_KINDS] = {
	[ATT_MEASUREMENT] = "measurement", [ATT_TPM] = "tpm", [ATT_SNP] = "snp",
	[ATT_ANDROID] = "android",
};
/* clang-format on */

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool
is_text(const struct message *m, const char *key, const char *text)
{
	struct bytes value;

	return message_find_bytes(&value, m, key) && bytes_is(value, text);
}

bool
att_is(const struct message *m)
{
	return is_text(m, "type", "permawebos-evidence");
}

static const struct row *
find_row(const char *level, struct bytes key)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].level, level) == 0 &&
		    bytes_is(key, rows[i].key))
			return &rows[i];
	}
	return NULL;
}

/* Lists hold texts, at most as many as a path has certificates. */
static bool
check_list(const char *key, const struct message *list, struct fault *f)
{
	if (list->count > X509_CHAIN_MAX)
		return fail(f, FAULT_LIMIT, "bundle.limit",
		    "verdict 12: %s has %zu items, %u are the limit", key,
		    list->count, X509_CHAIN_MAX);
	for (size_t i = 0; i < list->count; i++) {
		if (list->pairs[i].value.kind != VALUE_BYTES)
			return fail(f, FAULT_INPUT, "bundle.shape",
			    "verdict 12: %s holds an item that is no text",
			    key);
	}
	return true;
}

static bool
check_level(const char *level, const struct message *m, struct fault *f)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct pair *pair = &m->pairs[i];
		const struct row *row = find_row(level, pair->key);
		struct bytes shown = verdict_shown(pair->key);

		if (row == NULL)
			return fail(f, FAULT_INPUT, "bundle.key",
			    "verdict 12: key '%.*s' in '%s' is unknown",
			    (int)shown.n, (const char *)shown.p, level);
		if (pair->value.kind != row->kind)
			return fail(f, FAULT_INPUT, "bundle.shape",
			    "verdict 12: %s in '%s' is of another kind",
			    row->key, level);
		if (row->kind == VALUE_LIST &&
		    !check_list(row->key, pair->value.message, f))
			return false;
	}
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].needed && strcmp(rows[i].level, level) == 0 &&
		    message_get(m, bytes_text(rows[i].key)) == NULL)
			return fail(f, FAULT_INPUT, "bundle.shape",
			    "verdict 12: %s is missing in '%s'", rows[i].key,
			    level);
	}
	return m->ncommitments == 0 ||
	       fail(f, FAULT_INPUT, "bundle.shape",
		   "verdict 12: signatures over '%s' would prove nothing",
		   level);
}

static bool
check_levels(const struct message *m, struct fault *f)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		const struct message *level = m;

		if (levels[i][0] != '\0' &&
		    !message_find_message(&level, m, levels[i]))
			continue;
		if (!check_level(levels[i], level, f))
			return false;
	}
	return true;
}

static bool
take_evidence(struct att *out, const struct message *evidence, struct fault *f)
{
	if (evidence->count != 1)
		return fail(f, FAULT_INPUT, "bundle.shape",
		    "verdict 12: evidence is of exactly one kind");
	for (size_t i = 0; i < ATT_KINDS; i++) {
		if (!message_find_message(&out->evidence, evidence, kinds[i]))
			continue;
		out->kind = (enum att_kind)i;
	}
	return out->kind != ATT_MEASUREMENT ||
	       message_get(out->evidence, BYTES("boot")) != NULL ||
	       message_get(out->evidence, BYTES("fresh")) != NULL ||
	       fail(f, FAULT_INPUT, "bundle.shape",
		   "verdict 12: neither a boot nor a fresh measurement");
}

bool
att_policy(const struct message *m, struct fault *f)
{
	return check_level("policy", m, f);
}

bool
att_collateral(const struct message *m, struct fault *f)
{
	return check_level("collateral", m, f);
}

/* Version first: another version's keys are not ours to judge. */
bool
att_parse(struct att *out, const struct message *m, struct fault *f)
{
	const struct message *evidence;

	*out = (struct att){ 0 };
	if (!att_is(m) || !is_text(m, "version", "1.0"))
		return fail(f, FAULT_INPUT, "bundle.version",
		    "verdict 12: not an evidence bundle of version 1.0");
	if (!check_levels(m, f))
		return false;
	(void)message_find_integer(&out->made_at, m, "made-at-unix");
	(void)message_find_message(&out->collateral, m, "collateral");
	(void)message_find_message(&out->policy, m, "policy");
	return message_find_message(&evidence, m, "evidence") &&
	       take_evidence(out, evidence, f);
}
