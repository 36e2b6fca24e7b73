/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/httpsig.h"

#include <stdlib.h>

#include "core/base/cursor.h"
#include "core/message/commit.h"
#include "core/message/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines "name: value" up to an empty one, then the body. */
static bool
read_http(struct http_message *http, struct bytes in)
{
	struct cursor c = cursor_over(in);

	while (http->nheaders < HTTP_HEADERS_MAX) {
		struct bytes line = cursor_until(&c, '\n');
		struct cursor inner = cursor_over(line);

		if (!cursor_ok(&c))
			return false;
		if (line.n == 0)
			break;
		struct bytes name = cursor_until(&inner, ':');

		(void)cursor_take(&inner, 1);
		if (!cursor_ok(&inner))
			return false;
		http->headers[http->nheaders++] =
		    (struct http_header){ name, cursor_rest(&inner) };
	}
	http->body = cursor_rest(&c);
	return true;
}

/* What is decoded and can be sent as a bundle comes back the same, but for
 * the commitments that a bundle adds below. */
static void
check(const struct message *m, struct arena *a)
{
	struct http_message http;
	struct message *back;
	struct bytes x, y;
	struct fault f = { 0 };

	if (!httpsig_encode(&http, m, HTTPSIG_BUNDLE, a, &f))
		return;
	if (!httpsig_decode(&back, &http, a, &f) ||
	    !message_pack(&x, message_copy(m, a), a, &f) ||
	    !message_pack(&y, message_copy(back, a), a, &f) ||
	    !bytes_equal(x, y))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[16u << 20];
	struct arena a;
	struct http_message http = { 0 };
	struct message_id signer;
	struct message *m;
	struct fault f = { 0 };

	arena_init(&a, block, sizeof(block));
	if (size <= 65536 && read_http(&http, bytes_of(data, size)) &&
	    httpsig_decode(&m, &http, &a, &f)) {
		check(m, &a);
		commit_reduce(m);
		if (!commit_verify(&signer, m, &a, &f) && f.reason[0] == 0)
			abort();
	}
	arena_reset(&a);
	return 0;
}
