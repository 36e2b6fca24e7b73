/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate as libcrypto's object, and texts of its parts. For the files of core/crypto only. */
#ifndef CORE_CRYPTO_X509_PARSE_H
#define CORE_CRYPTO_X509_PARSE_H

#include <openssl/x509.h>

#include "core/crypto/x509.h"

/* The certificate, if der is one and nothing else, in the one way DER has; or
 * NULL. The caller frees it. */
X509 *x509_parse(struct bytes der);

/* RFC 2253 text. */
struct bytes x509_name(const X509_NAME *name, struct arena *a);

/* Unix seconds; false for what is no time. */
bool x509_time(int64_t *out, const ASN1_TIME *at);

/* Lower-case hex. */
struct bytes x509_serial(const ASN1_INTEGER *serial, struct arena *a);

#endif
