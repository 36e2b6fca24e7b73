/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/snp.h"

#include "core/evidence/snptable.h"
#include "core/verdict/snpfacts.h"

/* Each member is valid once the step that fills it has passed. */
struct snp {
	struct verdict *v;
	const struct snp_request *rq;
	struct arena *arena;
	struct snpreport report;
	struct snptable table;
	struct snp_certificates certificates;
	struct snpchain chain;
	struct snp_endorsement key;
};

static struct bytes
either(struct bytes first, struct bytes second)
{
	return first.n != 0 ? first : second;
}

/* The table's own, and what it has not from beside it. */
static bool
take_certificates(struct snp *s)
{
	struct fault f = { 0 };
	const struct snp_certificates *beside = &s->rq->certificates;
	bool vlek = snpreport_signing_key(&s->report) == SNP_VLEK;

	if (s->rq->table.n != 0 &&
	    !verdict_record(s->v, CHECK_SNP_TABLE,
		snptable_parse(&s->table, s->rq->table, &f), &f))
		return false;
	s->certificates.vek =
	    either(vlek ? s->table.vlek : s->table.vcek, beside->vek);
	s->certificates.ask = either(s->table.ask, beside->ask);
	s->certificates.ark = either(s->table.ark, beside->ark);
	return true;
}

static struct sha256
cache_id(const struct snp *s, const struct snp_root *roots, size_t nroots)
{
	struct bytes parts[] = {
		s->certificates.vek,
		s->certificates.ask,
		s->certificates.ark,
		s->rq->store,
		bytes_of(roots, nroots * sizeof(*roots)),
	};
	struct sha256 digests[sizeof(parts) / sizeof(parts[0])];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		digests[i] = sha256_of(parts[i]);
	return sha256_of(bytes_of(digests, sizeof(digests)));
}

static const struct snp_endorsement *
cache_find(const struct snp_cache *cache, const struct sha256 *id)
{
	for (size_t i = 0; i < SNP_CACHE_MAX; i++)
		if (cache->slots[i].used &&
		    memcmp(cache->slots[i].id.b, id->b, sizeof(id->b)) == 0)
			return &cache->slots[i].key;
	return NULL;
}

static void
cache_add(struct snp_cache *cache, const struct sha256 *id,
    const struct snp_endorsement *key)
{
	size_t at = cache->next;

	cache->slots[at].id = *id;
	cache->slots[at].key = *key;
	cache->slots[at].used = true;
	cache->next = (at + 1) % SNP_CACHE_MAX;
}

static bool
check_crls(struct snp *s)
{
	struct fault f = { 0 };
	bool ark = false, by_ark = false;
	struct snp_crl table = { s->table.crl, s->rq->at };

	if (s->table.crl.n != 0 &&
	    !snpcrl_check(&by_ark, &s->chain, &table, s->arena, &f))
		return verdict_record(s->v, CHECK_SNP_CRL, false, &f);
	ark |= by_ark;
	for (size_t i = 0; i < s->rq->ncrls; i++) {
		struct snp_crl crl = { s->rq->crls[i], s->rq->at };

		if (!snpcrl_check(&by_ark, &s->chain, &crl, s->arena, &f))
			return verdict_record(s->v, CHECK_SNP_CRL, false, &f);
		ark |= by_ark;
	}
	if (s->rq->policy != NULL && s->rq->policy->crl && !ark)
		(void)fail(&f, FAULT_VERIFY, "snp.crl.missing",
		    "evidence 26: no list of the ARK's");
	else if (s->rq->ncrls == 0 && s->table.crl.n == 0)
		return true;
	return verdict_record(s->v, CHECK_SNP_CRL, f.code == FAULT_NONE, &f);
}

