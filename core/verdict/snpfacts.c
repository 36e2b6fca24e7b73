/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/snpfacts.h"

#include "core/base/hex.h"

struct bit {
	const char *name;
	uint64_t bit;
};

static void
set_bits(struct message *m, uint64_t value, const struct bit *bits, size_t n)
{
	for (size_t i = 0; i < n; i++)
		message_set_bool(m, bits[i].name, (value & bits[i].bit) != 0);
}

static struct bytes
number_text(struct arena *a, uint64_t value)
{
	return arena_print(a, "0x%llx", (unsigned long long)value);
}

static void
add_policy(struct message *snp, const struct snpreport *r)
{
	/* clang-format off */
	static const struct bit bits[] = {
		{ "smt",               SNP_POLICY_SMT },
		{ "migrate-ma",        SNP_POLICY_MIGRATE_MA },
		{ "debug",             SNP_POLICY_DEBUG },
		{ "single-socket",     SNP_POLICY_SINGLE_SOCKET },
		{ "cxl",               SNP_POLICY_CXL },
		{ "aes-256-xts",       SNP_POLICY_AES_256_XTS },
		{ "rapl-disabled",     SNP_POLICY_RAPL_DIS },
		{ "ciphertext-hiding", SNP_POLICY_CIPHERTEXT },
		{ "page-swap-disabled", SNP_POLICY_PAGE_SWAP_DIS },
	};
	/* clang-format on */
	struct message *m = message_new(snp->arena);

	message_set_bytes(m, "raw", number_text(snp->arena, r->policy));
	message_set_integer(m, "abi-major", (int64_t)(r->policy >> 8 & 0xff));
	message_set_integer(m, "abi-minor", (int64_t)(r->policy & 0xff));
	set_bits(m, r->policy, bits, sizeof(bits) / sizeof(bits[0]));
	message_set_message(snp, "policy", m);
}

static void
add_platform(struct message *snp, const struct snpreport *r)
{
	/* clang-format off */
	static const struct bit bits[] = {
		{ "smt",                  SNP_PLATFORM_SMT },
		{ "tsme",                 SNP_PLATFORM_TSME },
		{ "ecc",                  SNP_PLATFORM_ECC },
		{ "rapl-disabled",        SNP_PLATFORM_RAPL_DIS },
		{ "ciphertext-hiding",    SNP_PLATFORM_CIPHERTEXT },
		{ "alias-check-complete", SNP_PLATFORM_ALIAS_CHECK },
	};
	/* clang-format on */
	struct message *m = message_new(snp->arena);

	message_set_bytes(m, "raw", number_text(snp->arena, r->platform_info));
	set_bits(m, r->platform_info, bits, sizeof(bits) / sizeof(bits[0]));
	message_set_message(snp, "platform", m);
}

static void
add_tcb(struct message *tcbs, const char *name, uint64_t tcb,
    enum snp_product product)
{
	struct message *m = message_new(tcbs->arena);

	message_set_bytes(m, "raw",
	    arena_print(tcbs->arena, "%016llx", (unsigned long long)tcb));
	for (unsigned i = 0; i < SNP_COMPONENTS; i++) {
		enum snp_component c = (enum snp_component)i;

		if (snptcb_byte(product, c) >= 0)
			message_set_integer(m, snptcb_component_name(c),
			    snptcb_level(tcb, product, c));
	}
	message_set_message(tcbs, name, m);
}

static void
add_tcbs(
    struct message *snp, const struct snpreport *r, enum snp_product product)
{
	struct message *m = message_new(snp->arena);

	add_tcb(m, "reported", r->reported_tcb, product);
	add_tcb(m, "committed", r->committed_tcb, product);
	add_tcb(m, "current", r->current_tcb, product);
	add_tcb(m, "launch", r->launch_tcb, product);
	message_set_message(snp, "tcb", m);
}

static void
add_firmware(
    struct message *snp, const char *name, const struct snp_firmware *of)
{
	message_set_bytes(snp, name,
	    arena_print(
		snp->arena, "%u.%u.%u", of->major, of->minor, of->build));
}

static void
add_bytes(struct message *snp, const struct snpreport *r)
{
	/* clang-format off */
	const struct {
		const char *name;
		struct bytes value;
	} rows[] = {
		{ "family-id",         r->family_id },
		{ "image-id",          r->image_id },
		{ "report-data",       r->report_data },
		{ "measurement",       r->measurement },
		{ "host-data",         r->host_data },
		{ "id-key-digest",     r->id_key_digest },
		{ "author-key-digest", r->author_key_digest },
		{ "report-id",         r->report_id },
		{ "report-id-ma",      r->report_id_ma },
		{ "chip-id",           r->chip_id },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		message_set_bytes(
		    snp, rows[i].name, hex_encode(snp->arena, rows[i].value));
}

static void
add_cpu(struct message *snp, const struct snpreport *r)
{
	struct message *m = message_new(snp->arena);

	message_set_integer(m, "family", r->family);
	message_set_integer(m, "model", r->model);
	message_set_integer(m, "stepping", r->stepping);
	message_set_message(snp, "cpu", m);
}

void
snpfacts_add(struct verdict *v, const struct snpreport *r,
    const struct snp_endorsement *key)
{
	struct message *snp = message_new(v->arena);

	message_set_integer(snp, "version", r->version);
	message_set_integer(snp, "guest-svn", r->guest_svn);
	message_set_integer(snp, "vmpl", r->vmpl);
	message_set_text(snp, "product", snptcb_product_name(key->product));
	message_set_text(
	    snp, "signing-key", key->kind == SNP_VCEK ? "vcek" : "vlek");
	message_set_bool(snp, "author-key", snpreport_author_key_en(r));
	message_set_bool(snp, "mask-chip-key", snpreport_mask_chip_key(r));
	add_policy(snp, r);
	add_platform(snp, r);
	add_bytes(snp, r);
	add_tcbs(snp, r, key->product);
	add_firmware(snp, "current-version", &r->current);
	add_firmware(snp, "committed-version", &r->committed);
	if (r->version >= SNPREPORT_VERSION_CPU)
		add_cpu(snp, r);
	if (r->version >= SNPREPORT_VERSION_MITS) {
		message_set_bytes(snp, "launch-mitigations",
		    number_text(v->arena, r->launch_mit_vector));
		message_set_bytes(snp, "current-mitigations",
		    number_text(v->arena, r->current_mit_vector));
	}
	message_set_message(v->facts, "snp", snp);
}
