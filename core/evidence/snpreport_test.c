/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpreport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/crypto/certs_test.h"

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static uint8_t memory[1 << 14];
static uint8_t report[SNPREPORT_SIZE + 1];

/* A report of version 5 that its author's key signed. */
static void
make(void)
{
	struct arena a;

	arena_init(&a, memory, sizeof(memory));
	struct bytes in = certs_file("snp/own/report.bin", &a);

	assert_int_equal(in.n, SNPREPORT_SIZE);
	memcpy(report, in.p, in.n);
}

/* The same as an older version writes it. */
static void
make_version(uint8_t version)
{
	make();
	report[0] = version;
	if (version < SNPREPORT_VERSION_MITS)
		memset(report + 0x1f8, 0, 16);
	if (version < SNPREPORT_VERSION_CPU)
		memset(report + 0x188, 0, 3);
}

static bool
parse(struct snpreport *r, struct fault *f)
{
	return snpreport_parse(r, bytes_of(report, SNPREPORT_SIZE), f);
}

static void
fields_are_read(void **state)
{
	struct snpreport r;
	struct fault f;

	(void)state;
	make();
	assert_true(parse(&r, &f));
	assert_int_equal(r.version, 5);
	assert_int_equal(r.guest_svn, 7);
	assert_int_equal(r.policy, 0x3001f);
	assert_int_equal(r.vmpl, 0);
	assert_int_equal(r.signature_algo, 1);
	assert_int_equal(r.platform_info, 0x25);
	assert_int_equal(r.reported_tcb, 0xdb18000000000104);
	assert_int_equal(r.launch_tcb, r.committed_tcb);
	assert_int_equal(r.current_tcb, r.committed_tcb);
	assert_int_equal(r.family, 0x19);
	assert_int_equal(r.model, 1);
	assert_int_equal(r.stepping, 1);
	assert_int_equal(r.current.major, 1);
	assert_int_equal(r.current.minor, 55);
	assert_int_equal(r.committed.build, 29);
	assert_int_equal(r.launch_mit_vector, 3);
	assert_int_equal(r.current_mit_vector, 5);
	assert_ptr_equal(r.family_id.p, report + 0x010);
	assert_ptr_equal(r.image_id.p, report + 0x020);
	assert_ptr_equal(r.report_data.p, report + 0x050);
	assert_ptr_equal(r.measurement.p, report + 0x090);
	assert_ptr_equal(r.host_data.p, report + 0x0c0);
	assert_ptr_equal(r.id_key_digest.p, report + 0x0e0);
	assert_ptr_equal(r.author_key_digest.p, report + 0x110);
	assert_ptr_equal(r.report_id.p, report + 0x140);
	assert_ptr_equal(r.report_id_ma.p, report + 0x160);
	assert_ptr_equal(r.chip_id.p, report + 0x1a0);
	assert_ptr_equal(r.signature.p, report + 0x2a0);
	assert_int_equal(snpreport_product(&r), SNP_MILAN);
}

static void
flags_are_read(void **state)
{
	struct snpreport r;
	struct fault f;

	(void)state;
	make();
	report[0x48] = 1 | 2 | SNP_VLEK << 2;
	assert_true(parse(&r, &f));
	assert_true(snpreport_author_key_en(&r));
	assert_true(snpreport_mask_chip_key(&r));
	assert_int_equal(snpreport_signing_key(&r), SNP_VLEK);
	report[0x48] = 7 << 2;
	assert_true(parse(&r, &f));
	assert_false(snpreport_author_key_en(&r));
	assert_int_equal(snpreport_signing_key(&r), SNP_NO_KEY);
}

static void
known_versions(void **state)
{
	struct snpreport r;
	struct fault f;

	(void)state;
	for (unsigned version = 0; version < 256; version++) {
		make_version((uint8_t)version);
		bool known = version >= 2 && version <= 5;

		assert_int_equal(parse(&r, &f), known);
		if (!known)
			assert_string_equal(f.reason, "snp.version");
	}
	make();
	report[3] = 0x80;
	assert_false(parse(&r, &f));
	assert_string_equal(f.reason, "snp.version");
}

