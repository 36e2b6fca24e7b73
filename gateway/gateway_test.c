/* SPDX-License-Identifier: Apache-2.0 */
/* The whole gateway over loopback: endpoints, codecs, signatures, refusals. */
#include "core/base/buf.h"
#include "core/message/commit.h"
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

#define TAIL   " HTTP/1.1\r\nhost: node\r\n"
#define JSON   "accept: application/json\r\n"
#define BUNDLE "accept-bundle: true\r\n"
#define FRESH  "/~measurement@1.0/fresh?nonce=" FIXTURE_NONCE

static struct reply_text reply;
static uint8_t block[8 << 20];
static struct gateway *g;

static void
ask(const char *request)
{
	if (!client_ask(&reply, bytes_text(request)))
		fail_msg("no reply to %s", request);
}

static void
post(const char *target, const char *headers, const char *body)
{
	if (!client_post(&reply, target, headers, body))
		fail_msg("no reply to POST %s", target);
}

/* clang-format off */
static const struct {
	const char *request;
	unsigned status;
	const char *holds; /* text somewhere in the response */
} answers[] = {
	{ "GET /~measurement@1.0/boot" TAIL "\r\n",             200, "\r\nbody+link: " },
	{ "GET /~measurement@1.0/boot" TAIL BUNDLE "\r\n",      200, "multipart/form-data" },
	{ "GET /~measurement@1.0/boot" TAIL JSON "\r\n",        200, "\"lapee-measurement\"" },
	{ "GET /~measurement@1.0/boot?accept=application/json" TAIL "\r\n", 200, "codec-device: json@1.0" },
	{ "GET /~measurement@1.0/boot?accept-bundle=true" TAIL "\r\n", 200, "multipart/form-data" },
	{ "GET /~measurement@1.0/boot?accept-bundle=false" TAIL BUNDLE "\r\n", 200, "\r\nbody+link: " },
	{ "GET /~measurement@1.0/boot?require-codec=httpsig@1.0" TAIL JSON "\r\n", 200, "\r\nbody+link: " },
	{ "GET /~measurement@1.0/boot" TAIL "accept: application/json, text/html\r\n\r\n", 200, "codec-device: json@1.0" },
	{ "GET /~measurement@1.0/fresh?nonce=" FIXTURE_NONCE TAIL "\r\n", 200, "\r\nnonce: " FIXTURE_NONCE "\r\n" },
	{ "GET /~measurement@1.0/fresh?nonce=" FIXTURE_NONCE TAIL JSON "\r\n", 200, "\"fresh\"" },
	{ "GET /~measurement@1.0/info" TAIL "\r\n",             200, "\r\nname: engines\r\n" },
	{ "GET /~measurement@1.0/info" TAIL "\r\n",             200, "\r\nstatus: 200\r\n" },
	{ "GET /~meta@1.0/info" TAIL JSON "\r\n",               200, "\"status\":200" },
	{ "GET /~system@1.0/all" TAIL BUNDLE "\r\n",            200, "deep: machine" },
	{ "GET /~system@1.0/all" TAIL "\r\n",                   200, "access-control-allow-origin: *\r\n" },
	{ "GET /~system@1.0/all" TAIL "\r\n",                   200, "cache-control: no-store\r\n" },
	{ "HEAD /~measurement@1.0/boot" TAIL JSON "\r\n",       200, "codec-device: json@1.0" },
	{ "OPTIONS /~measurement@1.0/boot" TAIL "\r\n",         204, "access-control-allow-headers: *" },
	{ "OPTIONS /nothing" TAIL "\r\n",                       204, "PATCH" },
	{ "GET /a HTTP/1.1\r\nhost: a\r\n\r\n",                 404, "gateway.not-found" },
	{ "GET /~tpm@2.0a/measure" TAIL "\r\n",                 404, "gateway.unknown-device" },
	{ "GET /~measurement@1.0/report" TAIL JSON "\r\n",      404, "\"status\":404" },
	{ "GET /~measurement@1.0/report" TAIL "\r\n",           404, "gateway.unknown-key" },
	{ "PUT /~meta@1.0/info" TAIL "\r\n",                    405, "\r\nallow: " },
	{ "GET /~measurement@1.0/verify" TAIL "\r\n",           405, "gateway.method" },
	{ "GET /%zz" TAIL "\r\n",                               400, "gateway.path" },
	{ "GET /%0d%0aset-cookie:%20a=b" TAIL "\r\n",           400, "gateway.path" },
	{ "GET /?=" TAIL "\r\n",                                400, "gateway.query" },
	{ "GET /?accept=a&accept=b" TAIL "\r\n",                400, "gateway.query" },
	{ "GET /~measurement@1.0/fresh" TAIL "\r\n",            400, "fresh.nonce-weak" },
	{ "GET /~measurement@1.0/fresh?nonce=" TAIL "\r\n",     400, "fresh.nonce-weak" },
	{ "GET /~measurement@1.0/fresh?nonce" TAIL "\r\n",      400, "fresh.nonce-weak" },
	{ "GET /~measurement@1.0/fresh?nonce=AAECAwQFBgcICQoLDA0O" TAIL "\r\n", 400, "fresh.nonce-weak" },
	{ "GET /~measurement@1.0/fresh?nonce=AAECAwQFBgcICQoLDA0ODw==" TAIL "\r\n", 400, "gateway.nonce" },
	{ "GET /~measurement@1.0/fresh?nonce=AAECAwQFBgcICQoLDA0OD+" TAIL "\r\n", 400, "gateway.nonce" },
	{ "GET /~measurement@1.0/fresh?nonce=AAECAwQFBgcICQoLDA0ODx" TAIL "\r\n", 400, "gateway.nonce" },
	{ "GET /~measurement@1.0/fresh?nonce=%00" TAIL "\r\n",  400, "gateway.path" },
	{ "GET /~measurement@1.0/fresh?nonce=" FIXTURE_NONCE "&nonce=" FIXTURE_NONCE TAIL "\r\n", 400, "gateway.nonce" },
	{ "GET /~measurement@1.0/fresh?nonce=" FIXTURE_NONCE FIXTURE_NONCE FIXTURE_NONCE FIXTURE_NONCE TAIL "\r\n", 400, "gateway.nonce" },
	{ "POST /~measurement@1.0/verify" TAIL "\r\n",          400, "gateway.body" },
	{ "POST /~measurement@1.0/verify" TAIL "content-length: 0\r\n\r\n", 400, "gateway.body" },
	{ "POST /~measurement@1.0/unwrap-secret" TAIL "\r\n",   400, "gateway.body" },
};
/* clang-format on */

