/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/ekcrl.h"

/* One of the chain's certificates, as far as CRLs are about it. */
struct member {
	struct x509_facts facts;
	bool offered; /* it is leaf or intermediate, no root */
	bool covered; /* by a CRL that says nothing against it */
};

struct members {
	struct member *of;
	size_t n;
};

/* A key that we do not have numbers for signs no CRL that we believe, and no
 * CRL covers what we cannot read. */
static void
add(struct members *m, struct bytes der, bool offered, struct arena *a)
{
	struct member *one = &m->of[m->n];
	struct fault f = { 0 };

	one->offered = offered;
	if (!x509_facts(&one->facts, der, a, &f))
		one->facts = (struct x509_facts){ 0 };
	m->n++;
}

static bool
read_members(struct members *out, const struct x509_chain *chain,
    struct arena *a, struct fault *f)
{
	size_t room = 1 + chain->nintermediates + chain->nroots;

	*out = (struct members){ .of = arena_alloc(
				     a, room * sizeof(struct member)) };
	if (out->of == NULL)
		return arena_check(a, f);
	add(out, chain->leaf, true, a);
	for (size_t i = 0; i < chain->nintermediates; i++)
		add(out, chain->intermediates[i], true, a);
	for (size_t i = 0; i < chain->nroots; i++)
		add(out, chain->roots[i], false, a);
	return arena_check(a, f);
}

/* Only who is a CA of the chain, or a root, can say that one is revoked. */
static bool
check_issuer(const struct members *m, const struct crl *crl, struct bytes der,
    struct fault *f)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct x509_facts *by = &m->of[i].facts;

		if (by->is_ca && bytes_equal(by->subject, crl->issuer) &&
		    x509_signed(der, &by->key, "tpm.ek.crl.issuer", f))
			return true;
	}
	return fail(f, FAULT_VERIFY, "tpm.ek.crl.issuer",
	    "evidence 12: no CA of the chain signed the CRL");
}

static bool
check_time(const struct crl *crl, int64_t at, struct fault *f)
{
	if (crl->this_update > at)
		return fail(f, FAULT_VERIFY, "tpm.ek.crl.future",
		    "evidence 12: the CRL was made at %lld, after %lld",
		    (long long)crl->this_update, (long long)at);
	if (crl->next_update != 0 && crl->next_update < at)
		return fail(f, FAULT_VERIFY, "tpm.ek.crl.expired",
		    "evidence 12: the next CRL was due at %lld, before %lld",
		    (long long)crl->next_update, (long long)at);
	return true;
}

static bool
check_members(struct members *m, const struct crl *crl, struct fault *f)
{
	for (size_t i = 0; i < m->n; i++) {
		struct member *one = &m->of[i];

		if (!one->offered || crl->issuer.n == 0 ||
		    !bytes_equal(one->facts.issuer, crl->issuer))
			continue;
		if (crl_revokes(crl, one->facts.serial))
			return fail(f, FAULT_VERIFY, "tpm.ek.crl.revoked",
			    "evidence 12: certificate %.*s is revoked",
			    (int)one->facts.serial.n, one->facts.serial.p);
		one->covered = true;
	}
	return true;
}

static bool
check_covered(const struct members *m, struct fault *f)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct member *one = &m->of[i];

		if (one->offered && !one->covered)
			return fail(f, FAULT_VERIFY, "tpm.ek.crl.missing",
			    "evidence 12: no CRL of the issuer of certificate "
			    "%.*s",
			    (int)one->facts.serial.n, one->facts.serial.p);
	}
	return true;
}

bool
ekcrl_check(const struct x509_chain *chain, const struct ekcrl_set *set,
    struct arena *a, struct fault *f)
{
	struct members members;

	if (set->ncrls > EKCRL_MAX)
		return fail(f, FAULT_LIMIT, "tpm.ek.crl.syntax",
		    "evidence 12: %zu CRLs, at most %u", set->ncrls, EKCRL_MAX);
	if (!read_members(&members, chain, a, f))
		return false;
	for (size_t i = 0; i < set->ncrls; i++) {
		struct crl crl;

		if (!crl_parse(&crl, set->crls[i], a, f))
			return f->code == FAULT_LIMIT
				   ? false
				   : fail(f, FAULT_INPUT, "tpm.ek.crl.syntax",
					 "evidence 12: CRL %zu is none", i);
		if (!check_issuer(&members, &crl, set->crls[i], f) ||
		    !check_time(&crl, chain->at, f) ||
		    !check_members(&members, &crl, f))
			return false;
	}
	return !set->needed || check_covered(&members, f);
}
