/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/crypto/certs_test.h"
#include "core/crypto/crl.h"
#include "core/crypto/crypto.h"

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define REASON      "test.signed"

/* clang-format off */
static const struct {
	const char *name, *issuer, *why; /* why: NULL if the key signed it */
} signatures[] = {
	{ "crl/p256.der",           "crl/p256.der",      NULL },
	{ "crl/p256-sha512.der",    "crl/p256.der",      NULL },
	{ "crl/p384.der",           "crl/p384.der",      NULL },
	{ "crl/p384-by-p256.der",   "crl/p256.der",      NULL },
	{ "crl/rsa-pss.der",        "crl/rsa-pkcs1.der", NULL },
	{ "crl/rsa-pkcs1.der",      "crl/rsa-pss.der",   NULL },
	{ "crl/three.crl",          "crl/p256.der",      NULL },
	{ "crl/rsa-pss.crl",        "crl/rsa-pss.der",   NULL },
	{ "crl/p384-by-p256.der",   "crl/p384.der",      "did not sign" },
	{ "crl/p256.der",           "crl/p256-sha512.der", NULL },
	{ "android/certs/3dcb782aa74e.der", "android/certs/56948da46e63.der", NULL },
	{ "android/certs/3dcb782aa74e.der", "android/certs/3148e211e9d5.der", "did not sign" },
	{ "crl/three.crl",          "crl/p384.der",      "did not sign" },
	{ "crl/three.crl",          "crl/rsa-pss.der",   "no algorithm" },
	{ "crl/rsa-pss.crl",        "crl/p256.der",      "no algorithm" },
	{ "crl/rsa-salt-20.der",    "crl/rsa-pss.der",   "no algorithm" },
	{ "crl/two-algorithms.crl", "crl/p256.der",      "one algorithm" },
	{ "crl/negative-r.der",     "crl/p256.der",      "did not sign" },
	{ "crl/README.md",          "crl/p256.der",      "one algorithm" },
	{ "tpm/certs/own-sha1.der", "tpm/certs/own-root.der", "no algorithm" },
};

static const struct {
	const char *name;
	size_t nrevoked;
	int64_t next_update;
	const char *issuer;
} lists[] = {
	{ "crl/three.crl",        3, 1782864000, "CN=p256" },
	{ "crl/none.crl",         0, 1782864000, "CN=p256" },
	{ "crl/rsa-pss.crl",      1, 1782864000, "CN=rsa" },
	{ "crl/entry-reason.crl", 1, 1782864000, "CN=p256" },
	{ "crl/no-next.crl",      3, 0,          "CN=p256" },
};

static const char *const no_lists[] = {
	"crl/delta.crl", "crl/partial.crl", "crl/entry-critical.crl", "crl/p256.der",
	"crl/README.md",
};
/* clang-format on */

static uint8_t memory[1 << 18];

static void
signatures_judged(void **cmocka)
{
	struct x509_facts issuer;
	struct arena a;
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(signatures); i++) {
		arena_init(&a, memory, sizeof(memory));
		struct bytes of = certs_file(signatures[i].issuer, &a);
		struct bytes der = certs_file(signatures[i].name, &a);

		assert_true(x509_facts(&issuer, of, &a, &f));
		bool good = x509_signed(der, &issuer.key, REASON, &f);

		if (good != (signatures[i].why == NULL))
			fail_msg("%s", signatures[i].name);
		if (good)
			continue;
		assert_string_equal(f.reason, REASON);
		if (strstr(f.why, signatures[i].why) == NULL)
			fail_msg("%s: %s", signatures[i].name, f.why);
	}
}

/* No byte of a signed structure may change. */
static void
signature_mutated(void **cmocka)
{
	struct x509_facts issuer;
	uint8_t copy[512];
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	struct bytes der = certs_file("crl/p256.der", &a);

	assert_true(x509_facts(&issuer, der, &a, &f));
	assert_true(der.n <= sizeof(copy));
	memcpy(copy, der.p, der.n);
	for (size_t i = 0; i < der.n; i++) {
		struct bytes cut = bytes_of(der.p, i);

		copy[i] ^= 1;
		if (x509_signed(
			bytes_of(copy, der.n), &issuer.key, REASON, &f) ||
		    x509_signed(cut, &issuer.key, REASON, &f))
			fail_msg("byte %zu", i);
		copy[i] ^= 1;
	}
}

