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
#include "core/verdict/verify.h"

/* Each member is valid once the step that fills it has passed. */
struct parts {
	struct verdict *v;
	const struct verify_request *rq;
	struct arena *arena;
	struct message_id signer;
	struct binding binding;
	const struct message *evidence, *recipient;
	struct attest attest;
	struct public_area ak, ek;
	struct pcr_bank bank;
	struct bytes firmware_log;
	struct eventlog log;
	struct replay replay;
	uint32_t replayed; /* PCRs whose replay equals the quote */
	struct runtimelog runtime;
};

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
void parties_check_machine(struct parts *p);

#endif
