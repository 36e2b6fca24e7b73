/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates of an Android key, from the key's own to Google's root. */
#ifndef CORE_EVIDENCE_KEYCHAIN_H
#define CORE_EVIDENCE_KEYCHAIN_H

#include "core/crypto/hash.h"
#include "core/evidence/keycert.h"
#include "core/evidence/statuslist.h"

#define KEYCHAIN_MIN   2u
#define KEYCHAIN_MAX   10u
#define KEYCHAIN_ROOTS 2u

struct keychain {
	struct keycert certs[KEYCHAIN_MAX]; /* the attested key's first */
	size_t n;
};

/* What expiry means. */
enum keychain_expiry {
	/* Every certificate must be valid. */
	KEYCHAIN_EXPIRY_ALL,
	/* As Google judges: keys that a factory put into a device cannot be
	 * renewed, and outlive their certificates; the first certificate's
	 * dates are the app's, and nothing depends on them. */
	KEYCHAIN_EXPIRY_RENEWABLE
};

/* SHA-256 of Google's two root keys (SubjectPublicKeyInfo): RSA-4096 since
 * 2016 and P-384 since 2026. Certificates of a root come and go. */
extern const struct sha256 keychain_google[KEYCHAIN_ROOTS];

/* Each check fails with the reason that is named, and stands alone: none
 * depends on another one's result. */

/* "android.chain.length" */
MUST_CHECK bool keychain_length(size_t n, struct fault *f);

/* n as keychain_length allows; "android.chain.syntax" */
MUST_CHECK bool keychain_parse(
    struct keychain *out, const struct bytes *certs, size_t n, struct fault *f);

/* Each issuer is the next one's subject: "android.chain.names". */
MUST_CHECK bool keychain_names(const struct keychain *chain, struct fault *f);

/* Each is signed by the next: "android.chain.signature", or
 * "android.chain.weak" for a key of less than 112 bits of security. */
MUST_CHECK bool keychain_signatures(
    const struct keychain *chain, struct fault *f);

/* Each but the first is a CA, within its path length, that may sign
 * certificates; no critical extension is unknown: "android.chain.ca". */
MUST_CHECK bool keychain_authorities(
    const struct keychain *chain, struct fault *f);

/* The last one signed itself: "android.root.signature". */
MUST_CHECK bool keychain_root_signed(
    const struct keychain *chain, struct fault *f);

/* Its key is one of these: "android.root.key". */
MUST_CHECK bool keychain_root_trusted(const struct keychain *chain,
    const struct sha256 *roots, size_t nroots, struct fault *f);

/* At Unix second `at`: "android.chain.time". */
MUST_CHECK bool keychain_valid(const struct keychain *chain, int64_t at,
    enum keychain_expiry expiry, struct fault *f);

/* None is on the list: "android.chain.revoked". */
MUST_CHECK bool keychain_unrevoked(const struct keychain *chain,
    const struct statuslist *list, struct fault *f);

/* The attestation extension is somewhere: "android.extension.present". */
MUST_CHECK bool keychain_attests(const struct keychain *chain, struct fault *f);

/* It is in the first certificate only. A key that an attested key signed has
 * any extension that the attested key's owner likes: "android.extension.place".
 */
MUST_CHECK bool keychain_attests_first(
    const struct keychain *chain, struct fault *f);

/* The attested key, on P-256 or P-384, signed the statement: ECDSA with
 * SHA-256, in DER. "android.key.signature" */
MUST_CHECK bool keychain_key_signed(const struct keychain *chain,
    struct bytes statement, struct bytes signature, struct fault *f);

/* Every key between the first and the root was put in by a factory. */
bool keychain_is_factory(const struct keychain *chain);

#endif
