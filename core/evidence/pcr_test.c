/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/pcr.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Python, over values of 32 bytes i each for PCR i. */
static const uint8_t known_digest[32] = { 0x7a, 0xc5, 0x9f, 0xd0, 0x8c, 0x78,
	0x74, 0x8c, 0x2e, 0x99, 0x24, 0xab, 0x72, 0xf9, 0xff, 0x6a, 0x35, 0xf6,
	0x8c, 0x26, 0xe8, 0x72, 0xef, 0xc0, 0xcd, 0x19, 0xc7, 0xdd, 0x28, 0xb0,
	0x6d, 0x9b };
static const uint8_t known_policy[32] = { 0xea, 0x58, 0xe1, 0x35, 0xf6, 0x33,
	0x51, 0x6a, 0x5a, 0x2f, 0x58, 0x38, 0x8c, 0xa6, 0x27, 0x83, 0x15, 0x6c,
	0x83, 0x58, 0xc3, 0x97, 0x0d, 0xb5, 0x34, 0xd5, 0xd1, 0xf3, 0x1b, 0x19,
	0x93, 0xa5 };

static uint8_t values[PCR_COUNT][64];

static struct pcr_bank
bank_of(uint32_t pcrs)
{
	struct pcr_bank bank = { .alg = HASH_SHA256 };

	for (uint8_t i = 0; i < PCR_COUNT; i++)
		if ((pcrs >> i & 1) != 0) {
			memset(values[i], i, sizeof(values[i]));
			bank.values[i] = bytes_of(values[i], 32);
		}
	return bank;
}

static struct attest
quote_of(uint16_t bank, uint32_t pcrs)
{
	return (struct attest){ .nselections = 1,
		.selections = { { bank, pcrs } },
		.pcr_digest = bytes_of(known_digest, 32) };
}

static void
selection_is_exact(void **state)
{
	/* clang-format off */
	static const struct {
		uint16_t bank;
		uint32_t pcrs;
		size_t n;
	} bad[] = {
		{ TPM_ALG_SHA1,   PCR_QUOTED, 1 },
		{ TPM_ALG_SHA384, PCR_QUOTED, 1 },
		{ TPM_ALG_SHA256, 0, 1 },
		{ TPM_ALG_SHA256, PCR_QUOTED & ~1u, 1 },
		{ TPM_ALG_SHA256, PCR_QUOTED | 1u << 10, 1 },
		{ TPM_ALG_SHA256, PCR_QUOTED, 0 },
		{ TPM_ALG_SHA256, PCR_QUOTED, 2 },
	};
	/* clang-format on */
	struct attest a = quote_of(TPM_ALG_SHA256, PCR_QUOTED);
	struct fault f;

	(void)state;
	assert_true(pcr_check_selection(&a, PCR_QUOTED, &f));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		a = quote_of(bad[i].bank, bad[i].pcrs);
		a.nselections = bad[i].n;
		assert_false(pcr_check_selection(&a, PCR_QUOTED, &f));
		assert_string_equal(f.reason, "tpm.pcr.selection");
	}
	for (unsigned i = PCR_RESETTABLE_FIRST; i < PCR_COUNT; i++) {
		a = quote_of(TPM_ALG_SHA256, PCR_QUOTED | 1u << i);
		assert_false(pcr_check_selection(&a, PCR_QUOTED, &f));
		assert_string_equal(f.reason, "tpm.pcr.resettable");
	}
}

