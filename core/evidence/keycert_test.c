/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/keycert.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "harness/fakes/keymint.h"

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define SYNTAX      "android.chain.syntax"

static uint8_t memory[1u << 20];
static struct arena arena;

static struct keymint_cert
second(void)
{
	static struct keymint phone;

	arena_reset(&arena);
	keymint_phone(&phone);
	return phone.certs[1];
}

/* clang-format off */
static const struct {
	const char *text;
	int64_t at; /* -1: is refused */
} times[] = {
	{ "700101000000Z",    0 },
	{ "000229235959Z",    951868799 },
	{ "491231235959Z",    2524607999 },
	{ "500101000000Z",    -631152000 },
	{ "991231235959Z",    946684799 },
	{ "20240229120000Z",  1709208000 },
	{ "20500101000000Z",  2524608000 },
	{ "99991231235959Z",  253402300799 },
	{ "00010101000000Z",  -62135596800 },
	{ "00000101000000Z",  -1 },
	{ "230229000000Z",    -1 },
	{ "21000229000000Z",  -1 },
	{ "240230000000Z",    -1 },
	{ "240431000000Z",    -1 },
	{ "241301000000Z",    -1 },
	{ "240001000000Z",    -1 },
	{ "240100000000Z",    -1 },
	{ "240101240000Z",    -1 },
	{ "240101006000Z",    -1 },
	{ "240101000060Z",    -1 },
	{ "240101000000X",    -1 },
	{ "2401010000Z",      -1 },
	{ "240101000000+0000", -1 },
	{ "24010100000/Z",    -1 },
	{ "2401010000 0Z",    -1 },
	{ "2401010000000Z",   -1 },
	{ "",                 -1 },
};
/* clang-format on */

static void
dates(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(times); i++) {
		struct keymint_cert from = second();
		struct keycert cert;
		struct fault f = { 0 };

		from.from = times[i].text;
		bool read =
		    keycert_parse(&cert, keymint_certify(&from, &arena), &f);

		if (read != (times[i].at != -1) ||
		    (read && cert.not_before != times[i].at) ||
		    (!read && strcmp(f.reason, SYNTAX) != 0))
			fail_msg("%s: %s", times[i].text, f.why);
	}
}

