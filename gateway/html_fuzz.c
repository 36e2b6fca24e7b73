/* SPDX-License-Identifier: Apache-2.0 */
#include "core/message/pack.h"
#include "gateway/html.h"
#include "gateway/markup.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No message has a byte of its own in the place of markup, neither on its page
 * nor as a boot measurement on the status page. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[16u << 20];
	struct bytes page;
	struct message *m;
	struct arena a;
	struct fault f;

	arena_init(&a, block, sizeof(block));
	if (message_unpack(&m, bytes_of(data, size), &a, &f)) {
		if (html_encode(&page, m, &a, &f) && !markup_holds(page))
			abort();
		if (html_index(&page, m, &a, &f) && !markup_holds(page))
			abort();
	}
	arena_reset(&a);
	return 0;
}
