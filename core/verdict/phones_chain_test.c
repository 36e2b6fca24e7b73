/* SPDX-License-Identifier: Apache-2.0 */
/* Phones whose certificates are wrong. */
#include "core/verdict/phones_test.h"

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static void
factory(struct question *q)
{
	keymint_factory_phone(&q->phone);
}

static void
factory_expired(struct question *q)
{
	keymint_factory_phone(&q->phone);
	q->policy.expiry = KEYCHAIN_EXPIRY_RENEWABLE;
	q->rq.at = KEYMINT_EXPIRED + 1;
}

static void
factory_expired_strictly(struct question *q)
{
	factory_expired(q);
	q->policy.expiry = KEYCHAIN_EXPIRY_ALL;
}

static void
factory_too_early(struct question *q)
{
	factory_expired(q);
	q->rq.at = 1700000000;
}

static void
remote_expired(struct question *q)
{
	q->policy.expiry = KEYCHAIN_EXPIRY_RENEWABLE;
	q->rq.at = KEYMINT_EXPIRED + 1;
}

static void
last_second(struct question *q)
{
	q->rq.at = KEYMINT_EXPIRED;
}

static void
key_expired(struct question *q)
{
	q->phone.certs[0].to = "250601000000Z";
}

static void
key_expired_as_google(struct question *q)
{
	key_expired(q);
	q->policy.expiry = KEYCHAIN_EXPIRY_RENEWABLE;
}

static void
one_certificate(struct question *q)
{
	q->rq.ncerts = 1;
}

static void
eleven_certificates(struct question *q)
{
	for (size_t i = KEYMINT_CHAIN; i < 11; i++)
		q->certs[i] = q->certs[KEYMINT_CHAIN - 1];
	q->rq.ncerts = 11;
}

static void
no_root(struct question *q)
{
	q->rq.ncerts = KEYMINT_CHAIN - 1;
}

static void
root_twice(struct question *q)
{
	q->certs[KEYMINT_CHAIN] = q->certs[KEYMINT_CHAIN - 1];
	q->rq.ncerts++;
}

static void
reversed(struct question *q)
{
	for (size_t i = 0; i < KEYMINT_CHAIN / 2; i++) {
		struct bytes other = q->certs[i];

		q->certs[i] = q->certs[KEYMINT_CHAIN - 1 - i];
		q->certs[KEYMINT_CHAIN - 1 - i] = other;
	}
}

static void
one_missing(struct question *q)
{
	q->certs[1] = q->certs[2];
	q->certs[2] = q->certs[3];
	q->rq.ncerts = 3;
}

static void
cut(struct question *q)
{
	q->certs[2].n--;
}

static void
longer(struct question *q)
{
	q->certs[2].n++;
}

/* The last byte of a certificate is its signature's. */
static void
flip_last(struct question *q, size_t i)
{
	struct bytes changed = arena_copy(q->arena, q->certs[i]);

	((uint8_t *)(uintptr_t)changed.p)[changed.n - 1] ^= 1;
	q->certs[i] = changed;
}

static void
first_signature(struct question *q)
{
	flip_last(q, 0);
}

static void
middle_signature(struct question *q)
{
	flip_last(q, 2);
}

static void
root_signature(struct question *q)
{
	flip_last(q, 3);
}

static void
other_signer(struct question *q)
{
	q->phone.certs[1].by = KEYMINT_OTHER;
}

static void
weak_signer(struct question *q)
{
	q->phone.certs[2].of = KEYMINT_WEAK;
	q->phone.certs[1].by = KEYMINT_WEAK;
}

static void
other_issuer_name(struct question *q)
{
	q->phone.certs[1].issuer[0].text = "Fake CA4";
}

static void
no_ca(struct question *q)
{
	q->phone.certs[1].ca = false;
}

static void
no_ca_flag(struct question *q)
{
	q->phone.certs[1].ca = false;
	q->phone.certs[1].path = 0;
}

static void
path_too_long(struct question *q)
{
	q->phone.certs[2].path = 0;
}

static void
usage_of_ca(struct question *q)
{
	q->phone.certs[1].usage = 0x80;
}

static void
odd_critical(struct question *q)
{
	q->phone.certs[1].odd_critical = true;
}

static void
odd_critical_first(struct question *q)
{
	q->phone.certs[0].odd_critical = true;
}

static void
googles_roots(struct question *q)
{
	q->rq.nroots = 0;
}

static void
made_root(struct question *q)
{
	q->phone.certs[3].of = KEYMINT_OTHER;
	q->phone.certs[3].by = KEYMINT_OTHER;
	q->phone.certs[2].by = KEYMINT_OTHER;
}

static void
root_by_other(struct question *q)
{
	q->phone.certs[3].issuer[0].text = "Other root";
}

static void
revoked(struct question *q)
{
	q->rq.revocation =
	    BYTES("{\"entries\":{\"abcdef\":{\"status\":\"REVOKED\"}}}");
}

static void
revoked_in_decimal(struct question *q)
{
	q->rq.revocation =
	    BYTES("{\"entries\":{\"11259375\":{\"status\":\"REVOKED\"}}}");
}

static void
suspended(struct question *q)
{
	q->rq.revocation = BYTES("{\"entries\":{\"123456789012\":"
				 "{\"status\":\"SUSPENDED\"}}}");
}

static void
others_revoked(struct question *q)
{
	q->rq.revocation =
	    BYTES("{\"entries\":{\"abcde\":{\"status\":\"REVOKED\"},"
		  "\"abcdef0\":{\"status\":\"REVOKED\"}}}");
}

static void
list_cut(struct question *q)
{
	q->rq.revocation = BYTES("{\"entries\":{}");
}

static void
no_list(struct question *q)
{
	q->rq.revocation_given = false;
}

