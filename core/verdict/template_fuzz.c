/* SPDX-License-Identifier: Apache-2.0 */
/* A line with a template, then what it is held against, both in JSON. */
#include <stdlib.h>

#include "core/base/cursor.h"
#include "core/message/json.h"
#include "core/verdict/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_SIZE (4u << 20)

static bool
printable(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return false;
	}
	return true;
}

/* Held against the facts, and without operators: then it matches itself. */
static bool
plain(const struct message *m)
{
	static const char *const special[] = { "match-type", "templates",
		"facts", "body", "evidence", "measurement-device",
		"secret-recipient" };

	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (message_get(m, bytes_text(special[i])) != NULL)
			return false;
	}
	for (size_t i = 0; i < m->count; i++) {
		const struct value *value = &m->pairs[i].value;

		if ((value->kind == VALUE_MESSAGE ||
			value->kind == VALUE_LIST) &&
		    !plain(value->message))
			return false;
	}
	return true;
}

static void
try_both(struct message *given, struct message *candidate, struct arena *a)
{
	struct template t;
	struct template_miss miss, again;
	struct template_target bare = { NULL, candidate };
	struct template_target self = { NULL, given };
	struct template_target measured = { candidate, given };
	struct fault f = { 0 };

	if (!template_read(&t, given, a, &f))
		return;
	bool ok = template_match(&miss, &t, &bare, a);
	bool same = template_match(&again, &t, &bare, a) == ok;
	bool itself = template_match(&again, &t, &self, a);

	(void)template_match(&again, &t, &measured, a);
	if (a->exhausted)
		return;
	if (!same || (plain(given) && !itself) || !printable(miss.path) ||
	    !printable(miss.expected) || !printable(miss.observed) ||
	    (!ok && miss.alternative == 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[ARENA_SIZE];
	struct arena a;
	struct cursor c = cursor_over(bytes_of(data, size));
	struct bytes first = cursor_until(&c, '\n');
	struct message *given, *candidate;
	struct fault f = { 0 };

	arena_init(&a, block, sizeof(block));
	if (cursor_ok(&c) && json_decode(&given, first, &a, &f) &&
	    json_decode(&candidate, cursor_rest(&c), &a, &f))
		try_both(given, candidate, &a);
	return 0;
}
