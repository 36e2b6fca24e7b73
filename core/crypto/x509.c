/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/x509.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "core/base/cursor.h"
#include "core/crypto/x509_parse.h"

#define RSA_E        65537u
#define KEY_BITS_MIN 2048
#define KEY_BITS_MAX 4096
/* 112 bits: no SHA-1, no RSA below 2048. */
#define SECURITY_LEVEL 2
/* The extensions of the Trusted Computing Group. */
#define TCG_ARC "2.23.133."
#define TCG_EK  "2.23.133.8.1"

/* The number big-endian in size bytes, or in as many as it has for zero. */
static struct bytes
number(EVP_PKEY *key, const char *name, size_t size, struct arena *a)
{
	BIGNUM *value = NULL;

	if (EVP_PKEY_get_bn_param(key, name, &value) != 1)
		return (struct bytes){ 0 };
	size_t n = size == 0 ? (size_t)BN_num_bytes(value) : size;
	uint8_t *to = arena_alloc(a, n);
	bool fits = to != NULL && BN_bn2binpad(value, to, (int)n) == (int)n;

	BN_free(value);
	return fits ? bytes_of(to, n) : (struct bytes){ 0 };
}

static bool
rsa_facts(struct public_key *out, EVP_PKEY *key, struct arena *a)
{
	int bits = EVP_PKEY_get_bits(key);
	struct bytes e = number(key, OSSL_PKEY_PARAM_RSA_E, 4, a);
	struct cursor c = cursor_over(e);

	if (cursor_be32(&c) != RSA_E || bits < KEY_BITS_MIN ||
	    bits > KEY_BITS_MAX)
		return false;
	out->kind = KEY_RSA;
	out->modulus = number(key, OSSL_PKEY_PARAM_RSA_N, 0, a);
	return true;
}

static bool
ec_facts(struct public_key *out, EVP_PKEY *key, struct arena *a)
{
	/* clang-format off */
	static const struct {
		const char *name;
		enum key_kind kind;
		size_t size;
	} curves[] = {
		{ "prime256v1", KEY_EC_P256, 32 },
		{ "secp384r1",  KEY_EC_P384, 48 },
	};
	/* clang-format on */
	char name[32];

	if (EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) != 1)
		return false;
	for (size_t i = 0; i < sizeof(curves) / sizeof(*curves); i++) {
		if (strcmp(name, curves[i].name) != 0)
			continue;
		size_t n = curves[i].size;

		out->kind = curves[i].kind;
		out->x = number(key, OSSL_PKEY_PARAM_EC_PUB_X, n, a);
		out->y = number(key, OSSL_PKEY_PARAM_EC_PUB_Y, n, a);
		return true;
	}
	return false;
}

static bool
key_facts(struct public_key *out, const X509 *cert, struct arena *a)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);

	if (key == NULL)
		return false;
	if (EVP_PKEY_is_a(key, "RSA") == 1)
		return rsa_facts(out, key, a);
	return EVP_PKEY_is_a(key, "EC") == 1 && ec_facts(out, key, a);
}

/* The whole SubjectPublicKeyInfo, by which keys are pinned. */
static struct bytes
key_info(const X509 *cert, struct arena *a)
{
	uint8_t *der = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	struct bytes out = arena_copy(a, bytes_of(der, n < 0 ? 0 : (size_t)n));

	OPENSSL_free(der);
	return out;
}

/* A certificate that names purposes is for these only. */
static bool
has_purpose(X509 *cert, const char *oid)
{
	EXTENDED_KEY_USAGE *purposes =
	    X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
	bool has = purposes == NULL &&
		   X509_get_ext_by_NID(cert, NID_ext_key_usage, -1) < 0;

	for (int i = 0; i < sk_ASN1_OBJECT_num(purposes); i++) {
		char text[64] = { 0 };

		(void)OBJ_obj2txt(
		    text, sizeof(text), sk_ASN1_OBJECT_value(purposes, i), 1);
		has = has || strcmp(text, oid) == 0;
	}
	EXTENDED_KEY_USAGE_free(purposes);
	return has;
}

