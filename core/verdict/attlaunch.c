/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/attlaunch.h"

#include <inttypes.h>

#include "core/base/hex.h"
#include "core/verdict/verdict.h"

enum form {
	FORM_TEXT,
	FORM_HEX, /* bytes, of exactly that size */
	FORM_NUMBER,
	FORM_TRUE,
	FORM_LIST
};

/* What a level says; texts that it does not say are empty. */
struct said {
	struct bytes chain, kernel, initrd, cmdline, host, cpu, features;
	uint32_t ap_reset, hash_table, vcpus;
	bool debug_swap;
	const struct message *sections;
};

#define AT(member) offsetof(struct said, member)

/* clang-format off */
static const struct row {
	const char *key;
	bool needed, milder;
	enum form form;
	size_t size, offset;
} rows[] = {
	{ "chain",      true,  false, FORM_HEX,    48, AT(chain)      },
	{ "sections",   true,  false, FORM_LIST,   0,  AT(sections)   },
	{ "ap-reset",   false, false, FORM_NUMBER, 0,  AT(ap_reset)   },
	{ "hash-table", false, false, FORM_NUMBER, 0,  AT(hash_table) },
	{ "kernel",     false, false, FORM_HEX,    32, AT(kernel)     },
	{ "initrd",     false, false, FORM_HEX,    32, AT(initrd)     },
	{ "cmdline",    false, false, FORM_HEX,    32, AT(cmdline)    },
	{ "host",       true,  false, FORM_TEXT,   0,  AT(host)       },
	{ "vcpu-type",  false, false, FORM_TEXT,   0,  AT(cpu)        },
	{ "vcpus",      true,  false, FORM_NUMBER, 0,  AT(vcpus)      },
	{ "features",   false, false, FORM_HEX,    8,  AT(features)   },
	{ "debug-swap", false, true,  FORM_TRUE,   0,  AT(debug_swap) },
};
/* clang-format on */

struct scene {
	struct launch launch;
	struct ovmf firmware;
	struct kernelhashes kernel;
};

static bool
odd(struct fault *f, const char *key)
{
	return fail(f, FAULT_INPUT, "bundle.shape",
	    "verdict 12: policy/snp/launch/%s is not what it should be", key);
}

static bool
read_number(uint32_t *out, const struct value *v)
{
	if (v->kind != VALUE_INTEGER || v->integer < 0 ||
	    v->integer > UINT32_MAX)
		return false;
	*out = (uint32_t)v->integer;
	return true;
}

static bool
read_value(
    void *to, const struct row *row, const struct value *v, struct arena *a)
{
	struct bytes *bytes = to;
	struct fault f;

	switch (row->form) {
	case FORM_TEXT:
		*bytes = v->bytes;
		return v->kind == VALUE_BYTES && v->bytes.n != 0;
	case FORM_HEX:
		return v->kind == VALUE_BYTES &&
		       hex_decode(bytes, v->bytes, a, &f) &&
		       bytes->n == row->size;
	case FORM_NUMBER:
		return read_number(to, v);
	case FORM_TRUE:
		*(bool *)to = true;
		return v->kind == VALUE_ATOM && bytes_is(v->bytes, "true");
	case FORM_LIST:
		break;
	}
	*(const struct message **)to = v->message;
	return v->kind == VALUE_LIST && v->message->count <= OVMF_SECTIONS_MAX;
}

static const struct row *
find_row(struct bytes key)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (bytes_is(key, rows[i].key))
			return &rows[i];
	return NULL;
}

static bool
read_said(struct said *out, const struct message *m, bool reader,
    struct arena *a, struct fault *f)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct pair *pair = &m->pairs[i];
		const struct row *row = find_row(pair->key);
		struct bytes shown = verdict_shown(pair->key);

		if (row == NULL)
			return fail(f, FAULT_INPUT, "bundle.key",
			    "verdict 12: key '%.*s' in 'policy/snp/launch' is "
			    "unknown",
			    (int)shown.n, (const char *)shown.p);
		if (row->milder && !reader)
			return fail(f, FAULT_INPUT, "bundle.key",
			    "verdict 13: policy/snp/launch/%s is for the "
			    "reader to say",
			    row->key);
		if (!read_value(
			(uint8_t *)out + row->offset, row, &pair->value, a))
			return odd(f, row->key);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].needed &&
		    message_get(m, bytes_text(rows[i].key)) == NULL)
			return odd(f, rows[i].key);
	return true;
}

