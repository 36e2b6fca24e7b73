/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict as a text and as bytes, its limits, and its specification. */
#include "core/evidence/table_test.h"
#include "core/message/json.h"
#include "core/message/pack.h"
#include "core/verdict/reasons.h"
#include "harness/fakes/measured.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA_SIZE    (16u << 20)
#define MUTATION_STEP 13u

static uint8_t block[ARENA_SIZE], verify_block[ARENA_SIZE];
static struct measured m;
static struct arena a;

static const struct verdict *
judge(const struct verify_request *rq)
{
	static struct verdict v;
	struct fault f = { 0 };

	arena_init(&a, verify_block, sizeof(verify_block));
	if (!verify_measurement(&v, rq, &a, &f))
		fail_msg("%s: %s", f.reason, f.why);
	return &v;
}

static struct bytes
explain(const struct verdict *v)
{
	struct bytes text;
	struct fault f = { 0 };

	if (!verdict_explain(&text, verdict_message(v), v->arena, &f))
		fail_msg("%s: %s", f.reason, f.why);
	return text;
}

static void
expect_golden(const struct verdict *v, const char *name)
{
	static uint8_t golden[32768];
	struct bytes want =
	    table_file(golden, sizeof(golden), "verdict", bytes_text(name));
	struct bytes text = explain(v);

	if (!bytes_equal(text, want))
		fail_msg("%s: %.*s", name, (int)text.n, (const char *)text.p);
}

static void
expect_told(const struct verdict *v, const char *lines)
{
	struct bytes text = explain(v);

	if (memmem(text.p, text.n, lines, strlen(lines)) == NULL)
		fail_msg("%.*s", (int)text.n, (const char *)text.p);
}

static void
read_template(struct template *t, const char *text)
{
	struct message *given;
	struct fault f = { 0 };

	if (!json_decode(&given, bytes_text(text), m.a, &f) ||
	    !template_read(t, given, m.a, &f))
		fail_msg("%s: %s", f.reason, f.why);
}

static void
test_templates_are_told(void **state)
{
	static struct template t;

	(void)state;
	m.rq.template = &t;
	read_template(&t, "{\"measurement-device\":\"tpm@2.0a\","
			  "\"body\":{\"node\":{\"address\":\"_\"}},"
			  "\"facts\":{\"boot\":{\"secure-boot\":true}}}");
	expect_told(judge(&m.rq), "  passed       policy.template ");
	read_template(&t, "{\"facts\":{\"boot\":{\"secure-boot\":false}}}");
	expect_told(judge(&m.rq),
	    "  failed       policy.template        [policy.template] verdict "
	    "9: facts/boot/secure-boot is true, template 1 wants false\n"
	    "               at facts/boot/secure-boot\n");
	m.rq.template = NULL;
}

static void
test_explained(void **state)
{
	(void)state;
	expect_golden(judge(&m.rq), "accepted.txt");
	m.rq.activation = NULL;
	expect_golden(judge(&m.rq), "incomplete.txt");
	m.rq.nonce = BYTES("the nonce of this very moment   ");
	expect_golden(judge(&m.rq), "rejected.txt");
	m.rq.activation = &m.claim;
	m.rq.nonce = m.nonce;
}

static const struct {
	const char *key, *text;
} no_verdicts[] = {
	{ "verdict", NULL },
	{ "verdict", "accepted" },
	{ "checks", "all passed" },
};

static void
test_no_verdict_is_not_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(no_verdicts) / sizeof(no_verdicts[0]);
	    i++) {
		struct fault f = { 0 };
		struct bytes text;

		arena_init(&a, verify_block, sizeof(verify_block));
		struct message *is = message_new(&a);

		if (no_verdicts[i].text != NULL)
			message_set_text(
			    is, no_verdicts[i].key, no_verdicts[i].text);
		assert_false(verdict_explain(&text, is, &a, &f));
		assert_string_equal(f.reason, "verdict.shape");
	}
}

static struct bytes
pack(const struct verdict *v)
{
	struct bytes out;
	struct fault f = { 0 };

	assert_true(message_pack(&out, verdict_message(v), v->arena, &f));
	return out;
}

static void
test_same_bytes(void **state)
{
	static uint8_t first[65536];
	struct bytes one = pack(judge(&m.rq));

	(void)state;
	assert_true(one.n <= sizeof(first));
	memcpy(first, one.p, one.n);
	struct bytes two = pack(judge(&m.rq));

	assert_true(bytes_equal(bytes_of(first, one.n), two));
}

/* Whatever the memory, the answer is a verdict or limit.memory, and there is
 * no verdict "accepted" in less than it took. */
static void
test_small_arenas(void **state)
{
	static struct verdict v;
	size_t need, refused = 0;

	(void)state;
	(void)judge(&m.rq);
	need = a.used;
	for (size_t size = 0; size < need; size += need / 300 + 1) {
		struct fault f = { 0 };
		uint8_t *exact = malloc(size == 0 ? 1 : size);

		assert_non_null(exact);
		arena_init(&a, exact, size);
		if (!verify_measurement(&v, &m.rq, &a, &f)) {
			assert_string_equal(f.reason, "limit.memory");
			refused++;
		}
		free(exact);
	}
	assert_true(refused > 250);
}

