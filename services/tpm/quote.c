/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/base64.h"
#include "core/message/pack.h"
#include "services/tpm/tpm.h"

#include <stdio.h>
#include <tss2/tss2_mu.h>

/* Other PCRs may be extended between policy and quote (PCR 10, by IMA). */
#define QUOTE_TRIES 8u

struct quote {
	TPM2B_ATTEST *attest;
	TPMT_SIGNATURE *signature;
};

static void
quote_fini(struct quote *q)
{
	Esys_Free(q->attest);
	Esys_Free(q->signature);
}

/* changed: a PCR moved since the policy was satisfied, so that the TPM made no
 * quote; the AK's scheme is the only one it allows. */
static bool
quote_try(struct quote *q, bool *changed, struct tpm *t,
    const TPM2B_DATA *qualifying, struct fault *f)
{
	static const TPMT_SIG_SCHEME of_key = { .scheme = TPM2_ALG_NULL };
	TPML_PCR_SELECTION selection = pcr_selection(PCR_SET);
	struct device *d = &t->device;

	if (!ak_authorize(&t->ak, d, false, f))
		return false;
	TSS2_RC rc = Esys_Quote(d->esys, d->ak, d->policy,
	    device_session(d, TPMA_SESSION_AUDIT), ESYS_TR_NONE, qualifying,
	    &of_key, &selection, &q->attest, &q->signature);

	*changed = rc == TPM2_RC_PCR_CHANGED;
	if (rc == TSS2_RC_SUCCESS)
		return true;
	device_flush(d, &d->policy);
	return *changed || device_check(d, rc, "Quote", f);
}

/* Measurement 13 makes the AK refuse any other PCR values than those of begin,
 * so they are the quote's, or the TPM lies. */
static bool
quote_check(const struct quote *q, const struct tpm *t,
    const TPM2B_DATA *qualifying, struct fault *f)
{
	struct sha256 digest = pcr_digest(&t->ak.pcrs);
	TPMS_ATTEST attest = { 0 };
	size_t at = 0;
	TSS2_RC rc = Tss2_MU_TPMS_ATTEST_Unmarshal(
	    q->attest->attestationData, q->attest->size, &at, &attest);

	if (rc != TSS2_RC_SUCCESS || at != q->attest->size ||
	    attest.magic != TPM2_GENERATED_VALUE ||
	    attest.type != TPM2_ST_ATTEST_QUOTE)
		return fail(f, FAULT_DEVICE, "tpm.response",
		    "tpm 10: the answer is no quote");
	const TPM2B_DIGEST *quoted = &attest.attested.quote.pcrDigest;

	if (!bytes_equal(
		bytes_of(quoted->buffer, quoted->size), BYTES_OF(&digest)) ||
	    !bytes_equal(
		bytes_of(attest.extraData.buffer, attest.extraData.size),
		bytes_of(qualifying->buffer, qualifying->size)))
		return fail(f, FAULT_DEVICE, "tpm.response",
		    "tpm 10: a quote of other values than were asked for");
	return true;
}

static bool
quote_make(
    struct quote *q, struct tpm *t, struct bytes qualifying, struct fault *f)
{
	TPM2B_DATA data = { .size = (UINT16)qualifying.n };
	bool changed = true;

	memcpy(data.buffer, qualifying.p, qualifying.n);
	for (unsigned i = 0; changed && i < QUOTE_TRIES; i++) {
		if (!quote_try(q, &changed, t, &data, f))
			return false;
	}
	if (changed)
		return fail(f, FAULT_BUSY, "tpm.pcr.moving",
		    "tpm 10: PCRs moved during each of %u quotes", QUOTE_TRIES);
	return quote_check(q, t, &data, f);
}

static struct message *
quote_message(const struct quote *q, const struct tpm *t, struct arena *a)
{
	struct message *quote = message_new(a);
	struct message *pcrs = message_new(a);
	uint8_t signature[sizeof(TPMT_SIGNATURE)];
	size_t size = 0;

	(void)Tss2_MU_TPMT_SIGNATURE_Marshal(
	    q->signature, signature, sizeof(signature), &size);
	for (unsigned pcr = 0; pcr < PCR_COUNT; pcr++) {
		char name[4];

		if ((t->ak.pcrs.set & 1u << pcr) == 0)
			continue;
		(void)snprintf(name, sizeof(name), "%u", pcr);
		message_set_base64(pcrs, name, BYTES_OF(&t->ak.pcrs.of[pcr]));
	}
	message_set_base64(quote, "attest",
	    bytes_of(q->attest->attestationData, q->attest->size));
	message_set_base64(quote, "tpmt-signature", bytes_of(signature, size));
	message_set_message(quote, "pcrs", pcrs);
	return quote;
}

static void
set_certificates(struct message *evidence, const struct ek *ek, struct arena *a)
{
	struct message *chain = message_list(evidence, "ek-chain");
	char source[24];

	for (size_t i = 0; i < ek->nchain; i++)
		message_append(chain,
		    (struct value){ VALUE_BYTES,
			.bytes = base64_encode(a, BASE64_URL, ek->chain[i]) });
	if (ek->certificate.n == 0) {
		message_set_text(evidence, "ek-certificate-source", "absent");
		return;
	}
	(void)snprintf(source, sizeof(source), "tpm-nv:0x%08x", ek->nv);
	message_set_text(evidence, "ek-certificate-source", source);
	message_set_base64(evidence, "ek-certificate", ek->certificate);
}

static void
set_runtime_log(struct message *evidence, const struct tpm *t, struct arena *a)
{
	struct message *log = message_list(evidence, "runtime-log");

	for (size_t i = 0; i < t->nevents; i++) {
		struct message *event = message_new(a);

		message_set_text(event, "event-type", t->events[i].type);
		message_set_integer(event, "pcr", PCR_NODE);
		message_set_base64(
		    event, "digest", BYTES_OF(&t->events[i].digest));
		message_append_message(log, event);
	}
}

static void
set_properties(
    struct message *evidence, const struct properties *is, struct arena *a)
{
	struct message *properties = message_new(a);

	message_set_text(properties, "manufacturer", is->manufacturer);
	message_set_text(properties, "vendor-string", is->vendor);
	message_set_text(properties, "firmware-version", is->firmware);
	message_set_integer(properties, "spec-revision", is->revision);
	message_set_message(evidence, "tpm-properties", properties);
}

bool
quote_evidence(struct bytes *packed, struct tpm *t, struct bytes qualifying,
    struct arena *a, struct fault *f)
{
	struct message *evidence = message_new(a);
	struct quote q = { 0 };

	if (!t->begun)
		return fail(f, FAULT_STATE, "tpm.not-begun",
		    "tpm 12: begin comes before quote");
	if (!quote_make(&q, t, qualifying, f)) {
		quote_fini(&q);
		return false;
	}
	message_set_text(evidence, "type", "permawebos-tpm-evidence");
	message_set_text(evidence, "version", "1.0");
	message_set_base64(
	    evidence, "ek-public", primary_public(&t->ek.key, a));
	message_set_base64(
	    evidence, "ak-public", primary_public(&t->ak.key, a));
	set_certificates(evidence, &t->ek, a);
	message_set_message(evidence, "quote", quote_message(&q, t, a));
	quote_fini(&q);
	message_set_base64(evidence, "firmware-log", bytes_of(t->log, t->nlog));
	set_runtime_log(evidence, t, a);
	set_properties(evidence, &t->properties, a);
	return message_pack(packed, evidence, a, f);
}
