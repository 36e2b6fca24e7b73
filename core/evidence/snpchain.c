/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpchain.h"

#include "core/base/der.h"

#define STORE_MAX 16u /* certificates */
#define RSA_BYTES 512u

/* clang-format off */
/* From the certificates that AMD's key server gives for each product line
 * (https://kdsintf.amd.com/vcek/v1/PRODUCT/cert_chain); VLEKs have the same. */
const struct snp_root snpchain_roots[] = {
	{ SNP_MILAN, { {
		0x9f, 0x05, 0x6b, 0xee, 0x44, 0x37, 0x7e, 0x29,
		0x30, 0x8c, 0xb5, 0xff, 0xa8, 0x95, 0xbd, 0xfb,
		0x62, 0xd1, 0x88, 0x81, 0xfa, 0x6b, 0xed, 0x8d,
		0x6f, 0x07, 0x5b, 0x02, 0x04, 0x08, 0x9c, 0xb9 } } },
	{ SNP_GENOA, { {
		0x42, 0x9a, 0x69, 0xc9, 0x42, 0x2a, 0xa2, 0x58,
		0xee, 0x4d, 0x8d, 0xb5, 0xfc, 0xda, 0x9c, 0x64,
		0x70, 0xef, 0x15, 0xf8, 0xcd, 0x5a, 0x9c, 0xeb,
		0xd6, 0xcb, 0xc7, 0xd9, 0x0b, 0x86, 0x38, 0x31 } } },
	{ SNP_TURIN, { {
		0x4f, 0x12, 0x54, 0x10, 0x56, 0x3a, 0x2a, 0xb9,
		0xa5, 0x03, 0x56, 0xf9, 0x24, 0x3f, 0x6f, 0xe0,
		0xb6, 0xf7, 0x3d, 0xe9, 0x86, 0x03, 0xf5, 0x3f,
		0x90, 0x33, 0x9c, 0x70, 0xe9, 0xd7, 0xad, 0x08 } } },
};
/* clang-format on */

const size_t snpchain_nroots =
    sizeof(snpchain_roots) / sizeof(snpchain_roots[0]);

/* The one common name in a name, or nothing. */
static struct bytes
common_name(struct bytes name)
{
	struct der d = der_over(name);
	struct bytes found = { 0 };
	size_t n = 0;

	while (der_more(&d)) {
		struct der set = der_into(&d, DER_SET);
		struct der pair = der_into(&set, DER_SEQUENCE);
		bool named = bytes_equal(der_oid(&pair), BYTES("\x55\x04\x03"));
		struct bytes text = der_any(&pair).content;

		if (named)
			found = text;
		n += named;
	}
	return n == 1 ? found : (struct bytes){ 0 };
}

/* The product line behind that prefix of a common name. */
static enum snp_product
product_after(struct bytes name, struct bytes prefix)
{
	struct cursor c = cursor_over(name);

	return bytes_equal(cursor_take(&c, prefix.n), prefix)
		   ? snptcb_product(cursor_rest(&c))
		   : SNP_NO_PRODUCT;
}

static bool
is_pem(struct bytes in)
{
	return bytes_starts(in, BYTES("-----BEGIN"));
}

/* Whoever sends another one behind it wants some reader to take that. */
static bool
is_alone(struct bytes in)
{
	struct der d = der_over(in);

	(void)der_any(&d);
	return der_peek(&d) != DER_SEQUENCE;
}

static bool
crowded(const char *name, struct fault *f)
{
	return fail(f, FAULT_INPUT, "snp.chain.order",
	    "evidence 24: more than one %s", name);
}

/* The certificate alone, whether as PEM or DER. */
static bool
take_der(struct bytes *out, struct bytes in, const char *name, struct arena *a,
    struct fault *f)
{
	struct bytes found[2];
	struct x509_list list = { found, 2, 0 };

	*out = in;
	if (!is_pem(in))
		return is_alone(in) || crowded(name, f);
	if (!x509_split_pem(&list, in, a, f) || list.n == 0)
		return arena_check(a, f) &&
		       fail(f, FAULT_INPUT, "snp.chain.syntax",
			   "evidence 24: %s is no PEM certificate", name);
	*out = found[0];
	return list.n == 1 || crowded(name, f);
}

