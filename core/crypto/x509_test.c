/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/x509.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/crypto/certs_test.h"
#include "core/crypto/crypto.h"

#include <cmocka.h>

#define REASON "test.chain"

/* clang-format off */
/* What real devices carry, and what must pass beside it. */
static const struct {
	const char *leaf, *between[3], *root;
	int64_t at;
} good[] = {
	{ "ak-53544d20-rsa-2048-1d77cb25",
	  { "ca-769e7458" }, "root-870c7a35", 1634277016 },
	{ "ak-494e5443-rsa-2048-240f005a",
	  { "ca-6f34c036" }, "root-870c7a35", 1747846169 },
	{ "ak-53544d20-rsa-2048-42f520e4",
	  { "ca-69670b83" }, "root-870c7a35", 1588264301 },
	{ "ak-4e544300-rsa-2048-564bdda5",
	  { "ca-b892d307" }, "root-870c7a35", 1546526590 },
	{ "ak-494e5443-rsa-2048-5aa58b3a",
	  { "ca-71a73f10" }, "root-870c7a35", 1640934788 },
	{ "ak-494e5443-rsa-2048-689d29f5",
	  { "ca-9b0ceb59" }, "root-870c7a35", 1619910687 },
	{ "ak-53544d20-rsa-2048-aea9a1fb",
	  { "ca-c5a21319" }, "root-870c7a35", 1638457613 },
	{ "ak-00000000-ecc-secp256r1-f725c510",
	  { NULL }, "root-68ff9277", 1706659200 },
	{ "ek-00001014-ecc-secp384r1-54b0e605",
	  { "ca-73f4ab04" }, "root-0b046a7a", 1777595455 },
	{ "ek-474f4f47-rsa-2048-7dbdf36e",
	  { "ca-5d8dbcf8" }, "root-9bd5285f", 1633043465 },
	{ "ek-49465800-rsa-2048-848dd753",
	  { "ca-d3c4ec52" }, "root-899e3547", 1492694886 },
	{ "ek-00001014-rsa-2048-8905c6d8",
	  { "ca-73f4ab04" }, "root-0b046a7a", 1769269780 },
	{ "ek-00001014-rsa-2048-890750aa",
	  { "ca-73f4ab04" }, "root-0b046a7a", 1762289772 },
	{ "ek-00001014-rsa-2048-90e0300d",
	  { "ca-5ac02e77" }, "root-6e177141", 1797941558 },
	{ "ek-474f4f47-ecc-secp256r1-9fdd7997",
	  { "ca-7132b6ea" }, "root-9bd5285f", 1667766530 },
	{ "ek-00001014-rsa-2048-b29e62e0",
	  { "ca-73f4ab04" }, "root-0b046a7a", 1777595455 },
	{ "ek-00001014-ecc-secp384r1-c6ca5c0c",
	  { "ca-73f4ab04" }, "root-0b046a7a", 1762289772 },
	{ "ek-00001014-ecc-secp384r1-c85fd8eb",
	  { "ca-5ac02e77" }, "root-6e177141", 1797941558 },
	{ "ek-49465800-rsa-2048-d14f8a76",
	  { "ca-5bd8f015" }, "root-899e3547", 1454246907 },
	{ "gce-gce-ecc-secp256r1-0dd71325",
	  { "ca-c84de811" }, "root-59475959", 1671820423 },
	{ "gce-gce-ecc-secp256r1-25a5373d",
	  { "ca-c84de811" }, "root-59475959", 1671820423 },
	{ "gce-gce-rsa-2048-d7e02731",
	  { "ca-c84de811" }, "root-59475959", 1671820423 },
	{ "gce-gce-ecc-secp256r1-e0756ed7",
	  { "ca-2bddd16b" }, "root-59475959", 1749097178 },
	{ "syn-ek-plain",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000 },
	{ "syn-ek-no-eku",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000 },
	{ "syn-ek-unknown-noncritical",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000 },
	{ "own-tcg-critical",
	  { NULL }, "own-root", 1767225600 },
	{ "own-p521",
	  { NULL }, "own-root", 1767225600 },
	/* Whether a CA may be the leaf is the asker's to judge, by is_ca. */
	{ "syn-ek-leaf-ca-true",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000 },
	/* An intermediate, or the leaf itself, that is trusted is an end. */
	{ "ek-49465800-rsa-2048-848dd753",
	  { NULL }, "ca-d3c4ec52", 1492694886 },
	{ "ek-49465800-rsa-2048-848dd753",
	  { NULL }, "ek-49465800-rsa-2048-848dd753", 1492694886 },
	/* What is not needed does not hurt. */
	{ "ek-49465800-rsa-2048-848dd753",
	  { "ca-5bd8f015", "ca-d3c4ec52", "root-9bd5285f" }, "root-899e3547", 1492694886 },
};

