/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/explain.h"

#include "core/message/json.h"
#include "core/verdict/verdict.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* clang-format off */
static const struct {
	const char *name, *verdict;
	const char *text; /* NULL: it is no verdict */
} rows[] = {
	{ "a check that passed",
	  "{\"verdict\":\"accepted\",\"checks\":{\"bind\":{\"node-key\":{\"state\":\"passed\",\"rule\":\"measurement 2\","
	  "\"expected\":\"A\",\"observed\":\"A\"}}}}",
	  "accepted\n"
	  "  passed       bind.node-key (measurement 2): is signed by the node that it names\n"
	  "      expected  A\n"
	  "      observed  A\n" },
	{ "one that failed",
	  "{\"verdict\":\"rejected\",\"checks\":{\"fresh\":{\"nonce\":{\"state\":\"failed\",\"rule\":\"measurement 3\","
	  "\"reason\":\"fresh.nonce-mismatch\",\"why\":\"not it\",\"where\":\"nonce\"}}}}",
	  "rejected\n"
	  "  failed       fresh.nonce (measurement 3): carries the nonce asked for\n"
	  "      at        nonce\n"
	  "      reason    fresh.nonce-mismatch\n"
	  "      because   not it\n"
	  "      means     It answers another question: the nonce is not the one asked for.\n"
	  "      do        Treat it as a replay; ask the node again with a nonce of your own.\n" },
	{ "a reason that nobody knows",
	  "{\"verdict\":\"rejected\",\"checks\":{\"fresh\":{\"nonce\":{\"state\":\"failed\",\"reason\":\"x.y\"}}}}",
	  "rejected\n"
	  "  failed       fresh.nonce (): carries the nonce asked for\n"
	  "      reason    x.y\n" },
	{ "a verdict that plays with the terminal",
	  "{\"verdict\":\"\\u001b[2J\",\"checks\":{\"fresh\":{\"nonce\":{\"state\":\"\\u0007\",\"why\":\"\\n\"}}}}",
	  "(not text)\n"
	  "  (not text)   fresh.nonce (): carries the nonce asked for\n"
	  "      because   (not text)\n" },
	{ "checks that nobody knows", "{\"verdict\":\"accepted\",\"checks\":{\"x\":{\"y\":{\"state\":\"passed\"}},\"bind\":1}}",
	  "accepted\n" },
	{ "no verdict",       "{\"checks\":{}}",                   NULL },
	{ "a verdict of one", "{\"verdict\":1,\"checks\":{}}",     NULL },
	{ "no checks",        "{\"verdict\":\"accepted\"}",        NULL },
	{ "checks as a text", "{\"verdict\":\"a\",\"checks\":\"\"}", NULL },
};
/* clang-format on */

static void
test_rows(void **state)
{
	static uint8_t block[1u << 20];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault f = { 0 };
		struct arena a;
		struct message *m;
		struct bytes text;

		arena_init(&a, block, sizeof(block));
		assert_true(
		    json_decode(&m, bytes_text(rows[i].verdict), &a, &f));
		bool ok = explain_verdict(&text, m, &a, &f);

		if (ok != (rows[i].text != NULL))
			fail_msg("%s: %d", rows[i].name, ok);
		if (!ok)
			assert_string_equal(f.reason, "verdict.shape");
		else if (!bytes_is(text, rows[i].text))
			fail_msg("%s: %.*s", rows[i].name, (int)text.n,
			    (const char *)text.p);
	}
}

/* The short form says no more than the long one. */
static void
test_short(void **state)
{
	static uint8_t block[1u << 20];
	struct fault f = { 0 };
	struct arena a;
	struct message *m;
	struct bytes text;

	(void)state;
	arena_init(&a, block, sizeof(block));
	assert_true(json_decode(&m, bytes_text(rows[3].verdict), &a, &f));
	assert_true(verdict_explain(&text, m, &a, &f));
	assert_null(memchr(text.p, 0x1b, text.n));
	assert_null(memchr(text.p, 0x07, text.n));
}

static void
test_memory(void **state)
{
	static uint8_t block[1u << 16];
	struct fault f = { 0 };
	struct arena a;
	struct message *m;
	struct bytes text;

	(void)state;
	arena_init(&a, block, sizeof(block));
	assert_true(json_decode(&m, bytes_text(rows[0].verdict), &a, &f));
	assert_false(explain_verdict(&text, m, &a, &f));
	assert_string_equal(f.reason, "limit.buffer");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests_name("explain", units, NULL, NULL);
}
