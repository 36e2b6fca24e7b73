/* SPDX-License-Identifier: Apache-2.0 */
/* A measurement taken apart, shared by the steps of its verification. */
#ifndef CORE_VERDICT_PARTS_H
#define CORE_VERDICT_PARTS_H

#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/evidence/attest.h"
#include "core/evidence/binding.h"
#include "core/evidence/eventlog.h"
#include "core/evidence/pcr.h"
#include "core/evidence/public.h"
#include "core/evidence/replay.h"
#include "core/evidence/runtimelog.h"
#include "core/evidence/signature.h"
#include "core/verdict/tpm.h"

/* A part of the evidence, wherever it stands. */
enum part {
	PART_ATTEST,
	PART_SIGNATURE,
	PART_AK,
	PART_AK_CERTIFICATE,
	PART_EK,
	PART_EK_CERTIFICATE
};

/* Each member is valid once the step that fills it has passed. */
struct parts {
	struct verdict *v;
	const struct verify_request *rq; /* of a measurement, or NULL */
	const struct tpm_request *bare;  /* of bare evidence, or NULL */
	struct arena *arena;
	/* Of either. */
	struct bytes roots;
	int64_t at;
	const struct activation_claim *activation;

	struct message_id signer;
	struct binding binding;
	const struct message *evidence, *recipient;
	struct attest attest;
	struct public_area ak, ek;
	bool has_ak, has_ek;         /* public areas; else keys are certified */
	struct public_key certified; /* the AK, by its certificate */
	enum hash_alg digest_alg;    /* of the quote */
	struct pcr_bank bank;        /* that is judged */
	uint32_t quoted;             /* PCRs of that bank, as bits */
	struct bytes firmware_log;
	struct eventlog log;
	struct replay replay;
	uint32_t replayed; /* PCRs whose replay equals the quote */
	struct runtimelog runtime;
	struct message *facts; /* the level `tpm`, from quote_facts on */
};

/* A part's bytes; parts_has tells before whether there are any. */
MUST_CHECK bool parts_take(
    struct bytes *out, const struct parts *p, enum part part, struct fault *f);
bool parts_has(const struct parts *p, enum part part);

/* The certificates that came with the keys' own, at most X509_CHAIN_MAX. */
MUST_CHECK bool parts_chain(const struct bytes **out, size_t *n,
    const struct parts *p, struct fault *f);

/* The steps, in the order in which verify.c takes them. Each records its
 * checks; true lets the steps that build on it run. */
bool envelope_check(struct parts *p);
bool quote_check(struct parts *p);
void logs_check(struct parts *p);
void keys_check(struct parts *p);

/* Whom the asker means: each says whether it is so. */
bool parties_check_node(struct parts *p, struct bytes address);
MUST_CHECK bool parties_check_nonce(
    const struct parts *p, struct bytes nonce, struct fault *f);
/* The machine by its name; empty if it has none. */
void parties_check_machine(struct parts *p, struct bytes machine);

/* The evidence of the other engines: true once its facts are there. */
bool engines_snp(struct parts *p);
bool engines_android(struct parts *p);

/* What bare evidence has of them. */
bool quote_signed(struct parts *p);
void quote_facts(struct parts *p);
void logs_firmware(struct parts *p);
void keys_certified(struct parts *p);

/* Facts say that it was on. Fails with "policy.secure-boot". */
MUST_CHECK bool logs_secure_boot(const struct parts *p, struct fault *f);

#endif