static const struct {
	const char *name, *leaf, *between[3], *root;
	int64_t at;
	const char *why;
} bad[] = {
	{ "expired", "syn-ek-expired",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "expired: certificate 0" },
	{ "not yet valid", "syn-ek-future",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "not yet valid: certificate 0" },
	{ "intermediate expired", "syn-ek-plain",
	  { "ca-9dde6118" }, "root-1285ac9f", 1748736000, "expired: certificate 1" },
	{ "intermediate has CA:FALSE", "syn-ek-plain",
	  { "ca-98ee598c" }, "root-1285ac9f", 1748736000, "base 11: invalid CA certificate: certificate 1" },
	{ "intermediate without BasicConstraints", "syn-ek-plain",
	  { "ca-5733a043" }, "root-1285ac9f", 1748736000, "base 11: invalid CA certificate: certificate 1" },
	{ "pathLen 0 exceeded", "syn-ek-plain",
	  { "ca-1d8775f2", "ca-c6cf0b40" }, "root-1285ac9f", 1748736000, "base 11: path length constraint exceeded" },
	{ "issuer name does not match", "syn-ek-wrong-issuer-name",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "issuer certificate: certificate 0" },
	{ "signed by another key", "syn-ek-wrong-issuer-key",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "signature failure: certificate 0" },
	{ "unknown critical extension", "syn-ek-unknown-critical",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "critical extension: certificate 0" },
	{ "root not in the trust store", "syn-ek-plain",
	  { "ca-93593144" }, "root-59475959", 1748736000, "issuer certificate: certificate 1" },
	{ "trailing zero bytes after the certificate", "syn-ek-trailing",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "base 11: leaf is no" },
	{ "garbage after the certificate", "syn-ek-trailing-garbage",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "base 11: leaf is no" },
	{ "length 4 GiB", "syn-ek-hugelen",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "base 11: leaf is no" },
	{ "8000 nested definite SEQUENCEs", "syn-ek-deep-definite",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "base 11: leaf is no" },
	{ "signature bit", "syn-ek-sig-flip",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "signature failure: certificate 0" },
	{ "serial changed to -1", "syn-ek-serial-negative",
	  { "ca-93593144" }, "root-1285ac9f", 1748736000, "signature failure: certificate 0" },
	{ "after its time", "ek-49465800-rsa-2048-848dd753",
	  { "ca-d3c4ec52" }, "root-899e3547", 1961500000, "expired: certificate 0" },
	{ "before its time", "ek-49465800-rsa-2048-848dd753",
	  { "ca-d3c4ec52" }, "root-899e3547", 1400000000, "not yet valid: certificate 1" },
	{ "another vendor's root", "ek-49465800-rsa-2048-848dd753",
	  { "ca-d3c4ec52" }, "root-9bd5285f", 1492694886, "issuer certificate: certificate 1" },
	{ "a sister's intermediate", "ek-49465800-rsa-2048-848dd753",
	  { "ca-5bd8f015" }, "root-899e3547", 1492694886, "issuer certificate: certificate 0" },
	{ "no intermediate", "ek-49465800-rsa-2048-848dd753",
	  { NULL }, "root-899e3547", 1492694886, "issuer certificate: certificate 0" },
	{ "leaf as its own intermediate", "ek-49465800-rsa-2048-848dd753",
	  { "ek-49465800-rsa-2048-848dd753" }, "root-899e3547", 1492694886, "issuer certificate: certificate 0" },
	{ "the root only sent along", "ek-49465800-rsa-2048-848dd753",
	  { "ca-d3c4ec52", "root-899e3547" }, "root-9bd5285f", 1492694886, "base 11: self-signed certificate in certificate chain" },
	{ "critical extension near TCG's arc", "own-near-critical",
	  { NULL }, "own-root", 1767225600, "critical extension: certificate 0" },
	{ "RSA below 2048 bits", "own-rsa-1024",
	  { NULL }, "own-root", 1767225600, "key too weak: certificate 0" },
	{ "SHA-1 signature", "own-sha1",
	  { NULL }, "own-root", 1767225600, "digest algorithm too weak" },
	{ "intermediate that is no certificate", "ek-49465800-rsa-2048-848dd753",
	  { "ca-d3c4ec52", "syn-ek-hugelen" }, "root-899e3547", 1492694886, "base 11: an intermediate is no" },
	{ "root that is no certificate", "ek-49465800-rsa-2048-848dd753",
	  { "ca-d3c4ec52" }, "syn-ek-hugelen", 1492694886, "base 11: a root is no" },
};

