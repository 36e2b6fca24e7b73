/* SPDX-License-Identifier: Apache-2.0 */
/* What a request asks, as the core takes it. */
#include "core/base/base64.h"
#include "core/message/pack.h"
#include "services/verifier/verifier.h"

/* Absent when empty. */
static bool
unpack(
    struct message **out, struct bytes packed, struct arena *a, struct fault *f)
{
	*out = NULL;
	return packed.n == 0 || message_unpack(out, packed, a, f);
}

static bool
is_purpose(struct bytes text)
{
	return bytes_is(text, "boot") || bytes_is(text, "fresh");
}

static bool
take_challenge(struct ask *out, struct message *challenge, struct arena *a,
    struct fault *f)
{
	const struct message *answer;
	struct bytes raw;

	if (!message_find_base64(
		&out->reader.credential, challenge, "credential", a, f) ||
	    !message_find_base64(
		&out->reader.ek_name, challenge, "ek-name", a, f))
		return false;
	bool whole = message_find_bytes(&raw, challenge, "credential-blob") &&
		     message_find_bytes(&raw, challenge, "secret") &&
		     message_find_message(&answer, challenge, "answer");

	if (out->reader.credential.n == 0 || whole == out->bundle)
		return fail(f, FAULT_INPUT, "verify.challenge",
		    "verdict 17: a challenge has credential, ek-name, and, "
		    "unless a bundle has them, credential-blob, secret, "
		    "answer");
	return true;
}

/* One measurement, and the boot measurement of before, as a bundle's level. */
static bool
take_measurement(struct ask *out, struct message *envelope,
    struct message *earlier, struct arena *a, struct fault *f)
{
	struct message *evidence = message_new(a);
	bool fresh = bytes_is(out->reader.purpose, "fresh");

	if (!is_purpose(out->reader.purpose))
		return fail(f, FAULT_INPUT, "verify.purpose",
		    "verdict 17: the purpose is neither boot nor fresh");
	if (earlier != NULL && !fresh)
		return fail(f, FAULT_INPUT, "verify.earlier",
		    "verdict 17: a boot measurement has no earlier one");
	message_set_message(evidence, fresh ? "fresh" : "boot", envelope);
	if (earlier != NULL)
		message_set_message(evidence, "boot", earlier);
	out->att.kind = ATT_MEASUREMENT;
	out->att.evidence = out->evidence = evidence;
	return true;
}

/* What a bundle has itself nobody gives beside it. */
static bool
take_bundle(struct ask *out, const struct message *bundle,
    const struct verifier_verify_req *in, struct fault *f)
{
	if (in->earlier.n != 0 || in->collateral.n != 0)
		return fail(f, FAULT_INPUT, "verify.bundle",
		    "verdict 17: a bundle brings its own measurements and "
		    "collateral");
	if (in->purpose.n != 0 && !is_purpose(in->purpose))
		return fail(f, FAULT_INPUT, "verify.purpose",
		    "verdict 17: the purpose is neither boot nor fresh");
	return att_parse(&out->att, bundle, f);
}

static bool
take_policy(struct ask *out, const struct message *policy, struct fault *f)
{
	out->reader.policy = policy;
	if (policy == NULL)
		return true;
	(void)message_find_bytes(&out->reader.manifest, policy, "manifest");
	return att_policy(policy, f);
}

bool
ask_read(struct ask *out, const struct verifier_verify_req *in, struct arena *a,
    struct fault *f)
{
	struct message *message, *earlier, *policy, *collateral, *challenge;
	const uint8_t given_up = (uint8_t)in->gives_up;
	const struct bytes terms[] = { in->roots, in->collateral,
		bytes_of(&given_up, 1) };

	*out = (struct ask){ .reader = { .roots = in->roots,
				 .own_roots = in->roots.n != 0,
				 .at = (int64_t)in->at,
				 .purpose = in->purpose,
				 .nonce = in->nonce } };
	out->reader.without_activation =
	    (in->gives_up & VERIFIER_WITHOUT_ACTIVATION) != 0;
	out->reader.without_revocation =
	    (in->gives_up & VERIFIER_WITHOUT_REVOCATION) != 0;
	out->terms = token_terms(terms, sizeof(terms) / sizeof(terms[0]));
	if (!unpack(&message, in->message, a, f) ||
	    !unpack(&earlier, in->earlier, a, f) ||
	    !unpack(&policy, in->policy, a, f) ||
	    !unpack(&collateral, in->collateral, a, f) ||
	    !unpack(&challenge, in->challenge, a, f))
		return false;
	out->bundle = att_is(message);
	if (!(out->bundle ? take_bundle(out, message, in, f)
			  : take_measurement(out, message, earlier, a, f)) ||
	    !take_policy(out, policy, f) ||
	    (collateral != NULL && !att_collateral(collateral, f)))
		return false;
	if (collateral != NULL)
		out->att.collateral = collateral;
	if (challenge == NULL)
		return true;
	if (!out->bundle)
		message_set_message(out->evidence, "activation", challenge);
	return take_challenge(out, challenge, a, f);
}
