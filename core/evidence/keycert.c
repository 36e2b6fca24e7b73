/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/keycert.h"

#include "core/base/der.h"

#define EXTENSIONS_MAX 32u
#define RSA_E          65537u
#define KEY_CERT_SIGN  0x04u /* in the first byte of key usage */

#define OID(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

enum extension {
	BASIC_CONSTRAINTS,
	KEY_USAGE,
	ATTESTATION,
	PROVISIONING,
	KNOWN_COUNT
};

static const struct bytes known[KNOWN_COUNT] = {
	[BASIC_CONSTRAINTS] = OID("\x55\x1d\x13"),
	[KEY_USAGE] = OID("\x55\x1d\x0f"),
	[ATTESTATION] = OID("\x2b\x06\x01\x04\x01\xd6\x79\x02\x01\x11"),
	[PROVISIONING] = OID("\x2b\x06\x01\x04\x01\xd6\x79\x02\x01\x1e"),
};

static const struct bytes rsa_encryption =
    OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
static const struct bytes ec_public_key = OID("\x2a\x86\x48\xce\x3d\x02\x01");

static const struct {
	struct bytes oid;
	enum key_kind kind;
	size_t size;
} curves[] = {
	{ OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), KEY_EC_P256, 32 },
	{ OID("\x2b\x81\x04\x00\x22"), KEY_EC_P384, 48 },
};

static const struct bytes serial_number = OID("\x55\x04\x05");
static const struct bytes title = OID("\x55\x04\x0c");
static const struct bytes organization = OID("\x55\x04\x0a");

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static const char syntax[] = "android.chain.syntax";

static bool
broken(const char *part, struct fault *f)
{
	struct fault inner = *f;

	return fail(
	    f, FAULT_INPUT, syntax, "evidence 50: %s: %s", part, inner.why);
}

static int64_t
two_digits(struct cursor *c, bool *good)
{
	uint8_t tens = cursor_u8(c), ones = cursor_u8(c);

	if (tens < '0' || tens > '9' || ones < '0' || ones > '9') {
		*good = false;
		return 0;
	}
	return (tens - '0') * 10 + (ones - '0');
}

/* Days from 1 January 1970 in the Gregorian calendar. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t m = month > 2 ? month - 3 : month + 9;
	int64_t era = y / 400, of_era = y % 400;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       (153 * m + 2) / 5 + day - 1 - 719468;
}

static bool
is_date(int64_t year, int64_t month, int64_t day)
{
	static const int64_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* UTCTime or GeneralizedTime, to the second and in Z: RFC 5280 4.1.2.5. */
static int64_t
read_time(struct der *d)
{
	bool full = der_peek(d) == DER_GENERALIZED_TIME, good = true;
	struct cursor c = cursor_over(
	    der_take(d, full ? DER_GENERALIZED_TIME : DER_UTC_TIME));
	int64_t century = full ? two_digits(&c, &good) : 0;
	int64_t year = two_digits(&c, &good);
	int64_t month = two_digits(&c, &good), day = two_digits(&c, &good);
	int64_t hour = two_digits(&c, &good), minute = two_digits(&c, &good);
	int64_t second = two_digits(&c, &good);

	if (!full)
		century = year < 50 ? 20 : 19;
	year += century * 100;
	good = good && cursor_u8(&c) == 'Z' && cursor_done(&c) && year != 0 &&
	       hour < 24 && minute < 60 && second < 60;
	if (!good || !is_date(year, month, day)) {
		der_refuse(d, DER_BAD_VALUE);
		return 0;
	}
	return days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 +
	       second;
}

static bool
read_validity(struct keycert *out, struct der *tbs, struct fault *f)
{
	struct der d = der_into(tbs, DER_SEQUENCE);

	out->not_before = read_time(&d);
	out->not_after = read_time(&d);
	return der_done(&d, f) || broken("validity", f);
}

static bool
read_rsa(struct keycert *out, struct bytes bits)
{
	struct fault ignored;
	struct der whole = der_over(bits);
	struct der d = der_into(&whole, DER_SEQUENCE);
	struct bytes modulus = der_integer(&d);
	uint64_t e = der_uint64(&d);

	if (!der_done(&d, &ignored) || !der_done(&whole, &ignored) ||
	    e != RSA_E || modulus.n < 2 || modulus.p[0] != 0)
		return false;
	out->key.kind = KEY_RSA;
	out->key.modulus = bytes_of(modulus.p + 1, modulus.n - 1);
	return true;
}

