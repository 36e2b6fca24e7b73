/* SPDX-License-Identifier: Apache-2.0 */
/* ~json@1.0, ~flat@1.0, ~httpsig@1.0, ~structured@1.0: the base as a codec's text. */
#include "core/message/flat.h"
#include "core/message/httpsig.h"
#include "core/message/json.h"
#include "core/message/structured.h"
#include "gateway/devices.h"

/* The base without the device that it was given to be coded by. */
static bool
base_of(struct message **out, const struct device_call *call, struct fault *f)
{
	struct value base = call->base;

	if (base.kind != VALUE_MESSAGE && base.kind != VALUE_LIST)
		return fail(f, FAULT_INPUT, "gateway.base",
		    "http 23: only a message can be coded");
	*out = message_new(call->arena);
	for (size_t i = 0; i < base.message->count; i++) {
		const struct pair *p = &base.message->pairs[i];

		if (!bytes_is(p->key, "device"))
			message_put(*out, p->key, p->value);
	}
	return true;
}

static bool
give(struct result *out, const struct device_call *call, const char *type,
    struct bytes text)
{
	struct message *m = message_new(call->arena);

	message_set_text(m, "content-type", type);
	message_put(m, BYTES("body"), (struct value){ .bytes = text });
	out->value = (struct value){ .kind = VALUE_MESSAGE, .message = m };
	return true;
}

bool
device_codec_json(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *m;
	struct bytes text;

	return base_of(&m, call, f) && json_encode(&text, m, call->arena, f) &&
	       give(out, call, "application/json", text);
}

bool
device_codec_flat(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *m;
	struct bytes text;

	return base_of(&m, call, f) && flat_write(&text, m, call->arena, f) &&
	       give(out, call, "application/flat", text);
}

/* Header lines, an empty one, and the body. */
bool
device_codec_httpsig(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct http_message http;
	struct message *m;
	size_t size = 2;

	if (!base_of(&m, call, f) ||
	    !httpsig_encode(&http, m, HTTPSIG_BUNDLE, call->arena, f))
		return false;
	for (size_t i = 0; i < http.nheaders; i++)
		size += http.headers[i].name.n + http.headers[i].value.n + 4;
	struct buf b = buf_in(call->arena, size + http.body.n);

	for (size_t i = 0; i < http.nheaders; i++) {
		buf_put(&b, http.headers[i].name);
		buf_text(&b, ": ");
		buf_put(&b, http.headers[i].value);
		buf_text(&b, "\r\n");
	}
	buf_text(&b, "\r\n");
	buf_put(&b, http.body);
	return buf_check(&b, f) &&
	       give(out, call, "message/http", buf_bytes(&b));
}

/* The TABM, whose leaves are all texts, as JSON. */
bool
device_codec_structured(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *m, *tabm, *plain;
	struct bytes text;

	if (!base_of(&m, call, f) ||
	    !structured_encode(&tabm, m, call->arena, f))
		return false;
	plain = message_new(call->arena);
	for (size_t i = 0; i < tabm->count; i++) {
		if (bytes_is(tabm->pairs[i].key, "ao-types"))
			message_put(
			    plain, BYTES("types"), tabm->pairs[i].value);
		else
			message_put(
			    plain, tabm->pairs[i].key, tabm->pairs[i].value);
	}
	return json_encode(&text, plain, call->arena, f) &&
	       give(out, call, "application/json", text);
}
