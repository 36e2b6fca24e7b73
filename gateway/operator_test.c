/* SPDX-License-Identifier: Apache-2.0 */
/* Signed requests through the whole room: always verified, from the operator
 * only, once only, and within what is not measured. */
#include "core/base/buf.h"
#include "core/message/commit.h"
#include "core/message/httpsig.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "gateway/client.h"
#include "gateway/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define INFO "/~meta@1.0/info"

static struct reply_text reply;
static struct gateway *g;
static uint8_t block[8 << 20];
static struct rsa_key *keys[2]; /* the operator's, a stranger's */
enum { OPERATOR, STRANGER };

/* One request; what is not set is as it has to be. */
struct row {
	const char *name;
	int signer;
	const char *path, *node, *nonce; /* "": left out */
	int64_t created, expires;        /* from now; 1: left out */
	const char *key, *value;
	bool breaks; /* a bit of the signature is another */
	unsigned status;
	const char *reason;
};

static void
must(bool good, const struct fault *f)
{
	if (!good)
		fail_msg("%s %s", f->reason, f->why);
}

static void
sign(struct message *m, struct rsa_key *key, struct arena *a)
{
	uint8_t modulus[RSA_WALLET_BYTES], signature[RSA_WALLET_BYTES];
	struct bytes n = bytes_of(modulus, sizeof(modulus)), base;
	struct fault f;

	rsa_modulus(key, modulus);
	must(commit_base(&base, m, n, a, &f), &f);
	must(rsa_sign(signature, key, base, &f), &f);
	must(commit_attach(m, n, bytes_of(signature, sizeof(signature)), &f),
	    &f);
}

/* A message as a request to a target. */
static struct bytes
request_of(const char *verb, const char *target, const struct message *m,
    bool breaks, struct arena *a)
{
	struct http_message http;
	struct fault f;
	struct buf b = buf_in(a, 1 << 18);

	must(httpsig_encode(&http, m, HTTPSIG_BUNDLE, a, &f), &f);
	buf_print(&b, "%s %s HTTP/1.1\r\nhost: node\r\n", verb, target);
	for (size_t i = 0; i < http.nheaders; i++) {
		buf_put(&b, http.headers[i].name);
		buf_text(&b, ": ");
		buf_put(&b, http.headers[i].value);
		buf_text(&b, "\r\n");
	}
	buf_print(&b, "content-length: %zu\r\n\r\n", http.body.n);
	buf_put(&b, http.body);
	assert_false(b.full);
	if (breaks) {
		/* In base64 of 512 bytes, far from its padding. */
		uint8_t *at = memmem(b.p, b.used, "signature: ", 11);
		uint8_t *colon = memchr(at + 11, '=', 100);

		colon[40] = colon[40] == 'A' ? 'B' : 'A';
	}
	return buf_bytes(&b);
}

static struct message *
message_of(const struct row *row, struct arena *a)
{
	struct message_id address = fixture_address();
	struct message *m = message_new(a);
	int64_t now = time(NULL);

	message_set_text(m, "path", row->path == NULL ? INFO : row->path);
	if (row->node == NULL)
		message_set_bytes(m, "node", message_id_text(&address, a));
	else if (row->node[0] != '\0')
		message_set_text(m, "node", row->node);
	if (row->nonce == NULL || row->nonce[0] != '\0')
		message_set_text(
		    m, "nonce", row->nonce == NULL ? row->name : row->nonce);
	if (row->created != 1)
		message_set_integer(m, "created", now + row->created);
	if (row->expires != 1)
		message_set_integer(m, "expires",
		    now + (row->expires == 0 ? 60 : row->expires));
	if (row->key != NULL)
		message_set_text(m, row->key, row->value);
	return m;
}

static void
send_row(const struct row *row)
{
	struct arena a;

	arena_init(&a, block, sizeof(block));
	struct message *m = message_of(row, &a);

	sign(m, keys[row->signer], &a);
	if (!client_ask(&reply, request_of("POST", INFO, m, row->breaks, &a)))
		fail_msg("no reply to %s", row->name);
	if (reply.status != row->status ||
	    strstr(reply.text, row->reason) == NULL)
		fail_msg("%s: %s", row->name, reply.text);
}

