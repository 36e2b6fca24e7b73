/* SPDX-License-Identifier: Apache-2.0 */
/* What an OVMF image says about how it is launched as an SEV-SNP guest. */
#ifndef CORE_EVIDENCE_OVMF_H
#define CORE_EVIDENCE_OVMF_H

#include "core/base/fault.h"
#include "core/evidence/pageinfo.h"

#define OVMF_SIZE_MAX     (16u << 20)
#define OVMF_SECTIONS_MAX 32u
#define OVMF_PAGES_MAX    16384u /* of all sections together */

enum ovmf_kind {
	OVMF_SEC_MEM = 1,
	OVMF_SECRETS = 2,
	OVMF_CPUID = 3,
	OVMF_SVSM_CAA = 4,
	OVMF_KERNEL_HASHES = 0x10,
};

/* Guest memory that the host adds beside the image, whole pages. */
struct ovmf_section {
	uint32_t gpa, size;
	enum ovmf_kind kind;
};

struct ovmf {
	struct sha384 chain; /* the launch digest behind the image's pages */
	uint32_t ap_reset; /* where the other vCPUs start; 0: it does not say */
	uint32_t
	    hash_table; /* where it reads the kernel's hashes; 0: nowhere */
	struct ovmf_section sections[OVMF_SECTIONS_MAX];
	size_t nsections;
};

/* Keeps no view of the image. Fails with "snp.launch.firmware". */
MUST_CHECK bool ovmf_parse(
    struct ovmf *out, struct bytes image, struct fault *f);

/*
 * Sections are whole pages below 4 GiB, overlap nothing, are at most
 * OVMF_PAGES_MAX pages; secrets, CPUID and kernel hashes are one page each, and
 * the hash table lies in the page of its section. For descriptions that come
 * without their image. Fails with "snp.launch.firmware".
 */
MUST_CHECK bool ovmf_check(const struct ovmf *o, struct fault *f);

/* The section of a kind that there is at most one of, or NULL. */
const struct ovmf_section *ovmf_find(const struct ovmf *o, enum ovmf_kind kind);

#endif
