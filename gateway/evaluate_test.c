/* SPDX-License-Identifier: Apache-2.0 */
/* Paths over devices, through the whole room: what they give, what they do not,
 * and what the node lets itself be made to sign. */
#include "core/message/commit.h"
#include "core/message/commitments.h"
#include "core/message/httpsig.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "gateway/client.h"
#include "gateway/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TAIL " HTTP/1.1\r\nhost: node\r\n"
#define JSON "accept: application/json\r\n"
#define MSG  "/~message@1.0"
#define META "/~meta@1.0"

static struct reply_text reply;
static uint8_t block[8 << 20];

static void
ask(const char *request)
{
	if (!client_ask(&reply, bytes_text(request)))
		fail_msg("no reply to %s", request);
}

static void
get(const char *target, const char *headers)
{
	static char request[8192];
	int n = snprintf(
	    request, sizeof(request), "GET %s" TAIL "%s\r\n", target, headers);

	assert_true(n > 0 && (size_t)n < sizeof(request));
	ask(request);
}

/* clang-format off */
static const struct {
	const char *target;
	unsigned status;
	const char *holds; /* text somewhere in the response */
} paths[] = {
	{ MSG "&a=1/a",                          200, "\r\n\r\n1" },
	{ MSG "&a=1/a",                          200, "\r\nao-result: body\r\n" },
	{ MSG "&a=1/a?accept=flat@1.0",          200, "\r\ncodec-device: flat@1.0\r\n" },
	{ MSG "&a=1/a?accept=flat@1.0",          200, "\nbody: 1\n" },
	{ MSG "&a=1/b?accept=flat@1.0",          404, "\nerror: gateway.not-found\n" },
	{ META "/info?accept=application/flat@1.0", 200, "\ninner/deep: node\n" },
	{ MSG "&a+integer=1/a",                  200, "body=\"integer\"" },
	{ MSG "&a+list=1,2/a",                   200, "\r\n2: 2\r\n" },
	{ MSG "&a+list=1,2/a/2",                 200, "\r\n\r\n2" },
	{ MSG "&a=1/get?key=a",                  200, "\r\n\r\n1" },
	{ MSG "&a=1/keys",                       200, "\r\n1: a\r\n" },
	{ MSG "&a=1/set?b=2",                    200, "\r\nb: 2\r\n" },
	{ MSG "&a=1/set&a=3/a",                  200, "\r\n\r\n3" },
	{ MSG "&a=1&b=2/remove&item=a/b",        200, "\r\n\r\n2" },
	{ MSG "&a=1&b=2&c=3/remove&items=\"a,b\"/c", 200, "\r\n\r\n3" },
	{ MSG "&k=(" MSG "&x=7/x)/k",            200, "\r\n\r\n7" },
	{ MSG "&a=1&b=a/(" MSG "&x=a/x)",        200, "\r\n\r\n1" },
	{ "/(" MSG "&x=7)/x",                    200, "\r\n\r\n7" },
	{ MSG "&a=1/~message@1.0/a",             200, "\r\n\r\n1" },
	{ MSG "&a=1/a~message@1.0",              200, "\r\n\r\n1" },
	{ "/a?a=5",                              200, "\r\n\r\n5" },
	{ MSG "/id?committers=none",             200, "\r\nao-result: body\r\n" },
	{ MSG "&a=1/verify",                     200, "\r\n\r\nfalse" },
	{ MSG "&a=1/committers",                 200, "\r\nstatus: 200\r\n" },
	{ MSG "&a=1/committed",                  200, "\r\nstatus: 200\r\n" },
	{ "/~json@1.0&a+integer=1/serialize",    200, "\"a\":1" },
	{ "/~flat@1.0&a=1/serialize",            200, "a: 1\n" },
	{ "/~httpsig@1.0&a=1/serialize",         200, "\r\na: 1\r\n" },
	{ "/~structured@1.0&a+integer=1/serialize", 200, "a=\\\"integer\\\"" },
	{ META "/info/name",                     200, "\r\n\r\nnode" },
	{ META "/info/inner/deep",               200, "\r\n\r\nnode" },
	{ META "/info/keys",                     200, ": name\r\n" },
	{ META "/is-operator",                   200, "\r\n\r\nfalse" },
	{ META "/build",                         200, "\r\nstatus: 200\r\n" },
	{ "/~measurement@1.0/boot/body/system",  200, "\r\n\r\na machine" },
	{ "/~measurement@1.0/boot/committers",   200, "\r\n1: " },
	{ "/~measurement@1.0/boot/verify",       200, "\r\n\r\ntrue" },
	{ "/~system@1.0/all/inner",              200, "\r\ndeep: machine\r\n" },
	{ MSG "&status=404/set",                 404, "\r\nstatus: 404\r\n" },
	{ MSG "&status=created/set",             201, "\r\nstatus: 201\r\n" },
	{ MSG "&status+integer=503/set",         503, "\r\nstatus: 503\r\n" },
	{ MSG "&status=100/set",                 400, "gateway.status" },
	{ MSG "&status=204/set",                 400, "gateway.status" },
	{ MSG "&status=302/set",                 400, "gateway.status" },
	{ MSG "&status=-1/set",                  400, "gateway.status" },
	{ MSG "&status=x/set",                   400, "gateway.status" },
	{ MSG "&set-cookie=a/set",               400, "gateway.header" },
	{ MSG "&Set-Cookie=a/set",               400, "gateway.header" },
	{ MSG "&location=a/set",                 400, "gateway.header" },
	{ MSG "&access-control-allow-origin=a/set", 400, "gateway.header" },
	{ MSG "&content-length=1/set",           400, "gateway.header" },
	{ MSG "&content-type=%22multipart/x%22/set", 400, "gateway.header" },
	{ MSG "&content-type=%22Multipart/x%22/set", 400, "gateway.header" },
	{ MSG "&ao-types=x/set",                 400, "message.key" },
	{ MSG "&content-digest=x/set",           400, "message.key" },
	{ MSG "&commitments=x/set",              400, "message.key" },
	{ MSG "&a=1/b",                          404, "gateway.not-found" },
	{ MSG "&Abc=1/abc",                      404, "gateway.not-found" },
	{ MSG "&a=1/a/b",                        404, "gateway.not-found" },
	{ MSG "&a=1/a/keys",                     404, "gateway.not-found" },
	{ MSG "&a=1/commit",                     403, "gateway.commit" },
	{ "/boot",                               404, "gateway.not-found" },
	{ "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 404, "gateway.not-found" },
	{ "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",    404, "gateway.not-found" },
	{ META "/info/nope",                     404, "gateway.not-found" },
	{ META "/nope",                          404, "gateway.unknown-key" },
	{ "/~nosuch@1.0/x",                      404, "gateway.unknown-device" },
	{ MSG "/~nosuch@1.0/x",                  404, "gateway.unknown-device" },
	{ MSG "/a?device=x@1.0",                 404, "gateway.unknown-device" },
	{ MSG "&a=1/a?device=x@1.0",             404, "gateway.unknown-device" },
	{ MSG "&a=1/a?1.device=x@1.0",           404, "gateway.unknown-device" },
	{ MSG "&k=(a&device=x@1.0)/k",           404, "gateway.unknown-device" },
	{ "/(a&device=x@1.0)/k",                 404, "gateway.unknown-device" },
	{ MSG "&a=1/a?device",                   404, "gateway.unknown-device" },
	{ MSG "&a=1/a?device=message@1.0",       200, "\r\n\r\n1" },
	{ "/a?device=x@1.0",                     404, "gateway.unknown-device" },
	{ "/~tpm@2.0a/quote",                    404, "gateway.unknown-device" },
	{ "/~keyring@1.0/sign",                  404, "gateway.unknown-device" },
	{ "/~measurement@1.0/fresh/body?nonce=AAECAwQFBgcICQoLDA0ODw", 404, "gateway.unknown-key" },
	{ "/~measurement@1.0/verify",            405, "gateway.method" },
	{ "/(~measurement@1.0/unwrap-secret)",   405, "gateway.method" },
	{ "/~json@1.0/nothing",                  404, "gateway.unknown-key" },
	{ MSG "&a=1/a/~json@1.0/serialize",      400, "gateway.base" },
	{ MSG "&a+int=1/a",                      400, "gateway.type" },
	{ MSG "&a=(b/a",                         400, "gateway.path" },
	{ "/((((((a))))))",                      400, "gateway.path" },
	{ MSG "&a=%0d%0ab:c/a",                  400, "gateway.path" },
};
/* clang-format on */

/* clang-format off */
static const struct {
	const char *method, *target;
	unsigned status;
} methods[] = {
	{ "PUT",    MSG "&a=1/a", 200 },
	{ "PATCH",  MSG "&a=1/a", 200 },
	{ "DELETE", MSG "&a=1/a", 200 },
	{ "POST",   MSG "&a=1/a", 200 },
	{ "put",    MSG "&a=1/a", 405 },
	{ "TRACE",  MSG "&a=1/a", 405 },
	{ "PUT",    META "/info", 405 },
	{ "DELETE", META "/info/name", 405 },
	{ "POST",   META "/build", 405 },
	{ "POST",   "/~measurement@1.0/boot", 405 },
	{ "POST",   "/~measurement@1.0/fresh", 405 },
	{ "PUT",    "/~measurement@1.0/verify", 405 },
};
/* clang-format on */

static void
every_method(void **state)
{
	char request[512];

	(void)state;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		(void)snprintf(request, sizeof(request), "%s %s" TAIL "\r\n",
		    methods[i].method, methods[i].target);
		ask(request);
		if (reply.status != methods[i].status)
			fail_msg("%s: %s", request, reply.text);
	}
}

