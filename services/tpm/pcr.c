/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/pcr.h"

#define SET_BYTES   3u
#define READ_TRIES  8u
#define SHA256_SIZE sizeof(struct sha256)

TPML_PCR_SELECTION
pcr_selection(uint32_t set)
{
	TPML_PCR_SELECTION selection = { .count = 1 };

	selection.pcrSelections[0].hash = TPM2_ALG_SHA256;
	selection.pcrSelections[0].sizeofSelect = SET_BYTES;
	for (unsigned i = 0; i < SET_BYTES; i++)
		selection.pcrSelections[0].pcrSelect[i] =
		    (uint8_t)(set >> (8 * i));
	return selection;
}

void
pcr_selection_bytes(uint8_t out[PCR_SELECTION_SIZE], uint32_t set)
{
	const uint8_t bytes[PCR_SELECTION_SIZE] = { 0, 0, 0, 1,
		TPM2_ALG_SHA256 >> 8, TPM2_ALG_SHA256 & 0xff, SET_BYTES,
		(uint8_t)set, (uint8_t)(set >> 8), (uint8_t)(set >> 16) };

	memcpy(out, bytes, sizeof(bytes));
}

/* The PCRs of an answer: those that were asked for and not read before. */
static uint32_t
answered_set(const TPML_PCR_SELECTION *selection)
{
	const TPMS_PCR_SELECTION *bank = &selection->pcrSelections[0];
	uint32_t set = 0;

	if (selection->count != 1 || bank->hash != TPM2_ALG_SHA256 ||
	    bank->sizeofSelect != SET_BYTES)
		return 0;
	for (unsigned i = 0; i < SET_BYTES; i++)
		set |= (uint32_t)bank->pcrSelect[i] << (8 * i);
	return set;
}

/* Takes the digests of an answer; false unless they are exactly its set's. */
static bool
take_digests(struct pcr_values *out, uint32_t set, const TPML_DIGEST *digests)
{
	UINT32 at = 0;

	for (unsigned pcr = 0; pcr < PCR_COUNT; pcr++) {
		if ((set & 1u << pcr) == 0)
			continue;
		if (at >= digests->count ||
		    digests->digests[at].size != SHA256_SIZE)
			return false;
		memcpy(
		    out->of[pcr].b, digests->digests[at++].buffer, SHA256_SIZE);
	}
	out->set |= set;
	return set != 0 && at == digests->count;
}

/* One PCR_Read of what is still missing: a TPM gives eight values at most. */
static bool
read_some(struct pcr_values *out, struct device *d, uint32_t missing,
    UINT32 *counter, struct fault *f)
{
	TPML_PCR_SELECTION asked = pcr_selection(missing);
	TPML_PCR_SELECTION *got = NULL;
	TPML_DIGEST *digests = NULL;
	TSS2_RC rc =
	    Esys_PCR_Read(d->esys, device_session(d, TPMA_SESSION_AUDIT),
		ESYS_TR_NONE, ESYS_TR_NONE, &asked, counter, &got, &digests);

	if (!device_check(d, rc, "PCR_Read", f))
		return false;
	uint32_t set = answered_set(got);
	bool good = (set & ~missing) == 0 && take_digests(out, set, digests);

	Esys_Free(got);
	Esys_Free(digests);
	if (!good)
		return fail(f, FAULT_DEVICE, "tpm.pcr.bank",
		    "tpm 6: PCR_Read gave no SHA-256 values of PCRs 0x%06x",
		    missing);
	return true;
}

/* Equal counters before the first and after the last read: nothing moved. */
bool
pcr_read(
    struct pcr_values *out, struct device *d, uint32_t set, struct fault *f)
{
	for (unsigned i = 0; i < READ_TRIES; i++) {
		struct pcr_values values = { 0 };
		UINT32 first, last;

		if (!read_some(&values, d, set, &first, f))
			return false;
		last = first;
		while (values.set != set) {
			if (!read_some(&values, d, set & ~values.set, &last, f))
				return false;
		}
		if (first == last) {
			*out = values;
			return true;
		}
	}
	return fail(f, FAULT_BUSY, "tpm.pcr.moving",
	    "tpm 6: PCRs were extended during each of %u reads", READ_TRIES);
}

bool
pcr_extend(struct device *d, unsigned pcr, const struct sha256 *digest,
    struct fault *f)
{
	TPML_DIGEST_VALUES values = { .count = 1 };

	values.digests[0].hashAlg = TPM2_ALG_SHA256;
	memcpy(values.digests[0].digest.sha256, digest->b, SHA256_SIZE);
	/* ESAPI's names of PCRs are their numbers. */
	TSS2_RC rc = Esys_PCR_Extend(
	    d->esys, pcr, device_auth(d), ESYS_TR_NONE, ESYS_TR_NONE, &values);

	return device_check(d, rc, "PCR_Extend", f);
}

struct sha256
pcr_digest(const struct pcr_values *v)
{
	struct bytes parts[PCR_COUNT];
	struct sha256 digest;
	size_t n = 0;

	for (unsigned pcr = 0; pcr < PCR_COUNT; pcr++) {
		if ((v->set & 1u << pcr) != 0)
			parts[n++] = BYTES_OF(&v->of[pcr]);
	}
	hash_parts(HASH_SHA256, digest.b, parts, n);
	return digest;
}
