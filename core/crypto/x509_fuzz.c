/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/x509.h>
#include <stdlib.h>

#include "core/crypto/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[1 << 20];

/* Each extension is found again by its own name. */
static void
check_extensions(struct bytes der)
{
	static struct x509_extensions all;
	struct arena a;
	struct fault f;
	char oid[128] = { 0 };

	arena_init(&a, memory, sizeof(memory));
	if (!x509_extensions(&all, der, &a, &f))
		return;
	for (size_t i = 0; i < all.n; i++) {
		memset(oid, 0, sizeof(oid));
		memcpy(oid, all.of[i].oid.p, all.of[i].oid.n);
		if (x509_extension(&all, oid) != &all.of[i])
			abort();
	}
}

/* What is taken as a certificate is its one encoding, and views stay inside. */
static void
check_facts(struct bytes der)
{
	struct x509_facts facts;
	struct arena a;
	struct fault f;
	const uint8_t *at = der.p;
	uint8_t *again = NULL;

	arena_init(&a, memory, sizeof(memory));
	if (!x509_facts(&facts, der, &a, &f))
		return;
	X509 *cert = d2i_X509(NULL, &at, (long)der.n);
	int n = i2d_X509(cert, &again);

	if (n < 0 || !bytes_equal(bytes_of(again, (size_t)n), der) ||
	    facts.subject.n > sizeof(memory) || facts.issuer.n > sizeof(memory))
		abort();
	OPENSSL_free(again);
	X509_free(cert);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size), found[X509_CHAIN_MAX];
	struct x509_list list = { found, X509_CHAIN_MAX, 0 };
	struct arena a;
	struct fault f;
	size_t n = x509_split_der(found, X509_CHAIN_MAX, in), used = 0;

	for (size_t i = 0; i < n; i++) {
		if (found[i].p != data + used || found[i].n > size - used)
			abort();
		used += found[i].n;
	}
	check_facts(in);
	check_extensions(in);
	arena_init(&a, memory, sizeof(memory));
	if (x509_split_pem(&list, in, &a, &f) && list.n > 0) {
		struct bytes first = found[0];
		struct x509_list none = { found, 0, 0 };

		if (first.n == 0 || first.n > X509_CERT_MAX ||
		    x509_split_pem(&none, in, &a, &f))
			abort();
	}
	return 0;
}
