/* SPDX-License-Identifier: Apache-2.0 */
/* The children of the test image's init: the production rows, and the probe. */
#include "services/init/init.h"

#include <linux/capability.h>

/* clang-format off */
const struct child children[] = {
#include "services/init/rows.h"
	{
		/* It becomes any of the others, looks into and kills them, and
		 * tries what the kernel must refuse to root as well. */
		.name = "probe", .self = PROCESS_COUNT,
		.path = "/usr/lib/pwos/pwos-probe",
		.uid = 8799,
		.needs = PEER(SYSTEM) | PEER(TPM) | PEER(VERIFIER) |
		         PEER(KEYRING) | PEER(MEASUREMENT) | PEER(GATEWAY),
		.capabilities = CAP(CAP_SETUID) | CAP(CAP_SETGID) |
		                CAP(CAP_KILL) | CAP(CAP_SYS_PTRACE) |
		                CAP(CAP_DAC_OVERRIDE) | CAP(CAP_SYS_RAWIO) |
		                CAP(CAP_DAC_READ_SEARCH) |
		                CAP(CAP_SYS_MODULE) | CAP(CAP_SYS_BOOT) |
		                CAP(CAP_SYS_ADMIN) | CAP(CAP_NET_ADMIN),
		.nofile = 128, .nproc = 128, .memlock = MIB, .memory = 192 * MIB,
		.network = true, .image_only = true,
		/* Its end is the end of the test. */
		.rule = CHILD_FATAL,
	},
};
/* clang-format on */

const size_t children_count = sizeof(children) / sizeof(children[0]);
