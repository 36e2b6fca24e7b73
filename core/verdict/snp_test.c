/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/snp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/crypto/certs_test.h"
#include "core/crypto/crypto.h"

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define OWN         1775000000 /* when own/ and its lists are valid */
#define SYNTHETIC   1748736000 /* when the synthetic ones are */

static uint8_t memory[1 << 20], kept[1 << 14];
static struct arena arena;
static struct snp_root roots[8];
static size_t nroots;
static const uint8_t other[64];

#define OTHER(n) { other, n }

/* clang-format off */
static const struct snp_policy strict, provisional = { .provisional = true },
	debug = { .debug = true }, vmpl3 = { .vmpl_max = 3 },
	report_data = { .report_data = OTHER(64) },
	measurement = { .measurement = OTHER(48) },
	host_data = { .host_data = OTHER(32) },
	id_key = { .id_key = OTHER(48) },
	author_key = { .author_key = OTHER(48) },
	family_id = { .family_id = OTHER(16) },
	image_id = { .image_id = OTHER(16) },
	svn_7 = { .guest_svn_min = 7 }, svn_8 = { .guest_svn_min = 8 },
	no_smt = { .policy_clear = SNP_POLICY_SMT },
	single_socket = { .policy_set = SNP_POLICY_SINGLE_SOCKET },
	alias_check = { .platform_set = SNP_PLATFORM_ALIAS_CHECK },
	no_tsme = { .platform_set = SNP_PLATFORM_TSME },
	no_ecc = { .platform_clear = SNP_PLATFORM_ECC },
	genoa_only = { .products = 1u << SNP_GENOA },
	milan_too = { .products = 1u << SNP_GENOA | 1u << SNP_MILAN },
	crl = { .crl = true },
	floor_met = { .floor[SNP_MILAN] = { [SNP_REPORTED] = { 0, 4, 1, 24, 219 },
		[SNP_LAUNCH] = { 0, 4, 1, 24, 219 } },
		.floor[SNP_GENOA] = { [SNP_REPORTED] = { 255, 255, 255, 255, 255 } } },
	floor_bl = { .floor[SNP_MILAN][SNP_REPORTED][SNP_BOOTLOADER] = 5 },
	floor_tee = { .floor[SNP_MILAN][SNP_COMMITTED][SNP_TEE] = 2 },
	floor_snp = { .floor[SNP_MILAN][SNP_CURRENT][SNP_FIRMWARE] = 25 },
	floor_ucode = { .floor[SNP_MILAN][SNP_LAUNCH][SNP_MICROCODE] = 220 };

#define OWN_CHAIN   "own/vcek.der", "own/ask.der", "own/ark.der"
#define MILAN(vek)  vek, "common/test-Milan-ask.der", "common/test-Milan-ark.der"
#define MILAN_VLEK  "synthetic/milan-v3-vlek.vek.der", "common/test-Milan-asvk.der", "common/test-Milan-ark.der"
#define PLAIN       "synthetic/milan-v2-plain.vek.der"

