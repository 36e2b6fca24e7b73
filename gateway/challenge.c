/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/challenge.h"

#include "core/message/commit.h"
#include "core/message/pack.h"

/* clang-format off */
/* What may stand beside an envelope. */
static const struct {
	const char *key;
	enum value_kind kind;
} keys[] = {
	{ "envelope",           VALUE_MESSAGE },
	{ "purpose",            VALUE_BYTES   },
	{ "nonce",              VALUE_BYTES   },
	{ "trusted-ca",         VALUE_BYTES   },
	{ "earlier",            VALUE_MESSAGE },
	{ "template",           VALUE_MESSAGE },
	{ "templates",          VALUE_LIST    },
	{ "policy",             VALUE_MESSAGE },
	{ "collateral",         VALUE_MESSAGE },
	{ "challenge",          VALUE_MESSAGE },
	{ "at-unix",            VALUE_INTEGER },
	{ "without-activation", VALUE_ATOM    },
	{ "without-revocation", VALUE_ATOM    },
};
/* clang-format on */

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* Of JSON, where all keys are the asker's own, none may be unknown: who
 * mistypes a demand must not get a milder verdict. */
static bool
check_keys(const struct message *beside, bool json, struct fault *f)
{
	for (size_t i = 0; i < beside->count; i++) {
		const struct pair *pair = &beside->pairs[i];
		size_t k = 0;

		while (k < KEYS && !bytes_is(pair->key, keys[k].key))
			k++;
		if (k == KEYS && json)
			return fail(f, FAULT_INPUT, "gateway.verify",
			    "http 11: an unknown key beside the envelope");
		/* The purpose has a refusal of its own. */
		if (k < KEYS && pair->value.kind != keys[k].kind && k > 1)
			return fail(f, FAULT_INPUT, "gateway.verify",
			    "http 11: %s is of another kind", keys[k].key);
	}
	return true;
}

/* The query's value, else that of the message beside the envelope. */
static bool
asked(struct bytes *out, const struct http_request *rq,
    const struct message *beside, const char *key, struct fault *f)
{
	const char *reason =
	    strcmp(key, "nonce") == 0 ? "gateway.nonce" : "gateway.query";

	if (!path_param(out, &rq->path, key, reason, f))
		return false;
	if (out->p == NULL && beside != NULL &&
	    !message_find_bytes(out, beside, key))
		*out = (struct bytes){ 0 };
	return true;
}

static bool
is_bundle(const struct message *m)
{
	struct bytes type;

	return message_find_bytes(&type, m, "type") &&
	       bytes_is(type, "permawebos-evidence");
}

/* Who does not say which purpose is meant takes what is claimed. */
static bool
take_purpose(struct challenge *out, const struct http_request *rq,
    const struct message *beside, struct fault *f)
{
	if (!asked(&out->purpose, rq, beside, "purpose", f))
		return false;
	if (out->purpose.n == 0 && is_bundle(out->measurement))
		return true;
	if (out->purpose.n == 0 &&
	    !message_find_bytes(&out->purpose, out->measurement, "purpose"))
		out->purpose = (struct bytes){ 0 };
	if (!bytes_is(out->purpose, "boot") && !bytes_is(out->purpose, "fresh"))
		return fail(f, FAULT_INPUT, "gateway.purpose",
		    "http 11: the purpose is neither boot nor fresh");
	return true;
}

/* `template` and `templates` are short for those of a policy. */
static bool
take_policy(struct challenge *out, const struct message *beside,
    struct arena *a, struct fault *f)
{
	const struct value *one = message_get(beside, BYTES("template"));
	const struct value *list = message_get(beside, BYTES("templates"));
	const struct message *given = NULL;
	struct message *policy = message_new(a), *template = message_new(a);

