/* SPDX-License-Identifier: Apache-2.0 */
/* Event logs: what they hold, and what they replay to. */
#include "core/base/base64.h"
#include "core/base/hex.h"
#include "core/evidence/bootfacts.h"
#include "core/evidence/ccel.h"
#include "core/evidence/imalog.h"
#include "core/evidence/logcheck.h"
#include "core/evidence/logtype.h"
#include "harness/vectors/algs.h"
#include "harness/vectors/engines.h"

/* What the log gives for a bank, in the index's form; NULL when it has none. */
static json_t *
replayed(const struct eventlog *log, const char *name, struct arena *a)
{
	enum hash_alg alg;
	struct replay r;
	struct fault f = { 0 };
	json_t *bank = json_object();

	if (!algs_hash(&alg, name) || !replay_run(&r, log, alg, &f)) {
		json_decref(bank);
		return NULL;
	}
	for (uint32_t i = 0; i < EVENTLOG_PCRS; i++) {
		struct bytes key = arena_print(a, "%u", i);
		struct bytes value =
		    hex_encode(a, bytes_of(r.values[i], hash_size(alg)));

		if ((r.covered >> i & 1) != 0)
			(void)json_object_setn_new(bank, (const char *)key.p,
			    key.n,
			    json_stringn((const char *)value.p, value.n));
	}
	return bank;
}

static void
compare_replay(struct entry *e, const struct eventlog *log)
{
	json_t *banks = json_object_get(e->json, "replay"), *bank;
	const char *name;

	json_object_foreach(banks, name, bank)
	    evidence_json(e, name, bank, replayed(log, name, e->arena));
}

/* All banks of the log that it is derived from come out the same. */
static bool
same_replay(struct entry *e, const struct eventlog *log, json_t *banks)
{
	json_t *bank;
	const char *name;
	bool same = true;

	json_object_foreach(banks, name, bank)
	{
		json_t *seen = replayed(log, name, e->arena);

		same = same && json_equal(bank, seen);
		json_decref(seen);
	}
	return same;
}

static void
compare_derived(struct entry *e, const struct eventlog *log)
{
	const char *from =
	    json_string_value(json_object_get(e->json, "derived_from"));
	const json_t *other = from == NULL ? NULL : evidence_other(e, from);
	bool same;

	if (other == NULL)
		return;
	same = same_replay(e, log, json_object_get(other, "replay"));
	if (evidence_expects(e, "replay-same"))
		(void)evidence_check(e, e->expect, same, "the same PCRs");
	else if (evidence_expects(e, "replay-differs"))
		(void)evidence_check(e, e->expect, !same, "other PCRs");
}

/* What a TPM had, where somebody wrote it down. */
static void
compare_stated(struct entry *e, const struct eventlog *log)
{
	json_t *banks = json_object_get(e->json, "pcrs_stated"), *values;
	const char *name;

	json_object_foreach(banks, name, values)
	{
		struct pcr_bank bank;
		struct replay r;
		struct fault f = { 0 };
		uint32_t equal = 0, given = 0;

		if (!algs_bank(&bank, e, name, values) ||
		    !evidence_done(
			e, name, replay_run(&r, log, bank.alg, &f), &f))
			continue;
		for (uint32_t i = 0; i < PCR_COUNT; i++)
			given |= (uint32_t)(bank.values[i].p != NULL) << i;
		(void)evidence_flag(e, "replay equals stated",
		    json_object_get(
			evidence_member(e, "replay_equals_stated"), name),
		    replay_check(&equal, &r, &bank, given, &f));
	}
}

/* A hardware H-CRTM starts PCR 0 elsewhere, and no event says so. */
static void
compare_locality(struct entry *e, const struct eventlog *log)
{
	json_t *banks = json_object_get(e->json, "alt_replay_pcr0_init_4");
	struct eventlog other = *log;
	json_t *value;
	const char *name;

	other.locality = 4;
	json_object_foreach(banks, name, value)
	{
		json_t *bank = replayed(&other, name, e->arena);

		evidence_json(e, "PCR 0 from locality 4", value,
		    json_incref(json_object_get(bank, "0")));
		json_decref(bank);
	}
}

