/* SPDX-License-Identifier: Apache-2.0 */
/* The test plays the TPM: it activates with the private half of the EK, by
 * TPM 2.0 part 1, 24, in its own words. */
#include "core/evidence/credential.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/crypto/unseal_test.h"
#include "core/evidence/areas_test.h"

#define ID    bytes_of("IDENTITY", 9)
#define LABEL bytes_of("permawebos-activation-v1", 25)

static const uint8_t secret[CREDENTIAL_SIZE] =
    "thirty-two bytes of credential!";

static struct public_name
name_of(uint8_t fill)
{
	struct public_name name = { .b = { 0x00, 0x0b }, .n = 34 };

	memset(name.b + 2, fill, 32);
	return name;
}

static void
kdfa(uint8_t out[32], const uint8_t seed[32], const char *label,
    struct bytes context, uint32_t bits)
{
	uint8_t block[128];
	struct buf b = buf_over(block, sizeof(block));

	buf_be32(&b, 1);
	buf_put(&b, bytes_of(label, strlen(label) + 1));
	buf_put(&b, context);
	buf_be32(&b, bits);
	struct sha256 mac = hmac_sha256(bytes_of(seed, 32), buf_bytes(&b));

	memcpy(out, mac.b, 32);
}

/* False if the credential was made for another Name or altered. */
static bool
open_blob(uint8_t out[CREDENTIAL_SIZE], const uint8_t seed[32],
    const struct public_name *ak, struct bytes blob)
{
	struct cursor c = cursor_over(blob);
	uint8_t key[32], mac_key[32], covered[128], plain[64];

	assert_int_equal(cursor_be16(&c), blob.n - 2);
	struct bytes mac = tpm_take_sized(&c, 32);
	struct bytes sealed = cursor_rest(&c);
	struct buf b = buf_over(covered, sizeof(covered));

	buf_put(&b, sealed);
	buf_put(&b, public_name_bytes(ak));
	kdfa(mac_key, seed, "INTEGRITY", (struct bytes){ 0 }, 256);
	struct sha256 want = hmac_sha256(bytes_of(mac_key, 32), buf_bytes(&b));

	if (!bytes_equal(mac, BYTES_OF(&want)))
		return false;
	kdfa(key, seed, "STORAGE", public_name_bytes(ak), 128);
	unseal_aes_cfb(plain, key, sealed);
	assert_int_equal(sealed.n, 2 + CREDENTIAL_SIZE);
	assert_int_equal(plain[0] << 8 | plain[1], CREDENTIAL_SIZE);
	memcpy(out, plain + 2, CREDENTIAL_SIZE);
	return true;
}

static struct area
area_rsa(const uint8_t modulus[256])
{
	struct area area = areas_ek_rsa();

	memcpy(area.b + area.n - 256, modulus, 256);
	return area;
}

static void
rsa_credential_opens(void **state)
{
	uint8_t modulus[256], seed[256], out[CREDENTIAL_SIZE];
	struct unseal_key *key = unseal_new_rsa(modulus);
	struct area area = area_rsa(modulus);
	struct public_name ak = name_of(1), other = name_of(2);
	struct public_area ek;
	struct credential made;
	struct fault f;

	(void)state;
	assert_true(public_parse(&ek, areas_bytes(&area), &f));
	assert_true(credential_make(&made, &ek, &ak, secret, &f));
	assert_int_equal(made.nsecret, 258);
	assert_int_equal(made.secret[0] << 8 | made.secret[1], 256);
	assert_int_equal(made.nblob, 70);
	assert_int_equal(
	    unseal_rsa(seed, key, ID, bytes_of(made.secret + 2, 256)), 32);
	assert_true(open_blob(out, seed, &ak, bytes_of(made.blob, 70)));
	assert_memory_equal(out, secret, CREDENTIAL_SIZE);
	assert_false(open_blob(out, seed, &other, bytes_of(made.blob, 70)));
	made.blob[69] ^= 1;
	assert_false(open_blob(out, seed, &ak, bytes_of(made.blob, 70)));
	unseal_free(key);
}

static struct area
area_ecc(const struct seal_point *point)
{
	struct area area = areas_ek_ecc();

	memcpy(area.b + area.n - 66, point->x, 32);
	memcpy(area.b + area.n - 32, point->y, 32);
	return area;
}

