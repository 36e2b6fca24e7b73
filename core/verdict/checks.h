/* SPDX-License-Identifier: Apache-2.0 */
/* The table of every check that a verdict can hold. */
#ifndef CORE_VERDICT_CHECKS_H
#define CORE_VERDICT_CHECKS_H

/*
 * A row: name; the engine whose evidence it is about, or ANY; when it is
 * needed; code; rule; where in the input it looks, as a path of an envelope;
 * what holds when it passed. In the order in which checks are shown, an
 * engine's together. At most 31 codes begin with the same word.
 *
 * NEEDED must be made for "accepted"; ASKED may stay open; ENVELOPE and
 * ENVELOPE_ASKED are the same for evidence in an envelope, and no check of
 * bare evidence at all.
 */
/* clang-format off */
#define CHECKS_ENVELOPE(X) \
	X(SHAPE,       ANY, ENVELOPE, "envelope.shape",        "measurement 1",  "",                         "is a measurement with all its parts") \
	X(SIGNATURE,   ANY, ENVELOPE, "envelope.signature",    "measurement 1",  "commitments",              "its signature covers every key and verifies") \
	X(NODE_KEY,    ANY, ENVELOPE, "bind.node-key",         "measurement 2",  "body/node/address",        "is signed by the node that it names") \
	X(CHANNEL,     ANY, ENVELOPE_ASKED, "bind.channel-key", "verdict 16",    "body/node/address",        "the channel's key is the node's") \
	X(SELF,        ANY, ENVELOPE_ASKED, "bind.self",       "verdict 16",     "body/node/address",        "is not of the asker itself") \
	X(PURPOSE,     ANY, ENVELOPE, "bind.purpose",          "measurement 3",  "purpose",                  "was made for the purpose asked for") \
	X(NONCE,       ANY, ENVELOPE, "fresh.nonce",           "measurement 3",  "nonce",                    "carries the nonce asked for") \
	X(RECIPIENT,   ANY, ENVELOPE, "bind.recipient",        "measurement 14", "secret-recipient",         "the secret recipient is a key of this machine")

#define CHECKS_TPM(X) \
	X(EVIDENCE,    TPM, ENVELOPE, "tpm.evidence",          "measurement 8",  "evidence",                 "holds TPM evidence with all its parts") \
	X(ATTEST,      TPM, NEEDED,   "tpm.attest",            "evidence 1",     "evidence/quote/attest",    "the quote is a well-formed TPM quote") \
	X(QUOTE_SIG,   TPM, NEEDED,   "tpm.quote.signature",   "evidence 2",     "evidence/quote/tpmt-signature", "the attestation key signed the quote") \
	X(AK,          TPM, NEEDED,   "tpm.ak.attributes",     "measurement 12", "evidence/ak-public",       "the attestation key can sign nothing but what the TPM says") \
	X(SIGNER,      TPM, NEEDED,   "tpm.quote.signer",      "measurement 12", "evidence/quote/attest",    "the quote names the attestation key as its signer") \
	X(BINDING,     TPM, NEEDED,   "tpm.quote.nonce",       "measurement 4",  "evidence/quote/attest",    "the quote is bound to this body, purpose, nonce and recipient") \
	X(SELECTION,   TPM, NEEDED,   "tpm.pcr.selection",     "measurement 9",  "evidence/quote/attest",    "the quote covers every PCR it must") \
	X(PCR_DIGEST,  TPM, NEEDED,   "tpm.quote.pcr-digest",  "evidence 4",     "evidence/quote/pcrs",      "the PCR values shown are the quoted ones") \
	X(AK_POLICY,   TPM, ENVELOPE, "tpm.ak.policy",         "measurement 13", "evidence/ak-public",       "the attestation key works in this boot state only") \
	X(LOG_SYNTAX,  TPM, NEEDED,   "log.syntax",            "evidence 5",     "evidence/firmware-log",    "the firmware log is well formed") \
	X(RESETTABLE,  TPM, NEEDED,   "tpm.pcr.resettable",    "evidence 14",    "evidence/firmware-log",    "nothing rests on PCRs that can be reset") \
	X(LOG_ORDER,   TPM, NEEDED,   "log.order",             "evidence 8",     "evidence/firmware-log",    "its events have known types and stand in their order") \
	X(LOG_DIGEST,  TPM, NEEDED,   "log.digest",            "evidence 6",     "evidence/firmware-log",    "every logged datum matches its logged digest and can be read") \
	X(LOG_REPLAY,  TPM, NEEDED,   "log.replay",            "evidence 7",     "evidence/firmware-log",    "the firmware log gives the quoted PCRs") \
	X(RUNTIME,     TPM, ENVELOPE, "log.runtime",           "measurement 10", "evidence/runtime-log",     "the runtime log gives the quoted PCR 15") \
	X(SUBJECT,     TPM, ENVELOPE, "log.runtime.subject",   "measurement 10", "evidence/runtime-log",     "PCR 15 commits to this body") \
	X(LOG_TIP,     TPM, ENVELOPE, "log.runtime.firmware",  "measurement 10", "evidence/runtime-log",     "PCR 15 commits to this firmware log") \
	X(EK_TEMPLATE, TPM, NEEDED,   "tpm.ek.template",       "measurement 11", "evidence/ek-public",       "the endorsement key has the standard template") \
	X(EK_BINDING,  TPM, NEEDED,   "tpm.ek.binding",        "measurement 11", "evidence/ek-certificate",  "the endorsement certificate is for this endorsement key") \
	X(EK_CHAIN,    TPM, NEEDED,   "tpm.ek.chain",          "measurement 11", "evidence/ek-certificate",  "the endorsement certificate leads to a root given") \
	X(EK_CRL,      TPM, ASKED,    "tpm.ek.crl",            "evidence 12",    "",                         "no certificate of that path was revoked") \
	X(AK_CHAIN,    TPM, ASKED,    "tpm.ak.chain",          "evidence 13",    "evidence/ak-certificate",  "a certificate for the attestation key leads to a root given") \
	X(ACTIVATION,  TPM, NEEDED,   "tpm.ek.activation",     "measurement 15", "",                         "the attestation key is in the TPM of that certificate") \
	X(STATE,       TPM, ENVELOPE_ASKED, "fresh.state",     "measurement 7",  "state",                    "the state shown is the one the TPM attests")

