/* SPDX-License-Identifier: Apache-2.0 */
/* SEV-SNP reports, their certificates, tables and JSON form. */
#include "harness/vectors/snp.h"

#include "core/base/cursor.h"
#include "core/base/hex.h"
#include "core/evidence/snpjson.h"
#include "core/verdict/snp.h"
#include "harness/vectors/engines.h"

#define AMD_TRUST "amd-ark-"

/* What an index calls trust, and the issuers that go with it. */
struct trust {
	struct snp_root root;
	struct bytes store;
};

static bool
set_amd(struct trust *out, struct entry *e, const char *line)
{
	static const char *const names[] = { "VCEK-ask", "VLEK-ask", "ark" };
	struct buf store = buf_in(e->arena, 3 * X509_CERT_MAX);

	for (size_t i = 0; i < snpchain_nroots; i++)
		if (strcmp(snptcb_product_name(snpchain_roots[i].product),
			line) == 0)
			out->root = snpchain_roots[i];
	if (!evidence_check(e, "trust", out->root.product != SNP_NO_PRODUCT,
		"a known product line"))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bytes one, path = arena_print(e->arena,
				      "common/%s-%s.der", line, names[i]);

		if (!evidence_beside(&one, e, (const char *)path.p))
			return false;
		buf_put(&store, one);
	}
	out->store = buf_bytes(&store);
	return true;
}

/* No trust at all is a trust in nothing. */
static bool
read_trust(struct trust *out, struct entry *e)
{
	struct fault f = { 0 };
	const char *trust = json_string_value(evidence_member(e, "trust"));
	struct bytes certificate;

	*out = (struct trust){ 0 };
	if (trust == NULL)
		return evidence_check(e, "trust",
		    json_is_null(evidence_member(e, "trust")), "a trust");
	if (strncmp(trust, AMD_TRUST, sizeof(AMD_TRUST) - 1) == 0)
		return set_amd(out, e, trust + sizeof(AMD_TRUST) - 1);
	return evidence_beside(&certificate, e, trust) &&
	       evidence_done(e, "trust",
		   snpchain_root(&out->root, certificate, e->arena, &f), &f);
}

/* What is asked of a report is no matter of its being genuine. */
static const enum check asked[] = { CHECK_SNP_REPORT_DATA, CHECK_SNP_DEBUG,
	CHECK_SNP_MIGRATE, CHECK_SNP_VMPL, CHECK_SNP_TCB_ORDER };

static void
set_refusal(struct fault *f, const struct verdict *v)
{
	for (size_t i = 0; i < CHECK_COUNT; i++)
		if (v->results[i].state == CHECK_FAILED) {
			(void)fail(f, FAULT_VERIFY, v->results[i].reason, "%s",
			    v->results[i].why);
			return;
		}
	(void)fail(f, FAULT_VERIFY, "incomplete", "a check was not made");
}

bool
snp_genuine(struct entry *e, struct fault *f)
{
	struct trust trust;
	struct snp_request rq = { .at = e->time, .nroots = 1 };
	struct verdict *v = arena_alloc(e->arena, sizeof(*v));

	if (v == NULL || !read_trust(&trust, e) ||
	    !evidence_check(e, "time",
		e->timed || trust.root.product == SNP_NO_PRODUCT,
		"a time at which to judge"))
		return false;
	(void)evidence_file(&rq.report, e, "report");
	(void)evidence_file(&rq.table, e, "table");
	(void)evidence_file(&rq.certificates.vek, e, "vek");
	(void)evidence_file(&rq.certificates.ask, e, "ask");
	(void)evidence_file(&rq.certificates.ark, e, "ark");
	rq.store = trust.store;
	rq.roots = &trust.root;
	if (!snp_verify(v, &rq, e->arena, f))
		return false;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		v->waived[asked[i]] = true;
	if (strcmp(verdict_word(v), "accepted") == 0)
		return true;
	set_refusal(f, v);
	return false;
}

