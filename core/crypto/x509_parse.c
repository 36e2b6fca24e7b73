/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/x509_parse.h"

#include <time.h>

#include "core/base/hex.h"

X509 *
x509_parse(struct bytes der)
{
	const uint8_t *at = der.p;
	uint8_t *again = NULL;

	if (der.n == 0 || der.n > X509_CERT_MAX)
		return NULL;
	X509 *cert = d2i_X509(NULL, &at, (long)der.n);
	int n = cert == NULL ? 0 : i2d_X509(cert, &again);
	bool same = n > 0 && bytes_equal(bytes_of(again, (size_t)n), der);

	OPENSSL_free(again);
	if (same)
		return cert;
	X509_free(cert);
	return NULL;
}

struct bytes
x509_name(const X509_NAME *name, struct arena *a)
{
	BIO *text = BIO_new(BIO_s_mem());
	char *at = NULL;
	struct bytes out = { 0 };

	if (text != NULL &&
	    X509_NAME_print_ex(text, name, 0, XN_FLAG_RFC2253) >= 0) {
		long n = BIO_get_mem_data(text, &at);

		out = arena_copy(a, bytes_of(at, n < 0 ? 0 : (size_t)n));
	}
	BIO_free(text);
	return out;
}

bool
x509_time(int64_t *out, const ASN1_TIME *at)
{
	struct tm tm = { 0 };

	if (ASN1_TIME_to_tm(at, &tm) != 1)
		return false;
	*out = timegm(&tm);
	return true;
}

struct bytes
x509_serial(const ASN1_INTEGER *serial, struct arena *a)
{
	return hex_encode(a, bytes_of(ASN1_STRING_get0_data(serial),
				 (size_t)ASN1_STRING_length(serial)));
}
