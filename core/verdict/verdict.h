/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict tree: every check with its state, its reason and its rule. */
#ifndef CORE_VERDICT_VERDICT_H
#define CORE_VERDICT_VERDICT_H

#include "core/message/message.h"

/* clang-format off */
/* Every check there is, in the order in which it is made and shown: name, code, rule, what holds when it passed. */
#define CHECKS(X) \
	X(SHAPE,       "envelope.shape",        "measurement 1",  "is a measurement with all its parts") \
	X(SIGNATURE,   "envelope.signature",    "measurement 1",  "its signature covers every key and verifies") \
	X(NODE_KEY,    "bind.node-key",         "measurement 2",  "is signed by the node that it names") \
	X(PURPOSE,     "bind.purpose",          "measurement 3",  "was made for the purpose asked for") \
	X(NONCE,       "fresh.nonce",           "measurement 3",  "carries the nonce asked for") \
	X(EVIDENCE,    "tpm.evidence",          "measurement 8",  "holds TPM evidence with all its parts") \
	X(RECIPIENT,   "bind.recipient",        "measurement 14", "the secret recipient is this TPM's key") \
	X(ATTEST,      "tpm.attest",            "evidence 1",     "the quote is a well-formed TPM quote") \
	X(QUOTE_SIG,   "tpm.quote.signature",   "evidence 2",     "the attestation key signed the quote") \
	X(AK,          "tpm.ak.attributes",     "measurement 12", "the attestation key can sign nothing but what the TPM says") \
	X(SIGNER,      "tpm.quote.signer",      "measurement 12", "the quote names the attestation key as its signer") \
	X(BINDING,     "tpm.quote.nonce",       "measurement 4",  "the quote is bound to this body, purpose, nonce and recipient") \
	X(SELECTION,   "tpm.pcr.selection",     "measurement 9",  "the quote covers every PCR it must") \
	X(PCR_DIGEST,  "tpm.quote.pcr-digest",  "evidence 4",     "the PCR values shown are the quoted ones") \
	X(AK_POLICY,   "tpm.ak.policy",         "measurement 13", "the attestation key works in this boot state only") \
	X(LOG_SYNTAX,  "log.syntax",            "evidence 5",     "the firmware log is well formed") \
	X(LOG_ORDER,   "log.order",             "evidence 8",     "its events have known types and stand in their order") \
	X(LOG_DIGEST,  "log.digest",            "evidence 6",     "every logged datum matches its logged digest and can be read") \
	X(LOG_REPLAY,  "log.replay",            "evidence 7",     "the firmware log gives the quoted PCRs") \
	X(RUNTIME,     "log.runtime",           "measurement 10", "the runtime log gives the quoted PCR 15") \
	X(SUBJECT,     "log.runtime.subject",   "measurement 10", "PCR 15 commits to this body") \
	X(LOG_TIP,     "log.runtime.firmware",  "measurement 10", "PCR 15 commits to this firmware log") \
	X(EK_TEMPLATE, "tpm.ek.template",       "measurement 11", "the endorsement key has the standard template") \
	X(EK_BINDING,  "tpm.ek.binding",        "measurement 11", "the endorsement certificate is for this endorsement key") \
	X(EK_CHAIN,    "tpm.ek.chain",          "measurement 11", "the endorsement certificate leads to a root given") \
	X(ACTIVATION,  "tpm.ek.activation",     "measurement 15", "the attestation key is in the TPM of that certificate") \
	X(STATE,       "fresh.state",           "measurement 7",  "the state shown is the one the TPM attests") \
	X(SAME_BOOT,   "fresh.boot-changed",    "measurement 5",  "is of the same boot as the boot measurement") \
	X(SECURE_BOOT, "policy.secure-boot",    "verdict 4",      "Secure Boot was on") \
	X(PCR4,        "policy.pcr4",           "verdict 4",      "firmware ran the released image (PCR 4)") \
	X(PCR11,       "policy.pcr11",          "verdict 4",      "the stub started the released image's parts (PCR 11)") \
	X(ADDITIONS,   "policy.additions",      "image 12",       "nothing from outside the released image was added (PCR 8, 12, 13, 14)") \
	X(CONFINEMENT, "policy.confinement",    "verdict 4",      "the processes have the released rights")
/* clang-format on */

enum check {
#define CHECK_ENUM(name, code, rule, holds) CHECK_##name,
	CHECKS(CHECK_ENUM)
#undef CHECK_ENUM
	    CHECK_COUNT
};

enum check_state { CHECK_NOT_CHECKED, CHECK_PASSED, CHECK_FAILED };

struct check_result {
	enum check_state state;
	/* A stable code: the check's own or a finer one; empty when passed. */
	char reason[64];
	char why[256];
	struct bytes expected, observed; /* text; may be empty */
};

struct verdict {
	struct arena *arena;
	struct check_result results[CHECK_COUNT];
	bool waived[CHECK_COUNT]; /* may stay open: the asker said so */
	struct message *facts;
};

void verdict_init(struct verdict *v, struct arena *a);

const char *verdict_code(enum check c);
const char *verdict_rule(enum check c);
const char *verdict_holds(enum check c);

/* Records a result; returns ok, so that a check is one expression. On false
 * the fault's reason and why are taken. */
bool verdict_record(
    struct verdict *v, enum check c, bool ok, const struct fault *f);

/* The same for a comparison; both sides are shown, bytes as lower-case hex. */
bool verdict_equal(struct verdict *v, enum check c, struct bytes expected,
    struct bytes observed);
bool verdict_texts(struct verdict *v, enum check c, struct bytes expected,
    struct bytes observed);

/* A text of the evidence as far as it can be shown: hostile ones can be as
 * long as a message, or no text at all. */
struct bytes verdict_shown(struct bytes text);

/* Left open, and why. */
void verdict_skip(
    struct verdict *v, enum check c, const char *reason, const char *why);

/* "accepted", "rejected" (a check failed), "incomplete" (none failed, and one
 * that a verdict needs was not made). */
const char *verdict_word(const struct verdict *v);

/* The tree as a message: the same bytes for the same input. */
struct message *verdict_message(const struct verdict *v);

/* The sentences of a verdict message, for people. */
MUST_CHECK bool verdict_explain(struct bytes *out,
    const struct message *verdict, struct arena *a, struct fault *f);

#endif
