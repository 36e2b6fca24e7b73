/* SPDX-License-Identifier: Apache-2.0 */
#include "harness/vectors/keyfields.h"

#include <inttypes.h>

#include "core/base/hex.h"
#include "core/evidence/keycert.h"
#include "core/verdict/androidfacts.h"

/* A member of a JSON object, for all that it has. */
typedef void (*member_fn)(
    struct entry *e, const char *name, const json_t *stated, const void *seen);

static void
each_member(
    struct entry *e, const json_t *object, member_fn compare, const void *seen)
{
	const char *name;
	json_t *one;

	if (!evidence_check(e, "fields", json_is_object(object), "an object"))
		return;
	json_object_foreach((json_t *)(uintptr_t)object, name, one)
	    compare(e, name, one, seen);
}

static void
compare_signed(
    struct entry *e, const char *name, const json_t *stated, int64_t seen)
{
	(void)evidence_check(e, name,
	    json_is_integer(stated) && json_integer_value(stated) == seen,
	    "the stated number");
}

static void
compare_root(
    struct entry *e, const char *name, const json_t *stated, const void *seen)
{
	const struct root_of_trust *root = seen;

	if (strcmp(name, "verifiedBootKey") == 0)
		(void)evidence_hex(e, name, stated, root->boot_key);
	else if (strcmp(name, "verifiedBootHash") == 0)
		(void)evidence_hex(e, name, stated, root->boot_hash);
	else if (strcmp(name, "deviceLocked") == 0)
		(void)evidence_flag(e, name, stated, root->device_locked);
	else if (strcmp(name, "verifiedBootState") == 0)
		(void)evidence_text(e, name, stated,
		    bytes_text(androidfacts_boot_state(root->boot_state)));
	else
		(void)evidence_check(e, name, false, "a field that we know");
}

static void
compare_package(
    struct entry *e, const json_t *stated, const struct keydesc_package *seen)
{
	(void)evidence_text(
	    e, "package", json_array_get(stated, 0), seen->name);
	compare_signed(
	    e, "package version", json_array_get(stated, 1), seen->version);
}

static void
compare_app(
    struct entry *e, const char *name, const json_t *stated, const void *seen)
{
	const struct keydesc_app *app = seen;
	size_t n = json_array_size(stated);

	if (strcmp(name, "packages") == 0) {
		if (!evidence_check(
			e, name, n == app->npackages, "as many packages"))
			return;
		for (size_t i = 0; i < n; i++)
			compare_package(
			    e, json_array_get(stated, i), &app->packages[i]);
	} else if (strcmp(name, "signature_digests") == 0) {
		if (!evidence_check(
			e, name, n == app->nsigners, "as many signers"))
			return;
		for (size_t i = 0; i < n; i++)
			(void)evidence_hex(e, name, json_array_get(stated, i),
			    app->signers[i]);
	} else {
		(void)evidence_check(e, name, false, "a field that we know");
	}
}

static void
compare_set(struct entry *e, const char *name, const json_t *stated,
    const struct keylist_value *set)
{
	int64_t members[KEYLIST_SET_MAX];
	size_t n = keylist_members(members, set);

	if (!evidence_check(e, name,
		json_is_array(stated) && json_array_size(stated) == n,
		"as many members"))
		return;
	for (size_t i = 0; i < n; i++)
		compare_signed(e, name, json_array_get(stated, i), members[i]);
}

/* One whose name the index does not know has its number for a name. */
static enum keylist_tag
find_tag(struct entry *e, const char *name)
{
	for (size_t i = 0; i < KEYLIST_COUNT; i++) {
		enum keylist_tag tag = (enum keylist_tag)i;
		struct bytes numbered =
		    arena_print(e->arena, "tag%u", keylist_number(tag));

		if (strcmp(name, keylist_name(tag)) == 0 ||
		    bytes_is(numbered, name))
			return tag;
	}
	return KEYLIST_COUNT;
}

static void
compare_value(struct entry *e, const char *name, const json_t *stated,
    const struct keylist *list, enum keylist_tag tag)
{
	const struct keylist_value *value = &list->of[tag];

	switch (keylist_kind(tag)) {
	case KEYLIST_KIND_INTEGER:
		compare_signed(e, name, stated, value->number);
		break;
	case KEYLIST_KIND_SET:
		compare_set(e, name, stated, value);
		break;
	case KEYLIST_KIND_OCTETS:
		(void)evidence_hex(e, name, stated, value->bytes);
		break;
	case KEYLIST_KIND_ROOT:
		each_member(e, stated, compare_root, &list->root);
		break;
	case KEYLIST_KIND_NULL:
	default:
		(void)evidence_check(
		    e, name, json_is_true(stated), "a stated true");
		break;
	}
}

/* The number of a name such as "tag1005"; 0 if it is none. */
static uint32_t
number_in(const char *name)
{
	uint32_t number = 0;

	if (!bytes_starts(bytes_text(name), BYTES("tag")))
		return 0;
	for (name += 3; *name >= '0' && *name <= '9' && number < 100000; name++)
		number = number * 10 + (uint32_t)(*name - '0');
	return *name == '\0' ? number : 0;
}

/* A number too large for an integer is a text of the index, and only seen to
 * be one here. */
