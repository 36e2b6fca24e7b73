/* SPDX-License-Identifier: Apache-2.0 */
/* What a quote can be wrong in. */
#include "core/evidence/binding.h"
#include "core/verdict/cases_test.h"

static void
evidence_of_another_type(struct measured *m)
{
	message_set_text(m->evidence, "type", "tpm-evidence");
}

static void
evidence_of_another_version(struct measured *m)
{
	message_set_text(m->evidence, "version", "2.0");
}

static void
no_runtime_log(struct measured *m)
{
	cases_drop(m->evidence, "runtime-log");
}

static void
no_firmware_log(struct measured *m)
{
	cases_drop(m->evidence, "firmware-log");
}

static void
ek_no_base64(struct measured *m)
{
	message_set_text(m->evidence, "ek-public", "=");
}

static void
ek_cut(struct measured *m)
{
	message_set_base64(
	    m->evidence, "ek-public", bytes_of(m->ek.p, m->ek.n - 1));
}

static void
ak_with_a_tail(struct measured *m)
{
	struct buf b = buf_in(m->a, 1024);

	buf_put(&b, m->ak);
	buf_u8(&b, 0);
	message_set_base64(m->evidence, "ak-public", buf_bytes(&b));
}

static void
recipient_ek(struct measured *m)
{
	message_set_base64(
	    cases_at(m->recipient, "public-material"), "ek-public", m->ak);
}

static void
recipient_ak(struct measured *m)
{
	message_set_base64(
	    cases_at(m->recipient, "public-material"), "ak-public", m->ek);
}

static void
recipient_name(struct measured *m)
{
	message_set_text(
	    cases_at(m->recipient, "public-material"), "ak-name", "AAs");
}

static void
recipient_key_id(struct measured *m)
{
	message_set_text(m->recipient, "key-id", "AAs");
}

static void
recipient_type(struct measured *m)
{
	message_set_text(m->recipient, "type", "snp-key");
}

static void
recipient_method(struct measured *m)
{
	message_set_text(m->recipient, "method", "none");
}

static void
recipient_no_binding(struct measured *m)
{
	cases_drop(m->recipient, "binding");
}

static void
no_magic(struct measured *m)
{
	m->quote.magic = 0;
}

static void
certify(struct measured *m)
{
	m->quote.type = 0x8017;
}

static void
get_time(struct measured *m)
{
	m->quote.type = 0x8019;
}

static void
nv(struct measured *m)
{
	m->quote.type = 0x8014;
}

static void
attest_cut(struct measured *m)
{
	m->attest.n--;
	m->signature = measured_tpm_sign(m->ak_key, m->attest, m->a);
}

/* Many selections of the same bank: the AK signed them, so they are cheap. */
static void
selections(struct measured *m, uint32_t count)
{
	struct buf b = buf_in(m->a, 4 + 6 * (size_t)count);

	buf_be32(&b, count);
	for (uint32_t i = 0; i < count; i++) {
		buf_be16(&b, TPM_ALG_SHA256);
		buf_u8(&b, 3);
		buf_put(&b, bytes_of("\xff\xfb\x00", 3));
	}
	m->quote.pcrs = buf_bytes(&b);
}

static void
selections_16(struct measured *m)
{
	selections(m, 16);
}

static void
selections_17(struct measured *m)
{
	selections(m, 17);
}

static void
selections_none(struct measured *m)
{
	selections(m, 0);
}

static void
signed_before(struct measured *m)
{
	uint8_t *attest = arena_alloc(m->a, m->attest.n);

	memcpy(attest, m->attest.p, m->attest.n);
	attest[m->attest.n - 1] ^= 1;
	m->attest.p = attest;
}

static void
signed_by_another(struct measured *m)
{
	m->signature = measured_tpm_sign(MEASURED_OTHER_AK, m->attest, m->a);
}

static void
no_signature(struct measured *m)
{
	m->signature = BYTES("\0\x18");
}

static void
unrestricted(struct measured *m)
{
	m->ak_attributes &= ~(uint32_t)PUBLIC_RESTRICTED;
}

static void
movable(struct measured *m)
{
	m->ak_attributes &= ~(uint32_t)PUBLIC_FIXED_TPM;
}

