/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t block[1u << 16];

static struct arena *
fresh(void)
{
	static struct arena a;

	arena_init(&a, block, sizeof(block));
	return &a;
}

static void
keys_are_in_byte_order_and_single(void **state)
{
	static const char *const keys[] = { "b", "a", "10", "1", "B", "ab", "a",
		"2", "b" };
	static const char *const order[] = { "1", "10", "2", "B", "a", "ab",
		"b" };
	struct message *m = message_new(fresh());

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		message_set_integer(m, keys[i], (int64_t)i);
	assert_int_equal(m->count, sizeof(order) / sizeof(order[0]));
	for (size_t i = 0; i < m->count; i++)
		assert_true(bytes_is(m->pairs[i].key, order[i]));
	int64_t last;

	assert_true(message_find_integer(&last, m, "a"));
	assert_int_equal(last, 6);
}

static void
keys_and_values_are_copied(void **state)
{
	struct message *m = message_new(fresh());
	char key[] = "key", text[] = "text";
	struct bytes got;

	(void)state;
	message_set_text(m, key, text);
	key[0] = text[0] = 'x';
	assert_true(message_find_bytes(&got, m, "key"));
	assert_true(bytes_is(got, "text"));
}

static struct message *
tree(struct arena *a)
{
	struct message *m = message_new(a), *body = message_new(a),
		       *node = message_new(a);
	struct message *list = message_list(body, "list");

	message_set_text(node, "address", "x");
	message_set_integer(node, "port", 8734);
	message_set_bool(node, "yes", true);
	message_set_null(node, "nothing");
	message_set_base64(node, "raw", bytes_of("\xfb\xff", 2));
	message_set_message(body, "node", node);
	message_append_text(list, "first");
	message_append_message(list, message_new(a));
	message_set_message(m, "body", body);
	return m;
}

/* clang-format off */
static const struct {
	const char *path;
	bool found;
	enum value_kind kind;
} paths[] = {
	{ "body", true, VALUE_MESSAGE },
	{ "body/node/address", true, VALUE_BYTES },
	{ "body/node/port", true, VALUE_INTEGER },
	{ "body/node/yes", true, VALUE_ATOM },
	{ "body/node/nothing", true, VALUE_ATOM },
	{ "body/list", true, VALUE_LIST },
	{ "body/list/1", true, VALUE_BYTES },
	{ "body/list/2", true, VALUE_MESSAGE },
	{ "body/list/3", false, 0 },
	{ "body/list/0", false, 0 },
	{ "body/list/01", false, 0 },
	{ "", false, 0 },
	{ "/", false, 0 },
	{ "bod", false, 0 },
	{ "body/", false, 0 },
	{ "/body", false, 0 },
	{ "body//node", false, 0 },
	{ "body/nod", false, 0 },
	{ "body/node/address/x", false, 0 },
	{ "node", false, 0 },
};
/* clang-format on */

static void
what_is_found(void **state)
{
	struct message *m = tree(fresh());

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct value *v = message_find(m, paths[i].path);

		if ((v != NULL) != paths[i].found)
			fail_msg("%s", paths[i].path);
		if (v != NULL)
			assert_int_equal(v->kind, paths[i].kind);
	}
}

static void
look_ups_know_kinds(void **state)
{
	struct arena *a = fresh();
	struct message *m = tree(a);
	const struct message *below;
	struct bytes bytes;
	int64_t integer;
	struct fault f = { 0 };

	(void)state;
	assert_true(message_find_base64(&bytes, m, "body/node/raw", a, &f));
	assert_memory_equal(bytes.p, "\xfb\xff", 2);
	assert_true(message_find_message(&below, m, "body/node"));
	assert_true(message_find_list(&below, m, "body/list"));
	assert_false(message_find_message(&below, m, "body/list"));
	assert_false(message_find_list(&below, m, "body/node"));
	assert_false(message_find_bytes(&bytes, m, "body/node/yes"));
	assert_false(message_find_bytes(&bytes, m, "body/node/port"));
	assert_false(message_find_integer(&integer, m, "body/node/address"));
	assert_false(message_find_base64(&bytes, m, "body/node/no", a, &f));
	assert_string_equal(f.reason, "message.missing");
	assert_false(message_find_base64(&bytes, m, "body/node/port", a, &f));
	assert_string_equal(f.reason, "message.missing");
	message_set_text(m, "bad", "=");
	assert_false(message_find_base64(&bytes, m, "bad", a, &f));
	assert_string_equal(f.reason, "encoding.base64");
}