/* clang-format off */
static const struct {
	uint8_t version;
	size_t at;
	uint8_t bits;
} reserved[] = {
	{ 5, 0x00b, 0x04 }, { 5, 0x00c, 0x01 }, { 5, 0x00f, 0x80 }, /* policy */
	{ 5, 0x041, 0x01 }, { 5, 0x047, 0x80 }, /* platform info */
	{ 5, 0x048, 0x20 }, { 5, 0x04b, 0x80 }, /* flags */
	{ 5, 0x04c, 0x01 }, { 5, 0x04f, 0x80 },
	{ 5, 0x18b, 0x01 }, { 3, 0x18b, 0x01 }, { 4, 0x19f, 0x80 },
	{ 2, 0x188, 0x19 }, { 2, 0x18a, 0x01 }, { 2, 0x19f, 0x80 },
	{ 5, 0x1eb, 0x01 }, { 2, 0x1ef, 0x01 },
	{ 4, 0x1f8, 0x01 }, { 3, 0x207, 0x01 }, { 2, 0x1ff, 0x01 },
	{ 5, 0x208, 0x01 }, { 5, 0x29f, 0x80 }, { 2, 0x29f, 0x80 },
};
/* clang-format on */

static void
reserved_is_zero(void **state)
{
	struct snpreport r;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(reserved); i++) {
		make_version(reserved[i].version);
		assert_true(parse(&r, &f));
		report[reserved[i].at] |= reserved[i].bits;
		if (parse(&r, &f))
			fail_msg("version %u at 0x%zx", reserved[i].version,
			    reserved[i].at);
		assert_string_equal(f.reason, "snp.reserved");
	}
	make();
	report[0x00a] &= (uint8_t)~0x02;
	assert_false(parse(&r, &f));
	assert_string_equal(f.reason, "snp.reserved");
}

static void
exact_size(void **state)
{
	struct snpreport r;
	struct fault f;

	(void)state;
	make();
	for (size_t n = 0; n <= SNPREPORT_SIZE + 1; n++) {
		if (n == SNPREPORT_SIZE)
			continue;
		assert_false(snpreport_parse(&r, bytes_of(report, n), &f));
		assert_string_equal(f.reason, "snp.report.size");
	}
}

/* clang-format off */
static const struct {
	uint8_t family, model;
	enum snp_product product;
} cpus[] = {
	{ 0x19, 0x00, SNP_MILAN }, { 0x19, 0x0f, SNP_MILAN },
	{ 0x19, 0x10, SNP_GENOA }, { 0x19, 0x1f, SNP_GENOA },
	{ 0x19, 0xa0, SNP_GENOA }, { 0x19, 0xaf, SNP_GENOA },
	{ 0x1a, 0x00, SNP_TURIN }, { 0x1a, 0x11, SNP_TURIN },
	{ 0x19, 0x20, SNP_NO_PRODUCT }, { 0x19, 0x9f, SNP_NO_PRODUCT },
	{ 0x19, 0xb0, SNP_NO_PRODUCT }, { 0x1a, 0x20, SNP_NO_PRODUCT },
	{ 0x17, 0x01, SNP_NO_PRODUCT }, { 0x00, 0x00, SNP_NO_PRODUCT },
};

/* Bytes of a TCB version that are reserved, as bits. */
static const struct {
	enum snp_product product;
	uint8_t reserved;
} lines[] = {
	{ SNP_MILAN, 0x3c }, { SNP_GENOA, 0x3c }, { SNP_TURIN, 0x70 },
};
/* clang-format on */

static void
products(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cpus); i++) {
		struct snpreport r = { .family = cpus[i].family,
			.model = cpus[i].model };

		assert_int_equal(snpreport_product(&r), cpus[i].product);
	}
	assert_int_equal(snptcb_product(BYTES("Turin")), SNP_TURIN);
	assert_int_equal(snptcb_product(BYTES("")), SNP_NO_PRODUCT);
	assert_int_equal(snptcb_product(BYTES("milan")), SNP_NO_PRODUCT);
}

static void
tcb_layouts(void **state)
{
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(lines) * 4 * 8; i++) {
		enum snp_product product = lines[i / 32].product;
		uint64_t tcb = UINT64_C(1) << (8 * (i % 8));
		struct snpreport r = { 0 };
		bool good = (lines[i / 32].reserved >> (i % 8) & 1) == 0;

		*(uint64_t *[]){ &r.current_tcb, &r.reported_tcb,
			&r.committed_tcb, &r.launch_tcb }[i / 8 % 4] = tcb;
		assert_int_equal(snpreport_check_tcbs(&r, product, &f), good);
		if (!good)
			assert_string_equal(f.reason, "snp.reserved");
	}
}

