/* SPDX-License-Identifier: Apache-2.0 */
/* core/message by size of a message: each row is run in turn with what OpenSSL
 * alone takes to hash the body and verify the signature. Prints lines of SIZE, OPERATION,
 * microseconds, microseconds of OpenSSL (0: nothing to compare), bytes of the
 * arena: medians. */
#include "core/crypto/rsa.h"
#include "core/message/ans104.h"
#include "core/message/commit.h"
#include "core/message/httpsig.h"
#include "core/message/id.h"
#include "core/message/json.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS   9u
#define ROUND_US 15000.0
#define BLOCK    (16u << 20)

static struct arena kept, arena;
static struct fault fault;
static EVP_PKEY *key;
static struct bytes modulus;

/* One size of message in every form. */
static struct {
	struct message *plain, *m; /* without and with a signature */
	struct http_message http;
	struct bytes base, signature, json, item;
} in;

static double
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static bool
set_padding(EVP_PKEY_CTX *with, int salt)
{
	return EVP_PKEY_CTX_set_rsa_padding(with, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(with, salt) == 1;
}

static bool
raw_sign(struct bytes *out, struct bytes base, const EVP_MD *md)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *with = NULL;
	uint8_t *to = arena_alloc(&kept, RSA_WALLET_BYTES);
	size_t n = RSA_WALLET_BYTES;
	bool good = to != NULL &&
		    EVP_DigestSignInit(ctx, &with, md, NULL, key) == 1 &&
		    set_padding(with, EVP_MD_get_size(md)) &&
		    EVP_DigestSign(ctx, to, &n, base.p, base.n) == 1;

	EVP_MD_CTX_free(ctx);
	*out = bytes_of(to, n);
	return good;
}

