/* SPDX-License-Identifier: Apache-2.0 */
/* ~meta@1.0, ~measurement@1.0, ~system@1.0: what the node says. */
#include "gateway/devices.h"
#include "gateway/evaluate.h"

static bool
give_page(struct result *out, const struct device_call *call,
    enum page_name name, struct fault *f)
{
	out->value.kind = VALUE_MESSAGE;
	return evaluate_page(&out->value.message, call->at, name, f);
}

bool
device_node_boot(
    struct result *out, const struct device_call *call, struct fault *f)
{
	out->is_stored = true;
	return give_page(out, call, PAGE_BOOT, f);
}

bool
device_node_engines(
    struct result *out, const struct device_call *call, struct fault *f)
{
	return give_page(out, call, PAGE_INFO, f);
}

bool
device_node_system(
    struct result *out, const struct device_call *call, struct fault *f)
{
	return give_page(out, call, PAGE_SYSTEM, f);
}

/* Keys that take a flight of their own for each request. */
bool
device_node_whole(
    struct result *out, const struct device_call *call, struct fault *f)
{
	(void)out;
	(void)call;
	return fail(f, FAULT_NOT_FOUND, "gateway.unknown-key",
	    "http 7: this key is the whole of a path, and unsigned");
}

bool
device_node_info(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct evaluation *e = call->at;
	struct message *node;

	if (e->verb != VERB_POST)
		return give_page(out, call, PAGE_NODE, f);
	if (!evaluate_page(&node, e, PAGE_NODE, f) ||
	    !operator_change(e->desk, e->in, node, e->now, f))
		return false;
	struct message *m = message_new(call->arena);

	message_set_text(m, "body", "The notes were changed.");
	message_set_integer(m, "changes", e->desk->changes);
	out->value = (struct value){ .kind = VALUE_MESSAGE, .message = m };
	return true;
}

bool
device_node_build(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *node, *m = message_new(call->arena);
	struct bytes software, version;

	if (!evaluate_page(&node, call->at, PAGE_NODE, f))
		return false;
	if (message_find_bytes(&software, node, "software"))
		message_set_bytes(m, "node", software);
	if (message_find_bytes(&version, node, "version"))
		message_set_bytes(m, "version", version);
	out->value = (struct value){ .kind = VALUE_MESSAGE, .message = m };
	return true;
}

bool
device_node_is_operator(
    struct result *out, const struct device_call *call, struct fault *f)
{
	struct message *node;

	if (!evaluate_page(&node, call->at, PAGE_NODE, f))
		return false;
	out->value = (struct value){ .kind = VALUE_ATOM,
		.bytes = operator_is(call->at->in, node) ? BYTES("true")
							 : BYTES("false") };
	return true;
}
