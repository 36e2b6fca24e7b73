/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/path.h"

#include "gateway/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* clang-format off */
static const struct {
	const char *target;
	const char *device, *key;
	size_t params;
	const char *reason; /* NULL: accepted */
} rows[] = {
	{ "/",                               "",                "",              0, NULL },
	{ "/~measurement@1.0/boot",          "measurement@1.0", "boot",          0, NULL },
	{ "//~measurement@1.0//boot/",       "measurement@1.0", "boot",          0, NULL },
	{ "/%7emeasurement%401.0%2Fboot",    "measurement@1.0", "boot",          0, NULL },
	{ "/~measurement@1.0/boot%3Fa=b",    "measurement@1.0", "boot",          1, NULL },
	{ "/~measurement@1.0/boot?a=b&c",    "measurement@1.0", "boot",          2, NULL },
	{ "/~measurement@1.0/boot?&&a=b&",   "measurement@1.0", "boot",          1, NULL },
	{ "/~measurement@1.0/boot?",         "measurement@1.0", "boot",          0, NULL },
	{ "/~measurement@1.0/boot?a=b=c",    "measurement@1.0", "boot",          1, NULL },
	{ "/~measurement@1.0/boot/body",     "measurement@1.0", "boot/body",     0, NULL },
	{ "/~measurement@1.0",               "measurement@1.0", "",              0, NULL },
	{ "/boot",                           "",                "",              0, NULL },
	{ "/~",                              "",                "",              0, NULL },
	{ "/../etc/passwd",                  "",                "",              0, NULL },
	{ "/~measurement@1.0/../boot",       "measurement@1.0", "../boot",       0, NULL },
	{ "/a+b?c=d+e",                      "",                "",              1, NULL },
	{ "/%",                              "",                "",              0, "gateway.path" },
	{ "/%2",                             "",                "",              0, "gateway.path" },
	{ "/%2g",                            "",                "",              0, "gateway.path" },
	{ "/%g2",                            "",                "",              0, "gateway.path" },
	{ "/%00",                            "",                "",              0, "gateway.path" },
	{ "/%0d%0aset-cookie:%20a",          "",                "",              0, "gateway.path" },
	{ "/~measurement@1.0/boot?a=%0a",    "",                "",              0, "gateway.path" },
	{ "/%7f",                            "",                "",              0, "gateway.path" },
	{ "/?=a",                            "",                "",              0, "gateway.query" },
	{ "/?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p",   "", "",                        16, NULL },
	{ "/?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q", "", "",                         0, "gateway.query" },
};
/* clang-format on */

static void
every_target(void **state)
{
	static struct path path;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault f = { 0 };
		bool good = path_parse(&path, bytes_text(rows[i].target), &f);

		if (good != (rows[i].reason == NULL))
			fail_msg("%s: %s", rows[i].target, f.reason);
		if (!good) {
			assert_string_equal(f.reason, rows[i].reason);
			continue;
		}
		if (!bytes_is(path.device, rows[i].device) ||
		    !bytes_is(path.key, rows[i].key))
			fail_msg("%s: read otherwise", rows[i].target);
		assert_int_equal(path.nparams, rows[i].params);
	}
}

static void
long_segments(void **state)
{
	static struct path path;

	(void)state;
	for (size_t place = 0; place < 2; place++) {
		char target[700] = "/~d";
		size_t at = place == 0 ? 3 : 4;
		struct fault f = { 0 };

		target[3] = place == 0 ? 'a' : '/';
		memset(target + at, 'a', 600);
		assert_false(path_parse(&path, bytes_text(target), &f));
		assert_string_equal(f.reason, "gateway.path");
	}
}

static void
params(void **state)
{
	static struct path path;
	struct bytes value;
	struct fault f = { 0 };

	(void)state;
	assert_true(path_parse(&path, BYTES("/?a=1&b&a=2&c=&%64=%31"), &f));
	assert_true(path_param(&value, &path, "b", "x", &f));
	assert_true(bytes_is(value, "true"));
	assert_true(path_param(&value, &path, "c", "x", &f));
	assert_non_null(value.p);
	assert_int_equal(value.n, 0);
	assert_true(path_param(&value, &path, "d", "x", &f));
	assert_true(bytes_is(value, "1"));
	assert_true(path_param(&value, &path, "e", "x", &f));
	assert_null(value.p);
	assert_false(path_param(&value, &path, "a", "gateway.query", &f));
	assert_string_equal(f.reason, "gateway.query");
}

/* clang-format off */
static const struct {
	const char *method, *target;
	enum endpoint_kind kind;
} routes[] = {
	{ "GET",    "/~measurement@1.0/boot",          ENDPOINT_PAGE     },
	{ "HEAD",   "/~measurement@1.0/boot",          ENDPOINT_PAGE     },
	{ "GET",    "/~measurement@1.0/fresh?nonce=a", ENDPOINT_FRESH    },
	{ "GET",    "/~measurement@1.0/info",          ENDPOINT_PAGE     },
	{ "GET",    "/~meta@1.0/info",                 ENDPOINT_PAGE     },
	{ "GET",    "/~system@1.0/all",                ENDPOINT_PAGE     },
	{ "POST",   "/~measurement@1.0/verify",        ENDPOINT_VERIFY   },
	{ "POST",   "/~measurement@1.0/unwrap-secret", ENDPOINT_UNWRAP   },
	{ "GET",    "/~measurement@1.0/verify",        ENDPOINT_EVALUATE },
	{ "GET",    "/~measurement@1.0/unwrap-secret", ENDPOINT_EVALUATE },
	{ "POST",   "/~measurement@1.0/boot",          ENDPOINT_EVALUATE },
	{ "POST",   "/~measurement@1.0/fresh",         ENDPOINT_EVALUATE },
	{ "POST",   "/~meta@1.0/info",                 ENDPOINT_EVALUATE },
	{ "PUT",    "/~meta@1.0/info",                 ENDPOINT_EVALUATE },
	{ "get",    "/~meta@1.0/info",                 ENDPOINT_EVALUATE },
	{ "GET",    "/~measurement@1.0/boot/body",     ENDPOINT_EVALUATE },
	{ "GET",    "/~measurement@1.0/fresh/body",    ENDPOINT_EVALUATE },
	{ "GET",    "/~measurement@1.0/",              ENDPOINT_EVALUATE },
	{ "GET",    "/~measurement@1.0/Boot",          ENDPOINT_EVALUATE },
	{ "GET",    "/",                               ENDPOINT_EVALUATE },
	{ "GET",    "/boot",                           ENDPOINT_EVALUATE },
	{ "GET",    "/~tpm@2.0a/measure",              ENDPOINT_EVALUATE },
};
/* clang-format on */

static void
every_route(void **state)
{
	static struct path path;

	(void)state;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		struct fault f = { 0 };

		assert_true(
		    path_parse(&path, bytes_text(routes[i].target), &f));
		const struct endpoint *e =
		    route_find(&path, route_verb(bytes_text(routes[i].method)));

		if (e->kind != routes[i].kind)
			fail_msg("%s %s", routes[i].method, routes[i].target);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_target),
		cmocka_unit_test(long_segments),
		cmocka_unit_test(params),
		cmocka_unit_test(every_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
