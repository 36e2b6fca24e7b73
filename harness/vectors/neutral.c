/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/vectors/neutral.h"

#include "core/base/base64.h"
#include "core/message/json.h"
#include "core/message/link.h"
#include "core/message/structured.h"

static struct bytes
string_of(const json_t *json)
{
	return bytes_of(json_string_value(json), json_string_length(json));
}

struct bytes
neutral_text(const json_t *json, const char *key)
{
	return string_of(json_object_get(json, key));
}

static struct bytes
raw_of(struct bytes text, struct arena *a)
{
	struct bytes raw = { 0 };
	struct fault ignored;

	if (!base64_decode(&raw, BASE64_PADDED, text, a, &ignored))
		return (struct bytes){ 0 };
	return raw;
}

/* {"$repeat": [text, times]} */
static struct bytes
repeat(const json_t *of, struct arena *a)
{
	struct bytes text = string_of(json_array_get(of, 0));
	size_t times = (size_t)json_integer_value(json_array_get(of, 1));
	struct buf b = buf_in(a, text.n * times);

	for (size_t i = 0; i < times && !b.full; i++)
		buf_put(&b, text);
	return buf_bytes(&b);
}

static struct value value_of(const json_t *json, struct arena *a);

static struct value
special(const json_t *json, struct arena *a)
{
	struct value v = { .kind = VALUE_BYTES };
	const json_t *of;

	if ((of = json_object_get(json, "$atom")) != NULL) {
		v.kind = VALUE_ATOM;
		v.bytes = string_of(of);
	} else if ((of = json_object_get(json, "$b64")) != NULL) {
		v.bytes = raw_of(string_of(of), a);
	} else if ((of = json_object_get(json, "$repeat")) != NULL) {
		v.bytes = repeat(of, a);
	} else if ((of = json_object_get(json, "$float")) != NULL) {
		v.kind = VALUE_FLOAT;
		if (!json_read_real(&v.number, string_of(of)))
			v = (struct value){ .bytes = string_of(of) };
	} else {
		v.kind = VALUE_MESSAGE;
		v.message = neutral_message(json, a);
	}
	return v;
}

static struct value
list_of(const json_t *json, struct arena *a)
{
	struct value v = { .kind = VALUE_LIST, .message = message_new(a) };

	for (size_t i = 0; i < json_array_size(json); i++)
		message_append(v.message, value_of(json_array_get(json, i), a));
	return v;
}

/* Vectors are nested as messages are; jansson bounds what it reads. */
static struct value
value_of(const json_t *json, struct arena *a)
{
	struct value v = { .kind = VALUE_BYTES };

	if (json_is_object(json))
		return special(json, a);
	if (json_is_array(json))
		return list_of(json, a);
	if (json_is_string(json)) {
		v.bytes = string_of(json);
	} else if (json_is_integer(json)) {
		v.kind = VALUE_INTEGER;
		v.integer = json_integer_value(json);
	} else if (json_is_real(json)) {
		v.kind = VALUE_FLOAT;
		v.number = json_real_value(json);
	} else {
		v.kind = VALUE_ATOM;
		v.bytes = json_is_true(json)    ? BYTES("true")
			  : json_is_false(json) ? BYTES("false")
						: BYTES("null");
	}
	return v;
}

struct message *
neutral_message(const json_t *json, struct arena *a)
{
	struct message *m = message_new(a);
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	    message_set(m, bytes_text(key), value_of(value, a));
	return m;
}

bool
neutral_rich(
    struct message **out, const json_t *json, struct arena *a, struct fault *f)
{
	return structured_decode(out, neutral_message(json, a), a, f);
}

bool
neutral_http(struct http_message *out, const json_t *json, struct arena *a)
{
	const json_t *headers = json_object_get(json, "headers");
	const json_t *body = json_object_get(json, "body_b64");
	const char *name;
	json_t *value;

	*out = (struct http_message){ 0 };
	if (!json_is_object(headers))
		return false;
	json_object_foreach((json_t *)(uintptr_t)headers, name, value)
	{
		if (out->nheaders == HTTP_HEADERS_MAX)
			return false;
		out->headers[out->nheaders++] =
		    (struct http_header){ bytes_text(name),
			    value_of(value, a).bytes };
	}
	if (json_is_string(body))
		out->body = raw_of(string_of(body), a);
	else if (json_is_object(body))
		out->body = value_of(body, a).bytes;
	return true;
}

struct bytes
neutral_base64(const json_t *json, const char *key, struct arena *a)
{
	return raw_of(neutral_text(json, key), a);
}

bool
neutral_linked(struct message **out, const struct message *m, struct arena *a,
    struct fault *f)
{
	struct message *tabm, *level;

	return structured_encode(&tabm, m, a, f) &&
	       link_levels(&level, tabm, a, f) &&
	       structured_decode(out, level, a, f);
}

struct message *
neutral_plain(const struct message *m, struct arena *a)
{
	struct message *copy = message_new(a);

	for (size_t i = 0; i < m->count; i++) {
		struct value v = m->pairs[i].value;

		if (v.kind == VALUE_LIST || v.kind == VALUE_MESSAGE)
			v = (struct value){ .kind = VALUE_MESSAGE,
				.message = neutral_plain(v.message, a) };
		message_put(copy, m->pairs[i].key, v);
	}
	return copy;
}