/* clang-format off */
static const struct {
	const char *name, *bytes;
	size_t n, want; /* bytes left; 0: is refused */
} serials[] = {
	{ "one",            "\x01", 1, 1 },
	{ "zero",           "\x00", 1, 1 },
	{ "high bit",       "\x00\x80", 2, 1 },
	{ "20 bytes",       "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 21, 20 },
	{ "21 bytes",       "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 21, 0 },
	{ "negative",       "\x80", 1, 1 },
	{ "padded",         "\x00\x01", 2, 0 },
	{ "none",           "", 0, 0 },
};
/* clang-format on */

static void
serial_numbers(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(serials); i++) {
		struct keymint_cert from = second();
		struct keycert cert = { 0 };
		struct fault f = { 0 };

		from.serial = serials[i].bytes;
		from.nserial = serials[i].n;
		bool read =
		    keycert_parse(&cert, keymint_certify(&from, &arena), &f);

		if (read != (serials[i].want != 0) ||
		    cert.serial.n != serials[i].want)
			fail_msg("%s: %s", serials[i].name, f.why);
	}
}

static void
reads(void **cmocka)
{
	struct keymint_cert from = second();
	struct bytes der = keymint_certify(&from, &arena);
	struct keycert cert;
	struct fault f = { 0 };

	(void)cmocka;
	assert_true(keycert_parse(&cert, der, &f));
	assert_true(cert.ca && cert.may_certify && cert.key_known);
	assert_int_equal(cert.path_max, -1);
	assert_int_equal(cert.key.kind, KEY_EC_P256);
	assert_int_equal(cert.key.y.n, 32);
	assert_false(cert.odd_critical);
	assert_null(cert.attestation.p);
	assert_int_equal(cert.provisioning.n, 9);
	assert_true(bytes_equal(
	    cert.key_info, keymint_key_info(KEYMINT_BATCH, &arena)));
	from.of = KEYMINT_WEAK;
	from.path = 3;
	from.usage = 0x80;
	from.odd_critical = true;
	from.provisioning = (struct bytes){ 0 };
	assert_true(keycert_parse(&cert, keymint_certify(&from, &arena), &f));
	assert_int_equal(cert.key.kind, KEY_RSA);
	assert_int_equal(cert.key.modulus.n, 128);
	assert_int_equal(cert.path_max, 3);
	assert_true(cert.odd_critical);
	assert_false(cert.may_certify);
	assert_null(cert.provisioning.p);
}

static void
refuses_truncated(void **cmocka)
{
	struct keymint_cert from = second();
	struct bytes der = keymint_certify(&from, &arena);
	struct keycert cert;
	struct fault f = { 0 };

	(void)cmocka;
	for (size_t n = 0; n < der.n; n++) {
		if (keycert_parse(&cert, bytes_of(der.p, n), &f))
			fail_msg("cut to %zu", n);
		assert_string_equal(f.reason, SYNTAX);
	}
}

/* An edit of the bytes of a certificate: found once, and replaced. */
/* clang-format off */
static const struct {
	const char *name;
	struct bytes from, to;
	bool read, ca, certify;
} edits[] = {
	{ "critical as 01",      { (const uint8_t *)"\x1d\x13\x01\x01\xff", 5 }, { (const uint8_t *)"\x1d\x13\x01\x01\x01", 5 }, true, true, true },
	{ "CA as 01",            { (const uint8_t *)"\x30\x03\x01\x01\xff", 5 }, { (const uint8_t *)"\x30\x03\x01\x01\x01", 5 }, true, false, true },
	{ "CA as a number",      { (const uint8_t *)"\x30\x03\x01\x01\xff", 5 }, { (const uint8_t *)"\x30\x03\x02\x01\x01", 5 }, true, false, true },
	{ "negative path",       { (const uint8_t *)"\x30\x03\x01\x01\xff", 5 }, { (const uint8_t *)"\x30\x03\x02\x01\xf0", 5 }, true, false, true },
	{ "version 2",           { (const uint8_t *)"\xa0\x03\x02\x01\x02", 5 }, { (const uint8_t *)"\xa0\x03\x02\x01\x01", 5 }, false, false, false },
	{ "unused bits of 8",    { (const uint8_t *)"\x03\x02\x00\x04", 4 }, { (const uint8_t *)"\x03\x02\x08\x04", 4 }, true, true, false },
	{ "usage of no bits",    { (const uint8_t *)"\x03\x02\x00\x04", 4 }, { (const uint8_t *)"\x04\x02\x00\x04", 4 }, true, true, false },
	{ "usage as constraints", { (const uint8_t *)"\x55\x1d\x0f", 3 }, { (const uint8_t *)"\x55\x1d\x13", 3 }, false, false, false },
	{ "usage of another",    { (const uint8_t *)"\x55\x1d\x0f", 3 }, { (const uint8_t *)"\x55\x1d\x70", 3 }, true, true, true },
	{ "compressed point",    { (const uint8_t *)"\x03\x42\x00\x04", 4 }, { (const uint8_t *)"\x03\x42\x00\x02", 4 }, true, true, true },
	{ "key of odd bits",     { (const uint8_t *)"\x03\x42\x00\x04", 4 }, { (const uint8_t *)"\x03\x42\x01\x04", 4 }, false, false, false },
	{ "another curve",       { (const uint8_t *)"\x3d\x03\x01\x07", 4 }, { (const uint8_t *)"\x3d\x03\x01\x06", 4 }, true, true, true },
};
/* clang-format on */

static void
bytes_changed(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(edits); i++) {
		struct keymint_cert from = second();
		struct bytes der = keymint_certify(&from, &arena);
		struct keycert cert = { 0 };
		struct fault f = { 0 };
		uint8_t *at =
		    memmem(der.p, der.n, edits[i].from.p, edits[i].from.n);

		assert_non_null(at);
		memcpy(at, edits[i].to.p, edits[i].to.n);
		if (keycert_parse(&cert, der, &f) != edits[i].read ||
		    cert.ca != edits[i].ca ||
		    cert.may_certify != edits[i].certify)
			fail_msg("%s: %s", edits[i].name, f.why);
	}
}

