/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a report how its guest was launched. */
#include "core/verdict/snppolicy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/evidence/idblock.h"
#include "core/evidence/launches_test.h"

static uint8_t memory[1 << 20], report_bytes[2048];
static uint8_t block[IDBLOCK_SIZE + 1], auth[IDBLOCK_AUTH_SIZE + 1];

struct case_of {
	struct arena arena;
	struct verdict v;
	struct launches_scene scene;
	struct snpreport report;
	struct snp_policy policy;
};

static void
begin(struct case_of *c)
{
	struct bytes in = table_file(report_bytes, sizeof(report_bytes),
	    "launch", BYTES("dstack-report.bin"));
	struct fault f;

	memset(c, 0, sizeof(*c));
	arena_init(&c->arena, memory, sizeof(memory));
	launches_last(&c->scene);
	assert_true(snpreport_parse(&c->report, in, &f));
}

static void
judge(struct case_of *c)
{
	verdict_init(&c->v, ENGINE_SNP, &c->arena);
	snppolicy_check(&c->v, &c->policy, &c->report, SNP_MILAN);
}

static void
expect(const struct case_of *c, enum check check, enum check_state state,
    const char *reason)
{
	const struct check_result *r = &c->v.results[check];

	if (r->state != state || strcmp(r->reason, reason) != 0)
		fail_msg("%s: state %d, [%s] %s", verdict_code(check),
		    (int)r->state, r->reason, r->why);
}

static void
the_launch_asked_for(void **state)
{
	static struct case_of c;

	(void)state;
	begin(&c);
	c.policy.launch = &c.scene.launch;
	judge(&c);
	expect(&c, CHECK_SNP_LAUNCH_FEATURES, CHECK_PASSED, "");
	expect(&c, CHECK_SNP_MEASUREMENT, CHECK_PASSED, "");
	assert_int_equal(c.v.results[CHECK_SNP_MEASUREMENT].observed.n, 96);
	expect(&c, CHECK_SNP_ID_BLOCK_SIGNED, CHECK_NOT_CHECKED, "");
}

static void
nothing_asked_for(void **state)
{
	static struct case_of c;

	(void)state;
	begin(&c);
	judge(&c);
	expect(&c, CHECK_SNP_LAUNCH_FEATURES, CHECK_NOT_CHECKED, "");
	expect(&c, CHECK_SNP_MEASUREMENT, CHECK_NOT_CHECKED, "");
	expect(&c, CHECK_SNP_ID_BLOCK_SIGNED, CHECK_NOT_CHECKED, "");
}

static void
another_launch(void **state)
{
	static struct case_of c;

	(void)state;
	begin(&c);
	c.scene.launch.vcpus = 4;
	c.policy.launch = &c.scene.launch;
	judge(&c);
	expect(&c, CHECK_SNP_LAUNCH_FEATURES, CHECK_PASSED, "");
	expect(&c, CHECK_SNP_MEASUREMENT, CHECK_FAILED, "snp.launch.mismatch");
}

static void
a_digest_beside_it(void **state)
{
	static struct case_of c;
	static struct sha384 other;

	(void)state;
	begin(&c);
	c.policy.launch = &c.scene.launch;
	c.policy.measurement = BYTES_OF(&c.scene.digest);
	judge(&c);
	expect(&c, CHECK_SNP_MEASUREMENT, CHECK_PASSED, "");
	c.policy.measurement = BYTES_OF(&other);
	judge(&c);
	expect(&c, CHECK_SNP_MEASUREMENT, CHECK_FAILED, "snp.launch.mismatch");
	c.report.measurement = BYTES_OF(&other);
	judge(&c);
	expect(&c, CHECK_SNP_MEASUREMENT, CHECK_FAILED, "snp.launch.mismatch");
}

