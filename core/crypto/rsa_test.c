/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/rsa.h"

#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/cursor.h"
#include "core/crypto/crypto.h"
#include "core/crypto/known.h"

#include <cmocka.h>

#define HEAP (1u << 20)

static struct rsa_key *key;

static bool
is(struct bytes n, enum rsa_padding padding, enum hash_alg alg, const char *in,
    struct bytes signature)
{
	return rsa_verify(n, padding, alg, bytes_text(in), signature);
}

static void
signs(void **cmocka)
{
	uint8_t n[RSA_WALLET_BYTES], one[RSA_WALLET_BYTES],
	    two[RSA_WALLET_BYTES];
	struct bytes modulus = BYTES("");
	struct fault f;

	(void)cmocka;
	rsa_modulus(key, n);
	modulus = bytes_of(n, sizeof(n));
	assert_true(n[0] >= 0x80);
	assert_true(rsa_sign(one, key, BYTES("in"), &f));
	assert_true(rsa_sign(two, key, BYTES("in"), &f));
	/* PSS is salted. */
	assert_memory_not_equal(one, two, sizeof(one));
	assert_true(is(modulus, RSA_PADDING_PSS, HASH_SHA512, "in",
	    bytes_of(one, sizeof(one))));
	assert_true(is(modulus, RSA_PADDING_PSS, HASH_SHA512, "in",
	    bytes_of(two, sizeof(two))));
	assert_false(is(modulus, RSA_PADDING_PSS, HASH_SHA512, "on",
	    bytes_of(one, sizeof(one))));
	assert_false(is(modulus, RSA_PADDING_PSS, HASH_SHA256, "in",
	    bytes_of(one, sizeof(one))));
	assert_false(is(modulus, RSA_PADDING_PKCS1, HASH_SHA512, "in",
	    bytes_of(one, sizeof(one))));
}

static const uint8_t known_modulus[] = { KNOWN_RSA_MODULUS };
static const uint8_t known_pss[] = { KNOWN_RSA_PSS };
static const uint8_t known_pkcs1[] = { KNOWN_RSA_PKCS1 };

#define N   known_modulus, sizeof(known_modulus)
#define PSS known_pss, sizeof(known_pss)

struct row {
	const char *name;
	struct bytes modulus;
	enum rsa_padding padding;
	enum hash_alg alg;
	const char *in;
	struct bytes signature;
	bool good;
};

/* clang-format off */
static const struct row rows[] = {
	{ "pss",              { N }, RSA_PADDING_PSS,   HASH_SHA512, KNOWN_TEXT, { PSS }, true },
	{ "pkcs1",            { N }, RSA_PADDING_PKCS1, HASH_SHA256, KNOWN_TEXT, { known_pkcs1, 256 }, true },
	{ "another text",     { N }, RSA_PADDING_PSS,   HASH_SHA512, "other",    { PSS }, false },
	{ "another hash",     { N }, RSA_PADDING_PSS,   HASH_SHA384, KNOWN_TEXT, { PSS }, false },
	{ "sha-1",            { N }, RSA_PADDING_PKCS1, HASH_SHA1,   KNOWN_TEXT, { known_pkcs1, 256 }, false },
	{ "pss as pkcs1",     { N }, RSA_PADDING_PKCS1, HASH_SHA512, KNOWN_TEXT, { PSS }, false },
	{ "pkcs1 as pss",     { N }, RSA_PADDING_PSS,   HASH_SHA256, KNOWN_TEXT, { known_pkcs1, 256 }, false },
	{ "short signature",  { N }, RSA_PADDING_PSS,   HASH_SHA512, KNOWN_TEXT, { known_pss, 255 }, false },
	{ "no signature",     { N }, RSA_PADDING_PSS,   HASH_SHA512, KNOWN_TEXT, { NULL, 0 }, false },
	{ "no modulus",       { NULL, 0 }, RSA_PADDING_PSS, HASH_SHA512, KNOWN_TEXT, { NULL, 0 }, false },
	{ "short modulus",    { known_modulus, 255 }, RSA_PADDING_PSS, HASH_SHA512, KNOWN_TEXT, { known_pss, 255 }, false },
	{ "signature as key", { PSS }, RSA_PADDING_PSS, HASH_SHA512, KNOWN_TEXT, { PSS }, false },
	{ "zero signature",   { N }, RSA_PADDING_PSS,   HASH_SHA512, KNOWN_TEXT, { (const uint8_t[256]){ 0 }, 256 }, false },
	{ "modulus signs",    { N }, RSA_PADDING_PSS,   HASH_SHA512, KNOWN_TEXT, { N }, false },
	{ "zero modulus",     { (const uint8_t[256]){ 0 }, 256 }, RSA_PADDING_PSS, HASH_SHA512, KNOWN_TEXT, { PSS }, false },
	{ "513 bytes",        { (const uint8_t[513]){ 1 }, 513 }, RSA_PADDING_PSS, HASH_SHA512, KNOWN_TEXT, { (const uint8_t[513]){ 0 }, 513 }, false },
};
/* clang-format on */

