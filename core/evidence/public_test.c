/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/public.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/evidence/areas_test.h"

/* Python: SHA-256 of the area, and of 4000000b and the Name. */
static const uint8_t ak_name[34] = { 0x00, 0x0b, 0xe0, 0x87, 0x22, 0x7e, 0x2a,
	0x38, 0xba, 0xcc, 0x8a, 0xca, 0x4e, 0x34, 0x2c, 0x43, 0xf2, 0x50, 0xad,
	0x0f, 0x5b, 0x3e, 0x15, 0x56, 0x77, 0x9f, 0xe0, 0xea, 0xf9, 0x4d, 0xcb,
	0x25, 0x1f, 0x26 };
static const uint8_t ak_qualified[34] = { 0x00, 0x0b, 0x71, 0xa4, 0x56, 0x7b,
	0x0d, 0x64, 0x40, 0x24, 0xf0, 0x08, 0xa7, 0x2d, 0xe2, 0x6c, 0x5a, 0x27,
	0x02, 0x82, 0xe9, 0xb0, 0xa7, 0x44, 0x4c, 0xce, 0x0d, 0xff, 0x24, 0xde,
	0x56, 0x91, 0xc9, 0x70 };

static void
names_are_known(void **state)
{
	struct area area = areas_ak_ecc();
	struct public_area p;
	struct fault f;

	(void)state;
	assert_true(public_parse(&p, areas_bytes(&area), &f));
	struct public_name name = public_name(&p);
	struct public_name qualified = public_qualified_name(&p);

	assert_true(bytes_equal(
	    public_name_bytes(&name), bytes_of(ak_name, sizeof(ak_name))));
	assert_true(bytes_equal(public_name_bytes(&qualified),
	    bytes_of(ak_qualified, sizeof(ak_qualified))));
}

static void
size_in_front_is_exact(void **state)
{
	struct area area = areas_ak_ecc();
	uint8_t sized[2 + sizeof(area.b)] = { (uint8_t)(area.n >> 8),
		(uint8_t)area.n };
	struct public_area p;
	struct fault f;

	(void)state;
	memcpy(sized + 2, area.b, area.n);
	assert_true(public_parse_2b(&p, bytes_of(sized, area.n + 2), &f));
	assert_int_equal(p.raw.n, area.n);
	assert_false(public_parse_2b(&p, bytes_of(sized, area.n + 3), &f));
	assert_string_equal(f.reason, "tpm.public.syntax");
	assert_false(public_parse_2b(&p, bytes_of(sized, area.n + 1), &f));
	assert_string_equal(f.reason, "tpm.public.syntax");
	assert_false(public_parse_2b(&p, bytes_of(sized, 1), &f));
	assert_string_equal(f.reason, "tpm.public.syntax");
}

typedef struct area (*area_maker)(void);
typedef bool (*area_check)(const struct public_area *p, struct fault *f);

static void
templates_pass(void **state)
{
	static const struct {
		area_maker make;
		area_check check;
	} rows[] = {
		{ areas_ak_ecc, public_check_ak },
		{ areas_ak_rsa, public_check_ak },
		{ areas_ak_ecc, public_check_signer },
		{ areas_ek_ecc, public_check_ek },
		{ areas_ek_rsa, public_check_ek },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct area area = rows[i].make();
		struct public_area p;
		struct fault f;

		assert_true(public_parse(&p, areas_bytes(&area), &f));
		assert_true(rows[i].check(&p, &f));
	}
}

/* A 16-bit patch of an area; cut changes its length. */
struct patch {
	const char *what;
	area_maker make;
	size_t at;
	uint16_t value;
	int cut;
};

