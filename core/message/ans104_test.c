/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/ans104.h"

#include <setjmp.h>
#include <stdarg.h>

#include "core/base/base64.h"
#include "core/message/commit.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "core/message/link.h"
#include "core/message/pack.h"
#include "core/message/structured.h"
#include "core/message/vectors_test.h"

#include <cmocka.h>

/* BYTES, as a constant. */
#define RAW(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

#define SIGNATURE_AT 2u
#define OWNER_AT     514u
#define TARGET_AT    1026u

static const char *const files[] = { "ans104", "../ans104/items" };

static struct bytes
item_of(json_t *one, struct arena *a)
{
	return vectors_base64(vectors_text(one, "signed/item_b64"), a);
}

/* Levels as links: how the vectors have them depends on a cache. */
static struct message *
linked(const char *name, const struct message *m, struct arena *a)
{
	struct message *tabm, *level, *rich;
	struct fault f = { 0 };

	if (!structured_encode(&tabm, m, a, &f) ||
	    !link_levels(&level, tabm, a, &f) ||
	    !structured_decode(&rich, level, a, &f))
		fail_msg("%s: %s", name, f.why);
	rich->commitments = m->commitments;
	rich->ncommitments = m->ncommitments;
	return rich;
}

/* The vector's message: its commitments are among its keys. */
static struct message *
expected(const char *name, json_t *one, struct arena *a)
{
	struct message *m;
	struct fault f = { 0 };

	if (!structured_decode(
		&m, vectors_message(vectors_at(one, "decoded/msg"), a), a, &f))
		fail_msg("%s: %s", name, f.why);
	return m;
}

static void
expect_verified(const char *name, const struct message *m)
{
	struct arena *a = m->arena;
	struct message_id signer;
	struct message *back;
	struct bytes text, packed;
	struct fault f = { 0 };

	if (!commit_verify(&signer, m, a, &f))
		fail_msg("%s: %s", name, f.why);
	assert_memory_equal(signer.b,
	    "\xe8\xad\xff\xd1\x97\xd4\x8a\x12\xc2\x00\x14\xab\x4e\x4c\xbc\xf5"
	    "\xbe\x09\xbf\xaf\xde\x62\x96\xdb\x4b\x61\xe0\x0b\x62\x90\x99\x72",
	    32);
	if (!json_encode(&text, m, a, &f) || !json_decode(&back, text, a, &f) ||
	    !commit_verify(&signer, back, a, &f))
		fail_msg("%s as JSON: %s", name, f.why);
	if (!message_pack(&packed, m, a, &f) ||
	    !message_unpack(&back, packed, a, &f) ||
	    !commit_verify(&signer, back, a, &f))
		fail_msg("%s packed: %s", name, f.why);
}

static void
read_one(json_t *one, struct arena *a)
{
	const char *name = json_string_value(vectors_at(one, "name"));
	struct bytes in = item_of(one, a), out;
	struct message *m;
	struct dataitem item;
	struct fault f = { 0 };

	if (!dataitem_parse(&item, in, &f) || !ans104_decode(&m, in, a, &f))
		fail_msg("%s: %s", name, f.why);
	struct message_id id = dataitem_id(&item);

	assert_true(bytes_equal(
	    message_id_text(&id, a), vectors_text(one, "signed/id")));
	vectors_same(
	    name, linked(name, m, a), linked(name, expected(name, one, a), a));
	expect_verified(name, m);
	if (!ans104_encode(&out, m, a, &f))
		fail_msg("%s: %s", name, f.why);
	if (!bytes_equal(out, in))
		fail_msg("%s: another item", name);
}

static void
for_each_vector(void (*with)(json_t *one, struct arena *a))
{
	for (size_t i = 0; i < 2; i++) {
		json_t *json = vectors_load(files[i]);
		json_t *cases = vectors_at(json, "cases");

		assert_true(json_array_size(cases) > 5);
		for (size_t k = 0; k < json_array_size(cases); k++)
			with(json_array_get(cases, k), vectors_arena());
		json_decref(json);
	}
}

static void
vectors_are_read_verified_and_made_again(void **state)
{
	(void)state;
	for_each_vector(read_one);
}

/* True if the item is refused with a reason. */
static bool
is_refused(struct bytes in, struct arena *a)
{
	struct message_id signer;
	struct message *m;
	struct fault f = { 0 };
	size_t mark = a->used;
	bool ok =
	    ans104_decode(&m, in, a, &f) && commit_verify(&signer, m, a, &f);

	a->used = mark;
	return !ok && f.reason[0] != 0;
}