#define CHECKS_SNP(X) \
	X(SNP_EVIDENCE,        SNP, ENVELOPE, "snp.evidence",          "measurement 16", "evidence",                 "holds SEV-SNP evidence with all its parts") \
	X(SNP_REPORT,          SNP, NEEDED,   "snp.report",            "evidence 20",  "evidence/report",            "the report is well formed") \
	X(SNP_TABLE,           SNP, ASKED,    "snp.table",             "evidence 23",  "evidence/table",             "the host's certificate table is well formed") \
	X(SNP_CHAIN,           SNP, NEEDED,   "snp.chain",             "evidence 24",  "evidence/certificates",      "there are certificates up to the ARK") \
	X(SNP_CHAIN_ORDER,     SNP, NEEDED,   "snp.chain.order",       "evidence 24",  "evidence/certificates",      "they are ARK, ASK and VEK of one product line") \
	X(SNP_CHAIN_ROOT,      SNP, NEEDED,   "snp.chain.root",        "evidence 24",  "evidence/certificates",      "the ARK has AMD's key of that product line") \
	X(SNP_CHAIN_SIGNATURE, SNP, NEEDED,   "snp.chain.signature",   "evidence 24",  "evidence/certificates",      "each certificate is signed by the key above it") \
	X(SNP_CHAIN_TIME,      SNP, NEEDED,   "snp.chain.time",        "evidence 24",  "evidence/certificates",      "all of them are valid at the time asked for") \
	X(SNP_VCEK,            SNP, NEEDED,   "snp.vcek",              "evidence 25",  "evidence/certificates/vek",  "AMD says which firmware and which chip the key belongs to") \
	X(SNP_CRL,             SNP, ASKED,    "snp.crl",               "evidence 26",  "evidence/crls",              "no certificate is revoked") \
	X(SNP_SIGNING_KEY,     SNP, NEEDED,   "snp.signing-key",       "evidence 27",  "evidence/report+0x48",       "the report names the kind of key that signed it") \
	X(SNP_PRODUCT,         SNP, NEEDED,   "snp.product",           "evidence 27",  "evidence/report+0x188",      "the report and its key are of one product line") \
	X(SNP_VCEK_TCB,        SNP, NEEDED,   "snp.vcek.tcb",          "evidence 27",  "evidence/report+0x180",      "the key belongs to the firmware that the report reports") \
	X(SNP_VCEK_HWID,       SNP, NEEDED,   "snp.vcek.hwid",         "evidence 27",  "evidence/report+0x1a0",      "the key belongs to the chip that the report names") \
	X(SNP_SIGNATURE,       SNP, NEEDED,   "snp.signature",         "evidence 22",  "evidence/report+0x2a0",      "the key signed the report") \
	X(SNP_REPORT_DATA,     SNP, NEEDED,   "snp.report-data",       "evidence 29",  "evidence/report+0x50",       "the report carries the data asked for") \
	X(SNP_DEBUG,           SNP, NEEDED,   "snp.policy.debug",      "evidence 29",  "evidence/report+0x8",        "the host cannot debug the guest") \
	X(SNP_MIGRATE,         SNP, NEEDED,   "snp.policy.migrate",    "evidence 29",  "evidence/report+0x8",        "no migration agent can take the guest along") \
	X(SNP_VMPL,            SNP, NEEDED,   "snp.vmpl",              "evidence 29",  "evidence/report+0x30",       "the most privileged level of the guest asked for the report") \
	X(SNP_TCB_ORDER,       SNP, NEEDED,   "snp.tcb.order",         "evidence 29",  "evidence/report+0x38",       "the firmware is committed and none older than it says") \
	X(SNP_TCB_FLOOR,       SNP, ASKED,    "snp.tcb.floor",         "evidence 29",  "evidence/report+0x180",      "the firmware is no older than asked for") \
	X(SNP_BITS,            SNP, ASKED,    "snp.policy.bits",       "evidence 29",  "evidence/report+0x8",        "the guest's policy and the platform have the bits asked for") \
	X(SNP_LINE,            SNP, ASKED,    "snp.policy.product",    "evidence 29",  "evidence/report+0x188",      "the product line is one of those admitted") \
	X(SNP_LAUNCH_FEATURES, SNP, ASKED,    "snp.launch.features",   "evidence 46",  "evidence/report+0x90",       "the guest was launched with no SEV features but those allowed") \
	X(SNP_MEASUREMENT,     SNP, ASKED,    "snp.launch.mismatch",   "evidence 47",  "evidence/report+0x90",       "the guest was launched with the image asked for") \
	X(SNP_HOST_DATA,       SNP, ASKED,    "snp.host-data",         "evidence 29",  "evidence/report+0xc0",       "the host gave the data asked for") \
	X(SNP_ID_BLOCK,        SNP, ASKED,    "snp.id-block",          "evidence 29",  "evidence/report+0xe0",       "the launch was signed by the keys asked for") \
	X(SNP_ID_BLOCK_SIGNED, SNP, ASKED,    "snp.id-block.signed",   "evidence 49",  "evidence/report+0xe0",       "the guest was launched under the ID block given, which is signed by its keys") \
	X(SNP_SVN,             SNP, ASKED,    "snp.svn",               "evidence 29",  "evidence/report+0x4",        "the guest's security version is high enough")

