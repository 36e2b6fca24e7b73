/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/crypto.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <sys/random.h>

#include "core/crypto/heap.h"
#include "core/crypto/known.h"
#include "core/crypto/rsa.h"
#include "core/crypto/x509.h"

static bool
check_hash(void)
{
	static const struct sha256 mac = { { KNOWN_HMAC } };
	struct sha256 got = hmac_sha256(BYTES("key"), BYTES(KNOWN_TEXT));
	uint8_t out[64];

	for (enum hash_alg alg = HASH_SHA1; alg <= HASH_SHA512; alg++)
		hash_parts(alg, out, NULL, 0);
	return memcmp(got.b, mac.b, sizeof(got.b)) == 0;
}

static bool
check_rsa(void)
{
	static const uint8_t modulus[] = { KNOWN_RSA_MODULUS };
	static const uint8_t pss[] = { KNOWN_RSA_PSS };
	static const uint8_t pkcs1[] = { KNOWN_RSA_PKCS1 };
	struct bytes n = bytes_of(modulus, sizeof(modulus));

	return rsa_verify(n, RSA_PADDING_PSS, HASH_SHA512, BYTES(KNOWN_TEXT),
		   bytes_of(pss, sizeof(pss))) &&
	       rsa_verify(n, RSA_PADDING_PKCS1, HASH_SHA256, BYTES(KNOWN_TEXT),
		   bytes_of(pkcs1, sizeof(pkcs1)));
}

static bool
check_ecdsa(void)
{
	static const struct {
		enum ec_curve curve;
		size_t size;
		/* x, y, r, s, each of the size. */
		uint8_t numbers[4 * 48];
	} rows[] = {
		{ EC_P256, 32, { KNOWN_P256 } },
		{ EC_P384, 48, { KNOWN_P384 } },
	};
	bool good = true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const uint8_t *at = rows[i].numbers;
		size_t n = rows[i].size;
		struct ecdsa_key key = { rows[i].curve, bytes_of(at, n),
			bytes_of(at + n, n) };

		good &= ecdsa_verify(&key, HASH_SHA256, BYTES(KNOWN_TEXT),
		    bytes_of(at + 2 * n, n), bytes_of(at + 3 * n, n));
	}
	return good;
}

static bool
check_x509(struct fault *f)
{
	static const uint8_t der[] = { KNOWN_CERTIFICATE };
	uint8_t block[4096];
	struct bytes one = bytes_of(der, sizeof(der));
	struct x509_chain chain = { .leaf = one,
		.roots = &one,
		.nroots = 1,
		.at = KNOWN_CERTIFICATE_AT };
	struct x509_facts facts;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	return x509_facts(&facts, one, &a, f) &&
	       x509_verify(&chain, "crypto.start", f);
}

bool
crypto_start(size_t secure_heap, struct fault *f)
{
	uint8_t seed[16];

	if (secure_heap != 0 && !heap_start(secure_heap, f))
		return false;
	/* A file would decide which algorithms there are. */
	if (OPENSSL_init_crypto(
		OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
		    OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS,
		NULL) != 1)
		return fail(f, FAULT_INTERNAL, "crypto.start",
		    "base 6: libcrypto does not start");
	if (RAND_bytes(seed, sizeof(seed)) != 1 ||
	    RAND_priv_bytes(seed, sizeof(seed)) != 1 || !check_hash() ||
	    !check_rsa() || !check_ecdsa())
		return fail(f, FAULT_INTERNAL, "crypto.start",
		    "base 6: libcrypto gives wrong answers");
	return check_x509(f);
}

void
crypto_random(void *out, size_t n)
{
	uint8_t *at = out;

	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);

		if (got < 0 && errno != EINTR)
			abort();
		if (got > 0) {
			at += got;
			n -= (size_t)got;
		}
	}
}
