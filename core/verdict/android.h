/* SPDX-License-Identifier: Apache-2.0 */
/* Judges Android Keystore evidence: the certificates of a key, and what they
 * say of the key, the boot and the app. */
#ifndef CORE_VERDICT_ANDROID_H
#define CORE_VERDICT_ANDROID_H

#include "core/evidence/keychain.h"
#include "core/verdict/verdict.h"

/* All zero is the least that is asked: hardware, locked, verified boot with a
 * key that is shown. Numbers and texts that are zero or empty are not asked. */
struct android_policy {
	enum keychain_expiry expiry;
	bool strongbox;     /* not a TEE */
	bool zero_boot_key; /* a boot key of zeros may be */
	bool signing_key;   /* made in the hardware, to sign and no more */
	const struct bytes *boot_keys; /* whose systems may be self-signed */
	size_t nboot_keys;
	uint32_t os_patch, vendor_patch, boot_patch; /* YYYYMM or YYYYMMDD */
	struct bytes package;                        /* the only one */
	struct bytes signer; /* SHA-256 of its certificate */
	int64_t package_version;
	int64_t revocation_age_s; /* of the list, at most */
};

struct android_request {
	const struct bytes *certs; /* DER, the attested key's first */
	size_t ncerts;
	const struct sha256 *roots; /* keys; none: Google's */
	size_t nroots;
	int64_t at;           /* Unix seconds */
	bool challenge_asked; /* an empty one never passes */
	struct bytes challenge;
	bool revocation_given;
	struct bytes revocation; /* Google's status list, in JSON */
	int64_t revocation_at;   /* when it was fetched; 0: not known */
	struct bytes statement;  /* what the attested key signed, and how: */
	struct bytes signature;  /* ECDSA with SHA-256 in DER */
	const struct android_policy *policy;        /* NULL: all zero */
	bool without_challenge, without_revocation; /* given up by the asker */
};

/*
 * Records every check of Android and, when the certificates lead to a root,
 * facts under "android". Bounded time and memory. False only when the arena
 * ran out ("limit.memory").
 */
MUST_CHECK bool android_verify(struct verdict *v,
    const struct android_request *rq, struct arena *a, struct fault *f);

#endif
