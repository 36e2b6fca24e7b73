/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of TPM keys: vendors' real ones, and made-up ones. */
#include "core/evidence/ekcert.h"

#include "core/crypto/certs_test.h"
#include "core/crypto/crypto.h"
#include "core/evidence/certder.h"
#include "core/evidence/ekchain.h"
#include "core/evidence/spki.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t block[4u << 20];
static struct arena a;

struct row {
	const char *file, *maker, *model, *version;
	uint32_t quirks;
	const char *endorses, *attests; /* reasons; "" may */
};

/* clang-format off */
static const struct row rows[] = {
	{ "ek-49465800-rsa-2048-848dd753",      "id:49465800", "SLB 9665",     "id:053D",     0, "", "tpm.ak.usage" },
	{ "ek-474f4f47-rsa-2048-7dbdf36e",      "id:474F4F47", "vTPM",         "id:20160511", EKCERT_ODD_USAGE, "", "tpm.ak.usage" },
	{ "ek-00001014-rsa-2048-8905c6d8",      "id:00001014", "swtpm",        "id:20191023", EKCERT_NO_POINT, "", "tpm.ak.usage" },
	{ "ak-53544d20-rsa-2048-1d77cb25",      "id:53544D20", "ST33HTPHAHD8", "id:00010102", EKCERT_NO_POINT, "tpm.ek.usage", "" },
	{ "gce-gce-rsa-2048-d7e02731",          "",            "",             "",            EKCERT_NO_PURPOSE | EKCERT_NO_POINT | EKCERT_NO_NAME, "tpm.ek.usage", "" },
	{ "syn-ek-plain",                       "id:48595054", "hyperTPM",     "id:00010002", EKCERT_NO_POINT, "", "tpm.ak.usage" },
	{ "syn-ek-no-eku",                      "id:48595054", "hyperTPM",     "id:00010002", EKCERT_NO_PURPOSE | EKCERT_NO_POINT, "", "tpm.ak.usage" },
	{ "syn-ek-trailing",                    "id:48595054", "hyperTPM",     "id:00010002", EKCERT_PADDED | EKCERT_NO_POINT, "", "tpm.ak.usage" },
	{ "syn-ek-serial-negative",             "id:48595054", "hyperTPM",     "id:00010002", EKCERT_SERIAL | EKCERT_NO_POINT, "", "tpm.ak.usage" },
	{ "syn-ek-leaf-ca-true",                "",            "",             "",            EKCERT_ODD_USAGE | EKCERT_NO_POINT | EKCERT_NO_NAME, "tpm.ek.ca", "tpm.ak.ca" },
	{ "own-tcg-critical",                   "",            "",             "",            EKCERT_NO_PURPOSE | EKCERT_NO_USAGE | EKCERT_NO_POINT | EKCERT_NO_NAME | EKCERT_CRITICAL, "", "" },
	{ "own-sha1",                           "",            "",             "",            EKCERT_NO_PURPOSE | EKCERT_NO_USAGE | EKCERT_NO_POINT | EKCERT_NO_NAME | EKCERT_SHA1, "", "" },
};
/* clang-format on */

static void
expect_use(const struct row *row, const struct ekcert *c, enum ekcert_use use,
    const char *reason)
{
	struct fault f = { 0 };
	bool may = ekcert_check_use(c, use, &f);

	if (may != (reason[0] == '\0') || strcmp(f.reason, reason) != 0)
		fail_msg("%s: [%s] %s", row->file, f.reason, f.why);
}

static void
what_vendors_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct ekcert c;
		struct fault f = { 0 };

		arena_init(&a, block, sizeof(block));
		if (!ekcert_parse(&c, certs_load(row->file, &a), &a, &f))
			fail_msg("%s: [%s] %s", row->file, f.reason, f.why);
		if (c.quirks != row->quirks || !bytes_is(c.model, row->model) ||
		    !bytes_is(c.manufacturer, row->maker) ||
		    !bytes_is(c.version, row->version))
			fail_msg("%s: quirks 0x%x, %.*s %.*s %.*s", row->file,
			    c.quirks, (int)c.manufacturer.n, c.manufacturer.p,
			    (int)c.model.n, c.model.p, (int)c.version.n,
			    c.version.p);
		expect_use(row, &c, EKCERT_ENDORSEMENT, row->endorses);
		expect_use(row, &c, EKCERT_ATTESTATION, row->attests);
	}
}

static const struct {
	const char *file, *reason;
} refused[] = {
	{ "syn-ek-trailing-garbage", "tpm.ek.padding" },
	{ "syn-ek-hugelen", "x509.der" },
	{ "syn-ek-deep-definite", "x509.der" },
	{ "own-rsa-1024", "x509.key" },
	{ "own-rsa-e3", "x509.key" },
};

