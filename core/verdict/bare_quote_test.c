/* SPDX-License-Identifier: Apache-2.0 */
/* What quote, PCR values and log of bare evidence can be wrong in. */
#include "core/verdict/bare_test.h"

static void
unrestricted_ak(struct measured *m)
{
	m->ak_attributes &= ~(uint32_t)PUBLIC_RESTRICTED;
}

static void
imported_ak(struct measured *m)
{
	m->ak_attributes &= ~(uint32_t)PUBLIC_SENSITIVE_ORIGIN;
}

static void
movable_ak(struct measured *m)
{
	m->ak_attributes &= ~(uint32_t)PUBLIC_FIXED_TPM;
}

static void
owner_ak(struct measured *m)
{
	m->ak_attributes |= PUBLIC_USER_WITH_AUTH;
}

static void
magic_of_nobody(struct measured *m)
{
	m->quote.magic = 0x00544347;
}

static void
certify(struct measured *m)
{
	m->quote.type = 0x8017;
}

static void
another_signer(struct measured *m)
{
	m->quote.signer = BYTES("no name of a key");
}

static void
no_pcrs(struct measured *m)
{
	m->quote.pcrs = measured_pcrs(m, TPM_ALG_SHA256, 0);
	m->quote.digest = arena_copy(m->a, BYTES_OF(&m->pcrs[0]));
	struct sha256 none = sha256_of(BYTES(""));

	m->quote.digest = arena_copy(m->a, BYTES_OF(&none));
}

static void
resettable_pcrs(struct measured *m)
{
	m->quote.pcrs = measured_pcrs(m, TPM_ALG_SHA256, 1u << 16 | 1u << 23);
}

static void
sha1_bank(struct measured *m)
{
	m->quote.pcrs = measured_pcrs(m, TPM_ALG_SHA1, 0xff);
}

static void
many_selections(struct measured *m)
{
	struct buf all = buf_in(m->a, 4 + 5000 * 6);
	struct bytes one = measured_pcrs(m, TPM_ALG_SHA256, 0xff);

	buf_be32(&all, 5000);
	for (size_t i = 0; i < 5000; i++)
		buf_put(&all, bytes_of(one.p + 4, one.n - 4));
	m->quote.pcrs = buf_bytes(&all);
}

static void
event_of_pcr_23(struct measured *m)
{
	struct buf log = buf_over(m->log + m->nlog, MEASURED_LOG_MAX - m->nlog);

	measured_log_event(&log, 23, EV_IPL, BYTES("a claim"));
	m->nlog += log.used;
}

static void
event_cut(struct measured *m)
{
	m->nlog--;
}

static void
other_nonce(void)
{
	bare.rq.nonce = BYTES("another nonce than the quote has");
}

static void
empty_nonce(void)
{
	bare.rq.nonce = BYTES("");
}

static void
no_nonce(void)
{
	bare.rq.nonce = (struct bytes){ 0 };
}

static void
no_nonce_wanted(void)
{
	no_nonce();
	bare.policy.without_nonce = true;
}

static void
another_ak(void)
{
	bare.rq.ak = measured_public(MEASURED_OTHER_AK, bare.m.ak_attributes,
	    BYTES_OF(&bare.m.ak_policy), &bare_arena);
}

static void
no_ak(void)
{
	bare.rq.ak = (struct bytes){ 0 };
}

static void
ak_without_size(void)
{
	bare.rq.ak = bytes_of(bare.rq.ak.p + 2, bare.rq.ak.n - 2);
}

static void
ak_cut(void)
{
	bare.rq.ak.n--;
}

static void
ak_is_der(void)
{
	bare.rq.ak = BYTES("\x30\x03\x02\x01\x01");
}

static void
signature_cut(void)
{
	bare.rq.signature.n--;
}

static void
more_pcrs_wanted(void)
{
	bare.policy.pcrs = 1u << 10;
}

