/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/tpm.h"

#include "core/evidence/ekcert.h"
#include "core/evidence/logcheck.h"
#include "core/evidence/spki.h"
#include "core/verdict/parts.h"

#define PCR_DEFAULT       0x0000ffu
#define DER_SEQUENCE_BYTE 0x30u

static const struct tpm_policy strictest;

static const struct tpm_policy *
policy_of(const struct parts *p)
{
	return p->bare->policy == NULL ? &strictest : p->bare->policy;
}

static void
waive(struct verdict *v, const struct tpm_policy *policy)
{
	const struct {
		bool given_up;
		enum check check;
	} rows[] = {
		{ policy->without_nonce, CHECK_BINDING },
		{ policy->without_pcrs, CHECK_PCR_DIGEST },
		{ policy->without_pcrs || policy->without_log,
		    CHECK_LOG_SYNTAX },
		{ policy->without_pcrs || policy->without_log,
		    CHECK_LOG_ORDER },
		{ policy->without_pcrs || policy->without_log,
		    CHECK_LOG_DIGEST },
		{ policy->without_pcrs || policy->without_log,
		    CHECK_LOG_REPLAY },
		{ policy->without_keys, CHECK_AK },
		{ policy->without_keys, CHECK_EK_TEMPLATE },
		{ policy->without_keys, CHECK_EK_BINDING },
		{ policy->without_keys, CHECK_EK_CHAIN },
		{ policy->without_keys || policy->without_activation,
		    CHECK_ACTIVATION },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		v->waived[rows[i].check] |= rows[i].given_up;
	v->waived[CHECK_SIGNER] = true;
}

/* DER begins with a byte that no public area begins with. */
static bool
read_area(struct parts *p, struct fault *f)
{
	struct bytes raw;

	if (!parts_take(&raw, p, PART_AK, f))
		return false;
	if (raw.n != 0 && raw.p[0] == DER_SEQUENCE_BYTE)
		return spki_parse(&p->certified, raw, f);
	p->has_ak = true;
	return public_parse_any(&p->ak, raw, f);
}

static bool
read_certified(struct parts *p, struct fault *f)
{
	struct ekcert *cert = arena_alloc(p->arena, sizeof(*cert));
	struct bytes raw;

	if (cert == NULL || !parts_take(&raw, p, PART_AK_CERTIFICATE, f) ||
	    !ekcert_parse(cert, raw, p->arena, f))
		return false;
	p->certified = cert->facts.key;
	return true;
}

/* Without the AK nothing can be checked, so what is no key is a refusal. */
static bool
read_ak(struct parts *p)
{
	struct fault f = { 0 };

	if (parts_has(p, PART_AK))
		return read_area(p, &f) ||
		       verdict_record(p->v, CHECK_AK, false, &f);
	if (parts_has(p, PART_AK_CERTIFICATE))
		return read_certified(p, &f) ||
		       verdict_record(p->v, CHECK_AK_CHAIN, false, &f);
	verdict_skip(p->v, CHECK_QUOTE_SIG, "tpm.public.absent",
	    "evidence 2: no attestation key was given");
	return false;
}

static bool
read_ek(struct parts *p)
{
	struct fault f = { 0 };
	struct bytes raw;

	p->has_ek = parts_has(p, PART_EK);
	return !p->has_ek ||
	       (parts_take(&raw, p, PART_EK, &f) &&
		   public_parse_any(&p->ek, raw, &f)) ||
	       verdict_record(p->v, CHECK_EK_TEMPLATE, false, &f);
}

static bool
check_ak(struct parts *p)
{
	struct fault f = { 0 };

	if (p->has_ak)
		return verdict_record(
		    p->v, CHECK_AK, public_check_signer(&p->ak, &f), &f);
	verdict_skip(p->v, CHECK_AK, "tpm.public.absent",
	    "evidence 3: a key alone does not tell its attributes");
	return true;
}

/* Only of a primary key under the endorsement hierarchy is the qualified Name
 * known; others' need the Names of all their parents. */
static void
check_signer(struct parts *p)
{
	struct public_name name;
	struct fault f = { 0 };

	if (p->has_ak) {
		name = public_qualified_name(&p->ak);
		if (bytes_equal(p->attest.signer, public_name_bytes(&name))) {
			(void)verdict_record(p->v, CHECK_SIGNER, true, &f);
			return;
		}
	}
	verdict_skip(p->v, CHECK_SIGNER, "tpm.quote.parent",
	    "evidence 16: the parents of the attestation key are not known");
}

static bool
check_nonce(struct parts *p)
{
	if (p->bare->nonce.p != NULL)
		return verdict_equal(
		    p->v, CHECK_BINDING, p->bare->nonce, p->attest.nonce);
	verdict_skip(p->v, CHECK_BINDING, "fresh.nonce-not-asked",
	    "measurement 3: the asker names no nonce, so it may be an old one");
	return true;
}

static bool
check_hash(const struct parts *p, struct fault *f)
{
	if (p->digest_alg == HASH_SHA1 && !policy_of(p)->sha1)
		return fail(f, FAULT_VERIFY, "tpm.quote.signature",
		    "evidence 16: a signature over SHA-1");
	return true;
}

/* The best bank that was quoted, SHA-1 only for who takes it. */
static const struct attest_selection *
best(const struct parts *p)
{
	static const enum hash_alg order[] = { HASH_SHA256, HASH_SHA384,
		HASH_SHA512, HASH_SHA1 };
	size_t n = policy_of(p)->sha1 ? 4 : 3;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < p->attest.nselections; j++) {
			const struct attest_selection *s =
			    &p->attest.selections[j];

			if (s->bank == tpm_alg_of_hash(order[i]) &&
			    s->pcrs != 0)
				return s;
		}
	}
	return NULL;
}

