/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpvek.h"

#include "core/base/der.h"

#define AMD "1.3.6.1.4.1.3704.1."

#define HWID_SIZE       64u
#define HWID_SIZE_TURIN 8u

/* Which byte of a TCB version an extension gives; -1: the line has none. */
/* clang-format off */
static const struct {
	const char *oid, *name;
	int classic, turin;
} levels[] = {
	{ AMD "3.1", "blSPL",    0, 1 },
	{ AMD "3.2", "teeSPL",   1, 2 },
	{ AMD "3.3", "snpSPL",   6, 3 },
	{ AMD "3.4", "spl4",     2, -1 },
	{ AMD "3.5", "spl5",     3, 4 },
	{ AMD "3.6", "spl6",     4, 5 },
	{ AMD "3.7", "spl7",     5, 6 },
	{ AMD "3.8", "ucodeSPL", 7, 7 },
	{ AMD "3.9", "fmcSPL",   -1, 0 },
};
/* clang-format on */

/* Critical ones of others that a leaf of AMD's may have. */
static bool
is_known(struct bytes oid)
{
	static const char *const known[] = { "2.5.29.15", "2.5.29.19",
		"2.5.29.37" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (bytes_is(oid, known[i]))
			return true;
	return bytes_starts(oid, BYTES(AMD));
}

static bool
check_critical(const struct x509_extensions *in, struct fault *f)
{
	for (size_t i = 0; i < in->n; i++)
		if (in->of[i].critical && !is_known(in->of[i].oid))
			return fail(f, FAULT_VERIFY, "snp.vcek.extension",
			    "evidence 25: critical extension %.*s is unknown",
			    (int)in->of[i].oid.n,
			    (const char *)in->of[i].oid.p);
	return true;
}

/* One DER value, whole, of the extension of that OID. */
static bool
take(struct der *out, const struct x509_extensions *in, const char *oid,
    const char *name, struct fault *f)
{
	const struct x509_extension *one = x509_extension(in, oid);

	if (one == NULL)
		return fail(f, FAULT_VERIFY, "snp.vcek.extension",
		    "evidence 25: no %s", name);
	*out = der_over(one->value);
	return true;
}

static bool
take_number(uint64_t *out, const struct x509_extensions *in, const char *oid,
    const char *name, struct fault *f)
{
	struct der d;

	if (!take(&d, in, oid, name, f))
		return false;
	*out = der_uint64(&d);
	if (!der_done(&d, f) || *out > UINT8_MAX)
		return fail(f, FAULT_VERIFY, "snp.vcek.extension",
		    "evidence 25: %s is no INTEGER of a byte", name);
	return true;
}

static bool
take_text(struct bytes *out, const struct x509_extensions *in, const char *oid,
    const char *name, struct fault *f)
{
	struct der d;

	if (!take(&d, in, oid, name, f))
		return false;
	*out = der_ia5(&d);
	if (!der_done(&d, f) || out->n == 0)
		return fail(f, FAULT_VERIFY, "snp.vcek.extension",
		    "evidence 25: %s is no IA5String", name);
	return true;
}

/* A level of another line may be there as zero: it says nothing. */
static bool
take_levels(
    struct snpvek *out, const struct x509_extensions *in, struct fault *f)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		int byte = out->product == SNP_TURIN ? levels[i].turin
						     : levels[i].classic;
		uint64_t level;

		if (byte < 0 && x509_extension(in, levels[i].oid) == NULL)
			continue;
		if (!take_number(&level, in, levels[i].oid, levels[i].name, f))
			return false;
		if (byte < 0 && level != 0)
			return fail(f, FAULT_VERIFY, "snp.vcek.extension",
			    "evidence 25: %s has no %s",
			    snptcb_product_name(out->product), levels[i].name);
		if (byte >= 0)
			out->tcb |= level << (8 * byte);
	}
	return true;
}

/* AMD writes the bytes of the id without the OCTET STRING that the interface
 * specification wants around them; both are seen. */
static bool
take_hwid(struct snpvek *out, struct bytes value, struct fault *f)
{
	size_t size = out->product == SNP_TURIN ? HWID_SIZE_TURIN : HWID_SIZE;
	struct der d = der_over(value);
	struct bytes wrapped = der_octets(&d);

	out->hwid = value.n != size && der_done(&d, f) ? wrapped : value;
	return out->hwid.n == size
		   ? true
		   : fail(f, FAULT_VERIFY, "snp.vcek.hwid",
			 "evidence 25: hwID of %zu bytes, %s has %zu",
			 out->hwid.n, snptcb_product_name(out->product), size);
}

/* A chip's id and a provider's name exclude each other. */
static bool
take_owner(
    struct snpvek *out, const struct x509_extensions *in, struct fault *f)
{
	const struct x509_extension *hwid = x509_extension(in, AMD "4");
	const struct x509_extension *csp = x509_extension(in, AMD "5");

	if ((hwid == NULL) == (csp == NULL))
		return fail(f, FAULT_VERIFY, "snp.vcek.extension",
		    "evidence 25: %s hwID and cspID",
		    hwid == NULL ? "neither" : "both");
	if (hwid != NULL)
		return take_hwid(out, hwid->value, f);
	out->kind = SNP_VLEK;
	return take_text(&out->csp_id, in, AMD "5", "cspID", f);
}

/* The line, perhaps with a stepping behind it; or a part that AMD's keys take
 * as one of a line. */
static enum snp_product
product_of(struct bytes name)
{
	struct cursor c = cursor_over(name);
	struct bytes line = cursor_part(&c, '-');

	return bytes_is(line, "Bergamo") || bytes_is(line, "Siena")
		   ? SNP_GENOA
		   : snptcb_product(line);
}

bool
snpvek_parse(struct snpvek *out, const struct x509_extensions *extensions,
    struct fault *f)
{
	struct snpvek vek = { 0 };

	if (!check_critical(extensions, f) ||
	    !take_number(
		&vek.structure, extensions, AMD "1", "structVersion", f) ||
	    !take_text(
		&vek.product_name, extensions, AMD "2", "productName", f))
		return false;
	vek.product = product_of(vek.product_name);
	if (vek.product == SNP_NO_PRODUCT)
		return fail(f, FAULT_VERIFY, "snp.vcek.extension",
		    "evidence 25: productName is none of ours");
	if (!take_levels(&vek, extensions, f) ||
	    !take_owner(&vek, extensions, f))
		return false;
	*out = vek;
	return true;
}
