/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/ekcert.h"

#include "core/base/der.h"
#include "core/evidence/certder.h"

#define SERIAL_MAX 20u

#define OID_KEY_USAGE "2.5.29.15"
#define OID_ALT_NAME  "2.5.29.17"
#define OID_CRL_POINT "2.5.29.31"
#define OID_PURPOSES  "2.5.29.37"
#define TCG_ARC       "2.23.133."

#define DER_DIRECTORY_NAME DER_EXPLICIT(4)

/* Bits of the first byte of a key usage. */
#define USAGE_SIGNATURE   0x80u
#define USAGE_ENDORSEMENT 0x28u /* of keys: encipherment or agreement */

/* tcg-kp-EKCertificate and tcg-kp-AIKCertificate: 2.23.133.8.1 and .3. */
#define PURPOSE_EK "\x67\x81\x05\x08\x01"
#define PURPOSE_AK "\x67\x81\x05\x08\x03"

/* tcg-at-tpm...: 2.23.133.2, of which the last arc says what. */
static const uint8_t tpm_attribute[] = { 0x67, 0x81, 0x05, 0x02 };
#define TPM_MANUFACTURER 1u
#define TPM_MODEL        2u
#define TPM_VERSION      3u

const char *
ekcert_quirk_text(enum ekcert_quirk_place place)
{
	static const char *const texts[] = {
#define EKCERT_TEXT(name, text) text,
		EKCERT_QUIRKS(EKCERT_TEXT)
#undef EKCERT_TEXT
	};

	return texts[place];
}

/* NV indices are as large as the largest certificate: what is behind one is
 * as the index was erased. */
static bool
strip(struct ekcert *out, struct bytes in)
{
	if (x509_split_der(&out->der, 1, in) != 1) {
		out->der = in;
		return true;
	}
	uint8_t erased = in.p[in.n - 1];

	for (size_t i = out->der.n; i < in.n; i++) {
		if (in.p[i] != erased || (erased != 0 && erased != 0xff))
			return false;
	}
	if (out->der.n != in.n)
		out->quirks |= EKCERT_PADDED;
	return true;
}

/* Serial numbers are positive numbers of at most 20 bytes (RFC 5280). */
static bool
is_odd_serial(struct bytes serial)
{
	return serial.n == 0 || serial.n > SERIAL_MAX ||
	       (serial.p[0] & 0x80u) != 0 || (serial.n == 1 && *serial.p == 0);
}

