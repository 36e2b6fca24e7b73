/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/idblock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/evidence/table_test.h"

static uint8_t block[IDBLOCK_SIZE + 1], auth[IDBLOCK_AUTH_SIZE + 1];

/* Digests of the keys as virtee/sev's own test has them. */
static uint8_t id_digest[48], author_digest[48];

static void
read_files(void)
{
	assert_int_equal(
	    table_file(block, sizeof(block), "launch", BYTES("id-block.bin")).n,
	    IDBLOCK_SIZE);
	assert_int_equal(
	    table_file(auth, sizeof(auth), "launch", BYTES("id-auth.bin")).n,
	    IDBLOCK_AUTH_SIZE);
	(void)table_hex(id_digest, sizeof(id_digest),
	    BYTES("59fb2c686dfa4fef49f38339aa775c90051c28d57383ddc3baf3b5eb4b14"
		  "96df3b0dbbdcbae5fe27677a644820773fe2"));
	(void)table_hex(author_digest, sizeof(author_digest),
	    BYTES("eed81169fb0cb5e0ec34794f128fd4e0c4a46f67c65a1adfa81fcb24bcc0"
		  "88c272369b7ffc3eb2b6af6a4284a1b36c5f"));
}

struct scene {
	struct idblock b;
	struct idblock_auth a;
	struct snpreport report;
};

static void
parse(struct scene *s)
{
	struct fault f;

	*s = (struct scene){ 0 };
	assert_true(idblock_parse(&s->b, bytes_of(block, IDBLOCK_SIZE), &f));
	assert_true(
	    idblock_parse_auth(&s->a, bytes_of(auth, IDBLOCK_AUTH_SIZE), &f));
	s->report = (struct snpreport){ .measurement = s->b.digest,
		.family_id = s->b.family_id,
		.image_id = s->b.image_id,
		.id_key_digest = bytes_of(id_digest, sizeof(id_digest)),
		.author_key_digest =
		    bytes_of(author_digest, sizeof(author_digest)),
		.guest_svn = s->b.svn,
		.policy = s->b.policy,
		.flags = 1 };
}

static void
a_signed_block(void **state)
{
	struct scene s;
	struct fault f;

	(void)state;
	read_files();
	parse(&s);
	assert_int_equal(s.b.digest.p[0], 0xa1);
	assert_int_equal(s.b.svn, 0);
	assert_int_equal(s.b.policy, 0x30000);
	assert_true(idblock_check_auth(&s.b, &s.a, &f));
	assert_true(idblock_check_report(&s.b, &s.a, &s.report, &f));
}

static void
without_an_author(void **state)
{
	struct scene s;
	struct fault f = { 0 };
	static const uint8_t none[48];

	(void)state;
	read_files();
	memset(auth + 1664, 0, 512);
	memset(auth + 2176, 0, 1028);
	parse(&s);
	assert_int_equal(s.a.author_key.n, 0);
	assert_true(idblock_check_auth(&s.b, &s.a, &f));
	assert_false(idblock_check_report(&s.b, &s.a, &s.report, &f));
	assert_string_equal(f.reason, "snp.id-block");
	s.report.flags = 0;
	assert_false(idblock_check_report(&s.b, &s.a, &s.report, &f));
	s.report.author_key_digest = bytes_of(none, sizeof(none));
	assert_true(idblock_check_report(&s.b, &s.a, &s.report, &f));
}

/* clang-format off */
static const struct {
	uint16_t at;
	uint8_t flip;
	bool parses;
} flips[] = {
	{ 0,    0x02, false }, /* algorithm of the ID key */
	{ 3,    0x01, false },
	{ 4,    0x01, false }, /* of the author's */
	{ 8,    0x01, false }, /* reserved */
	{ 63,   0x80, false },
	{ 64,   0x01, true  }, /* r */
	{ 111,  0x80, true  },
	{ 112,  0x01, true  }, /* r beyond the curve's size */
	{ 135,  0x80, true  },
	{ 136,  0x01, true  }, /* s */
	{ 184,  0x01, true  },
	{ 208,  0x01, true  }, /* behind the signature */
	{ 575,  0x80, true  },
	{ 576,  0x01, true  }, /* curve */
	{ 579,  0x01, true  },
	{ 580,  0x01, true  }, /* x: not on the curve */
	{ 628,  0x01, true  },
	{ 652,  0x01, true  }, /* y */
	{ 700,  0x01, true  },
	{ 724,  0x01, true  }, /* behind the key */
	{ 1603, 0x80, true  },
	{ 1604, 0x01, false }, /* reserved */
	{ 1663, 0x80, false },
	{ 1664, 0x01, true  }, /* the author's signature */
	{ 1712, 0x01, true  },
	{ 2175, 0x80, true  },
	{ 2176, 0x02, true  }, /* and key */
	{ 2180, 0x01, true  },
	{ 3203, 0x80, true  },
	{ 3204, 0x01, false }, /* reserved */
	{ 4095, 0x80, false },
};
/* clang-format on */

