/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/httpsig.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/message/vectors_test.h"

#include <cmocka.h>

static void
expect_http(const char *name, const struct http_message *got, json_t *http,
    struct arena *a)
{
	struct http_message want;

	vectors_http(&want, http, a);
	if (got->nheaders != want.nheaders)
		fail_msg("%s: %zu headers", name, got->nheaders);
	for (size_t i = 0; i < got->nheaders; i++) {
		size_t k = 0;

		if (i > 0 && bytes_order(got->headers[i - 1].name,
				 got->headers[i].name) >= 0)
			fail_msg("%s: order of header %zu", name, i);
		while (k < want.nheaders &&
		       !bytes_equal(got->headers[i].name, want.headers[k].name))
			k++;
		if (k == want.nheaders ||
		    !bytes_equal(got->headers[i].value, want.headers[k].value))
			fail_msg("%s: header %zu", name, i);
	}
	if (!bytes_equal(got->body, want.body))
		fail_msg("%s: body", name);
}

/* Both forms of an unsigned message, byte by byte, and back. */
static void
expect_form(const struct vector *vector, json_t *json, const char *path,
    enum httpsig_form form)
{
	struct arena *a = vectors_arena();
	struct message *m = vectors_message(vectors_at(json, "message"), a);
	struct http_message http;
	struct message *back;
	struct fault f = { 0 };
	bool ok = httpsig_encode(&http, m, form, a, &f);

	if (vector->refused != NULL) {
		assert_false(ok);
		assert_string_equal(f.reason, vector->refused);
		return;
	}
	if (!ok)
		fail_msg("%s: %s", vector->name, f.why);
	expect_http(vector->name, &http, vectors_at(json, path), a);
	if (!httpsig_decode(&back, &http, a, &f))
		fail_msg("%s: %s", vector->name, f.why);
	if (form == HTTPSIG_LINK)
		return;
	/* Levels come back with the commitments that a bundle gives them. */
	vectors_same(vector->name, message_copy(back, a), m);
}

static void
unsigned_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < vectors_count; i++) {
		json_t *json = vectors_load(vectors[i].name);

		expect_form(&vectors[i], json, "http_link", HTTPSIG_LINK);
		expect_form(&vectors[i], json, "http_bundle", HTTPSIG_BUNDLE);
		json_decref(json);
	}
}

/* Decoded and encoded again, signatures and all. */
static void
signed_vectors(void **state)
{
	static const struct {
		const char *path;
		enum httpsig_form form;
	} forms[] = {
		{ "signed_link/http", HTTPSIG_LINK },
		{ "signed_bundle/http", HTTPSIG_BUNDLE },
		{ "signed_link_sent_bundled/http", HTTPSIG_BUNDLE },
	};

	(void)state;
	for (size_t i = 0; i < 3 * vectors_count; i++) {
		const struct vector *vector = &vectors[i / 3];
		struct arena *a = vectors_arena();
		json_t *json = vectors_load(vector->name);
		json_t *want = vectors_at(json, forms[i % 3].path);
		struct http_message http;
		struct message *m;
		struct fault f = { 0 };

		vectors_http(&http, want, a);
		if (!httpsig_decode(&m, &http, a, &f))
			fail_msg("%s: %s", vector->name, f.why);
		if (!httpsig_encode(&http, m, forms[i % 3].form, a, &f)) {
			assert_non_null(vector->refused);
			assert_string_equal(f.reason, vector->refused);
		} else {
			expect_http(vector->name, &http, want, a);
		}
		json_decref(json);
	}
}

#define DIGEST_OF_X "sha-256=:LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=:"
#define BOUNDARY    "multipart/form-data; boundary=\"B\""
#define PART        "content-disposition: form-data;name="
#define SIGNED      "comm-x=:AAAA:"
#define INPUT       "comm-x=(\"a\");alg=\"hmac-sha256\";keyid=\"constant:ao\""

