/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define BOOT  "/~measurement@1.0/boot"
#define FRESH "/~measurement@1.0/fresh"

/* clang-format off */
static const struct {
	const char *target, *name, *value; /* of one header */
	enum codec codec;
	const char *reason; /* NULL: accepted */
} codecs[] = {
	{ BOOT,                                    "x",             "y",                     CODEC_LINK,   NULL },
	{ BOOT,                                    "accept",        "*/*",                   CODEC_LINK,   NULL },
	{ BOOT,                                    "accept",        "text/html",             CODEC_HTML,   NULL },
	{ BOOT,                                    "accept",        "text/html;q=0.1, application/json", CODEC_HTML, NULL },
	{ BOOT,                                    "accept",        "application/json, text/html", CODEC_JSON, NULL },
	{ BOOT,                                    "accept",        "httpsig@1.0, text/html", CODEC_LINK,  NULL },
	{ BOOT,                                    "accept",        "text/htmlx, text/*",    CODEC_LINK,   NULL },
	{ BOOT,                                    "accept",        "application/json",      CODEC_JSON,   NULL },
	{ BOOT,                                    "accept",        "json@1.0",              CODEC_JSON,   NULL },
	{ BOOT,                                    "accept",        "application/flat@1.0",  CODEC_FLAT,   NULL },
	{ BOOT "?accept-bundle",                   "accept",        "flat@1.0",              CODEC_FLAT,   NULL },
	{ BOOT,                                    "require-codec", "application/flat",      CODEC_FLAT,   NULL },
	{ BOOT,                                    "accept",        "device/httpsig, application/json", CODEC_LINK, NULL },
	{ BOOT,                                    "accept",        "flat",                  CODEC_LINK,   NULL },
	{ BOOT,                                    "accept",        "a/b , application/json ;q=1", CODEC_JSON, NULL },
	{ BOOT,                                    "accept",        "httpsig@1.0, application/json", CODEC_LINK, NULL },
	{ BOOT,                                    "accept",        "application/jsonx",     CODEC_LINK,   NULL },
	{ BOOT,                                    "accept",        ",,;,",                  CODEC_LINK,   NULL },
	{ BOOT,                                    "accept-bundle", "true",                  CODEC_BUNDLE, NULL },
	{ BOOT,                                    "accept-bundle", "false",                 CODEC_LINK,   NULL },
	{ BOOT,                                    "accept-bundle", "True",                  CODEC_LINK,   NULL },
	{ BOOT,                                    "require-codec", "json@1.0",              CODEC_JSON,   NULL },
	{ BOOT "?accept-bundle",                   "x",             "y",                     CODEC_BUNDLE, NULL },
	{ BOOT "?accept-bundle=false",             "accept-bundle", "true",                  CODEC_LINK,   NULL },
	{ BOOT "?accept=application%2Fjson",       "accept",        "text/html",             CODEC_JSON,   NULL },
	{ BOOT "?require-codec=httpsig@1.0",       "accept",        "application/json",      CODEC_LINK,   NULL },
	{ BOOT "?require-codec=httpsig@1.0",       "accept",        "text/html",             CODEC_LINK,   NULL },
	{ BOOT "?accept-bundle",                   "accept",        "text/html",             CODEC_BUNDLE, NULL },
	{ "/",                                     "accept",        "application/json",      CODEC_INDEX,  NULL },
	{ "/?x",                                   "accept-bundle", "true",                  CODEC_INDEX,  NULL },
	{ "/metrics",                              "accept",        "text/html",             CODEC_HTML,   NULL },
	{ "/nothing",                              "accept",        "text/html",             CODEC_HTML,   NULL },
	{ "/metrics/x",                            "accept",        "text/html",             CODEC_HTML,   NULL },
	{ "/nothing",                              "accept",        "application/json",      CODEC_JSON,   NULL },
	{ "/%",                                    "accept",        "application/json",      CODEC_JSON,   "gateway.path" },
	{ "/%?accept=x",                           "accept-bundle", "true",                  CODEC_BUNDLE, "gateway.path" },
	{ BOOT "?accept=a&accept=b",               "x",             "y",                     CODEC_LINK,   "gateway.query" },
	{ BOOT "?accept-bundle&accept-bundle",     "x",             "y",                     CODEC_LINK,   "gateway.query" },
};

static const struct {
	const char *target;
	size_t n; /* bytes of the nonce */
	const char *reason;
} nonces[] = {
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAAA",   16, NULL },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAAAA",  17, NULL },
	{ FRESH "?nonce=____________________-w",   16, NULL },
	{ FRESH "?other=a&nonce=AAAAAAAAAAAAAAAAAAAAAA", 16, NULL },
	{ FRESH "?nonce=%41AAAAAAAAAAAAAAAAAAAAA", 16, NULL },
	{ FRESH,                                   0,  "fresh.nonce-weak" },
	{ FRESH "?nonces=AAAAAAAAAAAAAAAAAAAAAA",  0,  "fresh.nonce-weak" },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAA",     0,  "fresh.nonce-weak" },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAA",    0,  "gateway.nonce" },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAAB",   0,  "gateway.nonce" },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAA+",   0,  "gateway.nonce" },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAA/",   0,  "gateway.nonce" },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAAA==", 0,  "gateway.nonce" },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAAA%20", 0, "gateway.nonce" },
	{ FRESH "?nonce=AAAAAAAAAAAAAAAAAAAAAA&nonce=AAAAAAAAAAAAAAAAAAAAAA", 0, "gateway.nonce" },
};
/* clang-format on */

static struct http_request rq;

static bool
get(const char *target, const char *name, const char *value, struct fault *f)
{
	static struct incoming in;

	in = (struct incoming){ .method = BYTES("GET"),
		.target = bytes_text(target) };
	in.message.headers[0] =
	    (struct http_header){ bytes_text(name), bytes_text(value) };
	in.message.nheaders = 1;
	return request_read(&rq, &in, f);
}

static void
every_codec(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++) {
		struct fault f = { 0 };
		bool good =
		    get(codecs[i].target, codecs[i].name, codecs[i].value, &f);

		if (good != (codecs[i].reason == NULL) ||
		    rq.codec != codecs[i].codec)
			fail_msg("%s %s: %s", codecs[i].target, codecs[i].value,
			    f.reason);
		if (!good)
			assert_string_equal(f.reason, codecs[i].reason);
	}
}

static void
every_nonce(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nonces) / sizeof(nonces[0]); i++) {
		struct fault f = { 0 };
		bool good = get(nonces[i].target, "x", "y", &f);

		if (good != (nonces[i].reason == NULL))
			fail_msg("%s: %s", nonces[i].target, f.reason);
		if (good)
			assert_int_equal(rq.nnonce, nonces[i].n);
		else
			assert_string_equal(f.reason, nonces[i].reason);
	}
}

/* The longest nonce, and one byte more. */
static void
longest_nonce(void **state)
{
	char target[256] = FRESH "?nonce=";
	size_t at = strlen(target);
	struct fault f = { 0 };

	(void)state;
	memset(target + at, 'A', 86);
	assert_true(get(target, "x", "y", &f));
	assert_int_equal(rq.nnonce, NONCE_MAX);
	target[at + 86] = 'A';
	assert_false(get(target, "x", "y", &f));
	assert_string_equal(f.reason, "gateway.nonce");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_codec),
		cmocka_unit_test(every_nonce),
		cmocka_unit_test(longest_nonce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
