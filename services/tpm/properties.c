/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/tpm.h"

#include <stdio.h>

/* Four characters of a property word; what is not printable ends the text. */
static size_t
put_word(char *text, size_t at, uint32_t word)
{
	for (unsigned shift = 32; shift > 0; shift -= 8) {
		uint8_t c = (uint8_t)(word >> (shift - 8));

		if (c < ' ' || c > '~')
			break;
		text[at++] = (char)c;
	}
	text[at] = '\0';
	return at;
}

static bool
capability(TPMS_CAPABILITY_DATA **out, struct device *d, TPM2_CAP kind,
    UINT32 range[2], struct fault *f)
{
	TSS2_RC rc = Esys_GetCapability(d->esys,
	    device_session(d, TPMA_SESSION_AUDIT), ESYS_TR_NONE, ESYS_TR_NONE,
	    kind, range[0], range[1], NULL, out);

	if (!device_check(d, rc, "GetCapability", f))
		return false;
	if ((*out)->capability == kind)
		return true;
	Esys_Free(*out);
	return fail(f, FAULT_DEVICE, "tpm.response",
	    "tpm 5: GetCapability(%u) gave another kind", kind);
}

static bool
read_texts(struct properties *out, struct device *d, struct fault *f)
{
	TPMS_CAPABILITY_DATA *data;
	UINT32 range[2] = { TPM2_PT_FIXED, 64 };
	uint32_t words[64] = { 0 };
	size_t at = 0;

	if (!capability(&data, d, TPM2_CAP_TPM_PROPERTIES, range, f))
		return false;
	const TPML_TAGGED_TPM_PROPERTY *list = &data->data.tpmProperties;

	for (UINT32 i = 0; i < list->count; i++) {
		UINT32 name = list->tpmProperty[i].property - TPM2_PT_FIXED;

		if (name < sizeof(words) / sizeof(words[0]))
			words[name] = list->tpmProperty[i].value;
	}
	Esys_Free(data);
	out->revision = words[TPM2_PT_REVISION - TPM2_PT_FIXED];
	(void)put_word(
	    out->manufacturer, 0, words[TPM2_PT_MANUFACTURER - TPM2_PT_FIXED]);
	for (unsigned i = 0; i < 4; i++)
		at = put_word(out->vendor, at,
		    words[TPM2_PT_VENDOR_STRING_1 - TPM2_PT_FIXED + i]);
	uint32_t high = words[TPM2_PT_FIRMWARE_VERSION_1 - TPM2_PT_FIXED];
	uint32_t low = words[TPM2_PT_FIRMWARE_VERSION_2 - TPM2_PT_FIXED];

	(void)snprintf(out->firmware, sizeof(out->firmware), "%u.%u.%u.%u",
	    high >> 16, high & 0xffff, low >> 16, low & 0xffff);
	return true;
}

static bool
has_algorithm(bool *out, struct device *d, UINT32 algorithm, struct fault *f)
{
	TPMS_CAPABILITY_DATA *data;
	UINT32 range[2] = { algorithm, 1 };

	if (!capability(&data, d, TPM2_CAP_ALGS, range, f))
		return false;
	const TPML_ALG_PROPERTY *list = &data->data.algorithms;

	*out = list->count == 1 && list->algProperties[0].alg == algorithm;
	Esys_Free(data);
	return true;
}

static bool
has_curve(bool *out, struct device *d, UINT32 curve, struct fault *f)
{
	TPMS_CAPABILITY_DATA *data;
	UINT32 range[2] = { curve, 1 };

	if (!capability(&data, d, TPM2_CAP_ECC_CURVES, range, f))
		return false;
	const TPML_ECC_CURVE *list = &data->data.eccCurves;

	*out = list->count == 1 && list->eccCurves[0] == curve;
	Esys_Free(data);
	return true;
}

bool
properties_read(struct properties *out, struct device *d, struct fault *f)
{
	bool ecdsa = false, p256 = false;

	if (!read_texts(out, d, f) ||
	    !has_algorithm(&ecdsa, d, TPM2_ALG_ECDSA, f) ||
	    (ecdsa && !has_curve(&p256, d, TPM2_ECC_NIST_P256, f)))
		return false;
	out->has_ecdsa = p256;
	return true;
}
