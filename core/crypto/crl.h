/* SPDX-License-Identifier: Apache-2.0 */
/* Certificate revocation lists: parse, and who is on them. */
#ifndef CORE_CRYPTO_CRL_H
#define CORE_CRYPTO_CRL_H

#include "core/crypto/x509.h"

#define CRL_MAX         (1u << 18) /* bytes of one DER list */
#define CRL_REVOKED_MAX 4096u      /* entries */

struct crl {
	struct bytes issuer;         /* RFC 2253 text, in the arena */
	int64_t this_update;         /* Unix seconds */
	int64_t next_update;         /* Unix seconds; 0: none is given */
	const struct bytes *revoked; /* serials in lower-case hex, as */
	size_t nrevoked;             /* x509_facts has them; in order */
};

/*
 * Reads one CRL in DER and nothing behind it. Fails with "crl.der", also for a
 * critical extension, a delta list and an indirect one: what we cannot judge
 * must not pass as "nobody is revoked". Its signature is x509_signed's.
 */
MUST_CHECK bool crl_parse(
    struct crl *out, struct bytes der, struct arena *a, struct fault *f);

bool crl_revokes(const struct crl *crl, struct bytes serial);

#endif
