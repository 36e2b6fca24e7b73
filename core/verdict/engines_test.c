/* SPDX-License-Identifier: Apache-2.0 */
/* Measurements of SEV-SNP and Android: whole ones, and one thing wrong. */
#include "core/base/hex.h"
#include "core/crypto/crypto.h"
#include "core/evidence/table_test.h"
#include "core/message/commit.h"
#include "core/message/json.h"
#include "core/message/pack.h"
#include "core/verdict/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static uint8_t text[1u << 20], kept[32u << 20], block[16u << 20];
static struct arena kit, a;
static const struct message *set, *cases;
static struct snp_root snp;
static struct sha256 android;
static struct anchors anchors = { &snp, 1, &android, 1 };
static const struct collateral nothing_revoked = {
	.revocation = { (const uint8_t *)"{\"entries\":{}}", 14 }
};
static int64_t at;

static struct bytes
text_at(const struct message *m, const char *path)
{
	struct bytes value;

	if (!message_find_bytes(&value, m, path))
		fail_msg("no %s", path);
	return value;
}

/* What case i asks for when it is judged rightly. */
static struct verify_request
request_of(size_t i)
{
	const struct message *is = message_item(cases, i)->message;
	struct verify_request rq = { .anchors = &anchors,
		.at = at,
		.collateral = &nothing_revoked,
		.purpose = text_at(is, "purpose") };
	struct fault f = { 0 };

	assert_true(message_find_base64(&rq.nonce, is, "nonce", &kit, &f));
	assert_true(message_find_message(&rq.envelope, is, "envelope"));
	return rq;
}

static const struct verdict *
judge(const struct verify_request *rq)
{
	static struct verdict v;
	struct fault f = { 0 };

	arena_init(&a, block, sizeof(block));
	if (!verify_measurement(&v, rq, &a, &f))
		fail_msg("%s: %s", f.reason, f.why);
	return &v;
}

/* Of the first check that is not passed but must be, or that failed. */
static struct bytes
reason_of(const struct verdict *v)
{
	for (size_t i = 0; i < CHECK_COUNT; i++) {
		if (v->results[i].state == CHECK_FAILED)
			return bytes_text(v->results[i].reason);
	}
	return bytes_text(verdict_word(v));
}

static size_t
failures(const struct verdict *v)
{
	size_t n = 0;

	for (size_t i = 0; i < CHECK_COUNT; i++)
		n += v->results[i].state == CHECK_FAILED;
	return n;
}

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 1; i <= cases->count; i++) {
		const struct message *is = message_item(cases, i)->message;
		struct bytes want = text_at(is, "reason");
		struct verify_request rq = request_of(i);
		const struct verdict *v = judge(&rq);
		struct bytes reason = reason_of(v);

		if (bytes_is(want, "none"))
			want = BYTES("accepted");
		if (!bytes_equal(reason, want))
			fail_msg("case %zu, %.*s: %.*s, want %.*s", i,
			    (int)text_at(is, "name").n,
			    (const char *)text_at(is, "name").p, (int)reason.n,
			    (const char *)reason.p, (int)want.n,
			    (const char *)want.p);
		assert_int_equal(strcmp(verdict_word(v), "accepted") == 0,
		    bytes_is(want, "accepted"));
	}
	assert_true(cases->count > 30);
}

/* Those of the kit that nothing is wrong with. */
static const size_t whole[] = { 1, 2, 23, 24 };
#define WHOLE (sizeof(whole) / sizeof(whole[0]))

static void
test_only_one_thing_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < WHOLE; i++) {
		struct verify_request rq = request_of(whole[i]);

		rq.nonce = BYTES("a nonce that nobody asked for");
		const struct verdict *v = judge(&rq);

		assert_int_equal(failures(v), 1);
		assert_string_equal(
		    v->results[CHECK_NONCE].reason, "fresh.nonce-mismatch");
	}
}

/* AMD and Google have not signed what the kit made. */
static void
test_published_roots(void **state)
{
	static const char *const reasons[] = { "snp.chain.root",
		"snp.chain.root", "android.root.key", "android.root.key" };

	(void)state;
	for (size_t i = 0; i < WHOLE; i++) {
		struct verify_request rq = request_of(whole[i]);

		rq.anchors = NULL;
		const struct verdict *v = judge(&rq);

		assert_true(bytes_is(reason_of(v), reasons[i]));
		assert_int_equal(failures(v), 1);
	}
}