static void
known(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (is(rows[i].modulus, rows[i].padding, rows[i].alg,
			rows[i].in, rows[i].signature) != rows[i].good)
			fail_msg("%s", rows[i].name);
}

/* More keys than are remembered, twice: what is forgotten is found again. */
static void
many_keys(void **cmocka)
{
	uint8_t n[sizeof(known_modulus)];
	struct bytes signature = bytes_of(PSS);

	(void)cmocka;
	for (unsigned round = 0; round < 2; round++)
		for (uint8_t i = 0; i < 40; i++) {
			memcpy(n, known_modulus, sizeof(n));
			n[100] ^= i;
			assert_int_equal(
			    is(bytes_of(n, sizeof(n)), RSA_PADDING_PSS,
				HASH_SHA512, KNOWN_TEXT, signature),
			    i == 0);
		}
}

static void
mutated(void **cmocka)
{
	uint8_t signature[sizeof(known_pss)];

	(void)cmocka;
	memcpy(signature, known_pss, sizeof(signature));
	for (size_t i = 0; i < sizeof(signature); i++) {
		signature[i] ^= 1;
		if (is(bytes_of(N), RSA_PADDING_PSS, HASH_SHA512, KNOWN_TEXT,
			bytes_of(signature, sizeof(signature))))
			fail_msg("byte %zu", i);
		signature[i] ^= 1;
	}
}
/* A window of memory, with the last bytes of the one before it in front. */
static uint8_t window[(1u << 20) + RSA_WALLET_BYTES / 2];

struct hits {
	unsigned in_heap, elsewhere;
};

/*
 * Counts the prime factors of n in a window: what divides n and is no more
 * than half as long is secret, and needs no look inside the key to be found.
 */
static void
count_window(struct hits *hits, const BIGNUM *n, uintptr_t at, size_t used)
{
	const size_t half = RSA_WALLET_BYTES / 2;
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *rest = BN_new();

	for (size_t i = 0; i + half <= used; i += 8) {
		if ((window[i] & 1) == 0 || window[i + half - 1] < 0xb5)
			continue;
		BIGNUM *p = BN_lebin2bn(window + i, (int)half, NULL);

		assert_int_equal(BN_mod(rest, n, p, ctx), 1);
		if (BN_is_zero(rest) &&
		    CRYPTO_secure_allocated((const void *)(at + i)) == 1)
			hits->in_heap++;
		else if (BN_is_zero(rest))
			hits->elsewhere++;
		BN_clear_free(p);
	}
	BN_free(rest);
	BN_CTX_free(ctx);
}

static void
count_range(
    struct hits *hits, const BIGNUM *n, int memory, const uintptr_t range[2])
{
	const size_t half = RSA_WALLET_BYTES / 2;

	for (uintptr_t at = range[0]; at < range[1];
	    at += sizeof(window) - half) {
		size_t left = range[1] - at;
		ssize_t got = pread(memory, window,
		    left < sizeof(window) ? left : sizeof(window), (off_t)at);

		/* A guard page inside the mapping ends it. */
		if (got <= 0)
			break;
		count_window(hits, n, at, (size_t)got);
	}
	explicit_bzero(window, sizeof(window));
}

