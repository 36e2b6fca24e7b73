/* SPDX-License-Identifier: Apache-2.0 */
/* Who can answer for whom: another node, another machine, the asker itself. */
#include "core/verdict/cases_test.h"

#include "core/base/base64.h"
#include "core/evidence/public.h"

#define NOBODY "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct parties asked;

static struct bytes
own_address(const struct measured *m)
{
	struct bytes address = { 0 };

	(void)message_find_bytes(&address, m->body, "node/address");
	return address;
}

static void
ask(struct measured *m, struct parties parties)
{
	asked = parties;
	m->rq.parties = &asked;
}

static const struct message *
list_of(const struct measured *m, struct bytes bytes)
{
	struct message *holder = message_new(m->a);
	struct message *list = message_list(holder, "list");

	message_append(
	    list, (struct value){ VALUE_BYTES, .bytes = BYTES("AAAA") });
	message_append(
	    list, (struct value){ VALUE_BYTES,
		      .bytes = base64_encode(m->a, BASE64_URL, bytes) });
	return list;
}

static struct bytes
machine_of(const struct measured *m)
{
	static struct public_name name;
	struct public_area ek;
	struct fault f = { 0 };

	if (!public_parse_2b(&ek, m->ek, &f))
		return (struct bytes){ 0 };
	name = public_name(&ek);
	return public_name_bytes(&name);
}

static void
ask_another_node(struct measured *m)
{
	ask(m, (struct parties){ .node = BYTES(NOBODY) });
}

static void
ask_over_another_channel(struct measured *m)
{
	ask(m, (struct parties){ .channel = BYTES(NOBODY) });
}

static void
ask_as_itself(struct measured *m)
{
	ask(m, (struct parties){ .self = own_address(m) });
}

static void
ask_with_a_used_nonce(struct measured *m)
{
	ask(m, (struct parties){ .used_nonces = list_of(m, m->nonce) });
}

static void
ask_other_machines(struct measured *m)
{
	ask(m, (struct parties){ .machines = list_of(m, BYTES(NOBODY)) });
}

static void
ask_no_machine(struct measured *m)
{
	struct message *holder = message_new(m->a);

	ask(m, (struct parties){ .machines = message_list(holder, "list") });
}

static void
ask_rightly(struct measured *m)
{
	ask(m, (struct parties){ .node = own_address(m),
		   .channel = own_address(m),
		   .self = BYTES(NOBODY),
		   .machines = list_of(m, machine_of(m)),
		   .used_nonces = list_of(m, BYTES(NOBODY)) });
}

const struct measured_change cases_all_parties = { MEASURED_ASKED,
	ask_rightly };

/* clang-format off */
const struct verdict_case cases_parties[] = {
	{ "another node was asked",       "boot",  CHECK_NODE_KEY, "bind.node-key",          { { MEASURED_ASKED, ask_another_node } } },
	{ "another node's channel",       "boot",  CHECK_CHANNEL,  "bind.channel-key",       { { MEASURED_ASKED, ask_over_another_channel } } },
	{ "the asker's own, sent back",   "fresh", CHECK_SELF,     "bind.self",              { { MEASURED_ASKED, ask_as_itself } } },
	{ "a nonce used before",          "fresh", CHECK_NONCE,    "fresh.nonce-reused",     { { MEASURED_ASKED, ask_with_a_used_nonce } } },
	{ "a machine of another list",    "boot",  CHECK_MACHINE,  "policy.machine-unknown", { { MEASURED_ASKED, ask_other_machines } } },
	{ "a list without machines",      "fresh", CHECK_MACHINE,  "policy.machine-unknown", { { MEASURED_ASKED, ask_no_machine } } },
};
/* clang-format on */

const size_t cases_parties_count = CASE_COUNT(cases_parties);
