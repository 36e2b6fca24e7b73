/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/platcert.h"

#include "core/evidence/table_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t block[1u << 16];

/* By the start of its SHA-256: names behind a list, and not behind one. */
static const struct {
	const char *file, *maker, *model, *version, *serial;
} rows[] = {
	{ "ca8945b3679e9c66.der", "Intel Corporation", "NUC7i5DNHE",
	    "J71739-401", "DW1600420300110_BTDN732000QM" },
	{ "cb89d3be9ad5ff9e.der", "Intel", "S2600KP", "H76962-350",
	    "BQKP52840678" },
};

static struct bytes
load(size_t row)
{
	char name[64] = "files/";

	memcpy(name + 6, rows[row].file, strlen(rows[row].file) + 1);
	return table_file(block, sizeof(block), "tpm", bytes_text(name));
}

static void
platforms_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct platcert c;
		struct fault f = { 0 };

		if (!platcert_parse(&c, load(i), &f))
			fail_msg("%s: %s", rows[i].file, f.why);
		assert_true(
		    bytes_is(c.names[PLATCERT_MANUFACTURER], rows[i].maker));
		assert_true(bytes_is(c.names[PLATCERT_MODEL], rows[i].model));
		assert_true(
		    bytes_is(c.names[PLATCERT_VERSION], rows[i].version));
		assert_true(bytes_is(c.names[PLATCERT_SERIAL], rows[i].serial));
		assert_true(c.holder_serial.n != 0);
		assert_true(c.holder_issuer.n != 0 && c.issuer.n != 0);
		assert_int_equal(c.not_after.n, 15);
	}
}

static void
parts_are_refused(void **state)
{
	struct platcert c;
	struct fault f = { 0 };
	struct bytes in = load(0);

	(void)state;
	for (size_t n = 0; n < in.n; n++) {
		assert_false(platcert_parse(&c, bytes_of(in.p, n), &f));
		assert_string_equal(f.reason, "tpm.platform.syntax");
	}
	block[in.n] = 0;
	assert_false(platcert_parse(&c, bytes_of(in.p, in.n + 1), &f));
	assert_string_equal(f.reason, "tpm.platform.syntax");
	block[10] = 2; /* version */
	assert_false(platcert_parse(&c, in, &f));
	assert_string_equal(f.reason, "tpm.platform.syntax");
}

/* A certificate of a key is none. */
static void
others_are_refused(void **state)
{
	struct platcert c;
	struct fault f = { 0 };

	(void)state;
	assert_false(platcert_parse(&c,
	    table_file(
		block, sizeof(block), "tpm", BYTES("certs/syn-ek-plain.der")),
	    &f));
	assert_string_equal(f.reason, "tpm.platform.syntax");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(platforms_are_named),
		cmocka_unit_test(parts_are_refused),
		cmocka_unit_test(others_are_refused),
	};

	return cmocka_run_group_tests_name("platcert", units, NULL, NULL);
}
