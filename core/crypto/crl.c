/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/crl.h"

#include <stdlib.h>

#include "core/crypto/x509_parse.h"

static X509_CRL *
parse(struct bytes der)
{
	const uint8_t *at = der.p;
	uint8_t *again = NULL;

	if (der.n == 0 || der.n > CRL_MAX)
		return NULL;
	X509_CRL *list = d2i_X509_CRL(NULL, &at, (long)der.n);
	int n = list == NULL ? 0 : i2d_X509_CRL(list, &again);
	bool same = n > 0 && bytes_equal(bytes_of(again, (size_t)n), der);

	OPENSSL_free(again);
	if (same)
		return list;
	X509_CRL_free(list);
	return NULL;
}

static bool
has_critical(const STACK_OF(X509_EXTENSION) * extensions)
{
	for (int i = 0; i < sk_X509_EXTENSION_num(extensions); i++)
		if (X509_EXTENSION_get_critical(
			sk_X509_EXTENSION_value(extensions, i)) != 0)
			return true;
	return false;
}

static int
order(const void *a, const void *b)
{
	return bytes_order(*(const struct bytes *)a, *(const struct bytes *)b);
}

static bool
read_revoked(struct crl *out, X509_CRL *list, struct arena *a, struct fault *f)
{
	STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(list);
	int n = entries == NULL ? 0 : sk_X509_REVOKED_num(entries);

	if (n > (int)CRL_REVOKED_MAX)
		return fail(f, FAULT_LIMIT, "crl.der",
		    "base 16: %d entries, at most %u", n, CRL_REVOKED_MAX);
	struct bytes *serials =
	    arena_alloc(a, ((size_t)n + 1) * sizeof(*serials));

	if (serials == NULL)
		return arena_check(a, f);
	for (int i = 0; i < n; i++) {
		const X509_REVOKED *one = sk_X509_REVOKED_value(entries, i);

		if (has_critical(X509_REVOKED_get0_extensions(one)))
			return fail(f, FAULT_INPUT, "crl.der",
			    "base 16: entry %d has a critical extension", i);
		serials[i] =
		    x509_serial(X509_REVOKED_get0_serialNumber(one), a);
	}
	qsort(serials, (size_t)n, sizeof(*serials), order);
	out->revoked = serials;
	out->nrevoked = (size_t)n;
	return arena_check(a, f);
}

static bool
read_list(struct crl *out, X509_CRL *list, struct arena *a, struct fault *f)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(list);

	if (has_critical(X509_CRL_get0_extensions(list)) ||
	    X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) >= 0)
		return fail(f, FAULT_INPUT, "crl.der",
		    "base 16: a list of some of the issuer's certificates");
	if (!x509_time(&out->this_update, X509_CRL_get0_lastUpdate(list)) ||
	    (next != NULL && !x509_time(&out->next_update, next)))
		return fail(
		    f, FAULT_INPUT, "crl.der", "base 16: a date is no time");
	out->issuer = x509_name(X509_CRL_get_issuer(list), a);
	return read_revoked(out, list, a, f);
}

bool
crl_parse(struct crl *out, struct bytes der, struct arena *a, struct fault *f)
{
	X509_CRL *list = parse(der);
	struct crl crl = { 0 };

	if (list == NULL)
		return fail(f, FAULT_INPUT, "crl.der",
		    "base 16: %zu bytes are no CRL in DER", der.n);
	bool read = read_list(&crl, list, a, f);

	X509_CRL_free(list);
	if (read)
		*out = crl;
	return read;
}

bool
crl_revokes(const struct crl *crl, struct bytes serial)
{
	return crl->nrevoked > 0 &&
	       bsearch(&serial, crl->revoked, crl->nrevoked,
		   sizeof(*crl->revoked), order) != NULL;
}