/* An uncompressed point of a curve that we know. */
static bool
read_point(struct keycert *out, struct bytes curve, struct bytes bits)
{
	for (size_t i = 0; i < COUNT(curves); i++) {
		size_t n = curves[i].size;

		if (!bytes_equal(curve, curves[i].oid))
			continue;
		if (bits.n != 1 + 2 * n || bits.p[0] != 4)
			return false;
		out->key.kind = curves[i].kind;
		out->key.x = bytes_of(bits.p + 1, n);
		out->key.y = bytes_of(bits.p + 1 + n, n);
		return true;
	}
	return false;
}

/* A key of another kind is no fault: a phone may attest one. */
static bool
read_key(struct keycert *out, struct der *tbs, struct fault *f)
{
	struct der_item item = der_any(tbs);
	struct der d = der_over(item.content);
	struct der algorithm = der_into(&d, DER_SEQUENCE);
	struct bytes oid = der_oid(&algorithm);
	struct bytes bits = der_bits(&d);

	out->key_info = item.whole;
	if (item.tag != DER_SEQUENCE || !der_done(&d, f))
		return broken("public key", f);
	if (bytes_equal(oid, rsa_encryption)) {
		der_null(&algorithm);
		out->key_known = der_done(&algorithm, f) && read_rsa(out, bits);
	} else if (bytes_equal(oid, ec_public_key)) {
		struct bytes curve = der_oid(&algorithm);

		out->key_known =
		    der_done(&algorithm, f) && read_point(out, curve, bits);
	}
	return true;
}

/* What cannot be read makes nobody a CA, and matters for CAs only: a phone may
 * write it into the first certificate. */
static void
read_constraints(struct keycert *out, struct bytes value)
{
	struct fault ignored;
	struct der whole = der_over(value);
	struct der d = der_into(&whole, DER_SEQUENCE);
	bool ca = der_peek(&d) == DER_BOOLEAN && der_boolean(&d);
	bool limited = der_more(&d);
	int64_t path = limited ? der_int64(&d) : -1;

	out->ca = ca && limited == (path >= 0) && der_done(&d, &ignored) &&
		  der_done(&whole, &ignored);
	out->path_max = path;
}

static void
read_usage(struct keycert *out, struct bytes value)
{
	struct fault ignored;
	struct der whole = der_over(value);
	struct bytes bits = der_take(&whole, DER_BITS);

	out->may_certify = der_done(&whole, &ignored) && bits.n > 1 &&
			   bits.p[0] < 8 && (bits.p[1] & KEY_CERT_SIGN) != 0;
}

static void
keep(struct keycert *out, enum extension which, struct bytes value)
{
	switch (which) {
	case BASIC_CONSTRAINTS:
		read_constraints(out, value);
		break;
	case KEY_USAGE:
		read_usage(out, value);
		break;
	case ATTESTATION:
		out->attestation = value;
		break;
	case PROVISIONING:
		out->provisioning = value;
		break;
	case KNOWN_COUNT:
	default:
		break;
	}
}

/* Some phones write TRUE as 01: whatever is not zero makes it critical. */
static bool
read_critical(struct der *d)
{
	struct bytes content = { 0 };

	if (der_peek(d) == DER_BOOLEAN)
		content = der_take(d, DER_BOOLEAN);
	if (content.n > 1)
		der_refuse(d, DER_BAD_VALUE);
	return content.n == 1 && content.p[0] != 0;
}

static bool
read_extension(
    struct keycert *out, bool *seen, struct der *list, struct fault *f)
{
	struct der d = der_into(list, DER_SEQUENCE);
	struct bytes oid = der_oid(&d);
	bool critical = read_critical(&d);
	struct bytes value = der_octets(&d);
	enum extension which = BASIC_CONSTRAINTS;

	while (which < KNOWN_COUNT && !bytes_equal(known[which], oid))
		which++;
	if (!der_done(&d, f))
		return broken("extension", f);
	if (which == KNOWN_COUNT) {
		out->odd_critical = out->odd_critical || critical;
		return true;
	}
	if (seen[which])
		return fail(f, FAULT_INPUT, syntax,
		    "evidence 50: an extension comes twice");
	seen[which] = true;
	keep(out, which, value);
	return true;
}

