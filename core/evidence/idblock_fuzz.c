/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/idblock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A block and its authentication. The block has one encoding, and a signed one
 * is signed by the keys that it came with. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	size_t first = size < IDBLOCK_SIZE ? size : IDBLOCK_SIZE;
	struct idblock_auth a;
	struct idblock b;
	struct fault f;

	if (!idblock_parse(&b, bytes_of(in.p, first), &f) ||
	    !idblock_parse_auth(&a, bytes_of(in.p + first, size - first), &f))
		return 0;
	if (b.raw.n != IDBLOCK_SIZE || a.id_key.n != 0x404 ||
	    a.author_key.n != (a.key_signature.n == 0 ? 0u : 0x404u))
		abort();
	if (!idblock_check_auth(&b, &a, &f))
		return 0;
	const struct snpreport report = { .measurement = b.digest,
		.family_id = b.family_id,
		.image_id = b.image_id,
		.guest_svn = b.svn + 1,
		.policy = b.policy };

	if (idblock_check_report(&b, &a, &report, &f))
		abort();
	return 0;
}
