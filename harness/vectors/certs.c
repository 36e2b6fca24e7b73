/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of TPM keys and of their CAs. */
#include <stdio.h>

#include "core/base/base64.h"
#include "core/base/buf.h"
#include "core/base/der.h"
#include "core/evidence/certder.h"
#include "core/evidence/ekcert.h"
#include "core/evidence/ekchain.h"
#include "core/evidence/platcert.h"
#include "harness/vectors/tpm.h"

#define OID(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

/* The words of the index for the attributes of a name and for curves. */
/* clang-format off */
static const struct {
	struct bytes oid;
	const char *word;
} attributes[] = {
	{ OID("\x55\x04\x03"), "CN" },
	{ OID("\x55\x04\x06"), "C" },
	{ OID("\x55\x04\x07"), "L" },
	{ OID("\x55\x04\x08"), "ST" },
	{ OID("\x55\x04\x0a"), "O" },
	{ OID("\x55\x04\x0b"), "OU" },
}, curves[] = {
	{ OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), "secp256r1" },
	{ OID("\x2b\x81\x04\x00\x22"),             "secp384r1" },
	{ OID("\x2b\x81\x04\x00\x23"),             "secp521r1" },
};
/* clang-format on */
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* 2.5.4.3 */
static struct bytes
dotted(struct bytes oid, struct arena *a)
{
	struct buf b = buf_in(a, 128);
	uint64_t arc = 0;
	bool first = true;

	for (size_t i = 0; i < oid.n; i++) {
		arc = arc << 7 | (oid.p[i] & 0x7fu);
		if ((oid.p[i] & 0x80u) != 0)
			continue;
		uint64_t top = arc < 80 ? arc / 40 : 2;

		if (first)
			buf_print(&b, "%u.%llu", (unsigned)top,
			    (unsigned long long)(arc - 40 * top));
		else
			buf_print(&b, ".%llu", (unsigned long long)arc);
		first = false;
		arc = 0;
	}
	return buf_bytes(&b);
}

static void
put_attribute(struct buf *b, struct der *set, struct arena *a)
{
	struct der pair = der_into(set, DER_SEQUENCE);
	struct bytes oid = der_oid(&pair), word = dotted(oid, a);

	for (size_t i = 0; i < COUNT(attributes); i++) {
		if (bytes_equal(oid, attributes[i].oid))
			word = bytes_text(attributes[i].word);
	}
	if (b->used != 0)
		buf_text(b, ", ");
	buf_put(b, word);
	buf_u8(b, '=');
	buf_put(b, der_any(&pair).content);
}

static struct bytes
name_text(struct bytes name, struct arena *a)
{
	struct buf b = buf_in(a, 4096);
	struct der outer = der_over(name);
	struct der sets = der_into(&outer, DER_SEQUENCE);

	while (der_more(&sets)) {
		struct der set = der_into(&sets, DER_SET);

		while (der_more(&set))
			put_attribute(&b, &set, a);
	}
	return buf_bytes(&b);
}

static struct bytes
key_text(struct bytes info, struct arena *a)
{
	struct der outer = der_over(info);
	struct der d = der_into(&outer, DER_SEQUENCE);
	struct der algorithm = der_into(&d, DER_SEQUENCE);
	struct bytes bits = der_bits(&d);

	(void)der_oid(&algorithm);
	if (der_peek(&algorithm) == DER_OID) {
		struct bytes curve = der_oid(&algorithm);

		for (size_t i = 0; i < COUNT(curves); i++) {
			if (bytes_equal(curve, curves[i].oid))
				return arena_print(a, "ECC-%s", curves[i].word);
		}
		return arena_print(a, "ECC");
	}
	struct der rsa = der_over(bits);
	struct der numbers = der_into(&rsa, DER_SEQUENCE);
	struct bytes modulus = der_integer(&numbers);

	return arena_print(
	    a, "RSA-%zu", modulus.n == 0 ? 0 : (modulus.n - 1) * 8);
}

/* "220823013607Z" or "20220823013607Z" as the index writes times. */
static struct bytes
time_text(struct bytes at, struct arena *a)
{
	const char *p = (const char *)at.p, *century = p;

	if (at.n != 13 && at.n != 15)
		return BYTES("no time");
	if (at.n == 13)
		century = p[0] < '5' ? "20" : "19";
	else
		p += 2;
	return arena_print(a, "%.2s%.2s-%.2s-%.2sT%.2s:%.2s:%.2sZ", century, p,
	    p + 2, p + 4, p + 6, p + 8, p + 10);
}

