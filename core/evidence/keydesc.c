/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/keydesc.h"

static const int64_t versions[] = { 1, 2, 3, 4, 100, 200, 300, 400, 500 };

/* The first version whose rootOfTrust has a hash. */
#define HASH_SINCE 3

static bool
version_known(int64_t version)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++)
		if (versions[i] == version)
			return true;
	return false;
}

static bool
read_packages(struct keydesc_app *out, struct der *d, struct fault *f)
{
	struct der set = der_into(d, DER_SET);

	while (der_more(&set)) {
		struct der one = der_into(&set, DER_SEQUENCE);
		struct keydesc_package package;

		package.name = der_octets(&one);
		package.version = der_int64(&one);
		if (out->npackages == KEYDESC_PACKAGES_MAX)
			der_refuse(&one, "android.extension.limit");
		if (!der_done(&one, f))
			return false;
		out->packages[out->npackages++] = package;
	}
	return der_done(&set, f);
}

static bool
read_signers(struct keydesc_app *out, struct der *d, struct fault *f)
{
	struct der set = der_into(d, DER_SET);

	while (der_more(&set)) {
		struct bytes digest = der_octets(&set);

		if (out->nsigners == KEYDESC_SIGNERS_MAX)
			der_refuse(&set, "android.extension.limit");
		else
			out->signers[out->nsigners++] = digest;
	}
	return der_done(&set, f);
}

static bool
read_app(struct keydesc *out, struct fault *f)
{
	const struct keylist_value *value =
	    &out->software.of[KEYLIST_ATTESTATION_APP];

	if (!value->present)
		return true;
	struct der whole = der_over(value->bytes);
	struct der d = der_into(&whole, DER_SEQUENCE);

	return read_packages(&out->app, &d, f) &&
	       read_signers(&out->app, &d, f) && der_done(&d, f) &&
	       der_done(&whole, f);
}

static bool
read_level(enum key_level *out, struct der *d, struct fault *f)
{
	int64_t level = der_enumerated(d);

	if (d->reason == NULL && (level < 0 || level >= LEVEL_COUNT))
		return fail(f, FAULT_INPUT, "android.extension.level",
		    "evidence 57: security level %lld", (long long)level);
	*out = (enum key_level)level;
	return true;
}

/* Of the version that it says it is. */
static bool
read_version(struct keydesc *out, struct der *d, struct fault *f)
{
	out->version = der_int64(d);
	if (d->reason == NULL && !version_known(out->version))
		return fail(f, FAULT_INPUT, "android.extension.version",
		    "evidence 57: attestation version %lld",
		    (long long)out->version);
	return true;
}

static bool
hash_as_versioned(const struct keydesc *d, struct fault *f)
{
	const struct keylist *list = &d->hardware;

	if (list->of[KEYLIST_ROOT_OF_TRUST].present &&
	    d->version >= HASH_SINCE && list->root.boot_hash.p == NULL)
		return fail(f, FAULT_INPUT, "android.extension.syntax",
		    "evidence 57: rootOfTrust has no hash in version %lld",
		    (long long)d->version);
	return true;
}

static bool
read_all(struct keydesc *out, struct der *d, struct fault *f)
{
	if (!read_version(out, d, f) || !read_level(&out->level, d, f))
		return false;
	out->keymint_version = der_int64(d);
	if (!read_level(&out->keymint_level, d, f))
		return false;
	out->challenge = der_octets(d);
	out->unique_id = der_octets(d);
	struct der software = der_into(d, DER_SEQUENCE);
	struct der hardware = der_into(d, DER_SEQUENCE);

	return der_done(d, f) && keylist_parse(&out->software, software, f) &&
	       keylist_parse(&out->hardware, hardware, f) &&
	       hash_as_versioned(out, f) && read_app(out, f);
}

bool
keydesc_parse(struct keydesc *out, struct bytes extension, struct fault *f)
{
	struct der whole = der_over(extension);
	struct der d = der_into(&whole, DER_SEQUENCE);
	struct fault inner;

	memset(out, 0, sizeof(*out));
	if (der_done(&whole, &inner) && read_all(out, &d, &inner))
		return true;
	memset(out, 0, sizeof(*out));
	if (bytes_starts(bytes_text(inner.reason), BYTES("der.")))
		return fail(f, FAULT_INPUT, "android.extension.syntax",
		    "evidence 57: %s (%s)", inner.why, inner.reason);
	*f = inner;
	return false;
}

bool
keydesc_in_order(const struct keydesc *d, struct fault *f)
{
	uint32_t tag = d->software.disorder != 0 ? d->software.disorder
						 : d->hardware.disorder;

	if (tag != 0)
		return fail(f, FAULT_VERIFY, "android.extension.order",
		    "evidence 58: tag %u stands behind a larger one", tag);
	if (d->software.odd_boolean || d->hardware.odd_boolean)
		return fail(f, FAULT_VERIFY, "android.extension.order",
		    "evidence 58: deviceLocked is a BOOLEAN, but not in DER");
	return true;
}

uint32_t
keydesc_patch(int64_t level)
{
	if (level < 0 || level > UINT32_MAX)
		return 0;
	int64_t date = level < 1000000 ? level * 100 : level;
	int64_t month = date / 100 % 100, day = date % 100;

	if (date < 20000000 || date > 29991231 || month < 1 || month > 12 ||
	    day > 31 || (day == 0 && level >= 1000000))
		return 0;
	return (uint32_t)date;
}