static bool
raw_rsa(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *with = NULL;
	bool good =
	    EVP_DigestVerifyInit(ctx, &with, EVP_sha512(), NULL, key) == 1 &&
	    set_padding(with, RSA_PSS_SALTLEN_AUTO) &&
	    EVP_DigestVerify(
		ctx, in.signature.p, in.signature.n, in.base.p, in.base.n) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

/* A body has to be hashed by whoever verifies what is signed of it. */
static bool
raw_verified(void)
{
	uint8_t digest[64];

	return raw_rsa() && EVP_Digest(in.http.body.p, in.http.body.n, digest,
				NULL, EVP_sha256(), NULL) == 1;
}

static bool
raw_item(void)
{
	uint8_t digest[64];

	return raw_rsa() && EVP_Digest(in.item.p, in.item.n, digest, NULL,
				EVP_sha384(), NULL) == 1;
}

static bool
encoded(void)
{
	struct http_message out;

	return httpsig_encode(&out, in.m, HTTPSIG_BUNDLE, &arena, &fault);
}

static bool
decoded(void)
{
	struct message *out;

	return httpsig_decode(&out, &in.http, &arena, &fault);
}

static bool
named(void)
{
	struct message_id id;

	return message_unsigned_id(&id, in.plain, &arena, &fault);
}

static bool
verified(void)
{
	struct message_id signer;

	return commit_verify(&signer, in.m, &arena, &fault);
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
item_verified(void)
{
	struct message_id signer;
	struct message *m;

	return ans104_decode(&m, in.item, &arena, &fault) &&
	       commit_verify(&signer, m, &arena, &fault);
}

/* clang-format off */
static struct row {
	const char *name;
	bool (*run)(void), (*raw)(void);
	double us[ROUNDS], raw_us[ROUNDS];
	size_t bytes;
} rows[] = {
	{ "encode",      encoded,       NULL,         { 0 }, { 0 }, 0 },
	{ "decode",      decoded,       NULL,         { 0 }, { 0 }, 0 },
	{ "id",          named,         NULL,         { 0 }, { 0 }, 0 },
	{ "verify",      verified,      raw_verified, { 0 }, { 0 }, 0 },
	{ "json-write",  json_written,  NULL,         { 0 }, { 0 }, 0 },
	{ "json-read",   json_read,     NULL,         { 0 }, { 0 }, 0 },
	{ "item-verify", item_verified, raw_item,     { 0 }, { 0 }, 0 },
};

static const struct {
	const char *name;
	unsigned keys, levels;
	size_t body;
} sizes[] = {
	{ "4-keys",      4, 0,     0 },
	{ "16-keys-1k", 15, 0,  1024 },
	{ "nested-4k",   8, 4,  4096 },
	{ "30-keys-64k", 29, 0, 65536 },
};
/* clang-format on */
#define ROWS  (sizeof(rows) / sizeof(rows[0]))
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static bool
need(bool good, const char *what)
{
	if (!good)
		(void)fprintf(
		    stderr, "message: %s failed: %s\n", what, fault.why);
	return good;
}

static struct message *
message_of(size_t size)
{
	struct message *m = message_new(&kept);
	uint8_t *body = arena_alloc(&kept, sizes[size].body + 1);

	for (unsigned i = 0; i < sizes[size].keys; i++)
		message_set(m, arena_print(&kept, "key-%u", i),
		    (struct value){ .bytes = BYTES("a value of some length") });
	for (unsigned i = 0; i < sizes[size].levels; i++) {
		struct message *level = message_new(&kept);

		message_set_integer(level, "number", i);
		message_set_text(level, "text", "a value of some length");
		message_set(m, arena_print(&kept, "level-%u", i),
		    (struct value){ .kind = VALUE_MESSAGE, .message = level });
	}
	if (sizes[size].body != 0 && body != NULL) {
		memset(body, 'x', sizes[size].body);
		message_set_bytes(m, "data", bytes_of(body, sizes[size].body));
	}
	return m;
}

static bool
set_up(size_t size)
{
	struct message *other;
	struct bytes base, signature;

	arena_reset(&kept);
	uint8_t *n = arena_alloc(&kept, RSA_WALLET_BYTES);
	BIGNUM *number = NULL;

	if (n == NULL ||
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &number) != 1 ||
	    BN_bn2binpad(number, n, RSA_WALLET_BYTES) < 0)
		return need(false, "the key");
	BN_free(number);
	modulus = bytes_of(n, RSA_WALLET_BYTES);
	struct ans104_signer by = { .modulus = modulus };

	in.plain = message_of(size);
	in.m = message_of(size);
	other = message_of(size);
	return need(commit_base(&in.base, in.m, modulus, &kept, &fault) &&
			raw_sign(&in.signature, in.base, EVP_sha512()) &&
			commit_attach(in.m, modulus, in.signature, &fault) &&
			httpsig_encode(
			    &in.http, in.m, HTTPSIG_BUNDLE, &kept, &fault) &&
			json_encode(&in.json, in.m, &kept, &fault),
		   "a signed message") &&
	       need(ans104_base(&base, other, &by, &kept, &fault) &&
			raw_sign(&signature, base, EVP_sha256()) &&
			ans104_attach(other, &by, signature, &fault) &&
			ans104_encode(&in.item, other, &kept, &fault),
		   "a data item");
}

/* Microseconds of one, by as many as fill the time of a round. */
static bool
time_one(double *us, bool (*run)(void), size_t *bytes)
{
	double began = now_us(), took;
	size_t n = 0;

	do {
		if (!run())
			return false;
		*bytes = arena.used;
		arena_reset(&arena);
		n++;
		took = now_us() - began;
	} while (took < ROUND_US);
	*us = took / (double)n;
	return true;
}

static int
order(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double
median(double us[ROUNDS])
{
	qsort(us, ROUNDS, sizeof(us[0]), order);
	return us[ROUNDS / 2];
}

static bool
run_size(size_t size)
{
	size_t unused;

	if (!set_up(size))
		return false;
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < ROWS; i++) {
			struct row *row = &rows[i];

			if (!need(time_one(
				      &row->us[round], row->run, &row->bytes),
				row->name) ||
			    (row->raw != NULL &&
				!need(time_one(&row->raw_us[round], row->raw,
					  &unused),
				    row->name)))
				return false;
		}
	}
	for (size_t i = 0; i < ROWS; i++)
		(void)printf("%s %s %.2f %.2f %zu\n", sizes[size].name,
		    rows[i].name, median(rows[i].us),
		    rows[i].raw == NULL ? 0.0 : median(rows[i].raw_us),
		    rows[i].bytes);
	return true;
}

int
main(void)
{
	static uint8_t blocks[2][BLOCK];

	arena_init(&kept, blocks[0], BLOCK);
	arena_init(&arena, blocks[1], BLOCK);
	key = EVP_RSA_gen(RSA_WALLET_BITS);
	if (!need(key != NULL, "a key"))
		return 1;
	for (size_t i = 0; i < SIZES; i++) {
		if (!run_size(i))
			return 1;
	}
	EVP_PKEY_free(key);
	return 0;
}