static void
compare_frame(struct entry *e, struct bytes der)
{
	struct certder c;
	struct arena *a = e->arena;

	if (!evidence_check(
		e, "frame", certder_read(&c, der), "that of a certificate"))
		return;
	(void)evidence_text(e, "subject", evidence_member(e, "fields/subject"),
	    name_text(c.subject, a));
	(void)evidence_text(e, "issuer", evidence_member(e, "fields/issuer"),
	    name_text(c.issuer, a));
	(void)evidence_hex(
	    e, "serial", evidence_member(e, "fields/serial"), c.serial);
	(void)evidence_text(e, "key", evidence_member(e, "fields/key"),
	    key_text(c.key_info, a));
	(void)evidence_text(e, "signature", evidence_member(e, "fields/sigalg"),
	    dotted(c.algorithm, a));
	(void)evidence_text(e, "not before",
	    evidence_member(e, "fields/not_before"),
	    time_text(c.not_before, a));
	(void)evidence_text(e, "not after",
	    evidence_member(e, "fields/not_after"), time_text(c.not_after, a));
}

static json_t *
text(struct bytes in)
{
	return json_stringn((const char *)in.p, in.n);
}

static json_t *
purposes(const struct ekcert *c, struct arena *a)
{
	const struct x509_extension *ext =
	    x509_extension(&c->extensions, "2.5.29.37");
	struct der outer = der_over(ext == NULL ? BYTES("") : ext->value);
	json_t *list = json_array();

	if (ext == NULL)
		return list;
	struct der d = der_into(&outer, DER_SEQUENCE);

	while (der_more(&d))
		(void)json_array_append_new(list, text(dotted(der_oid(&d), a)));
	return list;
}

static void
compare_ekcert(struct entry *e, const struct ekcert *c, size_t given)
{
	json_t *critical = json_array(), *names = json_object();

	for (size_t i = 0; i < c->extensions.n; i++) {
		if (c->extensions.of[i].critical)
			(void)json_array_append_new(
			    critical, text(c->extensions.of[i].oid));
	}
	evidence_json(e, "critical extensions",
	    evidence_member(e, "fields/critical_exts"), critical);
	evidence_json(e, "purposes", evidence_member(e, "fields/eku"),
	    purposes(c, e->arena));
	if (c->manufacturer.n != 0)
		(void)json_object_set_new(
		    names, "tpm_manufacturer", text(c->manufacturer));
	if (c->model.n != 0)
		(void)json_object_set_new(names, "tpm_model", text(c->model));
	if (c->version.n != 0)
		(void)json_object_set_new(
		    names, "tpm_version", text(c->version));
	evidence_json(
	    e, "names of the TPM", evidence_member(e, "fields/san"), names);
	(void)evidence_number(e, "bytes behind it",
	    evidence_member(e, "fields/trailing_bytes"), given - c->der.n);
}

/* The files of an entry as a chain; the root is trusted. */
static bool
take_chain(struct x509_chain *chain, struct entry *e)
{
	struct bytes *certs =
	    arena_alloc(e->arena, (X509_CHAIN_MAX + 1) * sizeof(*certs));

	if (certs == NULL)
		return false;
	*chain = (struct x509_chain){ .intermediates = certs,
		.roots = &certs[X509_CHAIN_MAX],
		.at = e->time };
	for (size_t i = 0; i < X509_CHAIN_MAX; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "intermediate%zu", i);
		if (evidence_file(&certs[chain->nintermediates], e, name))
			chain->nintermediates++;
	}
	chain->nroots = evidence_file(&certs[X509_CHAIN_MAX], e, "root");
	return evidence_check(e, "files",
	    evidence_file(&chain->leaf, e, "leaf"), "a certificate");
}

static bool
is_good(const struct x509_chain *chain, int64_t at, struct arena *a,
    struct fault *f)
{
	struct x509_chain asked = *chain, path;

	asked.at = at;
	asked.sha1 = true;
	return ekchain_verify(&path, &asked, "tpm.ek.chain", a, f);
}

/* To the second. */
static void
compare_window(struct entry *e, const struct x509_chain *chain)
{
	const json_t *window = json_object_get(e->json, "valid_window");
	const char *from = json_string_value(json_array_get(window, 0));
	const char *to = json_string_value(json_array_get(window, 1));
	int64_t first, last;
	struct fault f = { 0 };

	if (window == NULL || chain->nroots == 0)
		return;
	if (!evidence_check(e, "window",
		from != NULL && to != NULL && evidence_time(&first, from) &&
		    evidence_time(&last, to),
		"two times"))
		return;
	(void)evidence_done(
	    e, "first second", is_good(chain, first, e->arena, &f), &f);
	(void)evidence_done(
	    e, "last second", is_good(chain, last, e->arena, &f), &f);
	(void)evidence_check(e, "before the window",
	    !is_good(chain, first - 1, e->arena, &f), "a refusal");
	(void)evidence_check(e, "behind the window",
	    !is_good(chain, last + 1, e->arena, &f), "a refusal");
}

