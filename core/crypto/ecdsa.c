/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/ecdsa.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#define COORDINATE_MAX 48u
#define DER_MAX        (2 * (COORDINATE_MAX + 3) + 2)

/* clang-format off */
static const struct {
	const char *name;
	size_t size;
} curves[] = {
	[EC_P256] = { "P-256", 32 },
	[EC_P384] = { "P-384", 48 },
};
/* clang-format on */

/* A point that is off the curve gives NULL: the import checks it. */
static EVP_PKEY *
public_key(const struct ecdsa_key *of)
{
	uint8_t point[1 + 2 * COORDINATE_MAX] = { 0x04 };
	char name[8] = { 0 };
	size_t size = curves[of->curve].size;
	EVP_PKEY *key = NULL;

	if (of->x.n != 0)
		memcpy(point + 1 + size - of->x.n, of->x.p, of->x.n);
	if (of->y.n != 0)
		memcpy(point + 1 + 2 * size - of->y.n, of->y.p, of->y.n);
	memcpy(name, curves[of->curve].name, strlen(curves[of->curve].name));
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(
		    OSSL_PKEY_PARAM_GROUP_NAME, name, strlen(name)),
		OSSL_PARAM_octet_string(
		    OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * size),
		OSSL_PARAM_END,
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

	if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* SEQUENCE { r, s } into out; its length, or zero. */
static size_t
encode(uint8_t out[DER_MAX], struct bytes r, struct bytes s)
{
	BIGNUM *rn = BN_bin2bn(r.p, (int)r.n, NULL);
	BIGNUM *sn = BN_bin2bn(s.p, (int)s.n, NULL);
	ECDSA_SIG *pair = ECDSA_SIG_new();
	int n = 0;

	if (pair != NULL && ECDSA_SIG_set0(pair, rn, sn) == 1)
		n = i2d_ECDSA_SIG(pair, &out);
	else {
		BN_free(rn);
		BN_free(sn);
	}
	ECDSA_SIG_free(pair);
	return n > 0 ? (size_t)n : 0;
}

bool
ecdsa_verify(const struct ecdsa_key *key, enum hash_alg alg, struct bytes in,
    struct bytes r, struct bytes s)
{
	size_t size = curves[key->curve].size;
	uint8_t digest[64], der[DER_MAX];

	if (key->x.n > size || key->y.n > size || r.n > size || s.n > size)
		return false;
	size_t n = encode(der, r, s);
	EVP_PKEY *pkey = public_key(key);
	EVP_PKEY_CTX *ctx =
	    pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);

	hash_parts(alg, digest, &in, 1);
	bool good = n != 0 && ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
		    EVP_PKEY_verify(ctx, der, n, digest, hash_size(alg)) == 1;

	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return good;
}