static void
resettable_wanted(void)
{
	bare.policy.pcrs = 1u << 16;
	bare.policy.any_pcrs = true;
}

static void
any_pcrs(void)
{
	bare.policy.any_pcrs = true;
}

static void
pcr_of_31_bytes(void)
{
	bare.banks[0].values[3].n = 31;
}

static void
pcr_missing(void)
{
	bare.banks[0].values[3] = (struct bytes){ 0 };
}

static void
pcr_changed(void)
{
	bare.banks[0].values[3] = bare.banks[0].values[4];
}

static void
pcr_that_was_not_quoted(void)
{
	bare.banks[0].values[10] = bare.banks[0].values[4];
}

static void
no_values(void)
{
	bare.rq.nbanks = 0;
}

static void
no_values_wanted(void)
{
	no_values();
	bare.policy.without_pcrs = true;
}

static void
five_banks(void)
{
	bare.rq.nbanks = TPM_BANKS_MAX + 1;
}

static void
no_log(void)
{
	bare.rq.log = (struct bytes){ 0 };
}

static void
no_log_wanted(void)
{
	no_log();
	bare.policy.without_log = true;
}

static void
empty_log(void)
{
	bare.rq.log = BYTES("");
}

static void
safe_clock_wanted(void)
{
	bare.policy.safe_clock = true;
}

static void
secure_boot_wanted(void)
{
	bare.policy.secure_boot = true;
}

static void
secure_boot_without_log(void)
{
	secure_boot_wanted();
	no_log_wanted();
}

