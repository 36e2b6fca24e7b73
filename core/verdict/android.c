/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/android.h"

#include "core/base/hex.h"
#include "core/verdict/androidfacts.h"

#define PURPOSE_SIGN     2
#define PURPOSE_VERIFY   3
#define ORIGIN_GENERATED 0
#define ALGORITHM_EC     3

struct judged {
	struct verdict *v;
	const struct android_request *rq;
	const struct android_policy *policy;
	struct arena *arena;
	struct keychain *chain;
	struct keydesc *desc;
};

static const struct android_policy least;

/* True if the certificates can be looked at one by one. */
static bool
read_chain(const struct judged *j)
{
	const struct android_request *rq = j->rq;
	struct fault f = { 0 };

	return verdict_record(j->v, CHECK_ANDROID_LENGTH,
		   keychain_length(rq->ncerts, &f), &f) &&
	       verdict_record(j->v, CHECK_ANDROID_SYNTAX,
		   keychain_parse(j->chain, rq->certs, rq->ncerts, &f), &f);
}

/* True if the first certificate's content is what a trusted root's keys vouch
 * for. Each check is made, whatever the others say. */
static bool
check_path(const struct judged *j)
{
	const struct keychain *chain = j->chain;
	const struct android_request *rq = j->rq;
	bool google = rq->nroots == 0;
	struct fault f = { 0 };

	bool named = verdict_record(
	    j->v, CHECK_ANDROID_NAMES, keychain_names(chain, &f), &f);
	bool signed_all = verdict_record(
	    j->v, CHECK_ANDROID_SIGNATURES, keychain_signatures(chain, &f), &f);
	bool by_cas = verdict_record(
	    j->v, CHECK_ANDROID_CA, keychain_authorities(chain, &f), &f);
	bool rooted = verdict_record(j->v, CHECK_ANDROID_ROOT_SIGNED,
	    keychain_root_signed(chain, &f), &f);
	bool trusted = verdict_record(j->v, CHECK_ANDROID_ROOT_KEY,
	    keychain_root_trusted(chain, google ? keychain_google : rq->roots,
		google ? KEYCHAIN_ROOTS : rq->nroots, &f),
	    &f);

	return named && signed_all && by_cas && rooted && trusted;
}

static bool
is_unrevoked(const struct judged *j, struct fault *f)
{
	const struct android_request *rq = j->rq;
	struct statuslist list;

	if (!statuslist_parse(&list, rq->revocation, j->arena, f))
		return false;
	if (j->policy->revocation_age_s != 0 &&
	    (rq->revocation_at > rq->at ||
		rq->at - rq->revocation_at > j->policy->revocation_age_s))
		return fail(f, FAULT_VERIFY, "android.revocation.age",
		    "evidence 55: the list is of %lld, and may be %lld s old",
		    (long long)rq->revocation_at,
		    (long long)j->policy->revocation_age_s);
	return keychain_unrevoked(j->chain, &list, f);
}

static void
check_standing(const struct judged *j)
{
	struct fault f = { 0 };

	(void)verdict_record(j->v, CHECK_ANDROID_TIME,
	    keychain_valid(j->chain, j->rq->at, j->policy->expiry, &f), &f);
	if (j->rq->revocation_given)
		(void)verdict_record(
		    j->v, CHECK_ANDROID_REVOKED, is_unrevoked(j, &f), &f);
	else
		verdict_skip(j->v, CHECK_ANDROID_REVOKED,
		    "android.revocation.absent",
		    "evidence 55: no list of revoked certificates was given");
	j->v->waived[CHECK_ANDROID_REVOKED] = j->rq->without_revocation;
}

/* True if there is one description, in its place, that can be read. */
static bool
read_description(const struct judged *j, bool *in_place)
{
	struct fault f = { 0 };

	(void)verdict_record(
	    j->v, CHECK_ANDROID_PRESENT, keychain_attests(j->chain, &f), &f);
	*in_place = verdict_record(j->v, CHECK_ANDROID_PLACE,
	    keychain_attests_first(j->chain, &f), &f);
	if (j->chain->certs[0].attestation.p == NULL)
		return false;
	if (!verdict_record(j->v, CHECK_ANDROID_DESCRIPTION,
		keydesc_parse(j->desc, j->chain->certs[0].attestation, &f), &f))
		return false;
	(void)verdict_record(
	    j->v, CHECK_ANDROID_ORDER, keydesc_in_order(j->desc, &f), &f);
	return true;
}