/* clang-format off */
static const struct {
	const char *name;
	struct { const char *name, *value; } headers[3];
	const char *body, *reason;
} decoded[] = {
	{ "one header", { { "a", "b" } }, "", NULL },
	{ "upper case", { { "A", "b" } }, "", NULL },
	{ "empty body", { { "a", "b" } }, "", NULL },
	{ "a body", { { "a", "b" } }, "x", NULL },
	{ "its digest", { { "content-digest", DIGEST_OF_X } }, "x", NULL },
	{ "data", { { "ao-body-key", "data" } }, "x", NULL },
	{ "types", { { "a", "1" }, { "ao-types", "a=\"integer\"" } }, "", NULL },
	{ "types, spaces and tabs", { { "a", "1" }, { "b", "2" },
	  { "ao-types", " a=\"integer\" ,\tb=\"integer\"" } }, "", NULL },
	{ "another's digest", { { "content-digest", DIGEST_OF_X } }, "y",
	  "httpsig.digest" },
	{ "digest of no body", { { "content-digest", DIGEST_OF_X } }, "",
	  "httpsig.digest" },
	{ "digest of another kind", { { "content-digest", "sha-512=:AA==:" } },
	  "x", "httpsig.digest" },
	{ "digest without colons", { { "content-digest", "sha-256" } }, "x",
	  "httpsig.digest" },
	{ "name twice", { { "a", "b" }, { "a", "c" } }, "",
	  "message.duplicate" },
	{ "name in two cases", { { "a", "b" }, { "A", "b" } }, "",
	  "message.duplicate" },
	{ "signature twice", { { "signature", "" }, { "Signature", "" } }, "",
	  "message.duplicate" },
	{ "key and link", { { "a", "b" }, { "a+link",
	  "qoKsl5XJIjkL7QIfUXNplkdh71dTOV1mUtP3b4WlzMk" } }, "",
	  "message.duplicate" },
	{ "header and body", { { "data", "b" }, { "ao-body-key", "data" } },
	  "x", "message.duplicate" },
	{ "empty name", { { "", "b" } }, "", "httpsig.header" },
	{ "space in a name", { { "a b", "b" } }, "", "httpsig.header" },
	{ "line break", { { "a", "b\nc: d" } }, "", "httpsig.header" },
	{ "carriage return", { { "a", "b\r" } }, "", "httpsig.header" },
	{ "body as a header", { { "body", "b" } }, "", "httpsig.header" },
	{ "commitments as a header", { { "commitments", "b" } }, "",
	  "httpsig.header" },
	{ "another body key", { { "ao-body-key", "a" } }, "x",
	  "httpsig.body" },
	{ "no id in a link", { { "a+link", "b" } }, "", "message.link" },
	{ "type of nothing", { { "ao-types", "a=\"integer\"" } }, "",
	  "message.types" },
	{ "unknown type", { { "a", "1" }, { "ao-types", "a=\"number\"" } }, "",
	  "message.types" },
	{ "type without quotes", { { "a", "1" }, { "ao-types", "a=integer" } },
	  "", "message.types" },
	{ "type twice", { { "a", "1" },
	  { "ao-types", "a=\"integer\", a=\"integer\"" } }, "",
	  "message.types" },
	{ "list on the outside", { { "1", "a" }, { "ao-types", ".=\"list\"" } },
	  "", "message.types" },
	{ "leading zero", { { "a", "01" }, { "ao-types", "a=\"integer\"" } },
	  "", "message.types" },
	{ "minus zero", { { "a", "-0" }, { "ao-types", "a=\"integer\"" } }, "",
	  "message.types" },
	{ "16 digits", { { "a", "1000000000000000" },
	  { "ao-types", "a=\"integer\"" } }, "", "message.types" },
	{ "no digits", { { "a", "" }, { "ao-types", "a=\"integer\"" } }, "",
	  "message.types" },
	{ "short float", { { "a", "1.5" }, { "ao-types", "a=\"float\"" } }, "",
	  "message.types" },
	{ "float that is no number", { { "a", "nan" },
	  { "ao-types", "a=\"float\"" } }, "", "message.types" },
	{ "empty atom", { { "a", "" }, { "ao-types", "a=\"atom\"" } }, "",
	  "message.types" },
	{ "needless escape", { { "a", "1" },
	  { "ao-types", "%61=\"integer\"" } }, "", "message.types" },
	{ "upper-case escape", { { "a", "1" },
	  { "ao-types", "%4A=\"integer\"" } }, "", "message.sf" },
	{ "comma at the end", { { "a", "1" },
	  { "ao-types", "a=\"integer\"," } }, "", "message.sf" },
	{ "no comma", { { "a", "1" },
	  { "ao-types", "a=\"integer\" b=\"atom\"" } }, "", "message.sf" },
	{ "open string", { { "a", "1" }, { "ao-types", "a=\"integer" } }, "",
	  "message.sf" },
	{ "signature alone", { { "a", "b" }, { "signature", SIGNED } }, "",
	  "httpsig.signature" },
	{ "input alone", { { "a", "b" }, { "signature-input", INPUT } }, "",
	  "httpsig.signature" },
	{ "another label", { { "a", "b" }, { "signature", "sig1=:AAAA:" },
	  { "signature-input", "sig1=(\"a\");alg=\"hmac-sha256\"" } }, "",
	  "httpsig.signature" },
	{ "signature as a text", { { "a", "b" },
	  { "signature", "comm-x=\"AAAA\"" }, { "signature-input", INPUT } },
	  "", "httpsig.signature" },
	{ "bad base64", { { "a", "b" }, { "signature", "comm-x=:AAA:" },
	  { "signature-input", INPUT } }, "", "encoding.base64" },
	{ "label twice", { { "a", "b" },
	  { "signature", SIGNED ", " SIGNED }, { "signature-input", INPUT } },
	  "", "httpsig.signature" },
	{ "input twice", { { "a", "b" }, { "signature", SIGNED },
	  { "signature-input", INPUT ", " INPUT } }, "", "commitment.form" },
	{ "no alg", { { "a", "b" }, { "signature", SIGNED },
	  { "signature-input", "comm-x=(\"a\");keyid=\"constant:ao\"" } }, "",
	  "httpsig.signature" },
	{ "unknown parameter", { { "a", "b" }, { "signature", SIGNED },
	  { "signature-input", INPUT ";x=\"y\"" } }, "",
	  "httpsig.signature" },
	{ "parameter twice", { { "a", "b" }, { "signature", SIGNED },
	  { "signature-input", INPUT ";alg=\"hmac-sha256\"" } }, "",
	  "message.sf" },
	{ "bundle is false", { { "a", "b" }, { "signature", SIGNED },
	  { "signature-input", INPUT ";bundle=\"false\"" } }, "",
	  "httpsig.signature" },
	{ "created before 1970", { { "a", "b" }, { "signature", SIGNED },
	  { "signature-input", INPUT ";created=-1" } }, "",
	  "httpsig.signature" },
	{ "digest named twice", { { "a", "b" }, { "signature", SIGNED },
	  { "signature-input", "comm-x=(\"content-digest\" "
	  "\"content-digest\");alg=\"hmac-sha256\"" } }, "",
	  "httpsig.signature" },
	{ "multipart", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\nx: 1\r\n--B--", NULL },
	{ "multipart, levels in any order", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n/m\"\r\n\r\nlong\r\n--B\r\n" PART "\"n\"\r\nx: 1"
	  "\r\n--B--", NULL },
	{ "multipart, inline", { { "content-type", BOUNDARY } },
	  "--B\r\ncontent-disposition: inline\r\n\r\nx\r\n--B--", NULL },
	{ "another content type", { { "content-type", "text/html" } }, "x",
	  NULL },
	{ "multipart without a body", { { "content-type", BOUNDARY } }, "",
	  "httpsig.multipart" },
	{ "another boundary", { { "content-type", BOUNDARY } },
	  "--C\r\n" PART "\"n\"\r\nx: 1\r\n--C--", "httpsig.multipart" },
	{ "no end", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\nx: 1\r\n--B\r\n", "httpsig.multipart" },
	{ "bytes after the end", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\nx: 1\r\n--B--\r\n", "httpsig.multipart" },
	{ "boundary goes on", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\nx: 1\r\n--Bx", "httpsig.multipart" },
	{ "part without disposition", { { "content-type", BOUNDARY } },
	  "--B\r\nx: 1\r\n--B--", "httpsig.multipart" },
	{ "two dispositions", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\n" PART "\"m\"\r\nx: 1\r\n--B--",
	  "httpsig.multipart" },
	{ "disposition without a name", { { "content-type", BOUNDARY } },
	  "--B\r\ncontent-disposition: form-data\r\nx: 1\r\n--B--",
	  "httpsig.multipart" },
	{ "disposition with an empty name", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"\"\r\nx: 1\r\n--B--", "httpsig.multipart" },
	{ "quote in a name", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"a\"b\"\r\nx: 1\r\n--B--", "httpsig.multipart" },
	{ "empty part", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\n--B--", "httpsig.multipart" },
	{ "line without a colon", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\nx=1\r\n--B--", "httpsig.multipart" },
	{ "line twice", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\nx: 1\r\nx: 2\r\n--B--",
	  "httpsig.multipart" },
	{ "part twice", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\nx: 1\r\n--B\r\n" PART "\"n\"\r\nx: 1"
	  "\r\n--B--", "httpsig.multipart" },
	{ "path through a leaf", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\n\r\nx\r\n--B\r\n" PART "\"n/m\"\r\n\r\nx"
	  "\r\n--B--", "httpsig.multipart" },
	{ "empty step", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n/\"\r\nx: 1\r\n--B--", "httpsig.multipart" },
	{ "deep path", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a\"\r\nx: 1"
	  "\r\n--B--", "message.depth" },
	{ "very deep path", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a\""
	  "\r\nx: 1\r\n--B--", "message.depth" },
	{ "empty message with keys", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\nao-types: empty-message\r\nx: 1\r\n--B--",
	  "message.types" },
	{ "list with a hole", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\n1: a\r\n3: b\r\nao-types: .=\"list\""
	  "\r\n--B--", "message.types" },
	{ "ao-types as a part", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"ao-types\"\r\n\r\nx\r\n--B--",
	  "message.duplicate" },
	{ "commitments as a part", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"commitments\"\r\nx: 1\r\n--B--",
	  "message.duplicate" },
	{ "commitment without an id", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n/commitments/x\"\r\ntype: hmac-sha256\r\n--B--",
	  "message.id" },
	{ "commitments as a leaf", { { "content-type", BOUNDARY } },
	  "--B\r\n" PART "\"n\"\r\ncommitments: x\r\n--B--",
	  "commitment.form" },
};
/* clang-format on */

static void
what_is_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(decoded) / sizeof(decoded[0]); i++) {
		struct arena *a = vectors_arena();
		struct http_message http = {
			.body = bytes_text(decoded[i].body),
		};
		struct message *m;
		struct fault f = { 0 };

		for (size_t k = 0; k < 3 && decoded[i].headers[k].name; k++)
			http.headers[http.nheaders++] = (struct http_header){
				bytes_text(decoded[i].headers[k].name),
				bytes_text(decoded[i].headers[k].value),
			};
		bool ok = httpsig_decode(&m, &http, a, &f);

		if (ok != (decoded[i].reason == NULL))
			fail_msg("%s: %s", decoded[i].name, f.why);
		if (!ok && strcmp(f.reason, decoded[i].reason) != 0)
			fail_msg("%s: %s", decoded[i].name, f.reason);
	}
}

static void
what_is_not_encoded(void **state)
{
	static const struct {
		const char *name, *key, *value, *reason;
	} rows[] = {
		{ "upper case", "Abc", "v", "httpsig.header" },
		{ "colon", "a:b", "v", "httpsig.header" },
		{ "tab", "a", "x\ty", "httpsig.header" },
		{ "delete", "a", "x\x7f", "httpsig.header" },
		{ "escape", "a", "x\x1b[0m", "httpsig.header" },
		{ "space first", "a", " x", "httpsig.header" },
		{ "space last", "a", "x ", "httpsig.header" },
		{ "split", "a", "x\r\nset-cookie: y", "httpsig.line" },
		{ "empty body", "body", "", "httpsig.body" },
		{ "digest", "content-digest", "v", "message.key" },
		{ "signature", "signature", "v", "message.key" },
		{ "types", "ao-types", "v", "message.key" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = vectors_arena();
		struct message *m = message_new(a);
		struct http_message http;
		struct fault f = { 0 };

		message_set_text(m, rows[i].key, rows[i].value);
		if (httpsig_encode(&http, m, HTTPSIG_LINK, a, &f))
			fail_msg("%s is encoded", rows[i].name);
		if (strcmp(f.reason, rows[i].reason) != 0 &&
		    strcmp(rows[i].reason, "httpsig.line") != 0)
			fail_msg("%s: %s", rows[i].name, f.reason);
	}
}

static void
headers_are_counted(void **state)
{
	struct arena *a = vectors_arena();
	struct http_message http = { .nheaders = HTTP_HEADERS_MAX };
	struct message *m;
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < HTTP_HEADERS_MAX; i++)
		http.headers[i] =
		    (struct http_header){ arena_print(a, "k%zu", i),
			    BYTES("v") };
	assert_true(httpsig_decode(&m, &http, a, &f));
	assert_false(httpsig_encode(&http, m, HTTPSIG_LINK, a, &f));
	assert_string_equal(f.reason, "message.keys");
	http.nheaders = HTTP_HEADERS_MAX + 1;
	assert_false(httpsig_decode(&m, &http, a, &f));
	assert_string_equal(f.reason, "httpsig.headers");
}

/* Wherever the memory ends, the answer is a fault. */
static void
memory_ends(void **state)
{
	struct arena *a = vectors_arena();
	json_t *json = vectors_load("nested-deep");
	struct http_message http;
	struct fault f = { 0 };
	size_t step = 331, refusals = 0;

	(void)state;
	vectors_http(&http, vectors_at(json, "signed_bundle/http"), a);
	for (size_t size = 0;; size += step) {
		static uint8_t block[1u << 20];
		struct message *m;
		struct arena small;

		assert_true(size < sizeof(block));
		arena_init(&small, block, size);
		if (httpsig_decode(&m, &http, &small, &f) &&
		    httpsig_encode(&http, m, HTTPSIG_BUNDLE, &small, &f))
			break;
		refusals++;
		if (strncmp(f.reason, "limit.", 6) != 0)
			fail_msg("%s: %s", f.reason, f.why);
	}
	assert_true(refusals > 10);
	json_decref(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unsigned_vectors),
		cmocka_unit_test(signed_vectors),
		cmocka_unit_test(what_is_decoded),
		cmocka_unit_test(what_is_not_encoded),
		cmocka_unit_test(headers_are_counted),
		cmocka_unit_test(memory_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
