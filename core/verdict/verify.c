/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/verify.h"

#include "core/evidence/snpreport.h"
#include "core/verdict/parts.h"

static bool
counts_match(const struct parts *p, struct fault *f)
{
	int64_t resets, restarts;

	if (!message_find_integer(
		&resets, p->rq->envelope, "state/tpm-reset-count") ||
	    !message_find_integer(
		&restarts, p->rq->envelope, "state/tpm-restart-count") ||
	    resets != p->attest.reset_count ||
	    restarts != p->attest.restart_count)
		return fail(f, FAULT_VERIFY, "fresh.state",
		    "measurement 7: the quote has reset %u, restart %u",
		    p->attest.reset_count, p->attest.restart_count);
	return true;
}

/* The counters that the TPM of the boot measurement signed. */
static bool
same_counts(const struct parts *p, struct fault *f)
{
	struct bytes raw;
	struct attest earlier;

	if (!message_find_base64(
		&raw, p->rq->earlier, "evidence/quote/attest", p->arena, f) ||
	    !attest_parse(&earlier, raw, f))
		return false;
	if (earlier.reset_count != p->attest.reset_count ||
	    earlier.restart_count != p->attest.restart_count)
		return fail(f, FAULT_VERIFY, "fresh.boot-changed",
		    "measurement 5: the TPM was at reset %u, restart %u",
		    earlier.reset_count, earlier.restart_count);
	return true;
}

/* A guest has its report ID from its launch to its end. */
static bool
same_launch(const struct parts *p, struct fault *f)
{
	struct bytes now, then;
	struct snpreport one, other;

	if (!message_find_base64(
		&now, p->rq->envelope, "evidence/report", p->arena, f) ||
	    !message_find_base64(
		&then, p->rq->earlier, "evidence/report", p->arena, f) ||
	    !snpreport_parse(&one, now, f) || !snpreport_parse(&other, then, f))
		return false;
	if (!bytes_equal(one.report_id, other.report_id))
		return fail(f, FAULT_VERIFY, "fresh.boot-changed",
		    "measurement 5: the guest was launched again, its report "
		    "ID is another");
	return true;
}

static bool
same_boot(const struct parts *p, struct fault *f)
{
	struct binding earlier;

	if (!binding_of(&earlier, p->rq->earlier, p->arena, f))
		return false;
	if (!bytes_equal(
		BYTES_OF(&earlier.subject), BYTES_OF(&p->binding.subject)) ||
	    !bytes_equal(
		BYTES_OF(&earlier.recipient), BYTES_OF(&p->binding.recipient)))
		return fail(f, FAULT_VERIFY, "fresh.boot-changed",
		    "measurement 5: body or recipient differ from boot's");
	if (p->v->engine == ENGINE_SNP)
		return same_launch(p, f);
	return p->v->engine != ENGINE_TPM || same_counts(p, f);
}

static void
check_state(struct parts *p)
{
	struct fault f = { 0 };

	if (bytes_is(p->binding.purpose, "fresh"))
		(void)verdict_record(
		    p->v, CHECK_STATE, counts_match(p, &f), &f);
}

/* The stub also takes command lines, credentials and extensions that nobody
 * signed, and measures them here. */
static bool
nothing_added(const struct parts *p, struct fault *f)
{
	static const unsigned zero[] = { 8, 12, 13, 14 };
	static const struct sha256 none;

	for (size_t i = 0; i < sizeof(zero) / sizeof(zero[0]); i++) {
		if (!bytes_equal(p->bank.values[zero[i]], BYTES_OF(&none)))
			return fail(f, FAULT_VERIFY, "policy.additions",
			    "image 12: PCR %u is not zero", zero[i]);
	}
	return true;
}

static bool
passed(const struct parts *p, enum check c)
{
	return p->v->results[c].state == CHECK_PASSED;
}

