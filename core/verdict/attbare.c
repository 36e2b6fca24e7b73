/* SPDX-License-Identifier: Apache-2.0 */
/* Bare evidence of one engine in a bundle: its parts, put before the engine. */
#include "core/base/base64.h"
#include "core/base/buf.h"
#include "core/verdict/attparts.h"

/* An absent part is empty, and what needs it stays open. */
static bool
take(struct bytes *out, const struct attparts *p, const char *key,
    struct fault *f)
{
	*out = (struct bytes){ 0 };
	return message_get(p->att->evidence, bytes_text(key)) == NULL ||
	       message_find_base64(out, p->att->evidence, key, p->arena, f);
}

static bool
odd(struct fault *f, const char *key)
{
	return fail(f, FAULT_INPUT, "bundle.shape",
	    "verdict 12: evidence/tpm/%s is not what it should be", key);
}

static bool
read_bank(struct pcr_bank *out, const struct pair *pair, struct arena *a,
    struct fault *f)
{
	/* clang-format off */
	static const struct {
		const char *name;
		enum hash_alg alg;
	} banks[] = {
		{ "sha1",   HASH_SHA1   }, { "sha256", HASH_SHA256 },
		{ "sha384", HASH_SHA384 }, { "sha512", HASH_SHA512 },
	};
	/* clang-format on */
	size_t known = 0, i = 0;

	while (i < 4 && !bytes_is(pair->key, banks[i].name))
		i++;
	if (i == 4 || pair->value.kind != VALUE_MESSAGE)
		return odd(f, "pcrs");
	*out = (struct pcr_bank){ .alg = banks[i].alg };
	for (unsigned pcr = 0; pcr < PCR_COUNT; pcr++) {
		struct bytes key = arena_print(a, "%u", pcr);
		const struct value *v = message_get(pair->value.message, key);

		if (v == NULL)
			continue;
		if (v->kind != VALUE_BYTES || !base64_decode(&out->values[pcr],
						  BASE64_URL, v->bytes, a, f))
			return odd(f, "pcrs");
		known++;
	}
	return known == pair->value.message->count || odd(f, "pcrs");
}

/* {"sha256": {"0": ..., ...}, ...} */
static bool
read_banks(
    struct pcr_bank *out, size_t *n, const struct attparts *p, struct fault *f)
{
	const struct message *banks;

	if (!message_find_message(&banks, p->att->evidence, "pcrs"))
		return true;
	if (banks->count > TPM_BANKS_MAX)
		return odd(f, "pcrs");
	for (; *n < banks->count; (*n)++) {
		if (!read_bank(&out[*n], &banks->pairs[*n], p->arena, f))
			return false;
	}
	return true;
}

bool
attbare_tpm(struct verdict *v, struct attparts *p, struct fault *f)
{
	struct pcr_bank banks[TPM_BANKS_MAX];
	struct tpm_request rq = {
		.banks = banks,
		.nonce = p->nonce,
		.chain = p->certificates,
		.nchain = p->ncertificates,
		.crls = p->crls,
		.ncrls = p->ncrls,
		.roots = p->reader->roots,
		.at = p->reader->at,
		.activation = p->has_claim ? &p->claim : NULL,
		.policy = &p->policy.tpm,
	};

	if (p->reader->without_activation)
		p->policy.tpm.without_activation = true;
	return take(&rq.attest, p, "attest", f) &&
	       take(&rq.signature, p, "tpmt-signature", f) &&
	       take(&rq.ak, p, "ak-public", f) &&
	       take(&rq.ak_certificate, p, "ak-certificate", f) &&
	       take(&rq.log, p, "firmware-log", f) &&
	       take(&rq.ek, p, "ek-public", f) &&
	       take(&rq.ek_certificate, p, "ek-certificate", f) &&
	       read_banks(banks, &rq.nbanks, p, f) &&
	       tpm_verify(v, &rq, p->arena, f);
}

/* One behind another, as a store of issuers is. */
static struct bytes
joined(const struct bytes *parts, size_t n, struct arena *a)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += parts[i].n;
	struct buf all = buf_in(a, size);

	for (size_t i = 0; i < n; i++)
		buf_put(&all, parts[i]);
	return buf_bytes(&all);
}

bool
attbare_snp(struct verdict *v, struct attparts *p, struct fault *f)
{
	struct snp_request rq = {
		.store = joined(p->certificates, p->ncertificates, p->arena),
		.policy = &p->policy.snp,
		.at = p->reader->at,
	};

	if (p->ncrls > SNP_CRLS_MAX)
		return fail(f, FAULT_LIMIT, "bundle.limit",
		    "verdict 12: crls has %zu items, %u are the limit",
		    p->ncrls, SNP_CRLS_MAX);
	for (; rq.ncrls < p->ncrls; rq.ncrls++)
		rq.crls[rq.ncrls] = p->crls[rq.ncrls];
	if (p->anchors != NULL) {
		rq.roots = p->anchors->snp;
		rq.nroots = p->anchors->nsnp;
	}
	return take(&rq.report, p, "report", f) &&
	       take(&rq.table, p, "table", f) &&
	       take(&rq.certificates.vek, p, "vek", f) &&
	       take(&rq.certificates.ask, p, "ask", f) &&
	       take(&rq.certificates.ark, p, "ark", f) &&
	       snp_verify(v, &rq, p->arena, f);
}

static bool
take_chain(
    struct android_request *rq, const struct attparts *p, struct fault *f)
{
	const struct message *list;

	if (!message_find_list(&list, p->att->evidence, "certificates"))
		return true;
	struct bytes *certs =
	    arena_alloc(p->arena, (list->count + 1) * sizeof(*certs));

	if (certs == NULL)
		return arena_check(p->arena, f);
	for (; rq->ncerts < list->count; rq->ncerts++) {
		const struct value *item = message_item(list, rq->ncerts + 1);

		if (!base64_decode(&certs[rq->ncerts], BASE64_URL, item->bytes,
			p->arena, f))
			return false;
	}
	rq->certs = certs;
	return true;
}

bool
attbare_android(struct verdict *v, struct attparts *p, struct fault *f)
{
	struct android_request rq = {
		.at = p->reader->at,
		.challenge_asked = p->nonce.n != 0,
		.challenge = p->nonce,
		.policy = &p->policy.android,
		.without_challenge = p->policy.without_challenge,
		.revocation_given = p->collateral.revocation.n != 0,
		.revocation = p->collateral.revocation,
		.revocation_at = p->collateral.revocation_at,
		.without_revocation = p->collateral.without_revocation,
	};

	verdict_init(v, ENGINE_ANDROID, p->arena);
	v->bare = true;
	if (p->anchors != NULL) {
		rq.roots = p->anchors->android;
		rq.nroots = p->anchors->nandroid;
	}
	return take_chain(&rq, p, f) &&
	       take(&rq.statement, p, "statement", f) &&
	       take(&rq.signature, p, "signature", f) &&
	       android_verify(v, &rq, p->arena, f);
}