#define CHECKS_ANDROID(X) \
	X(ANDROID_EVIDENCE,    ANDROID, ENVELOPE, "android.evidence",          "measurement 17", "evidence",           "holds Android evidence with all its parts") \
	X(ANDROID_LENGTH,      ANDROID, NEEDED,   "android.chain.length",      "evidence 50", "evidence/certificates", "there are as many certificates as a key of Android has") \
	X(ANDROID_SYNTAX,      ANDROID, NEEDED,   "android.chain.syntax",      "evidence 50", "evidence/certificates", "every certificate is well formed") \
	X(ANDROID_NAMES,       ANDROID, NEEDED,   "android.chain.names",       "evidence 51", "evidence/certificates", "every certificate names the next one as its issuer") \
	X(ANDROID_SIGNATURES,  ANDROID, NEEDED,   "android.chain.signature",   "evidence 51", "evidence/certificates", "every certificate is signed by the next one's key") \
	X(ANDROID_CA,          ANDROID, NEEDED,   "android.chain.ca",          "evidence 52", "evidence/certificates", "every issuer is a CA that may sign so many certificates") \
	X(ANDROID_ROOT_SIGNED, ANDROID, NEEDED,   "android.root.signature",    "evidence 53", "evidence/certificates", "the last certificate is signed by itself") \
	X(ANDROID_ROOT_KEY,    ANDROID, NEEDED,   "android.root.key",          "evidence 53", "evidence/certificates", "the last certificate's key is a trusted root's") \
	X(ANDROID_TIME,        ANDROID, NEEDED,   "android.chain.time",        "evidence 54", "evidence/certificates", "the certificates were valid at that time") \
	X(ANDROID_REVOKED,     ANDROID, NEEDED,   "android.chain.revoked",     "evidence 55", "evidence/certificates", "no certificate is revoked or suspended") \
	X(ANDROID_PRESENT,     ANDROID, NEEDED,   "android.extension.present", "evidence 56", "evidence/certificates", "a certificate describes a key") \
	X(ANDROID_PLACE,       ANDROID, NEEDED,   "android.extension.place",   "evidence 56", "evidence/certificates", "only the first certificate describes a key") \
	X(ANDROID_DESCRIPTION, ANDROID, NEEDED,   "android.extension.syntax",  "evidence 57", "evidence/certificates/1", "the description of the key is well formed") \
	X(ANDROID_ORDER,       ANDROID, NEEDED,   "android.extension.order",   "evidence 58", "evidence/certificates/1", "the description is written in its one form") \
	X(ANDROID_CHALLENGE,   ANDROID, NEEDED,   "android.challenge",         "evidence 59", "evidence/certificates/1", "the key was made for this challenge") \
	X(ANDROID_STATEMENT,   ANDROID, NEEDED,   "android.key.signature",     "evidence 60", "evidence/key-signature",    "the key signed this statement: body, purpose, nonce and recipient") \
	X(ANDROID_LEVEL,       ANDROID, NEEDED,   "android.level",             "evidence 61", "evidence/certificates/1", "secure hardware made the key and describes it") \
	X(ANDROID_ROOT,        ANDROID, NEEDED,   "android.boot.root",         "evidence 62", "evidence/certificates/1", "the hardware says what was booted") \
	X(ANDROID_LOCKED,      ANDROID, NEEDED,   "android.boot.locked",       "evidence 63", "evidence/certificates/1", "the boot loader is locked") \
	X(ANDROID_STATE,       ANDROID, NEEDED,   "android.boot.state",        "evidence 63", "evidence/certificates/1", "the system that was booted is signed by its maker, or by a key allowed") \
	X(ANDROID_BOOT_KEY,    ANDROID, NEEDED,   "android.boot.key",          "evidence 64", "evidence/certificates/1", "the key that the system is signed with is shown") \
	X(ANDROID_PATCH,       ANDROID, ASKED,    "android.patch",             "evidence 65", "evidence/certificates/1", "the system, vendor and boot images are new enough") \
	X(ANDROID_APP,         ANDROID, ASKED,    "android.app",               "evidence 66", "evidence/certificates/1", "the app that holds the key is the one wanted") \
	X(ANDROID_KEY,         ANDROID, ASKED,    "android.key",               "evidence 67", "evidence/certificates/1", "the key was made in the hardware, to sign and no more")