static const struct {
	const char *name;
	enum key_kind kind;
	size_t key_bytes;
	const char *subject, *issuer, *serial;
	int64_t not_before, not_after;
	bool is_ca;
} facts[] = {
	{ "ek-49465800-rsa-2048-848dd753", KEY_RSA, 256, "",
	  "CN=Infineon OPTIGA(TM) RSA Manufacturing CA 022,OU=OPTIGA(TM) TPM2.0,"
	  "O=Infineon Technologies AG,C=DE", "33c88466", 1487946492, 1961245692, false },
	{ "ek-00001014-ecc-secp384r1-54b0e605", KEY_EC_P384, 48, "CN=unknown",
	  "CN=swtpm-localca", "04e3", 1775003455, 253402300799, false },
	{ "own-tcg-critical", KEY_EC_P256, 32, "CN=tcg-critical",
	  "CN=own root", NULL, 1735689600, 2840140800, false },
	{ "root-870c7a35", KEY_RSA, 512, NULL, NULL, NULL, 1418247079, 2207165968, true },
};

static const struct {
	const char *name, *reason;
} no_facts[] = {
	{ "syn-ek-trailing",         "x509.der" },
	{ "syn-ek-trailing-garbage", "x509.der" },
	{ "syn-ek-hugelen",          "x509.der" },
	{ "syn-ek-deep-definite",    "x509.der" },
	{ "own-rsa-e3",              "x509.key" },
	{ "own-rsa-1024",            "x509.key" },
	{ "own-p521",                "x509.key" },
};
/* clang-format on */

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static uint8_t memory[1 << 18];

static bool
verify(const char *leaf, const char *const between[3], const char *root,
    int64_t at, struct fault *f)
{
	struct arena a;
	struct bytes intermediates[3], roots[1];
	size_t n = 0;

	arena_init(&a, memory, sizeof(memory));
	for (; n < 3 && between[n] != NULL; n++)
		intermediates[n] = certs_load(between[n], &a);
	roots[0] = certs_load(root, &a);
	struct x509_chain chain = { certs_load(leaf, &a), intermediates, n,
		roots, 1, at, false };

	return x509_verify(&chain, REASON, f);
}

static void
chains_good(void **cmocka)
{
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!verify(good[i].leaf, good[i].between, good[i].root,
			good[i].at, &f))
			fail_msg("%s: %s", good[i].leaf, f.why);
}

static void
chains_bad(void **cmocka)
{
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (verify(bad[i].leaf, bad[i].between, bad[i].root, bad[i].at,
			&f))
			fail_msg("%s: accepted", bad[i].name);
		assert_int_equal(f.code, FAULT_VERIFY);
		assert_string_equal(f.reason, REASON);
		if (strstr(f.why, bad[i].why) == NULL)
			fail_msg("%s: %s", bad[i].name, f.why);
	}
}

/* The order of roots and intermediates does not matter; their number does. */
static void
chain_limits(void **cmocka)
{
	struct bytes many[X509_ROOTS_MAX + 1];
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	struct bytes leaf = certs_load("ek-49465800-rsa-2048-848dd753", &a);
	struct bytes ca = certs_load("ca-d3c4ec52", &a);
	struct bytes root = certs_load("root-899e3547", &a);

	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = ca;
	struct x509_chain chain = { leaf, many, X509_CHAIN_MAX, &root, 1,
		1492694886, false };

	assert_true(x509_verify(&chain, REASON, &f));
	chain.nintermediates++;
	assert_false(x509_verify(&chain, REASON, &f));
	assert_string_equal(f.reason, REASON);
	assert_string_equal(f.why, "base 11: 17 intermediates, 1 roots");

	many[X509_ROOTS_MAX - 1] = root;
	chain = (struct x509_chain){ leaf, &ca, 1, many, X509_ROOTS_MAX,
		1492694886, false };
	assert_true(x509_verify(&chain, REASON, &f));
	chain.nroots++;
	assert_false(x509_verify(&chain, REASON, &f));
	assert_string_equal(f.why, "base 11: 1 intermediates, 257 roots");
	chain.nroots = 0;
	assert_false(x509_verify(&chain, REASON, &f));
}