static void
levels_compare(void **state)
{
	uint64_t tcb = 0x4707000000020301, higher;

	(void)state;
	assert_int_equal(snptcb_level(tcb, SNP_TURIN, SNP_FMC), 1);
	assert_int_equal(snptcb_level(tcb, SNP_TURIN, SNP_BOOTLOADER), 3);
	assert_int_equal(snptcb_level(tcb, SNP_TURIN, SNP_TEE), 2);
	assert_int_equal(snptcb_level(tcb, SNP_MILAN, SNP_FMC), 0);
	assert_int_equal(snptcb_level(tcb, SNP_MILAN, SNP_BOOTLOADER), 1);
	assert_int_equal(snptcb_level(tcb, SNP_MILAN, SNP_FIRMWARE), 7);
	assert_int_equal(snptcb_level(tcb, SNP_MILAN, SNP_MICROCODE), 0x47);
	for (unsigned i = 0; i < SNP_COMPONENTS; i++) {
		int byte = snptcb_byte(SNP_TURIN, (enum snp_component)i);

		higher = tcb + (UINT64_C(1) << (8 * byte));
		assert_true(snptcb_not_above(tcb, higher, SNP_TURIN));
		assert_false(snptcb_not_above(higher, tcb, SNP_TURIN));
	}
	assert_true(snptcb_not_above(tcb, tcb, SNP_TURIN));
}

/* One byte of the signature set, r and s else being 1. */
/* clang-format off */
static const struct {
	const char *name;
	size_t at;
	uint8_t value;
	const char *reason;
} signatures[] = {
	{ "one and one",         0x2a0, 1, NULL },
	{ "high byte of r",      0x2cf, 0x7f, NULL },
	{ "r is zero",           0x2a0, 0, "snp.signature.encoding" },
	{ "s is zero",           0x2e8, 0, "snp.signature.encoding" },
	{ "first padding of r",  0x2d0, 1, "snp.signature.encoding" },
	{ "last padding of r",   0x2e7, 1, "snp.signature.encoding" },
	{ "first padding of s",  0x318, 1, "snp.signature.encoding" },
	{ "last padding of s",   0x32f, 1, "snp.signature.encoding" },
	{ "first byte behind s", 0x330, 1, "snp.signature.encoding" },
	{ "last byte",           0x49f, 1, "snp.signature.encoding" },
	{ "no algorithm",        0x034, 0, "snp.signature.algorithm" },
	{ "another algorithm",   0x034, 2, "snp.signature.algorithm" },
	{ "a large algorithm",   0x037, 1, "snp.signature.algorithm" },
};
/* clang-format on */

static void
signature_encoding(void **state)
{
	struct snpreport r;
	struct snp_signature s;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(signatures); i++) {
		make();
		memset(report + 0x2a0, 0, 512);
		report[0x2a0] = report[0x2e8] = 1;
		report[signatures[i].at] = signatures[i].value;
		assert_true(parse(&r, &f));
		bool good = snpreport_signature(&s, &r, &f);

		if (good != (signatures[i].reason == NULL))
			fail_msg("%s", signatures[i].name);
		if (!good)
			assert_string_equal(f.reason, signatures[i].reason);
		else
			assert_int_equal(s.s[SNPREPORT_SCALAR - 1], 1);
	}
}

/* The order of the curve, less one, itself, and more. */
static void
signature_order(void **state)
{
	static const uint8_t low[24] = { 0x73, 0x29, 0xc5, 0xcc, 0x6a, 0x19,
		0xec, 0xec, 0x7a, 0xa7, 0xb0, 0x48, 0xb2, 0x0d, 0x1a, 0x58,
		0xdf, 0x2d, 0x37, 0xf4, 0x81, 0x4d, 0x63, 0xc7 };
	static const size_t fields[] = { 0x2a0, 0x2e8 };
	struct snpreport r;
	struct snp_signature s;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		uint8_t *field = report + fields[i];

		make();
		memset(field, 0xff, SNPREPORT_SCALAR);
		memcpy(field, low, sizeof(low));
		assert_true(parse(&r, &f));
		assert_false(snpreport_signature(&s, &r, &f));
		assert_string_equal(f.reason, "snp.signature.encoding");
		field[0]--;
		assert_true(snpreport_signature(&s, &r, &f));
		memset(field, 0xff, SNPREPORT_SCALAR);
		assert_false(snpreport_signature(&s, &r, &f));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_read),
		cmocka_unit_test(flags_are_read),
		cmocka_unit_test(known_versions),
		cmocka_unit_test(reserved_is_zero),
		cmocka_unit_test(exact_size),
		cmocka_unit_test(products),
		cmocka_unit_test(tcb_layouts),
		cmocka_unit_test(levels_compare),
		cmocka_unit_test(signature_encoding),
		cmocka_unit_test(signature_order),
	};

	return cmocka_run_group_tests_name("snpreport", tests, NULL, NULL);
}
