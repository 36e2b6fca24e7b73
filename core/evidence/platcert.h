/* SPDX-License-Identifier: Apache-2.0 */
/* TCG platform certificate: an attribute certificate (RFC 5755) in which a
 * maker says into which platform a TPM was built. */
#ifndef CORE_EVIDENCE_PLATCERT_H
#define CORE_EVIDENCE_PLATCERT_H

#include "core/base/bytes.h"
#include "core/base/fault.h"

#define PLATCERT_SIZE_MAX 16384u

enum platcert_name {
	PLATCERT_MANUFACTURER,
	PLATCERT_MODEL,
	PLATCERT_VERSION,
	PLATCERT_SERIAL,
	PLATCERT_NAMES
};

/* Views; what the certificate does not say is empty. */
struct platcert {
	struct bytes body;                  /* that was signed */
	struct bytes algorithm, signature;  /* OID's content; whole bytes */
	struct bytes serial;                /* content of the INTEGER */
	struct bytes issuer;                /* a name, whole */
	struct bytes not_before, not_after; /* texts, as they stand */
	/* The TPM's EK certificate: who issued it, and its serial number. */
	struct bytes holder_issuer, holder_serial;
	struct bytes names[PLATCERT_NAMES]; /* of the platform */
};

/* Shape only. Fails with "tpm.platform.syntax". */
MUST_CHECK bool platcert_parse(
    struct platcert *out, struct bytes in, struct fault *f);

#endif