/* What a refused log says is no fact to compare with. */
static void
check_policy(struct parts *p)
{
	const struct expectations *want = p->rq->want;
	struct fault f = { 0 };

	if (want == NULL)
		return;
	if (want->secure_boot && passed(p, CHECK_LOG_REPLAY) &&
	    passed(p, CHECK_LOG_DIGEST))
		(void)verdict_record(
		    p->v, CHECK_SECURE_BOOT, logs_secure_boot(p, &f), &f);
	if (want->pcr4.n != 0)
		(void)verdict_equal(
		    p->v, CHECK_PCR4, want->pcr4, p->bank.values[4]);
	if (want->pcr11.n != 0)
		(void)verdict_equal(
		    p->v, CHECK_PCR11, want->pcr11, p->bank.values[11]);
	if (want->nothing_added)
		(void)verdict_record(
		    p->v, CHECK_ADDITIONS, nothing_added(p, &f), &f);
	if (want->confinement.n != 0 && passed(p, CHECK_RUNTIME))
		(void)verdict_equal(p->v, CHECK_CONFINEMENT, want->confinement,
		    BYTES_OF(&p->runtime.confinement));
}

/* A release is told by PCRs: other evidence does not say which one it is. */
static void
check_release(struct parts *p)
{
	struct fault f = { 0 };
	bool told = p->v->engine == ENGINE_TPM;

	if (p->rq->want == NULL)
		return;
	if (!told)
		(void)fail(&f, FAULT_VERIFY, "policy.release",
		    "verdict 4: %s evidence does not say which release runs",
		    verdict_engine(p->v->engine));
	(void)verdict_record(p->v, CHECK_RELEASE, told, &f);
}

static bool
check_tpm(struct parts *p)
{
	if (!quote_check(p))
		return false;
	logs_check(p);
	keys_check(p);
	check_state(p);
	struct public_name ek = public_name(&p->ek);

	parties_check_machine(p, public_name_bytes(&ek));
	check_policy(p);
	return true;
}

static const struct {
	const char *device;
	enum engine engine;
	bool (*check)(struct parts *p);
} engines[] = {
	{ "tpm@2.0a", ENGINE_TPM, check_tpm },
	{ "snp@1.0", ENGINE_SNP, engines_snp },
	{ "andee@1.0", ENGINE_ANDROID, engines_android },
};

#define ENGINES (sizeof(engines) / sizeof(engines[0]))

static enum engine
engine_of(const struct message *envelope)
{
	struct bytes device = { 0 };

	(void)message_find_bytes(&device, envelope, "measurement-device");
	for (size_t i = 0; i < ENGINES; i++) {
		if (bytes_is(device, engines[i].device))
			return engines[i].engine;
	}
	return ENGINE_ANY;
}

/* Signatures come first: what nobody signed is not worth replaying. */
static void
check_all(struct parts *p)
{
	struct fault f = { 0 };
	size_t i = 0;

	if (!envelope_check(p))
		return;
	while (engines[i].engine != p->v->engine)
		i++;
	check_release(p);
	if (!engines[i].check(p))
		return;
	if (p->rq->earlier != NULL)
		(void)verdict_record(
		    p->v, CHECK_SAME_BOOT, same_boot(p, &f), &f);
	if (p->rq->template != NULL)
		verdict_match(p->v, p->rq->template, p->rq->envelope);
}

bool
verify_measurement(struct verdict *v, const struct verify_request *rq,
    struct arena *a, struct fault *f)
{
	struct parts *p = arena_alloc(a, sizeof(*p));

	verdict_init(v, engine_of(rq->envelope), a);
	if (p == NULL)
		return arena_check(a, f);
	p->v = v;
	p->rq = rq;
	p->arena = a;
	p->roots = rq->roots;
	p->at = rq->at;
	p->activation = rq->activation;
	v->waived[CHECK_ACTIVATION] = rq->without_activation;
	check_all(p);
	return arena_check(a, f);
}
