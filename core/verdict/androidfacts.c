/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/androidfacts.h"

#include "core/base/hex.h"
#include "core/evidence/provisioning.h"

#define LIST_MAX 32u /* as many keys as a level of a message may have */

static const char *const states[BOOT_STATES] = {
	[BOOT_VERIFIED] = "VERIFIED",
	[BOOT_SELF_SIGNED] = "SELF_SIGNED",
	[BOOT_UNVERIFIED] = "UNVERIFIED",
	[BOOT_FAILED] = "FAILED",
};

static const char *const levels[LEVEL_COUNT] = {
	[LEVEL_SOFTWARE] = "SOFTWARE",
	[LEVEL_TEE] = "TEE",
	[LEVEL_STRONGBOX] = "STRONGBOX",
};

/* Integers of the hardware's list that are facts by themselves. */
static const struct {
	enum keylist_tag tag;
	const char *fact;
} numbers[] = {
	{ KEYLIST_OS_VERSION, "os-version" },
	{ KEYLIST_OS_PATCH, "os-patch" },
	{ KEYLIST_VENDOR_PATCH, "vendor-patch" },
	{ KEYLIST_BOOT_PATCH, "boot-patch" },
	{ KEYLIST_ALGORITHM, "algorithm" },
	{ KEYLIST_KEY_SIZE, "key-size" },
	{ KEYLIST_ORIGIN, "origin" },
};

const char *
androidfacts_boot_state(enum boot_state state)
{
	return states[state];
}

const char *
androidfacts_level(enum key_level level)
{
	return levels[level];
}

static void
put_hex(struct message *to, const char *key, struct bytes raw)
{
	message_set_bytes(to, key, hex_encode(to->arena, raw));
}

static const char *
root_name(const struct keychain *chain)
{
	static const char *const names[KEYCHAIN_ROOTS] = { "google-rsa",
		"google-ec" };
	struct sha256 key = sha256_of(chain->certs[chain->n - 1].key_info);

	for (size_t i = 0; i < KEYCHAIN_ROOTS; i++)
		if (bytes_equal(BYTES_OF(&keychain_google[i]), BYTES_OF(&key)))
			return names[i];
	return "other";
}

static void
put_chain(struct message *to, const struct keychain *chain)
{
	struct provisioning info;
	struct fault ignored;
	const struct keycert *issuer = &chain->certs[1];

	message_set_integer(to, "certificates", (int64_t)chain->n);
	message_set_text(to, "root", root_name(chain));
	message_set_text(to, "provisioned",
	    keychain_is_factory(chain) ? "factory" : "remote");
	if (issuer->provisioning.p == NULL ||
	    !provisioning_parse(&info, issuer->provisioning, &ignored))
		return;
	if (info.has_issued && info.issued <= INT32_MAX)
		message_set_integer(
		    to, "certificates-issued", (int64_t)info.issued);
	if (info.maker.n != 0)
		message_set_bytes(to, "maker", verdict_shown(info.maker));
}

static void
put_root(struct message *to, const struct root_of_trust *root)
{
	put_hex(to, "boot-key", root->boot_key);
	put_hex(to, "boot-hash", root->boot_hash);
	message_set_bool(to, "locked", root->device_locked);
	message_set_text(to, "boot-state", states[root->boot_state]);
}

static void
put_app(struct message *to, const struct keydesc_app *app)
{
	struct message *packages = message_list(to, "packages");
	struct message *signers = message_list(to, "signers");

	message_set_integer(to, "package-count", (int64_t)app->npackages);
	for (size_t i = 0; i < app->npackages && i < LIST_MAX; i++) {
		struct message *one = message_new(to->arena);

		message_set_bytes(
		    one, "name", verdict_shown(app->packages[i].name));
		message_set_integer(one, "version", app->packages[i].version);
		message_append_message(packages, one);
	}
	for (size_t i = 0; i < app->nsigners; i++) {
		struct value digest = { .kind = VALUE_BYTES };

		digest.bytes = hex_encode(to->arena, app->signers[i]);
		message_append(signers, digest);
	}
}

static void
put_purposes(struct message *to, const struct keylist_value *set)
{
	struct message *list = message_list(to, "purposes");
	int64_t members[KEYLIST_SET_MAX];
	size_t n = keylist_members(members, set);

	for (size_t i = 0; i < n; i++) {
		struct value one = { .kind = VALUE_INTEGER };

		one.integer = members[i];
		message_append(list, one);
	}
}

void
androidfacts_put(
    struct verdict *v, const struct keychain *chain, const struct keydesc *desc)
{
	struct message *to = message_new(v->arena);
	const struct keylist *hardware = &desc->hardware;

	put_chain(to, chain);
	message_set_integer(to, "attestation-version", desc->version);
	message_set_integer(to, "keymint-version", desc->keymint_version);
	message_set_text(to, "level", levels[desc->level]);
	message_set_text(to, "keymint-level", levels[desc->keymint_level]);
	if (hardware->of[KEYLIST_ROOT_OF_TRUST].present)
		put_root(to, &hardware->root);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (hardware->of[numbers[i].tag].present)
			message_set_integer(to, numbers[i].fact,
			    hardware->of[numbers[i].tag].number);
	put_purposes(to, &hardware->of[KEYLIST_PURPOSE]);
	put_app(to, &desc->app);
	if (desc->software.of[KEYLIST_MODULE_HASH].present)
		put_hex(to, "module-hash",
		    desc->software.of[KEYLIST_MODULE_HASH].bytes);
	message_set_integer(to, "unknown-tags",
	    (int64_t)(desc->software.nunknown + hardware->nunknown));
	message_set_message(v->facts, "android", to);
}
