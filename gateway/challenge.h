/* SPDX-License-Identifier: Apache-2.0 */
/* What POST verify asks of the verifier (http 11). */
#ifndef GATEWAY_CHALLENGE_H
#define GATEWAY_CHALLENGE_H

#include "gateway/request.h"
#include "ipc/iface/verifier.h"

/* Views lie in the request and the arena; what is absent is NULL or empty. */
struct challenge {
	const struct message *measurement; /* or an evidence bundle */
	struct bytes purpose, nonce, roots;
	const struct message *earlier, *policy, *collateral, *activation;
	int64_t at; /* Unix seconds; the node's time if none was asked for */
	bool without_activation, without_revocation;
};

/* Fails with gateway.verify, .purpose, .nonce, .query, .body, .body-size, or
 * as the body's codec does. */
MUST_CHECK bool challenge_read(struct challenge *out,
    const struct http_request *rq, int64_t now, struct arena *a,
    struct fault *f);

/* As the verifier takes it. */
MUST_CHECK bool challenge_pack(struct verifier_verify_req *out,
    const struct challenge *challenge, struct arena *a, struct fault *f);

#endif