static const struct row {
	const char *name, *report, *vek, *ask, *ark, *table;
	int64_t at;
	const struct snp_policy *policy;
	enum check check; /* the first that fails; CHECK_COUNT: none */
	const char *reason;
} rows[] = {
	{ "own", "own/report.bin", OWN_CHAIN, NULL, OWN, &strict, CHECK_COUNT, "" },
	{ "no policy", "synthetic/milan-v3-debug.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, NULL, CHECK_COUNT, "" },
	{ "debug allowed", "synthetic/milan-v3-debug.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &debug, CHECK_COUNT, "" },
	{ "VMPL 3 allowed", "synthetic/milan-v3-vmpl3.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &vmpl3, CHECK_COUNT, "" },
	{ "VLEK", "synthetic/milan-v3-vlek.report.bin", MILAN_VLEK, NULL, SYNTHETIC, &strict, CHECK_COUNT, "" },
	{ "least SVN", "own/report.bin", OWN_CHAIN, NULL, OWN, &svn_7, CHECK_COUNT, "" },
	{ "alias check", "own/report.bin", OWN_CHAIN, NULL, OWN, &alias_check, CHECK_COUNT, "" },
	{ "line admitted", "own/report.bin", OWN_CHAIN, NULL, OWN, &milan_too, CHECK_COUNT, "" },
	{ "floors met", "own/report.bin", OWN_CHAIN, NULL, OWN, &floor_met, CHECK_COUNT, "" },
	{ "provisional allowed", "own/report.bin", OWN_CHAIN, NULL, OWN, &provisional, CHECK_COUNT, "" },
	{ "cut", "derived/milan-v3-vcek-trustee-14fd2b6e--trunc-671.report.bin", OWN_CHAIN, NULL, OWN, &strict, CHECK_SNP_REPORT, "snp.report.size" },
	{ "table", "own/report.bin", OWN_CHAIN, "table/genoa-v5-vcek-oak-6d1ceffa--overlap.table.bin", OWN, &strict, CHECK_SNP_TABLE, "snp.table.overlap" },
	{ "no VEK", "own/report.bin", NULL, "own/ask.der", "own/ark.der", NULL, OWN, &strict, CHECK_SNP_CHAIN, "snp.chain.incomplete" },
	{ "order", "own/report.bin", "own/vcek.der", "own/ark.der", "own/ask.der", NULL, OWN, &strict, CHECK_SNP_CHAIN_ORDER, "snp.chain.order" },
	{ "key", "synthetic/vek-rsa.report.bin", MILAN("synthetic/vek-rsa.vek.der"), NULL, SYNTHETIC, &strict, CHECK_SNP_CHAIN_ORDER, "snp.chain.key" },
	{ "root", "synthetic/ark-same-name-other-key.report.bin", PLAIN, "synthetic/ark-same-name-other-key.ask.der", "synthetic/ark-same-name-other-key.ark.der", NULL, SYNTHETIC, &strict, CHECK_SNP_CHAIN_ROOT, "snp.chain.root" },
	{ "chain signature", "synthetic/ask-by-other-key.report.bin", PLAIN, "synthetic/ask-by-other-key.ask.der", "common/test-Milan-ark.der", NULL, SYNTHETIC, &strict, CHECK_SNP_CHAIN_SIGNATURE, "snp.chain.signature" },
	{ "too early", "own/report.bin", OWN_CHAIN, NULL, 1767225599, &strict, CHECK_SNP_CHAIN_TIME, "snp.chain.time" },
	{ "too late", "own/report.bin", OWN_CHAIN, NULL, 2524608001, &strict, CHECK_SNP_CHAIN_TIME, "snp.chain.time" },
	{ "extension", "synthetic/ext-missing-3.8.report.bin", MILAN("synthetic/ext-missing-3.8.vek.der"), NULL, SYNTHETIC, &strict, CHECK_SNP_VCEK, "snp.vcek.extension" },
	{ "no CRL", "own/report.bin", OWN_CHAIN, NULL, OWN, &crl, CHECK_SNP_CRL, "snp.crl.missing" },
	{ "signing key", "synthetic/signingkey-none.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_SIGNING_KEY, "snp.signing-key" },
	{ "VLEK's report", "synthetic/milan-v3-vlek.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_SIGNING_KEY, "snp.signing-key" },
	{ "product", "synthetic/product-mismatch-fms.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_PRODUCT, "snp.product" },
	{ "TCB above the key's", "synthetic/tcb-bl+1.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_VCEK_TCB, "snp.vcek.tcb" },
	{ "TCB below the key's", "synthetic/tcb-bl-1.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_VCEK_TCB, "snp.vcek.tcb" },
	{ "chip", "synthetic/hwid-mismatch.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_VCEK_HWID, "snp.vcek.hwid" },
	{ "chip hidden", "synthetic/chipid-masked-but-vcek.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_VCEK_HWID, "snp.chip-id.masked" },
	{ "hash", "synthetic/sha256-signed.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_SIGNATURE, "snp.signature" },
	{ "report data", "own/report.bin", OWN_CHAIN, NULL, OWN, &report_data, CHECK_SNP_REPORT_DATA, "snp.report-data" },
	{ "debug", "synthetic/milan-v3-debug.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_DEBUG, "snp.policy.debug" },
	{ "VMPL 1", "synthetic/milan-v3-vmpl1.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_VMPL, "snp.vmpl" },
	{ "VMPL 3", "synthetic/milan-v3-vmpl3.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &strict, CHECK_SNP_VMPL, "snp.vmpl" },
	{ "host's report", "synthetic/milan-v3-vmpl-host.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &vmpl3, CHECK_SNP_VMPL, "snp.vmpl" },
	{ "current below", "synthetic/milan-v3-cur-tcb-lower.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &provisional, CHECK_SNP_TCB_ORDER, "snp.tcb.order" },
	{ "committed below", "synthetic/milan-v3-com-tcb-lower.report.bin", MILAN(PLAIN), NULL, SYNTHETIC, &provisional, CHECK_SNP_TCB_ORDER, "snp.tcb.order" },
	{ "floor of the boot loader", "own/report.bin", OWN_CHAIN, NULL, OWN, &floor_bl, CHECK_SNP_TCB_FLOOR, "snp.tcb.floor" },
	{ "floor of the TEE", "own/report.bin", OWN_CHAIN, NULL, OWN, &floor_tee, CHECK_SNP_TCB_FLOOR, "snp.tcb.floor" },
	{ "floor of the firmware", "own/report.bin", OWN_CHAIN, NULL, OWN, &floor_snp, CHECK_SNP_TCB_FLOOR, "snp.tcb.floor" },
	{ "floor of the microcode", "own/report.bin", OWN_CHAIN, NULL, OWN, &floor_ucode, CHECK_SNP_TCB_FLOOR, "snp.tcb.floor" },
	{ "SMT", "own/report.bin", OWN_CHAIN, NULL, OWN, &no_smt, CHECK_SNP_BITS, "snp.policy.bits" },
	{ "sockets", "own/report.bin", OWN_CHAIN, NULL, OWN, &single_socket, CHECK_SNP_BITS, "snp.policy.bits" },
	{ "platform bit missing", "own/report.bin", OWN_CHAIN, NULL, OWN, &no_tsme, CHECK_SNP_BITS, "snp.policy.bits" },
	{ "platform bit set", "own/report.bin", OWN_CHAIN, NULL, OWN, &no_ecc, CHECK_SNP_BITS, "snp.policy.bits" },
	{ "another line", "own/report.bin", OWN_CHAIN, NULL, OWN, &genoa_only, CHECK_SNP_LINE, "snp.policy.product" },
	{ "measurement", "own/report.bin", OWN_CHAIN, NULL, OWN, &measurement, CHECK_SNP_MEASUREMENT, "snp.launch.mismatch" },
	{ "host data", "own/report.bin", OWN_CHAIN, NULL, OWN, &host_data, CHECK_SNP_HOST_DATA, "snp.host-data" },
	{ "ID key", "own/report.bin", OWN_CHAIN, NULL, OWN, &id_key, CHECK_SNP_ID_BLOCK, "snp.id-block" },
	{ "author key", "own/report.bin", OWN_CHAIN, NULL, OWN, &author_key, CHECK_SNP_ID_BLOCK, "snp.id-block" },
	{ "family", "own/report.bin", OWN_CHAIN, NULL, OWN, &family_id, CHECK_SNP_ID_BLOCK, "snp.id-block" },
	{ "image", "own/report.bin", OWN_CHAIN, NULL, OWN, &image_id, CHECK_SNP_ID_BLOCK, "snp.id-block" },
	{ "SVN", "own/report.bin", OWN_CHAIN, NULL, OWN, &svn_8, CHECK_SNP_SVN, "snp.svn" },
};
/* clang-format on */

static struct bytes
file(const char *name)
{
	char path[256] = "snp/";

	if (name == NULL)
		return (struct bytes){ 0 };
	memcpy(path + 4, name, strlen(name) + 1);
	return certs_file(path, &arena);
}

static void
request(struct snp_request *rq, const struct row *row)
{
	arena_init(&arena, memory, sizeof(memory));
	*rq = (struct snp_request){ .report = file(row->report),
		.table = file(row->table),
		.certificates = { file(row->vek), file(row->ask),
		    file(row->ark) },
		.roots = roots,
		.nroots = nroots,
		.policy = row->policy,
		.at = row->at };
}

static enum check
first_failed(const struct verdict *v)
{
	size_t c = 0;

	while (c < CHECK_COUNT && v->results[c].state != CHECK_FAILED)
		c++;
	return (enum check)c;
}

static void
each_row(void **state)
{
	static struct verdict v;
	bool seen[CHECK_COUNT] = { false };
	struct snp_request rq;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		request(&rq, &rows[i]);
		assert_true(snp_verify(&v, &rq, &arena, &f));
		enum check c = first_failed(&v);

		if (c != rows[i].check)
			fail_msg("%s: %s", rows[i].name,
			    c == CHECK_COUNT ? "accepted" : verdict_code(c));
		if (c == CHECK_COUNT)
			continue;
		if (strcmp(v.results[c].reason, rows[i].reason) != 0)
			fail_msg("%s: %s", rows[i].name, v.results[c].reason);
		assert_string_equal(verdict_word(&v), "rejected");
		seen[c] = true;
	}
	seen[CHECK_SNP_MIGRATE] = true; /* policy_alone */
	/* snplaunch_test.c */
	seen[CHECK_SNP_LAUNCH_FEATURES] = true;
	seen[CHECK_SNP_ID_BLOCK_SIGNED] = true;
	for (size_t c = CHECK_SNP_REPORT; c <= CHECK_SNP_SVN; c++)
		if (!seen[c])
			fail_msg("%s never fails", verdict_code((enum check)c));
}

/* What builds on a refused step is not checked, and is no fact. */
static void
stops_where_refused(void **state)
{
	static struct verdict v;
	struct snp_request rq;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool genuine = rows[i].check > CHECK_SNP_SIGNATURE;

		request(&rq, &rows[i]);
		assert_true(snp_verify(&v, &rq, &arena, &f));
		assert_int_equal(message_find(v.facts, "snp") != NULL, genuine);
		assert_int_equal(
		    v.results[CHECK_SNP_DEBUG].state != CHECK_NOT_CHECKED,
		    genuine && rows[i].policy != NULL);
	}
}

/* The words of a verdict that is asked for nothing, for something, for all. */
static void
words(void **state)
{
	static struct verdict v;
	struct snp_request rq;
	struct snpreport r;
	struct snp_policy want = { 0 };
	struct fault f;

	(void)state;
	request(&rq, &rows[0]);
	rq.policy = NULL;
	assert_true(snp_verify(&v, &rq, &arena, &f));
	assert_string_equal(verdict_word(&v), "incomplete");
	rq.policy = &want;
	assert_true(snp_verify(&v, &rq, &arena, &f));
	assert_string_equal(verdict_word(&v), "incomplete");
	assert_true(snpreport_parse(&r, rq.report, &f));
	want = (struct snp_policy){ .report_data = r.report_data,
		.measurement = r.measurement,
		.host_data = r.host_data,
		.id_key = r.id_key_digest,
		.author_key = r.author_key_digest,
		.family_id = r.family_id,
		.image_id = r.image_id };
	assert_true(snp_verify(&v, &rq, &arena, &f));
	assert_string_equal(verdict_word(&v), "accepted");
	assert_int_equal(v.results[CHECK_SNP_ID_BLOCK].state, CHECK_PASSED);
	assert_int_equal(
	    v.results[CHECK_SNP_TCB_FLOOR].state, CHECK_NOT_CHECKED);
}

static void
facts(void **state)
{
	static const char *const texts[][2] = {
		{ "snp/product", "Milan" },
		{ "snp/signing-key", "vcek" },
		{ "snp/policy/raw", "0x3001f" },
		{ "snp/current-version", "1.55.29" },
		{ "snp/tcb/reported/raw", "db18000000000104" },
		{ "snp/current-mitigations", "0x5" },
		{ "snp/family-id", "000102030405060708090a0b0c0d0e0f" },
	};
	static struct verdict v;
	struct snp_request rq;
	const struct message *snp;
	struct bytes text;
	int64_t number;
	struct fault f;

	(void)state;
	request(&rq, &rows[0]);
	assert_true(snp_verify(&v, &rq, &arena, &f));
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_true(message_find_bytes(&text, v.facts, texts[i][0]));
		if (!bytes_is(text, texts[i][1]))
			fail_msg("%s: %.*s", texts[i][0], (int)text.n,
			    (const char *)text.p);
	}
	assert_true(
	    message_find_integer(&number, v.facts, "snp/tcb/launch/microcode"));
	assert_int_equal(number, 219);
	assert_null(message_find(v.facts, "snp/tcb/launch/fmc"));
	assert_true(message_find_message(&snp, v.facts, "snp"));
	assert_in_range(snp->count, 1, MESSAGE_KEYS_MAX);
}

/* A migration agent and provisional firmware: no signed vector has them. */
static void
policy_alone(void **state)
{
	static struct verdict v;
	struct snp_request rq;
	struct snpreport r;
	struct snp_policy want = { 0 };
	struct fault f;

	(void)state;
	request(&rq, &rows[0]);
	assert_true(snpreport_parse(&r, rq.report, &f));
	for (size_t i = 0; i < 5; i++) {
		struct snpreport changed = r;

		changed.policy |= i == 0 ? SNP_POLICY_MIGRATE_MA : 0;
		changed.current_tcb += i == 1 ? UINT64_C(1) << 56 : 0;
		if (i == 2)
			changed.current.build++;
		changed.launch_tcb += i == 3 ? UINT64_C(1) << 48 : 0;
		changed.reported_tcb += i == 4 ? 1 : 0;
		enum check c = i == 0 ? CHECK_SNP_MIGRATE : CHECK_SNP_TCB_ORDER;

		for (size_t allowed = 0; allowed < 2; allowed++) {
			bool passes = allowed == 1 && i < 3;

			want.migrate_ma = want.provisional = allowed == 1;
			verdict_init(&v, ENGINE_SNP, &arena);
			snppolicy_check(&v, &want, &changed, SNP_MILAN);
			assert_int_equal(
			    first_failed(&v), passes ? CHECK_COUNT : c);
			if (!passes)
				assert_string_equal(
				    v.results[c].reason, verdict_code(c));
		}
	}
}

/* clang-format off */
static const struct {
	const char *files[2];
	const char *reason; /* NULL: accepted */
	bool needs_ark;
} lists[] = {
	{ { "own/ark.crl", NULL },           NULL, true },
	{ { "own/ark.crl", "own/ask.crl" },  NULL, true },
	{ { "own/ask.crl", NULL },           NULL, false },
	{ { "own/ask.crl", NULL },           "snp.crl.missing", true },
	{ { "own/ask.crl", "own/ark-revokes.crl" }, "snp.crl.revoked", false },
	{ { "own/ask-revokes.crl", "own/ark.crl" }, "snp.crl.revoked", true },
	{ { "own/ark-forged.crl", NULL },    "snp.crl.signature", false },
	{ { "own/report.bin", NULL },        "snp.crl.syntax", false },
};
/* clang-format on */

static void
revocation(void **state)
{
	static struct verdict v;
	static struct snp_cache cache;
	struct snp_request rq;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		request(&rq, &rows[0]);
		rq.policy = lists[i].needs_ark ? &crl : &strict;
		rq.cache = &cache;
		while (rq.ncrls < 2 && lists[i].files[rq.ncrls] != NULL) {
			rq.crls[rq.ncrls] = file(lists[i].files[rq.ncrls]);
			rq.ncrls++;
		}
		assert_true(snp_verify(&v, &rq, &arena, &f));
		const struct check_result *got = &v.results[CHECK_SNP_CRL];

		assert_int_equal(got->state,
		    lists[i].reason == NULL ? CHECK_PASSED : CHECK_FAILED);
		if (lists[i].reason != NULL)
			assert_string_equal(got->reason, lists[i].reason);
	}
	assert_false(cache.slots[0].used);
}

/* A known chain gives the same verdict; another certificate, root or time
 * does not come from the cache. */
static void
cached(void **state)
{
	static struct snp_cache cache;
	static struct verdict v;
	struct snp_request rq;
	struct fault f;

	(void)state;
	for (size_t turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < COUNT(rows); i++) {
			request(&rq, &rows[i]);
			rq.cache = &cache;
			assert_true(snp_verify(&v, &rq, &arena, &f));
			assert_int_equal(first_failed(&v), rows[i].check);
		}
		assert_true(cache.slots[0].used);
	}
	request(&rq, &rows[0]);
	rq.cache = &cache;
	rq.at = 1767225599;
	assert_true(snp_verify(&v, &rq, &arena, &f));
	assert_int_equal(first_failed(&v), CHECK_SNP_CHAIN_TIME);
	rq.at = OWN;
	rq.roots = NULL;
	assert_true(snp_verify(&v, &rq, &arena, &f));
	assert_int_equal(first_failed(&v), CHECK_SNP_CHAIN_ROOT);
	for (size_t i = 0; i < 2 * SNP_CACHE_MAX; i++) {
		rq.roots = roots;
		rq.store = bytes_of(other, 1 + i % 64);
		assert_true(snp_verify(&v, &rq, &arena, &f));
		assert_int_equal(first_failed(&v), CHECK_COUNT);
		arena_reset(&arena);
		request(&rq, &rows[0]);
		rq.cache = &cache;
	}
}

static void
memory_is_bounded(void **state)
{
	static struct verdict v;
	static uint8_t block[128 << 10];
	struct snp_request rq;
	struct arena small;
	struct fault f;

	(void)state;
	request(&rq, &rows[0]);
	for (size_t n = 0; n < sizeof(block); n += 997) {
		arena_init(&small, block, n);
		bool fits = snp_verify(&v, &rq, &small, &f);

		if (!fits)
			assert_string_equal(f.reason, "limit.memory");
		else
			assert_int_equal(first_failed(&v), CHECK_COUNT);
	}
	arena_init(&small, block, sizeof(block));
	assert_true(snp_verify(&v, &rq, &small, &f));
}

static int
start(void **state)
{
	static const char *const arks[] = { "own/ark.der",
		"common/test-Milan-ark.der" };
	struct fault f;

	(void)state;
	if (!crypto_start(0, &f))
		return -1;
	arena_init(&arena, kept, sizeof(kept));
	for (size_t i = 0; i < COUNT(arks); i++)
		if (!snpchain_root(&roots[nroots++], file(arks[i]), &arena, &f))
			return -1;
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
		cmocka_unit_test(stops_where_refused),
		cmocka_unit_test(words),
		cmocka_unit_test(facts),
		cmocka_unit_test(policy_alone),
		cmocka_unit_test(revocation),
		cmocka_unit_test(cached),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests_name("snp", tests, start, NULL);
}
