/* SPDX-License-Identifier: Apache-2.0 */
/* The limit that a fresh measurement is measured against: what a client must at
 * least do that has everything loaded, in one process on a TPM of its own. For
 * each byte read it satisfies the AK's policy, takes a quote, signs it with an
 * RSA-4096 key and prints the milliseconds of both steps. */
#include "core/crypto/crypto.h"
#include "harness/fakes/swtpm.h"
#include "services/tpm/tpm.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define OPEN_MS 60000u

static struct tpm tpm;

static void
must(bool good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "quote: %s failed\n", what);
	exit(111);
}

static double
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* An AK as the node's, with a policy over the same PCRs. */
static void
set_up(const struct swtpm *s)
{
	static const struct sha256 id = { { 1 } };
	struct fault f = { 0 };

	if (crypto_start(0, &f) && tpm_open(&tpm, s->fd, -1, OPEN_MS, &f) &&
	    begin_boot(&tpm, BYTES_OF(&id), BYTES_OF(&id), &f) &&
	    ak_authorize(&tpm.ak, &tpm.device, false, &f) &&
	    Esys_PolicyRestart(tpm.device.esys, tpm.device.policy, ESYS_TR_NONE,
		ESYS_TR_NONE, ESYS_TR_NONE) == TSS2_RC_SUCCESS)
		return;
	(void)fprintf(stderr, "quote: %s %s\n", f.reason, f.why);
	exit(111);
}

static void
satisfy(const struct device *d)
{
	static const TPM2B_DIGEST present;
	TPML_PCR_SELECTION pcrs = pcr_selection(PCR_SET);
	TPML_DIGEST branches = { .count = 2 };
	size_t size = sizeof(struct sha256);

	branches.digests[0].size = branches.digests[1].size = (UINT16)size;
	memcpy(branches.digests[0].buffer, tpm.ak.policy.quote.b, size);
	memcpy(branches.digests[1].buffer, tpm.ak.policy.activate.b, size);
	must(Esys_PolicyPCR(d->esys, d->policy, ESYS_TR_NONE, ESYS_TR_NONE,
		 ESYS_TR_NONE, &present, &pcrs) == TSS2_RC_SUCCESS,
	    "PolicyPCR");
	must(Esys_PolicyOR(d->esys, d->policy, ESYS_TR_NONE, ESYS_TR_NONE,
		 ESYS_TR_NONE, &branches) == TSS2_RC_SUCCESS,
	    "PolicyOR");
}

static void
sign(EVP_PKEY *key, const TPM2B_ATTEST *quote)
{
	uint8_t signature[512];
	size_t n = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *with = NULL;

	must(ctx != NULL &&
		 EVP_DigestSignInit(ctx, &with, EVP_sha512(), NULL, key) == 1 &&
		 EVP_PKEY_CTX_set_rsa_padding(with, RSA_PKCS1_PSS_PADDING) ==
		     1 &&
		 EVP_PKEY_CTX_set_rsa_pss_saltlen(with, 64) == 1 &&
		 EVP_DigestSign(ctx, signature, &n, quote->attestationData,
		     quote->size) == 1,
	    "RSA");
	EVP_MD_CTX_free(ctx);
}

static void
measure(EVP_PKEY *key)
{
	static const TPMT_SIG_SCHEME of_key = { .scheme = TPM2_ALG_NULL };
	const TPM2B_DATA qualifying = { .size = 32 };
	TPML_PCR_SELECTION pcrs = pcr_selection(PCR_SET);
	struct device *d = &tpm.device;
	TPM2B_ATTEST *attest = NULL;
	TPMT_SIGNATURE *signature = NULL;

	tcti_arm(&d->tcti, OPEN_MS);
	double began = now_ms();

	satisfy(d);
	must(Esys_Quote(d->esys, d->ak, d->policy, ESYS_TR_NONE, ESYS_TR_NONE,
		 &qualifying, &of_key, &pcrs, &attest,
		 &signature) == TSS2_RC_SUCCESS,
	    "Quote");
	double quoted = now_ms();

	sign(key, attest);
	(void)printf("%.3f %.3f\n", quoted - began, now_ms() - quoted);
	(void)fflush(stdout);
	Esys_Free(attest);
	Esys_Free(signature);
}

int
main(void)
{
	struct swtpm s;
	char byte;

	swtpm_start(&s, false);
	set_up(&s);
	EVP_PKEY *key = EVP_RSA_gen(4096);

	must(key != NULL, "key");
	while (read(STDIN_FILENO, &byte, 1) == 1)
		measure(key);
	EVP_PKEY_free(key);
	tpm_close(&tpm);
	swtpm_stop(&s);
	return 0;
}