/* A key that is not understood is none, and no fault. */
static void
unknown_keys(void **cmocka)
{
	static const char *const which[] = { "compressed point",
		"another curve" };

	(void)cmocka;
	for (size_t i = 0, seen = 0; i < COUNT(edits); i++) {
		struct keymint_cert from = second();
		struct bytes der = keymint_certify(&from, &arena);
		struct keycert cert;
		struct fault f = { 0 };

		if (seen == COUNT(which) ||
		    strcmp(edits[i].name, which[seen]) != 0)
			continue;
		memcpy(memmem(der.p, der.n, edits[i].from.p, edits[i].from.n),
		    edits[i].to.p, edits[i].to.n);
		assert_true(keycert_parse(&cert, der, &f));
		assert_false(cert.key_known);
		seen++;
	}
}

/* clang-format off */
static const struct {
	struct keymint_name name[2];
	bool factory;
	enum key_level level;
} names[] = {
	{ { { 5, "c6047571d8f0d17c" } },                  true,  LEVEL_SOFTWARE },
	{ { { 12, "TEE" }, { 5, "c6047571d8f0d17c" } },   true,  LEVEL_TEE },
	{ { { 5, "c604" }, { 12, "StrongBox" } },         true,  LEVEL_STRONGBOX },
	{ { { 12, "TEE" } },                              false, LEVEL_TEE },
	{ { { 10, "TEE" }, { 3, "0123" } },               false, LEVEL_TEE },
	{ { { 3, "0123" }, { 10, "StrongBox" } },         false, LEVEL_STRONGBOX },
	{ { { 3, "Droid CA3" }, { 10, "Google LLC" } },   false, LEVEL_SOFTWARE },
	{ { { 5, "c604" }, { 3, "0123" } },               false, LEVEL_SOFTWARE },
	{ { { 3, "TEE" } },                               false, LEVEL_SOFTWARE },
	{ { { 12, "Tee" }, { 5, "c604" } },               true,  LEVEL_SOFTWARE },
	{ { { 0, NULL } },                                false, LEVEL_SOFTWARE },
};
/* clang-format on */

static void
subjects(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct keymint_cert from = second();
		struct keycert cert;
		struct fault f = { 0 };

		memcpy(from.subject, names[i].name, sizeof(from.subject));
		assert_true(
		    keycert_parse(&cert, keymint_certify(&from, &arena), &f));
		if (keycert_is_factory(&cert) != names[i].factory ||
		    keycert_level(&cert) != names[i].level)
			fail_msg("name %zu", i);
	}
}

static void
too_large(void **cmocka)
{
	static uint8_t filling[70000];
	struct keymint_cert from = second();
	struct keycert cert;
	struct fault f = { 0 };

	(void)cmocka;
	from.attestation = bytes_of(filling, 64000);
	assert_true(keycert_parse(&cert, keymint_certify(&from, &arena), &f));
	from.attestation = bytes_of(filling, 66000);
	assert_false(keycert_parse(&cert, keymint_certify(&from, &arena), &f));
	assert_int_equal(f.code, FAULT_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(serial_numbers),
		cmocka_unit_test(reads),
		cmocka_unit_test(refuses_truncated),
		cmocka_unit_test(bytes_changed),
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(subjects),
		cmocka_unit_test(too_large),
	};

	arena_init(&arena, memory, sizeof(memory));
	keymint_open();
	int failures =
	    cmocka_run_group_tests_name("keycert", units, NULL, NULL);

	keymint_close();
	return failures;
}
