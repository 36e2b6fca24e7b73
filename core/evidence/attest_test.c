/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/attest.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/evidence/tpm.h"

#define NONE SIZE_MAX

/* Where the parts of the good quote begin. */
enum at {
	AT_MAGIC = 0,
	AT_TYPE = 4,
	AT_SIGNER = 6,
	AT_NONCE = 42,
	AT_SAFE = 92,
	AT_COUNT = 101,
	AT_BANK = 105,
	AT_SIZE = 107,
	AT_BITS = 108,
	AT_DIGEST = 111,
	AT_END = 145
};

static uint8_t block[2048];

static struct bytes
good(void)
{
	struct buf b = buf_over(block, sizeof(block));
	uint8_t fill[64];

	memset(fill, 0x5a, sizeof(fill));
	buf_be32(&b, 0xff544347);
	buf_be16(&b, 0x8018);
	buf_be16(&b, 34);
	buf_put(&b, bytes_of(fill, 34));
	buf_be16(&b, 32);
	buf_put(&b, bytes_of(fill, 32));
	buf_be64(&b, 0x0102030405060708);
	buf_be32(&b, 7);
	buf_be32(&b, 9);
	buf_u8(&b, 1);
	buf_be64(&b, 0x1112131415161718);
	buf_be32(&b, 1);
	buf_be16(&b, TPM_ALG_SHA256);
	buf_u8(&b, 3);
	buf_put(&b, bytes_of("\xff\xfb\x00", 3));
	buf_be16(&b, 32);
	buf_put(&b, bytes_of(fill, 32));
	assert_int_equal(b.used, AT_END);
	return buf_bytes(&b);
}

static void
good_quote_parses(void **state)
{
	struct attest a;
	struct fault f;

	(void)state;
	assert_true(attest_parse(&a, good(), &f));
	assert_int_equal(a.signer.n, 34);
	assert_int_equal(a.nonce.n, 32);
	assert_true(a.clock == 0x0102030405060708);
	assert_int_equal(a.reset_count, 7);
	assert_int_equal(a.restart_count, 9);
	assert_true(a.safe);
	assert_true(a.firmware == 0x1112131415161718);
	assert_int_equal(a.nselections, 1);
	assert_int_equal(a.selections[0].bank, TPM_ALG_SHA256);
	assert_int_equal(a.selections[0].pcrs, 0xfbff);
	assert_int_equal(a.pcr_digest.n, 32);
	assert_int_equal(a.raw.n, AT_END);
}

/* A patch of the good quote, and its new length unless that is NONE. */
struct patch {
	const char *what;
	size_t at;
	uint8_t bytes[2];
	size_t n, cut;
	const char *reason;
};

/* clang-format off */
static const struct patch bad[] = {
	{ "magic of no TPM",        AT_MAGIC,    { 0x00 },       1, NONE, "tpm.attest.type" },
	{ "certify",                AT_TYPE,     { 0x80, 0x17 }, 2, NONE, "tpm.attest.type" },
	{ "time",                   AT_TYPE,     { 0x80, 0x19 }, 2, NONE, "tpm.attest.type" },
	{ "NV",                     AT_TYPE,     { 0x80, 0x14 }, 2, NONE, "tpm.attest.type" },
	{ "nothing",                0,           { 0 },          0, 0,    "tpm.attest.syntax" },
	{ "half a magic",           0,           { 0 },          0, 2,    "tpm.attest.syntax" },
	{ "no signer",              0,           { 0 },          0, 6,    "tpm.attest.syntax" },
	{ "signer of 67 bytes",     AT_SIGNER,   { 0, 67 },      2, NONE, "tpm.attest.syntax" },
	{ "signer of 65535 bytes",  AT_SIGNER,   { 255, 255 },   2, NONE, "tpm.attest.syntax" },
	{ "nonce of 67 bytes",      AT_NONCE,    { 0, 67 },      2, NONE, "tpm.attest.syntax" },
	{ "nonce goes on",          AT_NONCE,    { 255, 255 },   2, NONE, "tpm.attest.syntax" },
	{ "safe is 2",              AT_SAFE,     { 2 },          1, NONE, "tpm.attest.syntax" },
	{ "ends in the clock",      0,           { 0 },          0, 80,   "tpm.attest.syntax" },
	{ "ends in the firmware",   0,           { 0 },          0, 95,   "tpm.attest.syntax" },
	{ "17 selections",          AT_COUNT+3,  { 17 },         1, NONE, "tpm.pcr.selection" },
	{ "2^32-1 selections",      AT_COUNT,    { 255, 255 },   2, NONE, "tpm.pcr.selection" },
	{ "2 selections, one there",AT_COUNT+3,  { 2 },          1, 111,  "tpm.attest.syntax" },
	{ "null bank",              AT_BANK,     { 0, 0x10 },    2, NONE, "tpm.pcr.selection" },
	{ "unknown bank",           AT_BANK,     { 0x12, 0x34 }, 2, NONE, "tpm.pcr.selection" },
	{ "selection of 5 bytes",   AT_SIZE,     { 5 },          1, NONE, "tpm.pcr.selection" },
	{ "PCR 24",                 AT_SIZE,     { 4 },          1, NONE, "tpm.pcr.selection" },
	{ "ends in the selection",  0,           { 0 },          0, 109,  "tpm.attest.syntax" },
	{ "no digest",              0,           { 0 },          0, 111,  "tpm.attest.syntax" },
	{ "digest of 65 bytes",     AT_DIGEST,   { 0, 65 },      2, 178,  "tpm.attest.syntax" },
	{ "short digest field",     AT_DIGEST,   { 0, 31 },      2, NONE, "tpm.attest.syntax" },
	{ "one byte short",         0,           { 0 },          0, 144,  "tpm.attest.syntax" },
	{ "one byte more",          0,           { 0 },          0, 146,  "tpm.attest.syntax" },
	{ "larger than any",        0,           { 0 },          0, 1025, "tpm.attest.syntax" },
};
/* clang-format on */

static void
bad_quotes_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bytes in = good();
		struct attest a;
		struct fault f = { 0 };

		memcpy(block + bad[i].at, bad[i].bytes, bad[i].n);
		/* The first of the digest's size is then bits 24 to 31. */
		if (strcmp(bad[i].what, "PCR 24") == 0)
			block[AT_DIGEST] = 1;
		if (bad[i].cut != NONE)
			in.n = bad[i].cut;
		if (attest_parse(&a, in, &f))
			fail_msg("%s: accepted", bad[i].what);
		if (strcmp(f.reason, bad[i].reason) != 0)
			fail_msg("%s: %s", bad[i].what, f.reason);
	}
}

static void
a_bank_twice_is_refused(void **state)
{
	struct attest a;
	struct fault f;

	(void)state;
	(void)good();
	memmove(block + AT_DIGEST + 6, block + AT_DIGEST, AT_END - AT_DIGEST);
	memcpy(block + AT_DIGEST, block + AT_BANK, 6);
	block[AT_COUNT + 3] = 2;
	assert_false(attest_parse(&a, bytes_of(block, AT_END + 6), &f));
	assert_string_equal(f.reason, "tpm.pcr.selection");
	block[AT_DIGEST + 1] = TPM_ALG_SHA384;
	assert_true(attest_parse(&a, bytes_of(block, AT_END + 6), &f));
	assert_int_equal(a.nselections, 2);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(good_quote_parses),
		cmocka_unit_test(bad_quotes_are_refused),
		cmocka_unit_test(a_bank_twice_is_refused),
	};

	return cmocka_run_group_tests_name("attest", units, NULL, NULL);
}