static void
check_challenge(const struct judged *j)
{
	struct fault f = { 0 };

	j->v->waived[CHECK_ANDROID_CHALLENGE] = j->rq->without_challenge;
	if (!j->rq->challenge_asked) {
		verdict_skip(j->v, CHECK_ANDROID_CHALLENGE,
		    "android.challenge.not-asked",
		    "evidence 59: the asker named no challenge");
		return;
	}
	if (!verdict_equal(j->v, CHECK_ANDROID_CHALLENGE, j->rq->challenge,
		j->desc->challenge))
		return;
	bool some = j->desc->challenge.n != 0 ||
		    fail(&f, FAULT_VERIFY, "android.challenge",
			"evidence 59: an empty challenge shows nothing");

	(void)verdict_record(j->v, CHECK_ANDROID_CHALLENGE, some, &f);
}

static void
check_statement(const struct judged *j)
{
	struct fault f = { 0 };

	j->v->waived[CHECK_ANDROID_STATEMENT] = j->v->bare;
	if (j->rq->statement.p != NULL)
		(void)verdict_record(j->v, CHECK_ANDROID_STATEMENT,
		    keychain_key_signed(
			j->chain, j->rq->statement, j->rq->signature, &f),
		    &f);
}

static bool
level_holds(const struct judged *j, struct fault *f)
{
	const struct keydesc *d = j->desc;
	enum key_level claimed = keycert_level(&j->chain->certs[1]);

	if (d->level == LEVEL_SOFTWARE || d->level != d->keymint_level)
		return fail(f, FAULT_VERIFY, "android.level",
		    "evidence 61: attested by %s, made by %s",
		    androidfacts_level(d->level),
		    androidfacts_level(d->keymint_level));
	if (claimed != LEVEL_SOFTWARE && claimed != d->level)
		return fail(f, FAULT_VERIFY, "android.level",
		    "evidence 61: attested by %s with a key of a %s",
		    androidfacts_level(d->level), androidfacts_level(claimed));
	if (j->policy->strongbox && d->level != LEVEL_STRONGBOX)
		return fail(f, FAULT_VERIFY, "android.level",
		    "evidence 61: in a TEE, not in a StrongBox");
	return true;
}

static bool
key_allowed(const struct judged *j, struct bytes key)
{
	for (size_t i = 0; i < j->policy->nboot_keys; i++)
		if (bytes_equal(j->policy->boot_keys[i], key))
			return true;
	return false;
}

static bool
boot_verified(const struct judged *j, struct fault *f)
{
	const struct root_of_trust *root = &j->desc->hardware.root;

	if (root->boot_state == BOOT_VERIFIED)
		return true;
	if (root->boot_state == BOOT_SELF_SIGNED &&
	    key_allowed(j, root->boot_key))
		return true;
	return fail(f, FAULT_VERIFY, "android.boot.state",
	    "evidence 63: verified boot says %s",
	    androidfacts_boot_state(root->boot_state));
}

static bool
boot_key_shown(const struct judged *j, struct fault *f)
{
	if (bytes_zero(j->desc->hardware.root.boot_key) &&
	    !j->policy->zero_boot_key)
		return fail(f, FAULT_VERIFY, "android.boot.key",
		    "evidence 64: the boot key is nothing but zeros");
	return true;
}

static void
check_boot(const struct judged *j)
{
	const struct keylist *hardware = &j->desc->hardware;
	struct fault f = { 0 };
	bool present = hardware->of[KEYLIST_ROOT_OF_TRUST].present ||
		       fail(&f, FAULT_VERIFY, "android.boot.root",
			   "evidence 62: the hardware names no root of trust");

	if (!verdict_record(j->v, CHECK_ANDROID_ROOT, present, &f))
		return;
	bool locked = hardware->root.device_locked ||
		      fail(&f, FAULT_VERIFY, "android.boot.locked",
			  "evidence 63: the boot loader is unlocked");

	(void)verdict_record(j->v, CHECK_ANDROID_LOCKED, locked, &f);
	(void)verdict_record(
	    j->v, CHECK_ANDROID_STATE, boot_verified(j, &f), &f);
	(void)verdict_record(
	    j->v, CHECK_ANDROID_BOOT_KEY, boot_key_shown(j, &f), &f);
}

static bool
patched(const struct judged *j, enum keylist_tag tag, uint32_t least_date,
    struct fault *f)
{
	const struct keylist_value *is = &j->desc->hardware.of[tag];
	uint32_t wanted = keydesc_patch(least_date);
	uint32_t date = is->present ? keydesc_patch(is->number) : 0;

	if (least_date != 0 && (wanted == 0 || date < wanted))
		return fail(f, FAULT_VERIFY, "android.patch",
		    "evidence 65: %s is %lld, not %u or later",
		    keylist_name(tag), (long long)is->number, least_date);
	return true;
}