static void
compare_bytes(struct entry *e, const struct snpreport *r)
{
	const struct {
		const char *path;
		struct bytes seen;
	} rows[] = {
		{ "fields/family_id", r->family_id },
		{ "fields/image_id", r->image_id },
		{ "fields/report_data", r->report_data },
		{ "fields/measurement", r->measurement },
		{ "fields/host_data", r->host_data },
		{ "fields/id_key_digest", r->id_key_digest },
		{ "fields/author_key_digest", r->author_key_digest },
		{ "fields/report_id", r->report_id },
		{ "fields/report_id_ma", r->report_id_ma },
		{ "fields/chip_id", r->chip_id },
		{ "fields/launch_mit_vector", bytes_of(r->raw.p + 0x1f8, 8) },
		{ "fields/current_mit_vector", bytes_of(r->raw.p + 0x200, 8) },
		{ "fields/current_tcb", bytes_of(r->raw.p + 0x038, 8) },
		{ "fields/reported_tcb", bytes_of(r->raw.p + 0x180, 8) },
		{ "fields/committed_tcb", bytes_of(r->raw.p + 0x1e0, 8) },
		{ "fields/launch_tcb", bytes_of(r->raw.p + 0x1f0, 8) },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		(void)evidence_hex(e, rows[i].path,
		    evidence_member(e, rows[i].path), rows[i].seen);
}

static void
compare_numbers(struct entry *e, const struct snpreport *r)
{
	const struct {
		const char *path;
		uint64_t seen;
	} rows[] = {
		{ "fields/version", r->version },
		{ "fields/guest_svn", r->guest_svn },
		{ "fields/vmpl", r->vmpl },
		{ "fields/sig_algo", r->signature_algo },
		{ "fields/author_key_en", snpreport_author_key_en(r) },
		{ "fields/mask_chip_key", snpreport_mask_chip_key(r) },
	};
	const struct {
		const char *path;
		bool seen;
	} flags[] = {
		{ "fields/policy_smt", (r->policy & SNP_POLICY_SMT) != 0 },
		{ "fields/policy_migrate_ma",
		    (r->policy & SNP_POLICY_MIGRATE_MA) != 0 },
		{ "fields/policy_debug", (r->policy & SNP_POLICY_DEBUG) != 0 },
		{ "fields/policy_single_socket",
		    (r->policy & SNP_POLICY_SINGLE_SOCKET) != 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		(void)evidence_number(e, rows[i].path,
		    evidence_member(e, rows[i].path), rows[i].seen);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		(void)evidence_flag(e, flags[i].path,
		    evidence_member(e, flags[i].path), flags[i].seen);
}

static struct bytes
firmware_text(struct arena *a, const struct snp_firmware *of)
{
	return arena_print(a, "%u.%u.%u", of->major, of->minor, of->build);
}

/* A number in hex as people write it. */
static struct bytes
scalar_text(struct arena *a, const uint8_t scalar[SNPREPORT_SCALAR])
{
	struct bytes text = hex_encode(a, bytes_of(scalar, SNPREPORT_SCALAR));
	struct cursor c = cursor_over(text);

	while (c.left > 1 && *c.p == '0')
		(void)cursor_u8(&c);
	return cursor_rest(&c);
}

static void
compare_texts(struct entry *e, const struct snpreport *r)
{
	static const char *const keys[8] = { "VCEK", "VLEK", "", "", "", "", "",
		"none" };
	struct snp_signature s = { 0 };
	struct fault f = { 0 };
	struct arena *a = e->arena;
	bool read = snpreport_signature(&s, r, &f);
	const struct {
		const char *path;
		struct bytes seen;
	} rows[] = {
		{ "fields/sig_r", scalar_text(a, s.r) },
		{ "fields/sig_s", scalar_text(a, s.s) },
		{ "fields/policy",
		    arena_print(a, "0x%llx", (unsigned long long)r->policy) },
		{ "fields/policy_abi",
		    arena_print(a, "%u.%u", (unsigned)(r->policy >> 8 & 0xff),
			(unsigned)(r->policy & 0xff)) },
		{ "fields/platform_info",
		    arena_print(
			a, "0x%llx", (unsigned long long)r->platform_info) },
		{ "fields/signing_key",
		    bytes_text(keys[snpreport_signing_key(r)]) },
		{ "fields/cpuid_fam_mod_step",
		    arena_print(
			a, "%02x%02x%02x", r->family, r->model, r->stepping) },
		{ "fields/current_version", firmware_text(a, &r->current) },
		{ "fields/committed_version", firmware_text(a, &r->committed) },
	};

	(void)evidence_done(e, "signature", read, &f);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		(void)evidence_text(e, rows[i].path,
		    evidence_member(e, rows[i].path), rows[i].seen);
}

/* Fields that nobody compares would pass unseen. */
static void
check_known(struct entry *e)
{
	static const char *const known[] = { "version", "guest_svn", "policy",
		"policy_abi", "policy_smt", "policy_migrate_ma", "policy_debug",
		"policy_single_socket", "family_id", "image_id", "vmpl",
		"sig_algo", "current_tcb", "platform_info", "author_key_en",
		"mask_chip_key", "signing_key", "report_data", "measurement",
		"host_data", "id_key_digest", "author_key_digest", "report_id",
		"report_id_ma", "reported_tcb", "cpuid_fam_mod_step", "chip_id",
		"committed_tcb", "current_version", "committed_version",
		"launch_tcb", "sig_r", "sig_s", "launch_mit_vector",
		"current_mit_vector" };
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(e->json, "fields"), key, value)
	{
		bool found = false;

		(void)value;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			found = found || strcmp(known[i], key) == 0;
		(void)evidence_check(e, key, found, "a field that is known");
	}
}

static void
compare_fields(struct entry *e)
{
	struct snpreport r;
	struct bytes raw;
	struct fault f = { 0 };

	if (evidence_member(e, "fields") == NULL || e->judged ||
	    !evidence_file(&raw, e, "report"))
		return;
	bool read = snpreport_parse(&r, raw, &f);

	/* What is refused for its form has no fields to compare. */
	if (!read && evidence_expects(e, "invalid"))
		return;
	if (!evidence_done(e, "report", read, &f))
		return;
	compare_bytes(e, &r);
	compare_numbers(e, &r);
	compare_texts(e, &r);
	check_known(e);
}

static void
compare_levels(struct entry *e, const struct snpvek *says)
{
	/* clang-format off */
	static const struct {
		const char *path;
		int classic, turin;
	} rows[] = {
		{ "vek/bl",    0,  1 },
		{ "vek/tee",   1,  2 },
		{ "vek/spl4",  2, -1 },
		{ "vek/spl5",  3,  4 },
		{ "vek/spl6",  4,  5 },
		{ "vek/spl7",  5,  6 },
		{ "vek/snp",   6,  3 },
		{ "vek/ucode", 7,  7 },
		{ "vek/fmc",  -1,  0 },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int byte = says->product == SNP_TURIN ? rows[i].turin
						      : rows[i].classic;
		const json_t *stated = evidence_member(e, rows[i].path);

		if (byte < 0)
			(void)evidence_number(e, rows[i].path, stated, 0);
		else
			(void)evidence_number(e, rows[i].path, stated,
			    says->tcb >> (8 * byte) & 0xff);
	}
}

static void
compare_vek(struct entry *e)
{
	struct x509_extensions *all = arena_alloc(e->arena, sizeof(*all));
	struct snpvek says;
	struct bytes der;
	struct fault f = { 0 };

	if (evidence_member(e, "vek") == NULL || all == NULL)
		return;
	if (!evidence_check(
		e, "vek", evidence_file(&der, e, "vek"), "a certificate") ||
	    !evidence_done(e, "vek",
		x509_extensions(all, der, e->arena, &f) &&
		    snpvek_parse(&says, all, &f),
		&f))
		return;
	(void)evidence_text(
	    e, "product", evidence_member(e, "vek/product"), says.product_name);
	(void)evidence_number(
	    e, "struct", evidence_member(e, "vek/struct"), says.structure);
	(void)evidence_hex(
	    e, "hwid", evidence_member(e, "vek/hwid"), says.hwid);
	(void)evidence_text(
	    e, "csp", evidence_member(e, "vek/csp"), says.csp_id);
	compare_levels(e, &says);
}

static void
report_run(struct entry *e)
{
	struct fault f = { 0 };
	size_t failed = e->report.failed;
	bool genuine = snp_genuine(e, &f);

	if (e->report.failed != failed)
		return;
	evidence_outcome(e, genuine, &f);
	compare_fields(e);
	compare_vek(e);
}

/* Nothing vouches for it: it can be read, and is not accepted. */
static void
unendorsed_run(struct entry *e)
{
	struct fault f = { 0 };

	compare_fields(e);
	(void)evidence_check(e, e->expect,
	    !snp_genuine(e, &f) && evidence_expects(e, "parse-only"),
	    "a refusal without a key");
}

static void
json_run(struct entry *e)
{
	struct snpreport r;
	struct bytes json, report, want;
	struct fault f = { 0 };

	if (!evidence_check(
		e, "files", evidence_file(&json, e, "json"), "a text"))
		return;
	bool read = snpjson_decode(&report, json, e->arena, &f) &&
		    snpreport_parse(&r, report, &f);

	evidence_outcome(e, read, &f);
	if (!read || !evidence_file(&want, e, "report"))
		return;
	struct sha256 digest = sha256_of(report);

	(void)evidence_check(
	    e, "report", bytes_equal(report, want), "the report beside it");
	(void)evidence_hex(e, "binary_sha256",
	    evidence_member(e, "binary_sha256"), BYTES_OF(&digest));
}

static const char *const words[] = { "valid", "invalid", "parse-only", NULL };

#define GENUINE(line, version)                                   \
	{ "genuine-" line "-v" version "-VCEK", report_run },    \
	{                                                        \
		"genuine-" line "-v" version "-VLEK", report_run \
	}
#define LINE(line)                                                  \
	GENUINE(line, "2"), GENUINE(line, "3"), GENUINE(line, "4"), \
	    GENUINE(line, "5")

/* clang-format off */
static const struct evidence_class classes[] = {
	LINE("Milan"), LINE("Genoa"), LINE("Turin"),
	{ "genuine-unendorsed",   unendorsed_run },
	{ "upstream-negative",    report_run },
	{ "derived-report",       report_run },
	{ "derived-length",       report_run },
	{ "derived-malleable",    report_run },
	{ "derived-mbz",          report_run },
	{ "derived-time-edge",    report_run },
	{ "synthetic-valid",      report_run },
	{ "synthetic-invalid",    report_run },
	{ "synthetic-policy",     report_run },
	{ "synthetic-judgement",  report_run },
	{ "cert-table-valid",     report_run },
	{ "cert-table-invalid",   report_run },
	{ "json-valid",           json_run },
	{ "json-invalid",         json_run },
	{ "azure-linked",         azure_run },
	{ "azure-linked-invalid", azure_run },
	{ NULL,                   NULL },
};
/* clang-format on */

const struct evidence_engine snp_engine = { "snp", words, classes };
