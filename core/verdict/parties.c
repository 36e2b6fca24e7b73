/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the asker means, against who answered. */
#include "core/verdict/parts.h"

/* Whether the list has these bytes in base64url. */
static bool
is_listed(const struct message *list, struct bytes bytes, struct arena *a)
{
	struct bytes text = base64_encode(a, BASE64_URL, bytes);

	for (size_t i = 0; i < list->count; i++) {
		const struct value *item = message_item(list, i + 1);

		if (item != NULL && item->kind == VALUE_BYTES &&
		    bytes_equal(item->bytes, text))
			return true;
	}
	return false;
}

void
parties_read(struct parties *out, const struct message *policy)
{
	(void)message_find_bytes(&out->node, policy, "node");
	(void)message_find_bytes(&out->channel, policy, "channel-key");
	(void)message_find_bytes(&out->self, policy, "self");
	(void)message_find_list(&out->machines, policy, "machines");
	(void)message_find_list(&out->used_nonces, policy, "used-nonces");
}

static bool
check_self(const struct parties *asked, struct bytes address, struct fault *f)
{
	if (bytes_equal(asked->self, address))
		return fail(f, FAULT_VERIFY, "bind.self",
		    "verdict 16: it is the asker's own");
	return true;
}

bool
parties_check_node(struct parts *p, struct bytes address)
{
	const struct parties *asked = p->rq->parties;
	struct verdict *v = p->v;
	struct fault f = { 0 };
	bool ok = true;

	if (asked == NULL)
		return true;
	if (asked->node.n != 0)
		ok &= verdict_texts(v, CHECK_NODE_KEY, asked->node, address);
	if (asked->channel.n != 0)
		ok &= verdict_texts(v, CHECK_CHANNEL, asked->channel, address);
	if (asked->self.n != 0)
		ok &= verdict_record(
		    v, CHECK_SELF, check_self(asked, address, &f), &f);
	return ok;
}

bool
parties_check_nonce(const struct parts *p, struct bytes nonce, struct fault *f)
{
	const struct parties *asked = p->rq->parties;

	if (asked != NULL && asked->used_nonces != NULL &&
	    is_listed(asked->used_nonces, nonce, p->arena))
		return fail(f, FAULT_VERIFY, "fresh.nonce-reused",
		    "verdict 16: the asker has used this nonce before");
	return true;
}

void
parties_check_machine(struct parts *p, struct bytes machine)
{
	const struct parties *asked = p->rq->parties;
	struct fault f = { 0 };

	if (machine.n != 0)
		message_set_base64(p->v->facts, "machine", machine);
	if (asked == NULL || asked->machines == NULL)
		return;
	bool listed =
	    machine.n != 0 && is_listed(asked->machines, machine, p->arena);

	if (!listed)
		(void)fail(&f, FAULT_VERIFY, "policy.machine-unknown",
		    "verdict 16: this machine is none of those that may "
		    "answer");
	(void)verdict_record(p->v, CHECK_MACHINE, listed, &f);
}