#define NOTE .key = "motto", .value = "be kind"

/* clang-format off */
static const struct row refused[] = {
	{ .name = "a stranger signs it all",   .signer = STRANGER, NOTE, .status = 403, .reason = "request.operator" },
	{ .name = "a signature that is bad",   .breaks = true, NOTE,     .status = 400, .reason = "commitment." },
	{ .name = "a path of another key",     .path = "/~message@1.0/id", NOTE, .status = 200, .reason = "status: 200" },
	{ .name = "a path longer than it is",  .path = INFO "/motto", NOTE, .status = 403, .reason = "request.path" },
	{ .name = "a node that is not named",  .node = "", NOTE,         .status = 403, .reason = "request.node" },
	{ .name = "a node that is another's",  .node = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NOTE, .status = 403, .reason = "request.node" },
	{ .name = "a time that is not given",  .created = 1, NOTE,       .status = 403, .reason = "request.time" },
	{ .name = "an end that is not given",  .expires = 1, NOTE,       .status = 403, .reason = "request.time" },
	{ .name = "a request of the future",   .created = 90, .expires = 120, NOTE, .status = 403, .reason = "request.early" },
	{ .name = "a request that is late",    .expires = -1, .created = -20, NOTE, .status = 403, .reason = "request.expired" },
	{ .name = "a request of long before",  .created = -200, NOTE,    .status = 403, .reason = "request.expired" },
	{ .name = "a request that lives long", .expires = 400, NOTE,     .status = 403, .reason = "request.life" },
	{ .name = "a nonce that is not given", .nonce = "", NOTE,        .status = 403, .reason = "request.nonce" },
	{ .name = "a nonce that is short",     .nonce = "fifteen letters", NOTE, .status = 403, .reason = "request.nonce" },
	{ .name = "a request without notes",                             .status = 400, .reason = "notes.form" },
	{ .name = "a key that is measured",    .key = "initialized", .value = "false", .status = 400, .reason = "notes.measured" },
	{ .name = "an address of one's own",   .key = "address", .value = "x",  .status = 400, .reason = "notes.measured" },
	{ .name = "an operator's heir apparent", .key = "operator", .value = "x", .status = 400, .reason = "notes.measured" },
	{ .name = "a status that is no note",  .key = "status", .value = "500", .status = 400, .reason = "notes.measured" },
	{ .name = "a key of another alphabet", .key = "a_b", .value = "x", .status = 400, .reason = "notes.form" },
	{ .name = "a value of another script", .key = "a", .value = "\xc3\xa9", .status = 400, .reason = "notes.form" },
};
static const struct row accepted = { .name = "a request that is good", NOTE,
	.status = 200, .reason = "The notes were changed" };
static const struct row again = { .name = "a request that is good", .key = "motto",
	.value = "be cruel", .status = 409, .reason = "request.replay" };
static const struct row removed = { .name = "a note that is taken away", .key = "motto",
	.value = "", .status = 200, .reason = "The notes were changed" };
/* clang-format on */

static void
get(const char *target)
{
	char request[512];

	(void)snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nhost: node\r\n\r\n", target);
	assert_true(client_ask(&reply, bytes_text(request)));
}

static void
nobody_without_an_operator(void **state)
{
	struct row row = accepted;

	(void)state;
	row.status = 403;
	row.reason = "request.operator";
	send_row(&row);
}

static void
name_the_operator(void **state)
{
	struct message_id address;
	uint8_t modulus[RSA_WALLET_BYTES];
	struct arena a;

	(void)state;
	arena_init(&a, block, sizeof(block));
	rsa_modulus(keys[OPERATOR], modulus);
	address = message_address(bytes_of(modulus, sizeof(modulus)));
	struct bytes text = message_id_text(&address, &a);

	memcpy(fixture.operator, text.p, text.n);
	memset(g->pages, 0, sizeof(g->pages));
	/* As after a start some time ago. */
	g->desk.since = time(NULL) - 100;
}

