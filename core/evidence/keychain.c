/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/keychain.h"

#include "core/base/der.h"

#define RSA_BYTES_MIN 256u

/* clang-format off */
const struct sha256 keychain_google[KEYCHAIN_ROOTS] = {
	{ { 0xfe, 0xb2, 0xea, 0x75, 0x51, 0xee, 0x31, 0x6e,
	    0xd4, 0xbb, 0x44, 0x3c, 0x82, 0x93, 0xb8, 0x84,
	    0xdb, 0xfd, 0xea, 0x40, 0xb6, 0x03, 0xee, 0x3e,
	    0x4f, 0x4a, 0x89, 0x7e, 0x45, 0x80, 0xfb, 0xae } },
	{ { 0x3e, 0xe4, 0x45, 0x12, 0xa1, 0xaf, 0x2b, 0xeb,
	    0x39, 0xc8, 0x89, 0x49, 0x0c, 0x60, 0xea, 0x3f,
	    0x82, 0xe4, 0x3f, 0x5d, 0x5a, 0x55, 0x32, 0xf5,
	    0xab, 0x94, 0x19, 0xf6, 0x76, 0xcd, 0x07, 0xec } },
};
/* clang-format on */

bool
keychain_length(size_t n, struct fault *f)
{
	if (n < KEYCHAIN_MIN || n > KEYCHAIN_MAX)
		return fail(f, FAULT_VERIFY, "android.chain.length",
		    "evidence 50: %zu certificates, not %u to %u", n,
		    KEYCHAIN_MIN, KEYCHAIN_MAX);
	return true;
}

bool
keychain_parse(
    struct keychain *out, const struct bytes *certs, size_t n, struct fault *f)
{
	out->n = 0;
	for (size_t i = 0; i < n && i < KEYCHAIN_MAX; i++) {
		struct fault inner;

		if (!keycert_parse(&out->certs[i], certs[i], &inner))
			return fail(f, FAULT_INPUT, "android.chain.syntax",
			    "evidence 50: certificate %zu: %s", i, inner.why);
	}
	out->n = n;
	return keychain_length(n, f);
}

bool
keychain_names(const struct keychain *chain, struct fault *f)
{
	for (size_t i = 0; i + 1 < chain->n; i++)
		if (!bytes_equal(
			chain->certs[i].issuer, chain->certs[i + 1].subject))
			return fail(f, FAULT_VERIFY, "android.chain.names",
			    "evidence 51: the issuer of certificate %zu is not"
			    " the next one's subject",
			    i);
	return true;
}

static bool
is_signed(const struct keycert *cert, const struct keycert *issuer,
    const char *reason, struct fault *f)
{
	if (!issuer->key_known)
		return fail(f, FAULT_VERIFY, reason,
		    "evidence 51: the issuer's key is of no known kind");
	if (issuer->key.kind == KEY_RSA &&
	    issuer->key.modulus.n < RSA_BYTES_MIN)
		return fail(f, FAULT_VERIFY, "android.chain.weak",
		    "evidence 51: the issuer's key is RSA of %zu bytes only",
		    issuer->key.modulus.n);
	return x509_signed(cert->whole, &issuer->key, reason, f);
}

bool
keychain_signatures(const struct keychain *chain, struct fault *f)
{
	static const char reason[] = "android.chain.signature";

	for (size_t i = 0; i + 1 < chain->n; i++) {
		struct fault inner;

		if (!is_signed(
			&chain->certs[i], &chain->certs[i + 1], reason, &inner))
			return fail(f, FAULT_VERIFY, inner.reason,
			    "%s, certificate %zu", inner.why, i);
	}
	return true;
}

/* CAs between certificate i and the first one, without those that only renew
 * their own key (RFC 5280 4.2.1.9). */
static int64_t
below(const struct keychain *chain, size_t i)
{
	int64_t n = 0;

	while (i-- > 1)
		if (!bytes_equal(
			chain->certs[i].issuer, chain->certs[i].subject))
			n++;
	return n;
}

static const char *
authority_lacks(const struct keychain *chain, size_t i)
{
	const struct keycert *cert = &chain->certs[i];

	if (cert->odd_critical)
		return "has an unknown critical extension";
	if (i == 0)
		return NULL;
	if (!cert->ca)
		return "is no CA's";
	if (!cert->may_certify)
		return "is for a key that may not sign certificates";
	if (cert->path_max >= 0 && below(chain, i) > cert->path_max)
		return "has more CAs below it than it allows";
	return NULL;
}

