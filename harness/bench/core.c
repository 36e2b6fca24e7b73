/* SPDX-License-Identifier: Apache-2.0 */
/* What the core needs for one measurement, and OpenSSL alone for the operations
 * that cannot be avoided: core MEASUREMENT.json ROOTS.pem. Every row runs in
 * every round; prints "NAME MICROSECONDS", the medians, and the bytes. */
#include "core/crypto/crypto.h"
#include "core/crypto/rsa.h"
#include "core/message/commit.h"
#include "core/message/httpsig.h"
#include "core/message/id.h"
#include "core/message/json.h"
#include "core/message/pack.h"
#include "core/verdict/verify.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS      9u
#define ROUND_US    15000.0
#define FILE_MAX    (4u << 20)
#define BLOCK       (32u << 20)
#define SIGNED_SIZE 4096u /* bytes of a signature base, about */

static struct arena kept, arena;
static struct fault fault;

/* The measurement in each form. */
static struct {
	struct bytes json, roots, packed, modulus, signature, certificate;
	struct message *m;
	struct http_message bundle;
} in;

/* A key of OpenSSL's own and a signature by it. */
struct raw {
	EVP_PKEY *key;
	bool pss;
	uint8_t signature[512];
	size_t n;
};

static struct raw rsa = { .pss = true }, p256;
static X509_STORE *store;

static double
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static bool
raw_init(EVP_MD_CTX *ctx, const struct raw *raw, bool verify)
{
	const EVP_MD *md = raw->pss ? EVP_sha512() : EVP_sha256();
	EVP_PKEY_CTX *with = NULL;
	int good = verify ? EVP_DigestVerifyInit(ctx, &with, md, NULL, raw->key)
			  : EVP_DigestSignInit(ctx, &with, md, NULL, raw->key);

	return good == 1 &&
	       (!raw->pss ||
		   (EVP_PKEY_CTX_set_rsa_padding(with, RSA_PKCS1_PSS_PADDING) ==
			   1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(with, 64) == 1));
}

static bool
raw_sign(struct raw *raw)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	raw->n = sizeof(raw->signature);
	bool good = raw_init(ctx, raw, false) &&
		    EVP_DigestSign(ctx, raw->signature, &raw->n, in.packed.p,
			SIGNED_SIZE) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

static bool
raw_verify(const struct raw *raw)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = raw_init(ctx, raw, true) &&
		    EVP_DigestVerify(ctx, raw->signature, raw->n, in.packed.p,
			SIGNED_SIZE) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

static bool
raw_rsa(void)
{
	return raw_verify(&rsa);
}

static bool
raw_p256(void)
{
	return raw_verify(&p256);
}

static bool
raw_sha256(void)
{
	uint8_t digest[32];

	return EVP_Digest(in.packed.p, in.packed.n, digest, NULL, EVP_sha256(),
		   NULL) == 1;
}

static bool
raw_chain(void)
{
	const uint8_t *p = in.certificate.p;
	X509 *leaf = d2i_X509(NULL, &p, (long)in.certificate.n);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good = leaf != NULL &&
		    X509_STORE_CTX_init(ctx, store, leaf, NULL) == 1 &&
		    X509_verify_cert(ctx) == 1;

	X509_STORE_CTX_free(ctx);
	X509_free(leaf);
	return good;
}

static bool
message_packed(void)
{
	struct bytes out;

	return message_pack(&out, in.m, &arena, &fault);
}

static bool
message_unpacked(void)
{
	struct message *out;

	return message_unpack(&out, in.packed, &arena, &fault);
}

static bool
message_named(void)
{
	struct message_id id;

	return message_unsigned_id(&id, in.m, &arena, &fault);
}

static bool
message_linked(void)
{
	struct http_message out;

	return httpsig_encode(&out, in.m, HTTPSIG_LINK, &arena, &fault);
}

static bool
message_bundled(void)
{
	struct http_message out;

	return httpsig_encode(&out, in.m, HTTPSIG_BUNDLE, &arena, &fault);
}

static bool
bundle_read(void)
{
	struct message *out;

	return httpsig_decode(&out, &in.bundle, &arena, &fault);
}

static bool
json_written(void)
{
	struct bytes out;

	return json_encode(&out, in.m, &arena, &fault);
}

static bool
json_read(void)
{
	struct message *out;

	return json_decode(&out, in.json, &arena, &fault);
}

static bool
base_made(void)
{
	struct bytes out;

	return commit_base(&out, in.m, in.modulus, &arena, &fault);
}

static bool
signature_verified(void)
{
	struct message_id signer;

	return commit_verify(&signer, in.m, &arena, &fault);
}

