/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes and event logs of TPMs, against the one operation of OpenSSL that
 * cannot be avoided: tpm LOG, then ATTEST SIGNATURE AK of an ECDSA quote and of
 * an RSASSA quote. Prints "NAME MICROSECONDS", and what the log
 * holds. */
#include "core/verdict/tpm.h"
#include "core/evidence/eventlog.h"
#include "core/evidence/logcheck.h"
#include "core/evidence/replay.h"
#include "core/evidence/signature.h"
#include "harness/bench/rows.h"
#include "harness/fakes/measured.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdio.h>

#define BLOCK (24u << 20)
#define YEAR  (365 * 24 * 3600)

/* A quote with its key loaded, and its signature as OpenSSL has it. */
struct quote {
	struct bytes attest, signature, ak;
	EVP_PKEY *key;
	uint8_t raw[512];
	size_t nraw;
};

static struct arena kept, arena;
static struct quote p256, rsa;
static struct bytes log_bytes;
static struct eventlog log_parsed;
static size_t log_data; /* bytes of data that are hashed */
static struct measured machine;
static struct pcr_bank bank = { .alg = HASH_SHA256 };
static struct tpm_request worst;
static struct bytes chain[X509_CHAIN_MAX];
static EVP_MD *sha256;

static bool
judge(const struct tpm_request *rq)
{
	static struct verdict v;
	struct fault f = { 0 };

	arena_reset(&arena);
	return tpm_verify(&v, rq, &arena, &f) &&
	       strcmp(verdict_word(&v), "accepted") == 0;
}

static bool
judge_quote(const struct quote *q)
{
	static const struct tpm_policy policy = { .any_pcrs = true,
		.without_nonce = true,
		.without_pcrs = true,
		.without_log = true,
		.without_keys = true };
	const struct tpm_request rq = { .attest = q->attest,
		.signature = q->signature,
		.ak = q->ak,
		.policy = &policy };

	return judge(&rq);
}

static bool
raw_quote(const struct quote *q)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good =
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, q->key) == 1 &&
	    EVP_DigestVerify(ctx, q->raw, q->nraw, q->attest.p, q->attest.n) ==
		1;

	EVP_MD_CTX_free(ctx);
	return good;
}

static bool
quote_p256(void)
{
	return judge_quote(&p256);
}

static bool
quote_rsa(void)
{
	return judge_quote(&rsa);
}

static bool
raw_p256(void)
{
	return raw_quote(&p256);
}

static bool
raw_rsa(void)
{
	return raw_quote(&rsa);
}

static bool
log_replayed(void)
{
	struct eventlog log;
	struct replay r;
	struct fault f;

	return eventlog_parse(&log, log_bytes, &f) &&
	       replay_run(&r, &log, HASH_SHA256, &f);
}

static bool
log_checked(void)
{
	struct fault f;

	return logcheck_digests(&log_parsed, HASH_SHA256, &f);
}