/* Keys of Google's machines are certified for either use. */
static bool
has_use(const struct entry *e, const struct ekcert *c, struct fault *f)
{
	bool ek = strncmp(e->class, "ak-", 3) != 0;
	bool ak = strncmp(e->class, "ek-", 3) != 0;

	return (ek && ekcert_check_use(c, EKCERT_ENDORSEMENT, f)) ||
	       (ak && ekcert_check_use(c, EKCERT_ATTESTATION, f));
}

void
certs_chain(struct entry *e)
{
	struct x509_chain chain;
	struct ekcert *cert = arena_alloc(e->arena, sizeof(*cert));
	struct fault f = { 0 };

	if (!take_chain(&chain, e) ||
	    !evidence_check(e, "time", e->timed, "a time"))
		return;
	struct bytes given = chain.leaf;
	bool known =
	    ekcert_parse(cert, given, e->arena, &f) && has_use(e, cert, &f);

	if (known) {
		compare_ekcert(e, cert, given.n);
		compare_frame(e, cert->der);
		(void)evidence_number(e, "certificates",
		    evidence_member(e, "fields/chain_len"),
		    1 + chain.nintermediates + chain.nroots);
		chain.leaf = cert->der;
	}
	bool good = known && is_good(&chain, e->time, e->arena, &f);

	if (evidence_expects(e, "incomplete")) {
		(void)evidence_done(e, "certificate", known, &f);
		(void)evidence_check(
		    e, "chain", !good, "no path without a root");
		return;
	}
	evidence_outcome(e, good, &f);
	if (evidence_expects(e, "valid"))
		compare_window(e, &chain);
}

/* A CA's own certificate: it can be trusted as a root if it issued itself,
 * and never if it did not. */
void
certs_ca(struct entry *e)
{
	struct x509_chain chain = { .at = e->time, .nroots = 1 };
	struct certder c;
	struct fault f = { 0 };

	if (!evidence_check(e, "files", evidence_file(&chain.leaf, e, "cert"),
		"a certificate") ||
	    !evidence_check(e, "time", e->timed, "a time"))
		return;
	chain.roots = &chain.leaf;
	compare_frame(e, chain.leaf);
	bool anchor = certder_read(&c, chain.leaf) && c.self_issued;
	bool good = is_good(&chain, e->time, e->arena, &f);

	if (evidence_expects(e, "trust-anchor"))
		(void)evidence_done(e, e->expect, anchor && good, &f);
	else
		(void)evidence_check(e, e->expect,
		    evidence_expects(e, "intermediate") && !anchor && !good,
		    "a CA that is no root");
}

/* Others' reading of the same certificate. */
static void
compare_platform(
    struct entry *e, const struct platcert *c, const json_t *stated)
{
	struct arena *a = e->arena;
	/* clang-format off */
	const struct {
		const char *name;
		struct bytes seen;
	} texts[] = {
		{ "RawTBSAttributeCertificate", base64_encode(a, BASE64_PADDED, c->body) },
		{ "Signature",            base64_encode(a, BASE64_PADDED, c->signature) },
		{ "NotBefore",            time_text(c->not_before, a) },
		{ "NotAfter",             time_text(c->not_after, a) },
		{ "PlatformManufacturer", c->names[PLATCERT_MANUFACTURER] },
		{ "PlatformModel",        c->names[PLATCERT_MODEL] },
		{ "PlatformVersion",      c->names[PLATCERT_VERSION] },
		{ "PlatformSerial",       c->names[PLATCERT_SERIAL] },
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT(texts); i++)
		(void)evidence_text(e, texts[i].name,
		    json_object_get(stated, texts[i].name), texts[i].seen);
}

void
certs_platform(struct entry *e)
{
	struct bytes in, text;
	struct platcert cert;
	struct fault f = { 0 };
	json_t *stated;

	if (!evidence_check(
		e, "files", evidence_file(&in, e, "cert"), "a certificate"))
		return;
	bool parsed = platcert_parse(&cert, in, &f);

	if (!evidence_expects(e, "parse-only")) {
		evidence_outcome(e, parsed, &f);
		return;
	}
	if (!evidence_done(e, e->expect, parsed, &f) ||
	    !evidence_file(&text, e, "upstream_expectation"))
		return;
	/* Serial numbers there are integers of any size. */
	stated = json_loadb(
	    (const char *)text.p, text.n, JSON_DECODE_INT_AS_REAL, NULL);
	if (evidence_check(e, "expectation", stated != NULL, "JSON"))
		compare_platform(e, &cert, stated);
	json_decref(stated);
}