static void
values_are_exact(void **state)
{
	struct pcr_bank bank = bank_of(PCR_QUOTED);
	struct fault f;

	(void)state;
	assert_true(pcr_check_values(&bank, PCR_QUOTED, &f));
	assert_false(pcr_check_values(&bank, PCR_QUOTED | 1u << 10, &f));
	assert_string_equal(f.reason, "tpm.pcr.selection");
	assert_false(pcr_check_values(&bank, PCR_QUOTED & ~2u, &f));
	assert_string_equal(f.reason, "tpm.pcr.selection");
	bank.values[3].n = 31;
	assert_false(pcr_check_values(&bank, PCR_QUOTED, &f));
	assert_string_equal(f.reason, "tpm.pcr.length");
	bank.values[3].n = 0;
	assert_false(pcr_check_values(&bank, PCR_QUOTED, &f));
	assert_string_equal(f.reason, "tpm.pcr.length");
	bank.values[3].n = 33;
	assert_false(pcr_check_values(&bank, PCR_QUOTED, &f));
	assert_string_equal(f.reason, "tpm.pcr.length");
}

static void
digest_is_over_the_values(void **state)
{
	struct attest a = quote_of(TPM_ALG_SHA256, PCR_QUOTED);
	struct pcr_bank bank = bank_of(PCR_QUOTED);
	struct fault f;

	(void)state;
	assert_true(pcr_check_digest(&a, HASH_SHA256, &bank, 1, &f));
	assert_false(pcr_check_digest(&a, HASH_SHA384, &bank, 1, &f));
	assert_string_equal(f.reason, "tpm.quote.pcr-digest");
	values[15][31] ^= 1;
	assert_false(pcr_check_digest(&a, HASH_SHA256, &bank, 1, &f));
	assert_string_equal(f.reason, "tpm.quote.pcr-digest");
	assert_false(pcr_check_digest(&a, HASH_SHA256, &bank, 0, &f));
	assert_string_equal(f.reason, "tpm.pcr.selection");
	bank.alg = HASH_SHA1;
	assert_false(pcr_check_digest(&a, HASH_SHA256, &bank, 1, &f));
	assert_string_equal(f.reason, "tpm.pcr.selection");
}

/* The same bytes cut at other places have the same digest. */
static void
split_values_are_refused(void **state)
{
	struct attest a = quote_of(TPM_ALG_SHA256, PCR_QUOTED);
	struct pcr_bank bank = bank_of(PCR_QUOTED);
	struct fault f;
	uint8_t joined[64];

	(void)state;
	memcpy(joined, values[0], 32);
	memcpy(joined + 32, values[1], 32);
	bank.values[0] = bytes_of(joined, 16);
	bank.values[1] = bytes_of(joined + 16, 48);
	assert_false(pcr_check_digest(&a, HASH_SHA256, &bank, 1, &f));
	assert_string_equal(f.reason, "tpm.pcr.length");
	assert_false(pcr_check_values(&bank, PCR_QUOTED, &f));
	assert_string_equal(f.reason, "tpm.pcr.length");
}

static void
policy_is_known(void **state)
{
	struct pcr_bank bank = bank_of(PCR_QUOTED);
	struct sha256 policy = pcr_policy(&bank);
	struct public_area ak = { .policy = bytes_of(known_policy, 32) };
	struct fault f;

	(void)state;
	assert_memory_equal(policy.b, known_policy, 32);
	assert_true(pcr_check_policy(&ak, &bank, &f));
	values[11][0] ^= 1;
	assert_false(pcr_check_policy(&ak, &bank, &f));
	assert_string_equal(f.reason, "tpm.ak.policy");
	bank = bank_of(PCR_QUOTED & ~1u);
	assert_false(pcr_check_policy(&ak, &bank, &f));
	assert_string_equal(f.reason, "tpm.ak.policy");
	bank = bank_of(PCR_QUOTED);
	ak.policy.n = 0;
	assert_false(pcr_check_policy(&ak, &bank, &f));
	assert_string_equal(f.reason, "tpm.ak.policy");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(selection_is_exact),
		cmocka_unit_test(values_are_exact),
		cmocka_unit_test(digest_is_over_the_values),
		cmocka_unit_test(split_values_are_refused),
		cmocka_unit_test(policy_is_known),
	};

	return cmocka_run_group_tests_name("pcr", units, NULL, NULL);
}
