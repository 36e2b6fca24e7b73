/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/vmsa.h"

#include "core/base/cursor.h"

#define PAT_RESET  0x0007040600070406u
#define PAT_GCE    0x0000000000070106u
#define GPA_48_BIT 0x0000fffffffff000u
#define GPA_52_BIT 0x000ffffffffff000u

/* clang-format off */
static const struct vmsa_host hosts[] = {
	{ .name = "qemu",       .cs_first = 0x9b, .cs_other = 0x9b, .ss = 0x93, .tr = 0x8b,
	  .pat = PAT_RESET, .shows_cpu = true, .fpu = true,
	  .memory = PAGEINFO_ZERO, .gpa = GPA_48_BIT },
	{ .name = "qemu-early", .cs_first = 0x9b, .cs_other = 0x9b, .ss = 0x93, .tr = 0x8b,
	  .pat = PAT_RESET, .shows_cpu = true,
	  .memory = PAGEINFO_ZERO, .gpa = GPA_48_BIT },
	{ .name = "ec2",        .cs_first = 0x9a, .cs_other = 0x9b, .ss = 0x92, .tr = 0x83,
	  .pat = PAT_RESET, .cpuid_last = true,
	  .memory = PAGEINFO_ZERO, .gpa = GPA_48_BIT },
	{ .name = "gce",        .cs_first = 0x9b, .cs_other = 0x9b, .ss = 0x93, .tr = 0x8b,
	  .pat = PAT_GCE, .edx = 0x600,
	  .memory = PAGEINFO_UNMEASURED, .gpa = GPA_48_BIT },
	{ .name = "gce-genoa",  .cs_first = 0x9b, .cs_other = 0x9b, .ss = 0x93, .tr = 0x8b,
	  .pat = PAT_GCE, .edx = 0x600,
	  .memory = PAGEINFO_UNMEASURED, .gpa = GPA_52_BIT },
};

/* QEMU's models; each has versions 1 to `versions`, which share a signature. */
static const struct {
	const char *name;
	uint32_t signature;
	uint8_t versions;
} models[] = {
	{ "EPYC",       0x00800f12, 5 },
	{ "EPYC-IBPB",  0x00800f12, 0 },
	{ "EPYC-Rome",  0x00830f10, 5 },
	{ "EPYC-Milan", 0x00a00f11, 3 },
	{ "EPYC-Genoa", 0x00a10f10, 2 },
	{ "EPYC-Turin", 0x00b00f00, 1 },
};

enum { CS = 1, SS = 2, GDTR = 6, LDTR = 7, IDTR = 8, TR = 9, SEGMENTS = 10 };

/* Offsets in the VMCB's save area of an encrypted guest (AMD APM 2, B-4). */
enum {
	EFER = 0x0d0, CR4 = 0x148, CR0 = 0x158, DR7 = 0x160, DR6 = 0x168,
	RFLAGS = 0x170, RIP = 0x178, G_PAT = 0x268, RDX = 0x310,
	SEV_FEATURES = 0x3b0, XCR0 = 0x3e8, MXCSR = 0x408, X87_FCW = 0x410,
};
/* clang-format on */

const struct vmsa_host *
vmsa_host(struct bytes name)
{
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (bytes_is(name, hosts[i].name))
			return &hosts[i];
	return NULL;
}

/* Behind the model's name stands nothing, or -v and its version. */
static bool
is_version(struct bytes text, unsigned versions)
{
	if (text.n == 0)
		return true;
	return text.n == 3 && text.p[0] == '-' && text.p[1] == 'v' &&
	       text.p[2] >= '1' && text.p[2] - (unsigned)'0' <= versions;
}

static bool
take_hex(uint32_t *out, struct bytes text)
{
	struct cursor c = cursor_over(text);
	uint32_t value = 0;

	if (!bytes_starts(text, BYTES("0x")) || text.n < 3 || text.n > 10)
		return false;
	(void)cursor_take(&c, 2);
	while (c.left != 0) {
		uint8_t digit = cursor_u8(&c);

		if (digit >= '0' && digit <= '9')
			value = value << 4 | (digit - (uint32_t)'0');
		else if (digit >= 'a' && digit <= 'f')
			value = value << 4 | (digit - (uint32_t)'a' + 10);
		else
			return false;
	}
	*out = value;
	return true;
}

bool
vmsa_cpu(uint32_t *signature, struct bytes model, struct fault *f)
{
	if (take_hex(signature, model))
		return true;
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		struct bytes name = bytes_text(models[i].name);

		if (!bytes_starts(model, name) ||
		    !is_version(bytes_of(model.p + name.n, model.n - name.n),
			models[i].versions))
			continue;
		*signature = models[i].signature;
		return true;
	}
	return fail(f, FAULT_INPUT, "snp.launch.cpu",
	    "evidence 45: this model of vCPU is not known");
}

static void
put(uint8_t *to, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++, value >>= 8)
		to[i] = (uint8_t)value;
}

static void
put_segments(uint8_t *page, const struct vmsa_host *host, uint32_t reset)
{
	bool first = reset == VMSA_RESET;
	uint16_t attributes[SEGMENTS];

	for (size_t i = 0; i < SEGMENTS; i++)
		attributes[i] = 0x93;
	attributes[CS] = first ? host->cs_first : host->cs_other;
	attributes[SS] = host->ss;
	attributes[GDTR] = 0;
	attributes[LDTR] = 0x82;
	attributes[IDTR] = 0;
	attributes[TR] = host->tr;
	for (size_t i = 0; i < SEGMENTS; i++) {
		put(page + 16 * i, i == CS ? 0xf000 : 0, 2);
		put(page + 16 * i + 2, attributes[i], 2);
		put(page + 16 * i + 4, 0xffff, 4);
		put(page + 16 * i + 8, i == CS ? reset & 0xffff0000 : 0, 8);
	}
}

void
vmsa_page(uint8_t page[PAGEINFO_PAGE], const struct vmsa_host *host,
    uint32_t reset, uint32_t signature, uint64_t features)
{
	memset(page, 0, PAGEINFO_PAGE);
	put_segments(page, host, reset);
	put(page + EFER, 0x1000, 8);
	put(page + CR4, 0x40, 8);
	put(page + CR0, 0x10, 8);
	put(page + DR7, 0x400, 8);
	put(page + DR6, 0xffff0ff0, 8);
	put(page + RFLAGS, 0x2, 8);
	put(page + RIP, reset & 0xffff, 8);
	put(page + G_PAT, host->pat, 8);
	put(page + RDX, host->shows_cpu ? signature : host->edx, 8);
	put(page + SEV_FEATURES, features, 8);
	put(page + XCR0, 0x1, 8);
	if (host->fpu) {
		put(page + MXCSR, 0x1f80, 4);
		put(page + X87_FCW, 0x37f, 2);
	}
}
