/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the files, has the core judge them, prints what it says. */
#include "core/verdict/verify.h"
#include "command/command.h"
#include "core/base/cursor.h"
#include "core/evidence/credential.h"
#include "core/message/json.h"
#include "core/verdict/anchors.h"
#include "core/verdict/manifest.h"

#include <stdio.h>

/* What the options name, read. */
struct inputs {
	const struct message *file, *earlier, *request, *answer, *policy;
	struct bytes roots, pool, manifest, release_key;
	struct bytes credential, ek_name;
	struct bytes certificates[X509_CHAIN_MAX];
	size_t ncertificates;
	struct expectations want;
	struct parties parties;
	struct collateral collateral;
	struct anchors anchors;
	struct template template;
	struct activation_claim claim;
};

static bool
read_credential(struct inputs *in, const struct options *o, struct arena *a,
    struct fault *f)
{
	struct bytes kept;

	if (!file_read(&kept, o->credential, CREDENTIAL_FILE_MAX, a, f))
		return false;
	struct cursor c = cursor_over(kept);

	in->credential = cursor_take(&c, CREDENTIAL_SIZE);
	in->ek_name = cursor_rest(&c);
	return true;
}

static bool
read_trust(struct inputs *in, const struct options *o, struct arena *a,
    struct fault *f)
{
	struct paths roots = o->roots, issuers = o->certificates;

	if (roots.n == 0)
		roots = trust_default_roots(a);
	if (issuers.n == 0)
		issuers = trust_default_issuers(a);
	return trust_read(&in->roots, &roots, a, f) &&
	       trust_read(&in->pool, &issuers, a, f) &&
	       trust_revocations(&in->collateral, o, a, f) &&
	       (o->roots.n == 0 || anchors_read(&in->anchors, in->roots, a, f));
}

static bool
read_inputs(struct inputs *in, const struct options *o, struct arena *a,
    struct fault *f)
{
	if (!file_read_message(&in->file, o->file, a, f))
		return false;
	if (o->earlier != NULL &&
	    !file_read_message(&in->earlier, o->earlier, a, f))
		return false;
	if (o->policy != NULL &&
	    (!file_read_message(&in->policy, o->policy, a, f) ||
		!att_policy(in->policy, f)))
		return false;
	if (o->credential != NULL && !read_credential(in, o, a, f))
		return false;
	if (o->answer != NULL &&
	    (!file_read_message(&in->request, o->request, a, f) ||
		!file_read_message(&in->answer, o->answer, a, f)))
		return false;
	return read_trust(in, o, a, f) &&
	       release_read(&in->manifest, &in->release_key, o, a, f);
}

/* The issuers of an EK certificate, where there is one: a TPM seldom brings
 * them along. */
static void
pick_issuers(struct inputs *in, const struct message *m, const char *path,
    struct arena *a)
{
	struct bytes der;
	struct fault f;
	struct x509_list list = { .certs = in->certificates,
		.room = X509_CHAIN_MAX / 2,
		.n = in->ncertificates };

	if (!message_find_base64(&der, m, path, a, &f))
		return;
	if (trust_pick(&list, der, in->pool, a, &f))
		in->ncertificates = list.n;
}

static bool
read_claim(struct inputs *in, struct arena *a, struct fault *f)
{
	in->claim.credential = in->credential;
	in->claim.ek_name = in->ek_name;
	in->claim.answer = in->answer;
	return message_find_base64(&in->claim.blob, in->request,
		   "credential/credential-blob", a, f) &&
	       message_find_base64(
		   &in->claim.secret, in->request, "credential/secret", a, f);
}

/* Of a policy, what a measurement can be asked by it. */
static bool
take_policy(struct inputs *in, struct verify_request *rq, struct arena *a,
    struct fault *f)
{
	static const char *const own[] = { "nonce", "manifest",
		"manifest-signature", "tpm", "snp", "android" };
	const struct message *template;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (message_find(in->policy, own[i]) != NULL)
			return fail(f, FAULT_INPUT, "bundle.policy",
			    "verdict 15: policy/%s is not for a measurement "
			    "alone",
			    own[i]);
	}
	parties_read(&in->parties, in->policy);
	rq->parties = &in->parties;
	if (!message_find_message(&template, in->policy, "template"))
		return true;
	rq->template = &in->template;
	return template_read(&in->template, template, a, f);
}

