/* SPDX-License-Identifier: Apache-2.0 */
/* The kit's keys, certificates and what a TPM signs with them. */
#include "harness/fakes/measured_keys.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "core/crypto/crypto.h"

static EVP_PKEY *keys[MEASURED_KEYS];
static EVP_PKEY *wallet;

void
measured_open(void)
{
	struct fault f = { 0 };

	if (!crypto_start(0, &f)) {
		(void)fprintf(stderr, "measured: %s\n", f.why);
		abort();
	}
	wallet = EVP_RSA_gen(RSA_WALLET_BITS);
	assert(wallet != NULL);
	for (int i = 0; i < MEASURED_KEYS; i++) {
		keys[i] = i == MEASURED_EK_RSA ? EVP_RSA_gen(2048)
					       : EVP_EC_gen("P-256");
		assert(keys[i] != NULL);
	}
}

void
measured_close(void)
{
	for (int i = 0; i < MEASURED_KEYS; i++)
		EVP_PKEY_free(keys[i]);
	EVP_PKEY_free(wallet);
}

void
measured_modulus(uint8_t out[RSA_WALLET_BYTES])
{
	BIGNUM *n = NULL;

	assert(EVP_PKEY_get_bn_param(wallet, "n", &n) == 1);
	assert(BN_bn2binpad(n, out, RSA_WALLET_BYTES) == RSA_WALLET_BYTES);
	BN_free(n);
}

void
measured_wallet_sign(uint8_t out[RSA_WALLET_BYTES], struct bytes in)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;
	size_t n = RSA_WALLET_BYTES;

	assert(EVP_DigestSignInit(ctx, &how, EVP_sha512(), NULL, wallet) == 1);
	assert(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1);
	assert(EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 64) == 1);
	assert(EVP_DigestSign(ctx, out, &n, in.p, in.n) == 1);
	EVP_MD_CTX_free(ctx);
}

static X509_NAME *
name_of(enum measured_key key)
{
	X509_NAME *name = X509_NAME_new();
	char text[32];

	(void)snprintf(text, sizeof(text), "measured %d", (int)key);
	assert(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		   (const unsigned char *)text, -1, -1, 0) == 1);
	return name;
}

static void
add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert(ext != NULL && X509_add_ext(cert, ext, -1) == 1);
	X509_EXTENSION_free(ext);
}

struct bytes
measured_certify(const struct measured_certificate *c, struct arena *a)
{
	X509 *cert = X509_new();
	X509_NAME *subject = name_of(c->of), *issuer = name_of(c->by);
	unsigned char *der = NULL;

	assert(X509_set_version(cert, X509_VERSION_3) == 1);
	assert(ASN1_INTEGER_set(X509_get_serialNumber(cert), MEASURED_SERIAL) ==
	       1);
	assert(X509_set_subject_name(cert, subject) == 1);
	assert(X509_set_issuer_name(cert, issuer) == 1);
	assert(ASN1_TIME_set(X509_getm_notBefore(cert), c->from) != NULL);
	assert(ASN1_TIME_set(X509_getm_notAfter(cert), c->to) != NULL);
	assert(X509_set_pubkey(cert, keys[c->of]) == 1);
	add_extension(cert, NID_basic_constraints,
	    c->is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
	if (c->usage != NULL)
		add_extension(cert, NID_key_usage, c->usage);
	if (c->purposes != NULL)
		add_extension(cert, NID_ext_key_usage, c->purposes);
	assert(X509_sign(cert, keys[c->by], EVP_sha256()) > 0);
	int n = i2d_X509(cert, &der);

	assert(n > 0);
	struct bytes out = arena_copy(a, bytes_of(der, (size_t)n));

	OPENSSL_free(der);
	X509_NAME_free(subject);
	X509_NAME_free(issuer);
	X509_free(cert);
	return out;
}

static void
add_revoked(X509_CRL *crl, const struct measured_list *list)
{
	X509_REVOKED *one = X509_REVOKED_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	ASN1_TIME *since = ASN1_TIME_set(NULL, list->from);

	assert(ASN1_INTEGER_set_int64(serial, list->serial) == 1);
	assert(X509_REVOKED_set_serialNumber(one, serial) == 1);
	assert(X509_REVOKED_set_revocationDate(one, since) == 1);
	assert(X509_CRL_add0_revoked(crl, one) == 1);
	ASN1_INTEGER_free(serial);
	ASN1_TIME_free(since);
}

struct bytes
measured_revoke(const struct measured_list *list, struct arena *a)
{
	X509_CRL *crl = X509_CRL_new();
	X509_NAME *issuer = name_of(list->by);
	ASN1_TIME *from = ASN1_TIME_set(NULL, list->from);
	ASN1_TIME *to = ASN1_TIME_set(NULL, list->to);
	unsigned char *der = NULL;

	assert(X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1);
	assert(X509_CRL_set_issuer_name(crl, issuer) == 1);
	assert(X509_CRL_set1_lastUpdate(crl, from) == 1);
	assert(X509_CRL_set1_nextUpdate(crl, to) == 1);
	if (list->serial != 0)
		add_revoked(crl, list);
	assert(X509_CRL_sign(crl, keys[list->by], EVP_sha256()) > 0);
	int n = i2d_X509_CRL(crl, &der);

	assert(n > 0);
	struct bytes out = arena_copy(a, bytes_of(der, (size_t)n));

	OPENSSL_free(der);
	X509_NAME_free(issuer);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	X509_CRL_free(crl);
	return out;
}

struct bytes
measured_pem(struct bytes der, struct arena *a)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;

	assert(PEM_write_bio(bio, "CERTIFICATE", "", der.p, (long)der.n) > 0);
	long n = BIO_get_mem_data(bio, &text);
	struct bytes out = arena_copy(a, bytes_of(text, (size_t)n));

	(void)BIO_free(bio);
	return out;
}

