/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a certificate, without libcrypto and without judging it: whose
 * it is, whose key signed it, and by which algorithm. */
#ifndef CORE_EVIDENCE_CERTDER_H
#define CORE_EVIDENCE_CERTDER_H

#include "core/base/bytes.h"

/* Views into the DER. */
struct certder {
	struct bytes serial;          /* content of the INTEGER */
	struct bytes algorithm;       /* of the signature: content of the OID */
	struct bytes issuer, subject; /* whole */
	struct bytes not_before, not_after; /* texts, as they stand */
	struct bytes key_info;              /* SubjectPublicKeyInfo, whole */
	bool self_issued;
};

/* False for what has no such frame. */
bool certder_read(struct certder *out, struct bytes der);

#endif
