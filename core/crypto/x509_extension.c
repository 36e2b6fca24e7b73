/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/x509_parse.h"

#define OID_MAX 96u /* characters of one dotted text */

/* False for an OID that does not fit. */
static bool
read_one(struct x509_extension *out, X509_EXTENSION *ext, struct arena *a)
{
	char oid[OID_MAX];
	int n =
	    OBJ_obj2txt(oid, sizeof(oid), X509_EXTENSION_get_object(ext), 1);
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(ext);

	if (n <= 0 || (size_t)n >= sizeof(oid))
		return false;
	out->oid = arena_copy(a, bytes_of(oid, (size_t)n));
	out->value = arena_copy(a, bytes_of(ASN1_STRING_get0_data(value),
				       (size_t)ASN1_STRING_length(value)));
	out->critical = X509_EXTENSION_get_critical(ext) != 0;
	return true;
}

static bool
is_new(const struct x509_extensions *in, struct bytes oid)
{
	for (size_t i = 0; i < in->n; i++)
		if (bytes_equal(in->of[i].oid, oid))
			return false;
	return true;
}

static bool
read_all(struct x509_extensions *out, const X509 *cert, struct arena *a,
    struct fault *f)
{
	int count = X509_get_ext_count(cert);

	if (count > (int)X509_EXTENSIONS_MAX)
		return fail(f, FAULT_LIMIT, "x509.der",
		    "base 14: %d extensions, at most %u", count,
		    X509_EXTENSIONS_MAX);
	for (int i = 0; i < count; i++) {
		struct x509_extension *one = &out->of[out->n];

		if (!read_one(one, X509_get_ext(cert, i), a))
			return fail(f, FAULT_INPUT, "x509.der",
			    "base 14: extension %d has no OID of ours", i);
		if (!is_new(out, one->oid))
			return fail(f, FAULT_INPUT, "x509.der",
			    "base 14: extension %d comes twice", i);
		out->n++;
	}
	return arena_check(a, f);
}

bool
x509_extensions(struct x509_extensions *out, struct bytes der, struct arena *a,
    struct fault *f)
{
	X509 *cert = x509_parse(der);

	out->n = 0;
	if (cert == NULL)
		return fail(f, FAULT_INPUT, "x509.der",
		    "base 8: %zu bytes are no certificate in DER", der.n);
	bool read = read_all(out, cert, a, f);

	X509_free(cert);
	return read;
}

const struct x509_extension *
x509_extension(const struct x509_extensions *in, const char *oid)
{
	for (size_t i = 0; i < in->n; i++)
		if (bytes_is(in->of[i].oid, oid))
			return &in->of[i];
	return NULL;
}