static void
every_refusal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		send_row(&refused[i]);
		get(INFO);
		assert_null(strstr(reply.text, "notes"));
	}
}

static void
once_and_no_more(void **state)
{
	(void)state;
	send_row(&accepted);
	get(INFO "/notes/motto");
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.text + reply.head, "be kind");
	send_row(&again);
	get(INFO "/notes/motto");
	assert_string_equal(reply.text + reply.head, "be kind");
	send_row(&removed);
	get(INFO "/notes");
	assert_int_equal(reply.status, 404);
}

/* What the node signed for anybody, sent back to it: facts of the original. */
static void
the_node_is_not_its_operator(void **state)
{
	struct http_message fields;
	struct message *m;
	struct fault f;
	struct arena a;

	(void)state;
	get("/~message@1.0&motto=hacked/set");
	assert_int_equal(reply.status, 200);
	arena_init(&a, block, sizeof(block));
	client_fields(&fields, &reply, &a);
	must(httpsig_decode(&m, &fields, &a, &f), &f);
	commit_reduce(m);
	assert_true(m->ncommitments > 0);
	assert_true(client_ask(&reply, request_of("POST", INFO, m, false, &a)));
	if (reply.status != 403 ||
	    strstr(reply.text, "request.operator") == NULL)
		fail_msg("%s", reply.text);
}

static void
others_are_verified_too(void **state)
{
	static const char *const targets[] = { "/~measurement@1.0/boot",
		"/~meta@1.0/info", "/~message@1.0/id", "/nothing" };

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct message *m;
		struct arena a;

		arena_init(&a, block, sizeof(block));
		m = message_new(&a);
		message_set_text(m, "a", "b");
		sign(m, keys[STRANGER], &a);
		assert_true(client_ask(
		    &reply, request_of("GET", targets[i], m, true, &a)));
		if (reply.status != 400 ||
		    strstr(reply.text, "error: commitment.") == NULL)
			fail_msg("%s: %s", targets[i], reply.text);
		assert_true(client_ask(
		    &reply, request_of("GET", targets[i], m, false, &a)));
		assert_int_equal(reply.status, i == 3 ? 404 : 200);
	}
}