	(void)message_find_message(&given, beside, "policy");
	out->policy = given;
	if (one == NULL && list == NULL)
		return true;
	if ((one != NULL && list != NULL) ||
	    (given != NULL && message_get(given, BYTES("template")) != NULL))
		return fail(f, FAULT_INPUT, "gateway.verify",
		    "http 11: more than one template; ask for `templates`");
	for (size_t i = 0; given != NULL && i < given->count; i++)
		message_put(policy, given->pairs[i].key, given->pairs[i].value);
	if (list != NULL)
		message_put(template, BYTES("templates"), *list);
	else
		template = one->message;
	message_set_message(policy, "template", template);
	out->policy = policy;
	return true;
}

static bool
is_true(const struct message *m, const char *key)
{
	const struct value *value = message_get(m, bytes_text(key));

	return value != NULL && value->kind == VALUE_ATOM &&
	       bytes_is(value->bytes, "true");
}

static bool
take_beside(struct challenge *out, const struct message *beside,
    struct arena *a, struct fault *f)
{
	if (!take_policy(out, beside, a, f))
		return false;
	(void)message_find_message(&out->earlier, beside, "earlier");
	(void)message_find_message(&out->collateral, beside, "collateral");
	(void)message_find_message(&out->activation, beside, "challenge");
	(void)message_find_integer(&out->at, beside, "at-unix");
	out->without_activation = is_true(beside, "without-activation");
	out->without_revocation = is_true(beside, "without-revocation");
	return out->at >= 0 || fail(f, FAULT_INPUT, "gateway.verify",
				   "http 11: at-unix is before 1970");
}

bool
challenge_read(struct challenge *out, const struct http_request *rq,
    int64_t now, struct arena *a, struct fault *f)
{
	const struct message *beside = NULL;
	struct message *body, *measurement;
	struct bytes nonce;

	*out = (struct challenge){ .at = now };
	if (!request_body(&body, rq, a, f))
		return false;
	const struct value *envelope = message_get(body, BYTES("envelope"));

	measurement = body;
	if (envelope != NULL && envelope->kind == VALUE_MESSAGE) {
		measurement = envelope->message;
		beside = body;
		if (!check_keys(beside, request_is_json(rq), f) ||
		    !take_beside(out, beside, a, f))
			return false;
	}
	if (!message_find_bytes(&out->roots, body, "trusted-ca"))
		out->roots = (struct bytes){ 0 };
	/* What its signers said, without what the carrier added. */
	commit_reduce(measurement);
	out->measurement = measurement;
	return take_purpose(out, rq, beside, f) &&
	       asked(&nonce, rq, beside, "nonce", f) &&
	       (nonce.n == 0 || request_nonce(&out->nonce, nonce, a, f));
}

static bool
pack_part(struct bytes *out, const struct message *part, size_t max,
    struct arena *a, struct fault *f)
{
	if (part != NULL && !message_pack(out, part, a, f))
		return false;
	if (out->n > max)
		return fail(f, FAULT_LIMIT, "gateway.body-size",
		    "http 11: a part of %zu bytes, %zu are the limit", out->n,
		    max);
	return true;
}

bool
challenge_pack(struct verifier_verify_req *out,
    const struct challenge *challenge, struct arena *a, struct fault *f)
{
	const struct challenge *c = challenge;

	*out = (struct verifier_verify_req){ .purpose = c->purpose,
		.nonce = c->nonce,
		.roots = c->roots,
		.at = (uint64_t)c->at };
	if (c->without_activation)
		out->gives_up |= VERIFIER_WITHOUT_ACTIVATION;
	if (c->without_revocation)
		out->gives_up |= VERIFIER_WITHOUT_REVOCATION;
	return pack_part(&out->roots, NULL, VERIFIER_ROOTS_MAX, a, f) &&
	       pack_part(
		   &out->message, c->measurement, MESSAGE_SIZE_MAX, a, f) &&
	       pack_part(
		   &out->earlier, c->earlier, VERIFIER_EARLIER_MAX, a, f) &&
	       pack_part(&out->policy, c->policy, VERIFIER_POLICY_MAX, a, f) &&
	       pack_part(&out->collateral, c->collateral,
		   VERIFIER_COLLATERAL_MAX, a, f) &&
	       pack_part(&out->challenge, c->activation, VERIFIER_CHALLENGE_MAX,
		   a, f);
}