static void
tamper(json_t *one, struct arena *a)
{
	const char *name = json_string_value(vectors_at(one, "name"));
	struct bytes in = item_of(one, a);
	struct bytes bad = arena_copy(a, in);
	uint8_t *p = (uint8_t *)(uintptr_t)bad.p;

	for (size_t at = 0; at < in.n; at += at < TARGET_AT ? 61 : 1) {
		if (at >= TARGET_AT && in.n > 2000)
			at += in.n / 64;
		if (at >= in.n)
			break;
		p[at] ^= 1;
		if (!is_refused(bad, a))
			fail_msg("%s changed at %zu", name, at);
		p[at] ^= 1;
	}
	for (size_t n = 0; n < in.n; n += 1 + in.n / 40) {
		if (!is_refused(bytes_of(in.p, n), a))
			fail_msg("%s cut to %zu", name, n);
	}
	struct bytes longer = arena_print(a, "%*s", (int)in.n + 1, "");

	memcpy((uint8_t *)(uintptr_t)longer.p, in.p, in.n);
	if (!is_refused(longer, a))
		fail_msg("%s with a tail", name);
}

static void
tampered_items_are_refused(void **state)
{
	(void)state;
	for_each_vector(tamper);
}

/* An item's bytes behind the anchor, and what is refused about them. The
 * signature of none of them is looked at. */
