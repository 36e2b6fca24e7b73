/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/launch.h"

#include <inttypes.h>

#define KNOWN_FEATURES                                                     \
	(LAUNCH_FEATURES_DEFAULT | LAUNCH_REFLECT_VC | LAUNCH_DEBUG_SWAP | \
	    LAUNCH_VMPL_SSS | LAUNCH_VMGEXIT_PARAMETER |                   \
	    LAUNCH_IBS_VIRTUALIZATION)

bool
launch_check_features(const struct launch *l, struct fault *f)
{
	uint64_t unknown = l->features & ~KNOWN_FEATURES;
	uint64_t refused = l->features & ~l->allowed;

	if (unknown != 0)
		return fail(f, FAULT_VERIFY, "snp.launch.features",
		    "evidence 46: SEV_FEATURES 0x%" PRIx64 " are not known",
		    unknown);
	if ((l->features & LAUNCH_SNP_ACTIVE) == 0)
		return fail(f, FAULT_VERIFY, "snp.launch.features",
		    "evidence 46: SEV_FEATURES 0x%" PRIx64 " are without SNP",
		    l->features);
	if (refused != 0)
		return fail(f, FAULT_VERIFY, "snp.launch.features",
		    "evidence 46: SEV_FEATURES 0x%" PRIx64 " are not allowed%s",
		    refused,
		    (refused & LAUNCH_DEBUG_SWAP) != 0 ? " (DebugSwap)" : "");
	return true;
}

static bool
check_vcpus(const struct launch *l, struct fault *f)
{
	if (l->vcpus == 0 || l->vcpus > LAUNCH_VCPUS_MAX)
		return fail(f, FAULT_INPUT, "snp.launch.cpu",
		    "evidence 45: %" PRIu32 " vCPUs, want 1 to %u", l->vcpus,
		    LAUNCH_VCPUS_MAX);
	if (l->vcpus > 1 && l->firmware->ap_reset == 0)
		return fail(f, FAULT_INPUT, "snp.launch.cpu",
		    "evidence 45: the firmware says not where a second vCPU "
		    "starts");
	return true;
}

static bool
check_firmware(const struct launch *l, struct fault *f)
{
	if (!ovmf_check(l->firmware, f))
		return false;
	if (ovmf_find(l->firmware, OVMF_SECRETS) == NULL ||
	    ovmf_find(l->firmware, OVMF_CPUID) == NULL)
		return fail(f, FAULT_INPUT, "snp.launch.firmware",
		    "evidence 42: the firmware is not made for SEV-SNP");
	if (l->kernel != NULL &&
	    ovmf_find(l->firmware, OVMF_KERNEL_HASHES) == NULL)
		return fail(f, FAULT_INPUT, "snp.launch.firmware",
		    "evidence 43: the firmware checks no kernel's hash");
	return true;
}

static void
add_kernel(struct sha384 *chain, const struct launch *l, uint32_t gpa)
{
	uint8_t page[PAGEINFO_PAGE];

	kernelhashes_page(
	    page, l->kernel, l->firmware->hash_table % PAGEINFO_PAGE);
	pageinfo_add_normal(chain, gpa, bytes_of(page, sizeof(page)));
}

static void
add_section(
    struct sha384 *chain, const struct launch *l, const struct ovmf_section *s)
{
	switch (s->kind) {
	case OVMF_SEC_MEM:
		pageinfo_add_empty(chain, l->host->memory, s->gpa, s->size);
		return;
	case OVMF_SECRETS:
		pageinfo_add_empty(chain, PAGEINFO_SECRETS, s->gpa, s->size);
		return;
	case OVMF_CPUID:
		pageinfo_add_empty(chain, PAGEINFO_CPUID, s->gpa, s->size);
		return;
	case OVMF_SVSM_CAA:
		pageinfo_add_empty(chain, PAGEINFO_ZERO, s->gpa, s->size);
		return;
	case OVMF_KERNEL_HASHES:
		if (l->kernel != NULL)
			add_kernel(chain, l, s->gpa);
		else
			pageinfo_add_empty(
			    chain, PAGEINFO_ZERO, s->gpa, s->size);
		return;
	}
}

static void
add_sections(struct sha384 *chain, const struct launch *l)
{
	const struct ovmf *o = l->firmware;

	for (size_t i = 0; i < o->nsections; i++)
		if (!l->host->cpuid_last || o->sections[i].kind != OVMF_CPUID)
			add_section(chain, l, &o->sections[i]);
	if (l->host->cpuid_last)
		add_section(chain, l, ovmf_find(o, OVMF_CPUID));
}

static void
add_vcpus(struct sha384 *chain, const struct launch *l)
{
	uint8_t page[PAGEINFO_PAGE];
	struct sha384 contents;

	vmsa_page(page, l->host, VMSA_RESET, l->cpu, l->features);
	contents = sha384_of(bytes_of(page, sizeof(page)));
	pageinfo_add(chain, PAGEINFO_VMSA, l->host->gpa, &contents);
	vmsa_page(page, l->host, l->firmware->ap_reset, l->cpu, l->features);
	contents = sha384_of(bytes_of(page, sizeof(page)));
	for (uint32_t i = 1; i < l->vcpus; i++)
		pageinfo_add(chain, PAGEINFO_VMSA, l->host->gpa, &contents);
}

bool
launch_digest(struct sha384 *out, const struct launch *l, struct fault *f)
{
	if (!launch_check_features(l, f) || !check_firmware(l, f) ||
	    !check_vcpus(l, f))
		return false;
	struct sha384 chain = l->firmware->chain;

	add_sections(&chain, l);
	add_vcpus(&chain, l);
	*out = chain;
	return true;
}