static void
every_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		get(paths[i].target, "");
		if (reply.status != paths[i].status ||
		    memmem(reply.text, reply.n, paths[i].holds,
			strlen(paths[i].holds)) == NULL)
			fail_msg("%s: %s", paths[i].target, reply.text);
	}
}

/* What was signed once is not signed again. */
static void
signatures_come_from_memory(void **state)
{
	static const char *const targets[] = { MSG "&a=77/a",
		MSG "&a=77/set&b=8", META "/info/name", META "/info/keys",
		META "/build", META "/nothing", MSG "&a=1/nothing" };

	static const char *const forms[] = { "", JSON,
		"accept-bundle: true\r\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		for (size_t k = 0; k < 3; k++) {
			get(targets[i], forms[k]);
			unsigned before =
			    atomic_load(&fixture.calls[PROCESS_KEYRING]);

			get(targets[i], forms[k]);
			get(targets[i], forms[k]);
			assert_int_equal(
			    atomic_load(&fixture.calls[PROCESS_KEYRING]),
			    before);
		}
	}
}

/* A link of the boot measurement leads to a message of that id. */
static void
links_can_be_followed(void **state)
{
	static const char *const links[] = { "\r\nbody+link: ",
		"\r\nevidence+link: " };
	char target[64], id[MESSAGE_ID_TEXT + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct message_id want, got;
		struct http_message fields;
		struct message *m;
		struct fault f;
		struct arena a;

		get("/~measurement@1.0/boot", "");
		const char *at = strstr(reply.text, links[i]);

		assert_non_null(at);
		memcpy(id, at + strlen(links[i]), MESSAGE_ID_TEXT);
		id[MESSAGE_ID_TEXT] = '\0';
		(void)snprintf(target, sizeof(target), "/%s", id);
		get(target, "");
		assert_int_equal(reply.status, 200);
		arena_init(&a, block, sizeof(block));
		client_fields(&fields, &reply, &a);
		assert_true(httpsig_decode(&m, &fields, &a, &f));
		assert_int_equal(m->ncommitments, 1);
		commit_reduce(m);
		assert_true(message_unsigned_id(&got, m, &a, &f));
		assert_true(message_id_parse(&want, bytes_text(id), &f));
		assert_memory_equal(&got, &want, sizeof(got));
		(void)snprintf(target, sizeof(target), "/%s/keys", id);
		get(target, "");
		assert_int_equal(reply.status, 200);
		(void)snprintf(target, sizeof(target), "/%s/nothing", id);
		get(target, "");
		assert_int_equal(reply.status, 404);
	}
}

