/* SPDX-License-Identifier: Apache-2.0 */
/* DMI and kernel texts: what comes out is clean, bounded, printable, and stays
 * as it is when it is cleaned again; a key has a key's bytes only. */
#include "services/system/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t block[8 * TEXT_MAX];

static void
demand(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size), line;
	struct arena a;

	arena_init(&a, block, sizeof(block));
	struct bytes clean = text_clean(&a, in);
	struct bytes key = text_key(&a, in);
	struct bytes again = text_clean(&a, clean);

	demand(!a.exhausted && clean.n <= TEXT_MAX && key.n <= 240);
	demand(bytes_equal(clean, again) || clean.n == TEXT_MAX);
	for (size_t i = 0; i < clean.n; i++)
		demand(clean.p[i] >= ' ' && clean.p[i] != 0x7f);
	for (size_t i = 0; i < key.n; i++)
		demand((key.p[i] >= 'a' && key.p[i] <= 'z') ||
		       (key.p[i] >= '0' && key.p[i] <= '9') || key.p[i] == '-');
	for (size_t lines = 0; text_line(&line, &in); lines++)
		demand(lines <= size &&
		       (line.n == 0 ||
			   (line.p >= data && line.p + line.n <= data + size)));
	return 0;
}