static bool
read_facts(struct x509_facts *out, X509 *cert, struct arena *a, struct fault *f)
{
	if (!key_facts(&out->key, cert, a))
		return fail(f, FAULT_INPUT, "x509.key",
		    "base 9: key is no RSA with e = 65537, P-256 or P-384");
	if (!x509_time(&out->not_before, X509_get0_notBefore(cert)) ||
	    !x509_time(&out->not_after, X509_get0_notAfter(cert)))
		return fail(
		    f, FAULT_INPUT, "x509.der", "base 8: validity is no time");
	out->key_info = key_info(cert, a);
	out->subject = x509_name(X509_get_subject_name(cert), a);
	out->issuer = x509_name(X509_get_issuer_name(cert), a);
	out->serial = x509_serial(X509_get0_serialNumber(cert), a);
	out->is_ca = X509_check_ca(cert) != 0;
	out->may_endorse = (X509_get_key_usage(cert) &
			       (KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT)) != 0 &&
			   has_purpose(cert, TCG_EK);
	return arena_check(a, f);
}

bool
x509_facts(
    struct x509_facts *out, struct bytes der, struct arena *a, struct fault *f)
{
	X509 *cert = x509_parse(der);
	struct x509_facts facts = { 0 };

	if (cert == NULL)
		return fail(f, FAULT_INPUT, "x509.der",
		    "base 8: %zu bytes are no certificate in DER", der.n);
	bool read = read_facts(&facts, cert, a, f);

	X509_free(cert);
	if (read)
		*out = facts;
	return read;
}

/* True if each critical extension that libcrypto does not know is TCG's. */
static bool
critical_known(const X509 *cert)
{
	for (int i = 0; i < X509_get_ext_count(cert); i++) {
		X509_EXTENSION *ext = X509_get_ext(cert, i);
		char oid[64] = { 0 };

		if (X509_EXTENSION_get_critical(ext) == 0 ||
		    X509_supported_extension(ext) == 1)
			continue;
		(void)OBJ_obj2txt(
		    oid, sizeof(oid), X509_EXTENSION_get_object(ext), 1);
		if (!bytes_starts(bytes_text(oid), BYTES(TCG_ARC)))
			return false;
	}
	return true;
}

/* RFC 5280 4.1.2.5: the last second counts. Libcrypto's ends one before. */
static bool
is_last_second(const X509 *cert, int64_t at)
{
	int64_t last;

	return x509_time(&last, X509_get0_notAfter(cert)) && last == at;
}

static int
judge(int ok, X509_STORE_CTX *ctx)
{
	const X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
	int error = X509_STORE_CTX_get_error(ctx);
	int64_t at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(ctx));
	bool known = error == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION &&
		     critical_known(cert);
	bool last =
	    error == X509_V_ERR_CERT_HAS_EXPIRED && is_last_second(cert, at);

	if (ok == 1 || !(known || last))
		return ok;
	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	return 1;
}

/* What libcrypto's levels say but for SHA-1, which they never take: keys of 112
 * bits, and no hash older than SHA-1. The root's own signature is nobody's. */
static bool
is_strong(const X509_STORE_CTX *ctx, const char *reason, struct fault *f)
{
	const STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);

	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *cert = sk_X509_value(chain, i);
		EVP_PKEY *key = X509_get0_pubkey(cert);
		int hash = NID_undef, bits = 0;

		(void)X509_get_signature_info(cert, &hash, NULL, &bits, NULL);
		if (key == NULL || EVP_PKEY_get_security_bits(key) < 112 ||
		    (i + 1 < sk_X509_num(chain) && hash != NID_sha1 &&
			bits < 112))
			return fail(f, FAULT_VERIFY, reason,
			    "base 11: certificate %d has a weak key or "
			    "signature",
			    i);
	}
	return true;
}