/* KDFe, then the same as for RSA. */
static void
seed_of(uint8_t seed[32], struct unseal_key *key, const struct seal_point *own,
    const struct credential *made)
{
	struct cursor c = cursor_over(bytes_of(made->secret, made->nsecret));
	struct seal_point fresh;
	struct sha256 z;
	uint8_t block[160];
	struct buf b = buf_over(block, sizeof(block));

	assert_int_equal(cursor_be16(&c), 68);
	memcpy(fresh.x, tpm_take_sized(&c, 32).p, 32);
	memcpy(fresh.y, tpm_take_sized(&c, 32).p, 32);
	assert_true(cursor_done(&c));
	assert_true(unseal_ecdh(&z, key, &fresh));
	buf_be32(&b, 1);
	buf_put(&b, BYTES_OF(&z));
	buf_put(&b, ID);
	buf_put(&b, bytes_of(fresh.x, 32));
	buf_put(&b, bytes_of(own->x, 32));
	struct sha256 out = sha256_of(buf_bytes(&b));

	memcpy(seed, out.b, 32);
}

static void
ecc_credential_opens(void **state)
{
	struct seal_point point;
	struct unseal_key *key = unseal_new_ec(&point);
	struct area area = area_ecc(&point);
	struct public_name ak = name_of(1), other = name_of(2);
	struct public_area ek;
	struct credential made;
	struct fault f;
	uint8_t seed[32], out[CREDENTIAL_SIZE];

	(void)state;
	assert_true(public_parse(&ek, areas_bytes(&area), &f));
	assert_true(credential_make(&made, &ek, &ak, secret, &f));
	assert_int_equal(made.nsecret, 70);
	seed_of(seed, key, &point, &made);
	assert_true(open_blob(out, seed, &ak, bytes_of(made.blob, 70)));
	assert_memory_equal(out, secret, CREDENTIAL_SIZE);
	assert_false(open_blob(out, seed, &other, bytes_of(made.blob, 70)));
	unseal_free(key);
}

static void
unusable_keys_are_refused(void **state)
{
	struct area off_curve = areas_ek_ecc();
	struct public_name ak = name_of(1);
	struct public_area ek;
	struct credential made;
	struct fault f = { 0 };

	(void)state;
	assert_true(public_parse(&ek, areas_bytes(&off_curve), &f));
	assert_false(credential_make(&made, &ek, &ak, secret, &f));
	assert_string_equal(f.reason, "tpm.credential.key");
	ek.key.kind = KEY_EC_P384;
	f = (struct fault){ 0 };
	assert_false(credential_make(&made, &ek, &ak, secret, &f));
	assert_string_equal(f.reason, "tpm.credential.key");
}

static void
proof_is_over_all_of_it(void **state)
{
	struct credential made = { .nblob = 70, .nsecret = 258 };
	struct public_name ak = name_of(1), other = name_of(2);
	struct sha256 digest = sha256_of(bytes_of(secret, sizeof(secret)));
	uint8_t block[512];
	struct buf b = buf_over(block, sizeof(block));
	struct fault f;

	(void)state;
	buf_put(&b, LABEL);
	buf_put(&b, bytes_of(made.blob, 70));
	buf_put(&b, bytes_of(made.secret, 258));
	struct sha256 mac =
	    hmac_sha256(bytes_of(secret, sizeof(secret)), buf_bytes(&b));
	struct credential_proof proof = { public_name_bytes(&ak),
		BYTES_OF(&digest), BYTES_OF(&mac) };

	assert_true(credential_check(&made, &ak, secret, &proof, &f));
	assert_false(credential_check(&made, &other, secret, &proof, &f));
	assert_string_equal(f.reason, "tpm.activation.name");
	made.blob[0] ^= 1;
	assert_false(credential_check(&made, &ak, secret, &proof, &f));
	assert_string_equal(f.reason, "tpm.activation.proof");
	made.blob[0] ^= 1;
	made.secret[257] ^= 1;
	assert_false(credential_check(&made, &ak, secret, &proof, &f));
	assert_string_equal(f.reason, "tpm.activation.proof");
	made.secret[257] ^= 1;
	digest.b[0] ^= 1;
	assert_false(credential_check(&made, &ak, secret, &proof, &f));
	assert_string_equal(f.reason, "tpm.activation.proof");
	digest.b[0] ^= 1;
	proof.credential_proof.n = 0;
	assert_false(credential_check(&made, &ak, secret, &proof, &f));
	assert_string_equal(f.reason, "tpm.activation.proof");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(rsa_credential_opens),
		cmocka_unit_test(ecc_credential_opens),
		cmocka_unit_test(unusable_keys_are_refused),
		cmocka_unit_test(proof_is_over_all_of_it),
	};

	return cmocka_run_group_tests_name("credential", units, NULL, NULL);
}