static void
count_type(json_t *counts, uint32_t type, struct arena *a)
{
	const struct logtype *known = logtype_find(type);
	struct bytes name = known == NULL ? arena_print(a, "0x%x", type)
					  : bytes_text(known->name);
	json_int_t before = json_integer_value(
	    json_object_getn(counts, (const char *)name.p, name.n));

	(void)json_object_setn_new(
	    counts, (const char *)name.p, name.n, json_integer(before + 1));
}

/*
 * How many events there are of each type, and which have a digest that is not
 * that of their data. The index judges types whose digest is of the event's
 * data alone: not EV_EFI_VARIABLE_BOOT, of which it also may be of the
 * variable's content, and nothing that has no digest which we can compute.
 */
static void
compare_events(struct entry *e, const struct eventlog *log)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	enum hash_alg alg = HASH_SHA256;
	size_t bank = 0;
	bool has_bank = false;
	json_t *counts = json_object(), *odd = json_array();

	for (size_t i = 0; i < log->nalgs && !has_bank; i++)
		has_bank = tpm_alg_hash(&alg, log->algs[i].id) &&
			   eventlog_bank(&bank, log, alg);
	if (log->agile)
		count_type(counts, EV_NO_ACTION, e->arena);
	while (eventlog_next(&w, &event)) {
		count_type(counts, event.type, e->arena);
		if (has_bank && event.type != EV_EFI_VARIABLE_BOOT &&
		    !logcheck_digest(&event, alg, event.digests[bank]))
			(void)json_array_append_new(
			    odd, json_integer((json_int_t)event.index));
	}
	evidence_json(e, "types", evidence_member(e, "types"), counts);
	evidence_json(e, "digests that are not of their data",
	    evidence_member(e, "content_mismatch_events"), odd);
}

static void
compare_header(struct entry *e, const struct eventlog *log)
{
	json_t *names = json_array();

	for (size_t i = 0; i < log->nalgs; i++) {
		const char *name = algs_name(log->algs[i].id);

		(void)json_array_append_new(
		    names, name == NULL ? json_null() : json_string(name));
	}
	evidence_json(e, "algs", evidence_member(e, "algs"), names);
	(void)evidence_text(e, "format", evidence_member(e, "format"),
	    log->agile ? BYTES("crypto-agile") : BYTES("sha1-legacy"));
	(void)evidence_number(e, "platform class",
	    evidence_member(e, "spec/platform_class"), log->platform_class);
	(void)evidence_number(
	    e, "uintn", evidence_member(e, "spec/uintn"), log->uintn);
	(void)evidence_text(e, "spec", evidence_member(e, "spec/spec"),
	    arena_print(
		e->arena, "%u.%u.%u", log->major, log->minor, log->errata));
	(void)evidence_number(
	    e, "events", evidence_member(e, "events"), log->count);
	(void)evidence_number(
	    e, "padding", evidence_member(e, "padding"), log->padding);
	(void)evidence_number(e, "locality",
	    evidence_member(e, "startup_locality"), log->locality);
}

static bool
read_log(struct eventlog *log, struct entry *e)
{
	struct bytes in;
	struct fault f = { 0 };

	if (!evidence_check(
		e, "files", evidence_file(&in, e, "log"), "an event log"))
		return false;
	bool parsed = eventlog_parse(log, in, &f);

	(void)evidence_number(e, "size", evidence_member(e, "size"), in.n);
	(void)evidence_text(e, "parse", evidence_member(e, "parse"),
	    parsed ? BYTES("ok") : BYTES("error"));
	if (evidence_expects(e, "valid") || evidence_expects(e, "invalid"))
		evidence_outcome(e, parsed, &f);
	else
		(void)evidence_done(e, e->expect, parsed, &f);
	return parsed;
}

/* Whatever a log says, reading what it is about ends in facts or a reason. */
static void
read_facts(struct entry *e, const struct eventlog *log)
{
	struct bootfacts *facts = arena_alloc(e->arena, sizeof(*facts));

	for (int alg = HASH_SHA1; facts != NULL && alg <= HASH_SHA512; alg++) {
		struct fault f = { 0 };

		if (!bootfacts_read(
			facts, log, (enum hash_alg)alg, 0xffffff, &f))
			(void)evidence_check(
			    e, "facts", f.reason[0] != '\0', "a reason");
	}
}

