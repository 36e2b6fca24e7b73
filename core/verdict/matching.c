/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/matching.h"

#define WORD "match-type"

static const struct {
	const char *word;
	enum matching is;
} words[] = {
	{ "primary", MATCHING_PRIMARY },
	{ "strict", MATCHING_STRICT },
	{ "only_present", MATCHING_ONLY_PRESENT },
	{ "only-present", MATCHING_ONLY_PRESENT },
	{ "any-of", MATCHING_ANY_OF },
	{ "range", MATCHING_RANGE },
};

static enum matching
matching_named(const struct message *level)
{
	const struct value *word = message_get(level, BYTES(WORD));

	if (word == NULL || word->kind != VALUE_BYTES)
		return MATCHING_NONE;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_is(word->bytes, words[i].word))
			return words[i].is;
	}
	return MATCHING_NONE;
}

enum matching
matching_of(const struct value *value)
{
	return value->kind == VALUE_MESSAGE ? matching_named(value->message)
					    : MATCHING_NONE;
}

const struct value *
matching_body(const struct value *value)
{
	return message_get(value->message, BYTES("body"));
}

static bool
integers(const struct value *bound)
{
	if (bound->kind == VALUE_INTEGER)
		return true;
	if (bound->kind != VALUE_MESSAGE || bound->message->count == 0)
		return false;
	for (size_t i = 0; i < bound->message->count; i++) {
		if (bound->message->pairs[i].value.kind != VALUE_INTEGER)
			return false;
	}
	return true;
}

static bool
check_range(const struct message *level, struct fault *f)
{
	const struct value *min = message_get(level, BYTES("min"));
	const struct value *max = message_get(level, BYTES("max"));
	size_t known = 1u + (min != NULL) + (max != NULL);

	if (level->count != known || known == 1)
		return fail(f, FAULT_INPUT, "template.range",
		    "verdict 8: a range has min, max or both, and no more");
	if ((min != NULL && !integers(min)) || (max != NULL && !integers(max)))
		return fail(f, FAULT_INPUT, "template.range",
		    "verdict 8: a bound is an integer or a level of integers");
	if (min == NULL || max == NULL)
		return true;
	if (min->kind != max->kind ||
	    (min->kind == VALUE_INTEGER && min->integer > max->integer))
		return fail(f, FAULT_INPUT, "template.range",
		    "verdict 8: no value lies between these bounds");
	return true;
}

bool
matching_check(const struct message *level, struct fault *f)
{
	enum matching is = matching_named(level);
	const struct value *body = message_get(level, BYTES("body"));

	if (message_get(level, BYTES(WORD)) == NULL)
		return true;
	if (is == MATCHING_RANGE)
		return check_range(level, f);
	if (is == MATCHING_NONE || body == NULL || level->count != 2)
		return fail(f, FAULT_INPUT, "template.match-type",
		    "verdict 8: a match-type that is unknown, or not with a "
		    "body alone");
	if (is == MATCHING_ANY_OF &&
	    (body->kind != VALUE_LIST || body->message->count == 0))
		return fail(f, FAULT_INPUT, "template.match-type",
		    "verdict 8: any-of has a list with an item");
	return true;
}
