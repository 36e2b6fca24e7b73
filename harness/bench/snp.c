/* SPDX-License-Identifier: Apache-2.0 */
/* A report of SEV-SNP judged, its chain unknown and known, against OpenSSL
 * alone with everything loaded: snp REPORT VEK.der ASK.der ARK.der. All run in
 * every round; prints "NAME MICROSECONDS", the medians. */
#include "core/verdict/snp.h"
#include "core/crypto/crypto.h"
#include "harness/bench/rows.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>

#define BLOCK (1u << 20)

/* One signature, what it is over, and the key that made it. */
struct raw {
	EVP_PKEY *key;
	bool pss;
	struct bytes content, signature;
};

static struct arena kept, arena;
static struct raw raws[4]; /* the report's, the VEK's, the ASK's, the ARK's */
static struct snp_request request;
static struct snp_cache cache;

static bool
load_certificate(struct raw *raw, struct bytes der, X509 *issuer)
{
	const uint8_t *p = der.p;
	const ASN1_BIT_STRING *signature;
	const X509_ALGOR *algorithm;
	uint8_t *content = NULL;
	X509 *cert = d2i_X509(NULL, &p, (long)der.n);
	int n = i2d_re_X509_tbs(cert, &content);

	X509_get0_signature(&signature, &algorithm, cert);
	raw->key = X509_get_pubkey(issuer);
	raw->pss = true;
	raw->content = bytes_of(content, n < 0 ? 0 : (size_t)n);
	raw->signature = bytes_of(signature->data, (size_t)signature->length);
	return raw->key != NULL && n > 0;
}

static bool
load_report(struct raw *raw, X509 *vek)
{
	struct snpreport r;
	struct snp_signature s;
	struct fault f;
	uint8_t *der = NULL;
	ECDSA_SIG *pair = ECDSA_SIG_new();

	if (!snpreport_parse(&r, request.report, &f) ||
	    !snpreport_signature(&s, &r, &f) ||
	    ECDSA_SIG_set0(pair, BN_bin2bn(s.r, sizeof(s.r), NULL),
		BN_bin2bn(s.s, sizeof(s.s), NULL)) != 1)
		return false;
	int n = i2d_ECDSA_SIG(pair, &der);

	raw->key = X509_get_pubkey(vek);
	raw->content = bytes_of(request.report.p, SNPREPORT_SIGNED);
	raw->signature = bytes_of(der, n < 0 ? 0 : (size_t)n);
	return raw->key != NULL && n > 0;
}

static X509 *
certificate(struct bytes der)
{
	const uint8_t *p = der.p;

	return d2i_X509(NULL, &p, (long)der.n);
}

static bool
set_up(char **names)
{
	struct snp_certificates *c = &request.certificates;
	struct snpchain chain;
	struct fault f = { 0 };

	if (!rows_file(&request.report, names[0], &kept) ||
	    !rows_file(&c->vek, names[1], &kept) ||
	    !rows_file(&c->ask, names[2], &kept) ||
	    !rows_file(&c->ark, names[3], &kept) ||
	    !snpchain_parse(&chain, c, (struct bytes){ 0 }, &kept, &f)) {
		(void)fprintf(stderr, "snp: %s\n", f.why);
		return false;
	}
	request.at = chain.vek.not_before;
	X509 *ark = certificate(c->ark), *ask = certificate(c->ask);

	return load_report(&raws[0], certificate(c->vek)) &&
	       load_certificate(&raws[1], c->vek, ask) &&
	       load_certificate(&raws[2], c->ask, ark) &&
	       load_certificate(&raws[3], c->ark, ark);
}

static bool
verify(const struct raw *raw)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *with = NULL;
	bool good = EVP_DigestVerifyInit(
			ctx, &with, EVP_sha384(), NULL, raw->key) == 1 &&
		    (!raw->pss ||
			(EVP_PKEY_CTX_set_rsa_padding(
			     with, RSA_PKCS1_PSS_PADDING) == 1 &&
			    EVP_PKEY_CTX_set_rsa_pss_saltlen(with, 48) == 1)) &&
		    EVP_DigestVerify(ctx, raw->signature.p, raw->signature.n,
			raw->content.p, raw->content.n) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

static bool
raw_report(void)
{
	return verify(&raws[0]);
}

static bool
raw_chain(void)
{
	return verify(&raws[0]) && verify(&raws[1]) && verify(&raws[2]) &&
	       verify(&raws[3]);
}

static bool
judge(void)
{
	struct verdict v;
	struct fault f;

	arena_reset(&arena);
	return snp_verify(&v, &request, &arena, &f) &&
	       v.results[CHECK_SNP_SIGNATURE].state == CHECK_PASSED;
}

static bool
judge_cold(void)
{
	request.cache = NULL;
	return judge();
}

static bool
judge_known(void)
{
	request.cache = &cache;
	return judge();
}

static bool
parse(void)
{
	struct snpchain chain;
	struct fault f;

	arena_reset(&arena);
	return snpchain_parse(
	    &chain, &request.certificates, (struct bytes){ 0 }, &arena, &f);
}

static struct bench_row rows[] = {
	{ "cold", judge_cold, { 0 } },
	{ "known", judge_known, { 0 } },
	{ "raw-chain", raw_chain, { 0 } },
	{ "raw-report", raw_report, { 0 } },
	{ "parse", parse, { 0 } },
};
#define ROWS (sizeof(rows) / sizeof(*rows))

int
main(int argc, char **argv)
{
	static uint8_t blocks[2][BLOCK];
	struct fault f = { 0 };

	arena_init(&kept, blocks[0], BLOCK);
	arena_init(&arena, blocks[1], BLOCK);
	if (argc != 5) {
		(void)fputs(
		    "usage: snp REPORT VEK.der ASK.der ARK.der\n", stderr);
		return 100;
	}
	if (!crypto_start(0, &f) || !set_up(argv + 1))
		return 111;
	return rows_run(rows, ROWS);
}