/* clang-format off */
static const struct patch unparsable[] = {
	{ "type 0",             areas_ak_ecc, AREA_TYPE,         0x0000, 0 },
	{ "keyed hash",         areas_ak_ecc, AREA_TYPE,         0x0008, 0 },
	{ "RSA with a point",   areas_ak_ecc, AREA_TYPE,         0x0001, 0 },
	{ "null nameAlg",       areas_ak_ecc, AREA_NAME_ALG,     0x0010, 0 },
	{ "SM3 nameAlg",        areas_ak_ecc, AREA_NAME_ALG,     0x0012, 0 },
	{ "nameAlg of 48",      areas_ak_ecc, AREA_NAME_ALG,     0x000c, 0 },
	{ "reserved bit",       areas_ak_ecc, AREA_ATTRIBUTES,   0x8005, 0 },
	{ "policy of 31",       areas_ak_ecc, AREA_POLICY,       31,     0 },
	{ "policy of 65535",    areas_ak_ecc, AREA_POLICY,       0xffff, 0 },
	{ "Camellia",           areas_ak_ecc, AREA_SYMMETRIC,    0x0026, 0 },
	{ "ECDAA",              areas_ak_ecc, AREA_SCHEME,       0x001a, 0 },
	{ "RSAPSS on a curve",  areas_ak_ecc, AREA_SCHEME,       0x0016, 0 },
	{ "ECDSA by RSA",       areas_ak_rsa, AREA_SCHEME,       0x0018, 0 },
	{ "P-521",              areas_ak_ecc, AREA_CURVE,        0x0005, 0 },
	{ "x of 33",            areas_ak_ecc, AREA_X,            33,     0 },
	{ "x of 0",             areas_ak_ecc, AREA_X,            0,      0 },
	{ "cut",                areas_ak_ecc, AREA_TYPE,         0x0023, -1 },
	{ "one byte more",      areas_ak_ecc, AREA_TYPE,         0x0023, 1 },
	{ "RSA-1024",           areas_ak_rsa, AREA_BITS,         1024,   0 },
	{ "3072 bits in 256",   areas_ak_rsa, AREA_BITS,         3072,   0 },
	{ "exponent 3",         areas_ak_rsa, AREA_EXPONENT + 2, 3,      0 },
	{ "exponent 2^16",      areas_ak_rsa, AREA_EXPONENT,     1,      0 },
	{ "modulus of 65535",   areas_ak_rsa, AREA_MODULUS,      0xffff, 0 },
	{ "top bit clear",      areas_ak_rsa, AREA_MODULUS + 2,  0x7fff, 0 },
	{ "even modulus",       areas_ak_rsa, AREA_MODULUS_END,  0xfffe, 0 },
	{ "RSA cut",            areas_ak_rsa, AREA_TYPE,         0x0001, -2 },
};

static const struct patch no_ak[] = {
	{ "not restricted",       areas_ak_ecc, AREA_ATTRIBUTES,     0x0004, 0 },
	{ "also decrypts",        areas_ak_ecc, AREA_ATTRIBUTES,     0x0007, 0 },
	{ "does not sign",        areas_ak_ecc, AREA_ATTRIBUTES,     0x0001, 0 },
	{ "not fixedTPM",         areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x04b0, 0 },
	{ "not fixedParent",      areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x04a2, 0 },
	{ "made elsewhere",       areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x0492, 0 },
	{ "userWithAuth",         areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x04f2, 0 },
	{ "no adminWithPolicy",   areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x0432, 0 },
	{ "may be duplicated",    areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x0cb2, 0 },
	{ "stClear",              areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x04b6, 0 },
	{ "noDA missing",         areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x00b2, 0 },
	{ "signs X.509",          areas_ak_ecc, AREA_ATTRIBUTES,     0x000d, 0 },
	{ "SHA-1",                areas_ak_ecc, AREA_SCHEME + 2,     0x0004, 0 },
	{ "SHA-384",              areas_ak_ecc, AREA_SCHEME + 2,     0x000c, 0 },
	{ "RSASSA",               areas_ak_rsa, AREA_SCHEME,         0x0014, 0 },
	{ "an EK",                areas_ek_rsa, AREA_TYPE,           0x0001, 0 },
};

static const struct patch no_signer[] = {
	{ "not restricted",  areas_ak_ecc, AREA_ATTRIBUTES,     0x0004, 0 },
	{ "also decrypts",   areas_ak_ecc, AREA_ATTRIBUTES,     0x0007, 0 },
	{ "does not sign",   areas_ak_ecc, AREA_ATTRIBUTES,     0x0001, 0 },
	{ "not fixedTPM",    areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x04b0, 0 },
	{ "not fixedParent", areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x04a2, 0 },
	{ "made elsewhere",  areas_ak_ecc, AREA_ATTRIBUTES + 2, 0x0492, 0 },
};

