/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/snppolicy.h"

#include "core/evidence/idblock.h"

struct asked {
	struct verdict *v;
	const struct snp_policy *want;
	const struct snpreport *report;
	enum snp_product product;
};

typedef bool check_function(const struct asked *q, struct fault *f);

static bool
check_debug(const struct asked *q, struct fault *f)
{
	if (!q->want->debug && (q->report->policy & SNP_POLICY_DEBUG) != 0)
		return fail(f, FAULT_VERIFY, "snp.policy.debug",
		    "evidence 29: the host may debug the guest");
	return true;
}

static bool
check_migrate(const struct asked *q, struct fault *f)
{
	if (!q->want->migrate_ma &&
	    (q->report->policy & SNP_POLICY_MIGRATE_MA) != 0)
		return fail(f, FAULT_VERIFY, "snp.policy.migrate",
		    "evidence 29: a migration agent may take the guest along");
	return true;
}

static bool
check_vmpl(const struct asked *q, struct fault *f)
{
	if (q->report->vmpl > q->want->vmpl_max)
		return fail(f, FAULT_VERIFY, "snp.vmpl",
		    "evidence 29: VMPL %u, at most %u is admitted",
		    q->report->vmpl, q->want->vmpl_max);
	return true;
}

static bool
check_order(const struct asked *q, struct fault *f)
{
	const struct snpreport *r = q->report;

	if (!snptcb_not_above(r->reported_tcb, r->committed_tcb, q->product) ||
	    !snptcb_not_above(r->committed_tcb, r->current_tcb, q->product) ||
	    !snptcb_not_above(r->launch_tcb, r->current_tcb, q->product))
		return fail(f, FAULT_VERIFY, "snp.tcb.order",
		    "evidence 29: not reported %016llx <= committed %016llx, "
		    "launch %016llx <= current %016llx",
		    (unsigned long long)r->reported_tcb,
		    (unsigned long long)r->committed_tcb,
		    (unsigned long long)r->launch_tcb,
		    (unsigned long long)r->current_tcb);
	if (!q->want->provisional &&
	    (r->current_tcb != r->committed_tcb ||
		memcmp(&r->current, &r->committed, sizeof(r->current)) != 0))
		return fail(f, FAULT_VERIFY, "snp.tcb.order",
		    "evidence 29: provisional firmware: it can be taken back");
	return true;
}

static bool
check_floor(const struct asked *q, struct fault *f)
{
	const struct snpreport *r = q->report;
	/* clang-format off */
	const struct {
		const char *name;
		uint64_t tcb;
	} kinds[SNP_TCB_KINDS] = {
		[SNP_REPORTED]  = { "reported",  r->reported_tcb },
		[SNP_COMMITTED] = { "committed", r->committed_tcb },
		[SNP_CURRENT]   = { "current",   r->current_tcb },
		[SNP_LAUNCH]    = { "launch",    r->launch_tcb },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(q->want->floor[0]); i++) {
		size_t kind = i / SNP_COMPONENTS;
		enum snp_component c = (enum snp_component)(i % SNP_COMPONENTS);
		uint8_t least = q->want->floor[q->product][kind][c];
		uint8_t level = snptcb_level(kinds[kind].tcb, q->product, c);

		if (level < least)
			return fail(f, FAULT_VERIFY, "snp.tcb.floor",
			    "evidence 29: %s %s is %u, at least %u is asked "
			    "for",
			    kinds[kind].name, snptcb_component_name(c), level,
			    least);
	}
	return true;
}

static bool
check_bits(const struct asked *q, struct fault *f)
{
	/* clang-format off */
	const struct {
		const char *name;
		uint64_t is, set, clear;
	} rows[] = {
		{ "policy", q->report->policy,
		  q->want->policy_set, q->want->policy_clear },
		{ "platform info", q->report->platform_info,
		  q->want->platform_set, q->want->platform_clear },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((rows[i].is & rows[i].set) != rows[i].set ||
		    (rows[i].is & rows[i].clear) != 0)
			return fail(f, FAULT_VERIFY, "snp.policy.bits",
			    "evidence 29: %s 0x%llx, asked for are 0x%llx set "
			    "and 0x%llx clear",
			    rows[i].name, (unsigned long long)rows[i].is,
			    (unsigned long long)rows[i].set,
			    (unsigned long long)rows[i].clear);
	return true;
}

static bool
check_line(const struct asked *q, struct fault *f)
{
	if (q->want->products != 0 &&
	    (q->want->products >> q->product & 1u) == 0)
		return fail(f, FAULT_VERIFY, "snp.policy.product",
		    "evidence 29: %s is not admitted",
		    snptcb_product_name(q->product));
	return true;
}

static bool
check_svn(const struct asked *q, struct fault *f)
{
	if (q->report->guest_svn < q->want->guest_svn_min)
		return fail(f, FAULT_VERIFY, "snp.svn",
		    "evidence 29: guest SVN %u, at least %u is asked for",
		    q->report->guest_svn, q->want->guest_svn_min);
	return true;
}

/* What the launch's owner signed into the ID block. */
static bool
check_id_block(const struct asked *q, struct fault *f)
{
	const struct snpreport *r = q->report;
	/* clang-format off */
	const struct {
		const char *name;
		struct bytes want, is;
	} rows[] = {
		{ "ID key digest",     q->want->id_key,     r->id_key_digest },
		{ "author key digest", q->want->author_key, r->author_key_digest },
		{ "family id",         q->want->family_id,  r->family_id },
		{ "image id",          q->want->image_id,   r->image_id },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].want.n != 0 &&
		    !bytes_equal(rows[i].want, rows[i].is))
			return fail(f, FAULT_VERIFY, "snp.id-block",
			    "evidence 29: another %s", rows[i].name);
	return true;
}