static void
imported(struct measured *m)
{
	m->ak_attributes &= ~(uint32_t)PUBLIC_SENSITIVE_ORIGIN;
}

static void
with_password(struct measured *m)
{
	m->ak_attributes |= PUBLIC_USER_WITH_AUTH;
}

static void
decrypting(struct measured *m)
{
	m->ak_attributes |= PUBLIC_DECRYPT;
}

static void
another_signer(struct measured *m)
{
	uint8_t *name = arena_alloc(m->a, m->quote.signer.n);

	memcpy(name, m->quote.signer.p, m->quote.signer.n);
	name[5] ^= 1;
	m->quote.signer.p = name;
}

static void
no_signer(struct measured *m)
{
	m->quote.signer.n = 0;
}

static void
another_binding(struct measured *m)
{
	m->quote.nonce = BYTES("0123456789abcdef0123456789abcdef");
}

static void
no_binding(struct measured *m)
{
	m->quote.nonce.n = 0;
}

static void
another_body(struct measured *m)
{
	message_set_text(cases_at(m->body, "system"), "kernel", "6.12.1");
}

/* All that a fresh envelope has, around a boot quote. */
static void
boot_dressed_as_fresh(struct measured *m)
{
	struct message *state = message_new(m->a);

	message_set_integer(state, "tpm-reset-count", MEASURED_RESETS);
	message_set_integer(state, "tpm-restart-count", MEASURED_RESTARTS);
	message_set_message(m->envelope, "state", state);
	message_set_text(m->envelope, "purpose", "fresh");
	message_set_base64(m->envelope, "nonce", BYTES(MEASURED_NONCE));
}

static void
ask_fresh(struct measured *m)
{
	m->rq.purpose = BYTES("fresh");
	m->rq.nonce = BYTES(MEASURED_NONCE);
}

static void
fresh_dressed_as_boot(struct measured *m)
{
	cases_drop(m->envelope, "state");
	message_set_text(m->envelope, "purpose", "boot");
	message_set_base64(m->envelope, "nonce", BYTES(BINDING_BOOT_NONCE));
}

static void
ask_boot(struct measured *m)
{
	m->rq.purpose = BYTES("boot");
	m->rq.nonce = (struct bytes){ 0 };
}

static void
sha1_bank(struct measured *m)
{
	m->quote.pcrs = measured_pcrs(m, TPM_ALG_SHA1, PCR_QUOTED);
}

static void
without_pcr_15(struct measured *m)
{
	m->quote.pcrs =
	    measured_pcrs(m, TPM_ALG_SHA256, PCR_QUOTED & ~(1u << 15));
}

static void
with_pcr_16(struct measured *m)
{
	m->quote.pcrs = measured_pcrs(m, TPM_ALG_SHA256, PCR_QUOTED | 1u << 16);
}

static void
with_pcr_23(struct measured *m)
{
	m->quote.pcrs = measured_pcrs(m, TPM_ALG_SHA256, PCR_QUOTED | 1u << 23);
}

/* The same bytes one after another, cut elsewhere. */
static void
resplit(struct measured *m)
{
	struct message *pcrs = cases_at(m->evidence, "quote/pcrs");
	uint8_t both[64];

	memcpy(both, m->pcrs[0].b, 32);
	memcpy(both + 32, m->pcrs[1].b, 32);
	message_set_base64(pcrs, "0", bytes_of(both, 33));
	message_set_base64(pcrs, "1", bytes_of(both + 33, 31));
}

static void
merged(struct measured *m)
{
	struct message *pcrs = cases_at(m->evidence, "quote/pcrs");
	uint8_t both[64];

	memcpy(both, m->pcrs[0].b, 32);
	memcpy(both + 32, m->pcrs[1].b, 32);
	message_set_base64(pcrs, "0", bytes_of(both, 64));
	cases_drop(pcrs, "1");
}

static void
pcr_16_shown(struct measured *m)
{
	message_set_base64(
	    cases_at(m->evidence, "quote/pcrs"), "16", BYTES_OF(&m->pcrs[0]));
}

static void
pcr_spelt_twice(struct measured *m)
{
	message_set_base64(
	    cases_at(m->evidence, "quote/pcrs"), "00", BYTES_OF(&m->pcrs[0]));
}

