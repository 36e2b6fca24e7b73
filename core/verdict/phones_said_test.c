/* SPDX-License-Identifier: Apache-2.0 */
/* Phones that say something wrong, or that the asker does not want. */
#include "core/verdict/phones_test.h"

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static void
strongbox(struct question *q)
{
	q->phone.description.level = 2;
	q->phone.description.keymint_level = 2;
	q->phone.certs[0].issuer[0].text = "StrongBox";
	q->phone.certs[1].subject[0].text = "StrongBox";
	q->policy.strongbox = true;
}

static void
tee_for_strongbox(struct question *q)
{
	q->policy.strongbox = true;
}

static void
strongbox_of_tee_key(struct question *q)
{
	q->phone.description.level = 2;
	q->phone.description.keymint_level = 2;
}

static void
software(struct question *q)
{
	q->phone.description.level = 0;
	q->phone.description.keymint_level = 0;
}

static void
software_key(struct question *q)
{
	q->phone.description.keymint_level = 0;
}

static void
level_of_nothing(struct question *q)
{
	q->phone.description.level = 3;
}

static void
version_of_nobody(struct question *q)
{
	q->phone.description.version = 5;
}

static void
old_version(struct question *q)
{
	q->phone.description.version = 1;
	q->phone.description.boot_hash = (struct bytes){ 0 };
}

static void
newest_version(struct question *q)
{
	q->phone.description.version = 500;
}

static void
no_hash(struct question *q)
{
	q->phone.description.boot_hash = (struct bytes){ 0 };
}

static void
extended(struct question *q)
{
	q->phone.certs[1].attestation =
	    keymint_describe(&q->phone.description, q->arena);
}

static void
described_by_nothing(struct question *q)
{
	q->phone.certs[0].attestation = BYTES("\x30\x00");
}

static void
description_cut(struct question *q)
{
	struct bytes whole = keymint_describe(&q->phone.description, q->arena);

	q->phone.certs[0].attestation = bytes_of(whole.p, whole.n - 1);
}

static struct bytes
tag_of(struct arena *a, uint32_t tag, int64_t value)
{
	return DERPUT(
	    a, DER_EXPLICIT(tag), derput_integer(a, DER_INTEGER, value));
}

static void
unknown_tag(struct question *q)
{
	q->phone.description.hardware_more = tag_of(q->arena, 1005, 77);
}

static void
tag_twice(struct question *q)
{
	q->phone.description.hardware_more = tag_of(q->arena, 719, 20240505);
}

static void
unknown_tag_twice(struct question *q)
{
	struct bytes tags[] = { tag_of(q->arena, 1005, 1),
		tag_of(q->arena, 1005, 1) };

	q->phone.description.hardware_more = derput_join(q->arena, tags, 2);
}

static void
many_unknown_tags(struct question *q)
{
	struct bytes tags[KEYLIST_UNKNOWN_MAX + 1];

	for (uint32_t i = 0; i < COUNT(tags); i++)
		tags[i] = tag_of(q->arena, 1000 + i, 1);
	q->phone.description.hardware_more =
	    derput_join(q->arena, tags, COUNT(tags));
}

static void
tag_behind(struct question *q)
{
	q->phone.description.hardware_more = tag_of(q->arena, 10, 1);
}

static void
locked_as_one(struct question *q)
{
	q->phone.description.locked_as = BYTES("\x01");
}

static void
other_challenge(struct question *q)
{
	q->rq.challenge = BYTES("challenge2");
}

static void
challenge_prefix(struct question *q)
{
	q->rq.challenge = BYTES("challeng");
}

static void
empty_challenge(struct question *q)
{
	q->rq.challenge = BYTES("");
	q->phone.description.challenge = BYTES("");
}

static void
no_challenge(struct question *q)
{
	q->rq.challenge_asked = false;
}

static void
without_challenge(struct question *q)
{
	q->rq.challenge_asked = false;
	q->rq.without_challenge = true;
}

static void
no_root_of_trust(struct question *q)
{
	q->phone.description.with_root = false;
}

static void
unlocked(struct question *q)
{
	q->phone.description.locked = false;
}

static void
self_signed(struct question *q)
{
	q->phone.description.boot_state = 1;
}

static void
self_signed_allowed(struct question *q)
{
	q->phone.description.boot_state = 1;
	q->boot_key = q->phone.description.boot_key;
	q->policy.boot_keys = &q->boot_key;
	q->policy.nboot_keys = 1;
}

static void
self_signed_other(struct question *q)
{
	self_signed_allowed(q);
	q->boot_key = BYTES("another key of a system");
}

static void
unverified_allowed(struct question *q)
{
	self_signed_allowed(q);
	q->phone.description.boot_state = 2;
}

static void
failed(struct question *q)
{
	q->phone.description.boot_state = 3;
}

