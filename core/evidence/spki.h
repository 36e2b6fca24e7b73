/* SPDX-License-Identifier: Apache-2.0 */
/* SubjectPublicKeyInfo: a public key by itself. */
#ifndef CORE_EVIDENCE_SPKI_H
#define CORE_EVIDENCE_SPKI_H

#include "core/crypto/x509.h"

/* RSA of 2048 to 4096 bits with e = 65537, or an uncompressed point of P-256
 * or P-384; views into in. Fails with "tpm.public.syntax". */
MUST_CHECK bool spki_parse(
    struct public_key *out, struct bytes in, struct fault *f);

#endif