/* clang-format off */
static const struct {
	const char *request;
	unsigned status;
	const char *holds;
} unsigned_requests[] = {
	{ "POST " INFO " HTTP/1.1\r\nhost: a\r\nmotto: x\r\n\r\n", 401, "request.unsigned" },
	{ "POST " INFO "?motto=x HTTP/1.1\r\nhost: a\r\n\r\n",     401, "request.unsigned" },
	{ "PUT " INFO "?motto=x HTTP/1.1\r\nhost: a\r\n\r\n",      405, "gateway.method" },
	{ "GET " INFO " HTTP/1.1\r\nhost: a\r\nsignature: x\r\n\r\n", 400, "httpsig.signature" },
	{ "GET " INFO " HTTP/1.1\r\nhost: a\r\nsignature-input: comm-a=(\"a\");alg=\"hmac-sha256\"\r\n\r\n", 400, "httpsig.signature" },
	{ "POST /~message@1.0/body HTTP/1.1\r\nhost: a\r\ncontent-digest: sha-256=:AAAA:\r\ncontent-length: 1\r\n\r\nx", 400, "httpsig.digest" },
	{ "POST /~message@1.0/body HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello", 200, "\r\n\r\nhello" },
	{ "POST /~message@1.0/a/b HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 17\r\n\r\n{\"a\":{\"b\":[1,2]}}", 200, "\r\n2: 2\r\n" },
	{ "POST /~message@1.0/a/b HTTP/1.1\r\nhost: a\r\ncodec-device: flat@1.0\r\ncontent-length: 7\r\n\r\na/b: c\n", 200, "\r\n\r\nc" },
	{ "POST /~message@1.0/a HTTP/1.1\r\nhost: a\r\ncontent-type: device/json@1.0; x\r\ncontent-length: 9\r\n\r\n{\"a\":\"b\"}", 200, "\r\n\r\nb" },
	{ "POST /~message@1.0/a HTTP/1.1\r\nhost: a\r\ncontent-type: application/flat\r\ncontent-length: 5\r\n\r\na: c\n", 200, "\r\n\r\nc" },
	{ "POST /~message@1.0/a HTTP/1.1\r\nhost: a\r\ncodec-device: xml@1.0\r\ncontent-length: 1\r\n\r\nx", 400, "gateway.codec" },
	{ "POST /~message@1.0/a HTTP/1.1\r\nhost: a\r\ncodec-device: json@1.0\r\ncontent-length: 1\r\n\r\n{", 400, "json." },
	{ "POST /~message@1.0/a HTTP/1.1\r\nhost: a\r\ncodec-device: ans104@1.0\r\ncontent-length: 1\r\n\r\nx", 400, "ans104." },
	{ "GET /~message@1.0/a HTTP/1.1\r\nhost: a\r\na: h\r\n\r\n",     200, "\r\n\r\nh" },
	{ "GET /~message@1.0/a HTTP/1.1\r\nhost: a\r\na: h\r\na: i\r\n\r\n", 200, "\r\n\r\nh, i" },
	{ "GET /~message@1.0/a?a=q HTTP/1.1\r\nhost: a\r\na: h\r\n\r\n", 200, "\r\n\r\nq" },
	{ "GET /~message@1.0/cookie HTTP/1.1\r\nhost: a\r\ncookie: h\r\n\r\n", 404, "gateway.not-found" },
	{ "GET /x HTTP/1.1\r\nhost: a\r\na: h\r\npath: /~message@1.0/a\r\n\r\n", 200, "\r\n\r\nh" },
	{ "GET " INFO " HTTP/1.1\r\nhost: a\r\na: h\r\npath: /~message@1.0/a\r\n\r\n", 200, "\r\n\r\nh" },
};
/* clang-format on */

static void
requests_as_messages(void **state)
{
	(void)state;
	for (size_t i = 0;
	    i < sizeof(unsigned_requests) / sizeof(unsigned_requests[0]); i++) {
		assert_true(client_ask(
		    &reply, bytes_text(unsigned_requests[i].request)));
		if (reply.status != unsigned_requests[i].status ||
		    memmem(reply.text, reply.n, unsigned_requests[i].holds,
			strlen(unsigned_requests[i].holds)) == NULL)
			fail_msg(
			    "%s: %s", unsigned_requests[i].request, reply.text);
	}
}

/* A body that no message has room for is refused by what is wrong with it. */
static void
too_many_keys(void **state)
{
	/* codec, begin, before and behind a number, end */
	static const char *const parts[][5] = {
		{ "flat@1.0", "", "k", ": v\n", "" },
		{ "flat@1.0", "", "k", "/x: v\n", "" },
		{ "json@1.0", "{", "\"k", "\":\"v\",", "\"k\":\"v\"}" },
	};
	static uint8_t request[32768], body[16384];

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct buf b = buf_over(body, sizeof(body)),
			   all = buf_over(request, sizeof(request));

		buf_text(&b, parts[i][1]);
		for (unsigned k = 0; k < 300; k++)
			buf_print(&b, "%s%u%s", parts[i][2], k, parts[i][3]);
		buf_text(&b, parts[i][4]);
		buf_print(&all,
		    "POST /~message@1.0/k HTTP/1.1\r\nhost: a\r\n"
		    "codec-device: %s\r\ncontent-length: %zu\r\n\r\n",
		    parts[i][0], b.used);
		buf_put(&all, buf_bytes(&b));
		assert_true(client_ask(&reply, buf_bytes(&all)));
		assert_int_equal(reply.status, 413);
		assert_non_null(
		    strstr(reply.text, "\r\nerror: message.keys\r\n"));
		assert_non_null(strstr(reply.text, "\r\nsignature: "));
	}
}