static void
changed_keys_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flips) / sizeof(flips[0]); i++) {
		struct idblock_auth a;
		struct idblock b;
		struct fault f = { 0 };

		read_files();
		auth[flips[i].at] ^= flips[i].flip;
		assert_true(
		    idblock_parse(&b, bytes_of(block, IDBLOCK_SIZE), &f));
		bool parsed = idblock_parse_auth(
		    &a, bytes_of(auth, IDBLOCK_AUTH_SIZE), &f);

		if (parsed != flips[i].parses ||
		    (parsed && idblock_check_auth(&b, &a, &f)))
			fail_msg("row %zu: parsed %d", i, parsed);
		assert_string_equal(f.reason, "snp.id-block");
	}
}

static void
changed_blocks_are_refused(void **state)
{
	struct idblock b;
	struct scene s;

	(void)state;
	for (size_t i = 0; i < IDBLOCK_SIZE; i++) {
		bool version = i >= 80 && i < 84;
		struct fault f = { 0 };
		uint8_t kept[IDBLOCK_SIZE];

		read_files();
		parse(&s);
		memcpy(kept, block, sizeof(kept));
		kept[i] ^= 1;
		bool parsed =
		    idblock_parse(&b, bytes_of(kept, sizeof(kept)), &f);

		assert_int_equal(parsed, !version);
		if (version)
			assert_string_equal(f.reason, "snp.id-block");
		if (version)
			continue;
		assert_false(idblock_check_auth(&b, &s.a, &f));
		assert_string_equal(f.reason, "snp.id-block");
		f = (struct fault){ 0 };
		assert_false(idblock_check_report(&b, &s.a, &s.report, &f));
		assert_string_equal(f.reason, "snp.id-block");
	}
}

static void
other_sizes_are_refused(void **state)
{
	static const size_t sizes[] = { 0, 1, 47, 95, 97, 4095, 4097 };
	static uint8_t zeros[4097];
	struct idblock b;
	struct idblock_auth a;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fault f = { 0 }, g = { 0 };

		assert_false(idblock_parse(&b, bytes_of(zeros, sizes[i]), &f));
		assert_string_equal(f.reason, "snp.id-block");
		assert_false(
		    idblock_parse_auth(&a, bytes_of(zeros, sizes[i]), &g));
		assert_string_equal(g.reason, "snp.id-block");
	}
}

static void
other_keys_in_the_report_are_refused(void **state)
{
	struct scene s;
	struct fault f = { 0 };

	(void)state;
	read_files();
	parse(&s);
	id_digest[47] ^= 1;
	assert_false(idblock_check_report(&s.b, &s.a, &s.report, &f));
	assert_string_equal(f.reason, "snp.id-block");
	id_digest[47] ^= 1;
	author_digest[0] ^= 1;
	f = (struct fault){ 0 };
	assert_false(idblock_check_report(&s.b, &s.a, &s.report, &f));
	assert_string_equal(f.reason, "snp.id-block");
	author_digest[0] ^= 1;
	f = (struct fault){ 0 };
	s.report.flags = 0;
	assert_false(idblock_check_report(&s.b, &s.a, &s.report, &f));
	assert_string_equal(f.reason, "snp.id-block");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(a_signed_block),
		cmocka_unit_test(without_an_author),
		cmocka_unit_test(changed_keys_are_refused),
		cmocka_unit_test(changed_blocks_are_refused),
		cmocka_unit_test(other_sizes_are_refused),
		cmocka_unit_test(other_keys_in_the_report_are_refused),
	};

	return cmocka_run_group_tests_name("idblock", units, NULL, NULL);
}
