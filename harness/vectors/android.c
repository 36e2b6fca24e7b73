/* SPDX-License-Identifier: Apache-2.0 */
/* Key attestation of Android. */
#include "core/verdict/android.h"

#include <stdio.h>

#include "core/base/hex.h"
#include "harness/vectors/engines.h"
#include "harness/vectors/keyfields.h"

#define CERTS_MAX 512u

/* What an entry gives, as a verifier is asked. */
struct case_of {
	struct bytes certs[CERTS_MAX];
	struct sha256 root;
	struct android_policy policy;
	struct android_request rq;
};

/* Checks of the index and ours. */
/* clang-format off */
static const struct {
	const char *name;
	enum check check;
} checks[] = {
	{ "chain_length",           CHECK_ANDROID_LENGTH },
	{ "parse",                  CHECK_ANDROID_SYNTAX },
	{ "names",                  CHECK_ANDROID_NAMES },
	{ "signatures",             CHECK_ANDROID_SIGNATURES },
	{ "ca",                     CHECK_ANDROID_CA },
	{ "root_selfsigned",        CHECK_ANDROID_ROOT_SIGNED },
	{ "root_trusted",           CHECK_ANDROID_ROOT_KEY },
	{ "time",                   CHECK_ANDROID_TIME },
	{ "not_revoked",            CHECK_ANDROID_REVOKED },
	{ "extension_present",      CHECK_ANDROID_PRESENT },
	{ "extension_only_in_leaf", CHECK_ANDROID_PLACE },
	{ "extension_parse",        CHECK_ANDROID_DESCRIPTION },
	{ "extension_strict_order", CHECK_ANDROID_ORDER },
	{ "challenge",              CHECK_ANDROID_CHALLENGE },
	{ "levels_consistent",      CHECK_ANDROID_LEVEL },
	{ "root_of_trust_present",  CHECK_ANDROID_ROOT },
	{ "bootloader_locked",      CHECK_ANDROID_LOCKED },
	{ "verified_boot",          CHECK_ANDROID_STATE },
};
/* clang-format on */
#define CHECKS_STATED (sizeof(checks) / sizeof(*checks))

/* What "expect_chain" is about. */
static const enum check chain_checks[] = { CHECK_ANDROID_LENGTH,
	CHECK_ANDROID_SYNTAX, CHECK_ANDROID_NAMES, CHECK_ANDROID_SIGNATURES,
	CHECK_ANDROID_CA, CHECK_ANDROID_ROOT_SIGNED, CHECK_ANDROID_ROOT_KEY,
	CHECK_ANDROID_TIME, CHECK_ANDROID_REVOKED, CHECK_ANDROID_PRESENT,
	CHECK_ANDROID_PLACE, CHECK_ANDROID_DESCRIPTION };
#define CHAIN_CHECKS (sizeof(chain_checks) / sizeof(*chain_checks))

static bool
take_certs(struct case_of *c, struct entry *e)
{
	struct bytes all;
	char name[16] = "cert0";

	if (evidence_file(&all, e, "chain_der_concat")) {
		c->rq.ncerts = x509_split_der(c->certs, CERTS_MAX, all);
		return evidence_check(e, "chain_der_concat", c->rq.ncerts != 0,
		    "certificates one behind another");
	}
	while (c->rq.ncerts < CERTS_MAX &&
	       evidence_file(&c->certs[c->rq.ncerts], e, name))
		(void)snprintf(name, sizeof(name), "cert%zu", ++c->rq.ncerts);
	size_t known = c->rq.ncerts;
	struct bytes other;

	known += evidence_file(&other, e, "chain_pem");
	known += evidence_file(&other, e, "status");
	known += evidence_file(&other, e, "upstream_expectation");
	return evidence_check(e, "files", known == e->nfiles,
	    "certificates from cert0 on, and a status list");
}

static bool
take_trust(struct case_of *c, struct entry *e)
{
	const char *trust = json_string_value(evidence_member(e, "trust"));
	struct bytes der;
	struct keycert root;
	struct fault f = { 0 };

	if (trust == NULL || strcmp(trust, "google") == 0)
		return true;
	if (!evidence_check(e, "trust", strcmp(trust, "test-root") == 0,
		"google or test-root") ||
	    !evidence_beside(&der, e, "common/test-root.der") ||
	    !evidence_done(e, "root", keycert_parse(&root, der, &f), &f))
		return false;
	c->root = sha256_of(root.key_info);
	c->rq.roots = &c->root;
	c->rq.nroots = 1;
	return true;
}

static bool
take_rest(struct case_of *c, struct entry *e)
{
	const json_t *challenge = evidence_member(e, "challenge");

	c->rq.revocation_given = true;
	if (!evidence_file(&c->rq.revocation, e, "status") &&
	    !evidence_beside(
		&c->rq.revocation, e, "common/status-google-test.json"))
		return false;
	c->rq.challenge_asked = challenge != NULL && !json_is_null(challenge);
	c->rq.without_challenge = !c->rq.challenge_asked;
	c->rq.at = e->time;
	c->rq.certs = c->certs;
	c->policy.zero_boot_key = true;
	c->rq.policy = &c->policy;
	return evidence_check(e, "time", e->timed, "a time") &&
	       (!c->rq.challenge_asked ||
		   evidence_raw(&c->rq.challenge, e, challenge));
}

