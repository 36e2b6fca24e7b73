/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/attpolicy.h"

#include "core/base/hex.h"
#include "core/verdict/attlaunch.h"

enum form {
	FORM_BOOL,
	FORM_NUMBER, /* into size bytes */
	FORM_TEXT,
	FORM_HEX,   /* bytes, of exactly that size */
	FORM_BITS,  /* a uint64_t in 16 hex digits */
	FORM_FLAGS, /* a list of words, each a bool of *out */
	FORM_PCRS,
	FORM_PRODUCTS,
	FORM_FLOOR,
	FORM_LAUNCH,
	FORM_KEYS
};

#define AT(member) offsetof(struct attpolicy, member)
#define NUMBER(member) \
	FORM_NUMBER, sizeof(((struct attpolicy *)0)->member), AT(member)

/* clang-format off */
static const struct row {
	const char *level, *key;
	bool milder; /* the reader's to say */
	enum form form;
	size_t size, offset;
} rows[] = {
	{ "tpm", "pcrs",           false, FORM_PCRS,  0,  AT(tpm.pcrs)        },
	{ "tpm", "secure-boot",    false, FORM_BOOL,  0,  AT(tpm.secure_boot) },
	{ "tpm", "safe-clock",     false, FORM_BOOL,  0,  AT(tpm.safe_clock)  },
	{ "tpm", "crls",           false, FORM_BOOL,  0,  AT(tpm.crls)        },
	{ "tpm", "any-pcrs",       true,  FORM_BOOL,  0,  AT(tpm.any_pcrs)    },
	{ "tpm", "sha1",           true,  FORM_BOOL,  0,  AT(tpm.sha1)        },
	{ "tpm", "without",        true,  FORM_FLAGS, 0,  0                   },
	{ "snp", "report-data",    false, FORM_HEX,   64, AT(snp.report_data) },
	{ "snp", "measurement",    false, FORM_HEX,   48, AT(snp.measurement) },
	{ "snp", "host-data",      false, FORM_HEX,   32, AT(snp.host_data)   },
	{ "snp", "id-key",         false, FORM_HEX,   48, AT(snp.id_key)      },
	{ "snp", "author-key",     false, FORM_HEX,   48, AT(snp.author_key)  },
	{ "snp", "family-id",      false, FORM_HEX,   16, AT(snp.family_id)   },
	{ "snp", "image-id",       false, FORM_HEX,   16, AT(snp.image_id)    },
	{ "snp", "launch",         false, FORM_LAUNCH, 0, AT(snp.launch)      },
	{ "snp", "id-block",       false, FORM_HEX,   96, AT(snp.id_block)    },
	{ "snp", "id-auth",        false, FORM_HEX, 4096, AT(snp.id_auth)     },
	{ "snp", "guest-svn",      false, NUMBER(snp.guest_svn_min)           },
	{ "snp", "policy-set",     false, FORM_BITS,  0,  AT(snp.policy_set)     },
	{ "snp", "policy-clear",   false, FORM_BITS,  0,  AT(snp.policy_clear)   },
	{ "snp", "platform-set",   false, FORM_BITS,  0,  AT(snp.platform_set)   },
	{ "snp", "platform-clear", false, FORM_BITS,  0,  AT(snp.platform_clear) },
	{ "snp", "products",       false, FORM_PRODUCTS, 0, AT(snp.products)  },
	{ "snp", "crl",            false, FORM_BOOL,  0,  AT(snp.crl)         },
	{ "snp", "floor",          false, FORM_FLOOR, 0,  AT(snp.floor)       },
	{ "snp", "vmpl",           true,  NUMBER(snp.vmpl_max)                },
	{ "snp", "debug",          true,  FORM_BOOL,  0,  AT(snp.debug)       },
	{ "snp", "migrate-ma",     true,  FORM_BOOL,  0,  AT(snp.migrate_ma)  },
	{ "snp", "provisional",    true,  FORM_BOOL,  0,  AT(snp.provisional) },
	{ "android", "strongbox",       false, FORM_BOOL, 0,  AT(android.strongbox)   },
	{ "android", "signing-key",     false, FORM_BOOL, 0,  AT(android.signing_key) },
	{ "android", "os-patch",        false, NUMBER(android.os_patch)         },
	{ "android", "vendor-patch",    false, NUMBER(android.vendor_patch)     },
	{ "android", "boot-patch",      false, NUMBER(android.boot_patch)       },
	{ "android", "package",         false, FORM_TEXT, 0,  AT(android.package)     },
	{ "android", "signer",          false, FORM_HEX,  32, AT(android.signer)      },
	{ "android", "package-version", false, NUMBER(android.package_version)  },
	{ "android", "revocation-age",  false, NUMBER(android.revocation_age_s) },
	{ "android", "zero-boot-key",   true,  FORM_BOOL, 0,  AT(android.zero_boot_key) },
	{ "android", "boot-keys",       true,  FORM_KEYS, 0,  0                 },
	{ "android", "renewable",       true,  FORM_BOOL, 0,  AT(renewable)     },
	{ "android", "without",         true,  FORM_FLAGS, 0, 0                 },
};