static const struct patch no_ek[] = {
	{ "an AK",              areas_ak_ecc, AREA_TYPE,           0x0023, 0 },
	{ "signs",              areas_ek_ecc, AREA_ATTRIBUTES,     0x0007, 0 },
	{ "userWithAuth",       areas_ek_ecc, AREA_ATTRIBUTES + 2, 0x00f2, 0 },
	{ "not fixedTPM",       areas_ek_rsa, AREA_ATTRIBUTES + 2, 0x00b0, 0 },
	{ "another policy",     areas_ek_rsa, AREA_POLICY + 2,     0x8372, 0 },
	{ "AES-256",            areas_ek_rsa, AREA_SYMMETRIC + 2,  256,    0 },
	{ "CBC",                areas_ek_rsa, AREA_SYMMETRIC + 4,  0x0042, 0 },
};
/* clang-format on */

static void
refuse(const struct patch *rows, size_t count, area_check check,
    const char *reason)
{
	for (size_t i = 0; i < count; i++) {
		struct area area = rows[i].make();
		struct public_area p;
		struct fault f = { 0 };

		area.b[rows[i].at] = (uint8_t)(rows[i].value >> 8);
		area.b[rows[i].at + 1] = (uint8_t)rows[i].value;
		area.n = (size_t)((int)area.n + rows[i].cut);
		bool parsed = public_parse(&p, areas_bytes(&area), &f);

		if (parsed != (check != NULL))
			fail_msg("%s: parsed %d", rows[i].what, parsed);
		if (check != NULL && check(&p, &f))
			fail_msg("%s: accepted", rows[i].what);
		if (strcmp(f.reason, reason) != 0)
			fail_msg("%s: %s", rows[i].what, f.reason);
	}
}

#define REFUSE(rows, check, reason) \
	refuse(rows, sizeof(rows) / sizeof(rows[0]), check, reason)

static void
other_shapes_are_refused(void **state)
{
	(void)state;
	REFUSE(unparsable, NULL, "tpm.public.syntax");
}

static void
other_keys_are_refused(void **state)
{
	(void)state;
	REFUSE(no_ak, public_check_ak, "tpm.ak.attributes");
	REFUSE(no_signer, public_check_signer, "tpm.ak.attributes");
	REFUSE(no_ek, public_check_ek, "tpm.ek.template");
}

static void
certificate_is_the_keys(void **state)
{
	struct area area = areas_ek_ecc(), rsa = areas_ek_rsa();
	struct public_area p, other;
	struct fault f;
	uint8_t wide[48] = { 0 };

	(void)state;
	assert_true(public_parse(&p, areas_bytes(&area), &f));
	assert_true(public_parse(&other, areas_bytes(&rsa), &f));
	struct public_key key = p.key;

	assert_true(public_check_certificate(&p, &key, &f));
	/* Left zeros carry no meaning. */
	memcpy(wide + 16, p.key.x.p, 32);
	key.x = bytes_of(wide, sizeof(wide));
	assert_true(public_check_certificate(&p, &key, &f));
	wide[47] ^= 1;
	assert_false(public_check_certificate(&p, &key, &f));
	assert_string_equal(f.reason, "tpm.ek.binding");
	assert_false(public_check_certificate(&p, &other.key, &f));
	assert_string_equal(f.reason, "tpm.ek.binding");
	key = p.key;
	key.kind = KEY_EC_P384;
	assert_false(public_check_certificate(&p, &key, &f));
	assert_string_equal(f.reason, "tpm.ek.binding");
	key = other.key;
	key.modulus.n--;
	assert_false(public_check_certificate(&other, &key, &f));
	assert_string_equal(f.reason, "tpm.ek.binding");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(names_are_known),
		cmocka_unit_test(size_in_front_is_exact),
		cmocka_unit_test(templates_pass),
		cmocka_unit_test(other_shapes_are_refused),
		cmocka_unit_test(other_keys_are_refused),
		cmocka_unit_test(certificate_is_the_keys),
	};

	return cmocka_run_group_tests_name("public", units, NULL, NULL);
}
