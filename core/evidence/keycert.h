/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate of an Android key chain, read without libcrypto: leaves are
 * written by phones, and hold what libcrypto cannot take. */
#ifndef CORE_EVIDENCE_KEYCERT_H
#define CORE_EVIDENCE_KEYCERT_H

#include "core/crypto/x509.h"
#include "core/evidence/keydesc.h"

#define KEYCERT_MAX        65535u /* bytes */
#define KEYCERT_SERIAL_MAX 20u    /* bytes, without a leading zero */

/* All bytes are views into the certificate. */
struct keycert {
	struct bytes whole;
	struct bytes serial;           /* big-endian, no leading zeros */
	struct bytes issuer, subject;  /* names in DER, content only */
	int64_t not_before, not_after; /* Unix seconds, both included */
	struct bytes key_info;         /* SubjectPublicKeyInfo in DER */
	bool key_known;                /* key holds it */
	struct public_key key;
	bool ca;           /* basic constraints say so */
	int64_t path_max;  /* CAs that may follow below; -1: any number */
	bool may_certify;  /* key usage allows it, or is not given */
	bool odd_critical; /* a critical extension that we do not know */
	struct bytes attestation; /* the extension's content; p NULL: none */
	struct bytes provisioning;
};

/* Reads one DER certificate. Fails with INPUT "android.chain.syntax". */
MUST_CHECK bool keycert_parse(
    struct keycert *out, struct bytes der, struct fault *f);

/* What the subject says of the hardware that holds the key, as an organization
 * (keys from Google's server) or a title (from a factory): LEVEL_TEE,
 * LEVEL_STRONGBOX, or LEVEL_SOFTWARE for neither. */
enum key_level keycert_level(const struct keycert *cert);

/* The subject consists of serial numbers and titles, as the names of keys that
 * a factory put into a device do: nobody can renew those. */
bool keycert_is_factory(const struct keycert *cert);

#endif