static void
features_not_allowed(void **state)
{
	static const uint64_t rows[] = { LAUNCH_DEBUG_SWAP, UINT64_C(1) << 1,
		UINT64_C(1) << 13, UINT64_C(1) << 63 };
	static struct case_of c;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&c);
		c.scene.launch.features |= rows[i];
		c.policy.launch = &c.scene.launch;
		judge(&c);
		expect(&c, CHECK_SNP_LAUNCH_FEATURES, CHECK_FAILED,
		    "snp.launch.features");
		expect(&c, CHECK_SNP_MEASUREMENT, CHECK_NOT_CHECKED, "");
	}
}

static void
an_impossible_launch(void **state)
{
	static struct case_of c;

	(void)state;
	begin(&c);
	c.scene.firmware.ap_reset = 0;
	c.policy.launch = &c.scene.launch;
	judge(&c);
	expect(&c, CHECK_SNP_MEASUREMENT, CHECK_FAILED, "snp.launch.cpu");
	begin(&c);
	c.scene.firmware.sections[0].gpa++;
	c.policy.launch = &c.scene.launch;
	judge(&c);
	expect(&c, CHECK_SNP_MEASUREMENT, CHECK_FAILED, "snp.launch.firmware");
}

/* A report of the launch that the vectors' ID block is for. */
static void
begin_signed(struct case_of *c)
{
	static struct sha384 id, author;
	struct idblock_auth keys;
	struct idblock b;
	struct fault f;

	begin(c);
	c->policy.id_block =
	    table_file(block, sizeof(block), "launch", BYTES("id-block.bin"));
	c->policy.id_auth =
	    table_file(auth, sizeof(auth), "launch", BYTES("id-auth.bin"));
	assert_true(idblock_parse(&b, c->policy.id_block, &f));
	assert_true(idblock_parse_auth(&keys, c->policy.id_auth, &f));
	id = sha384_of(keys.id_key);
	author = sha384_of(keys.author_key);
	c->report.measurement = b.digest;
	c->report.family_id = b.family_id;
	c->report.image_id = b.image_id;
	c->report.guest_svn = b.svn;
	c->report.policy = b.policy;
	c->report.id_key_digest = BYTES_OF(&id);
	c->report.author_key_digest = BYTES_OF(&author);
	c->report.flags |= 1;
}

static void
the_id_block_given(void **state)
{
	static struct case_of c;

	(void)state;
	begin_signed(&c);
	judge(&c);
	expect(&c, CHECK_SNP_ID_BLOCK_SIGNED, CHECK_PASSED, "");
}

static void
another_id_block(void **state)
{
	static const size_t blocks[] = { 0, 48, 64, 80, 84, 88 };
	static const size_t auths[] = { 0, 64, 576, 1664, 2180, 4095 };
	static struct case_of c;

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		begin_signed(&c);
		if (i < 6)
			block[blocks[i]] ^= 1;
		else
			auth[auths[i - 6]] ^= 2;
		judge(&c);
		expect(&c, CHECK_SNP_ID_BLOCK_SIGNED, CHECK_FAILED,
		    "snp.id-block");
	}
	begin_signed(&c);
	c.policy.id_auth.n = 0;
	judge(&c);
	expect(&c, CHECK_SNP_ID_BLOCK_SIGNED, CHECK_FAILED, "snp.id-block");
	begin_signed(&c);
	c.report.guest_svn++;
	judge(&c);
	expect(&c, CHECK_SNP_ID_BLOCK_SIGNED, CHECK_FAILED, "snp.id-block");
	begin_signed(&c);
	c.report.measurement = BYTES_OF(&c.scene.digest);
	judge(&c);
	expect(&c, CHECK_SNP_ID_BLOCK_SIGNED, CHECK_FAILED, "snp.id-block");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(the_launch_asked_for),
		cmocka_unit_test(nothing_asked_for),
		cmocka_unit_test(another_launch),
		cmocka_unit_test(a_digest_beside_it),
		cmocka_unit_test(features_not_allowed),
		cmocka_unit_test(an_impossible_launch),
		cmocka_unit_test(the_id_block_given),
		cmocka_unit_test(another_id_block),
	};

	return cmocka_run_group_tests_name("snplaunch", units, NULL, NULL);
}