/* clang-format off */
const struct bare_row bare_quote_rows[] = {
	{ "as it is",                      ACCEPT, CHECK_QUOTE_SIG,   "", BARE_NONE, NULL },
	{ "AK without its size",           ACCEPT, CHECK_AK,          "", BARE_NONE, ak_without_size },
	{ "AK with a password",            ACCEPT, CHECK_AK,          "", { MEASURED_EXTENDED, owner_ak }, NULL },
	{ "a value more than was quoted",  ACCEPT, CHECK_PCR_DIGEST,  "", BARE_NONE, pcr_that_was_not_quoted },
	{ "another signer named",          ACCEPT, CHECK_SIGNER,      "tpm.quote.parent", { MEASURED_QUOTED, another_signer }, NULL },
	{ "no nonce, none wanted",         ACCEPT, CHECK_BINDING,     "fresh.nonce-not-asked", BARE_NONE, no_nonce_wanted },
	{ "no values, none wanted",        ACCEPT, CHECK_LOG_REPLAY,  "tpm.pcr.absent", BARE_NONE, no_values_wanted },
	{ "no log, none wanted",           ACCEPT, CHECK_LOG_REPLAY,  "log.absent", BARE_NONE, no_log_wanted },
	{ "no nonce",                      OPEN, CHECK_BINDING,       "fresh.nonce-not-asked", BARE_NONE, no_nonce },
	{ "no AK",                         OPEN, CHECK_QUOTE_SIG,     "tpm.public.absent", BARE_NONE, no_ak },
	{ "no values",                     OPEN, CHECK_PCR_DIGEST,    "tpm.pcr.absent", BARE_NONE, no_values },
	{ "no log",                        OPEN, CHECK_LOG_SYNTAX,    "log.absent", BARE_NONE, no_log },
	{ "magic of no TPM",               REJECT, CHECK_ATTEST,      "tpm.attest.type", { MEASURED_QUOTED, magic_of_nobody }, NULL },
	{ "no quote, a certification",     REJECT, CHECK_ATTEST,      "tpm.attest.type", { MEASURED_QUOTED, certify }, NULL },
	{ "5,000 selections",              REJECT, CHECK_ATTEST,      "tpm.pcr.selection", { MEASURED_QUOTED, many_selections }, NULL },
	{ "signature cut",                 REJECT, CHECK_QUOTE_SIG,   "tpm.signature.syntax", BARE_NONE, signature_cut },
	{ "another AK",                    REJECT, CHECK_QUOTE_SIG,   "tpm.quote.signature", BARE_NONE, another_ak },
	{ "AK cut",                        REJECT, CHECK_AK,          "tpm.public.syntax", BARE_NONE, ak_cut },
	{ "AK is no key",                  REJECT, CHECK_AK,          "tpm.public.syntax", BARE_NONE, ak_is_der },
	{ "AK not restricted",             REJECT, CHECK_AK,          "tpm.ak.attributes", { MEASURED_EXTENDED, unrestricted_ak }, NULL },
	{ "AK imported",                   REJECT, CHECK_AK,          "tpm.ak.attributes", { MEASURED_EXTENDED, imported_ak }, NULL },
	{ "AK can leave its TPM",          REJECT, CHECK_AK,          "tpm.ak.attributes", { MEASURED_EXTENDED, movable_ak }, NULL },
	{ "another nonce",                 REJECT, CHECK_BINDING,     "tpm.quote.nonce", BARE_NONE, other_nonce },
	{ "an empty nonce",                REJECT, CHECK_BINDING,     "tpm.quote.nonce", BARE_NONE, empty_nonce },
	{ "PCR 10 wanted",                 REJECT, CHECK_SELECTION,   "tpm.pcr.selection", BARE_NONE, more_pcrs_wanted },
	{ "no PCR quoted",                 REJECT, CHECK_SELECTION,   "tpm.pcr.selection", { MEASURED_QUOTED, no_pcrs }, NULL },
	{ "SHA-1 bank",                    REJECT, CHECK_SELECTION,   "tpm.pcr.selection", { MEASURED_QUOTED, sha1_bank }, NULL },
	{ "SHA-1 bank, any PCRs taken",    REJECT, CHECK_PCR_DIGEST,  "tpm.pcr.selection", { MEASURED_QUOTED, sha1_bank }, any_pcrs },
	{ "five banks",                    REJECT, CHECK_SELECTION,   "tpm.pcr.selection", BARE_NONE, five_banks },
	{ "PCRs that can be reset",        REJECT, CHECK_RESETTABLE,  "tpm.pcr.resettable", { MEASURED_QUOTED, resettable_pcrs }, any_pcrs },
	{ "PCR 16 wanted",                 REJECT, CHECK_SELECTION,   "tpm.pcr.selection", BARE_NONE, resettable_wanted },
	{ "event of PCR 23",               REJECT, CHECK_RESETTABLE,  "tpm.pcr.resettable", { MEASURED_BOOTED, event_of_pcr_23 }, NULL },
	{ "PCR value cut",                 REJECT, CHECK_PCR_DIGEST,  "tpm.pcr.length", BARE_NONE, pcr_of_31_bytes },
	{ "PCR value missing",             REJECT, CHECK_PCR_DIGEST,  "tpm.pcr.selection", BARE_NONE, pcr_missing },
	{ "PCR value changed",             REJECT, CHECK_PCR_DIGEST,  "tpm.quote.pcr-digest", BARE_NONE, pcr_changed },
	{ "log cut",                       REJECT, CHECK_LOG_SYNTAX,  "log.truncated", { MEASURED_BOOTED, event_cut }, NULL },
	{ "log empty",                     REJECT, CHECK_LOG_SYNTAX,  "log.header", BARE_NONE, empty_log },
	{ "safe clock",                    ACCEPT, CHECK_SAFE_CLOCK,  "", BARE_NONE, safe_clock_wanted },
	{ "Secure Boot",                   ACCEPT, CHECK_SECURE_BOOT, "", BARE_NONE, secure_boot_wanted },
	{ "Secure Boot, but no log",       REJECT, CHECK_SECURE_BOOT, "policy.secure-boot", BARE_NONE, secure_boot_without_log },
};
/* clang-format on */

const size_t bare_quote_count =
    sizeof(bare_quote_rows) / sizeof(bare_quote_rows[0]);