static bool
verdict_given(void)
{
	static struct verdict v;
	const struct verify_request rq = { .envelope = in.m,
		.purpose = BYTES("boot"),
		.roots = in.roots,
		.at = time(NULL),
		.without_activation = true };

	return verify_measurement(&v, &rq, &arena, &fault) &&
	       strcmp(verdict_word(&v), "accepted") == 0;
}

/* clang-format off */
static struct row {
	const char *name;
	bool (*run)(void);
	double us[ROUNDS];
} rows[] = {
	{ "raw-rsa4096",   raw_rsa,            { 0 } },
	{ "raw-p256",      raw_p256,           { 0 } },
	{ "raw-sha256",    raw_sha256,         { 0 } },
	{ "raw-chain",     raw_chain,          { 0 } },
	{ "pack",          message_packed,     { 0 } },
	{ "unpack",        message_unpacked,   { 0 } },
	{ "id",            message_named,      { 0 } },
	{ "httpsig-link",  message_linked,     { 0 } },
	{ "httpsig-write", message_bundled,    { 0 } },
	{ "httpsig-read",  bundle_read,        { 0 } },
	{ "json-write",    json_written,       { 0 } },
	{ "json-read",     json_read,          { 0 } },
	{ "base",          base_made,          { 0 } },
	{ "verify",        signature_verified, { 0 } },
	{ "verdict",       verdict_given,      { 0 } },
};
/* clang-format on */
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool
need(bool good, const char *what)
{
	if (!good)
		(void)fprintf(stderr, "core: %s failed: %s %s\n", what,
		    fault.reason, fault.why);
	return good;
}

static bool
file_read(struct bytes *out, const char *path)
{
	uint8_t *to = arena_alloc(&kept, FILE_MAX);
	FILE *file = fopen(path, "rb");

	if (to == NULL || file == NULL)
		return false;
	*out = bytes_of(to, fread(to, 1, FILE_MAX, file));
	return fclose(file) == 0 && out->n > 0;
}

static bool
store_fill(void)
{
	BIO *pem = BIO_new_mem_buf(in.roots.p, (int)in.roots.n);
	X509 *one;

	store = X509_STORE_new();
	/* An EK certificate's extensions are critical and TCG's own. */
	(void)X509_STORE_set_flags(store, X509_V_FLAG_IGNORE_CRITICAL);
	while ((one = PEM_read_bio_X509(pem, NULL, NULL, NULL)) != NULL) {
		(void)X509_STORE_add_cert(store, one);
		X509_free(one);
	}
	BIO_free(pem);
	return store != NULL;
}

static bool
set_up(const char *json, const char *roots)
{
	uint8_t *modulus = arena_alloc(&kept, RSA_WALLET_BYTES);

	in.modulus = bytes_of(modulus, RSA_WALLET_BYTES);
	memset(modulus, 0xa5, RSA_WALLET_BYTES);
	rsa.key = EVP_RSA_gen(RSA_WALLET_BITS);
	p256.key = EVP_EC_gen("P-256");
	return need(file_read(&in.json, json) && file_read(&in.roots, roots),
		   "reading") &&
	       need(json_decode(&in.m, in.json, &kept, &fault) &&
			message_pack(&in.packed, in.m, &kept, &fault) &&
			message_find_base64(&in.certificate, in.m,
			    "evidence/ek-certificate", &kept, &fault) &&
			httpsig_encode(
			    &in.bundle, in.m, HTTPSIG_BUNDLE, &kept, &fault),
		   "the measurement") &&
	       need(in.packed.n > SIGNED_SIZE && raw_sign(&rsa) &&
			raw_sign(&p256) && store_fill(),
		   "OpenSSL");
}

/* Microseconds of one, by as many as fill the time of a round. */
static bool
time_row(struct row *row, size_t round)
{
	double began = now_us(), took;
	size_t n = 0;

	do {
		if (!need(row->run(), row->name))
			return false;
		arena_reset(&arena);
		n++;
		took = now_us() - began;
	} while (took < ROUND_US);
	row->us[round] = took / (double)n;
	return true;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
	static uint8_t blocks[2][BLOCK];

	if (argc != 3) {
		(void)fputs("usage: core MEASUREMENT.json ROOTS.pem\n", stderr);
		return 100;
	}
	arena_init(&kept, blocks[0], BLOCK);
	arena_init(&arena, blocks[1], BLOCK);
	if (!need(crypto_start(0, &fault), "start") ||
	    !set_up(argv[1], argv[2]))
		return 111;
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < ROWS; i++) {
			if (!time_row(&rows[i], round))
				return 111;
		}
	}
	for (size_t i = 0; i < ROWS; i++) {
		qsort(rows[i].us, ROUNDS, sizeof(rows[i].us[0]), by_size);
		(void)printf("%s %.2f\n", rows[i].name, rows[i].us[ROUNDS / 2]);
	}
	(void)printf("bytes %zu\n", in.packed.n);
	return 0;
}
