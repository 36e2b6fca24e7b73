/* SPDX-License-Identifier: Apache-2.0 */
/* What keys, state and policy can be wrong in. */
#include "core/base/base64.h"
#include "core/verdict/cases_test.h"

#define YEAR (365 * 86400)

static void
ek_with_password(struct measured *m)
{
	m->ek_attributes |= PUBLIC_USER_WITH_AUTH;
}

static void
ek_movable(struct measured *m)
{
	m->ek_attributes &= ~(uint32_t)PUBLIC_FIXED_TPM;
}

static struct measured_certificate
usual(const struct measured *m)
{
	return (struct measured_certificate){ .of = m->ek_key,
		.by = MEASURED_CA,
		.from = MEASURED_AT - YEAR,
		.to = MEASURED_AT + YEAR };
}

static void
certificate_of_another_ek(struct measured *m)
{
	struct measured_certificate c = usual(m);

	c.of = MEASURED_OTHER_EK;
	m->certificate = measured_certify(&c, m->a);
}

static void
certificate_of_a_ca(struct measured *m)
{
	struct measured_certificate c = usual(m);

	c.is_ca = true;
	m->certificate = measured_certify(&c, m->a);
}

static void
certificate_of_a_signer(struct measured *m)
{
	struct measured_certificate c = usual(m);

	c.usage = "critical,digitalSignature,keyCertSign";
	m->certificate = measured_certify(&c, m->a);
}

static void
certificate_of_a_server(struct measured *m)
{
	struct measured_certificate c = usual(m);

	c.usage = "critical,keyEncipherment";
	c.purposes = "serverAuth,2.23.133.8.3";
	m->certificate = measured_certify(&c, m->a);
}

static void
no_certificate(struct measured *m)
{
	m->certificate = BYTES("0\x82\1\1 no certificate");
}

static void
certificate_with_a_tail(struct measured *m)
{
	struct buf b = buf_in(m->a, m->certificate.n + 1);

	buf_put(&b, m->certificate);
	buf_u8(&b, 1);
	m->certificate = buf_bytes(&b);
}

static void
certificate_is_a_number(struct measured *m)
{
	message_set_integer(m->evidence, "ek-certificate", 1);
}

void
cases_issue_by_other(struct measured *m)
{
	struct measured_certificate c = usual(m);

	c.by = MEASURED_OTHER_CA;
	m->certificate = measured_certify(&c, m->a);
}

static void
expired(struct measured *m)
{
	struct measured_certificate c = usual(m);

	c.to = MEASURED_AT - 1;
	m->certificate = measured_certify(&c, m->a);
}

static void
not_yet_valid(struct measured *m)
{
	struct measured_certificate c = usual(m);

	c.from = MEASURED_AT + 1;
	m->certificate = measured_certify(&c, m->a);
}

static void
judged_in_ten_years(struct measured *m)
{
	m->rq.at = MEASURED_AT + 10 * (int64_t)YEAR;
}

static void
judged_ten_years_ago(struct measured *m)
{
	m->rq.at = MEASURED_AT - 10 * (int64_t)YEAR;
}

static void
endless_chain(struct measured *m)
{
	struct message *chain = message_list(m->evidence, "ek-chain");

	for (size_t i = 0; i <= X509_CHAIN_MAX; i++)
		message_append_text(chain, "AAAA");
}

static void
chain_of_numbers(struct measured *m)
{
	message_append(message_list(m->evidence, "ek-chain"),
	    (struct value){ VALUE_INTEGER, .integer = 1 });
}

static struct measured_certificate
between(bool is_ca)
{
	return (struct measured_certificate){ .of = MEASURED_OTHER_CA,
		.by = MEASURED_CA,
		.is_ca = is_ca,
		.from = MEASURED_AT - YEAR,
		.to = MEASURED_AT + YEAR };
}

