/* SPDX-License-Identifier: Apache-2.0 */
/* The operators of a template: levels with a "match-type". */
#ifndef CORE_VERDICT_OPERATOR_H
#define CORE_VERDICT_OPERATOR_H

#include "core/message/message.h"

enum operator{
	OPERATOR_NONE, /* a value, or a level to be matched as it stands */
	OPERATOR_PRIMARY,
	OPERATOR_STRICT,
	OPERATOR_ONLY_PRESENT,
	OPERATOR_ANY_OF,
	OPERATOR_RANGE,
};

/* Of a value of a template that was read. */
enum operator operator_of(const struct value *value);

/* What it applies to: the value under "body"; not for a range. */
const struct value *operator_body(const struct value *value);

/* Fails with template.match-type or template.range. */
MUST_CHECK bool operator_check(const struct message *level, struct fault *f);

#endif