/* sha1WithRSAEncryption, ecdsa-with-SHA1. */
static bool
is_sha1(struct bytes algorithm)
{
	return bytes_equal(
		   algorithm, BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05")) ||
	       bytes_equal(algorithm, BYTES("\x2a\x86\x48\xce\x3d\x04\x01"));
}

static void
read_frame(struct ekcert *out)
{
	struct certder frame;
	bool read = certder_read(&frame, out->der);

	if (!read || is_odd_serial(frame.serial))
		out->quirks |= EKCERT_SERIAL;
	if (read && is_sha1(frame.algorithm))
		out->quirks |= EKCERT_SHA1;
}

/* One attribute of a name, if it is about the TPM. */
static void
read_attribute(struct ekcert *out, struct der *d)
{
	struct der pair = der_into(d, DER_SEQUENCE);
	struct bytes oid = der_oid(&pair);
	struct bytes text = der_any(&pair).content;

	if (oid.n != sizeof(tpm_attribute) + 1 ||
	    !bytes_starts(oid, bytes_of(tpm_attribute, sizeof(tpm_attribute))))
		return;
	uint8_t which = oid.p[sizeof(tpm_attribute)];

	if (which == TPM_MANUFACTURER)
		out->manufacturer = text;
	else if (which == TPM_MODEL)
		out->model = text;
	else if (which == TPM_VERSION)
		out->version = text;
}

/* Vendors put the three attributes into one set, or a set around each. */
static void
read_directory_name(struct ekcert *out, struct der *names)
{
	struct der name = der_into(names, DER_DIRECTORY_NAME);
	struct der sets = der_into(&name, DER_SEQUENCE);

	while (der_more(&sets)) {
		struct der set = der_into(&sets, DER_SET);

		while (der_more(&set))
			read_attribute(out, &set);
		if (set.reason != NULL)
			der_refuse(&sets, set.reason);
	}
	if (sets.reason != NULL)
		der_refuse(names, sets.reason);
}

static void
read_names(struct ekcert *out, const struct x509_extension *ext)
{
	struct der outer = der_over(ext == NULL ? BYTES("") : ext->value);
	struct fault f = { 0 };

	if (ext != NULL) {
		struct der names = der_into(&outer, DER_SEQUENCE);

		while (der_more(&names)) {
			if (der_peek(&names) == DER_DIRECTORY_NAME)
				read_directory_name(out, &names);
			else
				(void)der_any(&names);
		}
		if (!der_done(&outer, &f) || !der_done(&names, &f))
			out->quirks |= EKCERT_BAD_NAME;
	}
	if (out->manufacturer.n == 0 || out->model.n == 0 ||
	    out->version.n == 0)
		out->quirks |= EKCERT_NO_NAME;
}

/* A certificate that names purposes is for these only. */
static bool
has_purpose(const struct ekcert *c, struct bytes purpose)
{
	const struct x509_extension *ext =
	    x509_extension(&c->extensions, OID_PURPOSES);
	bool has = false;

	if (ext == NULL)
		return true;
	struct der outer = der_over(ext->value);
	struct der purposes = der_into(&outer, DER_SEQUENCE);

	while (der_more(&purposes)) {
		if (bytes_equal(der_oid(&purposes), purpose))
			has = true;
	}
	return has && purposes.reason == NULL;
}

/* No key usage is for everything. */
static bool
has_usage(const struct ekcert *c, uint8_t usage)
{
	const struct x509_extension *ext =
	    x509_extension(&c->extensions, OID_KEY_USAGE);

	if (ext == NULL)
		return true;
	struct der outer = der_over(ext->value);
	struct bytes bits = der_take(&outer, DER_BITS);

	return bits.n >= 2 && (bits.p[1] & usage) != 0;
}

static void
read_quirks(struct ekcert *out)
{
	if (!der_is_strict(out->der))
		out->quirks |= EKCERT_LOOSE;
	const struct x509_extensions *in = &out->extensions;

	if (x509_extension(in, OID_PURPOSES) == NULL)
		out->quirks |= EKCERT_NO_PURPOSE;
	else if (has_purpose(out, BYTES(PURPOSE_EK)) &&
		 !has_usage(out, USAGE_ENDORSEMENT))
		out->quirks |= EKCERT_ODD_USAGE;
	if (x509_extension(in, OID_KEY_USAGE) == NULL)
		out->quirks |= EKCERT_NO_USAGE;
	if (x509_extension(in, OID_CRL_POINT) == NULL)
		out->quirks |= EKCERT_NO_POINT;
	for (size_t i = 0; i < in->n; i++) {
		if (in->of[i].critical &&
		    bytes_starts(in->of[i].oid, BYTES(TCG_ARC)))
			out->quirks |= EKCERT_CRITICAL;
	}
	read_frame(out);
}

bool
ekcert_parse(
    struct ekcert *out, struct bytes in, struct arena *a, struct fault *f)
{
	struct ekcert *c = arena_alloc(a, sizeof(*c));

	if (c == NULL)
		return arena_check(a, f);
	if (!strip(c, in))
		return fail(f, FAULT_INPUT, "tpm.ek.padding",
		    "evidence 11: %zu bytes behind the certificate are no "
		    "padding",
		    in.n - c->der.n);
	if (!x509_facts(&c->facts, c->der, a, f) ||
	    !x509_extensions(&c->extensions, c->der, a, f))
		return false;
	read_names(c, x509_extension(&c->extensions, OID_ALT_NAME));
	read_quirks(c);
	*out = *c;
	return true;
}

/* The purpose says it all; only without one the usage must do. */
static bool
may_endorse(const struct ekcert *c)
{
	return x509_extension(&c->extensions, OID_PURPOSES) != NULL
		   ? has_purpose(c, BYTES(PURPOSE_EK))
		   : has_usage(c, USAGE_ENDORSEMENT);
}

static bool
may_attest(const struct ekcert *c)
{
	return has_usage(c, USAGE_SIGNATURE) &&
	       has_purpose(c, BYTES(PURPOSE_AK));
}

bool
ekcert_check_use(const struct ekcert *c, enum ekcert_use use, struct fault *f)
{
	bool ek = use == EKCERT_ENDORSEMENT;

	if (c->facts.is_ca)
		return fail(f, FAULT_VERIFY, ek ? "tpm.ek.ca" : "tpm.ak.ca",
		    "measurement 11: the certificate is a CA's");
	if (ek && !may_endorse(c))
		return fail(f, FAULT_VERIFY, "tpm.ek.usage",
		    "measurement 11: the certificate is for other uses than an "
		    "endorsement key's");
	if (!ek && !may_attest(c))
		return fail(f, FAULT_VERIFY, "tpm.ak.usage",
		    "evidence 13: the certificate is for other uses than an "
		    "attestation key's");
	return true;
}
