/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/attkit_test.h"

#include "core/base/base64.h"
#include "core/message/json.h"
#include "core/message/structured.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define BLOCK (32u << 20)

struct measured attkit_boot, attkit_fresh;
struct arena attkit_arena;

static struct message *
shared_bundle(void)
{
	struct message *m = message_new(&attkit_arena),
		       *evidence = message_new(&attkit_arena);
	struct message *both = message_new(&attkit_arena);
	struct message *activation = message_new(&attkit_arena);
	struct message *policy = message_new(&attkit_arena);

	message_set_base64(
	    activation, "credential-blob", attkit_boot.claim.blob);
	message_set_base64(activation, "secret", attkit_boot.claim.secret);
	message_put(activation, BYTES("answer"),
	    structured_level(attkit_boot.claim.answer));
	message_put(
	    both, BYTES("boot"), structured_level(attkit_boot.envelope));
	message_put(
	    both, BYTES("fresh"), structured_level(attkit_fresh.envelope));
	message_set_message(both, "activation", activation);
	message_set_message(evidence, "measurement", both);
	message_set_base64(policy, "nonce", BYTES(MEASURED_NONCE));
	message_set_text(m, "type", "permawebos-evidence");
	message_set_text(m, "version", "1.0");
	message_set_integer(m, "made-at-unix", MEASURED_AT);
	message_set_message(m, "evidence", evidence);
	message_set_message(m, "policy", policy);
	return m;
}

struct message *
attkit_bundle(void)
{
	struct fault f = { 0 };
	struct message *m = NULL;
	struct bytes text;

	if (!json_encode(&text, shared_bundle(), &attkit_arena, &f) ||
	    !json_decode(&m, text, &attkit_arena, &f))
		fail_msg("%s: %s", f.reason, f.why);
	return m;
}

struct message *
attkit_at(struct message *m, const char *path)
{
	const struct value *value = message_find(m, path);

	assert_non_null(value);
	return value->message;
}

void
attkit_drop(struct message *m, const char *key)
{
	size_t i = 0;

	while (!bytes_is(m->pairs[i].key, key))
		i++;
	memmove(&m->pairs[i], &m->pairs[i + 1],
	    (m->count - i - 1) * sizeof(m->pairs[0]));
	m->count--;
}

struct att_reader
attkit_reader(void)
{
	return (struct att_reader){
		.roots = attkit_boot.roots,
		.at = MEASURED_AT,
		.credential = attkit_boot.claim.credential,
		.ek_name = attkit_boot.claim.ek_name,
	};
}

int
attkit_open(void **state)
{
	struct measured_plan plan = { .ek = MEASURED_EK_ECC,
		.purpose = "boot" };

	static uint8_t block[BLOCK];
	static struct arena kit;

	(void)state;
	measured_open();
	arena_init(&kit, block, sizeof(block));
	measured_make(&attkit_boot, &plan, &kit);
	plan.purpose = "fresh";
	measured_make(&attkit_fresh, &plan, &kit);
	return 0;
}

int
attkit_close(void **state)
{
	(void)state;
	measured_close();
	return 0;
}

void
attkit_reset(void)
{
	static uint8_t block[BLOCK];

	arena_init(&attkit_arena, block, sizeof(block));
}