static void
without_list(struct question *q)
{
	q->rq.revocation_given = false;
	q->rq.without_revocation = true;
}

static void
list_of_today(struct question *q)
{
	q->rq.revocation_at = KEYMINT_AT - 86400;
	q->policy.revocation_age_s = 86400;
}

static void
list_too_old(struct question *q)
{
	list_of_today(q);
	q->rq.revocation_at--;
}

static void
list_of_later(struct question *q)
{
	list_of_today(q);
	q->rq.revocation_at = KEYMINT_AT + 1;
}

/* clang-format off */
const struct phone_case phones_chain[] = {
	{ "a phone",               NULL, NULL, "accepted", 0, NULL },
	{ "from a factory",        factory, NULL, "accepted", 0, NULL },
	{ "factory, expired",      factory_expired, NULL, "accepted", 0, NULL },
	{ "last second",           last_second, NULL, "accepted", 0, NULL },
	{ "app's dates",           key_expired_as_google, NULL, "accepted", 0, NULL },
	{ "others revoked",        others_revoked, NULL, "accepted", 0, NULL },
	{ "root twice",            NULL, root_twice, "accepted", 0, NULL },
	{ "without a list",        without_list, NULL, "accepted", 0, NULL },
	{ "list young enough",     list_of_today, NULL, "accepted", 0, NULL },
	{ "no list",               no_list, NULL, "incomplete", CHECK_ANDROID_REVOKED, "android.revocation.absent" },
	{ "one certificate",       NULL, one_certificate, "rejected", CHECK_ANDROID_LENGTH, "android.chain.length" },
	{ "eleven certificates",   NULL, eleven_certificates, "rejected", CHECK_ANDROID_LENGTH, "android.chain.length" },
	{ "certificate cut",       NULL, cut, "rejected", CHECK_ANDROID_SYNTAX, "android.chain.syntax" },
	{ "certificate longer",    NULL, longer, "rejected", CHECK_ANDROID_SYNTAX, "android.chain.syntax" },
	{ "reversed",              NULL, reversed, "rejected", CHECK_ANDROID_NAMES, "android.chain.names" },
	{ "one missing",           NULL, one_missing, "rejected", CHECK_ANDROID_NAMES, "android.chain.names" },
	{ "another issuer's name", other_issuer_name, NULL, "rejected", CHECK_ANDROID_NAMES, "android.chain.names" },
	{ "first signature",       NULL, first_signature, "rejected", CHECK_ANDROID_SIGNATURES, "android.chain.signature" },
	{ "middle signature",      NULL, middle_signature, "rejected", CHECK_ANDROID_SIGNATURES, "android.chain.signature" },
	{ "another signer",        other_signer, NULL, "rejected", CHECK_ANDROID_SIGNATURES, "android.chain.signature" },
	{ "a weak signer",         weak_signer, NULL, "rejected", CHECK_ANDROID_SIGNATURES, "android.chain.weak" },
	{ "no CA",                 no_ca, NULL, "rejected", CHECK_ANDROID_CA, "android.chain.ca" },
	{ "constraints of no CA",  no_ca_flag, NULL, "rejected", CHECK_ANDROID_CA, "android.chain.ca" },
	{ "path too long",         path_too_long, NULL, "rejected", CHECK_ANDROID_CA, "android.chain.ca" },
	{ "CA for signatures",     usage_of_ca, NULL, "rejected", CHECK_ANDROID_CA, "android.chain.ca" },
	{ "unknown critical",      odd_critical, NULL, "rejected", CHECK_ANDROID_CA, "android.chain.ca" },
	{ "unknown critical, key", odd_critical_first, NULL, "rejected", CHECK_ANDROID_CA, "android.chain.ca" },
	{ "root's signature",      NULL, root_signature, "rejected", CHECK_ANDROID_ROOT_SIGNED, "android.root.signature" },
	{ "no root",               NULL, no_root, "rejected", CHECK_ANDROID_ROOT_SIGNED, "android.root.signature" },
	{ "root of another",       root_by_other, NULL, "rejected", CHECK_ANDROID_ROOT_SIGNED, "android.root.signature" },
	{ "a root of its own",     made_root, NULL, "rejected", CHECK_ANDROID_ROOT_KEY, "android.root.key" },
	{ "Google's roots",        googles_roots, NULL, "rejected", CHECK_ANDROID_ROOT_KEY, "android.root.key" },
	{ "expired",               remote_expired, NULL, "rejected", CHECK_ANDROID_TIME, "android.chain.time" },
	{ "factory, strictly",     factory_expired_strictly, NULL, "rejected", CHECK_ANDROID_TIME, "android.chain.time" },
	{ "factory, too early",    factory_too_early, NULL, "rejected", CHECK_ANDROID_TIME, "android.chain.time" },
	{ "key expired",           key_expired, NULL, "rejected", CHECK_ANDROID_TIME, "android.chain.time" },
	{ "revoked",               revoked, NULL, "rejected", CHECK_ANDROID_REVOKED, "android.chain.revoked" },
	{ "revoked in decimal",    revoked_in_decimal, NULL, "rejected", CHECK_ANDROID_REVOKED, "android.chain.revoked" },
	{ "suspended",             suspended, NULL, "rejected", CHECK_ANDROID_REVOKED, "android.chain.revoked" },
	{ "list cut",              list_cut, NULL, "rejected", CHECK_ANDROID_REVOKED, "android.revocation.syntax" },
	{ "list too old",          list_too_old, NULL, "rejected", CHECK_ANDROID_REVOKED, "android.revocation.age" },
	{ "list of later",         list_of_later, NULL, "rejected", CHECK_ANDROID_REVOKED, "android.revocation.age" },
};
/* clang-format on */

const size_t phones_chain_count = COUNT(phones_chain);
