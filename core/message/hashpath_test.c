/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/hashpath.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/message/id.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

#define ID "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk"

static void
vectors_have_their_hashpath(void **state)
{
	json_t *json = vectors_load("hashpath");
	json_t *cases = vectors_at(json, "cases");

	(void)state;
	assert_int_equal(json_array_size(cases), 4);
	for (size_t i = 0; i < json_array_size(cases); i++) {
		struct arena *a = vectors_arena();
		json_t *one = json_array_get(cases, i);
		struct hashpath_step step = {
			.base = vectors_message(vectors_at(one, "base"), a),
			.request =
			    vectors_message(vectors_at(one, "request"), a),
		};
		struct bytes out;
		struct message_id id;
		struct fault f = { 0 };

		if (!hashpath_next(&out, &step, a, &f) ||
		    !message_unsigned_id(&id, step.request, a, &f))
			fail_msg("case %zu: %s", i, f.why);
		if (!bytes_equal(out, vectors_text(one, "hashpath")) ||
		    !bytes_equal(message_id_text(&id, a),
			vectors_text(one, "request_id")))
			fail_msg("case %zu: %.*s", i, (int)out.n, out.p);
	}
	json_decref(json);
}

/* The chained ids are computed by hand: sha256 of the 32 bytes and the step,
 * their sum. */
/* clang-format off */
static const struct {
	const char *name, *previous, *algorithm, *path, *want, *reason;
} rows[] = {
	{ "first", "", NULL, "a", ID "/a", NULL },
	{ "first of several steps", "", NULL, "/a/b", ID "/a", NULL },
	{ "an id only", ID, NULL, "a", ID "/a", NULL },
	{ "chain over a word", ID "/a", NULL, "b",
	  "aCP2WH4wP05NqtWvfgsR75cMhqzb2c0D2MgLGhXqoaI/b", NULL },
	{ "chain over an id", ID "/" ID, "sha-256-chain", "b",
	  "c1QnfEkZ0Gfqa9d9-V-lp7evtJIiuq3DnFi0tEI_DvI/b", NULL },
	{ "sum", ID "/" ID, "accumulate-256", "b",
	  "VQVZLyuSRHIX2gQ-oubTLI7D3q6mcrrMpafu3wtLmZI/b", NULL },
	{ "no sum with a word", ID "/a", "accumulate-256", "b", NULL,
	  "hashpath.form" },
	{ "unknown algorithm", ID "/a", "sha-512", "b", NULL,
	  "hashpath.form" },
	{ "empty algorithm", "", "", "b", NULL, "hashpath.form" },
	{ "no id", "word/a", NULL, "b", NULL, "hashpath.form" },
	{ "leading slash", "/" ID "/a", NULL, "b", NULL, "hashpath.form" },
	{ "three steps", ID "/a/b", NULL, "c", NULL, "hashpath.form" },
	{ "no step", ID "/", NULL, "c", NULL, "hashpath.form" },
	{ "42 characters", "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzM/a",
	  NULL, "c", NULL, "hashpath.form" },
};
/* clang-format on */

static void
steps(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = vectors_arena();
		struct message *base = message_new(a);
		struct message *request = message_new(a);
		struct hashpath_step step = { bytes_text(rows[i].previous),
			base, request };
		struct bytes out;
		struct fault f = { 0 };

		message_set_text(base, "a", "b");
		message_set_text(request, "path", rows[i].path);
		if (rows[i].algorithm != NULL)
			message_set_text(
			    base, "hashpath-alg", rows[i].algorithm);
		bool ok = hashpath_next(&out, &step, a, &f);

		if (ok != (rows[i].reason == NULL))
			fail_msg("%s: %s", rows[i].name, f.why);
		if (!ok)
			assert_string_equal(f.reason, rows[i].reason);
		else if (!bytes_is(out, rows[i].want))
			fail_msg("%s: %.*s", rows[i].name, (int)out.n, out.p);
	}
}

static void
algorithm_is_a_text(void **state)
{
	struct arena *a = vectors_arena();
	struct hashpath_step step = { .base = message_new(a),
		.request = message_new(a) };
	struct message *base = message_new(a);
	struct bytes out;
	struct fault f = { 0 };

	(void)state;
	message_set_integer(base, "hashpath-alg", 256);
	step.base = base;
	assert_false(hashpath_next(&out, &step, a, &f));
	assert_string_equal(f.reason, "hashpath.form");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_have_their_hashpath),
		cmocka_unit_test(steps),
		cmocka_unit_test(algorithm_is_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
