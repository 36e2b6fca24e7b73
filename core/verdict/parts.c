/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/parts.h"

static const char *const paths[] = {
	[PART_ATTEST] = "quote/attest",
	[PART_SIGNATURE] = "quote/tpmt-signature",
	[PART_AK] = "ak-public",
	[PART_AK_CERTIFICATE] = "ak-certificate",
	[PART_EK] = "ek-public",
	[PART_EK_CERTIFICATE] = "ek-certificate",
};

static struct bytes
bare(const struct tpm_request *rq, enum part part)
{
	const struct bytes of[] = {
		[PART_ATTEST] = rq->attest,
		[PART_SIGNATURE] = rq->signature,
		[PART_AK] = rq->ak,
		[PART_AK_CERTIFICATE] = rq->ak_certificate,
		[PART_EK] = rq->ek,
		[PART_EK_CERTIFICATE] = rq->ek_certificate,
	};

	return of[part];
}

bool
parts_has(const struct parts *p, enum part part)
{
	return p->bare != NULL ? bare(p->bare, part).p != NULL
			       : message_find(p->evidence, paths[part]) != NULL;
}

bool
parts_take(
    struct bytes *out, const struct parts *p, enum part part, struct fault *f)
{
	if (p->bare == NULL)
		return message_find_base64(
		    out, p->evidence, paths[part], p->arena, f);
	*out = bare(p->bare, part);
	return true;
}

static bool
read_chain(struct bytes *chain, const struct message *list, struct arena *a,
    struct fault *f)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct value *item = message_item(list, i + 1);

		if (item == NULL || item->kind != VALUE_BYTES)
			return fail(f, FAULT_INPUT, "tpm.ek.chain",
			    "measurement 8: ek-chain holds no text");
		if (!base64_decode(&chain[i], BASE64_URL, item->bytes, a, f))
			return false;
	}
	return true;
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
measured_chain(struct bytes chain[X509_CHAIN_MAX], size_t *n,
    const struct parts *p, struct fault *f)
{
	const struct message *list;
	size_t own = 0;

	if (message_find_list(&list, p->evidence, "ek-chain")) {
		own = list->count;
		if (own > X509_CHAIN_MAX)
			return fail(f, FAULT_LIMIT, "tpm.ek.chain",
			    "measurement 8: %zu certificates", own);
		if (!read_chain(chain, list, p->arena, f))
			return false;
	}
	*n = add_certificates(chain, own, p);
	return true;
}

bool
parts_chain(
    const struct bytes **out, size_t *n, const struct parts *p, struct fault *f)
{
	struct bytes *chain;

	if (p->bare != NULL) {
		*out = p->bare->chain;
		*n = p->bare->nchain;
		return *n <= X509_CHAIN_MAX ||
		       fail(f, FAULT_LIMIT, "tpm.ek.chain",
			   "evidence 16: %zu certificates", *n);
	}
	chain = arena_alloc(p->arena, X509_CHAIN_MAX * sizeof(*chain));
	*out = chain;
	return arena_check(p->arena, f) && measured_chain(chain, n, p, f);
}
