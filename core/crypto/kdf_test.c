/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/kdf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* All from Python's hmac and hashlib. */
static const uint8_t storage[16] = { 0xc6, 0xa5, 0xda, 0x3d, 0x36, 0xd1, 0x13,
	0xb5, 0x43, 0xdc, 0xd4, 0xab, 0x18, 0x0b, 0x1d, 0xf7 };
static const uint8_t integrity[32] = { 0xc9, 0x4e, 0x9c, 0x37, 0x29, 0x04, 0x6b,
	0x81, 0xde, 0x1d, 0x18, 0x54, 0x8f, 0x02, 0xef, 0xe0, 0xb8, 0x9f, 0x9d,
	0x7e, 0x08, 0x0a, 0xba, 0xfe, 0xfa, 0xcf, 0x4e, 0x0b, 0x3f, 0x2f, 0x67,
	0x8f };
static const uint8_t identity[32] = { 0xb3, 0x63, 0x7e, 0x5d, 0x44, 0x54, 0xe1,
	0x82, 0x3b, 0xb3, 0xaf, 0x66, 0x2e, 0xe2, 0x30, 0x35, 0x6f, 0x49, 0x0d,
	0x94, 0x31, 0x02, 0x03, 0x7f, 0x8d, 0x7a, 0x1b, 0xc4, 0xcf, 0xd1, 0x47,
	0x3b };

static void
answers_are_known(void **state)
{
	const struct kdf_use store = { .label = "STORAGE", .u = BYTES("name") };
	const struct kdf_use whole = { .label = "INTEGRITY" };
	uint8_t key[32], six[32], seven[32], five[32], out[32];

	(void)state;
	memset(key, 1, sizeof(key));
	kdf_a(out, 16, bytes_of(key, 32), &store);
	assert_memory_equal(out, storage, 16);
	kdf_a(out, 32, bytes_of(key, 32), &whole);
	assert_memory_equal(out, integrity, 32);
	memset(five, 5, 32);
	memset(six, 6, 32);
	memset(seven, 7, 32);
	const struct kdf_use parties = { .label = "IDENTITY",
		.u = bytes_of(six, 32),
		.v = bytes_of(seven, 32) };
	struct sha256 got = kdf_e(bytes_of(five, 32), &parties);

	assert_memory_equal(got.b, identity, 32);
}

/* The length is an input: half a key is not the start of a whole one. */
static void
lengths_separate(void **state)
{
	const struct kdf_use use = { .label = "STORAGE" };
	uint8_t half[16], whole[32];

	(void)state;
	kdf_a(half, 16, BYTES("secret"), &use);
	kdf_a(whole, 32, BYTES("secret"), &use);
	assert_memory_not_equal(half, whole, 16);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(answers_are_known),
		cmocka_unit_test(lengths_separate),
	};

	return cmocka_run_group_tests_name("kdf", units, NULL, NULL);
}
