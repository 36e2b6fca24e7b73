/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/framing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define GET  "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\n"
#define HOST "Host: x\r\n"

/* clang-format off */
static const struct {
	const char *name, *bytes;
	size_t n;
	const char *reason, *why; /* NULL: accepted */
	size_t body;
} rows[] = {
#define GOOD(name, bytes, body)       { name, bytes, sizeof(bytes) - 1, NULL, NULL, body }
#define BAD(name, bytes, reason, why) { name, bytes, sizeof(bytes) - 1, reason, why, 0 }
	GOOD("plain",               GET HOST "\r\n", 0),
	GOOD("header in any case",  GET "hOsT: x\r\n\r\n", 0),
	GOOD("no space",            GET "host:x\r\n\r\n", 0),
	GOOD("bytes over 0x7f",     GET HOST "a: \xc3\xa9\r\n\r\n", 0),
	GOOD("tab in a value",      GET HOST "a: b\tc\r\n\r\n", 0),
	GOOD("empty value",         GET HOST "a:\r\n\r\n", 0),
	GOOD("a body",              POST HOST "Content-Length: 5\r\n\r\nhello", 5),
	GOOD("a body to come",      POST HOST "Content-Length: 500\r\n\r\nhello", 500),
	GOOD("a body of nothing",   POST HOST "Content-Length: 0\r\n\r\n", 0),
	GOOD("largest body",        POST HOST "Content-Length: 1572864\r\n\r\n", 1572864),
	GOOD("100-continue",        POST HOST "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n", 1),
	GOOD("upgrade is ignored",  GET HOST "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", 0),
	GOOD("name like another",   POST HOST "Content-Lengths: x\r\nHosts: a\r\n\r\n", 0),
	BAD("an empty line first",  "\r\n" GET HOST "\r\n",                     "gateway.framing", "http 3"),
	BAD("a NUL first",          "\0" GET HOST "\r\n",                       "gateway.framing", "http 3"),
	BAD("TLS",                  "\x16\x03\x01\x02\x00\x01",                 "gateway.framing", "http 3"),
	BAD("preface",              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",         "gateway.version", "http 2"),
	BAD("HTTP/1.0",             "GET / HTTP/1.0\r\n" HOST "\r\n",           "gateway.version", "http 2"),
	BAD("HTTP/0.9",             "GET /\r\n\r\n",                            "gateway.framing", "http 3"),
	BAD("no version",           "GET / \r\n" HOST "\r\n",                   "gateway.framing", "http 3"),
	BAD("version in lower case","GET / http/1.1\r\n" HOST "\r\n",           "gateway.framing", "http 3"),
	BAD("space behind",         "GET / HTTP/1.1 \r\n" HOST "\r\n",          "gateway.framing", "http 3"),
	BAD("two spaces",           "GET  / HTTP/1.1\r\n" HOST "\r\n",          "gateway.framing", "http 3"),
	BAD("tab for space",        "GET\t/ HTTP/1.1\r\n" HOST "\r\n",          "gateway.framing", "http 3"),
	BAD("no target",            "GET HTTP/1.1\r\n" HOST "\r\n",             "gateway.framing", "http 3"),
	BAD("absolute target",      "GET http://x/ HTTP/1.1\r\n" HOST "\r\n",   "gateway.framing", "http 3"),
	BAD("authority target",     "CONNECT x:1 HTTP/1.1\r\n" HOST "\r\n",     "gateway.framing", "http 3"),
	BAD("star target",          "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",       "gateway.framing", "http 3"),
	BAD("NUL in the target",    "GET /\0 HTTP/1.1\r\n" HOST "\r\n",         "gateway.framing", "http 3"),
	BAD("raw byte in target",   "GET /\xff HTTP/1.1\r\n" HOST "\r\n",       "gateway.framing", "http 3"),
	BAD("long method",          "ABCDEFGHIJKLMNOPQ / HTTP/1.1\r\n" HOST "\r\n", "gateway.framing", "http 3"),
	BAD("odd method",           "G(T / HTTP/1.1\r\n" HOST "\r\n",           "gateway.framing", "http 3"),
	BAD("LF alone",             "GET / HTTP/1.1\nHost: x\n\n",              "gateway.framing", "http 3"),
	BAD("LF at the end",        GET "Host: x\r\n\n",                        "gateway.framing", "http 3"),
	BAD("LF in the middle",     GET "Host: x\na: b\r\n\r\n",                "gateway.framing", "http 3"),
	BAD("CR in a value",        GET HOST "a: b\rc\r\n\r\n",                 "gateway.framing", "http 3"),
	BAD("NUL in a value",       GET HOST "a: b\0c\r\n\r\n",                 "gateway.framing", "http 3"),
	BAD("DEL in a value",       GET HOST "a: b\x7f\r\n\r\n",                "gateway.framing", "http 3"),
	BAD("escape in a value",    GET HOST "a: \x1b[0m\r\n\r\n",              "gateway.framing", "http 3"),
	BAD("folded",               GET HOST "a: b\r\n c\r\n\r\n",              "gateway.framing", "http 3"),
	BAD("folded by tab",        GET HOST "a: b\r\n\tc: d\r\n\r\n",          "gateway.framing", "http 3"),
	BAD("folded first line",    GET " a: b\r\n" HOST "\r\n",                "gateway.framing", "http 3"),
	BAD("space before colon",   GET HOST "a : b\r\n\r\n",                   "gateway.framing", "http 3"),
	BAD("no colon",             GET HOST "abc\r\n\r\n",                     "gateway.framing", "http 3"),
	BAD("no name",              GET HOST ": b\r\n\r\n",                     "gateway.framing", "http 3"),
	BAD("NUL in a name",        GET HOST "a\0: b\r\n\r\n",                  "gateway.framing", "http 3"),
	BAD("raw byte in a name",   GET HOST "\xc3\xa9: b\r\n\r\n",             "gateway.framing", "http 3"),
	BAD("no Host",              GET "a: b\r\n\r\n",                         "gateway.framing", "http 3"),
	BAD("no headers",           GET "\r\n",                                 "gateway.framing", "http 3"),
	BAD("two Hosts",            GET HOST HOST "\r\n",                       "gateway.framing", "http 3"),
	BAD("empty Host",           GET "Host:\r\n\r\n",                        "gateway.framing", "http 3"),
	BAD("space in Host",        GET "Host: a b\r\n\r\n",                    "gateway.framing", "http 3"),
	BAD("two lengths",          POST HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", "gateway.framing", "http 3"),
	BAD("other two lengths",    POST HOST "Content-Length: 1\r\ncontent-length: 2\r\n\r\na", "gateway.framing", "http 3"),
	BAD("a list of lengths",    POST HOST "Content-Length: 1, 1\r\n\r\na",  "gateway.framing", "http 3"),
	BAD("signed length",        POST HOST "Content-Length: +1\r\n\r\na",    "gateway.framing", "http 3"),
	BAD("negative length",      POST HOST "Content-Length: -1\r\n\r\na",    "gateway.framing", "http 3"),
	BAD("hex length",           POST HOST "Content-Length: 0x1\r\n\r\na",   "gateway.framing", "http 3"),
	BAD("no length",            POST HOST "Content-Length:\r\n\r\na",       "gateway.framing", "http 3"),
	BAD("length that overflows", POST HOST "Content-Length: 18446744073709551617\r\n\r\na", "gateway.framing", "http 3"),
	BAD("chunked",              POST HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "gateway.length-required", "http 3"),
	BAD("CL and TE",            POST HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "gateway.length-required", "http 3"),
	BAD("TE and CL",            POST HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "gateway.length-required", "http 3"),
	BAD("TE in disguise",       POST HOST "Transfer-Encoding: xchunked\r\n\r\n", "gateway.length-required", "http 3"),
	BAD("TE identity",          POST HOST "transfer-encoding: identity\r\n\r\n", "gateway.length-required", "http 3"),
	BAD("TE with space",        POST HOST "Transfer-Encoding : chunked\r\n\r\n", "gateway.framing", "http 3"),
	BAD("body too large",       POST HOST "Content-Length: 1572865\r\n\r\n", "gateway.body-size", "http 4"),
	BAD("body far too large",   POST HOST "Content-Length: 9999999999\r\n\r\n", "gateway.body-size", "http 4"),
	BAD("other expectation",    POST HOST "Expect: 200-ok\r\nContent-Length: 1\r\n\r\na", "gateway.expect", "http 3"),
#undef GOOD
#undef BAD
};
/* clang-format on */

static void
assert_row(size_t i, enum framing_state state, const struct framing *fr,
    const struct fault *f)
{
	if (rows[i].reason == NULL) {
		if (state != FRAMING_DONE)
			fail_msg("%s: state %d", rows[i].name, (int)state);
		assert_int_equal(fr->body, rows[i].body);
		return;
	}
	if (state != FRAMING_REFUSED)
		fail_msg("%s: state %d", rows[i].name, (int)state);
	if (strcmp(f->reason, rows[i].reason) != 0 ||
	    strncmp(f->why, rows[i].why, strlen(rows[i].why)) != 0)
		fail_msg("%s: %s %s", rows[i].name, f->reason, f->why);
}

static void
every_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct framing fr = { 0 };
		struct fault f = { 0 };

		assert_row(i,
		    framing_check(&fr, bytes_of(rows[i].bytes, rows[i].n), &f),
		    &fr, &f);
	}
}