static void
what_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct ekcert c;
		struct fault f = { 0 };

		arena_init(&a, block, sizeof(block));
		assert_false(
		    ekcert_parse(&c, certs_load(refused[i].file, &a), &a, &f));
		assert_string_equal(f.reason, refused[i].reason);
	}
}

/* Whatever byte is wrong, a frame is one or none. */
static void
frames(void **state)
{
	struct certder c;

	(void)state;
	arena_init(&a, block, sizeof(block));
	struct bytes der = certs_load("own-root", &a);

	assert_true(certder_read(&c, der));
	assert_true(c.self_issued);
	for (size_t n = 0; n < der.n; n++)
		assert_false(certder_read(&c, bytes_of(der.p, n)));
	assert_true(certder_read(&c, certs_load("syn-ek-plain", &a)));
	assert_false(c.self_issued);
}

static void
keys_by_themselves(void **state)
{
	static const char *const files[] = { "syn-ek-plain",
		"ek-474f4f47-ecc-secp256r1-9fdd7997",
		"ek-00001014-ecc-secp384r1-54b0e605" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct fault f = { 0 };
		struct public_key key;
		struct certder c;
		struct ekcert cert;

		arena_init(&a, block, sizeof(block));
		struct bytes der = certs_load(files[i], &a);

		assert_true(ekcert_parse(&cert, der, &a, &f));
		assert_true(certder_read(&c, der));
		assert_true(spki_parse(&key, c.key_info, &f));
		assert_int_equal(key.kind, cert.facts.key.kind);
		assert_true(bytes_equal(key.modulus, cert.facts.key.modulus));
		assert_true(bytes_equal(key.x, cert.facts.key.x));
		assert_true(bytes_equal(key.y, cert.facts.key.y));
		for (size_t n = 0; n < c.key_info.n; n++) {
			assert_false(
			    spki_parse(&key, bytes_of(c.key_info.p, n), &f));
			assert_string_equal(f.reason, "tpm.public.syntax");
		}
	}
}

static void
keys_that_are_not_ours(void **state)
{
	static const char *const files[] = { "own-rsa-1024", "own-rsa-e3",
		"own-p521" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct fault f = { 0 };
		struct public_key key;
		struct certder c;

		arena_init(&a, block, sizeof(block));
		assert_true(certder_read(&c, certs_load(files[i], &a)));
		assert_false(spki_parse(&key, c.key_info, &f));
		assert_string_equal(f.reason, "tpm.public.syntax");
	}
}

#define AT 1748736000

static bool
leads(const char *leaf, const char *between, const char *const roots[2],
    int64_t at)
{
	struct bytes certs[4] = { certs_load(leaf, &a) };
	struct x509_chain chain = { .leaf = certs[0],
		.roots = &certs[2],
		.at = at },
			  path;
	struct fault f = { 0 };

	if (between != NULL)
		certs[1] = certs_load(between, &a);
	chain.intermediates = &certs[1];
	chain.nintermediates = between != NULL;
	for (size_t i = 0; i < 2 && roots[i] != NULL; i++)
		certs[2 + chain.nroots++] = certs_load(roots[i], &a);
	bool good = ekchain_verify(&path, &chain, "tpm.ek.chain", &a, &f);

	assert_string_equal(f.reason, good ? "" : "tpm.ek.chain");
	return good;
}

/* The CA between is no root, but may come with the roots. */
static void
roots_issued_themselves(void **state)
{
	static const char *const root[2] = { "root-1285ac9f", NULL };
	static const char *const both[2] = { "ca-93593144", "root-1285ac9f" };
	static const char *const between[2] = { "ca-93593144", NULL };
	static const char *const other[2] = { "own-root", NULL };
	static const char *const none[2] = { NULL, NULL };

	(void)state;
	arena_init(&a, block, sizeof(block));
	assert_true(leads("syn-ek-plain", "ca-93593144", root, AT));
	assert_true(leads("syn-ek-plain", NULL, both, AT));
	assert_false(leads("syn-ek-plain", NULL, root, AT));
	assert_false(leads("syn-ek-plain", NULL, between, AT));
	assert_false(leads("syn-ek-plain", "ca-93593144", between, AT));
	assert_false(leads("syn-ek-plain", "ca-93593144", other, AT));
	assert_false(leads("syn-ek-plain", "ca-93593144", none, AT));
	assert_false(leads("syn-ek-plain", "ca-93593144", root, 0));
}

static int
start(void **state)
{
	struct fault f = { 0 };

	(void)state;
	return crypto_start(0, &f) ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(what_vendors_say),
		cmocka_unit_test(what_is_none),
		cmocka_unit_test(frames),
		cmocka_unit_test(keys_by_themselves),
		cmocka_unit_test(keys_that_are_not_ours),
		cmocka_unit_test(roots_issued_themselves),
	};

	return cmocka_run_group_tests_name("ekcert", units, start, NULL);
}