static bool
is_stated_false(const struct entry *e, const char *name)
{
	return json_is_false(
	    json_object_get(evidence_member(e, "checks"), name));
}

/* Something that the other check builds on was refused, rightly. */
static bool
is_excused(const struct entry *e, const struct verdict *v)
{
	for (size_t i = 0; i < CHECKS_STATED; i++)
		if (is_stated_false(e, checks[i].name) &&
		    v->results[checks[i].check].state == CHECK_FAILED)
			return true;
	return false;
}

/* Not compared, as the entry is to be refused anyway: a key too short to be
 * relied on, and how a description reads that nobody signed. */
static bool
is_stricter(const struct entry *e, const struct check_result *r, enum check c)
{
	if (evidence_expects(e, "valid"))
		return false;
	if (c == CHECK_ANDROID_DESCRIPTION || c == CHECK_ANDROID_ORDER)
		return is_stated_false(e, "signatures");
	return r->state == CHECK_FAILED &&
	       strcmp(r->reason, "android.chain.weak") == 0;
}

static void
compare_check(
    struct entry *e, const struct verdict *v, const char *name, bool stated)
{
	size_t i = 0;

	while (i < CHECKS_STATED && strcmp(checks[i].name, name) != 0)
		i++;
	if (!evidence_check(e, name, i < CHECKS_STATED, "a check of ours"))
		return;
	const struct check_result *r = &v->results[checks[i].check];

	if (r->state == CHECK_NOT_CHECKED)
		(void)evidence_check(e, name, is_excused(e, v),
		    "a check that was made, or one before it that failed");
	else if (stated && r->state == CHECK_FAILED)
		(void)evidence_check(
		    e, name, is_stricter(e, r, checks[i].check), r->why);
	else
		(void)evidence_check(
		    e, name, (r->state == CHECK_PASSED) == stated, "a refusal");
}

static void
compare_checks(struct entry *e, const struct verdict *v)
{
	const json_t *stated = evidence_member(e, "checks");
	const char *name;
	json_t *one;

	json_object_foreach((json_t *)(uintptr_t)stated, name, one)
	{
		if (evidence_check(e, name, json_is_boolean(one), "a flag"))
			compare_check(e, v, name, json_is_true(one));
	}
}

static void
compare_words(struct entry *e, const struct verdict *v)
{
	const char *chain =
	    json_string_value(evidence_member(e, "expect_chain"));
	const char *policy =
	    json_string_value(evidence_member(e, "expect_policy"));
	const char *word = verdict_word(v);
	bool accepted = strcmp(word, "accepted") == 0, chained = true;

	for (size_t i = 0; i < CHAIN_CHECKS; i++)
		if (v->results[chain_checks[i]].state != CHECK_PASSED)
			chained = false;
	if (chain != NULL)
		(void)evidence_check(e, "expect_chain",
		    strcmp(chain, "valid") == 0 ? chained : !chained, chain);
	if (policy != NULL)
		(void)evidence_check(e, "expect_policy",
		    strcmp(policy, "pass") == 0 ? accepted : !accepted, policy);
	(void)evidence_check(e, "expect",
	    evidence_expects(e, "valid") ? accepted
					 : strcmp(word, "rejected") == 0,
	    e->expect);
}

static void
android_run(struct entry *e)
{
	struct case_of *c = arena_alloc(e->arena, sizeof(*c));
	struct verdict v;
	struct fault f = { 0 };

	if (c == NULL || !take_certs(c, e) || !take_trust(c, e) ||
	    !take_rest(c, e))
		return;
	verdict_init(&v, ENGINE_ANDROID, e->arena);
	v.bare = true;
	if (!evidence_done(
		e, "verify", android_verify(&v, &c->rq, e->arena, &f), &f))
		return;
	compare_words(e, &v);
	compare_checks(e, &v);
	keyfields_compare(e, c->certs, c->rq.ncerts);
}

static const char *const words[] = { "valid", "invalid", "parse-only",
	"judgement", NULL };

/* clang-format off */
static const struct evidence_class classes[] = {
	{ "android-attest-key",               android_run },
	{ "android-incomplete",               android_run },
	{ "android-leaf-only",                android_run },
	{ "android-malformed",                android_run },
	{ "android-quirk",                    android_run },
	{ "android-quirk-noca",               android_run },
	{ "android-strongbox-locked",         android_run },
	{ "android-strongbox-selfsigned",     android_run },
	{ "android-strongbox-unlocked",       android_run },
	{ "android-tee-locked",               android_run },
	{ "android-tee-unlocked",             android_run },
	{ "android-untrusted-root-malformed", android_run },
	{ "android-untrusted-root-software",  android_run },
	{ "android-untrusted-root-strongbox", android_run },
	{ "derived-chain",                    android_run },
	{ "derived-challenge",                android_run },
	{ "derived-der",                      android_run },
	{ "derived-revoked",                  android_run },
	{ "derived-statuslist",               android_run },
	{ "synthetic-boot",                   android_run },
	{ "synthetic-chain",                  android_run },
	{ "synthetic-ext",                    android_run },
	{ "synthetic-valid",                  android_run },
	{ NULL,                               NULL },
};
/* clang-format on */

const struct evidence_engine android_engine = { "android", words, classes };