/* What an asker can do without. */
static const struct flag {
	const char *level, *word;
	size_t offset;
} flags[] = {
	{ "tpm",     "nonce",      AT(tpm.without_nonce)      },
	{ "tpm",     "pcrs",       AT(tpm.without_pcrs)       },
	{ "tpm",     "log",        AT(tpm.without_log)        },
	{ "tpm",     "keys",       AT(tpm.without_keys)       },
	{ "tpm",     "activation", AT(tpm.without_activation) },
	{ "android", "challenge",  AT(without_challenge)      },
	{ "android", "revocation", AT(without_revocation)     },
};

static const char *const tcb_kinds[SNP_TCB_KINDS] = {
	[SNP_REPORTED] = "reported", [SNP_COMMITTED] = "committed",
	[SNP_CURRENT] = "current",   [SNP_LAUNCH] = "launch",
};
/* clang-format on */

static void *
place(struct attpolicy *out, size_t offset)
{
	return (uint8_t *)out + offset;
}

static bool
odd(struct fault *f, const struct row *row)
{
	return fail(f, FAULT_INPUT, "bundle.shape",
	    "verdict 12: policy/%s/%s is not what it should be", row->level,
	    row->key);
}

static bool
read_number(void *to, size_t size, const struct value *v)
{
	if (v->kind != VALUE_INTEGER || v->integer < 0)
		return false;
	if (size == sizeof(uint32_t)) {
		uint32_t small = (uint32_t)v->integer;

		if (v->integer > UINT32_MAX)
			return false;
		memcpy(to, &small, sizeof(small));
	} else {
		memcpy(to, &v->integer, sizeof(v->integer));
	}
	return true;
}

static bool
read_hex(struct bytes *to, size_t size, const struct value *v, struct arena *a)
{
	struct fault f;

	return v->kind == VALUE_BYTES && hex_decode(to, v->bytes, a, &f) &&
	       to->n == size;
}

static bool
read_bits(uint64_t *to, const struct value *v, struct arena *a)
{
	struct bytes raw;

	if (!read_hex(&raw, sizeof(*to), v, a))
		return false;
	*to = 0;
	for (size_t i = 0; i < raw.n; i++)
		*to = *to << 8 | raw.p[i];
	return true;
}

static bool
read_pcrs(uint32_t *to, const struct message *list)
{
	*to = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct value *v = &list->pairs[i].value;

		if (v->kind != VALUE_INTEGER || v->integer < 0 ||
		    v->integer >= PCR_COUNT)
			return false;
		*to |= 1u << v->integer;
	}
	return true;
}

static bool
read_flag(struct attpolicy *out, const char *level, struct bytes word)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (strcmp(flags[i].level, level) != 0 ||
		    !bytes_is(word, flags[i].word))
			continue;
		*(bool *)place(out, flags[i].offset) = true;
		return true;
	}
	return false;
}

static bool
read_flags(struct attpolicy *out, const char *level, const struct message *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct value *v = &list->pairs[i].value;

		if (v->kind != VALUE_BYTES || !read_flag(out, level, v->bytes))
			return false;
	}
	return true;
}

static bool
read_products(unsigned *to, const struct message *list)
{
	*to = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct value *v = &list->pairs[i].value;
		enum snp_product product = v->kind == VALUE_BYTES
					       ? snptcb_product(v->bytes)
					       : SNP_NO_PRODUCT;

		if (product == SNP_NO_PRODUCT)
			return false;
		*to |= 1u << product;
	}
	return *to != 0;
}

/* Levels by name: {"bootloader": 4}. */
static bool
read_levels(uint8_t to[SNP_COMPONENTS], const struct message *m)
{
	size_t known = 0;

	for (int c = 0; c < SNP_COMPONENTS; c++) {
		const struct value *v = message_get(m,
		    bytes_text(snptcb_component_name((enum snp_component)c)));

		if (v == NULL)
			continue;
		if (v->kind != VALUE_INTEGER || v->integer < 0 ||
		    v->integer > UINT8_MAX)
			return false;
		to[c] = (uint8_t)v->integer;
		known++;
	}
	return known == m->count;
}