/* The verdict is the same however the bytes are cut. */
static void
every_row_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum framing_state now = FRAMING_MORE;
		struct framing fr = { 0 };
		struct fault f = { 0 };

		for (size_t n = 1; n <= rows[i].n && now == FRAMING_MORE; n++) {
			uint8_t *exact = malloc(n);

			assert_non_null(exact);
			memcpy(exact, rows[i].bytes, n);
			now = framing_check(&fr, bytes_of(exact, n), &f);
			free(exact);
		}
		assert_row(i, now, &fr, &f);
	}
}

/* A head of many headers, each with a value of n bytes. */
static size_t
head_with(char *out, size_t headers, size_t n)
{
	size_t used = (size_t)snprintf(out, 128, GET "Host: x\r\n");

	for (size_t i = 0; i < headers; i++) {
		used += (size_t)snprintf(out + used, 128, "a%zu: ", i);
		memset(out + used, 'v', n);
		used += n;
		used += (size_t)snprintf(out + used, 128, "\r\n");
	}
	return used + (size_t)snprintf(out + used, 128, "\r\n");
}

/* clang-format off */
static const struct {
	const char *name;
	size_t headers, value;
	const char *reason;
} sizes[] = {
	{ "100 headers",   99,  1,     NULL                },
	{ "101 headers",   100, 1,     "gateway.head-size" },
	{ "16 KiB",        1,   16350, NULL                },
	{ "over 16 KiB",   1,   16384, "gateway.head-size" },
	{ "many and long", 99,  400,   "gateway.head-size" },
};
/* clang-format on */