static void
check_patches(const struct judged *j)
{
	const struct android_policy *p = j->policy;
	struct fault f = { 0 };

	if (p->os_patch == 0 && p->vendor_patch == 0 && p->boot_patch == 0)
		return;
	bool good = patched(j, KEYLIST_OS_PATCH, p->os_patch, &f) &&
		    patched(j, KEYLIST_VENDOR_PATCH, p->vendor_patch, &f) &&
		    patched(j, KEYLIST_BOOT_PATCH, p->boot_patch, &f);

	(void)verdict_record(j->v, CHECK_ANDROID_PATCH, good, &f);
}

static bool
app_matches(const struct judged *j, struct fault *f)
{
	const struct keydesc_app *app = &j->desc->app;
	const struct android_policy *p = j->policy;

	if (app->npackages != 1 || app->nsigners != 1)
		return fail(f, FAULT_VERIFY, "android.app",
		    "evidence 66: %zu packages by %zu signers hold the key",
		    app->npackages, app->nsigners);
	if (p->package.n != 0 &&
	    !bytes_equal(p->package, app->packages[0].name))
		return fail(f, FAULT_VERIFY, "android.app",
		    "evidence 66: another package holds the key");
	if (p->signer.n != 0 && !bytes_equal(p->signer, app->signers[0]))
		return fail(f, FAULT_VERIFY, "android.app",
		    "evidence 66: another signer's package holds the key");
	if (app->packages[0].version < p->package_version)
		return fail(f, FAULT_VERIFY, "android.app",
		    "evidence 66: the package's version is %lld",
		    (long long)app->packages[0].version);
	return true;
}

static void
check_app(const struct judged *j)
{
	const struct android_policy *p = j->policy;
	struct fault f = { 0 };

	if (p->package.n != 0 || p->signer.n != 0 || p->package_version != 0)
		(void)verdict_record(
		    j->v, CHECK_ANDROID_APP, app_matches(j, &f), &f);
}

static bool
purposes_are_signing(const struct keylist_value *set)
{
	int64_t members[KEYLIST_SET_MAX];
	size_t n = keylist_members(members, set);

	for (size_t i = 0; i < n; i++)
		if (members[i] != PURPOSE_SIGN && members[i] != PURPOSE_VERIFY)
			return false;
	return keylist_has(set, PURPOSE_SIGN);
}

static bool
is_signing_key(const struct judged *j, struct fault *f)
{
	const struct keylist *hardware = &j->desc->hardware;
	const struct keylist *software = &j->desc->software;

	if (!purposes_are_signing(&hardware->of[KEYLIST_PURPOSE]))
		return fail(f, FAULT_VERIFY, "android.key",
		    "evidence 67: the key is not for signing only");
	if (!hardware->of[KEYLIST_ORIGIN].present ||
	    hardware->of[KEYLIST_ORIGIN].number != ORIGIN_GENERATED)
		return fail(f, FAULT_VERIFY, "android.key",
		    "evidence 67: the key was not made in the hardware");
	if (hardware->of[KEYLIST_ALGORITHM].number != ALGORITHM_EC)
		return fail(f, FAULT_VERIFY, "android.key",
		    "evidence 67: the key is not of an elliptic curve");
	if (hardware->of[KEYLIST_ALL_APPLICATIONS].present ||
	    software->of[KEYLIST_ALL_APPLICATIONS].present)
		return fail(f, FAULT_VERIFY, "android.key",
		    "evidence 67: every app may use the key");
	return true;
}

static void
check_content(const struct judged *j)
{
	struct fault f = { 0 };

	check_challenge(j);
	check_statement(j);
	(void)verdict_record(j->v, CHECK_ANDROID_LEVEL, level_holds(j, &f), &f);
	check_boot(j);
	check_patches(j);
	check_app(j);
	if (j->policy->signing_key)
		(void)verdict_record(
		    j->v, CHECK_ANDROID_KEY, is_signing_key(j, &f), &f);
}

bool
android_verify(struct verdict *v, const struct android_request *rq,
    struct arena *a, struct fault *f)
{
	struct judged j = {
		.v = v,
		.rq = rq,
		.policy = rq->policy == NULL ? &least : rq->policy,
		.arena = a,
		.chain = arena_alloc(a, sizeof(*j.chain)),
		.desc = arena_alloc(a, sizeof(*j.desc)),
	};
	bool in_place = false;

	if (!arena_check(a, f))
		return false;
	if (!read_chain(&j))
		return true;
	bool vouched = check_path(&j);

	check_standing(&j);
	bool readable = read_description(&j, &in_place);

	if (!vouched || !in_place || !readable)
		return arena_check(a, f);
	check_content(&j);
	androidfacts_put(v, j.chain, j.desc);
	return arena_check(a, f);
}
