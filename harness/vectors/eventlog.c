/* SPDX-License-Identifier: Apache-2.0 */
/* Event logs: what they hold, and what they replay to. */
#include "harness/vectors/engines.h"

#include "core/evidence/eventlog.h"
#include "core/evidence/replay.h"

static const struct {
	const char *name;
	uint16_t id;
	enum hash_alg hash;
	bool hashed; /* by core/crypto */
} algs[] = {
	{ "sha1", TPM_ALG_SHA1, HASH_SHA1, true },
	{ "sha256", TPM_ALG_SHA256, HASH_SHA256, true },
	{ "sha384", TPM_ALG_SHA384, HASH_SHA384, true },
	{ "sha512", TPM_ALG_SHA512, HASH_SHA512, true },
	{ "sm3_256", TPM_ALG_SM3_256, HASH_SHA256, false },
};
#define ALGS (sizeof(algs) / sizeof(algs[0]))

static struct bytes
pcr_name(uint32_t pcr, struct arena *a)
{
	return arena_print(a, "%u", pcr);
}

/* Every PCR of the bank that the log extends, and no other. */
static void
compare_bank(
    struct entry *e, const struct eventlog *log, size_t alg, const json_t *bank)
{
	size_t n = hash_size(algs[alg].hash);
	struct replay r;
	struct fault f = { 0 };
	size_t covered = 0;

	if (!evidence_done(e, algs[alg].name,
		algs[alg].hashed && replay_run(&r, log, algs[alg].hash, &f),
		&f))
		return;
	for (uint32_t i = 0; i < EVENTLOG_PCRS; i++) {
		struct bytes name = pcr_name(i, e->arena);
		const json_t *stated =
		    json_object_getn(bank, (const char *)name.p, name.n);

		if ((r.covered >> i & 1) == 0)
			continue;
		covered++;
		if (evidence_check(e, algs[alg].name, stated != NULL,
			"no event in a PCR that has none"))
			(void)evidence_hex(e, algs[alg].name, stated,
			    bytes_of(r.values[i], n));
	}
	(void)evidence_check(e, algs[alg].name,
	    covered == json_object_size(bank), "events in as many PCRs");
}

static void
compare_replay(struct entry *e, const struct eventlog *log)
{
	json_t *banks = json_object_get(e->json, "replay"), *bank;
	const char *name;

	json_object_foreach(banks, name, bank)
	{
		size_t i = 0;

		while (i < ALGS && strcmp(algs[i].name, name) != 0)
			i++;
		if (evidence_check(e, name, i < ALGS, "a bank that we know"))
			compare_bank(e, log, i, bank);
	}
}

static void
log_run(struct entry *e)
{
	struct bytes in;
	struct eventlog log;
	struct fault f = { 0 };

	if (!evidence_check(
		e, "files", evidence_file(&in, e, "log"), "an event log"))
		return;
	bool parsed = eventlog_parse(&log, in, &f);

	if (evidence_expects(e, "invalid") || !parsed) {
		evidence_outcome(e, parsed, &f);
		return;
	}
	(void)evidence_text(e, "format", evidence_member(e, "format"),
	    log.agile ? BYTES("crypto-agile") : BYTES("sha1-legacy"));
	(void)evidence_number(
	    e, "events", evidence_member(e, "events"), log.count);
	(void)evidence_number(
	    e, "padding", evidence_member(e, "padding"), log.padding);
	compare_replay(e, &log);
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
	{ NULL,                 NULL },
};
/* clang-format on */

const struct evidence_engine eventlog_engine = { "eventlog", words, classes };
