/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/binding.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/message/id.h"

static uint8_t memory[1 << 18];
static struct arena arena;

/* Python, over ids of 11.., 22.. and 33.. or zeros. */
static const struct sha512 known_fresh = { { 0xfa, 0xe5, 0x91, 0x05, 0xe5, 0xfa,
    0x8d, 0xb1, 0x06, 0xd0, 0xae, 0xf4, 0x70, 0x1d, 0x7c, 0x54, 0xfc, 0x81,
    0xd0, 0xf0, 0xb1, 0x76, 0xac, 0xbc, 0x0e, 0x42, 0x6e, 0x24, 0xea, 0x8c,
    0x8a, 0x66, 0x53, 0xf3, 0x66, 0x7b, 0x53, 0x69, 0xe4, 0x1a, 0x45, 0xdb,
    0xe0, 0x97, 0x32, 0x65, 0xe1, 0x3c, 0x9a, 0xde, 0x8a, 0xfd, 0xcf, 0xb5,
    0x30, 0x0d, 0x27, 0xfe, 0x1e, 0x02, 0xba, 0x88, 0x31, 0x82 } };
static const struct sha512 known_boot = { { 0x0c, 0x5a, 0xe1, 0xcc, 0x3f, 0xa9,
    0x86, 0x78, 0x6c, 0xc0, 0x34, 0x48, 0xdb, 0x62, 0xe6, 0x94, 0x9c, 0xc5,
    0x7d, 0x91, 0x44, 0xe9, 0x3f, 0xeb, 0xe1, 0x8a, 0x2b, 0xb9, 0x13, 0x69,
    0xa6, 0x3f, 0x9a, 0x6a, 0x1f, 0x41, 0xf8, 0x33, 0x7f, 0x71, 0x41, 0xde,
    0x71, 0x81, 0x72, 0xf5, 0x6f, 0xef, 0x93, 0xb2, 0x7f, 0x39, 0x4f, 0xf6,
    0x50, 0x56, 0x8e, 0xad, 0xfa, 0x57, 0x5d, 0xa4, 0x7c, 0x79 } };

static struct binding
filled(void)
{
	struct binding b = { .purpose = BYTES("fresh"),
		.nonce = BYTES("0123456789abcdef"),
		.device = BYTES("tpm@2.0a") };

	memset(b.subject.b, 0x11, 32);
	memset(b.recipient.b, 0x22, 32);
	memset(b.state.b, 0x33, 32);
	return b;
}

static void
values_are_known(void **state)
{
	struct binding b = filled();
	struct sha512 got = binding_value(&b);

	(void)state;
	assert_memory_equal(got.b, known_fresh.b, 64);
	b.purpose = BYTES("boot");
	b.nonce = BYTES(BINDING_BOOT_NONCE);
	memset(b.state.b, 0, 32);
	got = binding_value(&b);
	assert_memory_equal(got.b, known_boot.b, 64);
}

static void
every_part_counts(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct binding b = filled();

		b.subject.b[0] ^= i == 0;
		b.recipient.b[31] ^= i == 1;
		b.state.b[7] ^= i == 2;
		if (i == 3)
			b.purpose = BYTES("boot");
		if (i == 4)
			b.nonce.n--;
		if (i == 5)
			b.device = BYTES("snp@1.0");
		struct sha512 got = binding_value(&b);

		assert_memory_not_equal(got.b, known_fresh.b, 32);
	}
}

static struct message *
envelope(const char *purpose, struct bytes nonce)
{
	arena_init(&arena, memory, sizeof(memory));
	struct message *m = message_new(&arena);
	struct message *body = message_new(&arena);
	struct message *recipient = message_new(&arena);

	message_set_text(body, "name", "body");
	message_set_text(recipient, "name", "recipient");
	message_set_text(m, "purpose", purpose);
	message_set_text(m, "measurement-device", "tpm@2.0a");
	message_set_base64(m, "nonce", nonce);
	message_set_message(m, "body", body);
	message_set_message(m, "secret-recipient", recipient);
	return m;
}

static void
add_state(struct message *m)
{
	struct message *state = message_new(&arena);

	message_set_integer(state, "uptime", 7);
	message_set_message(m, "state", state);
}

static void
ids_come_from_the_parts(void **state)
{
	struct message *m = envelope("fresh", BYTES("0123456789abcdef"));
	const struct message *part;
	struct message_id id;
	struct binding b;
	struct fault f;

	(void)state;
	add_state(m);
	assert_true(binding_of(&b, m, &arena, &f));
	assert_true(bytes_is(b.nonce, "0123456789abcdef"));
	assert_true(message_find_message(&part, m, "body"));
	assert_true(message_unsigned_id(&id, part, &arena, &f));
	assert_memory_equal(b.subject.b, id.b, 32);
	assert_true(message_find_message(&part, m, "secret-recipient"));
	assert_true(message_unsigned_id(&id, part, &arena, &f));
	assert_memory_equal(b.recipient.b, id.b, 32);
	assert_true(message_find_message(&part, m, "state"));
	assert_true(message_unsigned_id(&id, part, &arena, &f));
	assert_memory_equal(b.state.b, id.b, 32);
	m = envelope("boot", BYTES(BINDING_BOOT_NONCE));
	assert_true(binding_of(&b, m, &arena, &f));
	memset(id.b, 0, 32);
	assert_memory_equal(b.state.b, id.b, 32);
}

static void
refuse(const struct message *m, const char *reason)
{
	struct binding b;
	struct fault f = { 0 };

	assert_false(binding_of(&b, m, &arena, &f));
	assert_string_equal(f.reason, reason);
}

static void
purpose_and_nonce_belong_together(void **state)
{
	static const uint8_t long_nonce[65];
	/* clang-format off */
	const struct {
		const char *purpose;
		struct bytes nonce;
		const char *reason;
	} rows[] = {
		{ "boot",  BYTES("0123456789abcdef"),       "bind.purpose" },
		{ "fresh", BYTES(BINDING_BOOT_NONCE),       "bind.purpose" },
		{ "Fresh", BYTES("0123456789abcdef"),       "bind.purpose" },
		{ "",      BYTES("0123456789abcdef"),       "bind.purpose" },
		{ "fresh", BYTES("0123456789abcde"),        "fresh.nonce-weak" },
		{ "fresh", BYTES(""),                       "fresh.nonce-weak" },
		{ "fresh", { long_nonce, 65 },              "fresh.nonce-weak" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct message *m = envelope(rows[i].purpose, rows[i].nonce);

		add_state(m);
		refuse(m, rows[i].reason);
	}
}

static void
missing_parts_are_refused(void **state)
{
	static const char *const parts[] = { "body", "secret-recipient",
		"purpose", "measurement-device" };
	struct message *m;

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		m = envelope("boot", BYTES(BINDING_BOOT_NONCE));
		message_set_integer(m, parts[i], 1);
		refuse(m, "envelope.shape");
	}
	refuse(envelope("fresh", BYTES("0123456789abcdef")), "envelope.shape");
	m = envelope("boot", BYTES(BINDING_BOOT_NONCE));
	add_state(m);
	refuse(m, "envelope.shape");
	m = envelope("boot", BYTES(BINDING_BOOT_NONCE));
	message_set_text(m, "nonce", "a=b");
	refuse(m, "encoding.base64");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(values_are_known),
		cmocka_unit_test(every_part_counts),
		cmocka_unit_test(ids_come_from_the_parts),
		cmocka_unit_test(purpose_and_nonce_belong_together),
		cmocka_unit_test(missing_parts_are_refused),
	};

	return cmocka_run_group_tests_name("binding", units, NULL, NULL);
}
