/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle as text, from a stranger: it is judged or refused, and nothing in it
 * makes it accepted, for its reader trusts nobody. */
#include "core/crypto/crypto.h"
#include "core/message/json.h"
#include "core/verdict/attverdict.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
judge(const struct att *att, struct arena *a)
{
	struct att_reader reader = { .at = 1780000000, .own_roots = true };
	struct message *verdict;
	struct bytes text;
	struct fault f = { 0 };

	if (!attverdict_make(&verdict, att, &reader, a, &f)) {
		if (f.code == FAULT_NONE)
			abort();
		return;
	}
	struct bytes word = attverdict_word(verdict);

	if (word.n == 0 || bytes_is(word, "accepted") ||
	    !attverdict_explain(&text, verdict, true, a, &f))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t block[64u << 20];
	static bool started;
	struct arena arena;
	struct fault f = { 0 };
	struct message *m;
	struct att att;

	started = started || crypto_start(0, &f);
	if (!started)
		abort();
	arena_init(&arena, block, sizeof(block));
	if (!json_decode(&m, bytes_of(data, size), &arena, &f))
		return 0;
	if (att_parse(&att, m, &f))
		judge(&att, &arena);
	else if (f.code == FAULT_NONE)
		abort();
	return 0;
}
