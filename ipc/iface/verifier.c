/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/iface/verifier.h"

static const struct field verify_req[] = {
	FIELD_RANGE(struct verifier_verify_req, message, 1, MESSAGE_SIZE_MAX),
	FIELD(struct verifier_verify_req, purpose, 16),
	FIELD(struct verifier_verify_req, nonce, 64),
	FIELD(struct verifier_verify_req, roots, VERIFIER_ROOTS_MAX),
	FIELD(struct verifier_verify_req, at, INT64_MAX),
	FIELD(struct verifier_verify_req, earlier, VERIFIER_EARLIER_MAX),
	FIELD(struct verifier_verify_req, policy, VERIFIER_POLICY_MAX),
	FIELD(struct verifier_verify_req, collateral, VERIFIER_COLLATERAL_MAX),
	FIELD(struct verifier_verify_req, challenge, VERIFIER_CHALLENGE_MAX),
	FIELD(struct verifier_verify_req, gives_up, 3),
};
static const struct field verify_rep[] = {
	FIELD_RANGE(struct verifier_verify_rep, verdict, 1, 262144),
	FIELD(struct verifier_verify_rep, token, VERIFIER_TOKEN_MAX),
};
static const struct shape verify_takes = SHAPE(verifier_verify_req, verify_req);
static const struct shape verify_gives = SHAPE(verifier_verify_rep, verify_rep);
const struct method verifier_verify = { "verifier.verify", &verify_takes,
	&verify_gives, 10000 };