static bool
read_link(struct keycert *out, struct bytes in, const char *name,
    struct arena *a, struct fault *f)
{
	struct bytes der;

	if (!take_der(&der, in, name, a, f))
		return false;
	if (!keycert_parse(out, der, f) || !out->key_known) {
		struct fault inner = *f;

		return fail(f, FAULT_INPUT, "snp.chain.syntax",
		    "evidence 24: %s: %.200s", name,
		    inner.code == FAULT_NONE ? "no key of ours" : inner.why);
	}
	return true;
}

bool
snpchain_root(struct snp_root *out, struct bytes certificate, struct arena *a,
    struct fault *f)
{
	struct keycert cert;

	if (!read_link(&cert, certificate, "ARK", a, f))
		return false;
	out->product = product_after(common_name(cert.subject), BYTES("ARK-"));
	out->key = sha256_of(cert.key_info);
	return out->product != SNP_NO_PRODUCT
		   ? true
		   : fail(f, FAULT_VERIFY, "snp.chain.order",
			 "evidence 24: not named as an ARK");
}

/* The first certificate of the store with that subject. */
static bool
find_link(struct keycert *out, struct bytes store, struct bytes subject,
    struct arena *a, struct fault *f)
{
	struct bytes found[STORE_MAX], name = common_name(subject);
	struct x509_list list = { found, STORE_MAX, 0 };

	if (!is_pem(store))
		list.n = x509_split_der(found, STORE_MAX, store);
	else if (!x509_split_pem(&list, store, a, f))
		return false;
	for (size_t i = 0; i < list.n; i++)
		if (keycert_parse(out, found[i], f) && out->key_known &&
		    bytes_equal(out->subject, subject))
			return true;
	return fail(f, FAULT_VERIFY, "snp.chain.incomplete",
	    "evidence 24: no certificate of %.*s",
	    (int)(name.n < 64 ? name.n : 64), (const char *)name.p);
}

bool
snpchain_parse(struct snpchain *out, const struct snp_certificates *in,
    struct bytes store, struct arena *a, struct fault *f)
{
	struct snpchain c = { 0 };

	if (in->vek.n == 0)
		return fail(f, FAULT_VERIFY, "snp.chain.incomplete",
		    "evidence 24: no VCEK or VLEK certificate");
	if (!read_link(&c.vek, in->vek, "VEK", a, f))
		return false;
	if (!(in->ask.n != 0 ? read_link(&c.ask, in->ask, "ASK", a, f)
			     : find_link(&c.ask, store, c.vek.issuer, a, f)) ||
	    !(in->ark.n != 0 ? read_link(&c.ark, in->ark, "ARK", a, f)
			     : find_link(&c.ark, store, c.ask.issuer, a, f)))
		return false;
	*out = c;
	return true;
}

static bool
names_match(struct snpchain *c)
{
	struct bytes ark = common_name(c->ark.subject);
	struct bytes ask = common_name(c->ask.subject);
	struct bytes vek = common_name(c->vek.subject);

	c->product = product_after(ark, BYTES("ARK-"));
	c->kind = bytes_is(vek, "SEV-VCEK")   ? SNP_VCEK
		  : bytes_is(vek, "SEV-VLEK") ? SNP_VLEK
					      : SNP_NO_KEY;
	return c->product != SNP_NO_PRODUCT && c->kind != SNP_NO_KEY &&
	       product_after(ask,
		   c->kind == SNP_VCEK ? BYTES("SEV-") : BYTES("SEV-VLEK-")) ==
		   c->product;
}

