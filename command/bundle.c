/* SPDX-License-Identifier: Apache-2.0 */
/* Writes an evidence bundle of the files that were fetched. */
#include "command/command.h"
#include "core/base/base64.h"
#include "core/message/json.h"
#include "core/message/structured.h"

/* Without the credential: whoever has that can answer for any TPM. */
static bool
add_activation(struct message *evidence, const struct options *o,
    struct arena *a, struct fault *f)
{
	struct message *to = evidence->pairs[0].value.message;
	const struct message *request, *answer;
	struct message *made = message_new(a);
	struct bytes blob, secret;

	if (o->request == NULL)
		return true;
	if (!file_read_message(&request, o->request, a, f) ||
	    !file_read_message(&answer, o->answer, a, f) ||
	    !message_find_base64(
		&blob, request, "credential/credential-blob", a, f) ||
	    !message_find_base64(&secret, request, "credential/secret", a, f))
		return false;
	message_set_base64(made, "credential-blob", blob);
	message_set_base64(made, "secret", secret);
	message_put(made, BYTES("answer"), structured_level(answer));
	message_set_message(to, "activation", made);
	return true;
}

static bool
add_policy(struct message *to, const struct options *o, struct arena *a,
    struct fault *f)
{
	struct message *policy = message_new(a);
	const struct message *said;
	struct bytes manifest, key, signature;

	if (o->policy != NULL) {
		if (!file_read_message(&said, o->policy, a, f))
			return false;
		for (size_t i = 0; i < said->count; i++)
			message_put(
			    policy, said->pairs[i].key, said->pairs[i].value);
	}
	if (!release_read(&manifest, &key, o, a, f))
		return false;
	if (o->nonce.n != 0)
		message_set_base64(policy, "nonce", o->nonce);
	if (manifest.n != 0)
		message_set_bytes(policy, "manifest", manifest);
	if (manifest.n != 0 && release_signature(&signature, o, a))
		message_set_base64(policy, "manifest-signature", signature);
	if (policy->count != 0)
		message_set_message(to, "policy", policy);
	return true;
}

static void
append(struct message *list, struct bytes der, struct arena *a)
{
	message_append(list, (struct value){ .kind = VALUE_BYTES,
				 .bytes = base64_encode(a, BASE64_URL, der) });
}

/* The certificates between the evidence's and a root, so that whoever reads the
 * bundle needs no collection of them. */
static bool
add_issuers(struct message *collateral, const struct message *bundle,
    const struct options *o, struct arena *a, struct fault *f)
{
	struct bytes pool, der, certs[X509_CHAIN_MAX / 2];
	struct x509_list list = { .certs = certs, .room = X509_CHAIN_MAX / 2 };
	struct paths paths = o->certificates;
	const char *const *leaf = evidence_leaves;

	while (*leaf != NULL && message_find(bundle, *leaf) == NULL)
		leaf++;
	if (*leaf == NULL)
		return true;
	if (paths.n == 0)
		paths = trust_default_issuers(a);
	if (!message_find_base64(&der, bundle, *leaf, a, f) ||
	    !trust_read(&pool, &paths, a, f) ||
	    !trust_pick(&list, der, pool, a, f))
		return false;
	if (list.n == 0)
		return true;
	struct message *certificates = message_list(collateral, "certificates");

	for (size_t i = 0; i < list.n; i++)
		append(certificates, certs[i], a);
	return true;
}

static bool
add_revocations(struct message *collateral, const struct options *o,
    struct arena *a, struct fault *f)
{
	struct collateral said;

	if (!trust_revocations(&said, o, a, f))
		return false;
	if (said.ncrls != 0) {
		struct message *list = message_list(collateral, "crls");

		for (size_t i = 0; i < said.ncrls; i++)
			append(list, said.crls[i], a);
	}
	if (said.revocation.n != 0)
		message_set_bytes(
		    collateral, "revocation-list", said.revocation);
	if (said.revocation_at != 0)
		message_set_integer(collateral, "revocation-fetched-at-unix",
		    said.revocation_at);
	return true;
}

static bool
make(struct message *m, const struct options *o, struct arena *a,
    struct fault *f)
{
	struct message *evidence = message_new(a);
	struct message *collateral = message_new(a);
	struct att check;

	message_set_text(m, "type", "permawebos-evidence");
	message_set_text(m, "version", "1.0");
	message_set_integer(m, "made-at-unix", o->at);
	if (!evidence_read(evidence, o, a, f) ||
	    !add_activation(evidence, o, a, f))
		return false;
	message_set_message(m, "evidence", evidence);
	if (!add_policy(m, o, a, f) || !add_issuers(collateral, m, o, a, f) ||
	    !add_revocations(collateral, o, a, f))
		return false;
	if (collateral->count != 0)
		message_set_message(m, "collateral", collateral);
	return att_parse(&check, m, f);
}

int
bundle_run(const struct options *o, struct arena *a, struct fault *f)
{
	struct message *m = message_new(a);
	struct bytes text;

	if (!make(m, o, a, f) || !json_encode(&text, m, a, f))
		return main_exit_code(f);
	if (text.n > JSON_MAX) {
		(void)fail(f, FAULT_LIMIT, "command.size",
		    "verdict 15: the bundle would be over %u bytes", JSON_MAX);
		return main_exit_code(f);
	}
	if (!file_write(o->file, text, 0644, f))
		return main_exit_code(f);
	return EXIT_ACCEPTED;
}
