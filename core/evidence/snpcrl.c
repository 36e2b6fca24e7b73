/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpcrl.h"

#include "core/crypto/crl.h"

static bool
check_time(const struct crl *crl, int64_t at, struct fault *f)
{
	if (at < crl->this_update)
		return fail(f, FAULT_VERIFY, "snp.crl.future",
		    "evidence 26: issued at %lld, after %lld",
		    (long long)crl->this_update, (long long)at);
	if (crl->next_update == 0 || at > crl->next_update)
		return fail(f, FAULT_VERIFY, "snp.crl.stale",
		    "evidence 26: in force until %lld, before %lld",
		    (long long)crl->next_update, (long long)at);
	return true;
}

bool
snpcrl_check(bool *by_ark, const struct snpchain *c, const struct snp_crl *in,
    struct arena *a, struct fault *f)
{
	struct crl crl;

	if (!crl_parse(&crl, in->der, a, f)) {
		struct fault inner = *f;

		return arena_check(a, f) &&
		       fail(f, FAULT_INPUT, "snp.crl.syntax",
			   "evidence 26: %.200s", inner.why);
	}
	struct x509_facts issuer, below;

	if (!x509_facts(&issuer, c->ark.whole, a, f))
		return false;
	*by_ark = bytes_equal(crl.issuer, issuer.subject);
	if (!x509_facts(&below, c->ask.whole, a, f))
		return false;
	if (!*by_ark) {
		issuer = below;
		if (!x509_facts(&below, c->vek.whole, a, f))
			return false;
	}
	if (!bytes_equal(crl.issuer, issuer.subject))
		return fail(f, FAULT_VERIFY, "snp.crl.issuer",
		    "evidence 26: neither the ARK nor the ASK issued it");
	if (!x509_signed(in->der, &issuer.key, "snp.crl.signature", f) ||
	    !check_time(&crl, in->at, f))
		return false;
	if (crl_revokes(&crl, below.serial))
		return fail(f, FAULT_VERIFY, "snp.crl.revoked",
		    "evidence 26: %s with serial %.*s is revoked",
		    *by_ark ? "the ASK" : "the VEK", (int)below.serial.n,
		    (const char *)below.serial.p);
	return true;
}
