/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons of SEV-SNP's launch digest: as in reasons_snp.h. */
#ifndef CORE_VERDICT_REASONS_LAUNCH_H
#define CORE_VERDICT_REASONS_LAUNCH_H

/* clang-format off */
#define REASONS_LAUNCH(X) \
	X("snp.launch.firmware", "evidence 40, evidence 42, evidence 43", \
	    "The guest firmware that should have been launched is malformed, or not one that SEV-SNP can launch this way.", \
	    "Give the firmware file of the release; for a kernel, initrd and command line it must be OVMF's AmdSev build.") \
	X("snp.launch.cpu", "evidence 45", \
	    "The number or the model of the guest's vCPUs is impossible.", \
	    "Give the vCPUs that the guest was started with.") \
	X("snp.launch.features", "evidence 46", \
	    "The guest was launched with SEV features that are unknown or not allowed.", \
	    "Start the guest without them; allow debug-swap only if you know why the host needs it.") \
	X("snp.launch.mismatch", "evidence 47", \
	    "The guest was launched with other firmware, kernel, initrd, command line or vCPUs than it should have been.", \
	    "Boot the release whose digest you ask for; if you did, compare host, vCPU count and vCPU model first.") \
	X("snp.id-block", "evidence 29, evidence 48, evidence 49", \
	    "The ID block is malformed, not signed by its keys, or not the one that the guest was launched under.", \
	    "Give the ID block and authentication of the release; if you did, do not trust the guest.")
/* clang-format on */

#endif
