/* SPDX-License-Identifier: Apache-2.0 */
/* What is posted to be verified or unwrapped, over loopback. */
#include "gateway/client.h"
#include "gateway/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TYPE   "content-type: application/json\r\n"
#define VERIFY "/~measurement@1.0/verify"

static struct reply_text reply;

static void
verify_takes_a_policy(void **state)
{
	static char text[1 << 18], body[1 << 19];

	(void)state;
	assert_true(client_ask(&reply,
	    BYTES("GET /~measurement@1.0/boot HTTP/1.1\r\nhost: node\r\n"
		  "accept: application/json\r\n\r\n")));
	(void)snprintf(text, sizeof(text), "%s", reply.text + reply.head);
	(void)snprintf(body, sizeof(body),
	    "{\"envelope\":%s,\"template\":{\"system\":\"_\"},\"at-unix\":7,"
	    "\"collateral\":{\"crls\":[\"AAAA\"]},\"challenge\":{\"a\":1},"
	    "\"without-revocation\":true}",
	    text);
	assert_true(client_post(&reply, VERIFY, TYPE, body));
	if (reply.status != 200)
		fail_msg("%s", reply.text);
	assert_true(fixture.policy > 0 && fixture.collateral > 0 &&
		    fixture.challenge > 0);
	assert_int_equal(fixture.gives_up, 2);
	assert_int_equal(fixture.at, 7);
	assert_null(strstr(reply.text, "token"));
}

/* clang-format off */
static const struct {
	const char *target, *headers, *body;
	unsigned status;
	const char *holds;
} posts[] = {
#define UNWRAP "/~measurement@1.0/unwrap-secret"
	{ VERIFY, TYPE, "{",                                       400, "json." },
	{ VERIFY, TYPE, "[]",                                      400, "json." },
	{ VERIFY, TYPE, "{\"a\":1,\"a\":2}",                       400, "json." },
	{ VERIFY, TYPE, "{} {}",                                   400, "json." },
	{ VERIFY, TYPE, "{\"a\":\"\xff\"}",                        400, "json." },
	{ VERIFY, TYPE, "{}",                                      400, "gateway.purpose" },
	{ VERIFY, TYPE, "{\"purpose\":\"other\"}",                 400, "gateway.purpose" },
	{ VERIFY, TYPE, "{\"purpose\":1}",                         400, "gateway.purpose" },
	{ VERIFY "?purpose=join", TYPE, "{\"purpose\":\"boot\"}",  400, "gateway.purpose" },
	{ VERIFY "?nonce=AAAA", TYPE, "{\"purpose\":\"boot\"}",    400, "fresh.nonce-weak" },
	{ VERIFY "?nonce=*", TYPE, "{\"purpose\":\"boot\"}",       400, "gateway.nonce" },
	{ VERIFY "?nonce=" FIXTURE_NONCE "&nonce=" FIXTURE_NONCE, TYPE, "{\"purpose\":\"boot\"}", 400, "gateway.nonce" },
	{ VERIFY "?purpose=boot&purpose=boot", TYPE, "{}",         400, "gateway.query" },
	{ VERIFY, TYPE, "{\"purpose\":\"boot\"}",                  200, "verdict" },
	{ VERIFY, TYPE, "{\"envelope\":{},\"purpose\":\"boot\"}",  200, "verdict" },
	{ VERIFY, TYPE, "{\"envelope\":{},\"purpose\":\"boot\",\"polcy\":{}}", 400, "gateway.verify" },
	{ VERIFY, TYPE, "{\"envelope\":{},\"purpose\":\"boot\",\"template\":1}", 400, "gateway.verify" },
	{ VERIFY, TYPE, "{\"envelope\":{},\"purpose\":\"boot\",\"at-unix\":\"now\"}", 400, "gateway.verify" },
	{ VERIFY, TYPE, "{\"envelope\":{},\"purpose\":\"boot\",\"template\":{\"a\":1}}", 200, "verdict" },
	{ UNWRAP, TYPE, "{}",                                      400, "gateway.credential" },
	{ UNWRAP, TYPE, "{\"credential\":\"AAAA\"}",               400, "gateway.credential" },
	{ UNWRAP, TYPE, "{\"credential\":{\"credential-blob\":\"AAAAAAAA\"}}", 400, "gateway.credential" },
	{ UNWRAP, TYPE, "{\"credential\":{\"credential-blob\":\"AA\",\"secret\":\"AAAAAAAA\"}}", 400, "gateway.credential" },
	{ UNWRAP, TYPE, "{\"credential\":{\"credential-blob\":\"AAAAAAAA\",\"secret\":\"AAAA*AAA\"}}", 400, "gateway.credential" },
	{ UNWRAP, TYPE, "{\"credential\":{\"credential-blob\":1,\"secret\":\"AAAAAAAA\"}}", 400, "gateway.credential" },
	{ UNWRAP, TYPE, "{\"credential\":{\"credential-blob\":\"AAAAAAAA\",\"secret\":\"AAAAAAAA\"}}", 200, "proof" },
};
/* clang-format on */

static void
every_post(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]); i++) {
		assert_true(client_post(
		    &reply, posts[i].target, posts[i].headers, posts[i].body));
		if (reply.status != posts[i].status ||
		    strstr(reply.text, posts[i].holds) == NULL)
			fail_msg("%s %s: %s", posts[i].target, posts[i].body,
			    reply.text);
	}
}

static int
start(void **state)
{
	(void)state;
	(void)fixture_start(client_listen());
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	fixture_settle();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verify_takes_a_policy),
		cmocka_unit_test(every_post),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
