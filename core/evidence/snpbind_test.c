/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpbind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/crypto/certs_test.h"
#include "core/crypto/crypto.h"

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static uint8_t memory[1 << 16];
static uint8_t raw[SNPREPORT_SIZE];

/* The report of own/ and its key. */
static void
make(struct snpreport *r, struct snp_endorsement *key)
{
	struct snpchain c;
	struct arena a;
	struct fault f;

	arena_init(&a, memory, sizeof(memory));
	struct snp_certificates in = { certs_file("snp/own/vcek.der", &a),
		certs_file("snp/own/ask.der", &a),
		certs_file("snp/own/ark.der", &a) };

	memcpy(raw, certs_file("snp/own/report.bin", &a).p, sizeof(raw));
	assert_true(snpchain_parse(&c, &in, (struct bytes){ 0 }, &a, &f));
	assert_true(snpchain_check_order(&c, &f));
	assert_true(snpchain_extensions(&c, &a, &f));
	snpchain_endorsement(key, &c);
	assert_true(snpreport_parse(r, bytes_of(raw, sizeof(raw)), &f));
}

typedef bool check_function(const struct snpreport *r,
    const struct snp_endorsement *key, struct fault *f);

static void
refused(check_function *check, const struct snpreport *r,
    const struct snp_endorsement *key, const char *reason)
{
	struct fault f;

	assert_false(check(r, key, &f));
	assert_string_equal(f.reason, reason);
}

static void
all_good(void **state)
{
	struct snpreport r;
	struct snp_endorsement key;
	struct fault f;

	(void)state;
	make(&r, &key);
	assert_true(snpbind_check_signer(&r, &key, &f));
	assert_true(snpbind_check_product(&r, &key, &f));
	assert_true(snpbind_check_tcb(&r, &key, &f));
	assert_true(snpbind_check_chip(&r, &key, &f));
	assert_true(snpbind_check_signature(&r, &key, &f));
}

static void
another_signer(void **state)
{
	static const uint8_t none[48];
	struct snpreport r;
	struct snp_endorsement key;
	struct fault f;

	(void)state;
	make(&r, &key);
	for (uint32_t said = 1; said < 8; said++) {
		r.flags = said << 2 | 1;
		refused(snpbind_check_signer, &r, &key, "snp.signing-key");
	}
	r.flags = SNP_VLEK << 2 | 1;
	key.kind = SNP_VLEK;
	assert_true(snpbind_check_signer(&r, &key, &f));
	r.flags = SNP_VLEK << 2;
	refused(snpbind_check_signer, &r, &key, "snp.signing-key");
	r.author_key_digest = bytes_of(none, sizeof(none));
	assert_true(snpbind_check_signer(&r, &key, &f));
	r.flags = SNP_VLEK << 2 | 1;
	refused(snpbind_check_signer, &r, &key, "snp.signing-key");
}

static void
another_product(void **state)
{
	struct snpreport r;
	struct snp_endorsement key;
	struct fault f;

	(void)state;
	make(&r, &key);
	r.model = 0x11;
	refused(snpbind_check_product, &r, &key, "snp.product");
	r.family = 0x1a;
	refused(snpbind_check_product, &r, &key, "snp.product");
	r.family = 0;
	refused(snpbind_check_product, &r, &key, "snp.product");
	r.version = 2;
	assert_true(snpbind_check_product(&r, &key, &f));
	r.current_tcb |= 0x10000;
	refused(snpbind_check_product, &r, &key, "snp.reserved");
}

/* Every byte of the key's version counts. */
static void
another_tcb(void **state)
{
	struct snpreport r;
	struct snp_endorsement key;

	(void)state;
	make(&r, &key);
	for (unsigned byte = 0; byte < 8; byte++) {
		r.reported_tcb ^= UINT64_C(1) << (8 * byte);
		refused(snpbind_check_tcb, &r, &key, "snp.vcek.tcb");
		r.reported_tcb ^= UINT64_C(1) << (8 * byte);
	}
}

static void
another_chip(void **state)
{
	static const uint8_t masked[64];
	uint8_t chip[64];
	struct snpreport r;
	struct snp_endorsement key;
	struct fault f;

	(void)state;
	make(&r, &key);
	memcpy(chip, r.chip_id.p, sizeof(chip));
	r.chip_id = bytes_of(chip, sizeof(chip));
	for (size_t i = 0; i < sizeof(chip); i++) {
		chip[i] ^= 1;
		refused(snpbind_check_chip, &r, &key, "snp.vcek.hwid");
		chip[i] ^= 1;
	}
	/* Turin's id is short, and nothing follows it. */
	key.hwid_size = 8;
	refused(snpbind_check_chip, &r, &key, "snp.vcek.hwid");
	memset(chip + 8, 0, sizeof(chip) - 8);
	assert_true(snpbind_check_chip(&r, &key, &f));
	r.chip_id = bytes_of(masked, sizeof(masked));
	refused(snpbind_check_chip, &r, &key, "snp.chip-id.masked");
	key.kind = SNP_VLEK;
	assert_true(snpbind_check_chip(&r, &key, &f));
}

static void
another_signature(void **state)
{
	struct snpreport r;
	struct snp_endorsement key;
	size_t step = 7;

	(void)state;
	make(&r, &key);
	for (size_t at = 0; at < SNPREPORT_SIGNED; at += step) {
		raw[at] ^= 1;
		refused(snpbind_check_signature, &r, &key, "snp.signature");
		raw[at] ^= 1;
	}
	raw[0x2a0] ^= 1;
	refused(snpbind_check_signature, &r, &key, "snp.signature");
	raw[0x2a0] ^= 1;
	raw[0x49f] ^= 1;
	refused(snpbind_check_signature, &r, &key, "snp.signature.encoding");
	raw[0x49f] ^= 1;
	key.x[0] ^= 1;
	refused(snpbind_check_signature, &r, &key, "snp.signature");
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
		cmocka_unit_test(all_good),
		cmocka_unit_test(another_signer),
		cmocka_unit_test(another_product),
		cmocka_unit_test(another_tcb),
		cmocka_unit_test(another_chip),
		cmocka_unit_test(another_signature),
	};

	return cmocka_run_group_tests_name("snpbind", tests, start, NULL);
}
