/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/keychain.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "harness/fakes/keymint.h"

static uint8_t memory[2u << 20];
static struct arena arena;
static struct keymint phone;
static struct keychain chain;

static void
make(void)
{
	struct bytes certs[KEYMINT_CHAIN];
	struct fault f = { 0 };

	keymint_chain(certs, &phone, &arena);
	assert_true(keychain_parse(&chain, certs, KEYMINT_CHAIN, &f));
}

static int
begin(void **cmocka)
{
	(void)cmocka;
	arena_reset(&arena);
	keymint_phone(&phone);
	make();
	return 0;
}

#define REFUSED(call, wanted)                                     \
	do {                                                      \
		struct fault f = { 0 };                           \
		assert_false(call);                               \
		assert_string_equal(f.reason, "android." wanted); \
	} while (0)

#define HOLDS(call)                     \
	do {                            \
		struct fault f = { 0 }; \
		assert_true(call);      \
	} while (0)

static void
lengths(void **cmocka)
{
	(void)cmocka;
	REFUSED(keychain_length(0, &f), "chain.length");
	REFUSED(keychain_length(KEYCHAIN_MIN - 1, &f), "chain.length");
	HOLDS(keychain_length(KEYCHAIN_MIN, &f));
	HOLDS(keychain_length(KEYCHAIN_MAX, &f));
	REFUSED(keychain_length(KEYCHAIN_MAX + 1, &f), "chain.length");
	REFUSED(keychain_length(SIZE_MAX, &f), "chain.length");
}

static void
good(void **cmocka)
{
	struct statuslist none = { 0 };
	struct sha256 root = keymint_root(&arena);

	(void)cmocka;
	HOLDS(keychain_names(&chain, &f));
	HOLDS(keychain_signatures(&chain, &f));
	HOLDS(keychain_authorities(&chain, &f));
	HOLDS(keychain_root_signed(&chain, &f));
	HOLDS(keychain_root_trusted(&chain, &root, 1, &f));
	HOLDS(keychain_unrevoked(&chain, &none, &f));
	HOLDS(keychain_attests(&chain, &f));
	HOLDS(keychain_attests_first(&chain, &f));
	assert_false(keychain_is_factory(&chain));
}

static void
root_keys(void **cmocka)
{
	struct sha256 roots[2] = { { { 0 } }, keymint_root(&arena) };

	(void)cmocka;
	HOLDS(keychain_root_trusted(&chain, roots, 2, &f));
	REFUSED(keychain_root_trusted(&chain, roots, 1, &f), "root.key");
	REFUSED(keychain_root_trusted(&chain, roots, 0, &f), "root.key");
	REFUSED(
	    keychain_root_trusted(&chain, keychain_google, KEYCHAIN_ROOTS, &f),
	    "root.key");
	roots[1].b[31] ^= 1;
	REFUSED(keychain_root_trusted(&chain, roots, 2, &f), "root.key");
}

/* Both ends are included; each mode at each second that matters. */
static void
times(void **cmocka)
{
	const enum keychain_expiry all = KEYCHAIN_EXPIRY_ALL,
				   google = KEYCHAIN_EXPIRY_RENEWABLE;
	int64_t from = chain.certs[1].not_before;

	(void)cmocka;
	HOLDS(keychain_valid(&chain, from, all, &f));
	HOLDS(keychain_valid(&chain, KEYMINT_EXPIRED, all, &f));
	REFUSED(keychain_valid(&chain, from - 1, all, &f), "chain.time");
	REFUSED(
	    keychain_valid(&chain, KEYMINT_EXPIRED + 1, all, &f), "chain.time");
	REFUSED(keychain_valid(&chain, KEYMINT_EXPIRED + 1, google, &f),
	    "chain.time");
	REFUSED(keychain_valid(&chain, INT64_MIN, google, &f), "chain.time");
	keymint_factory_phone(&phone);
	make();
	assert_true(keychain_is_factory(&chain));
	HOLDS(keychain_valid(&chain, INT64_MAX, google, &f));
	HOLDS(keychain_valid(&chain, from, google, &f));
	REFUSED(keychain_valid(&chain, from - 1, google, &f), "chain.time");
	REFUSED(keychain_valid(&chain, INT64_MAX, all, &f), "chain.time");
}

/* One key from the server makes a chain the server's. */
static void
factories(void **cmocka)
{
	(void)cmocka;
	keymint_factory_phone(&phone);
	phone.certs[2].subject[0].attribute = 3;
	phone.certs[1].issuer[0].attribute = 3;
	make();
	assert_false(keychain_is_factory(&chain));
	keymint_factory_phone(&phone);
	make();
	chain.n = 2;
	assert_false(keychain_is_factory(&chain));
}

