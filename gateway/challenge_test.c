/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/challenge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/message/pack.h"

#define NOW 1780000000

static uint8_t block[4 << 20];
static struct http_request rq;

/* Bodies, the number of keys of the measurement in them, and the demands. */
/* clang-format off */
static const struct {
	const char *target, *body, *reason; /* NULL: accepted */
	size_t keys;
	const char *purpose;
	size_t nonce, roots;
} challenges[] = {
#define V "/~measurement@1.0/verify"
#define N "AAAAAAAAAAAAAAAAAAAAAA"
	{ V,                 "{\"purpose\":\"boot\",\"a\":1}",                               NULL, 2, "boot",  0,  0 },
	{ V "?purpose=fresh","{\"purpose\":\"boot\"}",                                       NULL, 1, "fresh", 0,  0 },
	{ V "?nonce=" N,     "{\"purpose\":\"boot\",\"nonce\":\"other\"}",                   NULL, 2, "boot",  16, 0 },
	{ V,                 "{\"purpose\":\"boot\",\"nonce\":\"" N "\"}",                   NULL, 2, "boot",  0,  0 },
	{ V,                 "{\"envelope\":{\"purpose\":\"boot\"}}",                        NULL, 1, "boot",  0,  0 },
	{ V,                 "{\"envelope\":{\"purpose\":\"boot\"},\"nonce\":\"" N "\"}",    NULL, 1, "boot",  16, 0 },
	{ V,                 "{\"envelope\":{\"purpose\":\"boot\"},\"purpose\":\"fresh\",\"trusted-ca\":\"abc\"}", NULL, 1, "fresh", 0, 3 },
	{ V "?purpose=boot", "{\"envelope\":{},\"purpose\":\"fresh\"}",                      NULL, 0, "boot",  0,  0 },
	{ V,                 "{}",                                                           "gateway.purpose", 0, NULL, 0, 0 },
	{ V,                 "{\"envelope\":{\"a\":1}}",                                     "gateway.purpose", 0, NULL, 0, 0 },
	{ V,                 "{\"purpose\":\"BOOT\"}",                                       "gateway.purpose", 0, NULL, 0, 0 },
	{ V,                 "{\"envelope\":{\"purpose\":\"boot\"},\"purpose\":\"x\"}",      "gateway.purpose", 0, NULL, 0, 0 },
	{ V,                 "{\"envelope\":{\"purpose\":\"boot\"},\"nonce\":\"AAAA\"}",     "fresh.nonce-weak", 0, NULL, 0, 0 },
	{ V,                 "{\"envelope\":{\"purpose\":\"boot\"},\"nonce\":\"*\"}",        "gateway.nonce", 0, NULL, 0, 0 },
	{ V "?nonce=*",      "{\"purpose\":\"boot\"}",                                       "gateway.nonce", 0, NULL, 0, 0 },
	{ V,                 "",                                                             "gateway.body", 0, NULL, 0, 0 },
	{ V,                 "{",                                                            "json.syntax", 0, NULL, 0, 0 },
	{ V,                 "{\"type\":\"permawebos-evidence\"}",                           NULL, 1, "",      0,  0 },
	{ V "?purpose=boot", "{\"type\":\"permawebos-evidence\"}",                           NULL, 1, "boot",  0,  0 },
	{ V "?purpose=x",    "{\"type\":\"permawebos-evidence\"}",                           "gateway.purpose", 0, NULL, 0, 0 },
#undef N
};
/* clang-format on */

static bool
read(struct challenge *out, const char *target, const char *body,
    struct arena *a, struct fault *f)
{
	static struct incoming in;

	in = (struct incoming){ .method = BYTES("POST"),
		.target = bytes_text(target) };
	in.message.headers[0] = (struct http_header){ BYTES("content-type"),
		BYTES("application/json; charset=utf-8") };
	in.message.nheaders = 1;
	in.message.body = bytes_text(body);
	arena_init(a, block, sizeof(block));
	return request_read(&rq, &in, f) && challenge_read(out, &rq, NOW, a, f);
}

static void
every_challenge(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(challenges) / sizeof(challenges[0]);
	    i++) {
		struct challenge c;
		struct fault f = { 0 };
		struct arena a;
		bool good =
		    read(&c, challenges[i].target, challenges[i].body, &a, &f);

		if (good != (challenges[i].reason == NULL))
			fail_msg("%s: %s", challenges[i].body, f.reason);
		if (!good) {
			assert_string_equal(f.reason, challenges[i].reason);
			continue;
		}
		assert_int_equal(c.measurement->count, challenges[i].keys);
		assert_true(bytes_is(c.purpose, challenges[i].purpose));
		assert_int_equal(c.nonce.n, challenges[i].nonce);
		assert_int_equal(c.roots.n, challenges[i].roots);
	}
}

/* What stands beside {"envelope":{"purpose":"boot"}}, and what the verifier
 * gets: how many keys each part has. */
