/* SPDX-License-Identifier: Apache-2.0 */
/* The answer to a credential challenge: a proof, never the credential. */
#include "core/base/buf.h"
#include "core/message/pack.h"
#include "services/measurement/measurement.h"

#define PROOF_LABEL "permawebos-activation-v1"

static struct bytes
proof_text(const struct activation *in, struct arena *a)
{
	struct buf text =
	    buf_in(a, sizeof(PROOF_LABEL) + in->blob.n + in->secret.n);

	buf_put(&text, bytes_of(PROOF_LABEL, sizeof(PROOF_LABEL)));
	buf_put(&text, in->blob);
	buf_put(&text, in->secret);
	return buf_bytes(&text);
}

static bool
activate(struct bytes *credential, struct measurement *m,
    const struct activation *in, struct arena *a, struct fault *f)
{
	const struct upstream *up = &m->up;

	return up->activate(up->with, in, credential, a, f) ||
	       (body_resume(m, a, f) &&
		   up->activate(up->with, in, credential, a, f));
}

bool
activation_answer(struct bytes *out, struct measurement *m,
    const struct activation *in, struct arena *a, struct fault *f)
{
	struct bytes credential, packed, ak_name;
	struct message *recipient;

	if (!body_prepare(m, a, f) ||
	    !message_unpack(&recipient, m->recipient, a, f) ||
	    !activate(&credential, m, in, a, f))
		return false;
	if (!message_find_bytes(&ak_name, recipient, "key-id"))
		return fail(f, FAULT_INTERNAL, "measurement.recipient",
		    "measurement 14: recipient without key-id");
	struct sha256 digest = sha256_of(credential);
	struct sha256 proof = hmac_sha256(credential, proof_text(in, a));
	struct message *answer = message_new(a);

	message_set_text(answer, "type", "lapee-tpm-credential-activation");
	message_set_text(answer, "version", "1.0");
	message_set_bytes(answer, "ak-name", ak_name);
	message_set_base64(answer, "credential-sha256", BYTES_OF(&digest));
	message_set_base64(answer, "credential-proof", BYTES_OF(&proof));
	if (!message_pack(&packed, answer, a, f))
		return false;
	*out = packed;
	return true;
}
