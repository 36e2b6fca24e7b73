/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/respond.h"

#include "core/base/base64.h"
#include "core/message/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static uint8_t block[1 << 20];

static struct message *
fresh(void)
{
	static struct arena a;

	arena_init(&a, block, sizeof(block));
	return message_new(&a);
}

/* clang-format off */
static const struct {
	enum fault_code code;
	const char *reason;
	unsigned status;
} faults[] = {
	{ FAULT_INPUT,     "gateway.framing",         400 },
	{ FAULT_INPUT,     "json.syntax",             400 },
	{ FAULT_VERIFY,    "tpm.quote.nonce",         422 },
	{ FAULT_DENIED,    "ipc.denied",              403 },
	{ FAULT_LIMIT,     "gateway.body-size",       413 },
	{ FAULT_LIMIT,     "gateway.head-size",       431 },
	{ FAULT_LIMIT,     "gateway.target-size",     414 },
	{ FAULT_LIMIT,     "gateway.query",           400 },
	{ FAULT_INPUT,     "gateway.method",          405 },
	{ FAULT_INPUT,     "gateway.length-required", 411 },
	{ FAULT_INPUT,     "gateway.expect",          417 },
	{ FAULT_INPUT,     "gateway.version",         505 },
	{ FAULT_BUSY,      "ipc.unavailable",         503 },
	{ FAULT_BUSY,      "gateway.busy",            503 },
	{ FAULT_STATE,     "tpm.pcr15.taken",         409 },
	{ FAULT_NOT_FOUND, "gateway.unknown-device",  404 },
	{ FAULT_DEVICE,    "tpm.unavailable",         500 },
	{ FAULT_INTERNAL,  "gateway.header",          500 },
};
/* clang-format on */

static void
every_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct fault f;

		assert_false((fail)(&f, faults[i].code, faults[i].reason,
		    "http 10: why"));
		if (respond_status(&f) != faults[i].status)
			fail_msg("%s: %u", f.reason, respond_status(&f));
		assert_string_not_equal(
		    respond_phrase(faults[i].status), "Status");
	}
}

static void
faults_are_messages(void **state)
{
	struct message *m = fresh();
	struct bytes text;
	struct fault f;
	int64_t status;

	(void)state;
	(void)(fail)(&f, FAULT_NOT_FOUND, "gateway.unknown-key", "http 7: why");
	m = respond_fault(&f, m->arena);
	assert_true(message_find_integer(&status, m, "status"));
	assert_int_equal(status, 404);
	assert_true(message_find_bytes(&text, m, "error"));
	assert_true(bytes_is(text, "gateway.unknown-key"));
	assert_true(message_find_bytes(&text, m, "reason"));
	assert_true(bytes_is(text, "http 7: why"));
	assert_int_equal(m->count, 3);
}

/* clang-format off */
static const struct {
	const char *key, *value;
	const char *reason; /* NULL: accepted */
} keys[] = {
	{ "a",                           "b",                    NULL             },
	{ "a",                           "",                     NULL             },
	{ "a",                           "\xc3\xa9",             NULL             },
	{ "a+b",                         "c",                    NULL             },
	{ "a",                           "b\r\nset-cookie: c",   "httpsig."       },
	{ "a",                           "b\nc",                 "httpsig."       },
	{ "a",                           "b\rc",                 "httpsig."       },
	{ "a",                           "b\x01" "c",            "httpsig."       },
	{ "a",                           "b\x7f" "c",            "httpsig."       },
	{ "a(b",                         "c",                    "httpsig."       },
	{ "a:b",                         "c",                    "httpsig."       },
	{ "connection",                  "close",                "gateway.header" },
	{ "content-length",              "0",                    "gateway.header" },
	{ "transfer-encoding",           "chunked",              "gateway.header" },
	{ "access-control-allow-origin", "null",                 "gateway.header" },
	{ "date",                        "today",                "gateway.header" },
	{ "upgrade",                     "h2c",                  "gateway.header" },
	{ "keep-alive",                  "timeout=9",            "gateway.header" },
};
/* clang-format on */

static void
nothing_splits_or_poses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct message *m = fresh();
		struct response r;
		struct fault f = { 0 };

		message_set_bytes(m, keys[i].key, bytes_text(keys[i].value));
		bool good = respond_message(&r, m, 200, CODEC_LINK, &f);

		if (good != (keys[i].reason == NULL))
			fail_msg("%s: %s: %s %s", keys[i].key, keys[i].value,
			    f.reason, f.why);
		if (!good && strstr(f.reason, keys[i].reason) == NULL)
			fail_msg(
			    "%s: %s: %s", keys[i].key, keys[i].value, f.reason);
	}
}