static uintptr_t
take_hex(struct cursor *c, uint8_t stop)
{
	struct bytes text = cursor_until(c, stop);
	uintptr_t value = 0;

	for (size_t i = 0; i < text.n; i++)
		value = value << 4 |
			(uintptr_t)(text.p[i] <= '9' ? text.p[i] - '0'
						     : text.p[i] - 'a' + 10);
	return value;
}

/* All that this process may write, but the window itself. */
static struct hits
count_memory(const BIGNUM *n)
{
	static char maps[1 << 18];
	struct hits hits = { 0 };
	int memory = open("/proc/self/mem", O_RDONLY);
	FILE *file = fopen("/proc/self/maps", "r");

	assert_true(memory >= 0 && file != NULL);
	size_t used = fread(maps, 1, sizeof(maps), file);

	assert_true(used > 0 && used < sizeof(maps));
	(void)fclose(file);
	struct cursor c = cursor_over(bytes_of(maps, used));

	while (c.left > 0) {
		uintptr_t from = take_hex(&c, '-'), to = take_hex(&c, ' ');
		uintptr_t self = (uintptr_t)window;
		bool writable =
		    bytes_starts(cursor_until(&c, '\n'), BYTES("rw"));

		/* A sanitizer's shadow is too large, and holds no data. */
		if (!writable || to - from > (1u << 30))
			continue;
		if (from <= self && self < to) {
			count_range(
			    &hits, n, memory, (uintptr_t[]){ from, self });
			from = self + sizeof(window);
		}
		count_range(&hits, n, memory, (uintptr_t[]){ from, to });
	}
	(void)close(memory);
	return hits;
}

static void
primes_stay_in_heap(void **cmocka)
{
	uint8_t bytes[RSA_WALLET_BYTES], signature[RSA_WALLET_BYTES];
	struct rsa_key *fresh;
	struct fault f;

	(void)cmocka;
	assert_true(rsa_new(&fresh, &f));
	rsa_modulus(fresh, bytes);
	BIGNUM *n = BN_bin2bn(bytes, sizeof(bytes), NULL);

	for (unsigned i = 0; i < 3; i++)
		assert_true(rsa_sign(signature, fresh, BYTES("in"), &f));
	struct hits hits = count_memory(n);

	assert_true(hits.in_heap >= 2);
	assert_int_equal(hits.elsewhere, 0);
	rsa_free(fresh);
	hits = count_memory(n);
	assert_int_equal(hits.in_heap, 0);
	assert_int_equal(hits.elsewhere, 0);
	BN_free(n);
}

static void *
sign_often(void *at)
{
	bool *good = at;
	uint8_t n[RSA_WALLET_BYTES], signature[RSA_WALLET_BYTES];
	struct fault f;

	rsa_modulus(key, n);
	*good = true;
	for (unsigned i = 0; i < 8; i++)
		*good &=
		    rsa_sign(signature, key, BYTES("in"), &f) &&
		    is(bytes_of(n, sizeof(n)), RSA_PADDING_PSS, HASH_SHA512,
			"in", bytes_of(signature, sizeof(signature)));
	return NULL;
}

static void
threads_agree(void **cmocka)
{
	pthread_t threads[4];
	bool good[4] = { 0 };

	(void)cmocka;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, sign_often, &good[i]), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(good[i]);
	}
}

static int
start(void **cmocka)
{
	struct fault f;

	(void)cmocka;
	return crypto_start(HEAP, &f) && rsa_new(&key, &f) ? 0 : -1;
}

static int
stop(void **cmocka)
{
	(void)cmocka;
	rsa_free(key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(signs),
		cmocka_unit_test(known),
		cmocka_unit_test(many_keys),
		cmocka_unit_test(mutated),
		cmocka_unit_test(primes_stay_in_heap),
		cmocka_unit_test(threads_agree),
	};

	return cmocka_run_group_tests_name("rsa", units, start, stop);
}