static void
put_number(struct buf *b, enum measured_key key, const char *name)
{
	BIGNUM *number = NULL;
	uint8_t raw[256];
	int size = key == MEASURED_EK_RSA ? 256 : 32;

	assert(EVP_PKEY_get_bn_param(keys[key], name, &number) == 1);
	assert(BN_bn2binpad(number, raw, size) == size);
	BN_free(number);
	buf_be16(b, (uint16_t)size);
	buf_put(b, bytes_of(raw, (size_t)size));
}

static void
put_area(struct buf *b, enum measured_key key, uint32_t attributes,
    struct bytes policy)
{
	bool rsa = key == MEASURED_EK_RSA;

	buf_be16(b, rsa ? TPM_ALG_RSA : TPM_ALG_ECC);
	buf_be16(b, TPM_ALG_SHA256);
	buf_be32(b, attributes);
	buf_be16(b, (uint16_t)policy.n);
	buf_put(b, policy);
	if (key == MEASURED_AK || key == MEASURED_OTHER_AK) {
		buf_be16(b, TPM_ALG_NULL);
		buf_be16(b, TPM_ALG_ECDSA);
		buf_be16(b, TPM_ALG_SHA256);
	} else {
		buf_be16(b, TPM_ALG_AES);
		buf_be16(b, 128);
		buf_be16(b, TPM_ALG_CFB);
		buf_be16(b, TPM_ALG_NULL);
	}
	if (rsa) {
		buf_be16(b, 2048);
		buf_be32(b, 0);
		put_number(b, key, "n");
		return;
	}
	buf_be16(b, TPM_CURVE_P256);
	buf_be16(b, TPM_ALG_NULL);
	put_number(b, key, "qx");
	put_number(b, key, "qy");
}

struct bytes
measured_public(enum measured_key key, uint32_t attributes, struct bytes policy,
    struct arena *a)
{
	struct buf area = buf_in(a, 512), sized = buf_in(a, 514);

	put_area(&area, key, attributes, policy);
	buf_be16(&sized, (uint16_t)area.used);
	buf_put(&sized, buf_bytes(&area));
	assert(!area.full && !sized.full);
	return buf_bytes(&sized);
}

static void
put_scalar(struct buf *b, const BIGNUM *number)
{
	uint8_t raw[32];

	assert(BN_bn2binpad(number, raw, 32) == 32);
	buf_be16(b, 32);
	buf_put(b, bytes_of(raw, 32));
}

struct bytes
measured_tpm_sign(enum measured_key key, struct bytes in, struct arena *a)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char der[80];
	const unsigned char *at = der;
	size_t n = sizeof(der);
	struct buf b = buf_in(a, 128);

	assert(
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, keys[key]) == 1);
	assert(EVP_DigestSign(ctx, der, &n, in.p, in.n) == 1);
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)n);

	assert(sig != NULL);
	buf_be16(&b, TPM_ALG_ECDSA);
	buf_be16(&b, TPM_ALG_SHA256);
	put_scalar(&b, ECDSA_SIG_get0_r(sig));
	put_scalar(&b, ECDSA_SIG_get0_s(sig));
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(ctx);
	assert(!b.full);
	return buf_bytes(&b);
}
