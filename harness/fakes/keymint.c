/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/fakes/keymint.h"

#include <stdio.h>

#define NONE (struct bytes){ 0 }

static const char attestation_oid[] = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x01"
				      "\x11";
static const char provisioning_oid[] = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x01"
				       "\x1e";

static struct bytes
put_name(struct arena *a, const struct keymint_name name[2])
{
	struct bytes sets[2] = { NONE, NONE };

	for (size_t i = 0; i < 2 && name[i].text != NULL; i++) {
		uint8_t oid[] = { 0x55, 0x04, name[i].attribute };
		struct bytes one = DERPUT(a, DER_SEQUENCE,
		    DERPUT(a, DER_OID, bytes_of(oid, sizeof(oid))),
		    DERPUT(a, DER_PRINTABLE, bytes_text(name[i].text)));

		sets[i] = DERPUT(a, DER_SET, one);
	}
	return derput(a, DER_SEQUENCE, sets, 2);
}

static struct bytes
put_time(struct arena *a, const char *text)
{
	return DERPUT(a,
	    strlen(text) == 15 ? DER_GENERALIZED_TIME : DER_UTC_TIME,
	    bytes_text(text));
}

static struct bytes
put_extension(
    struct arena *a, struct bytes oid, bool critical, struct bytes value)
{
	return DERPUT(a, DER_SEQUENCE, DERPUT(a, DER_OID, oid),
	    critical ? derput_boolean(a, true) : NONE,
	    DERPUT(a, DER_OCTETS, value));
}

static struct bytes
put_constraints(struct arena *a, const struct keymint_cert *cert)
{
	struct bytes value = DERPUT(a, DER_SEQUENCE,
	    cert->ca ? derput_boolean(a, true) : NONE,
	    cert->path < 0 ? NONE : derput_integer(a, DER_INTEGER, cert->path));

	return put_extension(a, BYTES("\x55\x1d\x13"), true, value);
}

static struct bytes
put_usage(struct arena *a, int usage)
{
	uint8_t bits[] = { 0, (uint8_t)usage };
	struct bytes value = DERPUT(a, DER_BITS, bytes_of(bits, sizeof(bits)));

	return put_extension(a, BYTES("\x55\x1d\x0f"), true, value);
}

static struct bytes
put_extensions(struct arena *a, const struct keymint_cert *cert)
{
	struct bytes list[] = {
		cert->ca || cert->path >= 0 ? put_constraints(a, cert) : NONE,
		cert->usage < 0 ? NONE : put_usage(a, cert->usage),
		cert->attestation.p == NULL
		    ? NONE
		    : put_extension(a, bytes_text(attestation_oid), false,
			  cert->attestation),
		cert->provisioning.p == NULL
		    ? NONE
		    : put_extension(a, bytes_text(provisioning_oid), false,
			  cert->provisioning),
		cert->odd_critical
		    ? put_extension(a, BYTES("\x2a\x03"), true, BYTES("\x05"))
		    : NONE,
	};

	return DERPUT(a, DER_EXPLICIT(3),
	    derput(a, DER_SEQUENCE, list, sizeof(list) / sizeof(*list)));
}