/* Values that were not quoted are nobody's. */
static void
take_bank(struct parts *p, const struct attest_selection *s)
{
	if (!tpm_alg_hash(&p->bank.alg, s->bank))
		return;
	p->quoted = s->pcrs;
	for (size_t i = 0; i < p->bare->nbanks; i++) {
		const struct pcr_bank *from = &p->bare->banks[i];

		for (size_t j = 0; from->alg == p->bank.alg && j < PCR_COUNT;
		    j++) {
			if ((s->pcrs >> j & 1) != 0)
				p->bank.values[j] = from->values[j];
		}
	}
}

static bool
check_selection(struct parts *p, struct fault *f)
{
	const struct tpm_policy *policy = policy_of(p);
	const struct attest_selection *s = best(p);
	uint32_t want = policy->pcrs != 0  ? policy->pcrs
			: policy->any_pcrs ? 0
					   : PCR_DEFAULT;

	p->bank.alg = HASH_SHA256;
	if (p->bare->nbanks > TPM_BANKS_MAX)
		return fail(f, FAULT_LIMIT, "tpm.pcr.selection",
		    "evidence 16: %zu banks, at most %u", p->bare->nbanks,
		    TPM_BANKS_MAX);
	if (s == NULL && want != 0)
		return fail(f, FAULT_VERIFY, "tpm.pcr.selection",
		    "evidence 16: no PCR of a bank that is taken was quoted");
	if (s == NULL)
		return true;
	take_bank(p, s);
	if ((s->pcrs & want) != want)
		return fail(f, FAULT_VERIFY, "tpm.pcr.selection",
		    "evidence 16: PCRs 0x%06x, want 0x%06x", s->pcrs, want);
	return true;
}

static bool
check_lasting(const struct parts *p, struct fault *f)
{
	uint32_t want = policy_of(p)->pcrs & PCR_RESETTABLE;

	if (want != 0 || (p->quoted != 0 && (p->quoted & ~PCR_RESETTABLE) == 0))
		return fail(f, FAULT_VERIFY, "tpm.pcr.resettable",
		    "evidence 14: PCRs 0x%06x prove nothing, for they can be "
		    "reset",
		    want != 0 ? want : p->quoted);
	return true;
}

