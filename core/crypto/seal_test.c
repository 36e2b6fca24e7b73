/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/seal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/crypto/unseal_test.h"

#define LABEL bytes_of("LABEL", 6)

static void
rsa_reaches_its_key(void **state)
{
	uint8_t modulus[256], sealed[SEAL_RSA_MAX], out[256];
	struct unseal_key *key = unseal_new_rsa(modulus);
	struct bytes n = bytes_of(modulus, 256);

	(void)state;
	assert_true(seal_rsa(sealed, n, LABEL, BYTES("secret")));
	assert_int_equal(unseal_rsa(out, key, LABEL, bytes_of(sealed, 256)), 6);
	assert_memory_equal(out, "secret", 6);
	/* The NUL of the label counts. */
	assert_int_equal(
	    unseal_rsa(out, key, BYTES("LABEL"), bytes_of(sealed, 256)), 0);
	sealed[128] ^= 1;
	assert_int_equal(unseal_rsa(out, key, LABEL, bytes_of(sealed, 256)), 0);
	unseal_free(key);
}

static void
bad_moduli_are_refused(void **state)
{
	uint8_t modulus[513], sealed[SEAL_RSA_MAX], big[200];

	(void)state;
	memset(modulus, 0xff, sizeof(modulus));
	memset(big, 1, sizeof(big));
	assert_false(
	    seal_rsa(sealed, bytes_of(modulus, 255), LABEL, BYTES("secret")));
	assert_false(
	    seal_rsa(sealed, bytes_of(modulus, 513), LABEL, BYTES("secret")));
	assert_false(
	    seal_rsa(sealed, (struct bytes){ 0 }, LABEL, BYTES("secret")));
	/* More than OAEP has room for: 256 - 2 * 32 - 2. */
	assert_false(seal_rsa(
	    sealed, bytes_of(modulus, 256), LABEL, bytes_of(big, 191)));
	modulus[0] = 0;
	assert_false(
	    seal_rsa(sealed, bytes_of(modulus, 256), LABEL, BYTES("secret")));
}

static void
both_sides_share_a_secret(void **state)
{
	struct seal_point point, fresh, again;
	struct sha256 ours, theirs;
	struct unseal_key *key = unseal_new_ec(&point);
	struct ecdsa_key peer = { .curve = EC_P256,
		.x = bytes_of(point.x, 32),
		.y = bytes_of(point.y, 32) };

	(void)state;
	assert_true(seal_ecdh(&fresh, &ours, &peer));
	assert_true(unseal_ecdh(&theirs, key, &fresh));
	assert_memory_equal(ours.b, theirs.b, 32);
	assert_true(seal_ecdh(&again, &theirs, &peer));
	assert_memory_not_equal(again.x, fresh.x, 32);
	assert_memory_not_equal(theirs.b, ours.b, 32);
	unseal_free(key);
}

static void
bad_peers_are_refused(void **state)
{
	struct seal_point point, fresh;
	struct sha256 secret;
	struct unseal_key *key = unseal_new_ec(&point);
	struct ecdsa_key peer = { .curve = EC_P256,
		.x = bytes_of(point.x, 32),
		.y = bytes_of(point.x, 32) };
	uint8_t zero[33] = { 0 };

	(void)state;
	assert_false(seal_ecdh(&fresh, &secret, &peer));
	peer.x = bytes_of(zero, 32);
	peer.y = bytes_of(zero, 32);
	assert_false(seal_ecdh(&fresh, &secret, &peer));
	peer.y = bytes_of(zero, 33);
	assert_false(seal_ecdh(&fresh, &secret, &peer));
	peer.y.n = 0;
	assert_false(seal_ecdh(&fresh, &secret, &peer));
	peer.x = bytes_of(point.x, 32);
	peer.y = bytes_of(point.y, 32);
	assert_true(seal_ecdh(&fresh, &secret, &peer));
	peer.curve = EC_P384;
	assert_false(seal_ecdh(&fresh, &secret, &peer));
	unseal_free(key);
}

/* In CFB with an IV of zeros the first block is the key's encryption of zeros,
 * xor the text: FIPS 197 appendix vectors have no such pair, so this one is
 * `openssl enc -aes-128-ecb` of zeros under 00 01 .. 0f. */
static void
aes_answers_are_known(void **state)
{
	static const uint8_t zeros[16];
	static const uint8_t known[16] = { 0xc6, 0xa1, 0x3b, 0x37, 0x87, 0x8f,
		0x5b, 0x82, 0x6f, 0x4f, 0x81, 0x62, 0xa1, 0xc8, 0xd8, 0x79 };
	uint8_t key[16], out[16], text[37], sealed[37], back[37];

	(void)state;
	for (uint8_t i = 0; i < 16; i++)
		key[i] = i;
	seal_aes_cfb(out, key, bytes_of(zeros, 16));
	assert_memory_equal(out, known, 16);
	memset(text, 'x', sizeof(text));
	seal_aes_cfb(sealed, key, bytes_of(text, sizeof(text)));
	unseal_aes_cfb(back, key, bytes_of(sealed, sizeof(sealed)));
	assert_memory_equal(back, text, sizeof(text));
}

/* NIST SP 800-38A, F.3.13, first block and a half; in place as well. */
static void
parameters_are_known(void **state)
{
	static const uint8_t key[] = { 0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2,
		0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c };
	static const uint8_t iv[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		13, 14, 15 };
	static const uint8_t plain[] = { 0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40,
		0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a,
		0xae, 0x2d, 0x8a, 0x57, 0x1e, 0x03, 0xac, 0x9c };
	static const uint8_t sealed[] = { 0x3b, 0x3f, 0xd9, 0x2e, 0xb7, 0x2d,
		0xad, 0x20, 0x33, 0x34, 0x49, 0xf8, 0xe8, 0x3c, 0xfb, 0x4a,
		0xc8, 0xa6, 0x45, 0x37, 0xa0, 0xb3, 0xa9, 0x3f };
	uint8_t text[sizeof(plain)];

	(void)state;
	memcpy(text, plain, sizeof(text));
	seal_aes_parameter(text, key, iv, bytes_of(text, sizeof(text)));
	assert_memory_equal(text, sealed, sizeof(text));
	seal_aes_parameter_open(text, key, iv, bytes_of(text, sizeof(text)));
	assert_memory_equal(text, plain, sizeof(text));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(rsa_reaches_its_key),
		cmocka_unit_test(bad_moduli_are_refused),
		cmocka_unit_test(both_sides_share_a_secret),
		cmocka_unit_test(bad_peers_are_refused),
		cmocka_unit_test(aes_answers_are_known),
		cmocka_unit_test(parameters_are_known),
	};

	return cmocka_run_group_tests_name("seal", units, NULL, NULL);
}