/* The block, its keys, and that the report is of a launch under them. */
static bool
check_signed(const struct asked *q, struct fault *f)
{
	struct idblock_auth auth;
	struct idblock block;

	return idblock_parse(&block, q->want->id_block, f) &&
	       idblock_parse_auth(&auth, q->want->id_auth, f) &&
	       idblock_check_auth(&block, &auth, f) &&
	       idblock_check_report(&block, &auth, q->report, f);
}

static void
record(const struct asked *q, enum check c, check_function *check)
{
	struct fault f = { 0 };

	(void)verdict_record(q->v, c, check(q, &f), &f);
}

/* The measurement that the launch gives, which a digest asked for must be. */
static bool
recompute(struct sha384 *out, const struct asked *q, struct fault *f)
{
	if (!launch_digest(out, q->want->launch, f))
		return false;
	if (q->want->measurement.n != 0 &&
	    !bytes_equal(q->want->measurement, BYTES_OF(out)))
		return fail(f, FAULT_VERIFY, "snp.launch.mismatch",
		    "evidence 47: the launch asked for does not give the "
		    "digest asked for");
	return true;
}

static void
check_launch(const struct asked *q)
{
	struct sha384 digest;
	struct fault f = { 0 };

	if (!verdict_record(q->v, CHECK_SNP_LAUNCH_FEATURES,
		launch_check_features(q->want->launch, &f), &f))
		return;
	if (!recompute(&digest, q, &f))
		(void)verdict_record(q->v, CHECK_SNP_MEASUREMENT, false, &f);
	else
		(void)verdict_equal(q->v, CHECK_SNP_MEASUREMENT,
		    BYTES_OF(&digest), q->report->measurement);
}

static bool
asks_for_floor(const struct asked *q)
{
	static const uint8_t none[SNP_TCB_KINDS][SNP_COMPONENTS];

	return memcmp(q->want->floor[q->product], none, sizeof(none)) != 0;
}

static void
check_asked(const struct asked *q)
{
	const struct snp_policy *want = q->want;

	if (want->launch != NULL)
		check_launch(q);
	else if (want->measurement.n != 0)
		(void)verdict_equal(q->v, CHECK_SNP_MEASUREMENT,
		    want->measurement, q->report->measurement);
	if (want->id_block.n != 0 || want->id_auth.n != 0)
		record(q, CHECK_SNP_ID_BLOCK_SIGNED, check_signed);
	if (want->host_data.n != 0)
		(void)verdict_equal(q->v, CHECK_SNP_HOST_DATA, want->host_data,
		    q->report->host_data);
	if (want->id_key.n != 0 || want->author_key.n != 0 ||
	    want->family_id.n != 0 || want->image_id.n != 0)
		record(q, CHECK_SNP_ID_BLOCK, check_id_block);
	if (want->guest_svn_min != 0)
		record(q, CHECK_SNP_SVN, check_svn);
	if (asks_for_floor(q))
		record(q, CHECK_SNP_TCB_FLOOR, check_floor);
	if ((want->policy_set | want->policy_clear | want->platform_set |
		want->platform_clear) != 0)
		record(q, CHECK_SNP_BITS, check_bits);
	if (want->products != 0)
		record(q, CHECK_SNP_LINE, check_line);
}

void
snppolicy_check(struct verdict *v, const struct snp_policy *want,
    const struct snpreport *r, enum snp_product product)
{
	const struct asked q = { v, want, r, product };

	if (want->report_data.n != 0)
		(void)verdict_equal(v, CHECK_SNP_REPORT_DATA, want->report_data,
		    r->report_data);
	record(&q, CHECK_SNP_DEBUG, check_debug);
	record(&q, CHECK_SNP_MIGRATE, check_migrate);
	record(&q, CHECK_SNP_VMPL, check_vmpl);
	record(&q, CHECK_SNP_TCB_ORDER, check_order);
	check_asked(&q);
}
