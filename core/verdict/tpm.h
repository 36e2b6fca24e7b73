/* SPDX-License-Identifier: Apache-2.0 */
/* TPM evidence without an envelope: a quote and what came with it, judged by
 * the same steps as a measurement's. */
#ifndef CORE_VERDICT_TPM_H
#define CORE_VERDICT_TPM_H

#include "core/evidence/pcr.h"
#include "core/verdict/verify.h"

/* Banks whose values can be shown with one quote. */
#define TPM_BANKS_MAX 4u

/* What the asker wants of bare evidence; all zero is the strictest. */
struct tpm_policy {
	/* PCRs that the quote must cover in the bank that is judged, as bits;
	 * 0: PCRs 0 to 7. */
	uint32_t pcrs;
	bool any_pcrs;    /* the quote may cover what it likes, also nothing */
	bool sha1;        /* SHA-1 passes: banks, quotes, certificates */
	bool secure_boot; /* must be on */
	bool safe_clock;  /* the clock must be safe */
	bool crls;        /* each CA of the path must have a current CRL */
	/* What the asker gives up: checks that then may stay open. */
	bool without_nonce, without_pcrs, without_log, without_keys,
	    without_activation;
};

/*
 * Everything is the caller's. Views with p == NULL are not given: what needs
 * them stays open, and the verdict is incomplete unless the policy gave it up.
 */
struct tpm_request {
	struct bytes attest;    /* TPMS_ATTEST */
	struct bytes signature; /* TPMT_SIGNATURE */
	/* The AK: TPMT_PUBLIC, TPM2B_PUBLIC or (attributes unknown) a
	 * SubjectPublicKeyInfo; a certificate of it; or both. */
	struct bytes ak, ak_certificate;
	const struct pcr_bank *banks;    /* the PCR values that go with it */
	size_t nbanks;                   /* at most TPM_BANKS_MAX */
	struct bytes nonce;              /* qualifyingData, raw; may be empty */
	struct bytes log;                /* the firmware's event log */
	struct bytes ek, ek_certificate; /* as the AK's; DER may be padded */
	const struct bytes *chain; /* DER: between certificates and roots */
	size_t nchain;             /* at most X509_CHAIN_MAX */
	const struct bytes *crls;  /* DER */
	size_t ncrls;
	struct bytes roots;                        /* PEM */
	int64_t at;                                /* Unix seconds */
	const struct activation_claim *activation; /* or NULL */
	const struct tpm_policy *policy;           /* or NULL: the strictest */
};

/*
 * Fills *v, as verify_measurement does: false only when the arena ran out.
 * The attestation key is vouched for by an EK certificate with an activation,
 * or by its own certificate.
 */
MUST_CHECK bool tpm_verify(struct verdict *v, const struct tpm_request *rq,
    struct arena *a, struct fault *f);

#endif
