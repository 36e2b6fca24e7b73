/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/buf.h"
#include "core/base/der.h"
#include "core/crypto/x509.h"

#define OID_MAX 96u /* characters of one dotted text */

/* The next number of an OID in base 128, which der_oid has found whole. */
static uint64_t
next_number(struct cursor *c)
{
	uint64_t number = 0;
	uint8_t byte;

	do {
		byte = cursor_u8(c);
		number = number << 7 | (byte & 0x7fu);
	} while ((byte & 0x80u) != 0);
	return number;
}

/* False for an OID that does not fit. */
static bool
dotted(struct bytes *out, struct bytes oid, struct arena *a)
{
	struct buf text = buf_in(a, OID_MAX);
	struct cursor c = cursor_over(oid);
	uint64_t first = next_number(&c);
	unsigned root = first < 80 ? (unsigned)(first / 40) : 2;

	buf_print(
	    &text, "%u.%llu", root, (unsigned long long)(first - 40ull * root));
	while (c.left > 0)
		buf_print(&text, ".%llu", (unsigned long long)next_number(&c));
	*out = buf_bytes(&text);
	return oid.n <= OID_MAX && !text.full;
}

static bool
is_new(const struct x509_extensions *in, struct bytes oid)
{
	for (size_t i = 0; i < in->n; i++)
		if (bytes_equal(in->of[i].oid, oid))
			return false;
	return true;
}

/* Vendors write another TRUE than ff, and nothing else depends on it. */
static bool
is_true(struct der *d)
{
	struct bytes content = der_take(d, DER_BOOLEAN);

	if (content.n != 1)
		der_refuse(d, DER_BAD_VALUE);
	return content.n == 1 && content.p[0] != 0;
}

static bool
read_one(struct x509_extensions *out, struct der *list, struct arena *a,
    struct fault *f)
{
	struct der d = der_into(list, DER_SEQUENCE);
	struct x509_extension *one = &out->of[out->n];
	struct bytes oid = der_oid(&d);

	one->critical = der_peek(&d) == DER_BOOLEAN && is_true(&d);
	one->value = der_octets(&d);
	if (!der_done(&d, f) || !dotted(&one->oid, oid, a))
		return fail(f, FAULT_INPUT, "x509.der",
		    "base 14: extension %zu is none", out->n);
	if (!is_new(out, one->oid))
		return fail(f, FAULT_INPUT, "x509.der",
		    "base 14: extension %zu comes twice", out->n);
	out->n++;
	return true;
}

/* The list of extensions, which is the last thing of the signed part. */
static struct der
list_of(struct bytes der, bool *whole)
{
	struct der outer = der_over(der), cert = der_into(&outer, DER_SEQUENCE);
	struct der part = der_into(&cert, DER_SEQUENCE);
	struct fault f;

	while (der_more(&part) && der_peek(&part) != DER_EXPLICIT(3))
		(void)der_any(&part);
	*whole = der_done(&outer, &f);
	if (!der_more(&part))
		return der_over((struct bytes){ 0 });
	struct der list = der_into(&part, DER_EXPLICIT(3));

	*whole = *whole && der_done(&part, &f);
	return der_into(&list, DER_SEQUENCE);
}

bool
x509_extensions(struct x509_extensions *out, struct bytes der, struct arena *a,
    struct fault *f)
{
	bool whole;
	struct der list = list_of(der, &whole);

	out->n = 0;
	if (!whole)
		return fail(f, FAULT_INPUT, "x509.der",
		    "base 14: %zu bytes are no certificate", der.n);
	while (der_more(&list)) {
		if (out->n == X509_EXTENSIONS_MAX)
			return fail(f, FAULT_LIMIT, "x509.der",
			    "base 14: more than %u extensions",
			    X509_EXTENSIONS_MAX);
		if (!read_one(out, &list, a, f))
			return false;
	}
	return arena_check(a, f) &&
	       (der_done(&list, f) ||
		   fail(f, FAULT_INPUT, "x509.der",
		       "base 14: the extensions are no list"));
}

const struct x509_extension *
x509_extension(const struct x509_extensions *in, const char *oid)
{
	for (size_t i = 0; i < in->n; i++)
		if (bytes_is(in->of[i].oid, oid))
			return &in->of[i];
	return NULL;
}