/* clang-format off */
/* What a signed message says of itself when it is asked. */
static const struct {
	const char *target;
	unsigned status;
	bool of_signer, of_signature, of_message;
} ids[] = {
	{ "/~message@1.0/committers",              200, true,  false, false },
	{ "/~message@1.0/id",                      200, false, false, true  },
	{ "/~message@1.0/id?committers=none",      200, false, false, true  },
	{ "/~message@1.0/id?committers=all",       200, false, true,  false },
	{ "/~message@1.0/id?committers=nobody",    404, false, false, false },
	{ "/~message@1.0/verify",                  200, false, false, false },
};
/* clang-format on */

static bool
says(const struct message_id *id, struct arena *a)
{
	struct bytes text = message_id_text(id, a);

	return memmem(reply.text, reply.n, text.p, text.n) != NULL;
}

static void
signed_messages_name_themselves(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		uint8_t modulus[RSA_WALLET_BYTES];
		struct message_id of_signature, of_message;
		struct message *m;
		struct fault f;
		struct arena a;

		arena_init(&a, block, sizeof(block));
		m = message_new(&a);
		message_set_text(m, "a", "b");
		sign(m, keys[STRANGER], &a);
		rsa_modulus(keys[STRANGER], modulus);
		struct message_id signer =
		    message_address(bytes_of(modulus, sizeof(modulus)));

		must(message_id(&of_signature, m, &a, &f), &f);
		must(message_unsigned_id(&of_message, m, &a, &f), &f);
		assert_true(client_ask(
		    &reply, request_of("POST", ids[i].target, m, false, &a)));
		if (reply.status != ids[i].status ||
		    says(&signer, &a) != ids[i].of_signer ||
		    says(&of_signature, &a) != ids[i].of_signature ||
		    says(&of_message, &a) != ids[i].of_message)
			fail_msg("%s: %s", ids[i].target, reply.text);
	}
	assert_string_equal(reply.text + reply.head, "true");
}

/* A level that a stranger signed, in a message that nobody did. */
static void
levels_are_verified_too(void **state)
{
	(void)state;
	for (int breaks = 0; breaks < 2; breaks++) {
		struct message *m, *inner;
		struct bytes text;
		struct fault f;
		struct arena a;

		arena_init(&a, block, sizeof(block));
		m = message_new(&a);
		inner = message_new(&a);
		message_set_text(inner, "x", "y");
		sign(inner, keys[STRANGER], &a);
		if (breaks == 1)
			message_set_text(inner, "x", "z");
		message_set_message(m, "inner", inner);
		must(json_encode(&text, m, &a, &f), &f);
		struct buf b = buf_in(&a, 1 << 17);

		buf_print(&b,
		    "POST /~message@1.0/inner/committers HTTP/1.1\r\n"
		    "host: a\r\ncodec-device: json@1.0\r\n"
		    "content-length: %zu\r\n\r\n",
		    text.n);
		buf_put(&b, text);
		assert_true(client_ask(&reply, buf_bytes(&b)));
		if (reply.status != (breaks == 1 ? 400 : 200) ||
		    (breaks == 1 &&
			strstr(reply.text, "error: commitment.") == NULL))
			fail_msg("%s", reply.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_without_an_operator),
		cmocka_unit_test(name_the_operator),
		cmocka_unit_test(every_refusal),
		cmocka_unit_test(once_and_no_more),
		cmocka_unit_test(the_node_is_not_its_operator),
		cmocka_unit_test(others_are_verified_too),
		cmocka_unit_test(requests_as_messages),
		cmocka_unit_test(too_many_keys),
		cmocka_unit_test(signed_messages_name_themselves),
		cmocka_unit_test(levels_are_verified_too),
	};
	struct fault f;
	int failed;

	g = fixture_start(client_listen());
	if (!rsa_new(&keys[OPERATOR], &f) || !rsa_new(&keys[STRANGER], &f))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rsa_free(keys[OPERATOR]);
	rsa_free(keys[STRANGER]);
	fixture_settle();
	return failed;
}
