/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/manifest.h"

#include "core/base/hex.h"
#include "core/crypto/rsa.h"
#include "core/crypto/x509.h"
#include "core/message/json.h"

static bool
read_digest(struct bytes *out, const struct message *manifest, const char *key,
    struct arena *a, struct fault *f)
{
	struct bytes text, digest;

	if (!message_find_bytes(&text, manifest, key) ||
	    !hex_decode(&digest, text, a, f) ||
	    digest.n != sizeof(struct sha256))
		return fail(f, FAULT_INPUT, "manifest.shape",
		    "image 13: the manifest has no %s of 64 hex digits", key);
	*out = digest;
	return true;
}

bool
manifest_read(struct expectations *out, struct bytes text, struct arena *a,
    struct fault *f)
{
	struct expectations want = { .secure_boot = true,
		.nothing_added = true };
	struct message *m;

	if (!json_decode(&m, text, a, f) ||
	    !read_digest(&want.pcr4, m, "pcr4", a, f) ||
	    !read_digest(&want.pcr11, m, "pcr11", a, f))
		return false;
	if (message_find(m, "confinement") != NULL &&
	    !read_digest(&want.confinement, m, "confinement", a, f))
		return false;
	*out = want;
	return true;
}

bool
manifest_check(struct bytes text, struct bytes signature, struct bytes key,
    struct arena *a, struct fault *f)
{
	struct bytes cert;
	struct x509_list list = { .certs = &cert, .room = 1 };
	struct x509_facts facts;

	if (!x509_split_pem(&list, key, a, f))
		return false;
	if (list.n != 1)
		return fail(f, FAULT_INPUT, "manifest.key",
		    "image 13: the release key is no certificate in PEM");
	if (!x509_facts(&facts, cert, a, f))
		return false;
	if (facts.key.kind != KEY_RSA)
		return fail(f, FAULT_INPUT, "manifest.key",
		    "image 13: the release key is not RSA");
	return rsa_verify(facts.key.modulus, RSA_PADDING_PKCS1, HASH_SHA256,
		   text, signature) ||
	       fail(f, FAULT_VERIFY, "manifest.signature",
		   "image 13: the release key did not sign this manifest");
}
