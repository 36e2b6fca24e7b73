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
	{ "nonce", VALUE_BYTES },
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
	if (!has_text(m, "measurement-device", "tpm@2.0a"))
		return fail(f, FAULT_INPUT, "envelope.device",
		    "measurement 1: measurement-device is unknown");
	return binding_of(&p->binding, m, p->arena, f);
}

static bool
check_purpose(const struct parts *p, struct fault *f)
{
	bool has_state = message_find(p->rq->envelope, "state") != NULL;

	if (!bytes_equal(p->binding.purpose, p->rq->purpose))
		return fail(f, FAULT_VERIFY, "bind.purpose",
		    "measurement 3: made for \"%.*s\", asked for \"%.*s\"",
		    (int)(p->binding.purpose.n & 0x1f),
		    (const char *)p->binding.purpose.p, (int)p->rq->purpose.n,
		    (const char *)p->rq->purpose.p);
	if (has_state != bytes_is(p->binding.purpose, "fresh"))
		return fail(f, FAULT_VERIFY, "bind.purpose",
		    "measurement 1: state goes with fresh, and only with it");
	return true;
}

static bool
check_nonce(const struct parts *p, struct fault *f)
{
	struct bytes nonce = p->binding.nonce;
	bool boot = bytes_is(p->binding.purpose, "boot");
	struct bytes want = boot ? BYTES(BINDING_BOOT_NONCE) : p->rq->nonce;

	if (nonce.n < BINDING_NONCE_MIN || nonce.n > BINDING_NONCE_MAX)
		return fail(f, FAULT_VERIFY, "fresh.nonce-weak",
		    "measurement 3: a nonce of %zu bytes", nonce.n);
	if (want.n != 0 && !bytes_equal(nonce, want))
		return fail(f, FAULT_VERIFY, "fresh.nonce-mismatch",
		    "measurement 3: not the nonce asked for");
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
	return verdict_texts(p->v, CHECK_NODE_KEY, address, signer);
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
	bool purpose =
	    verdict_record(p->v, CHECK_PURPOSE, check_purpose(p, &f), &f);
	bool nonce = verdict_record(p->v, CHECK_NONCE, check_nonce(p, &f), &f);

	message_set_bytes(p->v->facts, "subject",
	    message_id_text(&p->binding.subject, p->arena));
	return purpose && nonce;
}