static bool
check_chain(struct snp *s, const struct snp_root *roots, size_t nroots)
{
	struct fault f = { 0 };
	struct verdict *v = s->v;
	struct snpchain *c = &s->chain;

	if (!verdict_record(v, CHECK_SNP_CHAIN,
		snpchain_parse(c, &s->certificates, s->rq->store, s->arena, &f),
		&f) ||
	    !verdict_record(
		v, CHECK_SNP_CHAIN_ORDER, snpchain_check_order(c, &f), &f) ||
	    !verdict_record(v, CHECK_SNP_CHAIN_ROOT,
		snpchain_check_root(c, roots, nroots, &f), &f) ||
	    !verdict_record(v, CHECK_SNP_CHAIN_SIGNATURE,
		snpchain_check_signatures(c, &f), &f))
		return false;
	bool ok = verdict_record(
	    v, CHECK_SNP_CHAIN_TIME, snpchain_check_time(c, s->rq->at, &f), &f);

	ok &= verdict_record(
	    v, CHECK_SNP_VCEK, snpchain_extensions(c, s->arena, &f), &f);
	ok &= check_crls(s);
	if (ok)
		snpchain_endorsement(&s->key, c);
	return ok;
}

/* A chain that has passed before, and is still in its time. */
static bool
check_known(struct snp *s, const struct snp_endorsement *known)
{
	static const enum check all[] = { CHECK_SNP_CHAIN,
		CHECK_SNP_CHAIN_ORDER, CHECK_SNP_CHAIN_ROOT,
		CHECK_SNP_CHAIN_SIGNATURE, CHECK_SNP_CHAIN_TIME,
		CHECK_SNP_VCEK };
	struct fault f = { 0 };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		(void)verdict_record(s->v, all[i], true, &f);
	s->key = *known;
	return true;
}

static bool
check_key(struct snp *s)
{
	const struct snp_root *roots = s->rq->roots;
	struct snp_cache *cache = s->rq->cache;
	size_t nroots = s->rq->nroots;

	if (roots == NULL) {
		roots = snpchain_roots;
		nroots = snpchain_nroots;
	}
	if (cache == NULL || s->rq->ncrls != 0 || s->table.crl.n != 0 ||
	    (s->rq->policy != NULL && s->rq->policy->crl))
		return check_chain(s, roots, nroots);
	struct sha256 id = cache_id(s, roots, nroots);
	const struct snp_endorsement *known = cache_find(cache, &id);

	if (known != NULL && s->rq->at >= known->not_before &&
	    s->rq->at <= known->not_after)
		return check_known(s, known);
	if (!check_chain(s, roots, nroots))
		return false;
	cache_add(cache, &id, &s->key);
	return true;
}

/* True if the key of the chain signed just this report. */
static bool
check_binding(struct snp *s)
{
	const struct snpreport *r = &s->report;
	struct fault f = { 0 };
	struct verdict *v = s->v;
	bool ok = verdict_record(
	    v, CHECK_SNP_SIGNING_KEY, snpbind_check_signer(r, &s->key, &f), &f);

	ok &= verdict_record(
	    v, CHECK_SNP_PRODUCT, snpbind_check_product(r, &s->key, &f), &f);
	ok &= verdict_record(
	    v, CHECK_SNP_VCEK_TCB, snpbind_check_tcb(r, &s->key, &f), &f);
	ok &= verdict_record(
	    v, CHECK_SNP_VCEK_HWID, snpbind_check_chip(r, &s->key, &f), &f);
	return verdict_record(v, CHECK_SNP_SIGNATURE,
		   snpbind_check_signature(r, &s->key, &f), &f) &&
	       ok;
}

void
snp_check(struct verdict *v, const struct snp_request *rq, struct arena *a)
{
	struct fault f = { 0 };
	struct snp *s = arena_alloc(a, sizeof(*s));

	if (s == NULL)
		return;
	s->v = v;
	s->rq = rq;
	s->arena = a;
	if (!verdict_record(v, CHECK_SNP_REPORT,
		snpreport_parse(&s->report, rq->report, &f), &f) ||
	    !take_certificates(s) || !check_key(s) || !check_binding(s))
		return;
	snpfacts_add(v, &s->report, &s->key);
	if (rq->policy != NULL)
		snppolicy_check(v, rq->policy, &s->report, s->key.product);
}

bool
snp_verify(struct verdict *v, const struct snp_request *rq, struct arena *a,
    struct fault *f)
{
	verdict_init(v, ENGINE_SNP, a);
	v->bare = true;
	snp_check(v, rq, a);
	return arena_check(a, f);
}