static void
every_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		ask(answers[i].request);
		if (reply.status != answers[i].status)
			fail_msg("%s: %s", answers[i].request, reply.text);
		if (memmem(reply.text, reply.n, answers[i].holds,
			strlen(answers[i].holds)) == NULL)
			fail_msg("%s: %s", answers[i].request, reply.text);
	}
}

/* What a client of the wire reads back is signed by the node, every key. */
static void
assert_signed(bool json)
{
	struct message_id signer, want = fixture_address();
	struct message *m;
	struct http_message fields;
	struct fault f = { 0 };
	struct arena a;

	arena_init(&a, block, sizeof(block));
	client_fields(&fields, &reply, &a);
	if (json) {
		if (!json_decode(&m, fields.body, &a, &f))
			fail_msg("%s %s", f.reason, f.why);
	} else {
		/* Lines of the connection are no part of the message. */
		size_t kept = 0;

		for (size_t i = 0; i < fields.nheaders; i++) {
			struct bytes name = fields.headers[i].name;

			if (bytes_is(name, "date") ||
			    bytes_is(name, "connection") ||
			    bytes_is(name, "content-length") ||
			    bytes_is(name, "cache-control") ||
			    bytes_is(name, "allow") ||
			    bytes_is(name, "retry-after") ||
			    bytes_is(name, "x-content-type-options") ||
			    bytes_is(name, "content-security-policy") ||
			    bytes_starts(name, BYTES("access-control-")))
				continue;
			fields.headers[kept++] = fields.headers[i];
		}
		fields.nheaders = kept;
		if (!httpsig_decode(&m, &fields, &a, &f))
			fail_msg("%s %s", f.reason, f.why);
	}
	if (!commit_verify(&signer, m, &a, &f))
		fail_msg("%s %s: %s", f.reason, f.why, reply.text);
	assert_memory_equal(&signer, &want, sizeof(want));
}

static const char *const signed_targets[] = {
	"/~measurement@1.0/boot",
	FRESH,
	"/~measurement@1.0/info",
	"/~meta@1.0/info",
	"/~system@1.0/all",
	"/~measurement@1.0/nothing",
	"/%",
};

static void
every_answer_is_signed(void **state)
{
	static const char *const accepts[] = { "", BUNDLE, JSON };
	char request[512];

	(void)state;
	for (size_t i = 0;
	    i < sizeof(signed_targets) / sizeof(signed_targets[0]); i++) {
		for (size_t c = 0; c < 3; c++) {
			(void)snprintf(request, sizeof(request),
			    "GET %s" TAIL "%s\r\n", signed_targets[i],
			    accepts[c]);
			ask(request);
			assert_signed(c == 2);
		}
	}
}

