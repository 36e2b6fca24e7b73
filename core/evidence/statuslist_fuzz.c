/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/evidence/statuslist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[2u << 20];

/* Entries are in order, each once, and found by their own numbers. */
static void
check_entry(const struct statuslist *list, size_t i)
{
	struct bytes id = list->entries[i].id;

	if (i != 0 && bytes_order(list->entries[i - 1].id, id) >= 0)
		abort();
	for (size_t d = 0; d < id.n; d++)
		if (memchr("0123456789abcdef", id.p[d], 16) == NULL)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct statuslist list;
	struct fault f = { 0 };

	arena_init(&a, memory, sizeof(memory));
	if (!statuslist_parse(&list, bytes_of(data, size), &a, &f)) {
		if (f.reason[0] == '\0' || list.n != 0)
			abort();
		return 0;
	}
	for (size_t i = 0; i < list.n; i++)
		check_entry(&list, i);
	(void)statuslist_find(&list, bytes_of(data, size < 24 ? size : 24));
	return 0;
}
