/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/android.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/verdict/phones_test.h"

static uint8_t memory[4u << 20];
static struct arena arena;

static void
edit(struct question *q, phone_edit how)
{
	if (how != NULL)
		how(q);
}

/* A phone, and somebody who asks for what it should say. */
static void
prepare(struct question *q)
{
	arena_reset(&arena);
	memset(q, 0, sizeof(*q));
	keymint_phone(&q->phone);
	q->arena = &arena;
	q->root = keymint_root(&arena);
	q->rq = (struct android_request){
		.certs = q->certs,
		.ncerts = KEYMINT_CHAIN,
		.roots = &q->root,
		.nroots = 1,
		.at = KEYMINT_AT,
		.challenge_asked = true,
		.challenge = BYTES("challenge"),
		.revocation_given = true,
		.revocation = BYTES("{\"entries\":{}}"),
		.policy = &q->policy,
	};
}

static void
judge(struct verdict *v, const struct question *q)
{
	struct fault f = { 0 };

	verdict_init(v, ENGINE_ANDROID, &arena);
	v->bare = true;
	assert_true(android_verify(v, &q->rq, &arena, &f));
}

static void
try_rows(const struct phone_case *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct question q;
		struct verdict v;

		prepare(&q);
		edit(&q, rows[i].edit);
		keymint_chain(q.certs, &q.phone, &arena);
		edit(&q, rows[i].after);
		judge(&v, &q);
		const char *seen = v.results[rows[i].check].reason;

		if (strcmp(verdict_word(&v), rows[i].word) != 0 ||
		    (rows[i].reason != NULL &&
			(seen == NULL || strcmp(seen, rows[i].reason) != 0)))
			fail_msg("%s: %s, %s", rows[i].name, verdict_word(&v),
			    seen == NULL ? "no reason" : seen);
	}
}

static void
every_row(void **cmocka)
{
	(void)cmocka;
	try_rows(phones_chain, phones_chain_count);
	try_rows(phones_said, phones_said_count);
}

/* What one thing breaks is said of it alone. */
static void
nothing_else_fails(void **cmocka)
{
	const struct phone_case *rows = phones_said;

	(void)cmocka;
	for (size_t i = 0; i < phones_said_count; i++) {
		struct question q;
		struct verdict v;
		size_t failures = 0;

		if (rows[i].after != NULL || rows[i].reason == NULL)
			continue;
		prepare(&q);
		edit(&q, rows[i].edit);
		keymint_chain(q.certs, &q.phone, &arena);
		judge(&v, &q);
		for (size_t c = 0; c < CHECK_COUNT; c++)
			failures += v.results[c].state == CHECK_FAILED;
		if (failures != (strcmp(rows[i].word, "rejected") == 0))
			fail_msg("%s: %zu failures", rows[i].name, failures);
	}
}

static bool
has_fact(const struct verdict *v, const char *path, const char *text)
{
	struct bytes value;

	return message_find_bytes(&value, v->facts, path) &&
	       bytes_is(value, text);
}

static void
facts(void **cmocka)
{
	struct question q;
	struct verdict v;
	int64_t number;

	(void)cmocka;
	prepare(&q);
	keymint_chain(q.certs, &q.phone, &arena);
	judge(&v, &q);
	assert_true(has_fact(&v, "android/level", "TEE"));
	assert_true(has_fact(&v, "android/root", "other"));
	assert_true(has_fact(&v, "android/provisioned", "remote"));
	assert_true(has_fact(&v, "android/maker", "Fake"));
	assert_true(has_fact(&v, "android/boot-state", "VERIFIED"));
	assert_true(
	    has_fact(&v, "android/packages/1/name", "org.example.node"));
	assert_true(message_find_integer(
	    &number, v.facts, "android/certificates-issued"));
	assert_int_equal(number, 16);
	assert_true(message_find_integer(&number, v.facts, "android/os-patch"));
	assert_int_equal(number, 202405);
	assert_non_null(message_find(
	    verdict_message(&v), "checks/android/chain.length/state"));
}

/* No level of a message has more keys than one may have. */
static void
facts_of_many_apps(void **cmocka)
{
	struct question q;
	struct verdict v;
	const struct message *packages;
	int64_t number;

	(void)cmocka;
	prepare(&q);
	q.phone.description.more_packages = 40;
	keymint_chain(q.certs, &q.phone, &arena);
	judge(&v, &q);
	assert_true(message_find_list(&packages, v.facts, "android/packages"));
	assert_int_equal(packages->count, 32);
	assert_true(
	    message_find_integer(&number, v.facts, "android/package-count"));
	assert_int_equal(number, 41);
	prepare(&q);
	q.phone.description.more_packages = 64;
	keymint_chain(q.certs, &q.phone, &arena);
	judge(&v, &q);
	assert_string_equal(v.results[CHECK_ANDROID_DESCRIPTION].reason,
	    "android.extension.limit");
}