static bool
check_values(struct parts *p)
{
	struct fault f = { 0 };

	if (p->bare->nbanks != 0)
		return verdict_record(p->v, CHECK_PCR_DIGEST,
		    pcr_check_digest(&p->attest, p->digest_alg, p->bare->banks,
			p->bare->nbanks, &f),
		    &f);
	verdict_skip(p->v, CHECK_PCR_DIGEST, "tpm.pcr.absent",
	    "evidence 16: no PCR values were given");
	return true;
}

/* Everything that the quote itself must be; in the order of the table. */
static bool
check_quote(struct parts *p)
{
	struct fault f = { 0 };
	bool ok;

	if (!read_ak(p) || !quote_signed(p))
		return false;
	ok = verdict_record(p->v, CHECK_QUOTE_SIG, check_hash(p, &f), &f);
	ok &= check_ak(p);
	check_signer(p);
	ok &= check_nonce(p);
	if (!verdict_record(p->v, CHECK_SELECTION, check_selection(p, &f), &f))
		return false;
	ok &= verdict_record(p->v, CHECK_RESETTABLE, check_lasting(p, &f), &f);
	ok &= check_values(p);
	return read_ek(p) && ok;
}

static void
check_log(struct parts *p)
{
	static const enum check checks[] = { CHECK_LOG_SYNTAX, CHECK_LOG_ORDER,
		CHECK_LOG_DIGEST, CHECK_LOG_REPLAY };
	bool valued = p->bare->nbanks != 0 && p->quoted != 0;

	p->firmware_log = p->bare->log;
	if (p->firmware_log.p != NULL && valued) {
		logs_firmware(p);
		return;
	}
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		verdict_skip(p->v, checks[i],
		    valued ? "log.absent" : "tpm.pcr.absent",
		    valued ? "evidence 16: no event log was given"
			   : "evidence 16: no PCR values to replay it to");
}

/* A CA that has certified the AK has done what EK and activation are for. */
static void
check_keys(struct parts *p)
{
	static const enum check instead[] = { CHECK_AK, CHECK_EK_TEMPLATE,
		CHECK_EK_BINDING, CHECK_EK_CHAIN, CHECK_ACTIVATION };

	keys_check(p);
	keys_certified(p);
	if (p->v->results[CHECK_AK_CHAIN].state != CHECK_PASSED)
		return;
	for (size_t i = 0; i < sizeof(instead) / sizeof(instead[0]); i++)
		p->v->waived[instead[i]] = true;
}

static bool
clock_safe(const struct parts *p, struct fault *f)
{
	return p->attest.safe ||
	       fail(f, FAULT_VERIFY, "policy.safe-clock",
		   "evidence 15: the clock may have run backwards");
}

static void
check_policy(struct parts *p)
{
	const struct tpm_policy *policy = policy_of(p);
	struct fault f = { 0 };

	if (policy->safe_clock)
		(void)verdict_record(
		    p->v, CHECK_SAFE_CLOCK, clock_safe(p, &f), &f);
	if (policy->secure_boot)
		(void)verdict_record(
		    p->v, CHECK_SECURE_BOOT, logs_secure_boot(p, &f), &f);
}

bool
tpm_verify(struct verdict *v, const struct tpm_request *rq, struct arena *a,
    struct fault *f)
{
	struct parts *p = arena_alloc(a, sizeof(*p));

	verdict_init(v, ENGINE_TPM, a);
	v->bare = true;
	if (p == NULL)
		return arena_check(a, f);
	p->v = v;
	p->bare = rq;
	p->arena = a;
	p->roots = rq->roots;
	p->at = rq->at;
	p->activation = rq->activation;
	waive(v, policy_of(p));
	if (check_quote(p)) {
		quote_facts(p);
		check_log(p);
		check_keys(p);
		check_policy(p);
	}
	return arena_check(a, f);
}
