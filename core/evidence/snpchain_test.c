/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpchain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/crypto/certs_test.h"
#include "core/crypto/crypto.h"
#include "core/evidence/snpbind.h"
#include "core/evidence/snpcrl.h"

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define EARLY       1767225600 /* 2026-01-01, when all of own/ begins */
#define TIME        1775000000 /* March 2026 */

static uint8_t memory[1 << 19];
static struct arena arena;

static struct bytes
file(const char *name)
{
	return certs_file(name, &arena);
}

/* The chain of own/, read; its certificates are in the arena. */
static void
own(struct snpchain *c)
{
	struct fault f;

	arena_init(&arena, memory, sizeof(memory));
	struct snp_certificates in = { file("snp/own/vcek.der"),
		file("snp/own/ask.der"), file("snp/own/ark.der") };

	assert_true(snpchain_parse(c, &in, (struct bytes){ 0 }, &arena, &f));
}

static void
own_root(struct snp_root *root)
{
	struct fault f;

	assert_true(snpchain_root(root, file("snp/own/ark.der"), &arena, &f));
}

/* AMD's chains as they are, by the roots that this verifier knows. */
/* clang-format off */
static const struct {
	const char *vek, *ask, *ark;
	enum snp_signer kind;
	enum snp_product product;
} genuine[] = {
	{ "snp/milan-v3-vcek-attestation-rs-ec43daae.vek.der", "snp/common/Milan-VCEK-ask.der", "snp/common/Milan-ark.der", SNP_VCEK, SNP_MILAN },
	{ "snp/milan-v3-vlek-trustee-decdab94.vek.der",        "snp/common/Milan-VLEK-ask.der", "snp/common/Milan-ark.der", SNP_VLEK, SNP_MILAN },
	{ "snp/genoa-v5-vcek-oak-6d1ceffa.vek.der",            "snp/common/Genoa-VCEK-ask.der", "snp/common/Genoa-ark.der", SNP_VCEK, SNP_GENOA },
	{ "snp/turin-v5-vcek-oak-3f44a09b.vek.der",            "snp/common/Turin-VCEK-ask.der", "snp/common/Turin-ark.der", SNP_VCEK, SNP_TURIN },
};
/* clang-format on */

static void
amds_chains(void **state)
{
	struct snpchain c;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(genuine); i++) {
		arena_init(&arena, memory, sizeof(memory));
		struct snp_certificates in = { file(genuine[i].vek),
			file(genuine[i].ask), file(genuine[i].ark) };

		assert_true(
		    snpchain_parse(&c, &in, (struct bytes){ 0 }, &arena, &f));
		assert_true(snpchain_check_order(&c, &f));
		assert_true(snpchain_check_root(
		    &c, snpchain_roots, snpchain_nroots, &f));
		assert_true(snpchain_check_signatures(&c, &f));
		assert_true(snpchain_extensions(&c, &arena, &f));
		assert_int_equal(c.kind, genuine[i].kind);
		assert_int_equal(c.product, genuine[i].product);
	}
}

static void
own_chain(void **state)
{
	struct snpchain c;
	struct snp_root root;
	struct snp_endorsement key;
	struct fault f;

	(void)state;
	own(&c);
	own_root(&root);
	assert_true(snpchain_check_order(&c, &f));
	assert_true(snpchain_check_root(&c, &root, 1, &f));
	assert_true(snpchain_check_signatures(&c, &f));
	assert_true(snpchain_check_time(&c, TIME, &f));
	assert_true(snpchain_extensions(&c, &arena, &f));
	snpchain_endorsement(&key, &c);
	assert_int_equal(key.hwid_size, 64);
	assert_true(key.tcb == 0xdb18000000000104);
	assert_int_equal(key.not_before, EARLY);
	assert_int_equal(key.not_after, c.vek.not_after);
}

static void
issuers_from_the_store(void **state)
{
	static uint8_t block[1 << 13];
	struct buf store = buf_over(block, sizeof(block));
	struct snpchain c;
	struct fault f;

	(void)state;
	arena_init(&arena, memory, sizeof(memory));
	buf_put(&store, file("snp/common/Milan-VLEK-ask.der"));
	buf_put(&store, file("snp/own/ark.der"));
	buf_put(&store, file("snp/own/ask.der"));
	struct snp_certificates in = { .vek = file("snp/own/vcek.der") };

	assert_true(snpchain_parse(&c, &in, buf_bytes(&store), &arena, &f));
	assert_true(snpchain_check_order(&c, &f));
	assert_true(snpchain_check_signatures(&c, &f));
	assert_false(snpchain_parse(&c, &in, (struct bytes){ 0 }, &arena, &f));
	assert_string_equal(f.reason, "snp.chain.incomplete");
	assert_false(
	    snpchain_parse(&c, &in, file("snp/own/ark.der"), &arena, &f));
	assert_string_equal(f.reason, "snp.chain.incomplete");
	assert_false(
	    snpchain_parse(&c, &in, file("snp/own/ask.der"), &arena, &f));
	assert_string_equal(f.reason, "snp.chain.incomplete");
	in.vek = (struct bytes){ 0 };
	assert_false(snpchain_parse(&c, &in, buf_bytes(&store), &arena, &f));
	assert_string_equal(f.reason, "snp.chain.incomplete");
}