bool
keychain_authorities(const struct keychain *chain, struct fault *f)
{
	for (size_t i = 0; i < chain->n; i++) {
		const char *lacks = authority_lacks(chain, i);

		if (lacks != NULL)
			return fail(f, FAULT_VERIFY, "android.chain.ca",
			    "evidence 52: certificate %zu %s", i, lacks);
	}
	return true;
}

bool
keychain_root_signed(const struct keychain *chain, struct fault *f)
{
	const struct keycert *root = &chain->certs[chain->n - 1];

	if (!bytes_equal(root->issuer, root->subject))
		return fail(f, FAULT_VERIFY, "android.root.signature",
		    "evidence 53: the last certificate names another issuer");
	return is_signed(root, root, "android.root.signature", f);
}

bool
keychain_root_trusted(const struct keychain *chain, const struct sha256 *roots,
    size_t nroots, struct fault *f)
{
	struct sha256 key = sha256_of(chain->certs[chain->n - 1].key_info);

	for (size_t i = 0; i < nroots; i++)
		if (bytes_equal(BYTES_OF(&roots[i]), BYTES_OF(&key)))
			return true;
	return fail(f, FAULT_VERIFY, "android.root.key",
	    "evidence 53: the last certificate's key is no trusted root's");
}

bool
keychain_key_signed(const struct keychain *chain, struct bytes statement,
    struct bytes signature, struct fault *f)
{
	const struct keycert *cert = &chain->certs[0];
	struct ecdsa_key key = {
		.curve = cert->key.kind == KEY_EC_P256 ? EC_P256 : EC_P384,
		.x = cert->key.x,
		.y = cert->key.y,
	};
	struct der whole = der_over(signature);
	struct der pair = der_into(&whole, DER_SEQUENCE);
	struct bytes r = der_positive(&pair), s = der_positive(&pair);
	bool good = cert->key_known && cert->key.kind != KEY_RSA &&
		    der_done(&whole, f) && der_done(&pair, f) &&
		    ecdsa_verify(&key, HASH_SHA256, statement, r, s);

	return good ? true
		    : fail(f, FAULT_VERIFY, "android.key.signature",
			  "evidence 60: the attested key did not sign it");
}

bool
keychain_is_factory(const struct keychain *chain)
{
	for (size_t i = 1; i + 1 < chain->n; i++)
		if (!keycert_is_factory(&chain->certs[i]))
			return false;
	return chain->n > 2;
}

bool
keychain_valid(const struct keychain *chain, int64_t at,
    enum keychain_expiry expiry, struct fault *f)
{
	bool strict = expiry == KEYCHAIN_EXPIRY_ALL;
	bool ends = strict || !keychain_is_factory(chain);

	for (size_t i = strict ? 0 : 1; i < chain->n; i++) {
		const struct keycert *cert = &chain->certs[i];

		if (at < cert->not_before || (ends && at > cert->not_after))
			return fail(f, FAULT_VERIFY, "android.chain.time",
			    "evidence 54: certificate %zu is valid from %lld to"
			    " %lld, not at %lld",
			    i, (long long)cert->not_before,
			    (long long)cert->not_after, (long long)at);
	}
	return true;
}

bool
keychain_unrevoked(const struct keychain *chain, const struct statuslist *list,
    struct fault *f)
{
	for (size_t i = 0; i < chain->n; i++) {
		const struct statuslist_entry *entry =
		    statuslist_find(list, chain->certs[i].serial);

		if (entry != NULL)
			return fail(f, FAULT_VERIFY, "android.chain.revoked",
			    "evidence 55: certificate %zu, serial %.*s, is %s",
			    i, (int)entry->id.n, (const char *)entry->id.p,
			    entry->suspended ? "suspended" : "revoked");
	}
	return true;
}

bool
keychain_attests(const struct keychain *chain, struct fault *f)
{
	for (size_t i = 0; i < chain->n; i++)
		if (chain->certs[i].attestation.p != NULL)
			return true;
	return fail(f, FAULT_VERIFY, "android.extension.present",
	    "evidence 56: no certificate has the attestation extension");
}

bool
keychain_attests_first(const struct keychain *chain, struct fault *f)
{
	for (size_t i = 0; i < chain->n; i++)
		if ((chain->certs[i].attestation.p != NULL) != (i == 0))
			return fail(f, FAULT_VERIFY, "android.extension.place",
			    i == 0 ? "evidence 56: the key's own certificate"
				     " has no attestation extension"
				   : "evidence 56: a certificate above the"
				     " key's own has an attestation extension");
	return true;
}
