/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/vectors_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/base64.h"
#include "core/message/json.h"
#include "core/message/pack.h"

#include <cmocka.h>

/* clang-format off */
const struct vector vectors[] = {
	{ "atoms", NULL, NULL },
	{ "binary-body", NULL, NULL },
	{ "binary-value", "httpsig.header", NULL },
	{ "body-and-data", NULL, NULL },
	{ "body-is-message", NULL, NULL },
	{ "body-only", NULL, NULL },
	{ "data-and-header", NULL, NULL },
	{ "data-only", NULL, NULL },
	{ "device-key", NULL, NULL },
	{ "empty-binary", NULL, NULL },
	{ "empty-list", NULL, NULL },
	{ "empty-message", NULL, NULL },
	{ "flat-single", NULL, NULL },
	{ "flat-two-order", NULL, NULL },
	{ "float-inexact", NULL, NULL },
	{ "float-simple", NULL, NULL },
	{ "header-4096", NULL, NULL },
	{ "header-4097", NULL, NULL },
	{ "id-key", NULL, NULL },
	{ "integer", NULL, NULL },
	{ "integer-negative", NULL, NULL },
	{ "integer-zero", NULL, NULL },
	{ "keys-33-hamt-order", "message.keys", "message.keys" },
	{ "large-body", NULL, NULL },
	{ "list-integers", NULL, NULL },
	{ "list-mixed", NULL, NULL },
	{ "list-strings", NULL, NULL },
	{ "mixed-types", NULL, NULL },
	{ "nested-deep", NULL, NULL },
	{ "nested-large-value", NULL, NULL },
	{ "nested-one", NULL, NULL },
	{ "nested-only-body", NULL, NULL },
	{ "path-and-method", NULL, NULL },
	{ "status-key", NULL, NULL },
	{ "typed-keys-31", NULL, NULL },
	{ "unicode-body", NULL, NULL },
	{ "unicode-value", NULL, NULL },
	{ "value-with-spaces", "httpsig.header", NULL },
};
/* clang-format on */
const size_t vectors_count = sizeof(vectors) / sizeof(vectors[0]);

json_t *
vectors_load(const char *name)
{
	char path[4096];
	json_error_t error;

	(void)snprintf(path, sizeof(path), "%s/aocore/%s.json",
	    secure_getenv("PWOS_VECTORS"), name);
	json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (json == NULL)
		fail_msg("%s: %s", path, error.text);
	return json;
}

json_t *
vectors_at(json_t *json, const char *path)
{
	for (;;) {
		const char *slash = strchrnul(path, '/');

		json = json_object_getn(json, path, (size_t)(slash - path));
		if (json == NULL)
			fail_msg("no %s in the vector", path);
		if (*slash == '\0')
			return json;
		path = slash + 1;
	}
}

struct bytes
vectors_text(json_t *json, const char *path)
{
	json_t *text = vectors_at(json, path);

	return bytes_of(json_string_value(text), json_string_length(text));
}

struct bytes
vectors_base64(struct bytes text, struct arena *a)
{
	struct bytes raw = { 0 };
	struct fault f = { 0 };

	if (!base64_decode(&raw, BASE64_PADDED, text, a, &f))
		fail_msg("%s", f.why);
	return raw;
}

static struct bytes
string_of(const json_t *json)
{
	return bytes_of(json_string_value(json), json_string_length(json));
}

/* {"$repeat": [text, times]} */
static struct bytes
repeat(const json_t *of, struct arena *a)
{
	struct bytes text = string_of(json_array_get(of, 0));
	size_t times = (size_t)json_integer_value(json_array_get(of, 1));
	struct buf b = buf_in(a, text.n * times);

	for (size_t i = 0; i < times; i++)
		buf_put(&b, text);
	return buf_bytes(&b);
}

static struct value
special(const json_t *json, struct arena *a)
{
	struct value v = { .kind = VALUE_BYTES };
	const json_t *of;

	if ((of = json_object_get(json, "$atom")) != NULL) {
		v = (struct value){ .kind = VALUE_ATOM,
			.bytes = string_of(of) };
	} else if ((of = json_object_get(json, "$b64")) != NULL) {
		v.bytes = vectors_base64(string_of(of), a);
	} else if ((of = json_object_get(json, "$repeat")) != NULL) {
		v.bytes = repeat(of, a);
	} else if ((of = json_object_get(json, "$float")) != NULL) {
		v.kind = VALUE_FLOAT;
		assert_true(json_read_real(&v.number, string_of(of)));
	} else {
		v.kind = VALUE_MESSAGE;
		v.message = vectors_message(json, a);
	}
	return v;
}

static struct value
value_of(const json_t *json, struct arena *a)
{
	struct value v = { .kind = VALUE_BYTES };

	if (json_is_string(json)) {
		v.bytes = string_of(json);
	} else if (json_is_integer(json)) {
		v.kind = VALUE_INTEGER;
		v.integer = json_integer_value(json);
	} else if (json_is_boolean(json) || json_is_null(json)) {
		v.kind = VALUE_ATOM;
		v.bytes = bytes_text(json_is_null(json)   ? "null"
				     : json_is_true(json) ? "true"
							  : "false");
	} else if (json_is_array(json)) {
		v.kind = VALUE_LIST;
		v.message = message_new(a);
		for (size_t i = 0; i < json_array_size(json); i++)
			message_append(
			    v.message, value_of(json_array_get(json, i), a));
	} else {
		v = special(json, a);
	}
	return v;
}

struct message *
vectors_message(const json_t *neutral, struct arena *a)
{
	struct message *m = message_new(a);
	const char *key;
	json_t *json;

	json_object_foreach((json_t *)(uintptr_t)neutral, key, json)
	    message_set(m, bytes_text(key), value_of(json, a));
	return m;
}

void
vectors_http(struct http_message *out, json_t *http, struct arena *a)
{
	const char *name;
	json_t *value;

	*out = (struct http_message){ 0 };
	json_object_foreach(vectors_at(http, "headers"), name, value)
	{
		struct value v = value_of(value, a);

		assert_true(out->nheaders < HTTP_HEADERS_MAX);
		out->headers[out->nheaders++] =
		    (struct http_header){ bytes_text(name), v.bytes };
	}
	json_t *body = vectors_at(http, "body_b64");

	/* Long bodies are {"$repeat": ...} as messages' values are. */
	out->body = json_is_string(body) ? vectors_base64(string_of(body), a)
					 : value_of(body, a).bytes;
}

struct arena *
vectors_arena(void)
{
	static uint8_t block[8u << 20];
	static struct arena a;

	arena_init(&a, block, sizeof(block));
	return &a;
}

void
vectors_same(
    const char *name, const struct message *got, const struct message *want)
{
	struct arena *a = want->arena;
	struct bytes x, y;
	struct fault f = { 0 };

	if (!message_pack(&x, got, a, &f) || !message_pack(&y, want, a, &f))
		fail_msg("%s: %s", name, f.why);
	if (!bytes_equal(x, y))
		fail_msg("%s: the messages differ", name);
}
