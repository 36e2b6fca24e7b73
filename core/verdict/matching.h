/* SPDX-License-Identifier: Apache-2.0 */
/* The operators of a template: levels with a "match-type". */
#ifndef CORE_VERDICT_MATCHING_H
#define CORE_VERDICT_MATCHING_H

#include "core/message/message.h"

enum matching {
	MATCHING_NONE, /* a value, or a level to be matched as it stands */
	MATCHING_PRIMARY,
	MATCHING_STRICT,
	MATCHING_ONLY_PRESENT,
	MATCHING_ANY_OF,
	MATCHING_RANGE,
};

/* Of a value of a template that was read. */
enum matching matching_of(const struct value *value);

/* What it applies to: the value under "body"; not for a range. */
const struct value *matching_body(const struct value *value);

/* Fails with template.match-type or template.range. */
MUST_CHECK bool matching_check(const struct message *level, struct fault *f);

#endif
