/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/cases_test.h"

#include <stdlib.h>

struct message *
cases_at(const struct message *m, const char *path)
{
	const struct value *value = message_find(m, path);

	if (value == NULL ||
	    (value->kind != VALUE_MESSAGE && value->kind != VALUE_LIST))
		abort();
	return value->message;
}

void
cases_drop(struct message *level, const char *key)
{
	size_t kept = 0;

	for (size_t i = 0; i < level->count; i++) {
		if (!bytes_is(level->pairs[i].key, key))
			level->pairs[kept++] = level->pairs[i];
	}
	if (kept == level->count)
		abort();
	level->count = kept;
}