/* The id behind a link of the node's message. */
static void
read_link(char id[MESSAGE_ID_TEXT + 1], const char *name)
{
	get(META "/info", "");
	const char *at = strstr(reply.text, name);

	assert_non_null(at);
	memcpy(id, at + strlen(name), MESSAGE_ID_TEXT);
	id[MESSAGE_ID_TEXT] = '\0';
}

/* What a request links to is read where the node published it. */
static void
links_in_requests_are_followed(void **state)
{
	/* clang-format off */
	static const struct {
		const char *link, *target;
		unsigned status;
		const char *holds;
	} rows[] = {
		{ "\r\ninner+link: ", MSG "/k/deep",      200, "\r\n\r\nnode" },
		{ "\r\ninner+link: ", MSG "/k",           200, "\r\ndeep: node\r\n" },
		{ "\r\ninner+link: ", MSG "/k/keys",      200, "\r\n1: deep\r\n" },
		{ "\r\ninner+link: ", MSG "/k/nothing",   404, "gateway.not-found" },
		{ "\r\ninner+link: ", MSG "/keys",        200, ": k\r\n" },
		{ "\r\nseen+link: ",  MSG "/k/2",         200, "\r\n\r\n7" },
		{ "\r\nseen+link: ",  MSG "/k",           200, "\r\n1: node\r\n" },
		{ NULL,               MSG "/k/deep",      404, "gateway.not-found" },
		{ NULL,               MSG "/k",           404, "gateway.not-found" },
		{ NULL,               MSG "/keys",        200, ": k\r\n" },
	};
	/* clang-format on */
	char id[MESSAGE_ID_TEXT + 1], headers[128];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(id, 'A', MESSAGE_ID_TEXT);
		id[MESSAGE_ID_TEXT] = '\0';
		if (rows[i].link != NULL)
			read_link(id, rows[i].link);
		(void)snprintf(headers, sizeof(headers), "k+link: %s\r\n", id);
		get(rows[i].target, headers);
		if (reply.status != rows[i].status ||
		    strstr(reply.text, rows[i].holds) == NULL)
			fail_msg("%s: %s", rows[i].target, reply.text);
	}
}

