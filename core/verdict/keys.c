/* SPDX-License-Identifier: Apache-2.0 */
/* The endorsement key: a real TPM's, and the one that has the AK? */
#include "core/crypto/x509.h"
#include "core/evidence/credential.h"
#include "core/verdict/parts.h"

static bool
read_chain(struct bytes chain[X509_CHAIN_MAX], size_t *n,
    const struct message *list, struct arena *a, struct fault *f)
{
	if (list->count > X509_CHAIN_MAX)
		return fail(f, FAULT_LIMIT, "tpm.ek.chain",
		    "measurement 8: %zu certificates", list->count);
	for (; *n < list->count; (*n)++) {
		const struct value *item = message_item(list, *n + 1);

		if (item == NULL || item->kind != VALUE_BYTES)
			return fail(f, FAULT_INPUT, "tpm.ek.chain",
			    "measurement 8: ek-chain holds no text");
		if (!base64_decode(&chain[*n], BASE64_URL, item->bytes, a, f))
			return false;
	}
	return true;
}

/* What the asker trusts; false leaves the chain open, for it is no fault of
 * the evidence. */
static bool
read_roots(struct x509_list *roots, const struct parts *p, struct fault *f)
{
	*roots = (struct x509_list){
		.certs = arena_alloc(
		    p->arena, X509_ROOTS_MAX * sizeof(struct bytes)),
		.room = X509_ROOTS_MAX,
	};
	if (!arena_check(p->arena, f) ||
	    !x509_split_pem(roots, p->rq->roots, p->arena, f))
		return false;
	return roots->n != 0 ||
	       fail(f, FAULT_INPUT, "tpm.ek.no-roots",
		   "measurement 11: no trusted roots were given");
}

/* Behind those of the evidence, as many as a path may have. */
static size_t
add_certificates(
    struct bytes chain[X509_CHAIN_MAX], size_t n, const struct parts *p)
{
	for (size_t i = 0; i < p->rq->ncertificates && n < X509_CHAIN_MAX; i++)
		chain[n++] = p->rq->certificates[i];
	return n;
}

static bool
check_chain(struct parts *p, struct bytes leaf, const struct x509_list *roots,
    struct fault *f)
{
	struct bytes chain[X509_CHAIN_MAX];
	size_t n = 0;
	const struct message *list;

	if (message_find_list(&list, p->evidence, "ek-chain") &&
	    !read_chain(chain, &n, list, p->arena, f))
		return false;
	struct x509_chain path = {
		.leaf = leaf,
		.intermediates = chain,
		.nintermediates = add_certificates(chain, n, p),
		.roots = roots->certs,
		.nroots = roots->n,
		.at = p->rq->at,
	};

	return x509_verify(&path, "tpm.ek.chain", f);
}

/* A CA's own key is no TPM's, however well its certificate is signed, and
 * neither is one that the same CA certified for mail or servers. */
static bool
read_certificate(struct bytes *der, struct x509_facts *facts, struct parts *p,
    struct fault *f)
{
	if (!message_find_base64(
		der, p->evidence, "ek-certificate", p->arena, f) ||
	    !x509_facts(facts, *der, p->arena, f))
		return false;
	if (facts->is_ca)
		return fail(f, FAULT_VERIFY, "tpm.ek.ca",
		    "measurement 11: the certificate is a CA's");
	if (!facts->may_endorse)
		return fail(f, FAULT_VERIFY, "tpm.ek.usage",
		    "measurement 11: the certificate is for other uses than an "
		    "endorsement key's");
	return public_check_certificate(&p->ek, &facts->key, f);
}

static void
check_certificate(struct parts *p)
{
	struct bytes der = { 0 };
	struct x509_facts facts = { 0 };
	struct x509_list roots;
	struct fault f = { 0 };
	struct verdict *v = p->v;

	if (message_find(p->evidence, "ek-certificate") == NULL) {
		verdict_skip(v, CHECK_EK_BINDING, "tpm.ek.absent",
		    "measurement 8: the TPM has no endorsement certificate");
		verdict_skip(v, CHECK_EK_CHAIN, "tpm.ek.absent",
		    "measurement 8: the TPM has no endorsement certificate");
		return;
	}
	bool read = read_certificate(&der, &facts, p, &f);

	(void)verdict_record(v, CHECK_EK_BINDING, read, &f);
	if (!read)
		return;
	message_set_bytes(v->facts, "ek-issuer", verdict_shown(facts.issuer));
	message_set_bytes(v->facts, "ek-serial", verdict_shown(facts.serial));
	if (read_roots(&roots, p, &f))
		(void)verdict_record(
		    v, CHECK_EK_CHAIN, check_chain(p, der, &roots, &f), &f);
	else
		verdict_skip(v, CHECK_EK_CHAIN, f.reason, f.why);
}

static bool
check_answer(struct parts *p, struct fault *f)
{
	const struct activation_claim *claim = p->rq->activation;
	struct credential made = { 0 };
	struct credential_proof proof = { 0 };
	struct public_name name = public_name(&p->ak);
	struct public_name ek = public_name(&p->ek);

	if (claim->blob.n > sizeof(made.blob) ||
	    claim->secret.n > sizeof(made.secret) ||
	    claim->credential.n != CREDENTIAL_SIZE)
		return fail(f, FAULT_INPUT, "tpm.activation.challenge",
		    "measurement 15: not a challenge of ours");
	if (!bytes_equal(claim->ek_name, public_name_bytes(&ek)))
		return fail(f, FAULT_VERIFY, "tpm.ek.binding",
		    "measurement 15: the challenge was made for another EK");
	memcpy(made.blob, claim->blob.p, claim->blob.n);
	memcpy(made.secret, claim->secret.p, claim->secret.n);
	made.nblob = claim->blob.n;
	made.nsecret = claim->secret.n;
	return message_find_base64(
		   &proof.ak_name, claim->answer, "ak-name", p->arena, f) &&
	       message_find_base64(&proof.credential_sha256, claim->answer,
		   "credential-sha256", p->arena, f) &&
	       message_find_base64(&proof.credential_proof, claim->answer,
		   "credential-proof", p->arena, f) &&
	       credential_check(&made, &name, claim->credential.p, &proof, f);
}

void
keys_check(struct parts *p)
{
	struct fault f = { 0 };
	struct verdict *v = p->v;

	(void)verdict_record(
	    v, CHECK_EK_TEMPLATE, public_check_ek(&p->ek, &f), &f);
	check_certificate(p);
	if (p->rq->activation != NULL)
		(void)verdict_record(
		    v, CHECK_ACTIVATION, check_answer(p, &f), &f);
	else
		verdict_skip(v, CHECK_ACTIVATION, "tpm.activation.not-asked",
		    "measurement 15: the node was not challenged");
	v->waived[CHECK_ACTIVATION] = p->rq->without_activation;
}