static void
zero_key(struct question *q)
{
	static const uint8_t zeros[32];

	q->phone.description.boot_key = bytes_of(zeros, 32);
}

static void
zero_key_allowed(struct question *q)
{
	zero_key(q);
	q->policy.zero_boot_key = true;
}

static void
empty_key(struct question *q)
{
	q->phone.description.boot_key = BYTES("");
}

static void
patched(struct question *q)
{
	q->policy.os_patch = 202405;
	q->policy.vendor_patch = 20240505;
	q->policy.boot_patch = 202405;
}

static void
os_too_old(struct question *q)
{
	q->policy.os_patch = 202406;
}

static void
os_of_some_day(struct question *q)
{
	q->policy.os_patch = 20240501;
}

static void
vendor_too_old(struct question *q)
{
	q->policy.vendor_patch = 20240506;
}

static void
boot_patch_unknown(struct question *q)
{
	q->policy.boot_patch = 201001;
	q->phone.description.boot_patch = -1;
}

static void
boot_patch_no_date(struct question *q)
{
	q->policy.boot_patch = 201001;
	q->phone.description.boot_patch = 20241301;
}

static void
floor_no_date(struct question *q)
{
	q->policy.os_patch = 2024;
}

static void
app(struct question *q)
{
	q->policy.package = BYTES("org.example.node");
	q->policy.signer = BYTES("33333333333333333333333333333333");
	q->policy.package_version = 7;
}

static void
app_too_old(struct question *q)
{
	q->policy.package_version = 8;
}

static void
other_app(struct question *q)
{
	q->policy.package = BYTES("org.example.nod");
}

static void
other_signers_app(struct question *q)
{
	app(q);
	q->policy.signer = BYTES("33333333333333333333333333333334");
}

static void
two_apps(struct question *q)
{
	app(q);
	q->phone.description.packages[1] = "org.example.other";
}

static void
two_signers(struct question *q)
{
	app(q);
	q->phone.description.signers[1] = BYTES("4");
}

static void
signing_key(struct question *q)
{
	q->policy.signing_key = true;
}

static void
attesting_key(struct question *q)
{
	signing_key(q);
	q->phone.description.purposes[1] = 7;
}

static void
verifying_key(struct question *q)
{
	signing_key(q);
	q->phone.description.purposes[0] = -1;
}

static void
imported_key(struct question *q)
{
	signing_key(q);
	q->phone.description.origin = 2;
}

static void
key_of_no_origin(struct question *q)
{
	signing_key(q);
	q->phone.description.origin = -1;
}

static void
rsa_key(struct question *q)
{
	signing_key(q);
	q->phone.description.algorithm = 1;
}

static void
everybodys_key(struct question *q)
{
	signing_key(q);
	q->phone.description.all_applications = true;
}

