/* SPDX-License-Identifier: Apache-2.0 */
/* What an envelope can be wrong in. */
#include "core/evidence/binding.h"
#include "core/verdict/cases_test.h"

static void
another_type(struct measured *m)
{
	message_set_text(m->envelope, "type", "measurement");
}

static void
another_version(struct measured *m)
{
	message_set_text(m->envelope, "version", "1.0");
}

static void
another_device(struct measured *m)
{
	message_set_text(m->envelope, "measurement-device", "tpm@1.2");
}

static void
no_evidence(struct measured *m)
{
	cases_drop(m->envelope, "evidence");
}

static void
no_recipient(struct measured *m)
{
	cases_drop(m->envelope, "secret-recipient");
}

static void
no_system(struct measured *m)
{
	cases_drop(cases_at(m->envelope, "body"), "system");
}

static void
issued_as_text(struct measured *m)
{
	message_set_text(m->envelope, "issued-at-unix", "1780000000");
}

static void
changed_after_signing(struct measured *m)
{
	message_set_integer(m->envelope, "issued-at-unix", MEASURED_AT + 1);
}

static void
evidence_changed_after_signing(struct measured *m)
{
	message_set_text(m->evidence, "version", "1.1");
}

static void
key_added_after_signing(struct measured *m)
{
	message_set_text(m->envelope, "note", "trust me");
}

static void
unsigned_envelope(struct measured *m)
{
	m->envelope->ncommitments = 0;
}

