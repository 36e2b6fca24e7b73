/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/id.h"
#include "services/keyring/keyring.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t block[65536];
static struct arena arena;

static const struct message_id own = { { 1, 2, 3 } };
static const struct message_id other = { { 9 } };

static const struct {
	const char *name, *key, *type;
	enum value_kind kind;
	bool ok;
} responses[] = {
	{ "no type", "a", "b", VALUE_BYTES, true },
	{ "other type", "type", "permawebos-verdict", VALUE_BYTES, true },
	{ "prefix of one", "type", "lapee-measuremen", VALUE_BYTES, true },
	{ "longer key", "types", "lapee-measurement", VALUE_BYTES, true },
	{ "measurement", "type", "lapee-measurement", VALUE_BYTES, false },
	{ "admission", "type", "zone-admission", VALUE_BYTES, false },
	{ "proof", "type", "zone-membership-proof", VALUE_BYTES, false },
	{ "upper key", "TYPE", "lapee-measurement", VALUE_BYTES, false },
	{ "mixed key", "Type", "zone-definition", VALUE_BYTES, false },
	{ "upper value", "type", "LAPEE-MEASUREMENT", VALUE_BYTES, false },
	{ "atom", "type", "lapee-measurement", VALUE_ATOM, false },
	{ "harmless atom", "type", "x", VALUE_ATOM, false },
	{ "link", "type", "lapee-measurement", VALUE_LINK, false },
};

static void
test_responses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(responses) / sizeof(responses[0]); i++) {
		arena_init(&arena, block, sizeof(block));
		struct message *m = message_new(&arena);
		struct value value = { .kind = responses[i].kind };
		struct fault f = { 0 };

		value.bytes = bytes_text(responses[i].type);
		message_set(m, bytes_text(responses[i].key), value);
		bool ok = statement_check(m, STATEMENT_NONE, &own, &f);

		if (ok != responses[i].ok)
			fail_msg("%s: %s", responses[i].name, f.why);
		if (!ok)
			assert_string_equal(f.reason, "keyring.statement");
	}
}

static void
test_nested_type_is_free(void **state)
{
	struct fault f = { 0 };

	(void)state;
	arena_init(&arena, block, sizeof(block));
	struct message *m = message_new(&arena);
	struct message *child = message_new(&arena);

	message_set_text(child, "type", "lapee-measurement");
	message_set_message(m, "body", child);
	assert_true(statement_check(m, STATEMENT_NONE, &own, &f));
}

static struct message *
measurement(const char *type, const struct message_id *address)
{
	arena_init(&arena, block, sizeof(block));
	struct message *m = message_new(&arena);
	struct message *body = message_new(&arena);
	struct message *node = message_new(&arena);

	if (address != NULL)
		message_set_bytes(
		    node, "address", message_id_text(address, &arena));
	message_set_message(body, "node", node);
	message_set_message(m, "body", body);
	message_set_text(m, "type", type);
	return m;
}

static const struct {
	const char *name, *type;
	const struct message_id *address;
	const char *reason;
} measurements[] = {
	{ "own", "lapee-measurement", &own, NULL },
	{ "other node", "lapee-measurement", &other, "keyring.address" },
	{ "no address", "lapee-measurement", NULL, "keyring.address" },
	{ "other type", "zone-admission", &own, "keyring.statement" },
	{ "upper case", "Lapee-measurement", &own, "keyring.statement" },
};

static void
test_measurements(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(measurements) / sizeof(measurements[0]);
	    i++) {
		struct message *m =
		    measurement(measurements[i].type, measurements[i].address);
		struct fault f = { 0 };
		bool ok = statement_check(m, STATEMENT_MEASUREMENT, &own, &f);

		if (ok != (measurements[i].reason == NULL))
			fail_msg("%s: %s", measurements[i].name, f.why);
		if (!ok)
			assert_string_equal(f.reason, measurements[i].reason);
	}
}

int
main(void)
{
	const struct CMUnitTest rows[] = {
		cmocka_unit_test(test_responses),
		cmocka_unit_test(test_nested_type_is_free),
		cmocka_unit_test(test_measurements),
	};

	return cmocka_run_group_tests(rows, NULL, NULL);
}