static unsigned
calls(void)
{
	unsigned sum = 0;

	for (unsigned p = 0; p < PROCESS_COUNT; p++)
		sum += atomic_load(&fixture.calls[p]);
	return sum;
}

static void
pages_come_from_memory(void **state)
{
	static const char *const targets[] = { "/~measurement@1.0/boot",
		"/~measurement@1.0/info", "/~meta@1.0/info", "/~system@1.0/all",
		"/~measurement@1.0/nothing" };
	char request[512];

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		(void)snprintf(
		    request, sizeof(request), "GET %s" TAIL "\r\n", targets[i]);
		ask(request);
		unsigned before = calls();

		for (int again = 0; again < 3; again++)
			ask(request);
		assert_int_equal(calls(), before);
	}
	ask("GET /~measurement@1.0/fresh?nonce=" FIXTURE_NONCE TAIL "\r\n");
	unsigned before = calls();

	ask("GET /~measurement@1.0/fresh?nonce=" FIXTURE_NONCE TAIL "\r\n");
	assert_int_equal(calls(), before + 1);
}

/* The gateway forgets what it kept, as after its restart. */
static void
forget(void)
{
	memset(g->pages, 0, sizeof(g->pages));
	memset(&g->signatures, 0, sizeof(g->signatures));
}

static void
one_fetch_for_many(void **state)
{
	int fds[20];

	(void)state;
	forget();
	fixture.delay_ms = 50;
	unsigned before = calls();

	for (size_t i = 0; i < 20; i++) {
		static const char request[] =
		    "GET /~measurement@1.0/boot" TAIL JSON "\r\n";

		fds[i] = client_connect();
		assert_true(client_send(fds[i], request, sizeof(request) - 1));
	}
	for (size_t i = 0; i < 20; i++) {
		assert_true(client_receive(&reply, fds[i], false));
		assert_int_equal(reply.status, 200);
		assert_int_equal(close(fds[i]), 0);
	}
	fixture.delay_ms = 0;
	assert_int_equal(calls(), before + 1);
}

static void
services_that_fail(void **state)
{
	static const char fresh[] =
	    "GET /~measurement@1.0/fresh?nonce=" FIXTURE_NONCE TAIL "\r\n";

	(void)state;
	forget();
	fixture.down[PROCESS_MEASUREMENT] = true;
	ask(fresh);
	assert_int_equal(reply.status, 503);
	assert_non_null(strstr(reply.text, "ipc.unavailable"));
	assert_non_null(strstr(reply.text, "\r\nretry-after: 1\r\n"));
	assert_signed(false);
	ask("GET /~measurement@1.0/boot" TAIL JSON "\r\n");
	assert_int_equal(reply.status, 503);
	assert_signed(true);
	fixture.down[PROCESS_MEASUREMENT] = false;
	ask("GET /~measurement@1.0/boot" TAIL JSON "\r\n");
	assert_int_equal(reply.status, 200);
	fixture.refusal = "tpm.unavailable";
	fixture.code = FAULT_DEVICE;
	ask(fresh);
	assert_int_equal(reply.status, 500);
	assert_non_null(strstr(reply.text, "tpm.unavailable"));
	/* The same from a service that was wrong about its own input. */
	fixture.code = FAULT_INPUT;
	ask(fresh);
	assert_int_equal(reply.status, 500);
	post("/~measurement@1.0/unwrap-secret",
	    "content-type: application/json\r\n",
	    "{\"credential\":{\"credential-blob\":\"AAAAAAAA\","
	    "\"secret\":\"AAAAAAAA\"}}");
	assert_int_equal(reply.status, 400);
	fixture.refusal = NULL;
	ask(fresh);
	assert_int_equal(reply.status, 200);
}

static void
no_keyring(void **state)
{
	(void)state;
	forget();
	memset(g->refusals, 0, sizeof(g->refusals));
	g->nrefusals = 0;
	fixture.down[PROCESS_KEYRING] = true;
	ask("GET /~measurement@1.0/info" TAIL JSON "\r\n");
	assert_int_equal(reply.status, 503);
	assert_non_null(strstr(reply.text, "gateway.unsigned"));
	assert_null(strstr(reply.text, "engines"));
	ask("GET /~measurement@1.0/nothing" TAIL JSON "\r\n");
	assert_int_equal(reply.status, 404);
	assert_non_null(strstr(reply.text, "gateway.unknown-key"));
	assert_null(strstr(reply.text, "commitments"));
	ask("GET /~measurement@1.0/boot" TAIL JSON "\r\n");
	assert_int_equal(reply.status, 200);
	fixture.down[PROCESS_KEYRING] = false;
	ask("GET /~measurement@1.0/nothing" TAIL JSON "\r\n");
	assert_signed(true);
	ask("GET /~measurement@1.0/info" TAIL JSON "\r\n");
	assert_signed(true);
}