static void
items_are_counted_from_one(void **state)
{
	struct message *m = message_new(fresh());
	struct message *list = message_list(m, "l");

	(void)state;
	for (int64_t i = 1; i <= 12; i++)
		message_append(list,
		    (struct value){ .kind = VALUE_INTEGER, .integer = i });
	for (int64_t i = 1; i <= 12; i++)
		assert_int_equal(message_item(list, (size_t)i)->integer, i);
	assert_null(message_item(list, 0));
	assert_null(message_item(list, 13));
	assert_true(message_numbered(list));
	message_set_text(list, "14", "x");
	assert_false(message_numbered(list));
}

static void
a_copy_is_deep_and_unsigned(void **state)
{
	struct arena *a = fresh();
	struct message *m = tree(a), *copy;
	struct commitment c = { .bundle = true };
	struct bytes text;

	(void)state;
	m->commitments = &c;
	m->ncommitments = 1;
	copy = message_copy(m, a);
	assert_int_equal(copy->ncommitments, 0);
	message_set_text(message_find(m, "body/node")->message, "address", "y");
	assert_true(message_find_bytes(&text, copy, "body/node/address"));
	assert_true(bytes_is(text, "x"));
}

/* Builders go on without memory, and the arena tells. */
static void
memory_and_room_end(void **state)
{
	struct arena *a = fresh();
	struct message *m = message_new(a);
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < MESSAGE_KEYS_READ_MAX; i++)
		message_put(m, arena_print(a, "%zu", i),
		    (struct value){ .bytes = BYTES("v") });
	assert_true(arena_check(a, &f));
	message_set_text(m, "more", "v");
	assert_false(arena_check(a, &f));
	assert_int_equal(m->count, MESSAGE_KEYS_READ_MAX);
	for (size_t size = 0; size < 1024; size += 7) {
		struct arena small;

		arena_init(&small, block, size);
		(void)tree(&small);
		assert_false(arena_check(&small, &f));
		assert_string_equal(f.reason, "limit.memory");
	}
}

static void
equal_at_every_level(void **state)
{
	(void)state;
	for (int row = 0; row < 8; row++) {
		struct arena all, *a = &all;

		arena_init(a, block, sizeof(block));
		struct message *x = message_new(a), *y = message_new(a);
		struct message *inner[2] = { message_new(a), message_new(a) };
		struct commitment c = { .committer = BYTES("x") };

		message_set_message(x, "m", inner[0]);
		message_set_message(y, "m", inner[1]);
		message_set_text(inner[0], "k", "1");
		message_set_text(inner[1], "k", row == 1 ? "2" : "1");
		message_set_integer(x, "n", 1);
		message_set_integer(y, "n", row == 2 ? 2 : 1);
		if (row == 3)
			message_set_integer(inner[1], "k", 1);
		if (row == 4)
			message_set_text(inner[1], "more", "");
		if (row == 5)
			message_set_text(y, "a", "");
		if (row == 6)
			message_set(y, BYTES("m"),
			    (struct value){
				.kind = VALUE_LIST, .message = inner[1] });
		if (row == 7) {
			y->commitments = &c;
			y->ncommitments = 1;
		}
		assert_int_equal(message_equal(x, y), row == 0 || row == 7);
		assert_int_equal(message_equal(y, x), row == 0 || row == 7);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_in_byte_order_and_single),
		cmocka_unit_test(keys_and_values_are_copied),
		cmocka_unit_test(what_is_found),
		cmocka_unit_test(look_ups_know_kinds),
		cmocka_unit_test(items_are_counted_from_one),
		cmocka_unit_test(a_copy_is_deep_and_unsigned),
		cmocka_unit_test(equal_at_every_level),
		cmocka_unit_test(memory_and_room_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
