/* SPDX-License-Identifier: Apache-2.0 */
/* The body {system, node}: made once, the same bytes for a whole boot. */
#include "core/message/id.h"
#include "core/message/pack.h"
#include "services/measurement/measurement.h"

bool
body_operator(struct measurement *m, struct bytes text, struct fault *f)
{
	struct fault ignored;

	if (text.n == MESSAGE_ID_TEXT + 1 && text.p[MESSAGE_ID_TEXT] == '\n')
		text.n--;
	m->has_operator = text.n != 0;
	return text.n == 0 || message_id_parse(&m->operator, text, &ignored) ||
	       fail(f, FAULT_INPUT, "measurement.operator",
		   "measurement 6: the operator is no address");
}

bool
body_node(struct message **out, const struct measurement *m,
    const struct message_id *address, struct arena *a, struct fault *f)
{
	struct message *node = message_new(a);

	*out = node;
	message_set_bytes(node, "address", message_id_text(address, a));
	message_set_text(node, "initialized", "permanent");
	message_set_text(node, "measurement-device", MEASUREMENT_DEVICE);
	message_set_integer(node, "port", NODE_PORT);
	message_set_text(node, "software", "permawebos-c");
	message_set_text(node, "version", NODE_VERSION);
	if (!m->has_operator)
		return true;
	if (bytes_equal(BYTES_OF(&m->operator), BYTES_OF(address)))
		return fail(f, FAULT_STATE, "measurement.operator",
		    "measurement 6: a node is not its own operator");
	message_set_bytes(node, "operator", message_id_text(&m->operator, a));
	return true;
}

/* The same body with the report, by far its largest part, as a link: what the
 * keyring gets to sign, which looks at the node alone (keyring 2). */
static bool
make_signed_body(struct measurement *m, struct message *node,
    const struct message *system, struct arena *a, struct fault *f)
{
	struct message *body = message_new(a);
	struct message_id report;
	struct bytes packed;

	if (!message_unsigned_id(&report, system, a, f))
		return false;
	message_set_link(body, "system", &report);
	message_set_message(body, "node", node);
	if (!message_unsigned_id(&m->subject_id, body, a, f) ||
	    !message_pack(&packed, body, a, f))
		return false;
	m->signed_body = arena_copy(&m->kept, packed);
	return true;
}

static bool
make_body(struct measurement *m, struct arena *a, struct fault *f)
{
	struct bytes report, modulus, packed;
	struct message *system, *node;

	if (!m->up.modulus(m->up.with, &modulus, a, f) ||
	    !m->up.report(m->up.with, &report, a, f) ||
	    !message_unpack(&system, report, a, f))
		return false;
	memcpy(m->modulus, modulus.p, sizeof(m->modulus));
	struct message_id address = message_address(modulus);
	struct message *body = message_new(a);

	if (!body_node(&node, m, &address, a, f))
		return false;
	message_set_message(body, "system", system);
	message_set_message(body, "node", node);
	if (!make_signed_body(m, node, system, a, f) ||
	    !message_pack(&packed, body, a, f))
		return false;
	m->body = arena_copy(&m->kept, packed);
	return arena_check(&m->kept, f);
}

/* The recipient is made of keys that are the same for a whole boot: a TPM
 * service that says another one does not speak of this boot. */
static bool
begin(struct measurement *m, struct arena *a, struct fault *f)
{
	struct message *recipient;
	struct bytes packed;

	if (!m->up.begin(m->up.with, &m->subject_id, &packed, a, f))
		return false;
	if (m->ready)
		return bytes_equal(m->recipient, packed) ||
		       fail(f, FAULT_STATE, "measurement.recipient",
			   "measurement 14: keys changed within a boot");
	if (!message_unpack(&recipient, packed, a, f) ||
	    !message_unsigned_id(&m->recipient_id, recipient, a, f))
		return false;
	m->recipient = arena_copy(&m->kept, packed);
	return arena_check(&m->kept, f);
}

/* A step that failed is tried anew by the next caller: the body, once made,
 * stays, because PCR 15 may already have its id. */
bool
body_prepare(struct measurement *m, struct arena *a, struct fault *f)
{
	bool ok = true;

	(void)pthread_mutex_lock(&m->lock);
	if (!m->ready) {
		ok = (m->body.n != 0 || make_body(m, a, f)) && begin(m, a, f);
		m->ready = ok;
	}
	(void)pthread_mutex_unlock(&m->lock);
	return ok;
}

bool
body_resume(struct measurement *m, struct arena *a, struct fault *f)
{
	if (!bytes_is(bytes_text(f->reason), "tpm.not-begun"))
		return false;
	(void)pthread_mutex_lock(&m->lock);
	bool ok = begin(m, a, f);

	(void)pthread_mutex_unlock(&m->lock);
	return ok;
}