static void
values_do_not_split_headers(void **state)
{
	(void)state;
	forget();
	fixture.splits = true;
	ask("GET /~measurement@1.0/info" TAIL "\r\n");
	assert_null(strstr(reply.text, "\r\nset-cookie"));
	assert_int_equal(reply.status, 503);
	ask("GET /~measurement@1.0/info" TAIL JSON "\r\n");
	assert_int_equal(reply.status, 503);
	assert_null(strstr(reply.text, "\r\nset-cookie"));
	fixture.splits = false;
	forget();
}

/* A boot measurement as JSON, as a client would post it. */
static const char *
measurement_text(void)
{
	static char text[1 << 18];

	ask("GET /~measurement@1.0/boot" TAIL JSON "\r\n");
	(void)snprintf(text, sizeof(text), "%s", reply.text + reply.head);
	return text;
}

static void
verify_takes_a_measurement(void **state)
{
	const char *text = measurement_text();

	(void)state;
	post("/~measurement@1.0/verify", "content-type: application/json\r\n",
	    text);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(reply.text, "verdict"));
	assert_signed(false);
	assert_string_equal(fixture.purpose, "boot");
	assert_int_equal(fixture.nonce, 0);
	assert_int_equal(fixture.roots, 0);
	assert_int_equal(fixture.commitments, 2);
	post("/~measurement@1.0/verify?purpose=fresh&nonce=" FIXTURE_NONCE,
	    "content-type: application/json\r\n" JSON, text);
	assert_int_equal(reply.status, 200);
	assert_signed(true);
	assert_string_equal(fixture.purpose, "fresh");
	assert_int_equal(fixture.nonce, 16);
}

static void
verify_takes_an_envelope(void **state)
{
	static char body[1 << 19];

	(void)state;
	(void)snprintf(body, sizeof(body),
	    "{\"envelope\":%s,\"purpose\":\"fresh\",\"trusted-ca\":\"PEM\","
	    "\"nonce\":\"" FIXTURE_NONCE "\"}",
	    measurement_text());
	post("/~measurement@1.0/verify", "codec-device: json@1.0\r\n", body);
	assert_int_equal(reply.status, 200);
	assert_string_equal(fixture.purpose, "fresh");
	assert_int_equal(fixture.nonce, 16);
	assert_int_equal(fixture.roots, 3);
	assert_int_equal(fixture.commitments, 2);
}

/* A measurement posted as the httpsig message that was received. */
static void
verify_takes_httpsig(void **state)
{
	static char request[1 << 18];
	struct http_message fields;
	struct arena a;

	(void)state;
	ask("GET /~measurement@1.0/boot" TAIL BUNDLE "\r\n");
	arena_init(&a, block, sizeof(block));
	client_fields(&fields, &reply, &a);
	struct buf b = buf_over(request, sizeof(request));

	buf_text(&b, "POST /~measurement@1.0/verify" TAIL);
	for (size_t i = 0; i < fields.nheaders; i++) {
		if (bytes_is(fields.headers[i].name, "connection"))
			continue;
		buf_put(&b, fields.headers[i].name);
		buf_text(&b, ": ");
		buf_put(&b, fields.headers[i].value);
		buf_text(&b, "\r\n");
	}
	buf_text(&b, "\r\n");
	buf_put(&b, fields.body);
	assert_false(b.full);
	fixture.commitments = 0;
	assert_true(client_ask(&reply, buf_bytes(&b)));
	if (reply.status != 200)
		fail_msg("%s", reply.text);
	assert_string_equal(fixture.purpose, "boot");
	assert_true(fixture.commitments > 0);
}

static int
start(void **state)
{
	(void)state;
	g = fixture_start(client_listen());
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
		cmocka_unit_test(every_answer),
		cmocka_unit_test(every_answer_is_signed),
		cmocka_unit_test(pages_come_from_memory),
		cmocka_unit_test(one_fetch_for_many),
		cmocka_unit_test(services_that_fail),
		cmocka_unit_test(no_keyring),
		cmocka_unit_test(values_do_not_split_headers),
		cmocka_unit_test(verify_takes_a_measurement),
		cmocka_unit_test(verify_takes_an_envelope),
		cmocka_unit_test(verify_takes_httpsig),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
