/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/verdict/android.h"

#define CERTS_MAX 16u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[8u << 20];

/* What is read lies inside what was given. */
static void
check_view(struct bytes whole, struct bytes part)
{
	if (part.n != 0 &&
	    (part.p < whole.p || part.p + part.n > whole.p + whole.n))
		abort();
}

static void
check_cert(struct bytes der)
{
	struct keycert cert;
	struct fault f = { 0 };

	if (!keycert_parse(&cert, der, &f)) {
		if (f.reason[0] == '\0')
			abort();
		return;
	}
	check_view(der, cert.issuer);
	check_view(der, cert.subject);
	check_view(der, cert.key_info);
	check_view(der, cert.serial);
	check_view(der, cert.attestation);
	check_view(der, cert.provisioning);
	(void)keycert_level(&cert);
	(void)keycert_is_factory(&cert);
}

/* Certificates one behind another, judged as a verifier would. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes certs[CERTS_MAX];
	struct arena a;
	struct verdict v;
	struct fault f = { 0 };
	struct android_request rq = {
		.certs = certs,
		.ncerts =
		    x509_split_der(certs, CERTS_MAX, bytes_of(data, size)),
		.at = 1750000000,
		.without_challenge = true,
		.without_revocation = true,
	};

	arena_init(&a, memory, sizeof(memory));
	check_cert(bytes_of(data, size));
	for (size_t i = 0; i < rq.ncerts; i++)
		check_cert(certs[i]);
	verdict_init(&v, ENGINE_ANDROID, &a);
	v.bare = true;
	if (!android_verify(&v, &rq, &a, &f))
		abort();
	if (verdict_message(&v) == NULL || a.exhausted)
		abort();
	return 0;
}
