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

bool
cases_blocks(enum check c, enum check other)
{
	if (other == CHECK_RELEASE)
		return c < CHECK_EVIDENCE && c != CHECK_RECIPIENT;
	switch ((int)c) {
	case CHECK_LOG_SYNTAX:
		return other == CHECK_RESETTABLE || other == CHECK_LOG_ORDER ||
		       other == CHECK_LOG_DIGEST || other == CHECK_LOG_REPLAY ||
		       other == CHECK_SECURE_BOOT;
	case CHECK_LOG_DIGEST:
	case CHECK_LOG_REPLAY:
		return other == CHECK_SECURE_BOOT;
	case CHECK_RUNTIME:
		return other == CHECK_SUBJECT || other == CHECK_LOG_TIP ||
		       other == CHECK_CONFINEMENT;
	case CHECK_EK_BINDING:
		return other == CHECK_EK_CHAIN;
	case CHECK_EVIDENCE:
		return other == CHECK_RECIPIENT || other > CHECK_EVIDENCE;
	case CHECK_RECIPIENT:
	case CHECK_AK:
	case CHECK_SIGNER:
	case CHECK_BINDING:
	case CHECK_PCR_DIGEST:
		return other > CHECK_AK_POLICY;
	default:
		return c <= CHECK_AK_POLICY && other > c;
	}
}

bool
cases_asked(const struct measured *m, enum check c)
{
	switch ((int)c) {
	case CHECK_EK_CRL:
	case CHECK_AK_CHAIN:
	case CHECK_SAFE_CLOCK:
		return false; /* bare evidence only: tpm_test.c */
	case CHECK_STATE:
	case CHECK_SAME_BOOT:
		return m->rq.earlier != NULL;
	case CHECK_CHANNEL:
		return m->rq.parties != NULL && m->rq.parties->channel.n != 0;
	case CHECK_SELF:
		return m->rq.parties != NULL && m->rq.parties->self.n != 0;
	case CHECK_MACHINE:
		return m->rq.parties != NULL && m->rq.parties->machines != NULL;
	case CHECK_SECURE_BOOT:
		return m->want.secure_boot;
	case CHECK_ADDITIONS:
		return m->want.nothing_added;
	case CHECK_TEMPLATE:
		return m->rq.template != NULL;
	default:
		return true;
	}
}