static bool
holds(struct bytes text, const char *what)
{
	return memmem(text.p, text.n, what, strlen(what)) != NULL;
}

static void
json_has_its_digest(void **state)
{
	struct message *m = fresh(), *back;
	struct response r;
	struct fault f;
	char line[128];

	(void)state;
	message_set_text(m, "a", "b");
	assert_true(respond_message(&r, m, 200, CODEC_JSON, &f));
	assert_true(holds(r.headers, "\r\ncontent-type: application/json"));
	struct sha256 digest = sha256_of(r.body);
	struct bytes text =
	    base64_encode(m->arena, BASE64_PADDED, BYTES_OF(&digest));

	(void)snprintf(line, sizeof(line),
	    "content-digest: sha-256=:%.*s:", (int)text.n,
	    (const char *)text.p);
	assert_true(holds(r.headers, line));
	assert_true(json_decode(&back, r.body, m->arena, &f));
	assert_int_equal(back->count, 1);
}

/* Texts of a coded message that are headers, too, and those that are not. */
static void
scalars_are_headers(void **state)
{
	/* clang-format off */
	static const struct {
		const char *key, *value;
		bool shown;
	} rows[] = {
		{ "a",              "b",           true },
		{ "a",              "",            false },
		{ "a",              " b",          false },
		{ "a",              "b ",          false },
		{ "a",              "b\xc3\xa4",   false },
		{ "a",              "b\r\nc: d",   false },
		{ "a",              "b\tc",        false },
		{ "A",              "b",           false },
		{ "set-cookie",     "b",           false },
		{ "content-length", "b",           false },
		{ "content-type",   "text/html",   false },
		{ "codec-device",   "b",           false },
		{ "content-security-policy", "b",  false },
	};
	/* clang-format on */
	char line[128];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct message *m = fresh();
		struct response r;
		struct fault f;

		message_set_text(m, rows[i].key, rows[i].value);
		assert_true(respond_message(&r, m, 200, CODEC_JSON, &f));
		(void)snprintf(line, sizeof(line), "\r\n%s: %s", rows[i].key,
		    rows[i].value);
		if (holds(r.headers, line) != rows[i].shown)
			fail_msg("%s: %s", rows[i].key, rows[i].value);
	}
}

static void
lists_are_no_headers(void **state)
{
	static uint8_t large[257];
	struct message *m = fresh();
	struct response r;
	struct fault f;

	(void)state;
	memset(large, 'x', sizeof(large));
	message_set_bytes(m, "large", bytes_of(large, sizeof(large)));
	message_set_integer(m, "number", -7);
	message_set_bool(m, "truth", true);
	message_append_text(message_list(m, "list"), "item");
	assert_true(respond_message(&r, m, 200, CODEC_FLAT, &f));
	assert_true(holds(r.headers, "\r\ncontent-type: application/flat"));
	assert_true(holds(r.headers, "\r\nnumber: -7"));
	assert_true(holds(r.headers, "\r\ntruth: true"));
	assert_false(holds(r.headers, "\r\nlarge: "));
	assert_false(holds(r.headers, "list"));
	assert_true(holds(r.body, "\nlist/1: item\n"));
}

static void
lines_of_a_status(void **state)
{
	struct response r;
	struct fault f;

	(void)state;
	assert_true(respond_message(&r, fresh(), 503, CODEC_LINK, &f));
	assert_true(holds(r.headers, "\r\nretry-after: 1"));
	assert_true(respond_message(&r, fresh(), 405, CODEC_LINK, &f));
	assert_true(holds(r.headers, "\r\nallow: "));
	assert_true(respond_message(&r, fresh(), 200, CODEC_LINK, &f));
	assert_false(holds(r.headers, "retry-after"));
	assert_false(holds(r.headers, "\r\nallow: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status),
		cmocka_unit_test(faults_are_messages),
		cmocka_unit_test(nothing_splits_or_poses),
		cmocka_unit_test(json_has_its_digest),
		cmocka_unit_test(scalars_are_headers),
		cmocka_unit_test(lists_are_no_headers),
		cmocka_unit_test(lines_of_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