void
cases_add_chain(struct measured *m)
{
	struct measured_certificate c = between(true);

	message_append(message_list(m->evidence, "ek-chain"),
	    (struct value){
		VALUE_BYTES, .bytes = base64_encode(m->a, BASE64_URL,
				 measured_certify(&c, m->a)) });
}

/* Another machine's certificate signs: it is no CA's. */
static void
chain_without_ca(struct measured *m)
{
	struct measured_certificate c = between(false);

	message_append(message_list(m->evidence, "ek-chain"),
	    (struct value){
		VALUE_BYTES, .bytes = base64_encode(m->a, BASE64_URL,
				 measured_certify(&c, m->a)) });
}

static void
another_credential(struct measured *m)
{
	m->claim.credential = BYTES("fedcba9876543210fedcba9876543210");
}

static void
short_credential(struct measured *m)
{
	m->claim.credential.n = 31;
}

static void
answer_of_another_ak(struct measured *m)
{
	message_set_text(m->answer, "ak-name", "AAs");
}

static void
answer_without_proof(struct measured *m)
{
	cases_drop(m->answer, "credential-proof");
}

static void
another_challenge(struct measured *m)
{
	uint8_t *blob = arena_alloc(m->a, m->claim.blob.n);

	memcpy(blob, m->claim.blob.p, m->claim.blob.n);
	blob[9] ^= 1;
	m->claim.blob.p = blob;
}

static void
endless_challenge(struct measured *m)
{
	m->claim.secret = bytes_of(arena_alloc(m->a, 4096), 4096);
}

/* The node opened a challenge that was made for an EK of its own making. */
static void
challenge_for_another_ek(struct measured *m)
{
	struct public_area ek;
	struct fault f = { 0 };
	struct bytes other = measured_public(
	    MEASURED_OTHER_EK, m->ek_attributes, (struct bytes){ 0 }, m->a);

	if (!public_parse_2b(&ek, other, &f))
		return;
	struct public_name name = public_name(&ek);

	m->claim.ek_name = arena_copy(m->a, public_name_bytes(&name));
}

static void
challenge_for_nobody(struct measured *m)
{
	m->claim.ek_name = (struct bytes){ 0 };
}

static void
another_reset_count(struct measured *m)
{
	message_set_integer(m->state, "tpm-reset-count", MEASURED_RESETS + 1);
}

static void
another_restart_count(struct measured *m)
{
	message_set_integer(
	    m->state, "tpm-restart-count", MEASURED_RESTARTS - 1);
}

static void
no_reset_count(struct measured *m)
{
	cases_drop(m->state, "tpm-reset-count");
}

static void
quote_reset(struct measured *m)
{
	m->quote.resets++;
}

static void
quote_restarted(struct measured *m)
{
	m->quote.restarts++;
}

static void
restart_told(struct measured *m)
{
	message_set_integer(
	    m->state, "tpm-restart-count", MEASURED_RESTARTS + 1);
}

static void
another_body(struct measured *m)
{
	message_set_text(cases_at(m->body, "system"), "kernel", "6.12.1");
}

static void
another_ak(struct measured *m)
{
	m->ak_key = MEASURED_OTHER_AK;
}

static void
earlier_is_nothing(struct measured *m)
{
	m->rq.earlier = message_new(m->a);
}

/* SecureBoot is the log's first variable; its last byte is the value. */
static void
secure_boot_off(struct measured *m)
{
	size_t size,
	    at = measured_find(&size, m, 7, EV_EFI_VARIABLE_DRIVER_CONFIG, 0);
	struct sha256 digest;

	m->log[at + size - 1] = 0;
	digest = sha256_of(bytes_of(m->log + at + 50, size - 50));
	memcpy(m->log + at + 14, digest.b, sizeof(digest.b));
}

static void
measured_in(struct measured *m, uint32_t pcr)
{
	struct buf b = buf_over(m->log + m->nlog, MEASURED_LOG_MAX - m->nlog);

	measured_log_event(&b, pcr, EV_IPL, BYTES("rdinit=/bin/sh"));
	m->nlog += b.used;
}

