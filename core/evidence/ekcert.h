/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of TPM keys, endorsement and attestation, as vendors really
 * make them: what they say, and what is odd about them. */
#ifndef CORE_EVIDENCE_EKCERT_H
#define CORE_EVIDENCE_EKCERT_H

#include "core/crypto/x509.h"

/* Oddities that are recorded and refuse nothing, as bits. */
/* clang-format off */
#define EKCERT_QUIRKS(X) \
	X(PADDED,      "padded")             /* zeros or ones behind the DER        */ \
	X(NO_PURPOSE,  "no-purpose")         /* no extended key usage               */ \
	X(NO_USAGE,    "no-usage")           /* no key usage                        */ \
	X(ODD_USAGE,   "odd-usage")          /* an EK, says the purpose; not the usage */ \
	X(SHA1,        "sha1-signature")     /* signed over SHA-1                   */ \
	X(NO_POINT,    "no-crl-point")       /* nobody says where its CRL is        */ \
	X(NO_NAME,     "no-tpm-name")        /* no manufacturer, model and version  */ \
	X(BAD_NAME,    "bad-tpm-name")       /* the same, but not in DER            */ \
	X(CRITICAL,    "critical-tcg")       /* a critical extension of the TCG     */ \
	X(SERIAL,      "odd-serial")         /* no number, negative or over 20 bytes */ \
	X(LOOSE,       "loose-der")          /* lengths, truths or numbers in BER   */
/* clang-format on */

enum ekcert_quirk_place {
#define EKCERT_PLACE(name, text) EKCERT_PLACE_##name,
	EKCERT_QUIRKS(EKCERT_PLACE)
#undef EKCERT_PLACE
	    EKCERT_QUIRK_COUNT
};

enum ekcert_quirk {
#define EKCERT_BIT(name, text) EKCERT_##name = 1 << EKCERT_PLACE_##name,
	EKCERT_QUIRKS(EKCERT_BIT)
#undef EKCERT_BIT
};

enum ekcert_use { EKCERT_ENDORSEMENT, EKCERT_ATTESTATION };

/* Views into the arena; texts that the certificate does not have are empty. */
struct ekcert {
	struct bytes der; /* without what stands behind it */
	struct x509_facts facts;
	struct x509_extensions extensions;
	/* As the vendor wrote them ("id:53544D20"). */
	struct bytes manufacturer, model, version;
	uint32_t quirks;
};

/* Fails with "x509.der", "x509.key" or "tpm.ek.padding". */
MUST_CHECK bool ekcert_parse(
    struct ekcert *out, struct bytes in, struct arena *a, struct fault *f);

/* It is no CA's ("tpm.ek.ca", "tpm.ak.ca"), and was issued for such a key
 * ("tpm.ek.usage", "tpm.ak.usage"). */
MUST_CHECK bool ekcert_check_use(
    const struct ekcert *c, enum ekcert_use use, struct fault *f);

/* The text of the nth quirk. */
const char *ekcert_quirk_text(enum ekcert_quirk_place place);

#endif