static void
test_time(void **state)
{
	static const char *const reasons[] = { "snp.chain.time",
		"snp.chain.time", "android.chain.time", "android.chain.time" };

	(void)state;
	for (size_t i = 0; i < WHOLE; i++) {
		struct verify_request rq = request_of(whole[i]);

		rq.at -= INT64_C(10) * 365 * 86400;
		assert_true(bytes_is(reason_of(judge(&rq)), reasons[i]));
		rq.at += INT64_C(30) * 365 * 86400;
		assert_true(bytes_is(reason_of(judge(&rq)), reasons[i]));
	}
}

/* Without Google's list nobody knows; the asker may give that up. */
static void
test_revocation(void **state)
{
	const struct collateral none = { 0 },
				given_up = { .without_revocation = true };
	const struct collateral no_list = { .revocation = BYTES("{}") };
	struct verify_request rq = request_of(23);

	(void)state;
	rq.collateral = &none;
	assert_string_equal(verdict_word(judge(&rq)), "incomplete");
	rq.collateral = NULL;
	assert_string_equal(verdict_word(judge(&rq)), "incomplete");
	rq.collateral = &given_up;
	assert_string_equal(verdict_word(judge(&rq)), "accepted");
	rq.collateral = &no_list;
	assert_string_equal(verdict_word(judge(&rq)), "rejected");
	const struct bytes crl = BYTES("no list");
	const struct collateral no_crl = { .crls = &crl, .ncrls = 1 };

	rq = request_of(1);
	rq.collateral = NULL;
	assert_string_equal(verdict_word(judge(&rq)), "accepted");
	rq.collateral = &no_crl;
	assert_string_equal(verdict_word(judge(&rq)), "rejected");
}

static void
test_earlier(void **state)
{
	(void)state;
	for (size_t i = 0; i < WHOLE; i += 2) {
		struct verify_request rq = request_of(whole[i + 1]);
		struct verify_request boot = request_of(whole[i]);
		struct verify_request other = request_of(whole[2 - i]);

		rq.earlier = boot.envelope;
		const struct verdict *v = judge(&rq);

		assert_string_equal(verdict_word(v), "accepted");
		assert_int_equal(
		    v->results[CHECK_SAME_BOOT].state, CHECK_PASSED);
		rq.earlier = other.envelope;
		v = judge(&rq);
		assert_int_equal(failures(v), 1);
		assert_string_equal(
		    v->results[CHECK_SAME_BOOT].reason, "fresh.boot-changed");
	}
}

/* A release is told by PCRs, which neither has. */
static void
test_release(void **state)
{
	const struct expectations want = { .secure_boot = true };

	(void)state;
	for (size_t i = 0; i < WHOLE; i++) {
		struct verify_request rq = request_of(whole[i]);

		rq.want = &want;
		const struct verdict *v = judge(&rq);

		assert_int_equal(failures(v), 1);
		assert_string_equal(
		    v->results[CHECK_RELEASE].reason, "policy.release");
	}
}

/* clang-format off */
static const struct {
	size_t of;
	const char *template;
	bool matches;
} templates[] = {
	{ 1,  "{\"measurement-device\":\"snp@1.0\"}",                                     true  },
	{ 1,  "{\"facts\":{\"snp\":{\"product\":\"Milan\",\"vmpl\":0,\"policy\":{\"debug\":false}}}}", true },
	{ 1,  "{\"facts\":{\"snp\":{\"tcb\":{\"reported\":{\"match-type\":\"range\",\"min\":{\"snp\":24,\"microcode\":219}}}}}}", true },
	{ 1,  "{\"facts\":{\"snp\":{\"tcb\":{\"reported\":{\"match-type\":\"range\",\"min\":{\"snp\":24,\"microcode\":220}}}}}}", false },
	{ 1,  "{\"facts\":{\"snp\":{\"measurement\":\"00\"}}}",                           false },
	{ 1,  "{\"facts\":{\"android\":\"_\"}}",                                          false },
	{ 24, "{\"system\":{\"kernel\":\"6.12.0\"}}",                                     true  },
	{ 24, "{\"templates\":[{\"measurement-device\":\"snp@1.0\"},{\"measurement-device\":\"andee@1.0\"}]}", true },
	{ 24, "{\"facts\":{\"android\":{\"level\":\"TEE\",\"os-patch\":{\"match-type\":\"range\",\"min\":202601}}}}", true },
	{ 24, "{\"facts\":{\"android\":{\"level\":\"StrongBox\"}}}",                      false },
};
/* clang-format on */

