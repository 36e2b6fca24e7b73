/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/ecdsa.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/crypto/crypto.h"
#include "core/crypto/known.h"

#include <cmocka.h>

static const uint8_t p256[] = { KNOWN_P256 };
static const uint8_t p384[] = { KNOWN_P384 };
static const uint8_t zero[48];
static uint8_t ones[49];

/* The order of P-256: r and s are below it. */
static const uint8_t order[] = { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad,
	0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25,
	0x51 };

/* clang-format off */
#define X { p256, 32 }
#define Y { p256 + 32, 32 }
#define R { p256 + 64, 32 }
#define S { p256 + 96, 32 }

static const struct {
	const char *name;
	struct ecdsa_key key;
	enum hash_alg alg;
	const char *in;
	struct bytes r, s;
	bool good;
} rows[] = {
	{ "p-256", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, R, S, true },
	{ "p-384", { EC_P384, { p384, 48 }, { p384 + 48, 48 } }, HASH_SHA256, KNOWN_TEXT,
	  { p384 + 96, 48 }, { p384 + 144, 48 }, true },
	{ "another text", { EC_P256, X, Y }, HASH_SHA256, "other", R, S, false },
	{ "another hash", { EC_P256, X, Y }, HASH_SHA384, KNOWN_TEXT, R, S, false },
	{ "r and s swapped", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, S, R, false },
	{ "x and y swapped", { EC_P256, Y, X }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "the point at zero", { EC_P256, { zero, 32 }, { zero, 32 } }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "no point", { EC_P256, { NULL, 0 }, { NULL, 0 } }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "x beyond the field", { EC_P256, { ones, 32 }, Y }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "y missing", { EC_P256, X, { NULL, 0 } }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "y off by its last byte", { EC_P256, X, { p256 + 31, 32 } }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "x too long", { EC_P256, { p256, 33 }, Y }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "y too long", { EC_P256, X, { p256 + 32, 33 } }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "wrong curve", { EC_P384, X, Y }, HASH_SHA256, KNOWN_TEXT, R, S, false },
	{ "r zero", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, { zero, 32 }, S, false },
	{ "s zero", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, R, { zero, 32 }, false },
	{ "both zero", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, { zero, 32 }, { zero, 32 }, false },
	{ "r empty", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, { NULL, 0 }, S, false },
	{ "s empty", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, R, { NULL, 0 }, false },
	{ "r the order", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, { order, 32 }, S, false },
	{ "s the order", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, R, { order, 32 }, false },
	{ "s beyond the order", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, R, { ones, 32 }, false },
	{ "r too long", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, { ones, 33 }, S, false },
	{ "s too long", { EC_P256, X, Y }, HASH_SHA256, KNOWN_TEXT, R, { ones, 49 }, false },
};
/* clang-format on */

static void
known(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (ecdsa_verify(&rows[i].key, rows[i].alg,
			bytes_text(rows[i].in), rows[i].r,
			rows[i].s) != rows[i].good)
			fail_msg("%s", rows[i].name);
}

static void
mutated(void **cmocka)
{
	uint8_t copy[sizeof(p256)];
	struct ecdsa_key key = { EC_P256, bytes_of(copy, 32),
		bytes_of(copy + 32, 32) };

	(void)cmocka;
	memcpy(copy, p256, sizeof(copy));
	for (size_t i = 0; i < sizeof(copy); i++) {
		copy[i] ^= 1;
		if (ecdsa_verify(&key, HASH_SHA256, BYTES(KNOWN_TEXT),
			bytes_of(copy + 64, 32), bytes_of(copy + 96, 32)))
			fail_msg("byte %zu", i);
		copy[i] ^= 1;
	}
}

/* clang-format off */
/* x, y, r, s with a zero in front of x and of r, by the openssl command. */
static const uint8_t padded[] = {
	0x00, 0x51, 0xca, 0x85, 0x60, 0xac, 0x57, 0xf5,
	0xd2, 0x71, 0xc5, 0x56, 0x78, 0x41, 0xdc, 0xf1,
	0x59, 0x6c, 0xb6, 0xf0, 0xaa, 0xc0, 0x32, 0x7e,
	0x8c, 0x27, 0x3e, 0xa6, 0xbf, 0xd9, 0xd0, 0x25,
	0x19, 0xc8, 0xde, 0x19, 0xd0, 0x6a, 0x23, 0xa2,
	0xf3, 0x5f, 0x9a, 0xc3, 0x69, 0x65, 0x25, 0xb0,
	0xf4, 0xdf, 0xdd, 0xc4, 0x6d, 0x6e, 0x73, 0xb3,
	0x91, 0xdf, 0x87, 0x9b, 0x9c, 0x74, 0x5c, 0x14,
	0x00, 0x42, 0x6e, 0xf3, 0x9a, 0x40, 0x3f, 0x81,
	0xe1, 0x80, 0x0c, 0xbf, 0x5c, 0x9a, 0xdc, 0x11,
	0x03, 0x7c, 0x77, 0x47, 0xce, 0x35, 0x14, 0x83,
	0xdd, 0x3e, 0x95, 0x12, 0x1c, 0xfc, 0x35, 0x96,
	0x78, 0x61, 0x95, 0x3e, 0x2f, 0x31, 0x46, 0xb0,
	0x4b, 0x84, 0x2a, 0x41, 0x5c, 0xfc, 0x2f, 0xc0,
	0x2b, 0x6f, 0x20, 0x56, 0x0d, 0x03, 0xf5, 0x1f,
	0x71, 0x03, 0x61, 0x18, 0x6c, 0xef, 0xd1, 0x1d,
};
/* clang-format on */

static void
zeros_in_front(void **cmocka)
{
	(void)cmocka;
	for (size_t cut = 0; cut < 2; cut++) {
		struct ecdsa_key key = { EC_P256,
			bytes_of(padded + cut, 32 - cut),
			bytes_of(padded + 32, 32) };

		assert_true(ecdsa_verify(&key, HASH_SHA256, BYTES(KNOWN_TEXT),
		    bytes_of(padded + 64 + cut, 32 - cut),
		    bytes_of(padded + 96, 32)));
	}
}

static int
start(void **cmocka)
{
	struct fault f;

	(void)cmocka;
	memset(ones, 0xff, sizeof(ones));
	return crypto_start(0, &f) ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(known),
		cmocka_unit_test(mutated),
		cmocka_unit_test(zeros_in_front),
	};

	return cmocka_run_group_tests_name("ecdsa", units, start, NULL);
}
