/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier: the process that touches hostile evidence and nothing else. */
#ifndef SERVICES_VERIFIER_VERIFIER_H
#define SERVICES_VERIFIER_VERIFIER_H

#include "core/base/secret.h"
#include "core/verdict/attverdict.h"
#include "core/verdict/token.h"
#include "ipc/iface/verifier.h"
#include "ipc/service.h"

struct verifier {
	struct secret key; /* of tokens: TOKEN_KEY_SIZE bytes */
};

/* A request unpacked; views into it and the arena. */
struct ask {
	struct att att;
	struct att_reader reader;
	struct message *evidence; /* of one measurement, made here */
	bool bundle; /* else one measurement, that reader.purpose names */
	struct sha256 terms;
};

/* Fails with verify.purpose, .earlier, .collateral, .challenge, as the parts
 * of a bundle do, or as message_unpack. */
MUST_CHECK bool ask_read(struct ask *out, const struct verifier_verify_req *in,
    struct arena *a, struct fault *f);

extern const struct service verifier_service;
extern const struct sandbox verifier_sandbox;

#endif
