/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/steps.h"

#include "core/message/vectors_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static uint8_t block[16 << 20];
static struct arena arena;

static void same_steps(const struct steps *got, const json_t *want);

static bool
same_value(const struct value *got, const json_t *want)
{
	if (got == NULL)
		return false;
	if (json_is_integer(want))
		return got->kind == VALUE_INTEGER &&
		       got->integer == json_integer_value(want);
	if (json_is_boolean(want))
		return got->kind == VALUE_ATOM &&
		       bytes_is(
			   got->bytes, json_is_true(want) ? "true" : "false");
	return json_is_string(want) && got->kind == VALUE_BYTES &&
	       bytes_is(got->bytes, json_string_value(want));
}

static void
same_keys(const struct step *got, const json_t *want)
{
	size_t count = got->message->count;
	const char *key;
	json_t *value;

	for (struct step_later *l = got->later; l != NULL; l = l->next)
		count++;
	assert_int_equal(count, json_object_size(want));
	json_object_foreach((json_t *)(uintptr_t)want, key, value)
	{
		const json_t *later = json_object_get(value, "$resolve");
		struct step_later *l = got->later;

		if (later == NULL) {
			if (!same_value(
				message_get(got->message, bytes_text(key)),
				value))
				fail_msg("%s has another value", key);
			continue;
		}
		while (l != NULL && !bytes_is(l->key, key))
			l = l->next;
		assert_non_null(l);
		same_steps(l->steps, later);
	}
}

static void
same_steps(const struct steps *got, const json_t *want)
{
	assert_int_equal(got->n, json_array_size(want));
	for (size_t i = 0; i < got->n; i++) {
		const struct step *step = &got->items[i];
		const json_t *one = json_array_get(want, i);
		const json_t *as = json_object_get(one, "as");
		const json_t *inner = json_object_get(one, "resolve");

		if (json_is_string(one)) {
			assert_int_equal(step->kind, STEP_ID);
			assert_true(
			    bytes_is(step->name, json_string_value(one)));
		} else if (as != NULL) {
			assert_int_equal(step->kind, STEP_AS);
			assert_true(
			    bytes_is(step->name, json_string_value(as)));
			same_keys(step, json_object_get(one, "msg"));
		} else if (inner != NULL) {
			assert_int_equal(step->kind, STEP_RESOLVE);
			same_steps(step->inner, inner);
		} else {
			assert_int_equal(step->kind, STEP_MESSAGE);
			same_keys(step, one);
		}
	}
}

static void
every_vector(void **state)
{
	json_t *file = vectors_load("path-grammar"), *one;
	size_t i, accepted = 0;

	(void)state;
	json_array_foreach(json_object_get(file, "cases"), i, one)
	{
		struct message *request;
		struct fault f = { 0 };
		struct steps steps;
		const char *key;
		json_t *value;

		arena_init(&arena, block, sizeof(block));
		request = message_new(&arena);
		json_object_foreach(json_object_get(one, "request"), key, value)
		    message_set_text(request, key, json_string_value(value));
		/* The one case that is refused names a device that does not
		 * exist: evaluation's to say. */
		if (json_object_get(one, "error") != NULL)
			continue;
		print_message(
		    "# %s\n", json_string_value(json_object_get(
				  json_object_get(one, "request"), "path")));
		if (!steps_read(&steps, request, &arena, &f))
			fail_msg("%s: %s", f.reason, f.why);
		same_steps(&steps, json_object_get(one, "steps"));
		accepted++;
	}
	assert_int_equal(accepted, 27);
	json_decref(file);
}

#define A43 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define S8  "/a/a/a/a/a/a/a/a"