static void
no_certificates(void **state)
{
	static const char twice[] =
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
	struct snpchain c;
	struct fault f;

	(void)state;
	own(&c);
	for (size_t i = 0; i < 3; i++) {
		struct snp_certificates in = { c.vek.whole, c.ask.whole,
			c.ark.whole };
		struct bytes *one =
		    (struct bytes *[]){ &in.vek, &in.ask, &in.ark }[i];

		one->n--;
		assert_false(
		    snpchain_parse(&c, &in, (struct bytes){ 0 }, &arena, &f));
		assert_string_equal(f.reason, "snp.chain.syntax");
		*one = bytes_text(twice);
		assert_false(
		    snpchain_parse(&c, &in, (struct bytes){ 0 }, &arena, &f));
		assert_string_equal(f.reason, "snp.chain.syntax");
		own(&c);
	}
}

/* clang-format off */
/* What stands in the three places. */
static const struct {
	const char *name, *vek, *ask, *ark, *reason;
} orders[] = {
	{ "ASK of another line", "snp/own/vcek.der", "snp/common/Genoa-VCEK-ask.der", "snp/own/ark.der", "snp.chain.order" },
	{ "ARK of another line", "snp/own/vcek.der", "snp/own/ask.der", "snp/common/Genoa-ark.der", "snp.chain.order" },
	{ "ASVK for the ASK",    "snp/own/vcek.der", "snp/common/Milan-VLEK-ask.der", "snp/own/ark.der", "snp.chain.order" },
	{ "ARK and ASK swapped", "snp/own/vcek.der", "snp/own/ark.der", "snp/own/ask.der", "snp.chain.order" },
	{ "ASK twice",           "snp/own/vcek.der", "snp/own/ask.der", "snp/own/ask.der", "snp.chain.order" },
	{ "ASK as VEK",          "snp/own/ask.der",  "snp/own/ask.der", "snp/own/ark.der", "snp.chain.order" },
	{ "VLEK under the ASK",  "snp/milan-v3-vlek-trustee-decdab94.vek.der", "snp/own/ask.der", "snp/own/ark.der", "snp.chain.order" },
	{ "TPM's certificate",   "snp/own/vcek.der", "snp/own/ask.der", "tpm/certs/own-root.der", "snp.chain.order" },
	{ "P-256 key",           "snp/synthetic/vek-p256.vek.der", "snp/common/test-Milan-ask.der", "snp/common/test-Milan-ark.der", "snp.chain.key" },
	{ "RSA key",             "snp/synthetic/vek-rsa.vek.der", "snp/common/test-Milan-ask.der", "snp/common/test-Milan-ark.der", "snp.chain.key" },
};
/* clang-format on */

static void
wrong_orders(void **state)
{
	struct snpchain c;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		arena_init(&arena, memory, sizeof(memory));
		struct snp_certificates in = { file(orders[i].vek),
			file(orders[i].ask), file(orders[i].ark) };

		assert_true(
		    snpchain_parse(&c, &in, (struct bytes){ 0 }, &arena, &f));
		if (snpchain_check_order(&c, &f))
			fail_msg("%s", orders[i].name);
		if (strcmp(f.reason, orders[i].reason) != 0)
			fail_msg("%s: %s", orders[i].name, f.reason);
	}
}

static void
wrong_marks(void **state)
{
	struct snpchain c;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		own(&c);
		bool *mark =
		    (bool *[]){ &c.ark.ca, &c.ask.ca, &c.vek.ca }[i % 3];
		struct bytes *issuer = (struct bytes *[]){ &c.ark.issuer,
			&c.ask.issuer, &c.vek.issuer }[i % 3];

		if (i < 3)
			*mark = !*mark;
		else
			issuer->n--;
		assert_false(snpchain_check_order(&c, &f));
		assert_string_equal(f.reason, "snp.chain.order");
	}
}

static void
wrong_roots(void **state)
{
	struct snpchain c;
	struct snp_root root, other;
	struct fault f;

	(void)state;
	own(&c);
	own_root(&root);
	assert_true(snpchain_check_order(&c, &f));
	assert_false(snpchain_check_root(&c, &root, 0, &f));
	assert_string_equal(f.reason, "snp.chain.root");
	assert_false(
	    snpchain_check_root(&c, snpchain_roots, snpchain_nroots, &f));
	other = root;
	other.product = SNP_GENOA;
	assert_false(snpchain_check_root(&c, &other, 1, &f));
	other = root;
	other.key.b[31] ^= 1;
	assert_false(snpchain_check_root(&c, &other, 1, &f));
	assert_string_equal(f.reason, "snp.chain.root");
	assert_false(
	    snpchain_root(&other, file("snp/own/ask.der"), &arena, &f));
	assert_string_equal(f.reason, "snp.chain.order");
	assert_false(snpchain_root(&other, BYTES("no"), &arena, &f));
	assert_string_equal(f.reason, "snp.chain.syntax");
}

