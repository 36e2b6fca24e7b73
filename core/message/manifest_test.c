/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/manifest.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/base/buf.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

#define ID "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* clang-format off */
static const struct {
	const char *text, *reason;
} rows[] = {
	{ "{}", NULL },
	{ "{\"a\":\"" ID "\"}", NULL },
	{ "{\"a\":\"" ID "\",\"b\":\"" ID "\"}", NULL },
	{ "{\"A\":\"" ID "\",\"a\":\"" ID "\"}", NULL },
	{ "", "ans104.bundle" },
	{ "{", "ans104.bundle" },
	{ "[]", "ans104.bundle" },
	{ "{} ", "ans104.bundle" },
	{ "{\"a\":\"" ID "\"", "ans104.bundle" },
	{ "{\"a\":\"" ID "\"} ", "ans104.bundle" },
	{ "{\"a\":\"" ID "\"}}", "ans104.bundle" },
	{ "{\"a\":\"" ID "\",}", "ans104.bundle" },
	{ "{ \"a\":\"" ID "\"}", "ans104.bundle" },
	{ "{\"a\": \"" ID "\"}", "ans104.bundle" },
	{ "{\"a\":\"" ID "\", \"b\":\"" ID "\"}", "ans104.bundle" },
	{ "{\"b\":\"" ID "\",\"a\":\"" ID "\"}", "ans104.bundle" },
	{ "{\"a\":\"" ID "\",\"a\":\"" ID "\"}", "ans104.bundle" },
	{ "{\"\":\"" ID "\"}", "ans104.bundle" },
	{ "{\"a b\":\"" ID "\"}", "ans104.bundle" },
	{ "{\"a\\u0062\":\"" ID "\"}", "ans104.bundle" },
	{ "{\"\303\244\":\"" ID "\"}", "ans104.bundle" },
	{ "{\"a\":\"" ID "A\"}", "ans104.bundle" },
	{ "{\"a\":\"AAAA\"}", "ans104.bundle" },
	{ "{\"a\":1}", "ans104.bundle" },
	{ "{\"a\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\"}", "ans104.bundle" },
};
/* clang-format on */

static void
one_form_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = vectors_arena();
		struct manifest index = { 0 };
		struct dataitem item;
		struct fault f = { 0 };

		assert_true(manifest_write(&item, &index, a, &f));
		item.data = bytes_text(rows[i].text);
		bool ok = manifest_parse(&index, &item, a, &f);

		if (ok != (rows[i].reason == NULL) ||
		    (!ok && strcmp(f.reason, rows[i].reason) != 0))
			fail_msg("%s: %s", rows[i].text, f.why);
	}
}

static void
an_index_is_nobodys_and_says_what_it_is(void **state)
{
	struct arena *a = vectors_arena();
	struct manifest index = { 0 };
	struct dataitem item, other;
	struct fault f = { 0 };

	(void)state;
	assert_true(manifest_write(&item, &index, a, &f));
	other = item;
	other.target = bytes_of(item.owner.p, 32);
	assert_false(manifest_parse(&index, &other, a, &f));
	assert_string_equal(f.reason, "ans104.bundle");
	other = item;
	other.tags[1].value = BYTES("0.0.2");
	assert_true(dataitem_write_tags(&other, a, &f));
	assert_false(manifest_parse(&index, &other, a, &f));
	assert_string_equal(f.reason, "ans104.bundle");
	other = item;
	other.ntags = 1;
	assert_true(dataitem_write_tags(&other, a, &f));
	assert_false(manifest_parse(&index, &other, a, &f));
	assert_string_equal(f.reason, "ans104.bundle");
}

static void
what_is_not_written(void **state)
{
	static const char *const keys[] = { "", "a b", "a\"", "a\\",
		"\303\244" };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct manifest index = { .keys = { bytes_text(keys[i]) },
			.count = 1 };
		struct dataitem item;
		struct fault f = { 0 };

		assert_false(
		    manifest_write(&item, &index, vectors_arena(), &f));
		assert_string_equal(f.reason, "message.key");
	}
}

static void
names_are_bounded(void **state)
{
	struct arena *a = vectors_arena();
	struct manifest index = { 0 };
	struct dataitem item;
	struct buf b = buf_in(a, 64 * 64);
	struct fault f = { 0 };

	(void)state;
	assert_true(manifest_write(&item, &index, a, &f));
	for (unsigned i = 0; i <= MESSAGE_KEYS_MAX; i++)
		buf_print(&b, "%s\"k%02u\":\"" ID "\"", i == 0 ? "{" : ",", i);
	buf_text(&b, "}");
	item.data = buf_bytes(&b);
	assert_false(manifest_parse(&index, &item, a, &f));
	assert_string_equal(f.reason, "message.keys");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_form_is_read),
		cmocka_unit_test(an_index_is_nobodys_and_says_what_it_is),
		cmocka_unit_test(what_is_not_written),
		cmocka_unit_test(names_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
