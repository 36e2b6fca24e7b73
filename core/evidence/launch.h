/* SPDX-License-Identifier: Apache-2.0 */
/* The launch digest that an SEV-SNP guest must have, recomputed. */
#ifndef CORE_EVIDENCE_LAUNCH_H
#define CORE_EVIDENCE_LAUNCH_H

#include "core/evidence/kernelhashes.h"
#include "core/evidence/ovmf.h"
#include "core/evidence/vmsa.h"

#define LAUNCH_VCPUS_MAX 1024u

/* SEV_FEATURES whose only trace at launch is their bit. */
#define LAUNCH_SNP_ACTIVE           (UINT64_C(1) << 0)
#define LAUNCH_REFLECT_VC           (UINT64_C(1) << 2)
#define LAUNCH_RESTRICTED_INJECTION (UINT64_C(1) << 3)
#define LAUNCH_DEBUG_SWAP           (UINT64_C(1) << 5)
#define LAUNCH_PREVENT_HOST_IBS     (UINT64_C(1) << 6)
#define LAUNCH_BTB_ISOLATION        (UINT64_C(1) << 7)
#define LAUNCH_VMPL_SSS             (UINT64_C(1) << 8)
#define LAUNCH_SECURE_TSC           (UINT64_C(1) << 9)
#define LAUNCH_VMGEXIT_PARAMETER    (UINT64_C(1) << 10)
#define LAUNCH_IBS_VIRTUALIZATION   (UINT64_C(1) << 12)
#define LAUNCH_SMT_PROTECTION       (UINT64_C(1) << 15)
#define LAUNCH_IBPB_ON_ENTRY        (UINT64_C(1) << 21)

/* Those that give the host nothing: what is allowed unless a policy says. */
#define LAUNCH_FEATURES_DEFAULT                              \
	(LAUNCH_SNP_ACTIVE | LAUNCH_RESTRICTED_INJECTION |   \
	    LAUNCH_PREVENT_HOST_IBS | LAUNCH_BTB_ISOLATION | \
	    LAUNCH_SECURE_TSC | LAUNCH_SMT_PROTECTION | LAUNCH_IBPB_ON_ENTRY)

struct launch {
	const struct ovmf *firmware;
	const struct vmsa_host *host;
	/* NULL: the firmware is not told of a kernel, and measures none. */
	const struct kernelhashes *kernel;
	uint32_t vcpus, cpu; /* cpu: the signature, where the host shows it */
	uint64_t features, allowed; /* SEV_FEATURES, and which of them may be */
};

/* Of launch_digest, alone: fails with "snp.launch.features". */
MUST_CHECK bool launch_check_features(const struct launch *l, struct fault *f);

/*
 * Fails with "snp.launch.features" (unknown, not allowed, or no SNP),
 * "snp.launch.cpu" (no vCPU, too many, or no address where the second one
 * starts) or "snp.launch.firmware" (not for SNP, or not for a kernel). Hashes
 * at most OVMF_PAGES_MAX + LAUNCH_VCPUS_MAX links.
 */
MUST_CHECK bool launch_digest(
    struct sha384 *out, const struct launch *l, struct fault *f);

#endif
