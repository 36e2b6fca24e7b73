/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/platcert.h"

#include "core/base/der.h"

#define VERSION_2 1u

#define OID(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static const struct bytes alt_name = OID("\x55\x1d\x11");

/* What the subject is called: of the platform profile, and of the one before. */
/* clang-format off */
static const struct {
	struct bytes oid;
	enum platcert_name name;
} attributes[] = {
	{ OID("\x67\x81\x05\x05\x01\x01"), PLATCERT_MANUFACTURER },
	{ OID("\x67\x81\x05\x05\x01\x04"), PLATCERT_MODEL },
	{ OID("\x67\x81\x05\x05\x01\x05"), PLATCERT_VERSION },
	{ OID("\x67\x81\x05\x05\x01\x06"), PLATCERT_SERIAL },
	{ OID("\x67\x81\x05\x02\x04"),     PLATCERT_MANUFACTURER },
	{ OID("\x67\x81\x05\x02\x05"),     PLATCERT_MODEL },
	{ OID("\x67\x81\x05\x02\x06"),     PLATCERT_VERSION },
	{ OID("\x67\x81\x05\x02\x17"),     PLATCERT_SERIAL },
};
/* clang-format on */

static bool
syntax(const char *part, struct fault *f)
{
	return fail(f, FAULT_INPUT, "tpm.platform.syntax",
	    "evidence 19: platform certificate: %s is no DER that we know",
	    part);
}

/* The directory name of GeneralNames, whole. */
static struct bytes
directory_name(struct der *names)
{
	struct der name = der_into(names, DER_EXPLICIT(4));

	return der_any(&name).whole;
}

static void
read_attribute(struct platcert *out, struct der *set)
{
	struct der pair = der_into(set, DER_SEQUENCE);
	struct bytes oid = der_oid(&pair);
	struct bytes text = der_any(&pair).content;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]);
	    i++) {
		if (bytes_equal(oid, attributes[i].oid))
			out->names[attributes[i].name] = text;
	}
}

static bool
read_sets(struct platcert *out, struct der *sets)
{
	while (der_more(sets)) {
		struct der set = der_into(sets, DER_SET);

		while (der_more(&set))
			read_attribute(out, &set);
		if (set.reason != NULL)
			return false;
	}
	return sets->reason == NULL;
}

/* Some write the name itself where a list of names should be. */
static bool
read_names(struct platcert *out, struct bytes value, struct fault *f)
{
	struct der outer = der_over(value);
	struct der general = der_into(&outer, DER_SEQUENCE);
	struct der *sets = &general, name, inner;

	if (der_peek(&general) != DER_SET) {
		name = der_into(&general, DER_EXPLICIT(4));
		inner = der_into(&name, DER_SEQUENCE);
		sets = &inner;
	}
	if (!read_sets(out, sets) || outer.reason != NULL)
		return syntax("subject", f);
	return true;
}

/* Of the extensions only the subject's names are read; the others must have
 * the shape of one. */
static bool
read_extensions(struct platcert *out, struct der *body, struct fault *f)
{
	struct der list = der_into(body, DER_SEQUENCE);

	while (der_more(&list)) {
		struct der one = der_into(&list, DER_SEQUENCE);
		struct bytes oid = der_oid(&one);

		if (der_peek(&one) == DER_BOOLEAN)
			(void)der_boolean(&one);
		struct bytes value = der_octets(&one);

		if (!der_done(&one, f))
			return syntax("an extension", f);
		if (bytes_equal(oid, alt_name) && !read_names(out, value, f))
			return false;
	}
	return der_done(&list, f) || syntax("extensions", f);
}

/* BaseCertificateID: whose certificate it goes with. */
static void
read_holder(struct platcert *out, struct der *body)
{
	struct der holder = der_into(body, DER_SEQUENCE);
	struct der base = der_into(&holder, DER_EXPLICIT(0));
	struct der issuer = der_into(&base, DER_SEQUENCE);

	out->holder_issuer = directory_name(&issuer);
	out->holder_serial = der_take(&base, DER_INTEGER);
	if (holder.reason != NULL || base.reason != NULL ||
	    issuer.reason != NULL)
		der_refuse(body, DER_BAD_VALUE);
}

static void
read_issuer(struct platcert *out, struct der *body)
{
	struct der form = der_into(body, DER_EXPLICIT(0));
	struct der issuer = der_into(&form, DER_SEQUENCE);

	out->issuer = directory_name(&issuer);
	if (form.reason != NULL || issuer.reason != NULL)
		der_refuse(body, DER_BAD_VALUE);
}

static bool
read_body(struct platcert *out, struct bytes content, struct fault *f)
{
	struct der body = der_over(content);
	uint64_t version = der_uint64(&body);

	read_holder(out, &body);
	read_issuer(out, &body);
	(void)der_take(&body, DER_SEQUENCE);
	out->serial = der_take(&body, DER_INTEGER);
	struct der validity = der_into(&body, DER_SEQUENCE);

	out->not_before = der_any(&validity).content;
	out->not_after = der_any(&validity).content;
	struct der others = der_into(&body, DER_SEQUENCE);

	while (der_more(&others))
		(void)der_take(&others, DER_SEQUENCE);
	if (version != VERSION_2 || !der_done(&validity, f) ||
	    !der_done(&others, f) || body.reason != NULL)
		return syntax("its body", f);
	if (!der_more(&body))
		return true;
	return read_extensions(out, &body, f) &&
	       (der_done(&body, f) || syntax("its end", f));
}

bool
platcert_parse(struct platcert *out, struct bytes in, struct fault *f)
{
	struct platcert cert = { 0 };
	struct der outer = der_over(in);
	struct der whole = der_into(&outer, DER_SEQUENCE);
	struct der_item body = der_any(&whole);
	struct der algorithm = der_into(&whole, DER_SEQUENCE);

	cert.body = body.whole;
	cert.algorithm = der_oid(&algorithm);
	cert.signature = der_bits(&whole);
	if (in.n > PLATCERT_SIZE_MAX || body.tag != DER_SEQUENCE ||
	    algorithm.reason != NULL || !der_done(&whole, f) ||
	    !der_done(&outer, f))
		return syntax("its frame", f);
	if (!read_body(&cert, body.content, f))
		return false;
	*out = cert;
	return true;
}
