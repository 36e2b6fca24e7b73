/* SPDX-License-Identifier: Apache-2.0 */
/* The endorsement key: a real TPM's, and the one that has the AK? */
#include "core/evidence/credential.h"
#include "core/evidence/ekcert.h"
#include "core/evidence/ekchain.h"
#include "core/evidence/ekcrl.h"
#include "core/verdict/parts.h"

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
	    !x509_split_pem(roots, p->roots, p->arena, f))
		return false;
	return roots->n != 0 ||
	       fail(f, FAULT_INPUT, "tpm.ek.no-roots",
		   "measurement 11: no trusted roots were given");
}

static bool
set_path(struct x509_chain *path, struct parts *p, const struct ekcert *cert,
    const struct x509_list *roots, struct fault *f)
{
	*path = (struct x509_chain){
		.leaf = cert->der,
		.roots = roots->certs,
		.nroots = roots->n,
		.at = p->at,
		.sha1 = p->bare != NULL && p->bare->policy != NULL &&
			p->bare->policy->sha1,
	};
	return parts_chain(&path->intermediates, &path->nintermediates, p, f);
}

/* CRLs are about certificates of a path that was found good. There may be two,
 * EK's and AK's: what is revoked on one is not mended by the other. */
static void
check_crls(struct parts *p, const struct x509_chain *path)
{
	const struct tpm_request *bare = p->bare;
	struct ekcrl_set set = { 0 };
	struct fault f = { 0 };

	if (bare == NULL || p->v->results[CHECK_EK_CRL].state == CHECK_FAILED)
		return;
	set.crls = bare->crls;
	set.ncrls = bare->ncrls;
	set.needed = bare->policy != NULL && bare->policy->crls;
	if (set.ncrls != 0 || set.needed)
		(void)verdict_record(p->v, CHECK_EK_CRL,
		    ekcrl_check(path, &set, p->arena, &f), &f);
}

static void
check_path(struct parts *p, enum check check, const char *reason,
    const struct ekcert *cert)
{
	struct x509_list roots;
	struct x509_chain offered, path;
	struct fault f = { 0 };

	if (!read_roots(&roots, p, &f)) {
		verdict_skip(p->v, check, f.reason, f.why);
		return;
	}
	if (verdict_record(p->v, check,
		set_path(&offered, p, cert, &roots, &f) &&
		    ekchain_verify(&path, &offered, reason, p->arena, &f),
		&f))
		check_crls(p, &path);
}

static void
add_quirks(struct message *facts, uint32_t quirks)
{
	struct message *list = message_list(facts, "quirks");

	for (size_t i = 0; i < EKCERT_QUIRK_COUNT; i++) {
		if ((quirks >> i & 1) != 0)
			message_append_text(list,
			    ekcert_quirk_text((enum ekcert_quirk_place)i));
	}
}

static void
add_facts(struct parts *p, const char *name, const struct ekcert *cert)
{
	struct message *facts = message_new(p->arena);
	const struct {
		const char *key;
		struct bytes text;
	} texts[] = {
		{ "issuer", cert->facts.issuer },
		{ "serial", cert->facts.serial },
		{ "manufacturer", cert->manufacturer },
		{ "model", cert->model },
		{ "version", cert->version },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].text.n != 0)
			message_set_bytes(
			    facts, texts[i].key, verdict_shown(texts[i].text));
	}
	add_quirks(facts, cert->quirks);
	message_set_message(p->facts, name, facts);
}

static bool
read_certificate(
    struct ekcert *out, struct parts *p, enum part part, struct fault *f)
{
	struct bytes der;

	return parts_take(&der, p, part, f) &&
	       ekcert_parse(out, der, p->arena, f);
}

/* A CA's own key is no TPM's, however well its certificate is signed, and
 * neither is one that the same CA certified for mail or servers. */
static bool
check_binding(struct ekcert *cert, struct parts *p, struct fault *f)
{
	return read_certificate(cert, p, PART_EK_CERTIFICATE, f) &&
	       ekcert_check_use(cert, EKCERT_ENDORSEMENT, f) &&
	       (!p->has_ek ||
		   public_check_certificate(&p->ek, &cert->facts.key, f));
}

static void
check_certificate(struct parts *p)
{
	struct ekcert *cert = arena_alloc(p->arena, sizeof(*cert));
	struct fault f = { 0 };
	struct verdict *v = p->v;

	if (!parts_has(p, PART_EK_CERTIFICATE)) {
		verdict_skip(v, CHECK_EK_BINDING, "tpm.ek.absent",
		    "measurement 8: the TPM has no endorsement certificate");
		verdict_skip(v, CHECK_EK_CHAIN, "tpm.ek.absent",
		    "measurement 8: the TPM has no endorsement certificate");
		return;
	}
	if (cert == NULL || !verdict_record(v, CHECK_EK_BINDING,
				check_binding(cert, p, &f), &f))
		return;
	add_facts(p, "ek", cert);
	check_path(p, CHECK_EK_CHAIN, "tpm.ek.chain", cert);
}

/* The AK's own certificate: a CA has seen that it is in a TPM. */
void
keys_certified(struct parts *p)
{
	struct ekcert *cert = arena_alloc(p->arena, sizeof(*cert));
	struct fault f = { 0 };
	struct verdict *v = p->v;

	if (cert == NULL || !parts_has(p, PART_AK_CERTIFICATE))
		return;
	if (!read_certificate(cert, p, PART_AK_CERTIFICATE, &f) ||
	    !ekcert_check_use(cert, EKCERT_ATTESTATION, &f) ||
	    !public_check_attested(
		p->has_ak ? &p->ak.key : &p->certified, &cert->facts.key, &f)) {
		(void)verdict_record(v, CHECK_AK_CHAIN, false, &f);
		return;
	}
	add_facts(p, "ak", cert);
	check_path(p, CHECK_AK_CHAIN, "tpm.ak.chain", cert);
}

static bool
check_answer(struct parts *p, struct fault *f)
{
	const struct activation_claim *claim = p->activation;
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

static void
check_activation(struct parts *p)
{
	struct fault f = { 0 };

	if (p->activation == NULL)
		verdict_skip(p->v, CHECK_ACTIVATION, "tpm.activation.not-asked",
		    "measurement 15: the node was not challenged");
	else if (p->has_ak && p->has_ek)
		(void)verdict_record(
		    p->v, CHECK_ACTIVATION, check_answer(p, &f), &f);
	else
		verdict_skip(p->v, CHECK_ACTIVATION, "tpm.public.absent",
		    "measurement 15: AK and EK are needed, not only their "
		    "certificates");
}

void
keys_check(struct parts *p)
{
	struct fault f = { 0 };

	if (p->has_ek)
		(void)verdict_record(
		    p->v, CHECK_EK_TEMPLATE, public_check_ek(&p->ek, &f), &f);
	else
		verdict_skip(p->v, CHECK_EK_TEMPLATE, "tpm.public.absent",
		    "evidence 3: no public area of the EK was given");
	check_certificate(p);
	check_activation(p);
}
