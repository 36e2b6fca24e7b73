/* SPDX-License-Identifier: Apache-2.0 */
/* SEV-SNP attestation reports: versions 2 to 5, as the firmware signs them. */
#ifndef CORE_EVIDENCE_SNPREPORT_H
#define CORE_EVIDENCE_SNPREPORT_H

#include "core/base/fault.h"
#include "core/evidence/snptcb.h"

#define SNPREPORT_SIZE   1184u
#define SNPREPORT_SIGNED 0x2a0u /* bytes that the signature covers */
#define SNPREPORT_SCALAR 48u    /* bytes of r and of s */

/* From these versions on a report names its CPU, has mitigation vectors. */
#define SNPREPORT_VERSION_CPU  3u
#define SNPREPORT_VERSION_MITS 5u

#define SNPREPORT_ECDSA_P384_SHA384 1u /* SIGNATURE_ALGO */

#define SNP_POLICY_SMT           (1u << 16)
#define SNP_POLICY_MUST_BE_ONE   (1u << 17)
#define SNP_POLICY_MIGRATE_MA    (1u << 18)
#define SNP_POLICY_DEBUG         (1u << 19)
#define SNP_POLICY_SINGLE_SOCKET (1u << 20)
#define SNP_POLICY_CXL           (1u << 21)
#define SNP_POLICY_AES_256_XTS   (1u << 22)
#define SNP_POLICY_RAPL_DIS      (1u << 23)
#define SNP_POLICY_CIPHERTEXT    (1u << 24)
#define SNP_POLICY_PAGE_SWAP_DIS (1u << 25)

#define SNP_PLATFORM_SMT         (1u << 0)
#define SNP_PLATFORM_TSME        (1u << 1)
#define SNP_PLATFORM_ECC         (1u << 2)
#define SNP_PLATFORM_RAPL_DIS    (1u << 3)
#define SNP_PLATFORM_CIPHERTEXT  (1u << 4)
#define SNP_PLATFORM_ALIAS_CHECK (1u << 5)

/* SIGNING_KEY */
enum snp_signer { SNP_VCEK = 0, SNP_VLEK = 1, SNP_NO_KEY = 7 };

struct snp_firmware {
	uint8_t major, minor, build;
};

/* Fields have the names of AMD's SEV-SNP firmware ABI (56860), table
 * ATTESTATION_REPORT. Views are into the input, which stays the caller's. */
struct snpreport {
	struct bytes raw;
	uint32_t version, guest_svn, vmpl, signature_algo, flags;
	uint64_t policy, platform_info;
	uint64_t current_tcb, reported_tcb, committed_tcb, launch_tcb;
	struct bytes family_id, image_id;     /* 16 bytes */
	struct bytes report_data;             /* 64 */
	struct bytes measurement;             /* 48 */
	struct bytes host_data;               /* 32 */
	struct bytes id_key_digest;           /* 48 */
	struct bytes author_key_digest;       /* 48 */
	struct bytes report_id, report_id_ma; /* 32 */
	struct bytes chip_id;                 /* 64 */
	uint8_t family, model, stepping;      /* of the CPU; version 3 on */
	struct snp_firmware current, committed;
	uint64_t launch_mit_vector, current_mit_vector; /* version 5 on */
	struct bytes signature; /* 512, with its padding */
};

static inline bool
snpreport_author_key_en(const struct snpreport *r)
{
	return (r->flags & 1u) != 0;
}

static inline bool
snpreport_mask_chip_key(const struct snpreport *r)
{
	return (r->flags & 2u) != 0;
}

static inline uint32_t
snpreport_signing_key(const struct snpreport *r)
{
	return r->flags >> 2 & 7u;
}

/* Fails with snp.report.size, snp.version or snp.reserved. */
MUST_CHECK bool snpreport_parse(
    struct snpreport *out, struct bytes in, struct fault *f);

/* The product line of the CPU that a report of version 3 or later names;
 * SNP_NO_PRODUCT for an older report and for a CPU that is none of ours. */
enum snp_product snpreport_product(const struct snpreport *r);

/* The reserved bytes of all TCB versions are zero, as the product line has
 * them; else snp.reserved. */
MUST_CHECK bool snpreport_check_tcbs(
    const struct snpreport *r, enum snp_product product, struct fault *f);

/* r and s, big-endian. */
struct snp_signature {
	uint8_t r[SNPREPORT_SCALAR], s[SNPREPORT_SCALAR];
};

/* ECDSA on P-384 with SHA-384 (snp.signature.algorithm), 0 < r, s < n and
 * every other byte zero (snp.signature.encoding). */
MUST_CHECK bool snpreport_signature(
    struct snp_signature *out, const struct snpreport *r, struct fault *f);

#endif
