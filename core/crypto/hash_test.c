/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/hash.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/base/hex.h"

#include <cmocka.h>

/* clang-format off */
static const struct {
	const char *name;
	enum hash_alg alg;
	const char *in, *want;
} digests[] = {
	{ "sha1 abc", HASH_SHA1, "abc",
	  "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "sha1 empty", HASH_SHA1, "",
	  "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "sha256 abc", HASH_SHA256, "abc",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "sha256 empty", HASH_SHA256, "",
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "sha384 abc", HASH_SHA384, "abc",
	  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	  "8086072ba1e7cc2358baeca134c825a7" },
	{ "sha512 abc", HASH_SHA512, "abc",
	  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
};

/* RFC 4231, test cases 1, 2, 3, 6. */
static const struct {
	const char *name, *key, *in, *want;
} macs[] = {
	{ "rfc 4231 1", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
	  "4869205468657265",
	  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ "rfc 4231 2", "4a656665",
	  "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
	  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "rfc 4231 3", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
	  "dddddddddddddddddddddddddddddddddddd",
	  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
	{ "rfc 4231 6, a key longer than a block",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaa",
	  "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a"
	  "65204b6579202d2048617368204b6579204669727374",
	  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
};
/* clang-format on */

static void
expect_hex(const char *name, struct bytes got, const char *want)
{
	char text[160] = { 0 };
	struct buf b = buf_over(text, sizeof(text) - 1);

	hex_put(&b, got);
	if (strcmp(text, want) != 0)
		fail_msg("%s: %s", name, text);
}

static struct bytes
from_hex(uint8_t *to, size_t room, const char *text)
{
	struct bytes out;
	struct fault f;
	struct arena a;

	arena_init(&a, to, room);
	if (!hex_decode(&out, bytes_text(text), &a, &f))
		fail_msg("%s", f.why);
	return out;
}

static void
digests_known(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < sizeof(digests) / sizeof(*digests); i++) {
		struct bytes in = bytes_text(digests[i].in);
		uint8_t out[64];

		hash_parts(digests[i].alg, out, &in, 1);
		expect_hex(digests[i].name,
		    bytes_of(out, hash_size(digests[i].alg)), digests[i].want);
	}
}

static void
parts_join(void **cmocka)
{
	const struct bytes parts[] = { BYTES("a"), { 0 }, BYTES("bc") };
	struct sha256 whole = sha256_of(BYTES("abc")), joined;

	(void)cmocka;
	hash_parts(HASH_SHA256, joined.b, parts, 3);
	assert_memory_equal(whole.b, joined.b, sizeof(whole.b));
	whole = sha256_of(BYTES(""));
	hash_parts(HASH_SHA256, joined.b, NULL, 0);
	assert_memory_equal(whole.b, joined.b, sizeof(whole.b));
}

static void
types_agree(void **cmocka)
{
	struct sha384 s384 = sha384_of(BYTES("abc"));
	struct sha512 s512 = sha512_of(BYTES("abc"));

	(void)cmocka;
	expect_hex("sha384_of", BYTES_OF(&s384), digests[4].want);
	expect_hex("sha512_of", BYTES_OF(&s512), digests[5].want);
}

static void
extend_chains(void **cmocka)
{
	uint8_t pcr[32] = { 0 };
	struct sha256 digest = sha256_of(BYTES("abc"));

	(void)cmocka;
	hash_extend(HASH_SHA256, pcr, BYTES_OF(&digest));
	/* SHA-256 of 32 zero bytes and SHA-256("abc"), by Python's hashlib. */
	expect_hex("extend", bytes_of(pcr, 32),
	    "589f9ffed4c477966bfb8d41f37895b08c69047df8f911d6f3b57fbe08faee8d");
}

static void
macs_known(void **cmocka)
{
	uint8_t key[160], in[160];

	(void)cmocka;
	for (size_t i = 0; i < sizeof(macs) / sizeof(*macs); i++) {
		struct sha256 mac =
		    hmac_sha256(from_hex(key, sizeof(key), macs[i].key),
			from_hex(in, sizeof(in), macs[i].in));

		expect_hex(macs[i].name, BYTES_OF(&mac), macs[i].want);
	}
}

static void
mac_depends_on_key(void **cmocka)
{
	struct sha256 a = hmac_sha256(BYTES("key"), BYTES("in"));
	struct sha256 b = hmac_sha256(BYTES("kez"), BYTES("in"));

	(void)cmocka;
	assert_memory_not_equal(a.b, b.b, sizeof(a.b));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(digests_known),
		cmocka_unit_test(parts_join),
		cmocka_unit_test(types_agree),
		cmocka_unit_test(extend_chains),
		cmocka_unit_test(macs_known),
		cmocka_unit_test(mac_depends_on_key),
	};

	return cmocka_run_group_tests_name("hash", units, NULL, NULL);
}