static struct bytes
put_algorithm(struct arena *a, const struct keymint_cert *cert)
{
	if (cert->instead_of_algorithm.p != NULL)
		return cert->instead_of_algorithm;
	if (cert->by == KEYMINT_WEAK)
		return DERPUT(a, DER_SEQUENCE,
		    DERPUT(a, DER_OID,
			BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b")),
		    DERPUT(a, DER_NULL, NONE));
	return DERPUT(a, DER_SEQUENCE,
	    DERPUT(a, DER_OID, BYTES("\x2a\x86\x48\xce\x3d\x04\x03\x02")));
}

struct bytes
keymint_certify(const struct keymint_cert *cert, struct arena *a)
{
	struct bytes serial = bytes_of(cert->serial, cert->nserial);
	struct bytes algorithm = put_algorithm(a, cert);
	struct bytes tbs = DERPUT(a, DER_SEQUENCE,
	    DERPUT(a, DER_EXPLICIT(0), derput_integer(a, DER_INTEGER, 2)),
	    DERPUT(a, DER_INTEGER, serial), algorithm,
	    put_name(a, cert->issuer),
	    DERPUT(a, DER_SEQUENCE, put_time(a, cert->from),
		put_time(a, cert->to)),
	    put_name(a, cert->subject), keymint_key_info(cert->of, a),
	    put_extensions(a, cert));

	return DERPUT(a, DER_SEQUENCE, tbs, algorithm,
	    DERPUT(a, DER_BITS, BYTES("\x00"), keymint_sign(cert->by, tbs, a)));
}

static struct bytes
put_tag(struct arena *a, uint32_t tag, int64_t value)
{
	return value < 0 ? NONE
			 : DERPUT(a, DER_EXPLICIT(tag),
			       derput_integer(a, DER_INTEGER, value));
}

static struct bytes
put_package(struct arena *a, const char *name, int64_t version)
{
	return DERPUT(a, DER_SEQUENCE, DERPUT(a, DER_OCTETS, bytes_text(name)),
	    derput_integer(a, DER_INTEGER, version));
}

static struct bytes
put_app(struct arena *a, const struct keymint_description *d)
{
	struct bytes packages[2 + 64] = { NONE }, signers[2] = { NONE, NONE };
	size_t n = 2;

	for (size_t i = 0; i < 2; i++) {
		if (d->packages[i] != NULL)
			packages[i] =
			    put_package(a, d->packages[i], d->package_version);
		if (d->signers[i].p != NULL)
			signers[i] = DERPUT(a, DER_OCTETS, d->signers[i]);
	}
	for (; n < 2 + d->more_packages; n++)
		packages[n] = put_package(a, "a", 1);
	struct bytes app = DERPUT(a, DER_SEQUENCE,
	    derput(a, DER_SET, packages, n), derput(a, DER_SET, signers, 2));

	return DERPUT(a, DER_EXPLICIT(709), DERPUT(a, DER_OCTETS, app));
}

static struct bytes
put_root(struct arena *a, const struct keymint_description *d)
{
	struct bytes locked = d->locked_as.p == NULL
				  ? derput_boolean(a, d->locked)
				  : DERPUT(a, DER_BOOLEAN, d->locked_as);

	if (!d->with_root)
		return NONE;
	return DERPUT(a, DER_EXPLICIT(704),
	    DERPUT(a, DER_SEQUENCE, DERPUT(a, DER_OCTETS, d->boot_key), locked,
		derput_integer(a, DER_ENUMERATED, d->boot_state),
		d->boot_hash.p == NULL ? NONE
				       : DERPUT(a, DER_OCTETS, d->boot_hash)));
}

static struct bytes
put_hardware(struct arena *a, const struct keymint_description *d)
{
	struct bytes purposes[2] = { NONE, NONE };

	for (size_t i = 0; i < 2; i++)
		if (d->purposes[i] >= 0)
			purposes[i] =
			    derput_integer(a, DER_INTEGER, d->purposes[i]);
	return DERPUT(a, DER_SEQUENCE,
	    DERPUT(a, DER_EXPLICIT(1), derput(a, DER_SET, purposes, 2)),
	    put_tag(a, 2, d->algorithm), put_tag(a, 3, 256),
	    d->all_applications
		? DERPUT(a, DER_EXPLICIT(600), DERPUT(a, DER_NULL, NONE))
		: NONE,
	    put_tag(a, 702, d->origin), put_root(a, d), put_tag(a, 705, 140000),
	    put_tag(a, 706, d->os_patch), put_tag(a, 718, d->vendor_patch),
	    put_tag(a, 719, d->boot_patch), d->hardware_more);
}

struct bytes
keymint_describe(const struct keymint_description *d, struct arena *a)
{
	return DERPUT(a, DER_SEQUENCE,
	    derput_integer(a, DER_INTEGER, d->version),
	    derput_integer(a, DER_ENUMERATED, d->level),
	    derput_integer(a, DER_INTEGER, d->keymint_version),
	    derput_integer(a, DER_ENUMERATED, d->keymint_level),
	    DERPUT(a, DER_OCTETS, d->challenge), DERPUT(a, DER_OCTETS, NONE),
	    DERPUT(
		a, DER_SEQUENCE, put_tag(a, 701, 1700000000000), put_app(a, d)),
	    put_hardware(a, d));
}

static const struct keymint_description description = {
	.version = 300,
	.keymint_version = 300,
	.level = 1,
	.keymint_level = 1,
	.challenge = { (const uint8_t *)"challenge", 9 },
	.with_root = true,
	.locked = true,
	.boot_key = { (const uint8_t *)"11111111111111111111111111111111", 32 },
	.boot_hash = { (const uint8_t *)"22222222222222222222222222222222",
	    32 },
	.os_patch = 202405,
	.vendor_patch = 20240505,
	.boot_patch = 20240505,
	.purposes = { 2, 3 },
	.algorithm = 3,
	.packages = { "org.example.node" },
	.package_version = 7,
	.signers = { { (const uint8_t *)"33333333333333333333333333333333",
	    32 } },
};

static const struct keymint phone = {
	.certs = {
		{ .of = KEYMINT_KEY, .by = KEYMINT_BATCH,
		    .subject = { { 3, "Android Keystore Key" } },
		    .issuer = { { 10, "TEE" }, { 3, "0123456789abcdef" } },
		    .serial = "\x01", .nserial = 1,
		    .from = "700101000000Z", .to = "480101000000Z",
		    .path = -1, .usage = 0x80 },
		{ .of = KEYMINT_BATCH, .by = KEYMINT_SERVER,
		    .subject = { { 10, "TEE" }, { 3, "0123456789abcdef" } },
		    .issuer = { { 3, "Fake CA3" }, { 10, "Fake LLC" } },
		    .serial = "\x00\xab\xcd\xef", .nserial = 4,
		    .from = "250601000000Z", .to = "250731000000Z",
		    .ca = true, .path = -1, .usage = 0x04,
		    .provisioning = { (const uint8_t *)
			"\xa2\x01\x10\x03\x64" "Fake", 9 } },
		{ .of = KEYMINT_SERVER, .by = KEYMINT_ROOT,
		    .subject = { { 3, "Fake CA3" }, { 10, "Fake LLC" } },
		    .issuer = { { 3, "Fake root" } },
		    .serial = "\x12\x34\x56\x78\x90\x12", .nserial = 6,
		    .from = "250101000000Z", .to = "270101000000Z",
		    .ca = true, .path = 1, .usage = 0x06 },
		{ .of = KEYMINT_ROOT, .by = KEYMINT_ROOT,
		    .subject = { { 3, "Fake root" } },
		    .issuer = { { 3, "Fake root" } },
		    .serial = "\x05", .nserial = 1,
		    .from = "250101000000Z", .to = "20550101000000Z",
		    .ca = true, .path = -1, .usage = -1 },
	},
};

void
keymint_phone(struct keymint *out)
{
	*out = phone;
	out->description = description;
}

void
keymint_factory_phone(struct keymint *out)
{
	static const struct keymint_name batch[2] = { { 12, "TEE" },
		{ 5, "0123456789abcdef" } };
	static const struct keymint_name factory[2] = { { 5, "fedcba987" } };

	keymint_phone(out);
	memcpy(out->certs[0].issuer, batch, sizeof(batch));
	memcpy(out->certs[1].subject, batch, sizeof(batch));
	memcpy(out->certs[1].issuer, factory, sizeof(factory));
	memcpy(out->certs[2].subject, factory, sizeof(factory));
	out->certs[1].provisioning = NONE;
}

void
keymint_chain(struct bytes out[KEYMINT_CHAIN], const struct keymint *from,
    struct arena *a)
{
	struct keymint_cert first = from->certs[0];

	if (first.attestation.p == NULL)
		first.attestation = keymint_describe(&from->description, a);
	out[0] = keymint_certify(&first, a);
	for (size_t i = 1; i < KEYMINT_CHAIN; i++)
		out[i] = keymint_certify(&from->certs[i], a);
}

struct sha256
keymint_root(struct arena *a)
{
	return sha256_of(keymint_key_info(KEYMINT_ROOT, a));
}