/* A list is sent as what its id names: with its type, and without a status. */
static void
a_list_proves_itself(void **state)
{
	char id[MESSAGE_ID_TEXT + 1], target[64];
	struct http_message fields;
	struct message_id want;
	struct bytes proof;
	struct arena a;
	struct fault f;

	(void)state;
	read_link(id, "\r\nseen+link: ");
	(void)snprintf(target, sizeof(target), "/%s", id);
	get(target, "");
	assert_int_equal(reply.status, 200);
	assert_non_null(
	    strstr(reply.text, "\r\nao-types: .=\"list\", 2=\"integer\"\r\n"));
	assert_null(strstr(reply.text, "\r\nstatus: "));
	assert_null(strstr(reply.text, "rsa-pss"));
	arena_init(&a, block, sizeof(block));
	client_fields(&fields, &reply, &a);
	assert_true(message_id_parse(&want, bytes_text(id), &f));
	proof = base64_encode(&a, BASE64_PADDED, BYTES_OF(&want));
	assert_non_null(memmem(
	    reply.text, strlen(reply.text), (const char *)proof.p, proof.n));
	get(target, JSON);
	assert_non_null(strstr(reply.text, "\"1\":\"node\",\"2\":7,"));
	assert_non_null(strstr(reply.text, "\"ao-types\":\".=\\\"list\\\"\""));
	(void)snprintf(target, sizeof(target), "/%s/id", id);
	get(target, "");
	assert_non_null(strstr(reply.text, id));
	(void)snprintf(target, sizeof(target), "/%s/1", id);
	get(target, "");
	assert_non_null(strstr(reply.text, "\r\n\r\nnode"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_path),
		cmocka_unit_test(every_method),
		cmocka_unit_test(signatures_come_from_memory),
		cmocka_unit_test(links_can_be_followed),
		cmocka_unit_test(links_in_requests_are_followed),
		cmocka_unit_test(a_list_proves_itself),
	};
	int failed;

	(void)fixture_start(client_listen());
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_settle();
	return failed;
}