/* One bit anywhere in the signed part, and the chain is worth nothing. */
static void
chain_mutated(void **cmocka)
{
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	struct bytes leaf = certs_load("own-tcg-critical", &a);
	struct bytes root = certs_load("own-root", &a);
	uint8_t copy[X509_CERT_MAX];

	memcpy(copy, leaf.p, leaf.n);
	struct x509_chain chain = { bytes_of(copy, leaf.n), NULL, 0, &root, 1,
		1767225600, false };

	assert_true(x509_verify(&chain, REASON, &f));
	for (size_t i = 0; i < leaf.n; i++) {
		copy[i] ^= 1;
		if (x509_verify(&chain, REASON, &f))
			fail_msg("byte %zu", i);
		copy[i] ^= 1;
	}
}

static void
expect_text(const char *name, struct bytes got, const char *want)
{
	if (want != NULL && !bytes_is(got, want))
		fail_msg("%s: %.*s", name, (int)got.n, (const char *)got.p);
}

static void
facts_known(void **cmocka)
{
	struct x509_facts got;
	struct arena a;
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(facts); i++) {
		arena_init(&a, memory, sizeof(memory));
		if (!x509_facts(&got, certs_load(facts[i].name, &a), &a, &f))
			fail_msg("%s: %s", facts[i].name, f.why);
		assert_int_equal(got.key.kind, facts[i].kind);
		assert_int_equal(
		    got.key.modulus.n + got.key.x.n, facts[i].key_bytes);
		assert_int_equal(got.key.x.n, got.key.y.n);
		assert_int_equal(got.not_before, facts[i].not_before);
		assert_int_equal(got.not_after, facts[i].not_after);
		assert_int_equal(got.is_ca, facts[i].is_ca);
		expect_text(facts[i].name, got.subject, facts[i].subject);
		expect_text(facts[i].name, got.issuer, facts[i].issuer);
		expect_text(facts[i].name, got.serial, facts[i].serial);
	}
}

static void
facts_refused(void **cmocka)
{
	struct x509_facts got;
	struct arena a;
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(no_facts); i++) {
		arena_init(&a, memory, sizeof(memory));
		if (x509_facts(&got, certs_load(no_facts[i].name, &a), &a, &f))
			fail_msg("%s: accepted", no_facts[i].name);
		assert_string_equal(f.reason, no_facts[i].reason);
	}
}

static void
facts_truncated(void **cmocka)
{
	struct x509_facts got;
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	struct bytes whole = certs_load("own-tcg-critical", &a);

	for (size_t n = 0; n < whole.n; n++) {
		assert_false(x509_facts(&got, bytes_of(whole.p, n), &a, &f));
		assert_string_equal(f.reason, "x509.der");
	}
	assert_true(x509_facts(&got, whole, &a, &f));
	arena_init(&a, memory, 64);
	assert_false(x509_facts(&got, whole, &a, &f));
	assert_string_equal(f.reason, "limit.memory");
}

/* A length in more bytes than it needs is BER, and refused. */
static void
facts_long_form(void **cmocka)
{
	struct x509_facts got;
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	struct bytes der = certs_load("own-tcg-critical", &a);
	uint8_t *ber = arena_alloc(&a, der.n + 1);

	assert_int_equal(der.p[1], 0x82);
	memcpy(ber, (uint8_t[]){ 0x30, 0x83, 0 }, 3);
	memcpy(ber + 3, der.p + 2, der.n - 2);
	assert_false(x509_facts(&got, bytes_of(ber, der.n + 1), &a, &f));
	assert_string_equal(f.reason, "x509.der");
}

static int
start(void **cmocka)
{
	struct fault f;

	(void)cmocka;
	return crypto_start(0, &f) ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(chains_good),
		cmocka_unit_test(chains_bad),
		cmocka_unit_test(chain_limits),
		cmocka_unit_test(chain_mutated),
		cmocka_unit_test(facts_known),
		cmocka_unit_test(facts_refused),
		cmocka_unit_test(facts_truncated),
		cmocka_unit_test(facts_long_form),
	};

	return cmocka_run_group_tests_name("x509", units, start, NULL);
}
