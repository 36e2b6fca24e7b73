/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of POST verify and unwrap-secret: the first byte picks endpoint and
 * codec, so that the fuzzer need not find them. */
#include "core/message/pack.h"
#include "gateway/challenge.h"

#include <assert.h>

#define ARENA_SIZE (24u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const targets[] = {
	"/~measurement@1.0/verify",
	"/~measurement@1.0/unwrap-secret",
};
static const char *const types[] = {
	"application/json",
	"multipart/form-data; boundary=\"B\"",
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_request rq;
	static uint8_t block[ARENA_SIZE];
	struct incoming in = { .method = BYTES("POST") };
	struct challenge challenge;
	struct bytes blob, secret;
	struct verifier_verify_req out;
	struct message *back;
	struct fault f;
	struct arena a;

	if (size == 0)
		return 0;
	in.target = bytes_text(targets[data[0] & 1]);
	in.message.headers[0] = (struct http_header){ BYTES("content-type"),
		bytes_text(types[data[0] >> 1 & 1]) };
	in.message.nheaders = 1;
	in.message.body = bytes_of(data + 1, size - 1);
	arena_init(&a, block, sizeof(block));
	assert(request_read(&rq, &in, &f));
	if (rq.endpoint->kind == ENDPOINT_UNWRAP) {
		if (request_credential(&blob, &secret, &rq, &a, &f))
			assert(blob.n <= 132 && secret.n <= 514);
	} else if (challenge_read(&challenge, &rq, 0, &a, &f) &&
		   challenge_pack(&out, &challenge, &a, &f)) {
		/* What goes to the verifier is canonical. */
		assert(message_unpack(&back, out.message, &a, &f));
		assert(out.policy.n == 0 ||
		       message_unpack(&back, out.policy, &a, &f));
		assert(out.collateral.n == 0 ||
		       message_unpack(&back, out.collateral, &a, &f));
	}
	arena_reset(&a);
	return 0;
}
