/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: parse, walk a chain to given roots at a given time. */
#ifndef CORE_CRYPTO_X509_H
#define CORE_CRYPTO_X509_H

#include "core/base/arena.h"
#include "core/crypto/ecdsa.h"

#define X509_CHAIN_MAX 16u   /* certificates offered with a leaf */
#define X509_ROOTS_MAX 256u  /* trusted roots */
#define X509_CERT_MAX  8192u /* bytes of one DER certificate */
/* extensions of one certificate */
#define X509_EXTENSIONS_MAX 32u

enum key_kind { KEY_RSA, KEY_EC_P256, KEY_EC_P384 };

/* A public key as its numbers; views into the arena. */
struct public_key {
	enum key_kind kind;
	struct bytes modulus; /* RSA, big-endian; e is 65537 */
	struct bytes x, y;    /* EC, big-endian, the curve's size */
};

/* Facts of a certificate, all views into the arena. */
struct x509_facts {
	struct public_key key;
	struct bytes key_info;         /* SubjectPublicKeyInfo in DER */
	struct bytes subject, issuer;  /* RFC 2253 text */
	struct bytes serial;           /* lower-case hex */
	int64_t not_before, not_after; /* Unix seconds */
	bool is_ca;
	/* Key usage and extended key usage, where they are given, allow an
	 * endorsement key of a TPM. */
	bool may_endorse;
};

/* Reads one DER certificate; trailing bytes refuse it ("x509.der"), and a key
 * that no struct public_key can hold ("x509.key"). */
MUST_CHECK bool x509_facts(
    struct x509_facts *out, struct bytes der, struct arena *a, struct fault *f);

struct x509_extension {
	struct bytes oid;   /* dotted text */
	struct bytes value; /* what the extension's OCTET STRING holds */
	bool critical;
};

struct x509_extensions {
	struct x509_extension of[X509_EXTENSIONS_MAX];
	size_t n;
};

/* All extensions of one certificate that a parse has taken, in its order;
 * values are views into der. Fails with "x509.der", also when one comes
 * twice. */
MUST_CHECK bool x509_extensions(struct x509_extensions *out, struct bytes der,
    struct arena *a, struct fault *f);

/* The extension, or NULL when there is none. */
const struct x509_extension *x509_extension(
    const struct x509_extensions *in, const char *oid);

/*
 * True if the issuer's key signed der, a DER certificate or CRL that a parse
 * has taken: RSA PKCS #1 or PSS (salt as long as the hash), or ECDSA, with
 * SHA-2. Names, times and constraints are the asker's to judge. Fails with
 * VERIFY and reason.
 */
MUST_CHECK bool x509_signed(struct bytes der, const struct public_key *issuer,
    const char *reason, struct fault *f);

struct x509_list {
	struct bytes *certs; /* the caller's, of room elements */
	size_t room, n;
};

/*
 * Splits PEM text into DER views in the arena. Text that holds no certificate
 * gives none. Fails with "x509.pem" on a block that is no DER of a
 * certificate's size (what is in it, those see that use it) and with
 * "x509.count" on more than room.
 */
MUST_CHECK bool x509_split_pem(
    struct x509_list *out, struct bytes pem, struct arena *a, struct fault *f);

/* DER certificates one behind another (NV indices), split by their lengths;
 * stops at the first byte that begins none. */
size_t x509_split_der(struct bytes *out, size_t room, struct bytes in);

struct x509_chain {
	struct bytes leaf;
	const struct bytes *intermediates;
	size_t nintermediates;
	const struct bytes *roots;
	size_t nroots;
	int64_t at; /* Unix seconds at which validity is judged */
	bool sha1;  /* signatures over SHA-1 pass, for who asks for it */
};

/*
 * A path from leaf to one of the roots, in which unknown critical extensions
 * under 2.23.133 (TCG) are allowed and no purpose is demanded. No CRL and no
 * network. Fails with VERIFY and reason; why names the certificate.
 */
MUST_CHECK bool x509_verify(
    const struct x509_chain *chain, const char *reason, struct fault *f);

#endif