/* clang-format off */
const struct phone_case phones_said[] = {
	{ "StrongBox",             strongbox, NULL, "accepted", 0, NULL },
	{ "version 1",             old_version, NULL, "accepted", 0, NULL },
	{ "version 500",           newest_version, NULL, "accepted", 0, NULL },
	{ "unknown tag",           unknown_tag, NULL, "accepted", 0, NULL },
	{ "without a challenge",   without_challenge, NULL, "accepted", 0, NULL },
	{ "key of zeros allowed",  zero_key_allowed, NULL, "accepted", 0, NULL },
	{ "self-signed, allowed",  self_signed_allowed, NULL, "accepted", 0, NULL },
	{ "patched",               patched, NULL, "accepted", 0, NULL },
	{ "the app",               app, NULL, "accepted", 0, NULL },
	{ "a key to sign",         signing_key, NULL, "accepted", 0, NULL },
	{ "no challenge",          no_challenge, NULL, "incomplete", CHECK_ANDROID_CHALLENGE, "android.challenge.not-asked" },
	{ "chain extended",        extended, NULL, "rejected", CHECK_ANDROID_PLACE, "android.extension.place" },
	{ "empty description",     described_by_nothing, NULL, "rejected", CHECK_ANDROID_DESCRIPTION, "android.extension.syntax" },
	{ "description cut",       description_cut, NULL, "rejected", CHECK_ANDROID_DESCRIPTION, "android.extension.syntax" },
	{ "no hash in 300",        no_hash, NULL, "rejected", CHECK_ANDROID_DESCRIPTION, "android.extension.syntax" },
	{ "unknown level",         level_of_nothing, NULL, "rejected", CHECK_ANDROID_DESCRIPTION, "android.extension.level" },
	{ "unknown version",       version_of_nobody, NULL, "rejected", CHECK_ANDROID_DESCRIPTION, "android.extension.version" },
	{ "tag twice",             tag_twice, NULL, "rejected", CHECK_ANDROID_DESCRIPTION, "android.extension.duplicate" },
	{ "unknown tag twice",     unknown_tag_twice, NULL, "rejected", CHECK_ANDROID_DESCRIPTION, "android.extension.duplicate" },
	{ "many unknown tags",     many_unknown_tags, NULL, "rejected", CHECK_ANDROID_DESCRIPTION, "android.extension.limit" },
	{ "tags out of order",     tag_behind, NULL, "rejected", CHECK_ANDROID_ORDER, "android.extension.order" },
	{ "BER's TRUE",            locked_as_one, NULL, "rejected", CHECK_ANDROID_ORDER, "android.extension.order" },
	{ "another challenge",     other_challenge, NULL, "rejected", CHECK_ANDROID_CHALLENGE, "android.challenge" },
	{ "part of the challenge", challenge_prefix, NULL, "rejected", CHECK_ANDROID_CHALLENGE, "android.challenge" },
	{ "empty challenge",       empty_challenge, NULL, "rejected", CHECK_ANDROID_CHALLENGE, "android.challenge" },
	{ "software",              software, NULL, "rejected", CHECK_ANDROID_LEVEL, "android.level" },
	{ "key in software",       software_key, NULL, "rejected", CHECK_ANDROID_LEVEL, "android.level" },
	{ "TEE for StrongBox",     tee_for_strongbox, NULL, "rejected", CHECK_ANDROID_LEVEL, "android.level" },
	{ "StrongBox by a TEE",    strongbox_of_tee_key, NULL, "rejected", CHECK_ANDROID_LEVEL, "android.level" },
	{ "no root of trust",      no_root_of_trust, NULL, "rejected", CHECK_ANDROID_ROOT, "android.boot.root" },
	{ "unlocked",              unlocked, NULL, "rejected", CHECK_ANDROID_LOCKED, "android.boot.locked" },
	{ "self-signed",           self_signed, NULL, "rejected", CHECK_ANDROID_STATE, "android.boot.state" },
	{ "self-signed, another",  self_signed_other, NULL, "rejected", CHECK_ANDROID_STATE, "android.boot.state" },
	{ "unverified, allowed",   unverified_allowed, NULL, "rejected", CHECK_ANDROID_STATE, "android.boot.state" },
	{ "failed",                failed, NULL, "rejected", CHECK_ANDROID_STATE, "android.boot.state" },
	{ "key of zeros",          zero_key, NULL, "rejected", CHECK_ANDROID_BOOT_KEY, "android.boot.key" },
	{ "empty key",             empty_key, NULL, "rejected", CHECK_ANDROID_BOOT_KEY, "android.boot.key" },
	{ "system too old",        os_too_old, NULL, "rejected", CHECK_ANDROID_PATCH, "android.patch" },
	{ "month before its days", os_of_some_day, NULL, "rejected", CHECK_ANDROID_PATCH, "android.patch" },
	{ "vendor too old",        vendor_too_old, NULL, "rejected", CHECK_ANDROID_PATCH, "android.patch" },
	{ "boot unknown",          boot_patch_unknown, NULL, "rejected", CHECK_ANDROID_PATCH, "android.patch" },
	{ "boot of month 13",      boot_patch_no_date, NULL, "rejected", CHECK_ANDROID_PATCH, "android.patch" },
	{ "floor of no month",     floor_no_date, NULL, "rejected", CHECK_ANDROID_PATCH, "android.patch" },
	{ "app too old",           app_too_old, NULL, "rejected", CHECK_ANDROID_APP, "android.app" },
	{ "another app",           other_app, NULL, "rejected", CHECK_ANDROID_APP, "android.app" },
	{ "another signer's app",  other_signers_app, NULL, "rejected", CHECK_ANDROID_APP, "android.app" },
	{ "two apps",              two_apps, NULL, "rejected", CHECK_ANDROID_APP, "android.app" },
	{ "two signers",           two_signers, NULL, "rejected", CHECK_ANDROID_APP, "android.app" },
	{ "key to attest",         attesting_key, NULL, "rejected", CHECK_ANDROID_KEY, "android.key" },
	{ "key to verify",         verifying_key, NULL, "rejected", CHECK_ANDROID_KEY, "android.key" },
	{ "imported key",          imported_key, NULL, "rejected", CHECK_ANDROID_KEY, "android.key" },
	{ "key of no origin",      key_of_no_origin, NULL, "rejected", CHECK_ANDROID_KEY, "android.key" },
	{ "RSA key",               rsa_key, NULL, "rejected", CHECK_ANDROID_KEY, "android.key" },
	{ "everybody's key",       everybodys_key, NULL, "rejected", CHECK_ANDROID_KEY, "android.key" },
};
/* clang-format on */

const size_t phones_said_count = COUNT(phones_said);