#define CHECKS_POLICY(X) \
	X(SAME_BOOT,   ANY, ENVELOPE_ASKED, "fresh.boot-changed", "measurement 5", "",                      "is of the same boot as the boot measurement") \
	X(MACHINE,     ANY, ENVELOPE_ASKED, "policy.machine-unknown", "verdict 16", "evidence",              "is of a machine that may answer") \
	X(SAFE_CLOCK,  TPM, ASKED,    "policy.safe-clock",     "evidence 15",    "evidence/quote/attest",    "the TPM's clock never ran backwards") \
	X(RELEASE,     ANY, ASKED,    "policy.release",        "verdict 4",      "measurement-device",       "the evidence says which release runs") \
	X(SECURE_BOOT, TPM, ASKED,    "policy.secure-boot",    "verdict 4",      "evidence/firmware-log",    "Secure Boot was on") \
	X(PCR4,        TPM, ASKED,    "policy.pcr4",           "verdict 4",      "evidence/quote/pcrs/4",    "firmware ran the released image (PCR 4)") \
	X(PCR11,       TPM, ASKED,    "policy.pcr11",          "verdict 4",      "evidence/quote/pcrs/11",   "the stub started the released image's parts (PCR 11)") \
	X(ADDITIONS,   TPM, ASKED,    "policy.additions",      "image 12",       "evidence/quote/pcrs",      "nothing from outside the released image was added (PCR 8, 12, 13, 14)") \
	X(CONFINEMENT, TPM, ENVELOPE_ASKED, "policy.confinement", "verdict 4",   "evidence/runtime-log",     "the processes have the released rights") \
	X(TEMPLATE,    ANY, ASKED,    "policy.template",       "verdict 9",      "",                         "facts and measurement are as the template wants them")
/* clang-format on */

#define CHECKS(X)          \
	CHECKS_ENVELOPE(X) \
	CHECKS_TPM(X)      \
	CHECKS_SNP(X)      \
	CHECKS_ANDROID(X)  \
	CHECKS_POLICY(X)

enum engine { ENGINE_ANY, ENGINE_TPM, ENGINE_SNP, ENGINE_ANDROID };

enum need { NEED_NEEDED, NEED_ASKED, NEED_ENVELOPE, NEED_ENVELOPE_ASKED };

enum check {
#define CHECK_ENUM(name, engine, need, code, rule, where, holds) CHECK_##name,
	CHECKS(CHECK_ENUM)
#undef CHECK_ENUM
	    CHECK_COUNT
};

#endif
