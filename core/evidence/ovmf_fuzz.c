/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/launch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is taken as firmware can be measured with a kernel if it has a
 * section for its hashes, and never with one if it has none. */
static void
check_launch(const struct ovmf *o)
{
	static const struct kernelhashes kernel;
	const struct launch l = { .firmware = o,
		.host = vmsa_host(BYTES("ec2")),
		.kernel = &kernel,
		.vcpus = o->ap_reset == 0 ? 1 : 2,
		.features = LAUNCH_SNP_ACTIVE,
		.allowed = LAUNCH_SNP_ACTIVE };
	bool can = ovmf_find(o, OVMF_SECRETS) != NULL &&
		   ovmf_find(o, OVMF_CPUID) != NULL &&
		   ovmf_find(o, OVMF_KERNEL_HASHES) != NULL;
	struct sha384 digest;
	struct fault f;

	if (launch_digest(&digest, &l, &f) != can)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ovmf o;
	struct fault f;

	if (!ovmf_parse(&o, bytes_of(data, size), &f))
		return 0;
	if (!ovmf_check(&o, &f))
		abort();
	check_launch(&o);
	return 0;
}