static void
wrong_signatures(void **state)
{
	struct snpchain c;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		own(&c);
		struct bytes *one = (struct bytes *[]){ &c.vek.whole,
			&c.ask.whole, &c.ark.whole }[i];
		uint8_t *copy = arena_alloc(&arena, one->n);

		memcpy(copy, one->p, one->n);
		copy[one->n - 1] ^= 1;
		*one = bytes_of(copy, one->n);
		assert_false(snpchain_check_signatures(&c, &f));
		assert_string_equal(f.reason, "snp.chain.signature");
	}
}

static void
times(void **state)
{
	struct snpchain c;
	struct fault f;

	(void)state;
	own(&c);
	for (size_t i = 0; i < 3; i++) {
		struct keycert *one =
		    (struct keycert *[]){ &c.vek, &c.ask, &c.ark }[i];
		int64_t first = one->not_before, last = one->not_after;

		one->not_before = TIME;
		one->not_after = TIME + 1;
		assert_true(snpchain_check_time(&c, TIME, &f));
		assert_true(snpchain_check_time(&c, TIME + 1, &f));
		assert_false(snpchain_check_time(&c, TIME - 1, &f));
		assert_string_equal(f.reason, "snp.chain.time");
		assert_false(snpchain_check_time(&c, TIME + 2, &f));
		assert_string_equal(f.reason, "snp.chain.time");
		one->not_before = first;
		one->not_after = last;
	}
}

static void
other_statements(void **state)
{
	struct snpchain c;
	struct fault f;

	(void)state;
	own(&c);
	assert_true(snpchain_check_order(&c, &f));
	c.kind = SNP_VLEK;
	assert_false(snpchain_extensions(&c, &arena, &f));
	assert_string_equal(f.reason, "snp.vcek.extension");
	c.kind = SNP_VCEK;
	c.product = SNP_GENOA;
	assert_false(snpchain_extensions(&c, &arena, &f));
	assert_string_equal(f.reason, "snp.vcek.extension");
	arena_init(&arena, memory, 16);
	assert_false(snpchain_extensions(&c, &arena, &f));
	assert_string_equal(f.reason, "limit.memory");
}

/* clang-format off */
static const struct {
	const char *file;
	int64_t at;
	bool by_ark;
	const char *reason;
} crls[] = {
	{ "snp/own/ark.crl",         TIME,           true,  NULL },
	{ "snp/own/ask.crl",         TIME,           false, NULL },
	{ "snp/own/ark.crl",         EARLY,          true,  NULL },
	{ "snp/own/ark.crl",         1782864000,     true,  NULL },
	{ "snp/own/ark.crl",         EARLY - 1,      true,  "snp.crl.future" },
	{ "snp/own/ark.crl",         1782864001,     true,  "snp.crl.stale" },
	{ "snp/own/ark-revokes.crl", TIME,           true,  "snp.crl.revoked" },
	{ "snp/own/ask-revokes.crl", TIME,           false, "snp.crl.revoked" },
	{ "snp/own/ark-forged.crl",  TIME,           true,  "snp.crl.signature" },
	{ "snp/own/other.crl",       TIME,           false, "snp.crl.issuer" },
	{ "crl/three.crl",           TIME,           false, "snp.crl.issuer" },
	{ "snp/own/ark.der",         TIME,           false, "snp.crl.syntax" },
	{ "crl/delta.crl",           TIME,           false, "snp.crl.syntax" },
};
/* clang-format on */

static void
revocation(void **state)
{
	struct snpchain c;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(crls); i++) {
		bool by_ark = false;

		own(&c);
		struct snp_crl crl = { file(crls[i].file), crls[i].at };
		bool good = snpcrl_check(&by_ark, &c, &crl, &arena, &f);

		if (good != (crls[i].reason == NULL) ||
		    (!good && strcmp(f.reason, crls[i].reason) != 0))
			fail_msg("%s: %s", crls[i].file, f.reason);
		if (good)
			assert_int_equal(by_ark, crls[i].by_ark);
	}
}

/* A CRL without an end of its time is never in force. */
static void
revocation_without_end(void **state)
{
	struct snpchain c;
	bool by_ark;
	struct fault f;

	(void)state;
	own(&c);
	struct snp_crl crl = { file("crl/no-next.crl"), TIME };

	c.ark.whole = file("crl/p256.der");
	assert_false(snpcrl_check(&by_ark, &c, &crl, &arena, &f));
	assert_string_equal(f.reason, "snp.crl.stale");
}

static int
start(void **state)
{
	struct fault f;

	(void)state;
	return crypto_start(0, &f) ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amds_chains),
		cmocka_unit_test(own_chain),
		cmocka_unit_test(issuers_from_the_store),
		cmocka_unit_test(no_certificates),
		cmocka_unit_test(wrong_orders),
		cmocka_unit_test(wrong_marks),
		cmocka_unit_test(wrong_roots),
		cmocka_unit_test(wrong_signatures),
		cmocka_unit_test(times),
		cmocka_unit_test(other_statements),
		cmocka_unit_test(revocation),
		cmocka_unit_test(revocation_without_end),
	};

	return cmocka_run_group_tests_name("snpchain", tests, start, NULL);
}