static void
test_mutations_are_never_accepted(void **state)
{
	struct bytes packed;
	struct fault f = { 0 };
	size_t judged = 0;
	struct verify_request rq = m.rq;

	(void)state;
	assert_true(message_pack(&packed, m.envelope, m.a, &f));
	uint8_t *bytes = arena_alloc(m.a, packed.n);

	assert_non_null(bytes);
	memcpy(bytes, packed.p, packed.n);
	for (size_t i = 0; i < packed.n; i += MUTATION_STEP) {
		size_t mark = m.a->used;
		struct message *envelope;

		bytes[i] ^= (uint8_t)(1u << i % 8);
		if (message_unpack(
			&envelope, bytes_of(bytes, packed.n), m.a, &f)) {
			rq.envelope = envelope;
			judged++;
			if (strcmp(verdict_word(judge(&rq)), "rejected") != 0)
				fail_msg("byte %zu of %zu", i, packed.n);
		}
		bytes[i] ^= (uint8_t)(1u << i % 8);
		m.a->used = mark;
	}
	assert_true(judged > 300);
}

static void
expect_where(const struct verdict *v, const char *path, const char *want)
{
	struct bytes where = { 0 };

	(void)message_find_bytes(&where, verdict_message(v), path);
	if (!bytes_is(where, want))
		fail_msg("%s: %.*s, want %s", path, (int)where.n,
		    (const char *)where.p, want);
}

static void
change_action(struct measured *is)
{
	size_t size, at = measured_find(&size, is, 4, EV_EFI_ACTION, 0);

	is->log[at + size - 1] ^= 1;
}

static void
cut_action(struct measured *is)
{
	size_t size, at = measured_find(&size, is, 4, EV_EFI_ACTION, 0);

	is->nlog = at + size - 1;
}

/* The byte of the log at which the event begins that is wrong. */
static void
test_where(void **state)
{
	static uint8_t other_block[ARENA_SIZE];
	static struct measured other;
	struct arena other_kit;
	/* clang-format off */
	static const struct {
		struct measured_change change;
		const char *path;
	} rows[] = {
		{ { MEASURED_BOOTED, change_action }, "checks/log/digest/where" },
		{ { MEASURED_BOOTED, cut_action },    "checks/log/syntax/where" },
	};
	/* clang-format on */

	(void)state;
	expect_where(judge(&m.rq), "checks/tpm/quote.nonce/where",
	    "evidence/quote/attest");
	expect_where(
	    judge(&m.rq), "checks/log/digest/where", "evidence/firmware-log");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct measured_plan plan = { .ek = MEASURED_EK_RSA,
			.purpose = "boot",
			.changes = &rows[i].change,
			.nchanges = 1 };
		size_t size, at;
		char want[64];

		at = measured_find(&size, &m, 4, EV_EFI_ACTION, 0);
		(void)snprintf(
		    want, sizeof(want), "evidence/firmware-log+0x%zx", at);
		arena_init(&other_kit, other_block, sizeof(other_block));
		measured_make(&other, &plan, &other_kit);
		expect_where(judge(&other.rq), rows[i].path, want);
	}
}

/* Bare evidence has no envelope around its paths. */
static void
test_where_of_bare_evidence(void **state)
{
	struct verdict v;
	struct fault f = { 0 };

	(void)state;
	arena_init(&a, verify_block, sizeof(verify_block));
	verdict_init(&v, ENGINE_SNP, &a);
	v.bare = true;
	(void)verdict_record(&v, CHECK_SNP_REPORT, true, &f);
	expect_where(&v, "checks/snp/report-data/where", "report+0x50");
	assert_null(message_find(verdict_message(&v), "checks/envelope"));
	assert_null(message_find(verdict_message(&v), "checks/tpm"));
	v.bare = false;
	expect_where(
	    &v, "checks/snp/report-data/where", "evidence/report+0x50");
	assert_non_null(message_find(verdict_message(&v), "checks/envelope"));
}

/* So that a level of the tree can be named, with its types. */
static void
test_few_checks_share_a_word(void **state)
{
	(void)state;
	for (size_t c = 0; c < CHECK_COUNT; c++) {
		const char *code = verdict_code((enum check)c);
		size_t word = (size_t)(strchr(code, '.') - code) + 1, alike = 0;

		for (size_t o = 0; o < CHECK_COUNT; o++)
			alike += strncmp(code, verdict_code((enum check)o),
				     word) == 0;
		assert_true(alike < MESSAGE_KEYS_MAX);
	}
}

static void
test_reasons(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct reasons_section *s = reasons_sections;
	    s->title != NULL; s++) {
		for (const struct reason *r = s->rows; r->code != NULL;
		    r++, n++)
			assert_ptr_equal(reasons_find(bytes_text(r->code)), r);
	}
	assert_true(n > 50);
	assert_null(reasons_find(BYTES("")));
	assert_null(reasons_find(BYTES("tpm.quote")));
}

static int
open_all(void **state)
{
	static struct arena kit;
	struct measured_plan plan = { .ek = MEASURED_EK_RSA,
		.purpose = "fresh" };

	(void)state;
	measured_open();
	arena_init(&kit, block, sizeof(block));
	measured_make(&m, &plan, &kit);
	return 0;
}

static int
close_all(void **state)
{
	(void)state;
	measured_close();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(test_explained),
		cmocka_unit_test(test_templates_are_told),
		cmocka_unit_test(test_no_verdict_is_not_explained),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_small_arenas),
		cmocka_unit_test(test_mutations_are_never_accepted),
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_where_of_bare_evidence),
		cmocka_unit_test(test_few_checks_share_a_word),
		cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests_name(
	    "verdict", units, open_all, close_all);
}
