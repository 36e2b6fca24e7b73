/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpreport.h"

#include "core/base/cursor.h"

#define VERSION_MIN 2u
#define VERSION_MAX 5u

#define POLICY_KNOWN    0x03ffffffu
#define PLATFORM_KNOWN  0xffu
#define FLAGS_KNOWN     0x1fu
#define SIGNATURE_SIZE  512u
#define SIGNATURE_FIELD 72u

/* Where the next read will be. */
static size_t
place(const struct snpreport *r, const struct cursor *c)
{
	return r->raw.n - c->left;
}

/* Passes over reserved bytes; remembers the first that are not zero. */
static void
skip_reserved(
    size_t *wrong, struct cursor *c, size_t n, const struct snpreport *r)
{
	size_t at = place(r, c);

	if (!bytes_zero(cursor_take(c, n)) && *wrong == 0)
		*wrong = at;
}

static struct snp_firmware
take_firmware(size_t *wrong, struct cursor *c, const struct snpreport *r)
{
	struct snp_firmware out = { 0 };

	out.build = cursor_u8(c);
	out.minor = cursor_u8(c);
	out.major = cursor_u8(c);
	skip_reserved(wrong, c, 1, r);
	return out;
}

/* Bytes 0x000 to 0x04f. */
static void
take_head(struct snpreport *r, size_t *wrong, struct cursor *c)
{
	r->version = cursor_le32(c);
	r->guest_svn = cursor_le32(c);
	r->policy = cursor_le64(c);
	r->family_id = cursor_take(c, 16);
	r->image_id = cursor_take(c, 16);
	r->vmpl = cursor_le32(c);
	r->signature_algo = cursor_le32(c);
	r->current_tcb = cursor_le64(c);
	r->platform_info = cursor_le64(c);
	r->flags = cursor_le32(c);
	skip_reserved(wrong, c, 4, r);
}

/* Bytes 0x050 to 0x1df. */
static void
take_identity(struct snpreport *r, size_t *wrong, struct cursor *c)
{
	r->report_data = cursor_take(c, 64);
	r->measurement = cursor_take(c, 48);
	r->host_data = cursor_take(c, 32);
	r->id_key_digest = cursor_take(c, 48);
	r->author_key_digest = cursor_take(c, 48);
	r->report_id = cursor_take(c, 32);
	r->report_id_ma = cursor_take(c, 32);
	r->reported_tcb = cursor_le64(c);
	if (r->version >= SNPREPORT_VERSION_CPU) {
		r->family = cursor_u8(c);
		r->model = cursor_u8(c);
		r->stepping = cursor_u8(c);
		skip_reserved(wrong, c, 21, r);
	} else {
		skip_reserved(wrong, c, 24, r);
	}
	r->chip_id = cursor_take(c, 64);
}

/* Bytes 0x1e0 to the end. */
static void
take_platform(struct snpreport *r, size_t *wrong, struct cursor *c)
{
	r->committed_tcb = cursor_le64(c);
	r->current = take_firmware(wrong, c, r);
	r->committed = take_firmware(wrong, c, r);
	r->launch_tcb = cursor_le64(c);
	if (r->version >= SNPREPORT_VERSION_MITS) {
		r->launch_mit_vector = cursor_le64(c);
		r->current_mit_vector = cursor_le64(c);
		skip_reserved(wrong, c, 152, r);
	} else {
		skip_reserved(wrong, c, 168, r);
	}
	r->signature = cursor_take(c, SIGNATURE_SIZE);
}