static void
test_templates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
		struct verify_request rq = request_of(templates[i].of);
		struct template t;
		struct message *given;
		struct fault f = { 0 };

		assert_true(json_decode(
		    &given, bytes_text(templates[i].template), &kit, &f));
		assert_true(template_read(&t, given, &kit, &f));
		rq.template = &t;
		const struct verdict *v = judge(&rq);

		if ((strcmp(verdict_word(v), "accepted") == 0) !=
		    templates[i].matches)
			fail_msg("%s: %s", templates[i].template,
			    v->results[CHECK_TEMPLATE].why);
	}
}

/* In each of its forms, within its limits, the same twice. */
static void
test_told(void **state)
{
	static uint8_t first[65536];

	(void)state;
	for (size_t i = 1; i <= cases->count; i++) {
		struct verify_request rq = request_of(i);
		struct bytes packed, told;
		struct fault f = { 0 };
		const struct verdict *v = judge(&rq);
		const struct message *m = verdict_message(v);

		if (!json_encode(&told, m, &a, &f) ||
		    !verdict_explain(&told, m, &a, &f) ||
		    !message_pack(&packed, m, &a, &f))
			fail_msg("case %zu: %s", i, f.why);
		assert_true(packed.n <= sizeof(first));
		memcpy(first, packed.p, packed.n);
		m = verdict_message(judge(&rq));
		size_t n = packed.n;

		assert_true(message_pack(&packed, m, &a, &f));
		assert_true(bytes_equal(packed, bytes_of(first, n)));
		/* Nothing is said of an engine that it is not about. */
		assert_true(v->engine == ENGINE_TPM ||
			    message_find(m, "checks/tpm") == NULL);
	}
}

/* Whatever the memory: a verdict, or limit.memory. */
static void
test_small_arenas(void **state)
{
	static struct verdict v;

	(void)state;
	for (size_t i = 0; i < WHOLE; i += 2) {
		struct verify_request rq = request_of(whole[i]);

		(void)judge(&rq);
		size_t need = a.used;

		for (size_t size = 0; size < need; size += need / 100 + 1) {
			struct fault f = { 0 };
			uint8_t *exact = malloc(size == 0 ? 1 : size);

			assert_non_null(exact);
			arena_init(&a, exact, size);
			if (!verify_measurement(&v, &rq, &a, &f))
				assert_string_equal(f.reason, "limit.memory");
			free(exact);
		}
	}
}

static void
read_root(struct sha256 *out, const char *path)
{
	struct bytes raw;
	struct fault f = { 0 };

	assert_true(hex_decode(&raw, text_at(set, path), &kit, &f));
	assert_int_equal(raw.n, sizeof(out->b));
	memcpy(out->b, raw.p, raw.n);
}

static int
open_all(void **state)
{
	struct message *read;
	struct fault f = { 0 };

	(void)state;
	if (!crypto_start(0, &f))
		return 1;
	arena_init(&kit, kept, sizeof(kept));
	if (!json_decode(&read,
		table_file(
		    text, sizeof(text), "verdict", BYTES("engines.json")),
		&kit, &f)) {
		print_error("%s\n", f.why);
		return 1;
	}
	set = read;
	snp.product = SNP_MILAN;
	read_root(&snp.key, "roots/snp");
	read_root(&android, "roots/android");
	return message_find_list(&cases, set, "cases") &&
		       message_find_integer(&at, set, "at-unix")
		   ? 0
		   : 1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_only_one_thing_is_wrong),
		cmocka_unit_test(test_published_roots),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_revocation),
		cmocka_unit_test(test_earlier),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_small_arenas),
	};

	return cmocka_run_group_tests_name("engines", tests, open_all, NULL);
}