static void
log_run(struct entry *e)
{
	struct eventlog log;

	if (!read_log(&log, e))
		return;
	compare_header(e, &log);
	compare_replay(e, &log);
	compare_derived(e, &log);
	compare_stated(e, &log);
	compare_locality(e, &log);
	compare_events(e, &log);
	read_facts(e, &log);
}

/* Others' reading of the same events. */
static void
compare_upstream(struct entry *e, const struct eventlog *log)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event event;
	struct bytes text;
	json_t *json = NULL, *one;
	size_t i;

	if (evidence_file(&text, e, "upstream_expectation"))
		json = json_loadb((const char *)text.p, text.n, 0, NULL);
	json_array_foreach(json_object_get(json, "uefi_event_logs"), i, one)
	{
		const struct logtype *type;
		const json_t *digests = json_object_get(one, "digests");
		bool more = eventlog_next(&w, &event);

		while (more && event.type == EV_NO_ACTION)
			more = eventlog_next(&w, &event);
		if (!evidence_check(e, "event", more, "as many events"))
			break;
		type = logtype_find(event.type);
		(void)evidence_number(
		    e, "register", json_object_get(one, "index"), event.pcr);
		(void)evidence_text(e, "type",
		    json_object_get(one, "type_name"),
		    type == NULL ? BYTES("") : bytes_text(type->name));
		(void)evidence_hex(e, "digest",
		    json_object_get(json_array_get(digests, 0), "digest"),
		    event.digests[0]);
		(void)evidence_text(e, "data", json_object_get(one, "event"),
		    base64_encode(e->arena, BASE64_PADDED, event.data));
	}
	json_decref(json);
}

/* The registers are not PCRs: RTMR 0 is register 1 of the index. */
static void
ccel_run(struct entry *e)
{
	const json_t *stated =
	    json_object_get(evidence_member(e, "replay"), "sha384");
	struct eventlog log;
	struct ccel_registers registers;
	struct fault f = { 0 };

	if (!read_log(&log, e))
		return;
	compare_header(e, &log);
	compare_replay(e, &log);
	compare_events(e, &log);
	compare_upstream(e, &log);
	if (stated == NULL || !evidence_done(e, "registers",
				  ccel_replay(&registers, &log, &f), &f))
		return;
	for (uint32_t i = 0; i < CCEL_RTMRS; i++) {
		const char name[] = { (char)('1' + i), '\0' };

		if ((registers.extended >> i & 1) != 0)
			(void)evidence_hex(e, "RTMR",
			    json_object_get(stated, name),
			    BYTES_OF(&registers.rtmr[i]));
	}
}

static void
ima_run(struct entry *e)
{
	struct bytes in;
	struct imalog log;
	struct fault f = { 0 };

	if (evidence_check(e, "files", evidence_file(&in, e, "log"), "a list"))
		evidence_outcome(e,
		    imalog_parse(&log, in, &f) && imalog_check(&log, &f), &f);
}

static const char *const words[] = { "valid", "invalid", "replay-same",
	"replay-differs", NULL };

/* clang-format off */
static const struct evidence_class classes[] = {
	{ "linux-client",       log_run },
	{ "linux-server",       log_run },
	{ "gce-linux",          log_run },
	{ "gce-cos",            log_run },
	{ "windows",            log_run },
	{ "sha1-legacy",        log_run },
	{ "odd",                log_run },
	{ "fragment",           log_run },
	{ "malformed-upstream", log_run },
	{ "derived-malformed",  log_run },
	{ "derived-content",    log_run },
	{ "derived-inner",      log_run },
	{ "derived-large",      log_run },
	{ "ccel",               ccel_run },
	{ "ima",                ima_run },
	{ NULL,                 NULL },
};
/* clang-format on */

const struct evidence_engine eventlog_engine = { "eventlog", words, classes };