/* clang-format off */
static const struct {
	const char *name;
	struct bytes bytes;
	const char *reason;
} tails[] = {
	{ "no tags", RAW("\0\0" "\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0"), NULL },
	{ "one tag", RAW("\0\0" "\1\0\0\0\0\0\0\0" "\6\0\0\0\0\0\0\0"
	    "\2\2a\2b\0"), NULL },
	{ "empty", RAW(""), "ans104.form" },
	{ "target flag 2", RAW("\2\0" "\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0"),
	  "ans104.form" },
	{ "anchor flag 255", RAW("\0\377" "\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\0"), "ans104.form" },
	{ "target cut short", RAW("\1aaaa"), "ans104.form" },
	{ "bytes of no tags", RAW("\0\0" "\0\0\0\0\0\0\0\0"
	    "\1\0\0\0\0\0\0\0" "\0"), "ans104.form" },
	{ "tags without bytes", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\0"), "ans104.form" },
	{ "129 tags", RAW("\0\0" "\201\0\0\0\0\0\0\0" "\6\0\0\0\0\0\0\0"
	    "\2\2a\2b\0"), "ans104.tag" },
	{ "2^63 tags", RAW("\0\0" "\0\0\0\0\0\0\0\200" "\6\0\0\0\0\0\0\0"
	    "\2\2a\2b\0"), "ans104.tag" },
	{ "2^32 bytes of tags", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\0\0\0\0\1\0\0\0" "\2\2a\2b\0"), "ans104.tag" },
	{ "bytes beyond the end", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\2\2a\2b\0"), "ans104.form" },
	{ "another number inside", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\6\0\0\0\0\0\0\0" "\4\2a\2b\0"), "ans104.form" },
	{ "a number of two bytes", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\202\0\2a\2b\0"), "ans104.form" },
	{ "a length of two bytes", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\2\202\0a\2b\0"), "ans104.form" },
	{ "a value length of three", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\10\0\0\0\0\0\0\0" "\2\2a\202\200\0b\0"), "ans104.form" },
	{ "an end of two bytes", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\2\2a\2b\200\0"), "ans104.form" },
	{ "a negative number", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\1\12\2a\2b\0"), "ans104.form" },
	{ "a negative length", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\6\0\0\0\0\0\0\0" "\2\1a\2b\0"), "ans104.form" },
	{ "an endless length", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\2\377\377\377\377\377\0"), "ans104.form" },
	{ "no end", RAW("\0\0" "\1\0\0\0\0\0\0\0" "\5\0\0\0\0\0\0\0"
	    "\2\2a\2b"), "ans104.form" },
	{ "bytes behind the end", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\2\2a\2b\0\0"), "ans104.form" },
	{ "a second block", RAW("\0\0" "\2\0\0\0\0\0\0\0"
	    "\13\0\0\0\0\0\0\0" "\2\2a\2b\2\2c\2d\0"), "ans104.form" },
	{ "an empty name", RAW("\0\0" "\1\0\0\0\0\0\0\0" "\5\0\0\0\0\0\0\0"
	    "\2\0\2b\0"), "ans104.form" },
	{ "a name of 1,025 bytes", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\2\202\20a\0\0\0"), "ans104.tag" },
	{ "a value of 3,073 bytes", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\7\0\0\0\0\0\0\0" "\2\2a\202\60\0\0"), "ans104.tag" },
	{ "a list and a value", RAW("\0\0" "\2\0\0\0\0\0\0\0"
	    "\12\0\0\0\0\0\0\0" "\4\2a\2b\2a\2\n\0"), "ans104.key" },
	{ "data as a tag, too", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\11\0\0\0\0\0\0\0" "\2\10data\2b\0x"), "ans104.key" },
	{ "two data keys", RAW("\0\0" "\2\0\0\0\0\0\0\0"
	    "\36\0\0\0\0\0\0\0" "\4\26ao-data-key\2x\26ao-data-key\2y\0"),
	  "ans104.key" },
	{ "half a bundle", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\27\0\0\0\0\0\0\0" "\2\32bundle-format\14binary\0"),
	  "ans104.bundle" },
	{ "an unknown type", RAW("\0\0" "\1\0\0\0\0\0\0\0"
	    "\25\0\0\0\0\0\0\0" "\2\20ao-types\22a=\"thing\"\0"),
	  "message.types" },
};
/* clang-format on */

static void
malformed_items(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		struct arena *a = vectors_arena();
		uint8_t bytes[TARGET_AT + 128] = { 1, 0, 1 };
		struct bytes in = bytes_of(bytes, TARGET_AT + tails[i].bytes.n);
		struct message *m;
		struct fault f = { 0 };

		memcpy(bytes + TARGET_AT, tails[i].bytes.p, tails[i].bytes.n);
		if (ans104_decode(&m, in, a, &f) != (tails[i].reason == NULL))
			fail_msg("%s: %s", tails[i].name, f.why);
		if (tails[i].reason != NULL &&
		    strcmp(f.reason, tails[i].reason) != 0)
			fail_msg("%s: %s", tails[i].name, f.why);
	}
}

static void
other_types_of_signature(void **state)
{
	static const uint8_t types[][2] = { { 0, 0 }, { 2, 0 }, { 3, 0 },
		{ 0, 1 }, { 1, 1 }, { 255, 255 } };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		uint8_t bytes[TARGET_AT + 18] = { types[i][0], types[i][1] };
		struct dataitem item;
		struct fault f = { 0 };

		assert_false(
		    dataitem_parse(&item, bytes_of(bytes, sizeof(bytes)), &f));
		assert_string_equal(f.reason, "ans104.type");
	}
}

/* One change of an item's message, or of its commitment. */
static void
change(struct message *m, int row)
{
	static const struct bytes other[] = { RAW("data"), RAW("anchor"),
		RAW("k"), RAW("target") };
	static const uint8_t zeros[31];
	struct commitment *c = &m->commitments[0];

	switch (row) {
	case 0:
		message_set_text(m, "k", "w");
		break;
	case 1:
		message_set_text(m, "more", "v");
		break;
	case 2:
		message_set_integer(m, "k", 1);
		break;
	case 3:
		message_set_text(m, "target", "elsewhere");
		break;
	case 4:
		c->target = (struct bytes){ 0 };
		break;
	case 5:
		c->target = bytes_of(zeros, 31);
		break;
	case 6:
		c->committed = other;
		break;
	case 7:
		c->ncommitted = 3;
		break;
	case 8:
		c->tags = BYTES("\2\2k\2w\0");
		break;
	case 9:
		c->bundle = true;
		break;
	case 10:
		c->nonce = BYTES("1");
		break;
	default:
		c->committer = BYTES("somebody");
		break;
	}
}

/* What stands in the message has to be the item's, commitment included. */
static void
changed_messages_are_refused(void **state)
{
	struct arena *a = vectors_arena();
	json_t *json = vectors_load("ans104");
	struct bytes in =
	    item_of(json_array_get(vectors_at(json, "cases"), 5), a);

	(void)state;
	for (int row = 0; row < 12; row++) {
		struct message *m;
		struct message_id signer;
		struct fault f = { 0 };

		assert_true(ans104_decode(&m, in, a, &f));
		change(m, row);
		if (commit_verify(&signer, m, a, &f))
			fail_msg("row %d verifies", row);
		assert_true(f.reason[0] != 0);
	}
	json_decref(json);
}

/* Without a signature: nobody's message, whatever it says. */
static void
unsigned_items_are_nobodys(void **state)
{
	struct arena *a = vectors_arena();
	uint8_t bytes[TARGET_AT + 19] = { 1 };
	struct message *m;
	struct message_id signer;
	struct fault f = { 0 };

	(void)state;
	bytes[sizeof(bytes) - 1] = 'd';
	assert_true(ans104_decode(&m, bytes_of(bytes, sizeof(bytes)), a, &f));
	assert_true(message_find(m, "data") != NULL);
	assert_int_equal(m->ncommitments, 0);
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.none");
	/* A signature of zeros by somebody is a bad one. */
	bytes[OWNER_AT] = 0xc0;
	bytes[OWNER_AT + 511] = 1;
	assert_true(ans104_decode(&m, bytes_of(bytes, sizeof(bytes)), a, &f));
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.signature");
	bytes[OWNER_AT] = 0;
	bytes[OWNER_AT + 511] = 0;
	bytes[SIGNATURE_AT] = 1;
	assert_true(ans104_decode(&m, bytes_of(bytes, sizeof(bytes)), a, &f));
	assert_false(commit_verify(&signer, m, a, &f));
	assert_string_equal(f.reason, "commitment.signature");
}

/* What the vectors' messages would be signed as is what their items are. */
static void
expect_base(json_t *one, struct arena *a)
{
	const char *name = json_string_value(vectors_at(one, "name"));
	json_t *neutral = json_object_get(one, "message");
	struct bytes in = item_of(one, a), base;
	struct ans104_signer by = { 0 };
	struct dataitem item;
	struct message *m;
	struct fault f = { 0 };

	if (neutral == NULL)
		return;
	m = vectors_message(neutral, a);
	assert_true(dataitem_parse(&item, in, &f));
	by.modulus = item.owner;
	if (strncmp(name, "map", 3) == 0)
		by.form = ANS104_BUNDLE;
	if (!ans104_base(&base, m, &by, a, &f))
		fail_msg("%s: %s", name, f.why);
	struct sha384 hash = dataitem_hash(&item);

	if (!bytes_equal(base, BYTES_OF(&hash)))
		fail_msg("%s: another hash", name);
	if (!ans104_attach(m, &by, item.signature, &f))
		fail_msg("%s: %s", name, f.why);
	expect_verified(name, m);
}

static void
messages_become_items(void **state)
{
	(void)state;
	for_each_vector(expect_base);
}

static void
what_is_not_signed(void **state)
{
	static uint8_t n[512] = { 0xc0 };
	static uint8_t large[DATAITEM_VALUE_MAX + 1];
	struct arena *a = vectors_arena();
	struct bytes base, modulus = bytes_of(n, sizeof(n));
	struct ans104_signer by = { .modulus = modulus };
	struct ans104_signer weak = { .modulus = bytes_of(n, 256) };
	struct message *m = message_new(a);
	struct fault f = { 0 };

	(void)state;
	assert_false(ans104_base(&base, m, &weak, a, &f));
	assert_string_equal(f.reason, "commitment.key");
	assert_false(ans104_attach(m, &by, bytes_of(n, 511), &f));
	assert_string_equal(f.reason, "commitment.key");
	assert_false(ans104_encode(&base, m, a, &f));
	assert_string_equal(f.reason, "commitment.none");
	message_set_bytes(m, "target", bytes_of(large, sizeof(large)));
	assert_false(ans104_base(&base, m, &by, a, &f));
	assert_string_equal(f.reason, "ans104.tag");
	m = message_new(a);
	for (int i = 0; i < 129; i++)
		message_set(m, arena_print(a, "k%d", i),
		    (struct value){ .bytes = BYTES("v") });
	assert_false(ans104_base(&base, m, &by, a, &f));
	assert_string_equal(f.reason, "ans104.tag");
	/* A key that would say something about the item. */
	m = message_new(a);
	message_set_text(m, "bundle-format", "binary");
	assert_false(ans104_attach(m, &by, modulus, &f));
	assert_true(f.reason[0] != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_read_verified_and_made_again),
		cmocka_unit_test(tampered_items_are_refused),
		cmocka_unit_test(malformed_items),
		cmocka_unit_test(other_types_of_signature),
		cmocka_unit_test(changed_messages_are_refused),
		cmocka_unit_test(unsigned_items_are_nobodys),
		cmocka_unit_test(messages_become_items),
		cmocka_unit_test(what_is_not_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
