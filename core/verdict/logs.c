/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware's log and the node's own: do they give the quoted PCRs? */
#include "core/evidence/bootfacts.h"
#include "core/evidence/logcheck.h"
#include "core/verdict/parts.h"

#include <assert.h>

#define PCR_RUNTIME  (1u << RUNTIMELOG_PCR)
#define PCR_FIRMWARE 0x0000ffu /* that nobody but firmware extends */

/* With its ao-types; else nobody could sign the verdict. */
static_assert(BOOTFACTS_SECTIONS_MAX < MESSAGE_KEYS_MAX &&
		  BOOTFACTS_APPLICATIONS_MAX < MESSAGE_KEYS_MAX,
    "a list of facts is a level that can be named");

static void
check_runtime(struct parts *p)
{
	const struct message *list = NULL;
	struct fault f = { 0 };
	struct verdict *v = p->v;

	(void)message_find_list(&list, p->evidence, "runtime-log");
	if (!verdict_record(v, CHECK_RUNTIME,
		runtimelog_parse(&p->runtime, list, p->arena, &f) &&
		    runtimelog_check_pcr(
			&p->runtime, p->bank.values[RUNTIMELOG_PCR], &f),
		&f))
		return;
	struct sha256 log = sha256_of(p->firmware_log);
	bool has_log = p->firmware_log.n != 0;

	(void)verdict_equal(v, CHECK_SUBJECT, BYTES_OF(&p->binding.subject),
	    BYTES_OF(&p->runtime.subject));
	(void)verdict_equal(v, CHECK_LOG_TIP,
	    has_log ? BYTES_OF(&log) : BYTES(""),
	    p->runtime.has_firmware_log ? BYTES_OF(&p->runtime.firmware_log)
					: BYTES(""));
	message_set_bytes(v->facts, "confinement",
	    hex_encode(p->arena, BYTES_OF(&p->runtime.confinement)));
}

/* Whatever the log does not cover must be as it was reset: else something was
 * measured that nobody can name. Of other systems than ours only what firmware
 * measures is in its log. */
static bool
check_replay(struct parts *p, struct fault *f)
{
	uint32_t explained = p->quoted & ~(p->bare ? 0u : PCR_RUNTIME);
	uint32_t firmware = explained & (p->bare ? PCR_FIRMWARE : ~0u);

	return replay_run(&p->replay, &p->log, p->bank.alg, f) &&
	       replay_check(&p->replayed, &p->replay, &p->bank, explained, f) &&
	       replay_check_untouched(
		   &p->bank, firmware & ~p->replay.covered, f);
}

static bool
check_order(const struct parts *p, struct fault *f)
{
	return logcheck_types(&p->log, f) &&
	       logcheck_separators(&p->log, p->bank.alg, f) &&
	       logcheck_order(&p->log, f);
}

/* A list, because a name can be what no key may be. */
static void
add_sections(struct message *boot, const struct bootfacts *facts)
{
	struct message *sections = message_list(boot, "uki-sections");

	for (size_t i = 0; i < facts->nsections; i++) {
		struct message *section = message_new(boot->arena);

		message_set_text(section, "name", facts->sections[i].name);
		message_set_bytes(section, "sha256",
		    hex_encode(boot->arena, facts->sections[i].content));
		message_append_message(sections, section);
	}
}

static void
add_facts(struct parts *p, const struct bootfacts *facts)
{
	static const char *const names[BOOTFACTS_VARIABLES] = { "pk", "kek",
		"db", "dbx" };
	struct arena *a = p->arena;
	struct message *boot = message_new(a);
	struct message *applications = message_list(boot, "applications");
	struct message *variables = message_new(a);

	for (size_t i = 0; i < facts->napplications; i++) {
		struct value digest = { .kind = VALUE_BYTES,
			.bytes = hex_encode(a, facts->applications[i]) };

		message_append(applications, digest);
	}
	for (size_t i = 0; i < BOOTFACTS_VARIABLES; i++) {
		if (facts->variables[i].present)
			message_set_bytes(variables, names[i],
			    hex_encode(
				a, BYTES_OF(&facts->variables[i].digest)));
	}
	if (facts->has_secure_boot)
		message_set_bool(boot, "secure-boot", facts->secure_boot);
	message_set_message(boot, "secure-boot-variables", variables);
	add_sections(boot, facts);
	if (facts->cut)
		message_set_bool(boot, "cut", true);
	message_set_message(p->v->facts, "boot", boot);
}

