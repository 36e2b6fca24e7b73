/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/attlaunch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/evidence/launches_test.h"
#include "core/message/json.h"

static uint8_t memory[1 << 20];
static struct arena arena;

/* The level of the table's last launch, through its text. */
static struct message *
level_of(struct launches_scene *s)
{
	struct message *m;
	struct bytes text;
	struct fault f;

	arena_init(&arena, memory, sizeof(memory));
	launches_last(s);
	assert_true(json_encode(
	    &text, attlaunch_message(&s->launch, &arena), &arena, &f));
	assert_true(json_decode(&m, text, &arena, &f));
	return m;
}

static void
what_is_said_is_read(void **state)
{
	struct launches_scene s;
	const struct launch *l;
	struct sha384 digest;
	struct message *m = level_of(&s);
	struct fault f;

	(void)state;
	assert_true(attlaunch_read(&l, m, false, &arena, &f));
	assert_int_equal(l->allowed, LAUNCH_FEATURES_DEFAULT);
	assert_true(launch_digest(&digest, l, &f));
	assert_memory_equal(digest.b, s.digest.b, sizeof(digest.b));
}

static void
a_launch_without_a_kernel(void **state)
{
	struct launches_scene s;
	const struct launch *l;
	struct message *m = level_of(&s);
	struct fault f;

	(void)state;
	s.launch.kernel = NULL;
	m = attlaunch_message(&s.launch, &arena);
	assert_true(attlaunch_read(&l, m, false, &arena, &f));
	assert_null(l->kernel);
}

static void
the_reader_allows_debug_swap(void **state)
{
	struct launches_scene s;
	const struct launch *l;
	struct message *m = level_of(&s);
	struct fault f = { 0 };

	(void)state;
	message_set_bool(m, "debug-swap", true);
	message_set_text(m, "features", "0000000000000021");
	assert_true(attlaunch_read(&l, m, true, &arena, &f));
	assert_int_equal(l->features, 0x21);
	assert_true(launch_check_features(l, &f));
	assert_false(attlaunch_read(&l, m, false, &arena, &f));
	assert_string_equal(f.reason, "bundle.key");
	message_set_bool(m, "debug-swap", false);
	assert_false(attlaunch_read(&l, m, true, &arena, &f));
	assert_string_equal(f.reason, "bundle.shape");
}

/* Another value of a key, as JSON text; NULL leaves the key out. */
static struct message *
changed(const struct message *m, const char *key, const char *value)
{
	struct message *out = message_new(&arena), *other;
	struct fault f;

	for (size_t k = 0; k < m->count; k++)
		if (!bytes_is(m->pairs[k].key, key))
			message_put(out, m->pairs[k].key, m->pairs[k].value);
	if (value == NULL)
		return out;
	assert_true(json_decode(&other,
	    arena_print(&arena, "{\"%s\":%s}", key, value), &arena, &f));
	message_put(out, other->pairs[0].key, other->pairs[0].value);
	return out;
}

static void
other_levels_are_refused(void **state)
{
	/* clang-format off */
	static const struct {
		const char *key, *value, *reason;
	} rows[] = {
		{ "chain",      NULL,                   "bundle.shape" },
		{ "chain",      "\"00\"",               "bundle.shape" },
		{ "chain",      "7",                    "bundle.shape" },
		{ "sections",   NULL,                   "bundle.shape" },
		{ "sections",   "{}",                   "bundle.shape" },
		{ "sections",   "[1]",                  "bundle.shape" },
		{ "sections",   "[{\"gpa\":0,\"size\":4096}]", "bundle.shape" },
		{ "sections",   "[{\"gpa\":0,\"size\":4096,\"kind\":5}]", "bundle.shape" },
		{ "sections",   "[{\"gpa\":0,\"size\":4294967296,\"kind\":1}]", "bundle.shape" },
		{ "sections",   "[{\"gpa\":-1,\"size\":4096,\"kind\":1}]", "bundle.shape" },
		{ "sections",   "[{\"gpa\":0,\"size\":4096,\"kind\":1,\"more\":1}]", "bundle.shape" },
		{ "ap-reset",   "\"8433668\"",          "bundle.shape" },
		{ "ap-reset",   "-1",                   "bundle.shape" },
		{ "hash-table", "4294967296",           "bundle.shape" },
		{ "kernel",     NULL,                   "bundle.shape" },
		{ "initrd",     NULL,                   "bundle.shape" },
		{ "cmdline",    "\"\"",                 "bundle.shape" },
		{ "host",       NULL,                   "bundle.shape" },
		{ "host",       "\"xen\"",              "bundle.shape" },
		{ "vcpu-type",  NULL,                   "bundle.shape" },
		{ "vcpu-type",  "\"EPYC-v9\"",          "snp.launch.cpu" },
		{ "vcpus",      NULL,                   "bundle.shape" },
		{ "vcpus",      "2.5",                  "bundle.shape" },
		{ "features",   "\"1\"",                "bundle.shape" },
		{ "features",   "1",                    "bundle.shape" },
		{ "memory",     "1",                    "bundle.key"   },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct launches_scene s;
		const struct launch *l;
		struct message *m =
		    changed(level_of(&s), rows[i].key, rows[i].value);
		struct fault f = { 0 };

		if (attlaunch_read(&l, m, true, &arena, &f))
			fail_msg("row %zu accepted", i);
		if (strcmp(f.reason, rows[i].reason) != 0)
			fail_msg("row %zu: %s, %s", i, f.reason, f.why);
	}
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(what_is_said_is_read),
		cmocka_unit_test(a_launch_without_a_kernel),
		cmocka_unit_test(the_reader_allows_debug_swap),
		cmocka_unit_test(other_levels_are_refused),
	};

	return cmocka_run_group_tests_name("attlaunch", units, NULL, NULL);
}
