/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of an Android key judged, against the signatures in it verified by
 * OpenSSL alone with everything loaded: android CERT.der ... (the key's first).
 * Both run in every round; prints "NAME MICROSECONDS", the medians. */
#include "core/verdict/android.h"
#include "core/crypto/crypto.h"
#include "harness/bench/rows.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>

#define BLOCK (1u << 20)

/* One signature of the chain, and the key that made it. */
struct raw {
	EVP_PKEY *key;
	const EVP_MD *md;
	uint8_t *signed_part;
	int n;
	const ASN1_BIT_STRING *signature;
};

static struct arena kept, arena;
static struct keychain chain;
static struct raw raws[KEYCHAIN_MAX];
static struct android_request request = {
	.without_challenge = true,
	.without_revocation = true,
};

static X509 *
certificate(size_t i)
{
	const uint8_t *p = chain.certs[i].whole.p;

	return d2i_X509(NULL, &p, (long)chain.certs[i].whole.n);
}

static bool
load_raw(struct raw *raw, X509 *cert, X509 *issuer)
{
	const X509_ALGOR *algorithm;
	int digest = NID_undef;

	raw->n = i2d_re_X509_tbs(cert, &raw->signed_part);
	X509_get0_signature(&raw->signature, &algorithm, cert);
	raw->key = X509_get_pubkey(issuer);
	if (OBJ_find_sigid_algs(
		OBJ_obj2nid(algorithm->algorithm), &digest, NULL) != 1)
		return false;
	raw->md = EVP_get_digestbynid(digest);
	return raw->key != NULL && raw->n > 0;
}

/* At a time when all of them are valid. */
static bool
set_up(struct bytes *certs, size_t n)
{
	struct fault f = { 0 };

	if (!keychain_parse(&chain, certs, n, &f)) {
		(void)fprintf(stderr, "android: %s\n", f.why);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (chain.certs[i].not_before > request.at)
			request.at = chain.certs[i].not_before;
		if (!load_raw(&raws[i], certificate(i),
			certificate(i + 1 < n ? i + 1 : i)))
			return false;
	}
	request.certs = certs;
	request.ncerts = n;
	return true;
}

static bool
raw_verify(void)
{
	bool good = true;

	for (size_t i = 0; i < chain.n && good; i++) {
		const struct raw *raw = &raws[i];
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();

		good = EVP_DigestVerifyInit(
			   ctx, NULL, raw->md, NULL, raw->key) == 1 &&
		       EVP_DigestVerify(ctx, raw->signature->data,
			   (size_t)raw->signature->length, raw->signed_part,
			   (size_t)raw->n) == 1;
		EVP_MD_CTX_free(ctx);
	}
	return good;
}

static bool
verdict(void)
{
	struct verdict v;
	struct fault f;

	arena_reset(&arena);
	verdict_init(&v, ENGINE_ANDROID, &arena);
	v.bare = true;
	return android_verify(&v, &request, &arena, &f) &&
	       v.results[CHECK_ANDROID_ROOT_KEY].state == CHECK_PASSED;
}

static bool
parse(void)
{
	struct keychain read;
	struct fault f;

	return keychain_parse(&read, request.certs, request.ncerts, &f);
}

static struct bench_row rows[] = {
	{ "verdict", verdict, { 0 } },
	{ "raw", raw_verify, { 0 } },
	{ "parse", parse, { 0 } },
};
#define ROWS (sizeof(rows) / sizeof(*rows))

int
main(int argc, char **argv)
{
	static uint8_t blocks[2][BLOCK];
	static struct bytes certs[KEYCHAIN_MAX];
	struct fault f = { 0 };
	size_t n = (size_t)argc - 1;

	arena_init(&kept, blocks[0], BLOCK);
	arena_init(&arena, blocks[1], BLOCK);
	for (size_t i = 0; i < n && i < KEYCHAIN_MAX; i++)
		if (!rows_file(&certs[i], argv[i + 1], &kept))
			return 111;
	if (!crypto_start(0, &f) || !set_up(certs, n))
		return 111;
	return rows_run(rows, ROWS);
}