static bool
read_kinds(uint8_t to[SNP_TCB_KINDS][SNP_COMPONENTS], const struct message *m)
{
	size_t known = 0;

	for (size_t kind = 0; kind < SNP_TCB_KINDS; kind++) {
		const struct message *levels;

		if (!message_find_message(&levels, m, tcb_kinds[kind]))
			continue;
		if (!read_levels(to[kind], levels))
			return false;
		known++;
	}
	return known == m->count;
}

/* {"Milan": {"reported": {"bootloader": 4, ...}}} */
static bool
read_floor(struct snp_policy *to, const struct message *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct pair *pair = &m->pairs[i];
		enum snp_product product = snptcb_product(pair->key);

		if (product == SNP_NO_PRODUCT ||
		    pair->value.kind != VALUE_MESSAGE ||
		    !read_kinds(to->floor[product], pair->value.message))
			return false;
	}
	return true;
}

static bool
read_keys(struct attpolicy *out, const struct message *list, struct arena *a)
{
	if (list->count > ATTPOLICY_BOOT_KEYS_MAX)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!read_hex(&out->boot_keys[i], sizeof(struct sha256),
			&list->pairs[i].value, a))
			return false;
	}
	out->android.boot_keys = out->boot_keys;
	out->android.nboot_keys = list->count;
	return true;
}

static bool
read_list(struct attpolicy *out, const struct row *row, const struct value *v,
    struct arena *a)
{
	if (v->kind != VALUE_LIST)
		return false;
	if (row->form == FORM_PCRS)
		return read_pcrs(place(out, row->offset), v->message);
	if (row->form == FORM_PRODUCTS)
		return read_products(place(out, row->offset), v->message);
	if (row->form == FORM_KEYS)
		return read_keys(out, v->message, a);
	return read_flags(out, row->level, v->message);
}

static bool
read_value(struct attpolicy *out, const struct row *row, const struct value *v,
    struct arena *a)
{
	void *to = place(out, row->offset);

	switch (row->form) {
	case FORM_BOOL:
		*(bool *)to =
		    v->kind == VALUE_ATOM && bytes_is(v->bytes, "true");
		return v->kind == VALUE_ATOM &&
		       (bytes_is(v->bytes, "true") ||
			   bytes_is(v->bytes, "false"));
	case FORM_NUMBER:
		return read_number(to, row->size, v);
	case FORM_TEXT:
		*(struct bytes *)to = v->bytes;
		return v->kind == VALUE_BYTES && v->bytes.n != 0;
	case FORM_HEX:
		return read_hex(to, row->size, v, a);
	case FORM_BITS:
		return read_bits(to, v, a);
	case FORM_FLOOR:
		return v->kind == VALUE_MESSAGE &&
		       read_floor(&out->snp, v->message);
	case FORM_LAUNCH:
		return false;
	case FORM_FLAGS:
	case FORM_PCRS:
	case FORM_PRODUCTS:
	case FORM_KEYS:
		break;
	}
	return read_list(out, row, v, a);
}

static const struct row *
find_row(const char *level, struct bytes key)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].level, level) == 0 &&
		    bytes_is(key, rows[i].key))
			return &rows[i];
	}
	return NULL;
}

struct level {
	const char *name;
	const struct message *message;
};

static bool
read_level(struct attpolicy *out, const struct level *level, bool reader,
    struct arena *a, struct fault *f)
{
	const struct message *m = level->message;

	for (size_t i = 0; i < m->count; i++) {
		const struct pair *pair = &m->pairs[i];
		const struct row *row = find_row(level->name, pair->key);
		struct bytes shown = verdict_shown(pair->key);

		if (row == NULL)
			return fail(f, FAULT_INPUT, "bundle.key",
			    "verdict 12: key '%.*s' in 'policy/%s' is unknown",
			    (int)shown.n, (const char *)shown.p, level->name);
		if (row->milder && !reader)
			return fail(f, FAULT_INPUT, "bundle.key",
			    "verdict 13: policy/%s/%s is for the reader to say",
			    level->name, row->key);
		if (row->form == FORM_LAUNCH &&
		    pair->value.kind == VALUE_MESSAGE) {
			if (!attlaunch_read(&out->snp.launch,
				pair->value.message, reader, a, f))
				return false;
		} else if (!read_value(out, row, &pair->value, a)) {
			return odd(f, row);
		}
	}
	return true;
}

bool
attpolicy_read(struct attpolicy *out, const struct message *policy, bool reader,
    struct arena *a, struct fault *f)
{
	struct level levels[] = { { "tpm", NULL }, { "snp", NULL },
		{ "android", NULL } };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (message_find_message(
			&levels[i].message, policy, levels[i].name) &&
		    !read_level(out, &levels[i], reader, a, f))
			return false;
	}
	out->android.expiry =
	    out->renewable ? KEYCHAIN_EXPIRY_RENEWABLE : KEYCHAIN_EXPIRY_ALL;
	return arena_check(a, f);
}
