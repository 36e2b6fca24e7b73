/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a stranger asks, what comes back signed by the node is nothing that
 * a verifier of ours would take for a statement. The keyring's own rule runs
 * in the fixture. */
#include "core/message/commit.h"
#include "core/message/httpsig.h"
#include "core/message/json.h"
#include "gateway/client.h"
#include "gateway/fixture.h"
#include "services/keyring/keyring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MSG  "/~message@1.0"
#define BOOT "/~measurement@1.0/boot"

static struct reply_text reply;
static uint8_t block[16 << 20];
static unsigned signatures;

/* %s is the type of a statement. */
static const char *const targets[] = {
	MSG "&type=%s/set",
	MSG "&Type=%s/set",
	MSG "&TYPE=%s/set",
	MSG "&type+atom=%s/set",
	MSG "&type+list=\"%s\"/set",
	MSG "&type+list=%s/set",
	MSG "&type+map=\"a=%s\"/set",
	MSG "&a+map=\"type=%s\"/a",
	MSG "&a+map=\"type=%s\"/set",
	MSG "&a=%s/a",
	MSG "&type=(" MSG "&x=%s/x)/set",
	MSG "/set?type=%s",
	MSG "/set?1.type=%s",
	MSG "/set&type=%s",
	MSG "/set?type%%2blink=%s",
	MSG "&type%%2blink=%s/set",
	MSG "&ty%%2570e=%s/set",
	MSG "&body=%s&ao-body-key=type/set",
	MSG "&body=%s&inline-body-key=type/set",
	MSG "&body=%s&ao-result=body/set",
	MSG "&type=%s&ao-types=\"type=\"atom\"\"/set",
	MSG "&content-type=\"multipart\"&type=%s/set",
	MSG "&body=\"type:%%20%s\"&content-type=\"multipart\"/set",
	MSG "&type=%s&status=404/set",
	MSG "&device=%s&type=%s/set",
	"/~json@1.0&type=%s/serialize",
	"/~json@1.0&type=%s/serialize/body",
	"/~flat@1.0&type=%s/serialize",
	"/~httpsig@1.0&type=%s/serialize",
	"/~structured@1.0&type=%s/serialize",
	BOOT "/set&type=%s",
	BOOT "/set&x=%s",
	BOOT "/set&purpose=%s",
	BOOT "/remove&item=nonce&x=%s",
	BOOT "/remove&item=type/set&Type=%s",
	BOOT "/body/set&type=%s",
	"/type?type=%s",
	"/%s?type=%s",
};
static const char *const types[] = { "lapee-measurement", "LAPEE-measurement",
	"zone-admission", "zone-definition" };

/* Header lines and a body of a POST to MSG "/set". */
static const struct {
	const char *headers, *body;
} posts[] = {
	{ "type: lapee-measurement\r\n", "" },
	{ "type: lapee-measurement\r\nao-types: type=\"atom\"\r\n", "" },
	{ "ao-body-key: type\r\n", "lapee-measurement" },
	{ "content-type: application/json\r\n",
	    "{\"type\":\"lapee-measurement\"}" },
	{ "content-type: application/json\r\n",
	    "{\"Type\":\"lapee-measurement\",\"a\":{\"type\":\"x\"}}" },
	{ "content-type: application/json\r\n",
	    "{\"type\":{\"1\":\"lapee-measurement\"}}" },
	{ "content-type: application/json\r\n",
	    "{\"type+link\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}" },
	{ "content-type: application/json\r\n",
	    "{\"body\":\"lapee-measurement\",\"ao-body-key\":\"type\"}" },
	{ "codec-device: flat@1.0\r\n", "type: lapee-measurement\n" },
	{ "content-type: multipart/form-data; boundary=\"B\"\r\n",
	    "--B\r\ncontent-disposition: form-data;name=\"a\"\r\n"
	    "type: lapee-measurement\r\n--B--" },
	{ "content-type: multipart/form-data; boundary=\"B\"\r\n",
	    "--B\r\ncontent-disposition: inline\r\n"
	    "type: lapee-measurement\r\n\r\nx\r\n--B--" },
};

/* Case aside, as any reader may see it. */
static void
assert_no_statement(const char *what, const struct message *m)
{
	const struct message_id nobody = { { 0 } };
	struct fault f;

	if (!statement_check(m, STATEMENT_NONE, &nobody, &f))
		fail_msg("signed for %s: %s", what, reply.text);
	if (statement_check(m, STATEMENT_MEASUREMENT, &nobody, &f))
		fail_msg("a measurement for %s: %s", what, reply.text);
}

/* If the answer is signed by the node, it is no statement, in any reading. */
static void
judge(const char *what, bool json)
{
	struct message_id signer, address = fixture_address();
	struct http_message fields;
	struct message *m;
	struct fault f;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	client_fields(&fields, &reply, &a);
	bool good = json ? json_decode(&m, fields.body, &a, &f)
			 : httpsig_decode(&m, &fields, &a, &f);

	if (!good)
		fail_msg("%s: %s: %s", what, f.why, reply.text);
	commit_reduce(m);
	if (!commit_verify(&signer, m, &a, &f))
		fail_msg("%s: %s: %s", what, f.why, reply.text);
	assert_memory_equal(&signer, &address, sizeof(address));
	assert_no_statement(what, m);
	signatures += reply.status == 200;
}

static void
every_target(void **state)
{
	static const char *const forms[] = { "", "accept-bundle: true\r\n",
		"accept: application/json\r\n" };
	char path[600], request[1200];

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		for (size_t k = 0; k < 4 * 3; k++) {
			const char *type = types[k / 3];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			(void)snprintf(
			    path, sizeof(path), targets[i], type, type);
#pragma GCC diagnostic pop
			(void)snprintf(request, sizeof(request),
			    "GET %s HTTP/1.1\r\nhost: a\r\n%s\r\n", path,
			    forms[k % 3]);
			assert_true(client_ask(&reply, bytes_text(request)));
			judge(request, k % 3 == 2);
		}
	}
	assert_true(signatures > 50);
}

static void
every_post(void **state)
{
	char request[1200];

	(void)state;
	for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]); i++) {
		(void)snprintf(request, sizeof(request),
		    "POST " MSG "/set HTTP/1.1\r\nhost: a\r\n%s"
		    "content-length: %zu\r\n\r\n%s",
		    posts[i].headers, strlen(posts[i].body), posts[i].body);
		assert_true(client_ask(&reply, bytes_text(request)));
		judge(request, false);
	}
}

/* The boot measurement goes out as it was signed, and only so. */
static void
boot_is_the_keyring_s(void **state)
{
	unsigned before;

	(void)state;
	assert_true(client_ask(
	    &reply, BYTES("GET " BOOT " HTTP/1.1\r\nhost: a\r\n\r\n")));
	before = atomic_load(&fixture.calls[PROCESS_KEYRING]);
	assert_true(client_ask(&reply,
	    BYTES("GET /x HTTP/1.1\r\nhost: a\r\npath: " BOOT "\r\n\r\n")));
	assert_int_equal(reply.status, 200);
	assert_int_equal(atomic_load(&fixture.calls[PROCESS_KEYRING]), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_target),
		cmocka_unit_test(every_post),
		cmocka_unit_test(boot_is_the_keyring_s),
	};
	int failed;

	(void)fixture_start(client_listen());
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_settle();
	return failed;
}