static void
lists_read(void **cmocka)
{
	struct crl crl;
	struct arena a;
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(lists); i++) {
		arena_init(&a, memory, sizeof(memory));
		if (!crl_parse(&crl, certs_file(lists[i].name, &a), &a, &f))
			fail_msg("%s: %s", lists[i].name, f.why);
		assert_int_equal(crl.nrevoked, lists[i].nrevoked);
		assert_int_equal(crl.this_update, 1767225600);
		assert_int_equal(crl.next_update, lists[i].next_update);
		assert_true(bytes_is(crl.issuer, lists[i].issuer));
	}
}

static void
list_asked(void **cmocka)
{
	static const char *const in[] = { "ff01", "02",
		"7fffffffffffffffffff" };
	static const char *const out[] = { "", "00", "ff", "ff0101", "2",
		"7fffffffffffffffff" };
	struct crl crl;
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	assert_true(crl_parse(&crl, certs_file("crl/three.crl", &a), &a, &f));
	for (size_t i = 0; i < COUNT(in); i++)
		assert_true(crl_revokes(&crl, bytes_text(in[i])));
	for (size_t i = 0; i < COUNT(out); i++)
		assert_false(crl_revokes(&crl, bytes_text(out[i])));
	assert_true(crl_parse(&crl, certs_file("crl/none.crl", &a), &a, &f));
	assert_false(crl_revokes(&crl, bytes_text("02")));
}

static void
lists_refused(void **cmocka)
{
	struct crl crl;
	struct arena a;
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(no_lists); i++) {
		arena_init(&a, memory, sizeof(memory));
		if (crl_parse(&crl, certs_file(no_lists[i], &a), &a, &f))
			fail_msg("%s: accepted", no_lists[i]);
		assert_string_equal(f.reason, "crl.der");
	}
	arena_init(&a, memory, sizeof(memory));
	struct bytes whole = certs_file("crl/three.crl", &a);

	for (size_t n = 0; n < whole.n; n++)
		assert_false(crl_parse(&crl, bytes_of(whole.p, n), &a, &f));
	arena_init(&a, memory, 32);
	assert_false(crl_parse(&crl, whole, &a, &f));
	assert_string_equal(f.reason, "limit.memory");
}

static void
extensions_read(void **cmocka)
{
	struct x509_extensions all;
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	struct bytes der = certs_file("crl/p256.der", &a);

	assert_true(x509_extensions(&all, der, &a, &f));
	assert_int_equal(all.n, 2);
	const struct x509_extension *one =
	    x509_extension(&all, "1.3.6.1.4.1.3704.1.1");

	assert_non_null(one);
	assert_false(one->critical);
	assert_true(bytes_equal(one->value, BYTES("\x02\x01\x00")));
	assert_true(x509_extension(&all, "2.5.29.19")->critical);
	assert_null(x509_extension(&all, "1.3.6.1.4.1.3704.1"));
	assert_null(x509_extension(&all, "1.3.6.1.4.1.3704.1.1.1"));

	assert_false(
	    x509_extensions(&all, certs_file("crl/twice.der", &a), &a, &f));
	assert_string_equal(f.reason, "x509.der");
	assert_string_equal(f.why, "base 14: extension 2 comes twice");
	assert_false(x509_extensions(&all, bytes_of(der.p, 9), &a, &f));
	assert_string_equal(f.reason, "x509.der");
}

static int
start(void **cmocka)
{
	struct fault f;

	(void)cmocka;
	return crypto_start(0, &f) ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(signatures_judged),
		cmocka_unit_test(signature_mutated),
		cmocka_unit_test(lists_read),
		cmocka_unit_test(list_asked),
		cmocka_unit_test(lists_refused),
		cmocka_unit_test(extensions_read),
	};

	return cmocka_run_group_tests_name("x509_signed", units, start, NULL);
}