/* What one verification owns. */
struct path {
	X509_STORE *roots;
	X509_STORE_CTX *ctx;
	STACK_OF(X509) * between;
	X509 *leaf;
};

static void
path_fini(struct path *p)
{
	X509_STORE_CTX_free(p->ctx);
	X509_STORE_free(p->roots);
	sk_X509_pop_free(p->between, X509_free);
	X509_free(p->leaf);
}

static bool
add_roots(struct path *p, const struct x509_chain *chain)
{
	for (size_t i = 0; i < chain->nroots; i++) {
		X509 *root = x509_parse(chain->roots[i]);
		bool added =
		    root != NULL && X509_STORE_add_cert(p->roots, root) == 1;

		X509_free(root);
		if (!added)
			return false;
	}
	return true;
}

static bool
add_intermediates(struct path *p, const struct x509_chain *chain)
{
	for (size_t i = 0; i < chain->nintermediates; i++) {
		X509 *cert = x509_parse(chain->intermediates[i]);

		if (cert == NULL)
			return false;
		if (sk_X509_push(p->between, cert) == 0) {
			X509_free(cert);
			return false;
		}
	}
	return true;
}

static bool
path_init(struct path *p, const struct x509_chain *chain, const char *reason,
    struct fault *f)
{
	p->roots = X509_STORE_new();
	p->ctx = X509_STORE_CTX_new();
	p->between = sk_X509_new_null();
	p->leaf = x509_parse(chain->leaf);
	if (p->roots == NULL || p->ctx == NULL || p->between == NULL)
		return fail(f, FAULT_LIMIT, "limit.memory",
		    "base 1: no memory for a certificate path");
	if (p->leaf == NULL)
		return fail(f, FAULT_VERIFY, reason,
		    "base 11: leaf is no certificate in DER");
	if (!add_roots(p, chain))
		return fail(f, FAULT_VERIFY, reason,
		    "base 11: a root is no certificate in DER");
	if (!add_intermediates(p, chain))
		return fail(f, FAULT_VERIFY, reason,
		    "base 11: an intermediate is no certificate in DER");
	if (X509_STORE_CTX_init(p->ctx, p->roots, p->leaf, p->between) != 1)
		return fail(f, FAULT_INTERNAL, "crypto.start",
		    "base 6: no context for a certificate path");
	return true;
}

static bool
walk(struct path *p, const struct x509_chain *chain, const char *reason,
    struct fault *f)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(p->ctx);
	char name[128] = "leaf";

	(void)X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	X509_VERIFY_PARAM_set_time(param, chain->at);
	X509_VERIFY_PARAM_set_depth(param, (int)X509_CHAIN_MAX);
	X509_VERIFY_PARAM_set_auth_level(
	    param, chain->sha1 ? 0 : SECURITY_LEVEL);
	X509_STORE_CTX_set_verify_cb(p->ctx, judge);
	if (X509_verify_cert(p->ctx) == 1)
		return !chain->sha1 || is_strong(p->ctx, reason, f);
	X509 *cert = X509_STORE_CTX_get_current_cert(p->ctx);

	if (cert != NULL)
		(void)X509_NAME_oneline(
		    X509_get_subject_name(cert), name, sizeof(name));
	return fail(f, FAULT_VERIFY, reason, "base 11: %s: certificate %d (%s)",
	    X509_verify_cert_error_string(X509_STORE_CTX_get_error(p->ctx)),
	    X509_STORE_CTX_get_error_depth(p->ctx), name);
}

bool
x509_verify(const struct x509_chain *chain, const char *reason, struct fault *f)
{
	struct path p = { 0 };

	if (chain->nintermediates > X509_CHAIN_MAX ||
	    chain->nroots > X509_ROOTS_MAX)
		return fail(f, FAULT_VERIFY, reason,
		    "base 11: %zu intermediates, %zu roots",
		    chain->nintermediates, chain->nroots);
	bool good =
	    path_init(&p, chain, reason, f) && walk(&p, chain, reason, f);

	path_fini(&p);
	return good;
}
