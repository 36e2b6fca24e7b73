/* SPDX-License-Identifier: Apache-2.0 */
#include "services/tpm/tpm.h"

#define EK_ATTRIBUTES                                                       \
	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |                   \
	    TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_ADMINWITHPOLICY | \
	    TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT)

/* PolicySecret(endorsement): policy A of the TCG EK Credential Profile. */
#define EK_POLICY                                                           \
	{ 0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8, 0x1a, 0x90, 0xcc, \
		0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7, 0x6e, 0x06, \
		0x52, 0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69, \
		0xaa }
#define EK_SYMMETRIC                          \
	{                                     \
		TPM2_ALG_AES, { .aes = 128 }, \
		{                             \
			.aes = TPM2_ALG_CFB   \
		}                             \
	}

/* Template L-1. */
static const TPM2B_PUBLIC template_rsa = {
	.publicArea = {
		.type = TPM2_ALG_RSA,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = EK_ATTRIBUTES,
		.authPolicy = { 32, EK_POLICY },
		.parameters.rsaDetail = {
			.symmetric = EK_SYMMETRIC,
			.scheme.scheme = TPM2_ALG_NULL,
			.keyBits = 2048,
		},
		.unique.rsa.size = 256,
	},
};

/* Template L-2. */
static const TPM2B_PUBLIC template_ecc = {
	.publicArea = {
		.type = TPM2_ALG_ECC,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = EK_ATTRIBUTES,
		.authPolicy = { 32, EK_POLICY },
		.parameters.eccDetail = {
			.symmetric = EK_SYMMETRIC,
			.scheme.scheme = TPM2_ALG_NULL,
			.curveID = TPM2_ECC_NIST_P256,
			.kdf.scheme = TPM2_ALG_NULL,
		},
		.unique.ecc = { .x.size = 32, .y.size = 32 },
	},
};

/* Certificates are read before there is a session to protect them: they vouch
 * for themselves. */
bool
ek_open(struct ek *ek, struct device *d, struct fault *f)
{
	struct buf room = buf_over(ek->room, X509_CERT_MAX);
	struct buf chain = buf_over(ek->room + X509_CERT_MAX, TPM_CHAIN_MAX);
	const TPM2B_PUBLIC *template = &template_ecc;

	ek->nv = NV_EK_ECC;
	if (!nv_certificate(&ek->certificate, d, ek->nv, &room, f))
		return false;
	if (ek->certificate.n == 0) {
		room.used = 0;
		template = &template_rsa;
		ek->nv = NV_EK_RSA;
		if (!nv_certificate(&ek->certificate, d, ek->nv, &room, f))
			return false;
	}
	if (!nv_chain(&chain, d, f))
		return false;
	ek->nchain =
	    x509_split_der(ek->chain, X509_CHAIN_MAX, buf_bytes(&chain));
	return primary_make(&ek->key, d, template, f);
}

bool
ek_session(const struct ek *ek, struct device *d, struct fault *f)
{
	static const TPMT_SYM_DEF symmetric = { TPM2_ALG_AES, { .aes = 128 },
		{ .aes = TPM2_ALG_CFB } };
	ESYS_TR handle = ESYS_TR_NONE;

	if (!primary_load(&handle, d, &ek->key, f))
		return false;
	TSS2_RC rc = Esys_StartAuthSession(d->esys, handle, ESYS_TR_NONE,
	    ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, NULL, TPM2_SE_HMAC,
	    &symmetric, TPM2_ALG_SHA256, &d->session);
	bool started = device_check(d, rc, "StartAuthSession", f);

	device_flush(d, &handle);
	return started;
}