static void
command_line_added(struct measured *m)
{
	measured_in(m, 12);
}

static void
extension_added(struct measured *m)
{
	measured_in(m, 13);
}

static void
loader_added(struct measured *m)
{
	measured_in(m, 8);
	measured_in(m, 14);
}

static void
ask_pcr_4(struct measured *m)
{
	m->want.pcr4 = BYTES_OF(&m->pcrs[5]);
}

static void
ask_pcr_11(struct measured *m)
{
	m->want.pcr11 = BYTES_OF(&m->pcrs[5]);
}

static void
ask_short_pcr_11(struct measured *m)
{
	m->want.pcr11.n--;
}

static void
ask_confinement(struct measured *m)
{
	m->want.confinement = BYTES_OF(&m->pcrs[5]);
}

/* clang-format off */
const struct verdict_case cases_keys[] = {
	{ "EK works without its policy",  "boot",  CHECK_EK_TEMPLATE, "tpm.ek.template",          { { MEASURED_EXTENDED, ek_with_password } } },
	{ "EK may leave the TPM",         "boot",  CHECK_EK_TEMPLATE, "tpm.ek.template",          { { MEASURED_EXTENDED, ek_movable } } },
	{ "certificate of another EK",    "boot",  CHECK_EK_BINDING,  "tpm.ek.binding",           { { MEASURED_KEYED, certificate_of_another_ek } } },
	{ "certificate of a signer",      "boot",  CHECK_EK_BINDING,  "tpm.ek.usage",             { { MEASURED_KEYED, certificate_of_a_signer } } },
	{ "certificate of a server",      "boot",  CHECK_EK_BINDING,  "tpm.ek.usage",             { { MEASURED_KEYED, certificate_of_a_server } } },
	{ "certificate of a CA",          "boot",  CHECK_EK_BINDING,  "tpm.ek.ca",                { { MEASURED_KEYED, certificate_of_a_ca } } },
	{ "no certificate",               "boot",  CHECK_EK_BINDING,  "x509.der",                 { { MEASURED_KEYED, no_certificate } } },
	{ "certificate with a tail",      "boot",  CHECK_EK_BINDING,  "tpm.ek.padding",           { { MEASURED_KEYED, certificate_with_a_tail } } },
	{ "certificate is a number",      "boot",  CHECK_EK_BINDING,  "message.missing",          { { MEASURED_TOLD, certificate_is_a_number } } },
	{ "unknown root",                 "boot",  CHECK_EK_CHAIN,    "tpm.ek.chain",             { { MEASURED_KEYED, cases_issue_by_other } } },
	{ "expired",                      "boot",  CHECK_EK_CHAIN,    "tpm.ek.chain",             { { MEASURED_KEYED, expired } } },
	{ "not yet valid",                "boot",  CHECK_EK_CHAIN,    "tpm.ek.chain",             { { MEASURED_KEYED, not_yet_valid } } },
	{ "judged in ten years",          "boot",  CHECK_EK_CHAIN,    "tpm.ek.chain",             { { MEASURED_ASKED, judged_in_ten_years } } },
	{ "judged ten years ago",         "boot",  CHECK_EK_CHAIN,    "tpm.ek.chain",             { { MEASURED_ASKED, judged_ten_years_ago } } },
	{ "endless chain",                "boot",  CHECK_EK_CHAIN,    "tpm.ek.chain",             { { MEASURED_TOLD, endless_chain } } },
	{ "a chain over no CA",           "boot",  CHECK_EK_CHAIN,    "tpm.ek.chain",             { { MEASURED_KEYED, cases_issue_by_other }, { MEASURED_TOLD, chain_without_ca } } },
	{ "a chain of numbers",           "boot",  CHECK_EK_CHAIN,    "tpm.ek.chain",             { { MEASURED_TOLD, chain_of_numbers } } },
	{ "another credential",           "boot",  CHECK_ACTIVATION,  "tpm.activation.proof",     { { MEASURED_ASKED, another_credential } } },
	{ "another challenge",            "boot",  CHECK_ACTIVATION,  "tpm.activation.proof",     { { MEASURED_ASKED, another_challenge } } },
	{ "credential of 31 bytes",       "boot",  CHECK_ACTIVATION,  "tpm.activation.challenge", { { MEASURED_ASKED, short_credential } } },
	{ "endless challenge",            "boot",  CHECK_ACTIVATION,  "tpm.activation.challenge", { { MEASURED_ASKED, endless_challenge } } },
	{ "answer of another AK",         "boot",  CHECK_ACTIVATION,  "tpm.activation.name",      { { MEASURED_ASKED, answer_of_another_ak } } },
	{ "answer without proof",         "boot",  CHECK_ACTIVATION,  "message.missing",          { { MEASURED_ASKED, answer_without_proof } } },
	{ "challenge for another EK",     "boot",  CHECK_ACTIVATION,  "tpm.ek.binding",           { { MEASURED_ASKED, challenge_for_another_ek } } },
	{ "challenge for nobody",         "boot",  CHECK_ACTIVATION,  "tpm.ek.binding",           { { MEASURED_ASKED, challenge_for_nobody } } },
	{ "state of another reset",       "fresh", CHECK_STATE,       "fresh.state",              { { MEASURED_BOOTED, another_reset_count } } },
	{ "state of another restart",     "fresh", CHECK_STATE,       "fresh.state",              { { MEASURED_BOOTED, another_restart_count } } },
	{ "state without counts",         "fresh", CHECK_STATE,       "fresh.state",              { { MEASURED_BOOTED, no_reset_count } } },
	{ "the TPM was reset since",      "fresh", CHECK_SAME_BOOT,   "fresh.boot-changed",       { { MEASURED_BOOTED, another_reset_count }, { MEASURED_QUOTED, quote_reset } } },
	{ "the TPM restarted since",      "fresh", CHECK_SAME_BOOT,   "fresh.boot-changed",       { { MEASURED_BOOTED, restart_told }, { MEASURED_QUOTED, quote_restarted } } },
	{ "another body than at boot",    "fresh", CHECK_SAME_BOOT,   "fresh.boot-changed",       { { MEASURED_BOOTED, another_body } } },
	{ "another AK than at boot",      "fresh", CHECK_SAME_BOOT,   "fresh.boot-changed",       { { MEASURED_BOOTED, another_ak } } },
	{ "no boot measurement",          "fresh", CHECK_SAME_BOOT,   "envelope.shape",           { { MEASURED_ASKED, earlier_is_nothing } } },
	{ "Secure Boot was off",          "boot",  CHECK_SECURE_BOOT, "policy.secure-boot",       { { MEASURED_BOOTED, secure_boot_off } } },
	{ "another image",                "boot",  CHECK_PCR4,        "policy.pcr4",              { { MEASURED_ASKED, ask_pcr_4 } } },
	{ "another image's parts",        "boot",  CHECK_PCR11,       "policy.pcr11",             { { MEASURED_ASKED, ask_pcr_11 } } },
	{ "31 bytes of PCR 11",           "boot",  CHECK_PCR11,       "policy.pcr11",             { { MEASURED_ASKED, ask_short_pcr_11 } } },
	{ "a command line of others",     "boot",  CHECK_ADDITIONS,   "policy.additions",         { { MEASURED_BOOTED, command_line_added } } },
	{ "an extension of others",       "boot",  CHECK_ADDITIONS,   "policy.additions",         { { MEASURED_BOOTED, extension_added } } },
	{ "another loader",               "boot",  CHECK_ADDITIONS,   "policy.additions",         { { MEASURED_BOOTED, loader_added } } },
	{ "other rights",                 "boot",  CHECK_CONFINEMENT, "policy.confinement",       { { MEASURED_ASKED, ask_confinement } } },
};
/* clang-format on */

const size_t cases_keys_count = CASE_COUNT(cases_keys);
