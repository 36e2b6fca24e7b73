/* SPDX-License-Identifier: Apache-2.0 */
/* Which messages are statements, that is, mean something by being signed. */
#include "core/message/id.h"
#include "services/keyring/keyring.h"

#include <strings.h>

#define MEASUREMENT_TYPE "lapee-measurement"

/* Types that no response may have; each has, or will have, a call of its own
 * with one caller. */
static const char *const statement_types[] = {
	MEASUREMENT_TYPE,
	"zone-peer-attestation",
	"zone-admission",
	"zone-admission-authorization",
	"zone-membership-proof",
	"zone-definition",
	"zone-template",
	"zone-ring-reference",
};

static bool
is_statement_type(struct bytes type)
{
	for (size_t i = 0;
	    i < sizeof(statement_types) / sizeof(statement_types[0]); i++) {
		const char *known = statement_types[i];

		if (type.n == strlen(known) &&
		    strncasecmp((const char *)type.p, known, type.n) == 0)
			return true;
	}
	return false;
}

/*
 * Case is ignored in names and values: header names lose theirs on the way, so
 * a "Type" signed here could be read as a "type" elsewhere. A type that is no
 * plain text is refused for the same reason: its text is what some reader sees.
 */
static bool
check_response(const struct message *m, struct fault *f)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct pair *pair = &m->pairs[i];

		if (pair->key.n != 4 ||
		    strncasecmp((const char *)pair->key.p, "type", 4) != 0)
			continue;
		if (pair->value.kind != VALUE_BYTES ||
		    is_statement_type(pair->value.bytes))
			return fail(f, FAULT_DENIED, "keyring.statement",
			    "keyring 3: a response must not be a statement");
	}
	return true;
}

static bool
check_measurement(
    const struct message *m, const struct message_id *address, struct fault *f)
{
	struct message_id named;
	struct bytes type, text;

	if (!message_find_bytes(&type, m, "type") ||
	    !bytes_is(type, MEASUREMENT_TYPE))
		return fail(f, FAULT_DENIED, "keyring.statement",
		    "keyring 2: not a measurement");
	if (!message_find_bytes(&text, m, "body/node/address"))
		return fail(f, FAULT_DENIED, "keyring.address",
		    "keyring 2: a measurement without body/node/address");
	if (!message_id_parse(&named, text, f))
		return false;
	if (!bytes_equal(BYTES_OF(&named), BYTES_OF(address)))
		return fail(f, FAULT_DENIED, "keyring.address",
		    "keyring 2: body/node/address is another node's");
	return true;
}

bool
statement_check(const struct message *m, enum statement as,
    const struct message_id *address, struct fault *f)
{
	return as == STATEMENT_MEASUREMENT ? check_measurement(m, address, f)
					   : check_response(m, f);
}
