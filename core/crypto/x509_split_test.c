/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/base64.h"
#include "core/crypto/certs_test.h"
#include "core/crypto/crypto.h"
#include "core/crypto/x509.h"

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static uint8_t memory[1 << 18];

static void
put_pem(struct buf *b, struct bytes der)
{
	char line[65];
	static uint8_t text[X509_CERT_MAX * 2];
	struct buf digits = buf_over(text, sizeof(text));

	base64_put(&digits, BASE64_PADDED, der);
	buf_text(b, "-----BEGIN CERTIFICATE-----\n");
	for (size_t at = 0; at < digits.used; at += 64) {
		(void)snprintf(line, sizeof(line), "%.*s",
		    (int)(digits.used - at < 64 ? digits.used - at : 64),
		    (const char *)text + at);
		buf_text(b, line);
		buf_text(b, "\r\n");
	}
	buf_text(b, "-----END CERTIFICATE-----\n");
}

static void
pem_splits(void **cmocka)
{
	static uint8_t text[1 << 14];
	struct bytes found[2];
	struct x509_list list = { found, 2, 0 };
	struct buf pem = buf_over(text, sizeof(text));
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	struct bytes one = certs_load("ca-d3c4ec52", &a);
	struct bytes two = certs_load("root-899e3547", &a);

	buf_text(&pem, "text before\n");
	put_pem(&pem, one);
	buf_text(&pem, "\n");
	put_pem(&pem, two);
	buf_text(&pem, "text behind\n");
	assert_true(x509_split_pem(&list, buf_bytes(&pem), &a, &f));
	assert_int_equal(list.n, 2);
	assert_true(bytes_equal(found[0], one));
	assert_true(bytes_equal(found[1], two));
	list.room = 1;
	assert_false(x509_split_pem(&list, buf_bytes(&pem), &a, &f));
	assert_string_equal(f.reason, "x509.count");
}

/* clang-format off */
static const struct {
	const char *name, *text;
	bool ok; /* and no certificate */
} pems[] = {
	{ "empty",         "", true },
	{ "other text",    "hello\n", true },
	{ "another block", "-----BEGIN X-----\nAA==\n-----END X-----\n", true },
	{ "no end",        "-----BEGIN CERTIFICATE-----\nAAAA\n", false },
	{ "empty block",   "-----BEGIN CERTIFICATE----------END CERTIFICATE-----", false },
	{ "no base64",     "-----BEGIN CERTIFICATE-----\nA*==\n-----END CERTIFICATE-----\n", false },
	{ "no padding",    "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n", false },
	{ "longer DER",    "-----BEGIN CERTIFICATE-----\nMIECAA==\n-----END CERTIFICATE-----\n", false },
	{ "more than DER", "-----BEGIN CERTIFICATE-----\nMIEBAAA=\n-----END CERTIFICATE-----\n", false },
	{ "no DER",        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", false },
};
/* clang-format on */

static void
pem_refused(void **cmocka)
{
	struct bytes found[2];
	struct arena a;
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(pems); i++) {
		struct x509_list list = { found, 2, 1 };

		arena_init(&a, memory, sizeof(memory));
		if (x509_split_pem(&list, bytes_text(pems[i].text), &a, &f) !=
		    pems[i].ok)
			fail_msg("%s", pems[i].name);
		assert_int_equal(list.n, 0);
		if (!pems[i].ok)
			assert_string_equal(f.reason, "x509.pem");
	}
}

static void
der_splits(void **cmocka)
{
	struct bytes found[3];
	struct arena a;
	uint8_t text[4096];
	struct buf b = buf_over(text, sizeof(text));

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	struct bytes one = certs_load("ca-d3c4ec52", &a);
	struct bytes two = certs_load("own-root", &a);

	buf_put(&b, one);
	buf_put(&b, two);
	struct bytes both = buf_bytes(&b);

	buf_put(&b, BYTES("\0\0\0"));
	assert_int_equal(x509_split_der(found, 3, buf_bytes(&b)), 2);
	assert_true(bytes_equal(found[0], one));
	assert_true(bytes_equal(found[1], two));
	assert_int_equal(x509_split_der(found, 1, both), 1);
	assert_int_equal(x509_split_der(found, 3, (struct bytes){ 0 }), 0);
	assert_int_equal(x509_split_der(found, 3, BYTES("\xff\xff\xff")), 0);
	both.n--;
	assert_int_equal(x509_split_der(found, 3, both), 1);
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
		cmocka_unit_test(pem_splits),
		cmocka_unit_test(pem_refused),
		cmocka_unit_test(der_splits),
	};

	return cmocka_run_group_tests_name("x509_split", units, start, NULL);
}