/* Nothing of what nobody vouched for is a fact, expired evidence is. */
static void
facts_need_a_root(void **cmocka)
{
	struct question q;
	struct verdict v;

	(void)cmocka;
	prepare(&q);
	q.rq.nroots = 0;
	keymint_chain(q.certs, &q.phone, &arena);
	judge(&v, &q);
	assert_null(message_find(v.facts, "android"));
	assert_int_equal(
	    v.results[CHECK_ANDROID_LOCKED].state, CHECK_NOT_CHECKED);
	prepare(&q);
	q.rq.at = KEYMINT_EXPIRED + 1;
	keymint_chain(q.certs, &q.phone, &arena);
	judge(&v, &q);
	assert_non_null(message_find(v.facts, "android"));
}

static void
no_description(void **cmocka)
{
	struct question q;
	struct verdict v;

	(void)cmocka;
	prepare(&q);
	keymint_chain(q.certs, &q.phone, &arena);
	q.certs[0] = keymint_certify(&q.phone.certs[0], &arena);
	judge(&v, &q);
	assert_string_equal(v.results[CHECK_ANDROID_PRESENT].reason,
	    "android.extension.present");
	assert_string_equal(
	    v.results[CHECK_ANDROID_PLACE].reason, "android.extension.place");
	assert_int_equal(
	    v.results[CHECK_ANDROID_DESCRIPTION].state, CHECK_NOT_CHECKED);
}

/* In a measurement the key's signature is needed, and is the key's. */
static void
statements(void **cmocka)
{
	struct question q;
	struct verdict v;
	struct fault f = { 0 };

	(void)cmocka;
	prepare(&q);
	keymint_chain(q.certs, &q.phone, &arena);
	for (enum keymint_key by = KEYMINT_KEY; by <= KEYMINT_BATCH; by++) {
		q.rq.statement = BYTES("binding");
		q.rq.signature = keymint_sign(by, q.rq.statement, &arena);
		verdict_init(&v, ENGINE_ANDROID, &arena);
		assert_true(android_verify(&v, &q.rq, &arena, &f));
		assert_int_equal(v.results[CHECK_ANDROID_STATEMENT].state,
		    by == KEYMINT_KEY ? CHECK_PASSED : CHECK_FAILED);
	}
	judge(&v, &q);
	assert_string_equal(verdict_word(&v), "rejected");
	q.rq.statement = (struct bytes){ 0 };
	verdict_init(&v, ENGINE_ANDROID, &arena);
	assert_true(android_verify(&v, &q.rq, &arena, &f));
	assert_int_equal(
	    v.results[CHECK_ANDROID_STATEMENT].state, CHECK_NOT_CHECKED);
}

/* As many certificates as may be, as large as they may be, and a list of as
 * many entries: accepted, and in the memory that a request has. */
static void
largest(void **cmocka)
{
	static uint8_t filling[65000], text[2u << 20];
	struct buf list = buf_over(text, sizeof(text));
	struct question q;
	struct verdict v;

	(void)cmocka;
	buf_text(&list, "{\"entries\":{\"aaaa\":{\"status\":\"REVOKED\"}");
	for (unsigned i = 1; i < STATUSLIST_ENTRIES_MAX; i++)
		buf_print(
		    &list, ",\"%x\":{\"status\":\"REVOKED\"}", 0x10000000 + i);
	buf_text(&list, "}}");
	assert_false(list.full);
	prepare(&q);
	for (size_t i = 1; i < KEYMINT_CHAIN; i++)
		q.phone.certs[i].provisioning =
		    bytes_of(filling, sizeof(filling));
	keymint_chain(q.certs, &q.phone, &arena);
	while (q.rq.ncerts < KEYCHAIN_MAX)
		q.certs[q.rq.ncerts++] = q.certs[KEYMINT_CHAIN - 1];
	q.rq.revocation = buf_bytes(&list);
	judge(&v, &q);
	assert_string_equal(verdict_word(&v), "accepted");
	assert_null(message_find(v.facts, "android/maker"));
}

static void
no_memory(void **cmocka)
{
	struct question q;
	struct verdict v;
	struct fault f = { 0 };
	struct arena little;
	uint8_t block[64];

	(void)cmocka;
	prepare(&q);
	keymint_chain(q.certs, &q.phone, &arena);
	arena_init(&little, block, sizeof(block));
	verdict_init(&v, ENGINE_ANDROID, &arena);
	assert_false(android_verify(&v, &q.rq, &little, &f));
	assert_string_equal(f.reason, "limit.memory");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(nothing_else_fails),
		cmocka_unit_test(facts),
		cmocka_unit_test(facts_of_many_apps),
		cmocka_unit_test(facts_need_a_root),
		cmocka_unit_test(no_description),
		cmocka_unit_test(statements),
		cmocka_unit_test(largest),
		cmocka_unit_test(no_memory),
	};

	arena_init(&arena, memory, sizeof(memory));
	keymint_open();
	int failures =
	    cmocka_run_group_tests_name("android", units, NULL, NULL);

	keymint_close();
	return failures;
}