static bool
judge_measurement(struct message **out, struct inputs *in,
    const struct options *o, struct arena *a, struct fault *f)
{
	struct verdict *v = arena_alloc(a, sizeof(*v));
	struct verify_request rq = {
		.envelope = in->file,
		.purpose = o->purpose.n != 0 ? o->purpose : BYTES("boot"),
		.nonce = o->nonce,
		.roots = in->roots,
		.certificates = in->certificates,
		.at = o->at,
		.earlier = in->earlier,
		.collateral = &in->collateral,
		.anchors = o->roots.n != 0 ? &in->anchors : NULL,
		.without_activation = o->without_activation,
	};

	if (!arena_check(a, f))
		return false;
	if (in->policy != NULL && !take_policy(in, &rq, a, f))
		return false;
	pick_issuers(in, in->file, "evidence/ek-certificate", a);
	pick_issuers(in, in->file, "evidence/certificates/vek", a);
	rq.ncertificates = in->ncertificates;
	if (in->manifest.n != 0) {
		rq.want = &in->want;
		if (!manifest_read(&in->want, in->manifest, a, f))
			return false;
	}
	if (in->answer != NULL) {
		rq.activation = &in->claim;
		if (!read_claim(in, a, f))
			return false;
	}
	if (!verify_measurement(v, &rq, a, f))
		return false;
	*out = verdict_message(v);
	return true;
}

static bool
judge_bundle(struct message **out, struct inputs *in, const struct options *o,
    struct arena *a, struct fault *f)
{
	struct att att;
	struct att_reader reader = {
		.roots = in->roots,
		.own_roots = o->roots.n != 0,
		.at = o->at,
		.purpose = o->purpose,
		.nonce = o->nonce,
		.manifest = in->manifest,
		.release_key = in->release_key,
		.credential = in->credential,
		.ek_name = in->ek_name,
		.without_activation = o->without_activation,
		.without_revocation = o->without_revocation,
		.policy = in->policy,
		.certificates = in->certificates,
		.collateral = in->collateral,
	};

	if (o->earlier != NULL || o->answer != NULL)
		return fail(f, FAULT_INPUT, "command.usage",
		    "verdict 15: a bundle brings its own --earlier, --request "
		    "and --answer");
	if (!att_parse(&att, in->file, f))
		return false;
	for (const char *const *leaf = evidence_leaves;
	    *leaf != NULL && in->ncertificates == 0; leaf++)
		pick_issuers(in, in->file, *leaf, a);
	reader.ncertificates = in->ncertificates;
	return attverdict_make(out, &att, &reader, a, f);
}

/* A credential without its request and answer is a bundle's. */
static bool
judge(const struct message **out, struct inputs *in, const struct options *o,
    struct arena *a, struct fault *f)
{
	struct message *made = NULL;

	if (att_is(in->file)) {
		if (!judge_bundle(&made, in, o, a, f))
			return false;
	} else {
		if (o->credential != NULL && o->answer == NULL)
			return fail(f, FAULT_INPUT, "command.usage",
			    "verdict 15: --credential, --request, --answer go "
			    "together");
		if (!judge_measurement(&made, in, o, a, f))
			return false;
	}
	*out = made;
	return true;
}

static bool
print(const struct options *o, const struct message *verdict, struct arena *a,
    struct fault *f)
{
	struct bytes text;

	if (o->json ? !json_encode(&text, verdict, a, f)
		    : !attverdict_explain(
			  &text, verdict, o->action == ACTION_EXPLAIN, a, f))
		return false;
	(void)fwrite(text.p, 1, text.n, stdout);
	if (o->json)
		(void)fputc('\n', stdout);
	return fflush(stdout) == 0 ||
	       fail(f, FAULT_DEVICE, "command.file",
		   "verdict 5: the verdict cannot be printed");
}

int
verify_run(const struct options *o, struct arena *a, struct fault *f)
{
	static struct inputs in;
	const struct message *verdict = NULL;

	if (!read_inputs(&in, o, a, f))
		return main_exit_code(f);
	/* A verdict is explained as it stands. */
	if (o->action == ACTION_EXPLAIN && attverdict_word(in.file).n != 0)
		verdict = in.file;
	else if (!judge(&verdict, &in, o, a, f))
		return main_exit_code(f);
	if (!print(o, verdict, a, f))
		return main_exit_code(f);
	struct bytes word = attverdict_word(verdict);

	if (bytes_is(word, "accepted"))
		return EXIT_ACCEPTED;
	return bytes_is(word, "rejected") ? EXIT_REFUSED : EXIT_UNKNOWN;
}
