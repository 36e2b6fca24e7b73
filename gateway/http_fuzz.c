/* SPDX-License-Identifier: Apache-2.0 */
/* Request bytes through everything that reads them before a service does:
 * framing, target, request, body. libh2o's parser is stood in for by the
 * plainest reading of a head that framing accepted. */
#include "core/base/cursor.h"
#include "gateway/framing.h"
#include "gateway/request.h"

#include <assert.h>
#include <stdlib.h>

#define ARENA_SIZE (16u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The head cut at every place asks for more or says the same. */
static enum framing_state
check(struct framing *out, struct bytes input)
{
	struct framing cut = { 0 };
	enum framing_state whole, part = FRAMING_MORE;
	struct fault f;

	*out = (struct framing){ 0 };
	whole = framing_check(out, input, &f);
	for (size_t n = 1; n < input.n && part == FRAMING_MORE; n += 1 + n / 8)
		part = framing_check(&cut, bytes_of(input.p, n), &f);
	if (part == FRAMING_MORE)
		part = framing_check(&cut, input, &f);
	assert(part == whole);
	assert(whole != FRAMING_DONE ||
	       (cut.head == out->head && cut.body == out->body));
	return whole;
}

static struct bytes
line_of(struct cursor *c)
{
	struct bytes line = cursor_until(c, '\n');

	assert(line.n > 0 && line.p[line.n - 1] == '\r');
	return bytes_of(line.p, line.n - 1);
}

/* What framing accepted has no second reading, so this cannot fail. */
static void
read_head(struct incoming *out, struct bytes head, struct arena *a)
{
	struct cursor c = cursor_over(head);
	struct cursor first = cursor_over(line_of(&c));

	out->method = cursor_until(&first, ' ');
	out->target = cursor_until(&first, ' ');
	assert(cursor_ok(&first) && out->target.p[0] == '/');
	for (;;) {
		struct cursor line = cursor_over(line_of(&c));

		if (line.left == 0)
			break;
		struct bytes name = cursor_until(&line, ':');
		uint8_t *lower = arena_alloc(a, name.n);

		assert(cursor_ok(&line) && lower != NULL);
		for (size_t i = 0; i < name.n; i++)
			lower[i] = name.p[i] >= 'A' && name.p[i] <= 'Z'
				       ? name.p[i] | 0x20
				       : name.p[i];
		assert(out->message.nheaders < HTTP_HEADERS_MAX);
		out->message.headers[out->message.nheaders++] =
		    (struct http_header){ bytes_of(lower, name.n),
			    cursor_rest(&line) };
	}
	assert(cursor_done(&c));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_request rq;
	static uint8_t block[ARENA_SIZE];
	struct incoming in = { 0 };
	struct challenge challenge;
	struct bytes blob, secret;
	struct framing fr;
	struct fault f;
	struct arena a;

	if (check(&fr, bytes_of(data, size)) != FRAMING_DONE)
		return 0;
	assert(fr.head <= size && fr.body <= FRAMING_BODY_MAX);
	arena_init(&a, block, sizeof(block));
	read_head(&in, bytes_of(data, fr.head), &a);
	in.message.body = bytes_of(data + fr.head, size - fr.head);
	if (!request_read(&rq, &in, &f) || rq.endpoint == NULL) {
		arena_reset(&a);
		return 0;
	}
	assert(rq.endpoint->kind != ENDPOINT_FRESH ||
	       (rq.nnonce >= NONCE_MIN && rq.nnonce <= NONCE_MAX));
	if (rq.endpoint->kind == ENDPOINT_VERIFY &&
	    request_challenge(&challenge, &rq, &a, &f))
		assert(challenge.measurement != NULL &&
		       challenge.nonce.n <= NONCE_MAX);
	if (rq.endpoint->kind == ENDPOINT_UNWRAP &&
	    request_credential(&blob, &secret, &rq, &a, &f))
		assert(blob.n <= 132 && secret.n <= 514);
	arena_reset(&a);
	return 0;
}
