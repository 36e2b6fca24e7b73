/* SPDX-License-Identifier: Apache-2.0 */
/* TPMT_SIGNATURE: RSASSA, RSAPSS and ECDSA. */
#ifndef CORE_EVIDENCE_SIGNATURE_H
#define CORE_EVIDENCE_SIGNATURE_H

#include "core/evidence/public.h"

/* Views into the bytes that were parsed. */
struct signature {
	uint16_t scheme; /* TPM_ALG_RSASSA, _RSAPSS or _ECDSA */
	enum hash_alg hash;
	struct bytes rsa;
	struct bytes r, s;
};

/* Fails with "tpm.signature.syntax". */
MUST_CHECK bool signature_parse(
    struct signature *out, struct bytes in, struct fault *f);

/* By the key alone, whatever scheme it was made for. */
MUST_CHECK bool signature_check_key(const struct signature *s,
    const struct public_key *key, struct bytes signed_bytes, struct fault *f);

/* By the key, with the scheme and hash that its public area fixes, if it fixes
 * any. Both fail with "tpm.quote.signature". */
MUST_CHECK bool signature_check(const struct signature *s,
    const struct public_area *key, struct bytes signed_bytes, struct fault *f);

#endif