/* A CA that renewed its own key counts once. */
static void
path_lengths(void **cmocka)
{
	(void)cmocka;
	phone.certs[2].path = 0;
	make();
	REFUSED(keychain_authorities(&chain, &f), "chain.ca");
	phone.certs[3].path = 1;
	phone.certs[2].path = 1;
	make();
	REFUSED(keychain_authorities(&chain, &f), "chain.ca");
	memcpy(phone.certs[1].subject, phone.certs[1].issuer,
	    sizeof(phone.certs[1].subject));
	make();
	HOLDS(keychain_authorities(&chain, &f));
	phone.certs[2].path = 0;
	make();
	HOLDS(keychain_authorities(&chain, &f));
}

static void
places(void **cmocka)
{
	(void)cmocka;
	phone.certs[3].attestation = BYTES("");
	make();
	HOLDS(keychain_attests(&chain, &f));
	REFUSED(keychain_attests_first(&chain, &f), "extension.place");
	for (size_t i = 0; i < chain.n; i++)
		chain.certs[i].attestation = (struct bytes){ 0 };
	REFUSED(keychain_attests(&chain, &f), "extension.present");
	REFUSED(keychain_attests_first(&chain, &f), "extension.place");
}

static void
statements(void **cmocka)
{
	struct bytes said = BYTES("said");
	struct bytes by = keymint_sign(KEYMINT_KEY, said, &arena);
	struct bytes padded = DERPUT(&arena, DER_SEQUENCE,
	    BYTES("\x02\x02\x00\x01"), BYTES("\x02\x01\x01"));
	struct bytes negative = DERPUT(
	    &arena, DER_SEQUENCE, BYTES("\x02\x01\x81"), BYTES("\x02\x01\x01"));

	(void)cmocka;
	HOLDS(keychain_key_signed(&chain, said, by, &f));
	REFUSED(keychain_key_signed(&chain, BYTES("sayd"), by, &f),
	    "key.signature");
	REFUSED(keychain_key_signed(&chain, said, bytes_of(by.p, by.n - 1), &f),
	    "key.signature");
	REFUSED(keychain_key_signed(&chain, said, padded, &f), "key.signature");
	REFUSED(
	    keychain_key_signed(&chain, said, negative, &f), "key.signature");
	REFUSED(
	    keychain_key_signed(&chain, said, BYTES(""), &f), "key.signature");
	REFUSED(keychain_key_signed(&chain, said,
		    keymint_sign(KEYMINT_BATCH, said, &arena), &f),
	    "key.signature");
	phone.certs[0].of = KEYMINT_WEAK;
	make();
	REFUSED(keychain_key_signed(
		    &chain, said, keymint_sign(KEYMINT_WEAK, said, &arena), &f),
	    "key.signature");
	chain.certs[0].key_known = false;
	REFUSED(keychain_key_signed(&chain, said, by, &f), "key.signature");
}

/* No bit of a certificate can change unseen. */
static void
every_bit(void **cmocka)
{
	struct bytes certs[KEYMINT_CHAIN];
	struct keychain changed = chain;
	struct fault f = { 0 };

	(void)cmocka;
	keymint_chain(certs, &phone, &arena);
	for (size_t i = 0; i < certs[0].n; i++) {
		uint8_t *at = (uint8_t *)(uintptr_t)certs[0].p + i;

		*at ^= (uint8_t)(1u << i % 8);
		if (keycert_parse(&changed.certs[0], certs[0], &f) &&
		    keychain_signatures(&changed, &f))
			fail_msg("byte %zu", i);
		*at ^= (uint8_t)(1u << i % 8);
	}
	assert_true(keycert_parse(&changed.certs[0], certs[0], &f));
	assert_true(keychain_signatures(&changed, &f));
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test_setup(lengths, begin),
		cmocka_unit_test_setup(good, begin),
		cmocka_unit_test_setup(root_keys, begin),
		cmocka_unit_test_setup(times, begin),
		cmocka_unit_test_setup(factories, begin),
		cmocka_unit_test_setup(path_lengths, begin),
		cmocka_unit_test_setup(places, begin),
		cmocka_unit_test_setup(statements, begin),
		cmocka_unit_test_setup(every_bit, begin),
	};

	arena_init(&arena, memory, sizeof(memory));
	keymint_open();
	int failures =
	    cmocka_run_group_tests_name("keychain", units, NULL, NULL);

	keymint_close();
	return failures;
}
