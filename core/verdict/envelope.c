/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope: its shape, who signed it, what it was made for. */
#include "core/message/commit.h"
#include "core/message/id.h"
#include "core/verdict/parts.h"

static const struct {
	const char *path;
	enum value_kind kind;
} wanted[] = {
	{ "issued-at-unix", VALUE_INTEGER },
	{ "purpose", VALUE_BYTES },
	{ "measurement-device", VALUE_BYTES },
	{ "body/system", VALUE_MESSAGE },
	{ "body/node/address", VALUE_BYTES },
	{ "evidence", VALUE_MESSAGE },
	{ "secret-recipient", VALUE_MESSAGE },
};

static bool
has_text(const struct message *m, const char *path, const char *text)
{
	struct bytes value;

	return message_find_bytes(&value, m, path) && bytes_is(value, text);
}

static bool
check_shape(struct parts *p, struct fault *f)
{
	const struct message *m = p->rq->envelope;

	if (!has_text(m, "type", "lapee-measurement") ||
	    !has_text(m, "version", "2.0"))
		return fail(f, FAULT_INPUT, "envelope.shape",
		    "measurement 1: type or version is another");
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct value *value = message_find(m, wanted[i].path);

		if (value == NULL || value->kind != wanted[i].kind)
			return fail(f, FAULT_INPUT, "envelope.shape",
			    "measurement 1: %s is missing", wanted[i].path);
	}
	if (p->v->engine == ENGINE_ANY)
		return fail(f, FAULT_INPUT, "envelope.device",
		    "measurement 1: measurement-device is unknown");
	return true;
}

static bool
check_purpose(const struct parts *p, struct fault *f)
{
	const struct message *m = p->rq->envelope;
	struct bytes purpose = { 0 };

	(void)message_find_bytes(&purpose, m, "purpose");
	if (!bytes_equal(purpose, p->rq->purpose) ||
	    !(bytes_is(purpose, "boot") || bytes_is(purpose, "fresh")))
		return fail(f, FAULT_VERIFY, "bind.purpose",
		    "measurement 3: made for another purpose than asked for");
	if ((message_find(m, "state") != NULL) != bytes_is(purpose, "fresh"))
		return fail(f, FAULT_VERIFY, "bind.purpose",
		    "measurement 1: state goes with fresh, and only with it");
	return true;
}

static bool
check_nonce(struct parts *p, struct fault *f)
{
	const struct message *m = p->rq->envelope;
	bool boot = has_text(m, "purpose", "boot");
	struct bytes asked = p->rq->nonce;
	struct bytes nonce;

	if (message_find(m, "nonce") == NULL)
		return fail(f, FAULT_VERIFY, "fresh.nonce-weak",
		    "measurement 3: there is no nonce");
	if (!message_find_base64(&nonce, m, "nonce", p->arena, f))
		return false;
	if (nonce.n < BINDING_NONCE_MIN || nonce.n > BINDING_NONCE_MAX)
		return fail(f, FAULT_VERIFY, "fresh.nonce-weak",
		    "measurement 3: a nonce of %zu bytes", nonce.n);
	if ((boot && !bytes_is(nonce, BINDING_BOOT_NONCE)) ||
	    (asked.n != 0 && !bytes_equal(nonce, asked)))
		return fail(f, FAULT_VERIFY, "fresh.nonce-mismatch",
		    "measurement 3: not the nonce asked for");
	return parties_check_nonce(p, nonce, f) &&
	       binding_of(&p->binding, m, p->arena, f);
}

/* Purpose first: it says which nonce may be there. */
static bool
check_freshness(struct parts *p)
{
	struct fault f = { 0 };
	struct verdict *v = p->v;

	if (!verdict_record(v, CHECK_PURPOSE, check_purpose(p, &f), &f) ||
	    !verdict_record(v, CHECK_NONCE, check_nonce(p, &f), &f))
		return false;
	if (p->rq->nonce.n == 0 && bytes_is(p->binding.purpose, "fresh"))
		verdict_skip(v, CHECK_NONCE, "fresh.nonce-not-asked",
		    "measurement 3: the asker names no nonce, so it may be "
		    "an old one");
	return true;
}

static bool
check_signer(struct parts *p)
{
	struct bytes address = { 0 };

	(void)message_find_bytes(
	    &address, p->rq->envelope, "body/node/address");
	struct bytes signer = message_id_text(&p->signer, p->arena);

	message_set_bytes(p->v->facts, "node", signer);
	return verdict_texts(p->v, CHECK_NODE_KEY, address, signer) &&
	       parties_check_node(p, address);
}

bool
envelope_check(struct parts *p)
{
	struct fault f = { 0 };

	if (!verdict_record(p->v, CHECK_SHAPE, check_shape(p, &f), &f) ||
	    !verdict_record(p->v, CHECK_SIGNATURE,
		commit_verify(&p->signer, p->rq->envelope, p->arena, &f), &f) ||
	    !check_signer(p))
		return false;
	if (!check_freshness(p))
		return false;
	message_set_bytes(p->v->facts, "subject",
	    message_id_text(&p->binding.subject, p->arena));
	return true;
}
