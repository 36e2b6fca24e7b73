/* SPDX-License-Identifier: Apache-2.0 */
/* Request bytes through everything that reads them: framing, target, request,
 * body, and the fold over devices with pages that are there. libh2o's parser is stood in for by the
 * plainest reading of a head that framing accepted. */
#include "core/base/cursor.h"
#include "core/message/pack.h"
#include "gateway/challenge.h"
#include "gateway/evaluate.h"
#include "gateway/framing.h"

#include <assert.h>
#include <stdlib.h>

#define ARENA_SIZE (48u << 20)

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

/* Every page is there, and says something with levels below it. */
static const struct page *
pages(struct store *store)
{
	static struct page all[PAGE_COUNT];
	static uint8_t block[1 << 20], keep[1 << 20];
	static struct arena a, kept;
	struct fault f;

	if (all[0].packed.n != 0)
		return all;
	arena_init(&a, block, sizeof(block));
	arena_init(&kept, keep, sizeof(keep));
	for (size_t i = 0; i < PAGE_COUNT; i++) {
		struct message *m = message_new(&a), *inner = message_new(&a);

		message_set_text(inner, "x", "y");
		message_append_text(message_list(inner, "list"), "z");
		message_set_message(m, "inner", inner);
		message_set_text(m, "type", "lapee-measurement");
		message_set_text(m, "address", "a");
		message_set_text(m, "operator", "b");
		assert(message_pack(&all[i].packed, m, &a, &f));
		store_add(store, m, &kept, &a);
	}
	return all;
}

/* What comes of it can be packed for the keyring; and what can be a response
 * has no line but its own. */
static void
check_result(const struct result *result, unsigned status, struct arena *a)
{
	const struct message *m = result->value.message;
	struct bytes packed;
	struct response r;
	struct fault f;

	assert(result->value.kind == VALUE_MESSAGE);
	assert(status >= 200 && status <= 599 && status != 204);
	(void)!message_pack(&packed, m, a, &f);
	for (enum codec codec = 0; codec < CODEC_INDEX; codec++) {
		if (!respond_message(&r, m, status, codec, &f))
			continue;
		for (size_t i = 0; i + 1 < r.headers.n; i++) {
			bool cr = r.headers.p[i] == '\r';

			assert(cr == (r.headers.p[i + 1] == '\n'));
			assert(!cr || i + 2 < r.headers.n);
		}
	}
}

static void
check_evaluation(const struct http_request *rq, struct arena *a)
{
	static struct store store;
	static struct desk desk;
	struct inbound in;
	struct evaluation e = { .in = &in,
		.verb = rq->verb,
		.arena = a,
		.pages = pages(&store),
		.store = &store,
		.desk = &desk,
		.now = 1700000000 };
	struct result result;
	unsigned status;
	struct fault f = { 0 };

	if (!inbound_read(&in, rq, a, &f)) {
		assert(f.code != FAULT_VERIFY && f.reason[0] != '\0');
		return;
	}
	if (evaluate(&result, &status, &e, &f))
		check_result(&result, status, a);
	else
		assert(!e.missing && f.reason[0] != '\0');
	/* Nobody here can sign as the operator. */
	assert(desk.changes == 0);
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
	    challenge_read(&challenge, &rq, 0, &a, &f))
		assert(challenge.measurement != NULL &&
		       challenge.nonce.n <= NONCE_MAX);
	if (rq.endpoint->kind == ENDPOINT_UNWRAP &&
	    request_credential(&blob, &secret, &rq, &a, &f))
		assert(blob.n <= 132 && secret.n <= 514);
	if (rq.endpoint->kind == ENDPOINT_EVALUATE)
		check_evaluation(&rq, &a);
	arena_reset(&a);
	return 0;
}
