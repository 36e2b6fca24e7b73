/* SPDX-License-Identifier: Apache-2.0 */
/* TPMT_PUBLIC: the public areas of endorsement and attestation keys. */
#ifndef CORE_EVIDENCE_PUBLIC_H
#define CORE_EVIDENCE_PUBLIC_H

#include "core/base/cursor.h"
#include "core/crypto/x509.h"
#include "core/evidence/tpm.h"

#define PUBLIC_SIZE_MAX 1024u

/* TPMA_OBJECT */
enum public_attribute {
	PUBLIC_FIXED_TPM = 1 << 1,
	PUBLIC_ST_CLEAR = 1 << 2,
	PUBLIC_FIXED_PARENT = 1 << 4,
	PUBLIC_SENSITIVE_ORIGIN = 1 << 5,
	PUBLIC_USER_WITH_AUTH = 1 << 6,
	PUBLIC_ADMIN_WITH_POLICY = 1 << 7,
	PUBLIC_FIRMWARE_LIMITED = 1 << 8,
	PUBLIC_SVN_LIMITED = 1 << 9,
	PUBLIC_NO_DA = 1 << 10,
	PUBLIC_ENCRYPTED_DUPLICATION = 1 << 11,
	PUBLIC_RESTRICTED = 1 << 16,
	PUBLIC_DECRYPT = 1 << 17,
	PUBLIC_SIGN = 1 << 18,
	PUBLIC_X509_SIGN = 1 << 19
};

/* Views into the bytes that were parsed. Algorithms that are absent or null
 * are TPM_ALG_NULL. */
struct public_area {
	struct bytes raw; /* the TPMT_PUBLIC, which the Name covers */
	enum hash_alg name_alg;
	uint32_t attributes;
	struct bytes policy;
	uint16_t symmetric, symmetric_bits, symmetric_mode;
	uint16_t scheme, scheme_hash;
	uint32_t exponent; /* RSA: 0 (65537) or 65537 */
	uint16_t kdf;      /* ECC */
	struct public_key key;
};

/* nameAlg and the hash of the area: a Name or a qualified Name. */
struct public_name {
	uint8_t b[2 + 64];
	size_t n;
};

static inline struct bytes
public_name_bytes(const struct public_name *name)
{
	return bytes_of(name->b, name->n);
}

/*
 * A TPMT_PUBLIC, and the same with its size in front (TPM2B_PUBLIC). RSA of
 * 2048 to 4096 bits with e = 65537, ECC P-256 and P-384. Fails with
 * "tpm.public.syntax".
 */
MUST_CHECK bool public_parse(
    struct public_area *out, struct bytes in, struct fault *f);
MUST_CHECK bool public_parse_2b(
    struct public_area *out, struct bytes in, struct fault *f);

/* Either of the two; no area begins as a size of itself would. */
MUST_CHECK bool public_parse_any(
    struct public_area *out, struct bytes in, struct fault *f);

struct public_name public_name(const struct public_area *p);

/* The qualified Name of a primary key under the endorsement hierarchy. */
struct public_name public_qualified_name(const struct public_area *p);

/* Any key that can only sign what a TPM made, and never left that TPM:
 * restricted, signing, not decrypting, fixed. Fails with "tpm.ak.attributes". */
MUST_CHECK bool public_check_signer(
    const struct public_area *p, struct fault *f);

/* The AK of measurement 12, exactly (its policy: pcr_check_policy). Fails with
 * "tpm.ak.attributes". */
MUST_CHECK bool public_check_ak(const struct public_area *p, struct fault *f);

/* An EK of TCG template L-1 or L-2. Fails with "tpm.ek.template". */
MUST_CHECK bool public_check_ek(const struct public_area *p, struct fault *f);

/* The certificate's key is the EK's. Fails with "tpm.ek.binding". */
MUST_CHECK bool public_check_certificate(const struct public_area *p,
    const struct public_key *certified, struct fault *f);

/* The same of an AK, of which the key may be all that is known:
 * "tpm.ak.binding". */
MUST_CHECK bool public_check_attested(const struct public_key *ak,
    const struct public_key *certified, struct fault *f);

#endif
