/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes of real, emulated and made-up TPMs, each with its expectation. */
#include "core/evidence/attest.h"
#include "core/evidence/pcr.h"
#include "core/evidence/signature.h"
#include "core/evidence/table_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum column {
	ID,
	EXPECT,
	ATTEST,
	SIG,
	AK,
	SPKI,
	NONCE,
	DIGEST_ALG,
	PCRS,
	SIGNER,
	EXTRA,
	CLOCK,
	RESET,
	RESTART,
	SAFE,
	FIRMWARE,
	SELECT,
	DIGEST,
	COLUMNS
};

/* One DER value of that tag; the short forms that public keys need. */
static struct bytes
der(struct cursor *c, uint8_t tag)
{
	assert_int_equal(cursor_u8(c), tag);
	size_t n = cursor_u8(c);

	if (n == 0x81)
		n = cursor_u8(c);
	else if (n == 0x82)
		n = cursor_be16(c);
	return cursor_take(c, n);
}

/* A SubjectPublicKeyInfo, trusted: it is a vector's. */
static struct public_key
read_spki(struct bytes in)
{
	struct cursor outer = cursor_over(in);
	struct cursor c = cursor_over(der(&outer, 0x30));

	(void)der(&c, 0x30);
	struct cursor bits = cursor_over(der(&c, 0x03));

	(void)cursor_u8(&bits);
	if (*bits.p == 0x30) {
		struct cursor rsa = cursor_over(der(&bits, 0x30));
		struct cursor n = cursor_over(der(&rsa, 0x02));

		(void)cursor_u8(&n);
		return (struct public_key){ .kind = KEY_RSA,
			.modulus = cursor_rest(&n) };
	}
	(void)cursor_u8(&bits);
	size_t size = bits.left / 2;

	return (
	    struct public_key){ .kind = size == 48 ? KEY_EC_P384 : KEY_EC_P256,
		.x = cursor_take(&bits, size),
		.y = cursor_take(&bits, size) };
}

static bool
check_signature(
    const struct attest *a, const struct bytes *row, struct fault *f)
{
	static uint8_t sig_block[2048], key_block[2048];
	struct bytes sig = table_hex(sig_block, sizeof(sig_block), row[SIG]);
	struct signature s;
	struct public_area ak;

	if (!signature_parse(&s, sig, f))
		return false;
	if (row[AK].n == 0) {
		struct public_key key = read_spki(
		    table_hex(key_block, sizeof(key_block), row[SPKI]));

		return signature_check_key(&s, &key, a->raw, f);
	}
	struct bytes area = table_hex(key_block, sizeof(key_block), row[AK]);

	return public_parse(&ak, area, f) && public_check_signer(&ak, f) &&
	       signature_check(&s, &ak, a->raw, f);
}

static bool
check_values(const struct attest *a, const struct bytes *row, struct fault *f)
{
	static uint8_t values[8 * PCR_COUNT * 64];
	uint8_t nonce[128];
	struct pcr_bank banks[4] = { 0 };
	enum hash_alg alg;

	if (!bytes_is(row[NONCE], "null") &&
	    !bytes_equal(a->nonce, table_hex(nonce, sizeof(nonce), row[NONCE])))
		return (fail)(f, FAULT_VERIFY, "tpm.quote.nonce", "nonce");
	if (row[PCRS].n == 0 || !table_alg(&alg, row[DIGEST_ALG]))
		return true;
	return pcr_check_digest(
	    a, alg, banks, table_banks(banks, 4, row[PCRS], values), f);
}

static bool
same_selections(const struct attest *a, struct bytes text)
{
	size_t i = 0;

	for (; text.n != 0; i++) {
		struct bytes part = table_part(&text, ';');
		enum hash_alg alg;
		uint32_t pcrs = 0;

		if (!table_alg(&alg, table_part(&part, ':')))
			return false;
		while (part.n != 0)
			pcrs |= 1u << table_number(table_part(&part, ','));
		if (i >= a->nselections || a->selections[i].pcrs != pcrs ||
		    a->selections[i].bank != tpm_alg_of_hash(alg))
			return false;
	}
	return i == a->nselections;
}

static bool
same_bytes(struct bytes seen, struct bytes hex)
{
	uint8_t block[256];

	return bytes_equal(seen, table_hex(block, sizeof(block), hex));
}

static bool
same_fields(const struct attest *a, const struct bytes *row)
{
	uint8_t firmware[8];

	for (size_t i = 0; i < 8; i++)
		firmware[i] = (uint8_t)(a->firmware >> (56 - 8 * i));
	return same_bytes(a->signer, row[SIGNER]) &&
	       same_bytes(a->nonce, row[EXTRA]) &&
	       a->clock == table_number(row[CLOCK]) &&
	       a->reset_count == table_number(row[RESET]) &&
	       a->restart_count == table_number(row[RESTART]) &&
	       a->safe == (table_number(row[SAFE]) == 1) &&
	       same_bytes(bytes_of(firmware, 8), row[FIRMWARE]) &&
	       same_selections(a, row[SELECT]) &&
	       same_bytes(a->pcr_digest, row[DIGEST]);
}

/* True if the case comes out as its row says. */
static bool
run(const struct bytes *row, struct fault *f)
{
	static uint8_t block[4096];
	struct attest a;
	struct bytes in = table_hex(block, sizeof(block), row[ATTEST]);
	bool parsed = attest_parse(&a, in, f);
	bool known = !bytes_is(row[SIGNER], "?");

	if (parsed != known || (parsed && !same_fields(&a, row)))
		return false;
	if (bytes_is(row[EXPECT], "parse-only"))
		return parsed;
	bool valid =
	    parsed && check_signature(&a, row, f) && check_values(&a, row, f);

	return valid == bytes_is(row[EXPECT], "valid");
}

static void
quotes_come_out_as_expected(void **state)
{
	static uint8_t index[1 << 20];
	struct bytes table =
	    table_file(index, sizeof(index), "tpm", BYTES("quotes.tsv"));

	(void)state;
	assert_true(table_run(table, COLUMNS, run) >= 25);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(quotes_come_out_as_expected),
	};

	return cmocka_run_group_tests_name("quotes", units, NULL, NULL);
}