static void
compare_unknown(struct entry *e, const char *name, const json_t *stated,
    const struct keylist_unknown *seen)
{
	struct der d = der_over(seen->value);

	switch (der_peek(&d)) {
	case DER_INTEGER:
		if (json_is_string(stated))
			(void)evidence_check(e, name,
			    der_integer(&d).n > sizeof(int64_t),
			    "a number of that size");
		else
			compare_signed(e, name, stated, der_int64(&d));
		break;
	case DER_NULL:
		(void)evidence_check(
		    e, name, json_is_true(stated), "a stated true");
		break;
	case DER_OCTETS:
		(void)evidence_hex(e, name, stated, der_octets(&d));
		break;
	default:
		(void)evidence_check(
		    e, name, false, "a value that can be compared");
		break;
	}
}

/* The list, and the app that its tag 709 holds. */
struct list_of {
	const struct keylist *list;
	const struct keydesc_app *app;
};

static void
compare_tag(
    struct entry *e, const char *name, const json_t *stated, const void *seen)
{
	const struct list_of *in = seen;
	enum keylist_tag tag = find_tag(e, name);
	uint32_t number = number_in(name);

	for (size_t i = 0; i < in->list->nunknown; i++)
		if (in->list->unknown[i].tag == number) {
			compare_unknown(e, name, stated, &in->list->unknown[i]);
			return;
		}
	if (!evidence_check(
		e, name, tag != KEYLIST_COUNT, "a tag that we know") ||
	    !evidence_check(e, name, in->list->of[tag].present, "this tag"))
		return;
	if (tag == KEYLIST_ATTESTATION_APP)
		each_member(e, stated, compare_app, in->app);
	else
		compare_value(e, name, stated, in->list, tag);
}

/* All of them are stated, too. */
static void
compare_list(struct entry *e, const char *name, const json_t *stated,
    const struct list_of *in)
{
	size_t present = in->list->nunknown;

	for (size_t i = 0; i < KEYLIST_COUNT; i++)
		present += in->list->of[i].present;
	(void)evidence_check(
	    e, name, json_object_size(stated) == present, "as many tags");
	each_member(e, stated, compare_tag, in);
}

static void
compare_member(
    struct entry *e, const char *name, const json_t *stated, const void *seen)
{
	const struct keydesc *d = seen;
	struct list_of software = { &d->software, &d->app };
	struct list_of hardware = { &d->hardware, &d->app };

	if (strcmp(name, "attestationVersion") == 0)
		compare_signed(e, name, stated, d->version);
	else if (strcmp(name, "keymasterVersion") == 0)
		compare_signed(e, name, stated, d->keymint_version);
	else if (strcmp(name, "attestationSecurityLevel") == 0)
		(void)evidence_text(
		    e, name, stated, bytes_text(androidfacts_level(d->level)));
	else if (strcmp(name, "keymasterSecurityLevel") == 0)
		(void)evidence_text(e, name, stated,
		    bytes_text(androidfacts_level(d->keymint_level)));
	else if (strcmp(name, "attestationChallenge") == 0)
		(void)evidence_hex(e, name, stated, d->challenge);
	else if (strcmp(name, "uniqueId") == 0)
		(void)evidence_hex(e, name, stated, d->unique_id);
	else if (strcmp(name, "softwareEnforced") == 0)
		compare_list(e, name, stated, &software);
	else if (strcmp(name, "teeEnforced") == 0)
		compare_list(e, name, stated, &hardware);
	else
		(void)evidence_check(e, name, false, "a field that we know");
}

static void
compare_description(
    struct entry *e, const json_t *fields, const struct keycert *cert)
{
	struct keydesc *d = arena_alloc(e->arena, sizeof(*d));
	struct fault f = { 0 };

	if (d == NULL)
		return;
	bool read = keydesc_parse(d, cert->attestation, &f);

	bool forged = json_is_false(
	    json_object_get(evidence_member(e, "checks"), "signatures"));

	if (json_object_get(fields, "error") != NULL && !forged)
		(void)evidence_check(e, "fields", !read, "no description");
	else if (forged && (!read || json_object_get(fields, "error") != NULL))
		(void)evidence_check(
		    e, "fields", evidence_expects(e, "invalid"), "a refusal");
	else if (evidence_done(e, "fields", read, &f))
		each_member(e, fields, compare_member, d);
}

static void
compare_bound(struct entry *e, const json_t *stated, int64_t seen)
{
	const char *text = json_string_value(stated);
	int64_t bound = 0;

	if (stated != NULL)
		(void)evidence_check(e, "valid_window",
		    text != NULL && evidence_time(&bound, text) &&
			bound == seen,
		    "when all certificates are valid");
}

void
keyfields_compare(struct entry *e, const struct bytes *certs, size_t ncerts)
{
	const json_t *fields = evidence_member(e, "fields");
	struct keycert cert, described = { 0 };
	struct fault f = { 0 };
	const json_t *window = evidence_member(e, "valid_window");
	int64_t from = INT64_MIN, to = INT64_MAX;

	(void)evidence_number(
	    e, "chain_len", evidence_member(e, "chain_len"), ncerts);
	if (fields == NULL)
		return;
	for (size_t i = 0; i < ncerts; i++) {
		if (!evidence_done(e, "certificate",
			keycert_parse(&cert, certs[i], &f), &f))
			return;
		if (cert.not_before > from)
			from = cert.not_before;
		if (cert.not_after < to)
			to = cert.not_after;
		if (cert.attestation.p != NULL)
			described = cert;
	}
	compare_bound(e, json_array_get(window, 0), from);
	compare_bound(e, json_array_get(window, 1), to);
	if (evidence_check(e, "fields", described.attestation.p != NULL,
		"a certificate with a description"))
		compare_description(e, fields, &described);
}
