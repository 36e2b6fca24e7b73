/* SPDX-License-Identifier: Apache-2.0 */
/* The state that a host gives a vCPU before its first instruction. */
#ifndef CORE_EVIDENCE_VMSA_H
#define CORE_EVIDENCE_VMSA_H

#include "core/base/fault.h"
#include "core/evidence/pageinfo.h"

#define VMSA_RESET 0xfffffff0u /* where the first vCPU starts */

/* How a kind of host launches its guests, as far as the digest tells. */
struct vmsa_host {
	const char *name;
	uint16_t cs_first, cs_other, ss, tr; /* attributes of the segments */
	uint64_t pat;
	bool shows_cpu; /* EDX is the CPU's signature instead of edx */
	uint32_t edx;
	bool fpu;                  /* the x87 and SSE control words are set */
	bool cpuid_last;           /* the CPUID page comes behind all others */
	enum pageinfo_type memory; /* as what OVMF_SEC_MEM is added */
	uint64_t gpa;              /* of the pages made here */
};

/* "qemu" (KVM of Linux 6.10 and later), "qemu-early" (SNP hosts before that),
 * "ec2", "gce" (Milan), "gce-genoa"; NULL for another name. */
const struct vmsa_host *vmsa_host(struct bytes name);

/*
 * CPUID Fn00000001_EAX of a vCPU model of QEMU, as "EPYC-v4" or "EPYC-Genoa",
 * or given as "0x00800f12". Fails with "snp.launch.cpu".
 */
MUST_CHECK bool vmsa_cpu(
    uint32_t *signature, struct bytes model, struct fault *f);

/* The page of a vCPU that starts at that address. */
void vmsa_page(uint8_t page[PAGEINFO_PAGE], const struct vmsa_host *host,
    uint32_t reset, uint32_t signature, uint64_t features);

#endif