static bool
check_bits(const struct snpreport *r, struct fault *f)
{
	/* clang-format off */
	const struct {
		const char *name;
		uint64_t value, known;
	} rows[] = {
		{ "policy",        r->policy,        POLICY_KNOWN },
		{ "platform info", r->platform_info, PLATFORM_KNOWN },
		{ "flags",         r->flags,         FLAGS_KNOWN },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((rows[i].value & ~rows[i].known) != 0)
			return fail(f, FAULT_INPUT, "snp.reserved",
			    "evidence 20: %s 0x%llx has reserved bits",
			    rows[i].name, (unsigned long long)rows[i].value);
	if ((r->policy & SNP_POLICY_MUST_BE_ONE) == 0)
		return fail(f, FAULT_INPUT, "snp.reserved",
		    "evidence 20: policy 0x%llx without bit 17",
		    (unsigned long long)r->policy);
	return true;
}

bool
snpreport_parse(struct snpreport *out, struct bytes in, struct fault *f)
{
	struct snpreport r = { .raw = in };
	struct cursor c = cursor_over(in);
	size_t wrong = 0;

	if (in.n != SNPREPORT_SIZE)
		return fail(f, FAULT_INPUT, "snp.report.size",
		    "evidence 20: %zu bytes, a report has %u", in.n,
		    SNPREPORT_SIZE);
	take_head(&r, &wrong, &c);
	if (r.version < VERSION_MIN || r.version > VERSION_MAX)
		return fail(f, FAULT_INPUT, "snp.version",
		    "evidence 20: version %u, known are %u to %u", r.version,
		    VERSION_MIN, VERSION_MAX);
	take_identity(&r, &wrong, &c);
	take_platform(&r, &wrong, &c);
	if (wrong != 0)
		return fail(f, FAULT_INPUT, "snp.reserved",
		    "evidence 20: reserved bytes at 0x%zx are not zero", wrong);
	if (!check_bits(&r, f))
		return false;
	*out = r;
	return true;
}

enum snp_product
snpreport_product(const struct snpreport *r)
{
	/* clang-format off */
	static const struct {
		uint8_t family, model_min, model_max;
		enum snp_product product;
	} cpus[] = {
		{ 0x19, 0x00, 0x0f, SNP_MILAN },
		{ 0x19, 0x10, 0x1f, SNP_GENOA },
		{ 0x19, 0xa0, 0xaf, SNP_GENOA }, /* Bergamo, Siena */
		{ 0x1a, 0x00, 0x1f, SNP_TURIN }, /* Turin, Turin Dense */
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++)
		if (r->family == cpus[i].family &&
		    r->model >= cpus[i].model_min &&
		    r->model <= cpus[i].model_max)
			return cpus[i].product;
	return SNP_NO_PRODUCT;
}

bool
snpreport_check_tcbs(
    const struct snpreport *r, enum snp_product product, struct fault *f)
{
	/* clang-format off */
	const struct {
		const char *name;
		uint64_t tcb;
	} rows[] = {
		{ "current",   r->current_tcb },
		{ "reported",  r->reported_tcb },
		{ "committed", r->committed_tcb },
		{ "launch",    r->launch_tcb },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((rows[i].tcb & snptcb_reserved(product)) != 0)
			return fail(f, FAULT_INPUT, "snp.reserved",
			    "evidence 21: %s TCB %016llx is not %s's",
			    rows[i].name, (unsigned long long)rows[i].tcb,
			    snptcb_product_name(product));
	return true;
}

/* A little-endian field of the signature as a big-endian scalar; false unless
 * it is above zero, below the order of P-384, and zero in what is left. */
static bool
take_scalar(uint8_t out[SNPREPORT_SCALAR], struct cursor *c)
{
	/* clang-format off */
	static const uint8_t order[SNPREPORT_SCALAR] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
		0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a,
		0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
	};
	/* clang-format on */
	struct bytes number = cursor_take(c, SNPREPORT_SCALAR);
	struct bytes padding =
	    cursor_take(c, SIGNATURE_FIELD - SNPREPORT_SCALAR);

	for (size_t i = 0; i < SNPREPORT_SCALAR; i++)
		out[i] = number.p[SNPREPORT_SCALAR - 1 - i];
	return !bytes_zero(number) && bytes_zero(padding) &&
	       memcmp(out, order, sizeof(order)) < 0;
}

bool
snpreport_signature(
    struct snp_signature *out, const struct snpreport *r, struct fault *f)
{
	struct cursor c = cursor_over(r->signature);

	if (r->signature_algo != SNPREPORT_ECDSA_P384_SHA384)
		return fail(f, FAULT_VERIFY, "snp.signature.algorithm",
		    "evidence 22: algorithm %u is not ECDSA P-384 with SHA-384",
		    r->signature_algo);
	if (!take_scalar(out->r, &c) || !take_scalar(out->s, &c) ||
	    !bytes_zero(cursor_rest(&c)))
		return fail(f, FAULT_VERIFY, "snp.signature.encoding",
		    "evidence 22: r or s is zero, too large or padded");
	return true;
}