static bool
read_section(struct ovmf_section *out, const struct value *v)
{
	const struct value *gpa, *size, *kind;
	uint32_t number;

	if (v == NULL || v->kind != VALUE_MESSAGE || v->message->count != 3)
		return false;
	gpa = message_get(v->message, BYTES("gpa"));
	size = message_get(v->message, BYTES("size"));
	kind = message_get(v->message, BYTES("kind"));
	if (gpa == NULL || size == NULL || kind == NULL ||
	    !read_number(&out->gpa, gpa) || !read_number(&out->size, size) ||
	    !read_number(&number, kind))
		return false;
	out->kind = (enum ovmf_kind)number;
	return number == OVMF_SEC_MEM || number == OVMF_SECRETS ||
	       number == OVMF_CPUID || number == OVMF_SVSM_CAA ||
	       number == OVMF_KERNEL_HASHES;
}

static bool
take_firmware(struct ovmf *o, const struct said *said)
{
	memcpy(o->chain.b, said->chain.p, sizeof(o->chain.b));
	o->ap_reset = said->ap_reset;
	o->hash_table = said->hash_table;
	for (; o->nsections < said->sections->count; o->nsections++)
		if (!read_section(&o->sections[o->nsections],
			message_item(said->sections, o->nsections + 1)))
			return false;
	return true;
}

/* All three or none: what is not said must not be taken for an empty one. */
static bool
take_kernel(struct scene *s, const struct said *said)
{
	size_t n = said->kernel.n + said->initrd.n + said->cmdline.n;

	if (n == 0)
		return true;
	if (n != 3 * sizeof(struct sha256))
		return false;
	memcpy(s->kernel.kernel.b, said->kernel.p, said->kernel.n);
	memcpy(s->kernel.initrd.b, said->initrd.p, said->initrd.n);
	memcpy(s->kernel.cmdline.b, said->cmdline.p, said->cmdline.n);
	s->launch.kernel = &s->kernel;
	return true;
}

static bool
take_machine(struct launch *l, const struct said *said, struct fault *f)
{
	l->host = vmsa_host(said->host);
	if (l->host == NULL)
		return odd(f, "host");
	if (l->host->shows_cpu && said->cpu.n == 0)
		return odd(f, "vcpu-type");
	if (said->cpu.n != 0 && !vmsa_cpu(&l->cpu, said->cpu, f))
		return false;
	l->vcpus = said->vcpus;
	for (size_t i = 0; i < said->features.n; i++)
		l->features = l->features << 8 | said->features.p[i];
	if (said->features.n == 0)
		l->features = LAUNCH_SNP_ACTIVE;
	l->allowed = LAUNCH_FEATURES_DEFAULT |
		     (said->debug_swap ? LAUNCH_DEBUG_SWAP : 0);
	return true;
}

bool
attlaunch_read(const struct launch **out, const struct message *level,
    bool reader, struct arena *a, struct fault *f)
{
	struct said said = { 0 };
	struct scene *s = arena_alloc(a, sizeof(*s));

	if (s == NULL)
		return arena_check(a, f);
	if (!read_said(&said, level, reader, a, f) ||
	    !take_machine(&s->launch, &said, f))
		return false;
	if (!take_firmware(&s->firmware, &said))
		return odd(f, "sections");
	if (!take_kernel(s, &said))
		return odd(f, "kernel");
	s->launch.firmware = &s->firmware;
	*out = &s->launch;
	return true;
}

static void
set_hex(struct message *m, const char *key, struct bytes raw)
{
	message_set_bytes(m, key, hex_encode(m->arena, raw));
}

static void
set_sections(struct message *m, const struct ovmf *o)
{
	struct message *list = message_list(m, "sections");

	for (size_t i = 0; i < o->nsections; i++) {
		struct message *one = message_new(m->arena);

		message_set_integer(one, "gpa", o->sections[i].gpa);
		message_set_integer(one, "size", o->sections[i].size);
		message_set_integer(one, "kind", o->sections[i].kind);
		message_append_message(list, one);
	}
}

struct message *
attlaunch_message(const struct launch *l, struct arena *a)
{
	struct message *m = message_new(a);

	set_hex(m, "chain", BYTES_OF(&l->firmware->chain));
	set_sections(m, l->firmware);
	message_set_integer(m, "ap-reset", l->firmware->ap_reset);
	message_set_integer(m, "hash-table", l->firmware->hash_table);
	if (l->kernel != NULL) {
		set_hex(m, "kernel", BYTES_OF(&l->kernel->kernel));
		set_hex(m, "initrd", BYTES_OF(&l->kernel->initrd));
		set_hex(m, "cmdline", BYTES_OF(&l->kernel->cmdline));
	}
	message_set_text(m, "host", l->host->name);
	if (l->host->shows_cpu)
		message_set_bytes(
		    m, "vcpu-type", arena_print(a, "0x%08" PRIx32, l->cpu));
	message_set_integer(m, "vcpus", l->vcpus);
	message_set_bytes(
	    m, "features", arena_print(a, "%016" PRIx64, l->features));
	return m;
}
