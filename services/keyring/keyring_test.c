/* SPDX-License-Identifier: Apache-2.0 */
#include "services/keyring/keyring.h"

#include "core/message/commit.h"
#include "core/message/id.h"
#include "core/message/pack.h"
#include "ipc/door.h"
#include "ipc/iface/keyring.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t block[4u << 20], out_block[4u << 20], frame_block[2u << 20];
static struct arena arena, door_arena;
static void *keyring;

static int
open_once(void **state)
{
	struct fault f = { 0 };

	(void)state;
	if (keyring_open(&keyring, &f))
		return 0;
	print_error("%s\n", f.why);
	return 1;
}

static int
close_once(void **state)
{
	struct keyring *k = keyring;

	(void)state;
	rsa_free(k->wallet);
	return 0;
}

/* One call through the door as peer; the result, or the fault it gave. */
static bool
call(enum process peer, const struct method *method, const void *in, void *out,
    struct fault *f)
{
	static uint8_t reply_block[2u << 20];
	struct buf frame = buf_over(frame_block, sizeof(frame_block));
	struct buf reply = buf_over(reply_block, sizeof(reply_block));

	arena_init(&door_arena, out_block, sizeof(out_block));
	assert_true(door_request(&frame, method, in, f));
	door_answer(&(struct door){ &keyring_service, keyring, &door_arena },
	    peer, buf_bytes(&frame), &reply);
	return door_result(out, method, buf_bytes(&reply), &arena, f);
}

static struct message *
new_message(void)
{
	arena_init(&arena, block, sizeof(block));
	return message_new(&arena);
}

static struct bytes
packed(const struct message *m)
{
	struct bytes out = { 0 };
	struct fault f = { 0 };

	assert_true(message_pack(&out, m, &arena, &f));
	return out;
}

static void
test_response_verifies(void **state)
{
	struct fault f = { 0 };
	struct message *m = new_message();
	struct keyring_sign_response_rep rep = { 0 };
	struct keyring_identity_rep identity = { 0 };
	struct message_id signer;
	const struct keyring *k = keyring;

	(void)state;
	message_set_text(m, "hello", "world");
	message_set_integer(m, "status", 200);
	struct keyring_sign_response_req req = { .message = packed(m) };

	assert_true(
	    call(PROCESS_GATEWAY, &keyring_sign_response, &req, &rep, &f));
	assert_true(call(PROCESS_GATEWAY, &keyring_identity,
	    &(struct keyring_identity_req){ 0 }, &identity, &f));
	assert_true(commit_attach(m, identity.modulus, rep.signature, &f));
	assert_true(commit_verify(&signer, m, &arena, &f));
	assert_memory_equal(&signer, &k->address, sizeof(signer));

	message_set_text(m, "hello", "World");
	assert_false(commit_verify(&signer, m, &arena, &f));
}

static const struct {
	const char *name, *type;
	enum process peer;
	const struct method *method;
	const char *reason;
} refusals[] = {
	{ "statement as response", "lapee-measurement", PROCESS_GATEWAY,
	    &keyring_sign_response, "keyring.statement" },
	{ "no measurement", "x", PROCESS_MEASUREMENT, &keyring_sign_measurement,
	    "keyring.statement" },
	{ "foreign measurement", "lapee-measurement", PROCESS_MEASUREMENT,
	    &keyring_sign_measurement, "keyring.address" },
	{ "gateway asks for a measurement", "lapee-measurement",
	    PROCESS_GATEWAY, &keyring_sign_measurement, "ipc.denied" },
	{ "measurement asks for a response", "x", PROCESS_MEASUREMENT,
	    &keyring_sign_response, "ipc.denied" },
	{ "tpm asks", "x", PROCESS_TPM, &keyring_sign_response, "ipc.denied" },
};

static void
test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct fault f = { 0 };
		struct message *m = new_message();
		struct keyring_sign_response_rep rep = { 0 };

		message_set_text(m, "type", refusals[i].type);
		struct keyring_sign_response_req req = { .message = packed(m) };

		if (call(refusals[i].peer, refusals[i].method, &req, &rep, &f))
			fail_msg("%s was signed", refusals[i].name);
		assert_string_equal(f.reason, refusals[i].reason);
		assert_int_equal(rep.signature.n, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest rows[] = {
		cmocka_unit_test(test_response_verifies),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(rows, open_once, close_once);
}
