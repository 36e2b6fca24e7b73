/* SPDX-License-Identifier: Apache-2.0 */
/* What all TPM structures share: algorithm numbers and sized fields. */
#ifndef CORE_EVIDENCE_TPM_H
#define CORE_EVIDENCE_TPM_H

#include "core/base/cursor.h"
#include "core/crypto/hash.h"

enum tpm_alg {
	TPM_ALG_RSA = 0x0001,
	TPM_ALG_SHA1 = 0x0004,
	TPM_ALG_AES = 0x0006,
	TPM_ALG_SHA256 = 0x000b,
	TPM_ALG_SHA384 = 0x000c,
	TPM_ALG_SHA512 = 0x000d,
	TPM_ALG_NULL = 0x0010,
	TPM_ALG_SM3_256 = 0x0012,
	TPM_ALG_RSASSA = 0x0014,
	TPM_ALG_RSAPSS = 0x0016,
	TPM_ALG_ECDSA = 0x0018,
	TPM_ALG_ECC = 0x0023,
	TPM_ALG_SHA3_256 = 0x0027,
	TPM_ALG_SHA3_384 = 0x0028,
	TPM_ALG_SHA3_512 = 0x0029,
	TPM_ALG_CFB = 0x0043
};

enum tpm_curve { TPM_CURVE_P256 = 0x0003, TPM_CURVE_P384 = 0x0004 };

/* The size of a digest by that algorithm; 0 if it is no known hash. */
size_t tpm_alg_digest_size(uint16_t id);

/* The hash that core/crypto computes for id; false if there is none. */
bool tpm_alg_hash(enum hash_alg *out, uint16_t id);
uint16_t tpm_alg_of_hash(enum hash_alg alg);

/* A TPM2B: 16 bits of size and as many bytes, a short read beyond max. */
struct bytes tpm_take_sized(struct cursor *c, size_t max);

#endif