static void
head_limits(void **state)
{
	static char head[1 << 16];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t n = head_with(head, sizes[i].headers, sizes[i].value);
		struct framing fr = { 0 };
		struct fault f = { 0 };
		enum framing_state now =
		    framing_check(&fr, bytes_of(head, n), &f);

		if (sizes[i].reason == NULL)
			assert_int_equal(now, FRAMING_DONE);
		else
			assert_string_equal(f.reason, sizes[i].reason);
	}
}

/* A head that never ends is refused when it is too long, not waited for. */
static void
endless_head(void **state)
{
	static char head[FRAMING_HEAD_MAX];
	struct framing fr = { 0 };
	struct fault f = { 0 };

	(void)state;
	memset(head, 'A', sizeof(head));
	assert_int_equal(
	    framing_check(&fr, bytes_of(head, sizeof(head) - 1), &f),
	    FRAMING_MORE);
	assert_int_equal(framing_check(&fr, bytes_of(head, sizeof(head)), &f),
	    FRAMING_REFUSED);
	assert_string_equal(f.reason, "gateway.head-size");
}

static void
long_target(void **state)
{
	static char head[8192];

	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		size_t target = FRAMING_TARGET_MAX + extra;
		struct framing fr = { 0 };
		struct fault f = { 0 };

		memcpy(head, "GET /", 5);
		memset(head + 5, 'a', target - 1);
		size_t n = 4 + target;

		n += (size_t)snprintf(
		    head + n, 128, " HTTP/1.1\r\n" HOST "\r\n");
		enum framing_state now =
		    framing_check(&fr, bytes_of(head, n), &f);

		assert_int_equal(
		    now, extra == 0 ? FRAMING_DONE : FRAMING_REFUSED);
		if (extra == 1)
			assert_string_equal(f.reason, "gateway.target-size");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(every_row_byte_by_byte),
		cmocka_unit_test(head_limits),
		cmocka_unit_test(endless_head),
		cmocka_unit_test(long_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