/* clang-format off */
static const struct {
	const char *path;
	size_t n;           /* steps */
	const char *reason; /* NULL: accepted */
} paths[] = {
	{ "/",                        0,  NULL },
	{ "",                         0,  NULL },
	{ "?a=b",                     0,  NULL },
	{ "/" A43,                    1,  NULL },
	{ "/" A43 "a",                2,  NULL },
	{ "/a~dev@1.0&k=v/b",         2,  NULL },
	{ "/~dev@1.0&k=\"a/(b\"/c",   2,  NULL },
	{ "/a&k=(x/(y/z))/b",         3,  NULL },
	{ "/a&k=(x?y=1)/b",           3,  NULL },
	{ "/((((a))))",               1,  NULL },
	{ "/a?k+integer=5",           2,  NULL },
	{ "/a?k%20integer=5",         2,  NULL },
	{ "/a?k+INTEGER=5",           2,  NULL },
	{ "/a&k+float=1.5",           2,  NULL },
	{ "/a&k+atom=not_found",      2,  NULL },
	{ "/a&k+list=1,%202,%22x%22", 2,  NULL },
	{ "/a&k+list=",               2,  NULL },
	{ "/a&k+map=\"a=1, b\"",      2,  NULL },
	{ S8 S8 S8 "/a/a/a/a/a/a/a",  32, NULL },
	{ "/(((((a)))))",             0,  "gateway.path" },
	{ S8 S8 S8 S8,                0,  "gateway.path" },
	{ "/(a",                      0,  "gateway.path" },
	{ "/a)",                      0,  "gateway.path" },
	{ "/a&k=\"v",                 0,  "gateway.path" },
	{ "/&k=v",                    0,  "gateway.path" },
	{ "/=v",                      0,  "gateway.path" },
	{ "/+integer=5",              0,  "gateway.path" },
	{ "/a&=v",                    0,  "gateway.path" },
	{ "/~",                       0,  "gateway.path" },
	{ "/a~&b=c",                  0,  "gateway.path" },
	{ "/~(a)",                    0,  "gateway.path" },
	{ "/%",                       0,  "gateway.path" },
	{ "/a&k=%00",                 0,  "gateway.path" },
	{ "/a?k=%0d%0aset-cookie:b",  0,  "gateway.path" },
	{ "/a?=b",                    0,  "gateway.query" },
	{ "/a?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q", 0, "gateway.query" },
	{ "/a?k+int=5",               0,  "gateway.type" },
	{ "/a?k+=5",                  2,  NULL },
	{ "/a?k+integer",             0,  "gateway.type" },
	{ "/a&k+integer=05",          0,  "gateway.type" },
	{ "/a&k+integer=1.5",         0,  "gateway.type" },
	{ "/a&k+integer=9999999999999999", 0, "gateway.type" },
	{ "/a&k+float=x",             0,  "gateway.type" },
	{ "/a&k+float=nan",           0,  "gateway.type" },
	{ "/a&k+atom=",               0,  "gateway.type" },
	{ "/a&k+atom=1",              0,  "gateway.type" },
	{ "/a&k+list=1,",             0,  "gateway.type" },
	{ "/a&k+list=1,,2",           0,  "gateway.type" },
	{ "/a&k+map=\"=1\"",          0,  "gateway.type" },
	{ "/a&k+binary=x",            0,  "gateway.type" },
};
/* clang-format on */

static void
every_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct fault f = { 0 };
		struct steps steps;

		arena_init(&arena, block, sizeof(block));
		struct message *request = message_new(&arena);

		message_set_text(request, "path", paths[i].path);
		bool good = steps_read(&steps, request, &arena, &f);

		if (good != (paths[i].reason == NULL) ||
		    (good && steps.n != paths[i].n))
			fail_msg("%s: %zu %s %s", paths[i].path, steps.n,
			    f.reason, f.why);
		if (!good)
			assert_string_equal(f.reason, paths[i].reason);
	}
}

static void
long_segment(void **state)
{
	char path[600] = "/a&k=";
	struct fault f = { 0 };
	struct steps steps;

	(void)state;
	memset(path + 5, 'v', 509);
	for (int over = 0; over < 2; over++) {
		arena_init(&arena, block, sizeof(block));
		struct message *request = message_new(&arena);

		path[513] = over == 0 ? '\0' : 'v';
		message_set_text(request, "path", path);
		assert_int_equal(
		    steps_read(&steps, request, &arena, &f), over == 0);
	}
	assert_string_equal(f.reason, "gateway.path");
}

/* clang-format off */
/* Who wins for k in step 1 of /a: header, query, N.key, path. */
static const struct {
	const char *header, *scoped, *path, *want;
} orders[] = {
	{ "h",  NULL, "/a",              "h" },
	{ "h",  NULL, "/a?k=q",          "q" },
	{ "h",  "s",  "/a?k=q",          "s" },
	{ NULL, "s",  "/a?1.k=t",        "t" },
	{ "h",  "s",  "/a&k=i?k=q",      "i" },
	{ "h",  NULL, "/a&k=1&k=2",      "2" },
	{ "h",  NULL, "/a?0.k=q",        "h" },
	{ "h",  NULL, "/a?2.k=q",        "h" },
	{ "h",  NULL, "/a?1.k.l=q",      "h" },
	{ "h",  NULL, "/a?k=1&k=2",      "2" },
};
/* clang-format on */

static void
every_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct fault f = { 0 };
		struct steps steps;
		struct bytes got;

		arena_init(&arena, block, sizeof(block));
		struct message *request = message_new(&arena);

		message_set_text(request, "path", orders[i].path);
		if (orders[i].header != NULL)
			message_set_text(request, "k", orders[i].header);
		if (orders[i].scoped != NULL)
			message_set_text(request, "1.k", orders[i].scoped);
		assert_true(steps_read(&steps, request, &arena, &f));
		assert_int_equal(steps.n, 2);
		assert_true(
		    message_find_bytes(&got, steps.items[1].message, "k"));
		if (!bytes_is(got, orders[i].want))
			fail_msg("%s: %.*s", orders[i].path, (int)got.n,
			    (const char *)got.p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector),
		cmocka_unit_test(every_path),
		cmocka_unit_test(long_segment),
		cmocka_unit_test(every_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