bool
snpchain_check_order(struct snpchain *c, struct fault *f)
{
	const struct keycert *ark = &c->ark, *ask = &c->ask, *vek = &c->vek;

	if (!names_match(c))
		return fail(f, FAULT_VERIFY, "snp.chain.order",
		    "evidence 24: the names are not those of one chain");
	if (!bytes_equal(ark->issuer, ark->subject) ||
	    !bytes_equal(ask->issuer, ark->subject) ||
	    !bytes_equal(vek->issuer, ask->subject))
		return fail(f, FAULT_VERIFY, "snp.chain.order",
		    "evidence 24: a certificate names another issuer");
	if (!ark->ca || !ask->ca || vek->ca)
		return fail(f, FAULT_VERIFY, "snp.chain.order",
		    "evidence 24: ARK and ASK are CAs, the VEK is none");
	if (ark->key.modulus.n != RSA_BYTES ||
	    ask->key.modulus.n != RSA_BYTES || vek->key.kind != KEY_EC_P384)
		return fail(f, FAULT_VERIFY, "snp.chain.key",
		    "evidence 24: keys are not RSA-4096, RSA-4096 and P-384");
	return true;
}

bool
snpchain_check_root(const struct snpchain *c, const struct snp_root *roots,
    size_t nroots, struct fault *f)
{
	struct sha256 key = sha256_of(c->ark.key_info);

	for (size_t i = 0; i < nroots; i++)
		if (roots[i].product == c->product &&
		    memcmp(roots[i].key.b, key.b, sizeof(key.b)) == 0)
			return true;
	return fail(f, FAULT_VERIFY, "snp.chain.root",
	    "evidence 24: the ARK's key is no root of %s",
	    snptcb_product_name(c->product));
}

bool
snpchain_check_signatures(const struct snpchain *c, struct fault *f)
{
	const struct public_key *ark = &c->ark.key;

	return x509_signed(c->ark.whole, ark, "snp.chain.signature", f) &&
	       x509_signed(c->ask.whole, ark, "snp.chain.signature", f) &&
	       x509_signed(c->vek.whole, &c->ask.key, "snp.chain.signature", f);
}

bool
snpchain_check_time(const struct snpchain *c, int64_t at, struct fault *f)
{
	const struct {
		const char *name;
		const struct keycert *of;
	} rows[] = {
		{ "ARK", &c->ark },
		{ "ASK", &c->ask },
		{ "VEK", &c->vek },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (at < rows[i].of->not_before || at > rows[i].of->not_after)
			return fail(f, FAULT_VERIFY, "snp.chain.time",
			    "evidence 24: %s is valid from %lld to %lld, not "
			    "at %lld",
			    rows[i].name, (long long)rows[i].of->not_before,
			    (long long)rows[i].of->not_after, (long long)at);
	return true;
}

bool
snpchain_extensions(struct snpchain *c, struct arena *a, struct fault *f)
{
	struct x509_extensions all;

	if (!x509_extensions(&all, c->vek.whole, a, f)) {
		struct fault inner = *f;

		return arena_check(a, f) &&
		       fail(f, FAULT_VERIFY, "snp.vcek.extension",
			   "evidence 25: %.200s", inner.why);
	}
	if (!snpvek_parse(&c->says, &all, f))
		return false;
	if (c->says.kind != c->kind || c->says.product != c->product)
		return fail(f, FAULT_VERIFY, "snp.vcek.extension",
		    "evidence 25: a %s key of %s in another's chain",
		    c->says.kind == SNP_VCEK ? "chip's" : "provider's",
		    snptcb_product_name(c->says.product));
	return true;
}

void
snpchain_endorsement(struct snp_endorsement *out, const struct snpchain *c)
{
	const struct keycert *all[] = { &c->ark, &c->ask, &c->vek };

	*out = (struct snp_endorsement){
		.kind = c->kind,
		.product = c->product,
		.tcb = c->says.tcb,
		.hwid_size = c->says.hwid.n,
		.not_before = INT64_MIN,
		.not_after = INT64_MAX,
	};
	if (c->says.hwid.n != 0)
		memcpy(out->hwid, c->says.hwid.p, c->says.hwid.n);
	memcpy(out->x, c->vek.key.x.p, sizeof(out->x));
	memcpy(out->y, c->vek.key.y.p, sizeof(out->y));
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i]->not_before > out->not_before)
			out->not_before = all[i]->not_before;
		if (all[i]->not_after < out->not_after)
			out->not_after = all[i]->not_after;
	}
}