/* Which byte of the log; before is what stands in front of its events. */
static bool
record(struct parts *p, enum check c, size_t before, bool ok,
    const struct fault *f)
{
	if (!ok && f->has_offset)
		verdict_at(
		    p->v, c, "evidence/firmware-log+0x%zx", before + f->offset);
	return verdict_record(p->v, c, ok, f);
}

/* Which of the quoted PCRs the log gives: firmware that cannot be replayed is a
 * fact about the machine. */
static void
add_replayed(struct parts *p)
{
	struct message *list = message_list(p->facts, "replayed");

	for (uint32_t i = 0; i < PCR_COUNT; i++) {
		struct value pcr = { .kind = VALUE_INTEGER, .integer = i };

		if ((p->replayed >> i & 1) != 0)
			message_append(list, pcr);
	}
}

void
logs_firmware(struct parts *p)
{
	struct bootfacts *facts =
	    arena_alloc(p->arena, sizeof(struct bootfacts));
	struct fault f = { 0 };
	struct verdict *v = p->v;

	if (facts == NULL ||
	    !record(p, CHECK_LOG_SYNTAX, 0,
		eventlog_parse(&p->log, p->firmware_log, &f), &f))
		return;
	size_t before = p->log.events.n == 0
			    ? 0
			    : (size_t)(p->log.events.p - p->firmware_log.p);

	(void)record(
	    p, CHECK_RESETTABLE, before, logcheck_lasting(&p->log, &f), &f);
	(void)record(p, CHECK_LOG_ORDER, before, check_order(p, &f), &f);
	(void)record(p, CHECK_LOG_DIGEST, before,
	    logcheck_digests(&p->log, p->bank.alg, &f), &f);
	bool replayed =
	    verdict_record(v, CHECK_LOG_REPLAY, check_replay(p, &f), &f);

	add_replayed(p);
	if (!replayed || v->results[CHECK_LOG_DIGEST].state != CHECK_PASSED)
		return;
	if (record(p, CHECK_LOG_DIGEST, before,
		bootfacts_read(facts, &p->log, p->bank.alg, p->replayed, &f),
		&f))
		add_facts(p, facts);
}

/* No log at all: then nothing may have been measured. */
static void
check_no_firmware(struct parts *p)
{
	struct fault f = { 0 };
	struct verdict *v = p->v;

	(void)verdict_record(v, CHECK_RESETTABLE, true, &f);
	(void)verdict_record(v, CHECK_LOG_SYNTAX, true, &f);
	(void)verdict_record(v, CHECK_LOG_ORDER, true, &f);
	(void)verdict_record(v, CHECK_LOG_DIGEST, true, &f);
	(void)verdict_record(v, CHECK_LOG_REPLAY,
	    replay_check_untouched(&p->bank, PCR_QUOTED & ~PCR_RUNTIME, &f),
	    &f);
}

void
logs_check(struct parts *p)
{
	check_runtime(p);
	if (p->firmware_log.n == 0)
		check_no_firmware(p);
	else
		logs_firmware(p);
}

bool
logs_secure_boot(const struct parts *p, struct fault *f)
{
	const struct value *on = message_find(p->v->facts, "boot/secure-boot");

	if (on == NULL || on->kind != VALUE_ATOM ||
	    !bytes_is(on->bytes, "true"))
		return fail(f, FAULT_VERIFY, "policy.secure-boot",
		    "verdict 4: the replayed log does not say that it was on");
	return true;
}
