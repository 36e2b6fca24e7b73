/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/hex.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static const char *const bad[] = { "0", "000", "0g", "g0", "0A", "FF", " 00",
	"0 ", "0x", "0/", "0:", "0`", "-1", "00\n", "\xc3\xa4" };

static void
every_byte(void **cmocka)
{
	uint8_t memory[128];

	(void)cmocka;
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t in[2] = { (uint8_t)byte, (uint8_t)~byte };
		struct bytes out;
		struct arena a;
		struct fault f;

		arena_init(&a, memory, sizeof(memory));
		struct bytes text = hex_encode(&a, bytes_of(in, 2));
		struct bytes same = arena_print(&a, "%02x%02x", in[0], in[1]);

		assert_true(bytes_equal(text, same));
		assert_true(hex_decode(&out, text, &a, &f));
		assert_true(bytes_equal(out, bytes_of(in, 2)));
	}
}

static void
refused(void **cmocka)
{
	uint8_t memory[128];
	struct bytes out;
	struct arena a;
	struct fault f;

	(void)cmocka;
	for (size_t i = 0; i < COUNT(bad); i++) {
		arena_init(&a, memory, sizeof(memory));
		if (hex_decode(&out, bytes_text(bad[i]), &a, &f))
			fail_msg("%s", bad[i]);
		assert_int_equal(f.code, FAULT_INPUT);
		assert_string_equal(f.reason, "encoding.hex");
	}
}

static void
limits(void **cmocka)
{
	uint8_t memory[128];
	struct bytes out;
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, memory, sizeof(memory));
	assert_true(hex_decode(&out, BYTES(""), &a, &f));
	assert_int_equal(out.n, 0);
	arena_init(&a, memory, 1);
	assert_false(hex_decode(&out,
	    BYTES("000000000000000000000000000000000000"
		  "0000"),
	    &a, &f));
	assert_string_equal(f.reason, "limit.memory");
	struct buf b = buf_over(memory, 3);

	hex_put(&b, BYTES("ab"));
	assert_false(buf_check(&b, &f));
	assert_string_equal(f.reason, "limit.buffer");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(every_byte),
		cmocka_unit_test(refused),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests_name("hex", units, NULL, NULL);
}