static void
another_address(struct measured *m)
{
	message_set_text(cases_at(m->body, "node"), "address",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

static void
endless_address(struct measured *m)
{
	uint8_t *text = arena_alloc(m->a, 300000);

	memset(text, 0x1b, 300000);
	message_set_bytes(
	    cases_at(m->body, "node"), "address", bytes_of(text, 300000));
}

static void
ask_fresh(struct measured *m)
{
	m->rq.purpose = BYTES("fresh");
	m->rq.nonce = m->nonce;
}

static void
ask_boot(struct measured *m)
{
	m->rq.purpose = BYTES("boot");
	m->rq.nonce = (struct bytes){ 0 };
}

static void
third_purpose(struct measured *m)
{
	message_set_bytes(
	    m->envelope, "purpose", BYTES("\x1b[2J\xff another purpose"));
}

static void
ask_third_purpose(struct measured *m)
{
	m->rq.purpose = BYTES("\x1b[2J\xff another purpose");
}

static void
renamed_fresh(struct measured *m)
{
	message_set_text(m->envelope, "purpose", "fresh");
}

static void
renamed_boot(struct measured *m)
{
	message_set_text(m->envelope, "purpose", "boot");
}

static void
add_state(struct measured *m)
{
	struct message *state = message_new(m->a);

	message_set_integer(state, "tpm-reset-count", MEASURED_RESETS);
	message_set_integer(state, "tpm-restart-count", MEASURED_RESTARTS);
	message_set_message(m->envelope, "state", state);
}

static void
no_state(struct measured *m)
{
	cases_drop(m->envelope, "state");
}

static void
ask_another_nonce(struct measured *m)
{
	m->rq.nonce = BYTES("the nonce of this very moment   ");
}

static void
nonce_of_15(struct measured *m)
{
	m->nonce = BYTES("0123456789abcde");
}

static void
nonce_of_65(struct measured *m)
{
	m->nonce = BYTES("0123456789abcdef0123456789abcdef"
			 "0123456789abcdef0123456789abcdef!");
}

static void
nonce_of_0(struct measured *m)
{
	m->nonce = BYTES("");
}

static void
nonce_of_boot(struct measured *m)
{
	m->nonce = BYTES(BINDING_BOOT_NONCE);
}

static void
nonce_of_fresh(struct measured *m)
{
	m->nonce = BYTES(MEASURED_NONCE);
}

static void
ask_no_nonce(struct measured *m)
{
	m->rq.nonce = (struct bytes){ 0 };
}

static void
no_nonce(struct measured *m)
{
	cases_drop(m->envelope, "nonce");
}

static void
nonce_no_base64(struct measured *m)
{
	message_set_text(
	    m->envelope, "nonce", "0123456789abcdef0123456789abc=");
}

/* clang-format off */
const struct verdict_case cases_envelope[] = {
	{ "another type",                  "boot",  CHECK_SHAPE,     "envelope.shape",         { { MEASURED_TOLD, another_type } } },
	{ "another version",               "boot",  CHECK_SHAPE,     "envelope.shape",         { { MEASURED_TOLD, another_version } } },
	{ "another device",                "boot",  CHECK_SHAPE,     "envelope.device",        { { MEASURED_TOLD, another_device } } },
	{ "no evidence",                   "boot",  CHECK_SHAPE,     "envelope.shape",         { { MEASURED_TOLD, no_evidence } } },
	{ "no recipient",                  "boot",  CHECK_SHAPE,     "envelope.shape",         { { MEASURED_TOLD, no_recipient } } },
	{ "no system in the body",         "boot",  CHECK_SHAPE,     "envelope.shape",         { { MEASURED_TOLD, no_system } } },
	{ "issued-at-unix is a text",      "boot",  CHECK_SHAPE,     "envelope.shape",         { { MEASURED_TOLD, issued_as_text } } },
	{ "a key changed after signing",   "boot",  CHECK_SIGNATURE, "commitment.signature",   { { MEASURED_SIGNED, changed_after_signing } } },
	{ "evidence changed afterwards",   "boot",  CHECK_SIGNATURE, "commitment.signature",   { { MEASURED_SIGNED, evidence_changed_after_signing } } },
	{ "a key added after signing",     "boot",  CHECK_SIGNATURE, "commitment.uncommitted", { { MEASURED_SIGNED, key_added_after_signing } } },
	{ "signed by nobody",              "boot",  CHECK_SIGNATURE, "commitment.none",        { { MEASURED_SIGNED, unsigned_envelope } } },
	{ "another node's address",        "boot",  CHECK_NODE_KEY,  "bind.node-key",          { { MEASURED_BOOTED, another_address } } },
	{ "an address to fill terminals",  "boot",  CHECK_NODE_KEY,  "bind.node-key",          { { MEASURED_BOOTED, endless_address } } },
	{ "boot offered as fresh",         "boot",  CHECK_PURPOSE,   "bind.purpose",           { { MEASURED_ASKED, ask_fresh } } },
	{ "fresh offered as boot",         "fresh", CHECK_PURPOSE,   "bind.purpose",           { { MEASURED_ASKED, ask_boot } } },
	{ "a third purpose",               "boot",  CHECK_PURPOSE,   "bind.purpose",           { { MEASURED_TOLD, third_purpose } } },
	{ "a third purpose asked for",     "boot",  CHECK_PURPOSE,   "bind.purpose",           { { MEASURED_TOLD, third_purpose }, { MEASURED_ASKED, ask_third_purpose } } },
	{ "boot renamed fresh",            "boot",  CHECK_PURPOSE,   "bind.purpose",           { { MEASURED_TOLD, renamed_fresh }, { MEASURED_ASKED, ask_fresh } } },
	{ "fresh renamed boot",            "fresh", CHECK_PURPOSE,   "bind.purpose",           { { MEASURED_TOLD, renamed_boot }, { MEASURED_ASKED, ask_boot } } },
	{ "state in a boot measurement",   "boot",  CHECK_PURPOSE,   "bind.purpose",           { { MEASURED_TOLD, add_state } } },
	{ "no state in a fresh one",       "fresh", CHECK_PURPOSE,   "bind.purpose",           { { MEASURED_TOLD, no_state } } },
	{ "an old one replayed",           "fresh", CHECK_NONCE,     "fresh.nonce-mismatch",   { { MEASURED_ASKED, ask_another_nonce } } },
	{ "a nonce of 15 bytes",           "fresh", CHECK_NONCE,     "fresh.nonce-weak",       { { MEASURED_BOOTED, nonce_of_15 } } },
	{ "a nonce of 65 bytes",           "fresh", CHECK_NONCE,     "fresh.nonce-weak",       { { MEASURED_BOOTED, nonce_of_65 } } },
	{ "an empty nonce",                "fresh", CHECK_NONCE,     "fresh.nonce-weak",       { { MEASURED_BOOTED, nonce_of_0 } } },
	{ "no nonce",                      "fresh", CHECK_NONCE,     "fresh.nonce-weak",       { { MEASURED_TOLD, no_nonce } } },
	{ "the boot nonce in a fresh one", "fresh", CHECK_NONCE,     "bind.purpose",           { { MEASURED_BOOTED, nonce_of_boot }, { MEASURED_ASKED, ask_no_nonce } } },
	{ "boot where a nonce was asked",  "boot",  CHECK_NONCE,     "fresh.nonce-mismatch",   { { MEASURED_ASKED, ask_another_nonce } } },
	{ "boot with a fresh nonce",       "boot",  CHECK_NONCE,     "fresh.nonce-mismatch",   { { MEASURED_BOOTED, nonce_of_fresh } } },
	{ "a nonce that is no base64",     "fresh", CHECK_NONCE,     "encoding.base64",        { { MEASURED_TOLD, nonce_no_base64 } } },
};
/* clang-format on */

const size_t cases_envelope_count = CASE_COUNT(cases_envelope);
