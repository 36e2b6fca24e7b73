/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/ekchain.h"

#include "core/evidence/certder.h"

/* Roots are taken in rounds, each by the names that the last one added. */
struct search {
	const struct x509_chain *chain;
	struct certder *roots; /* the frames of chain->roots */
	bool *taken;
	struct bytes *between, *anchors;
	size_t nbetween, nanchors;
};

static bool
leads_to(struct bytes cert, const struct certder *root)
{
	struct certder frame;

	return certder_read(&frame, cert) &&
	       bytes_equal(frame.issuer, root->subject);
}

/* The certificate in use whose issuer the root is. */
static bool
is_wanted(const struct search *s, const struct certder *root)
{
	if (leads_to(s->chain->leaf, root))
		return true;
	for (size_t i = 0; i < s->nbetween; i++)
		if (leads_to(s->between[i], root))
			return true;
	return false;
}

/* False when nothing was added. */
static bool
take_round(struct search *s)
{
	bool added = false;

	for (size_t i = 0; i < s->chain->nroots; i++) {
		if (s->taken[i] || !is_wanted(s, &s->roots[i]))
			continue;
		if (s->roots[i].self_issued)
			s->anchors[s->nanchors++] = s->chain->roots[i];
		else if (s->nbetween < X509_CHAIN_MAX)
			s->between[s->nbetween++] = s->chain->roots[i];
		s->taken[i] = true;
		added = true;
	}
	return added;
}

/* What has no frame of a certificate is never taken. */
static bool
search_init(struct search *s, const struct x509_chain *chain, struct arena *a,
    struct fault *f)
{
	size_t n = chain->nroots;

	*s = (struct search){
		.chain = chain,
		.roots = arena_alloc(a, (n + 1) * sizeof(*s->roots)),
		.taken = arena_alloc(a, (n + 1) * sizeof(*s->taken)),
		.between =
		    arena_alloc(a, X509_CHAIN_MAX * sizeof(struct bytes)),
		.anchors = arena_alloc(a, (n + 1) * sizeof(struct bytes)),
		.nbetween = chain->nintermediates,
	};
	if (!arena_check(a, f))
		return false;
	for (size_t i = 0; i < chain->nintermediates; i++)
		s->between[i] = chain->intermediates[i];
	for (size_t i = 0; i < n; i++)
		s->taken[i] = !certder_read(&s->roots[i], chain->roots[i]);
	return true;
}

bool
ekchain_verify(struct x509_chain *path, const struct x509_chain *chain,
    const char *reason, struct arena *a, struct fault *f)
{
	struct search s;

	if (chain->nintermediates > X509_CHAIN_MAX ||
	    chain->nroots > X509_ROOTS_MAX)
		return fail(f, FAULT_VERIFY, reason,
		    "evidence 11: %zu intermediates, %zu roots",
		    chain->nintermediates, chain->nroots);
	if (!search_init(&s, chain, a, f))
		return false;
	while (take_round(&s))
		continue;
	*path = *chain;
	path->intermediates = s.between;
	path->nintermediates = s.nbetween;
	path->roots = s.anchors;
	path->nroots = s.nanchors;
	return x509_verify(path, reason, f);
}
