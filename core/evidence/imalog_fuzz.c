/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/imalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As many entries as were counted, over all bytes but the cut ones. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imalog log;
	struct imalog_entry e;
	struct fault f;
	uint8_t pcr[64];
	size_t count = 0;

	if (!imalog_parse(&log, bytes_of(data, size), &f))
		return 0;
	struct cursor c = cursor_over(log.entries);

	while (imalog_next(&c, &e))
		count++;
	if (count != log.count || c.left != 0 ||
	    log.entries.n + log.cut != size || log.violations > count)
		abort();
	imalog_replay(pcr, &log, HASH_SHA384);
	return 0;
}