static bool
read_extensions(struct keycert *out, struct der *tbs, struct fault *f)
{
	bool seen[KNOWN_COUNT] = { false };
	struct der outer = der_into(tbs, DER_EXPLICIT(3));
	struct der list = der_into(&outer, DER_SEQUENCE);

	if (!der_done(&outer, f))
		return broken("extensions", f);
	for (size_t n = 0; der_more(&list); n++) {
		if (n == EXTENSIONS_MAX)
			return fail(f, FAULT_INPUT, syntax,
			    "evidence 50: more than %u extensions",
			    EXTENSIONS_MAX);
		if (!read_extension(out, seen, &list, f))
			return false;
	}
	return der_done(&list, f) || broken("extensions", f);
}

/* Negative ones were given once: their bytes are kept as they are. */
static bool
read_serial(struct keycert *out, struct der *tbs)
{
	struct bytes serial = der_integer(tbs);

	if (serial.n > 1 && serial.p[0] == 0)
		serial = bytes_of(serial.p + 1, serial.n - 1);
	out->serial = serial;
	return serial.n <= KEYCERT_SERIAL_MAX;
}

static bool
read_tbs(struct keycert *out, struct bytes content, struct fault *f)
{
	struct der tbs = der_over(content);
	struct der version = der_into(&tbs, DER_EXPLICIT(0));
	bool v3 = der_int64(&version) == 2 && der_done(&version, f);

	if (!v3 || !read_serial(out, &tbs))
		return fail(f, FAULT_INPUT, syntax,
		    "evidence 50: no certificate of version 3 with a serial");
	(void)der_take(&tbs, DER_SEQUENCE);
	out->issuer = der_take(&tbs, DER_SEQUENCE);
	if (!read_validity(out, &tbs, f))
		return false;
	out->subject = der_take(&tbs, DER_SEQUENCE);
	if (!read_key(out, &tbs, f))
		return false;
	if (der_peek(&tbs) == DER_EXPLICIT(3) && !read_extensions(out, &tbs, f))
		return false;
	return der_done(&tbs, f) || broken("certificate", f);
}

bool
keycert_parse(struct keycert *out, struct bytes der, struct fault *f)
{
	struct keycert cert = {
		.whole = der,
		.path_max = -1,
		.may_certify = true,
	};
	struct der whole = der_over(der);
	struct der d = der_into(&whole, DER_SEQUENCE);
	struct bytes tbs = der_take(&d, DER_SEQUENCE);

	(void)der_take(&d, DER_SEQUENCE);
	(void)der_bits(&d);
	if (der.n > KEYCERT_MAX)
		return fail(f, FAULT_LIMIT, syntax,
		    "evidence 50: a certificate of %zu bytes", der.n);
	if (!der_done(&whole, f) || !der_done(&d, f))
		return broken("certificate", f);
	if (!read_tbs(&cert, tbs, f))
		return false;
	*out = cert;
	return true;
}

/* The next attribute of a name: names are sets of one attribute, or more. */
static bool
next_attribute(
    struct der *name, struct der *set, struct bytes *oid, struct bytes *text)
{
	if (!der_more(set))
		*set = der_into(name, DER_SET);
	struct der d = der_into(set, DER_SEQUENCE);

	*oid = der_oid(&d);
	*text = der_any(&d).content;
	return d.reason == NULL;
}

enum key_level
keycert_level(const struct keycert *cert)
{
	struct der name = der_over(cert->subject);
	struct der set = der_over((struct bytes){ 0 });
	struct bytes oid, text;

	while (next_attribute(&name, &set, &oid, &text)) {
		if (!bytes_equal(oid, title) && !bytes_equal(oid, organization))
			continue;
		if (bytes_is(text, "TEE"))
			return LEVEL_TEE;
		if (bytes_is(text, "StrongBox"))
			return LEVEL_STRONGBOX;
	}
	return LEVEL_SOFTWARE;
}

bool
keycert_is_factory(const struct keycert *cert)
{
	struct der name = der_over(cert->subject);
	struct der set = der_over((struct bytes){ 0 });
	struct bytes oid, text;
	bool numbered = false;

	while (next_attribute(&name, &set, &oid, &text)) {
		if (!bytes_equal(oid, serial_number) &&
		    !bytes_equal(oid, title))
			return false;
		numbered = numbered || bytes_equal(oid, serial_number);
	}
	return numbered;
}