/* As many extends, with nothing around them. */
static bool
raw_replayed(void)
{
	static uint8_t block[64];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL;

	for (size_t i = 0; good && i < log_parsed.count; i++)
		good = EVP_DigestInit_ex2(ctx, sha256, NULL) == 1 &&
		       EVP_DigestUpdate(ctx, block, sizeof(block)) == 1 &&
		       EVP_DigestFinal_ex(ctx, block, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

static bool
raw_checked(void)
{
	uint8_t digest[32];

	return EVP_Digest(log_bytes.p, log_data, digest, NULL, sha256, NULL) ==
	       1;
}

static bool
worst_case(void)
{
	return judge(&worst);
}

/* clang-format off */
static struct bench_row rows[] = {
	{ "raw-p256",     raw_p256,     { 0 } },
	{ "quote-p256",   quote_p256,   { 0 } },
	{ "raw-rsa2048",  raw_rsa,      { 0 } },
	{ "quote-rsa",    quote_rsa,    { 0 } },
	{ "raw-replay",   raw_replayed, { 0 } },
	{ "log-replay",   log_replayed, { 0 } },
	{ "raw-digests",  raw_checked,  { 0 } },
	{ "log-digests",  log_checked,  { 0 } },
	{ "worst",        worst_case,   { 0 } },
};
/* clang-format on */
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool
need(bool good, const char *what)
{
	if (!good)
		(void)fprintf(stderr, "tpm: %s failed\n", what);
	return good;
}

static BIGNUM *
number(struct bytes in)
{
	return BN_bin2bn(in.p, (int)in.n, NULL);
}

static EVP_PKEY *
load_key(const struct public_key *key)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY *out = NULL;
	uint8_t point[65] = { 4 };
	bool ec = key->kind != KEY_RSA;
	EVP_PKEY_CTX *ctx =
	    EVP_PKEY_CTX_new_from_name(NULL, ec ? "EC" : "RSA", NULL);

	if (ec) {
		memcpy(point + 1, key->x.p, 32);
		memcpy(point + 33, key->y.p, 32);
		(void)OSSL_PARAM_BLD_push_utf8_string(
		    b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
		(void)OSSL_PARAM_BLD_push_octet_string(
		    b, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point));
	} else {
		(void)OSSL_PARAM_BLD_push_BN(
		    b, OSSL_PKEY_PARAM_RSA_N, number(key->modulus));
		(void)OSSL_PARAM_BLD_push_ulong(
		    b, OSSL_PKEY_PARAM_RSA_E, 65537);
	}
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);

	(void)EVP_PKEY_fromdata_init(ctx);
	(void)EVP_PKEY_fromdata(ctx, &out, EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	EVP_PKEY_CTX_free(ctx);
	return out;
}

static void
set_raw(struct quote *q, const struct signature *s)
{
	unsigned char *der = q->raw;
	ECDSA_SIG *sig = ECDSA_SIG_new();

	if (s->scheme == TPM_ALG_ECDSA) {
		(void)ECDSA_SIG_set0(sig, number(s->r), number(s->s));
		q->nraw = (size_t)i2d_ECDSA_SIG(sig, &der);
	} else {
		q->nraw = s->rsa.n;
		memcpy(q->raw, s->rsa.p, s->rsa.n);
	}
	ECDSA_SIG_free(sig);
}

static bool
quote_read(struct quote *q, char **files)
{
	struct public_area area;
	struct signature s;
	struct fault f;

	if (!rows_file(&q->attest, files[0], &kept) ||
	    !rows_file(&q->signature, files[1], &kept) ||
	    !rows_file(&q->ak, files[2], &kept) ||
	    !public_parse(&area, q->ak, &f) ||
	    !signature_parse(&s, q->signature, &f))
		return false;
	q->key = load_key(&area.key);
	set_raw(q, &s);
	return q->key != NULL;
}

/* The largest log, of the smallest events. */
static void
fill_log(struct measured *m)
{
	uint8_t *all = arena_alloc(m->a, EVENTLOG_SIZE_MAX);
	struct buf log = buf_over(all, EVENTLOG_SIZE_MAX);

	buf_put(&log, bytes_of(m->log, m->nlog));
	while (log.used + 50 <= EVENTLOG_SIZE_MAX)
		measured_log_event(&log, 9, EV_IPL, BYTES(""));
	m->log = all;
	m->nlog = log.used;
}

/* As many certificates and roots as are taken. */
static void
fill_chain(void)
{
	struct buf roots = buf_in(&kept, X509_ROOTS_MAX * machine.roots.n);
	struct measured_certificate c = { MEASURED_OTHER_CA, MEASURED_CA, true,
		MEASURED_AT - YEAR, MEASURED_AT + YEAR, NULL, NULL };

	for (size_t i = 0; i < X509_CHAIN_MAX; i++)
		chain[i] = measured_certify(&c, &kept);
	for (size_t i = 0; i < X509_ROOTS_MAX; i++)
		buf_put(&roots, machine.roots);
	c.of = MEASURED_EK_RSA;
	c.by = MEASURED_OTHER_CA;
	c.is_ca = false;
	worst.ek_certificate = measured_certify(&c, &kept);
	worst.chain = chain;
	worst.nchain = X509_CHAIN_MAX;
	worst.roots = buf_bytes(&roots);
}

static void
worst_make(void)
{
	const struct measured_change large = { MEASURED_BOOTED, fill_log };
	const struct measured_plan plan = { .ek = MEASURED_EK_RSA,
		.purpose = "boot",
		.changes = &large,
		.nchanges = 1 };

	measured_open();
	measured_make(&machine, &plan, &kept);
	for (size_t i = 0; i < PCR_COUNT; i++) {
		if ((PCR_QUOTED >> i & 1) != 0)
			bank.values[i] = BYTES_OF(&machine.pcrs[i]);
	}
	worst = (struct tpm_request){
		.attest = machine.attest,
		.signature = machine.signature,
		.ak = machine.ak,
		.banks = &bank,
		.nbanks = 1,
		.nonce = machine.quote.nonce,
		.log = bytes_of(machine.log, machine.nlog),
		.ek = machine.ek,
		.at = MEASURED_AT,
		.activation = &machine.claim,
	};
	fill_chain();
}

static bool
log_read(const char *path)
{
	struct eventlog_walk w;
	struct eventlog_event event;
	struct fault f;

	if (!rows_file(&log_bytes, path, &kept) ||
	    !eventlog_parse(&log_parsed, log_bytes, &f))
		return false;
	w = eventlog_walk(&log_parsed);
	while (eventlog_next(&w, &event))
		log_data += event.data.n;
	return true;
}

int
main(int argc, char **argv)
{
	static uint8_t blocks[2][BLOCK];

	if (argc != 8) {
		(void)fputs(
		    "usage: tpm LOG ATTEST SIG AK ATTEST SIG AK\n", stderr);
		return 100;
	}
	arena_init(&kept, blocks[0], BLOCK);
	arena_init(&arena, blocks[1], BLOCK);
	worst_make();
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!need(log_read(argv[1]), "the log") ||
	    !need(quote_read(&p256, argv + 2), "the ECDSA quote") ||
	    !need(quote_read(&rsa, argv + 5), "the RSA quote"))
		return 111;
	int status = rows_run(rows, ROWS);

	(void)printf("bytes %zu\nevents %zu\ndata %zu\nworst-arena %zu\n",
	    log_bytes.n, log_parsed.count, log_data,
	    need(worst_case(), "worst") ? arena.used : 0);
	return status;
}