/* clang-format off */
static const struct {
	const char *beside, *reason; /* NULL: accepted */
	size_t earlier, policy, template, collateral, challenge;
	uint64_t gives_up;
	int64_t at;
} parts[] = {
	{ "'a':1",                                       "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'polcy':{}",                                  "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'template':[]",                               "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'template':'_'",                              "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'templates':{}",                              "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'template':{'a':1},'templates':[{'a':1}]",    "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'template':{'a':1},'policy':{'template':{}}", "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'policy':'x'",                                "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'collateral':[]",                             "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'challenge':1",                               "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'earlier':'x'",                               "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'trusted-ca':{}",                             "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'nonce':{}",                                  "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'at-unix':'1'",                               "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'at-unix':-1",                                "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'at-unix':1.5",                               "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'without-activation':'true'",                 "gateway.verify", 0, 0, 0, 0, 0, 0, 0 },
	{ "'purpose':'boot'",                            NULL, 0, 0, 0, 0, 0, 0, NOW },
	{ "'at-unix':7",                                 NULL, 0, 0, 0, 0, 0, 0, 7 },
	{ "'template':{'a':1,'b':2}",                    NULL, 0, 1, 2, 0, 0, 0, NOW },
	{ "'templates':[{'a':1,'b':2},{'c':1}]",         NULL, 0, 1, 1, 0, 0, 0, NOW },
	{ "'policy':{'node':'x','self':'y'}",            NULL, 0, 2, 0, 0, 0, 0, NOW },
	{ "'policy':{'node':'x'},'template':{'a':1}",    NULL, 0, 2, 1, 0, 0, 0, NOW },
	{ "'policy':{'template':{'a':1,'b':2}}",         NULL, 0, 1, 2, 0, 0, 0, NOW },
	{ "'collateral':{'crls':[]}",                    NULL, 0, 0, 0, 1, 0, 0, NOW },
	{ "'challenge':{'a':1,'b':1,'c':1}",             NULL, 0, 0, 0, 0, 3, 0, NOW },
	{ "'earlier':{'a':1}",                           NULL, 1, 0, 0, 0, 0, 0, NOW },
	{ "'without-activation':true",                   NULL, 0, 0, 0, 0, 0, 1, NOW },
	{ "'without-revocation':true",                   NULL, 0, 0, 0, 0, 0, 2, NOW },
	{ "'without-activation':false",                  NULL, 0, 0, 0, 0, 0, 0, NOW },
};
/* clang-format on */

/* A packed part's keys, and those of the level `template` in it. */
static size_t
keys_of(struct bytes packed, const char *level, struct arena *a)
{
	struct message *m;
	const struct message *inner;
	struct fault f = { 0 };

	if (packed.n == 0)
		return 0;
	assert_true(message_unpack(&m, packed, a, &f));
	if (level == NULL)
		return m->count;
	return message_find_message(&inner, m, level) ? inner->count : 0;
}

static const char *
body_of(const char *beside)
{
	static char body[1024];
	int n = snprintf(
	    body, sizeof(body), "{'envelope':{'purpose':'boot'},%s}", beside);

	for (int i = 0; i < n; i++) {
		if (body[i] == '\'')
			body[i] = '"';
	}
	return body;
}

static void
every_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct verifier_verify_req out;
		struct challenge c;
		struct fault f = { 0 };
		struct arena a;
		bool good = read(&c, V, body_of(parts[i].beside), &a, &f) &&
			    challenge_pack(&out, &c, &a, &f);

		if (good != (parts[i].reason == NULL))
			fail_msg("%s: %s", parts[i].beside, f.reason);
		if (!good) {
			assert_string_equal(f.reason, parts[i].reason);
			continue;
		}
		assert_int_equal(keys_of(out.message, NULL, &a), 1);
		assert_int_equal(
		    keys_of(out.earlier, NULL, &a), parts[i].earlier);
		assert_int_equal(
		    keys_of(out.policy, NULL, &a), parts[i].policy);
		assert_int_equal(
		    keys_of(out.policy, "template", &a), parts[i].template);
		assert_int_equal(
		    keys_of(out.collateral, NULL, &a), parts[i].collateral);
		assert_int_equal(
		    keys_of(out.challenge, NULL, &a), parts[i].challenge);
		assert_int_equal(out.gives_up, parts[i].gives_up);
		assert_int_equal(out.at, parts[i].at);
	}
}

static void
large_parts(void **state)
{
	static uint8_t large[VERIFIER_ROOTS_MAX + 1];
	struct message *part;
	struct verifier_verify_req out;
	struct challenge c = { .roots = bytes_of(large, sizeof(large)) };
	struct fault f = { 0 };
	struct arena a;

	(void)state;
	arena_init(&a, block, sizeof(block));
	part = message_new(&a);
	c.measurement = part;
	assert_false(challenge_pack(&out, &c, &a, &f));
	assert_string_equal(f.reason, "gateway.body-size");
	c.roots.n--;
	assert_true(challenge_pack(&out, &c, &a, &f));
	message_set_bytes(
	    part, "a", bytes_of(large, VERIFIER_CHALLENGE_MAX + 1));
	assert_true(challenge_pack(&out, &c, &a, &f));
	c.activation = part;
	assert_false(challenge_pack(&out, &c, &a, &f));
	assert_string_equal(f.reason, "gateway.body-size");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_challenge),
		cmocka_unit_test(every_part),
		cmocka_unit_test(large_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