static void
no_pcrs(struct measured *m)
{
	cases_drop(cases_at(m->evidence, "quote"), "pcrs");
}

static void
another_digest(struct measured *m)
{
	m->quote.digest = BYTES("0123456789abcdef0123456789abcdef");
}

static void
another_policy(struct measured *m)
{
	m->ak_policy.b[0] ^= 1;
}

/* clang-format off */
const struct verdict_case cases_quote[] = {
	{ "evidence of another type",     "boot",  CHECK_EVIDENCE,   "tpm.evidence",         { { MEASURED_TOLD, evidence_of_another_type } } },
	{ "evidence of another version",  "boot",  CHECK_EVIDENCE,   "tpm.evidence",         { { MEASURED_TOLD, evidence_of_another_version } } },
	{ "no runtime log",               "boot",  CHECK_EVIDENCE,   "tpm.evidence",         { { MEASURED_TOLD, no_runtime_log } } },
	{ "no firmware log",              "boot",  CHECK_EVIDENCE,   "message.missing",      { { MEASURED_TOLD, no_firmware_log } } },
	{ "EK is no base64",              "boot",  CHECK_EVIDENCE,   "encoding.base64",      { { MEASURED_TOLD, ek_no_base64 } } },
	{ "EK is cut",                    "boot",  CHECK_EVIDENCE,   "tpm.public.syntax",    { { MEASURED_TOLD, ek_cut } } },
	{ "AK goes on behind its end",    "boot",  CHECK_EVIDENCE,   "tpm.public.syntax",    { { MEASURED_TOLD, ak_with_a_tail } } },
	{ "recipient of another EK",      "boot",  CHECK_RECIPIENT,  "bind.recipient",       { { MEASURED_KEYED, recipient_ek } } },
	{ "recipient of another AK",      "boot",  CHECK_RECIPIENT,  "bind.recipient",       { { MEASURED_KEYED, recipient_ak } } },
	{ "recipient of another Name",    "boot",  CHECK_RECIPIENT,  "bind.recipient",       { { MEASURED_KEYED, recipient_name } } },
	{ "recipient of another key-id",  "boot",  CHECK_RECIPIENT,  "bind.recipient",       { { MEASURED_KEYED, recipient_key_id } } },
	{ "recipient of another type",    "boot",  CHECK_RECIPIENT,  "bind.recipient",       { { MEASURED_KEYED, recipient_type } } },
	{ "recipient by another method",  "boot",  CHECK_RECIPIENT,  "bind.recipient",       { { MEASURED_KEYED, recipient_method } } },
	{ "recipient bound to nothing",   "boot",  CHECK_RECIPIENT,  "bind.recipient",       { { MEASURED_KEYED, recipient_no_binding } } },
	{ "no TPM made it",               "boot",  CHECK_ATTEST,     "tpm.attest.type",      { { MEASURED_QUOTED, no_magic } } },
	{ "TPM2_Certify",                 "boot",  CHECK_ATTEST,     "tpm.attest.type",      { { MEASURED_QUOTED, certify } } },
	{ "TPM2_GetTime",                 "boot",  CHECK_ATTEST,     "tpm.attest.type",      { { MEASURED_QUOTED, get_time } } },
	{ "TPM2_NV_Certify",              "boot",  CHECK_ATTEST,     "tpm.attest.type",      { { MEASURED_QUOTED, nv } } },
	{ "attestation is cut",           "boot",  CHECK_ATTEST,     "tpm.attest.syntax",    { { MEASURED_ATTESTED, attest_cut } } },
	{ "16 times the same bank",       "boot",  CHECK_ATTEST,     "tpm.pcr.selection",    { { MEASURED_QUOTED, selections_16 } } },
	{ "17 selections",                "boot",  CHECK_ATTEST,     "tpm.pcr.selection",    { { MEASURED_QUOTED, selections_17 } } },
	{ "changed after the AK signed",  "boot",  CHECK_QUOTE_SIG,  "tpm.quote.signature",  { { MEASURED_ATTESTED, signed_before } } },
	{ "signed by another AK",         "boot",  CHECK_QUOTE_SIG,  "tpm.quote.signature",  { { MEASURED_ATTESTED, signed_by_another } } },
	{ "no signature",                 "boot",  CHECK_QUOTE_SIG,  "tpm.signature.syntax", { { MEASURED_ATTESTED, no_signature } } },
	{ "AK is not restricted",         "boot",  CHECK_AK,         "tpm.ak.attributes",    { { MEASURED_EXTENDED, unrestricted } } },
	{ "AK may leave the TPM",         "boot",  CHECK_AK,         "tpm.ak.attributes",    { { MEASURED_EXTENDED, movable } } },
	{ "AK was imported",              "boot",  CHECK_AK,         "tpm.ak.attributes",    { { MEASURED_EXTENDED, imported } } },
	{ "AK works without its policy",  "boot",  CHECK_AK,         "tpm.ak.attributes",    { { MEASURED_EXTENDED, with_password } } },
	{ "AK decrypts",                  "boot",  CHECK_AK,         "tpm.ak.attributes",    { { MEASURED_EXTENDED, decrypting } } },
	{ "another key named as signer",  "boot",  CHECK_SIGNER,     "tpm.quote.signer",     { { MEASURED_QUOTED, another_signer } } },
	{ "nobody named as signer",       "boot",  CHECK_SIGNER,     "tpm.quote.signer",     { { MEASURED_QUOTED, no_signer } } },
	{ "quote bound to another thing", "boot",  CHECK_BINDING,    "tpm.quote.nonce",      { { MEASURED_QUOTED, another_binding } } },
	{ "quote bound to nothing",       "boot",  CHECK_BINDING,    "tpm.quote.nonce",      { { MEASURED_QUOTED, no_binding } } },
	{ "body changed after the quote", "boot",  CHECK_BINDING,    "tpm.quote.nonce",      { { MEASURED_ATTESTED, another_body } } },
	{ "boot dressed as fresh",        "boot",  CHECK_BINDING,    "tpm.quote.nonce",      { { MEASURED_TOLD, boot_dressed_as_fresh }, { MEASURED_ASKED, ask_fresh } } },
	{ "fresh dressed as boot",        "fresh", CHECK_BINDING,    "tpm.quote.nonce",      { { MEASURED_TOLD, fresh_dressed_as_boot }, { MEASURED_ASKED, ask_boot } } },
	{ "SHA-1 bank",                   "boot",  CHECK_SELECTION,  "tpm.pcr.selection",    { { MEASURED_QUOTED, sha1_bank } } },
	{ "no selection",                 "boot",  CHECK_SELECTION,  "tpm.pcr.selection",    { { MEASURED_QUOTED, selections_none } } },
	{ "PCR 15 left out",              "boot",  CHECK_SELECTION,  "tpm.pcr.selection",    { { MEASURED_QUOTED, without_pcr_15 } } },
	{ "resettable PCR 16",            "boot",  CHECK_SELECTION,  "tpm.pcr.resettable",   { { MEASURED_QUOTED, with_pcr_16 } } },
	{ "resettable PCR 23",            "boot",  CHECK_SELECTION,  "tpm.pcr.resettable",   { { MEASURED_QUOTED, with_pcr_23 } } },
	{ "PCR values split elsewhere",   "boot",  CHECK_SELECTION,  "tpm.pcr.length",       { { MEASURED_TOLD, resplit } } },
	{ "two PCR values as one",        "boot",  CHECK_SELECTION,  "tpm.pcr.length",       { { MEASURED_TOLD, merged } } },
	{ "PCR 16 shown",                 "boot",  CHECK_SELECTION,  "tpm.pcr.selection",    { { MEASURED_TOLD, pcr_16_shown } } },
	{ "PCR 0 spelt twice",            "boot",  CHECK_SELECTION,  "tpm.pcr.selection",    { { MEASURED_TOLD, pcr_spelt_twice } } },
	{ "no PCR values",                "boot",  CHECK_SELECTION,  "tpm.pcr.selection",    { { MEASURED_TOLD, no_pcrs } } },
	{ "quote of other values",        "boot",  CHECK_PCR_DIGEST, "tpm.quote.pcr-digest", { { MEASURED_QUOTED, another_digest } } },
	{ "AK of another boot state",     "boot",  CHECK_AK_POLICY,  "tpm.ak.policy",        { { MEASURED_EXTENDED, another_policy } } },
};
/* clang-format on */

const size_t cases_quote_count = CASE_COUNT(cases_quote);
