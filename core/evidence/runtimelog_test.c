/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/runtimelog.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t memory[65536];
static struct arena arena;

/* Python: two, then three extends of zeros by 11.., 22.., SHA-256("log"). */
static const uint8_t after_two[32] = { 0x78, 0x83, 0x00, 0x00, 0xe1, 0x19, 0x77,
	0x90, 0xa7, 0xe1, 0x88, 0x41, 0x39, 0xa6, 0x57, 0x21, 0x21, 0x0d, 0x64,
	0x2a, 0xd1, 0x12, 0xe6, 0xc9, 0x89, 0x9a, 0x05, 0xcb, 0x21, 0x40, 0x27,
	0xa5 };
static const uint8_t after_three[32] = { 0x64, 0xbb, 0x95, 0xfb, 0x9d, 0x5e,
	0xbd, 0x9a, 0xb2, 0xcc, 0x99, 0x21, 0x79, 0x51, 0x8c, 0x1f, 0xe4, 0xf2,
	0x9d, 0x5d, 0x7d, 0xb4, 0xc3, 0x41, 0x2f, 0x1f, 0xd6, 0x3e, 0x43, 0xbf,
	0x24, 0x5e };

static struct message *
entry(const char *type, int64_t pcr, uint8_t fill, size_t n)
{
	struct message *m = message_new(&arena);
	uint8_t digest[64];

	memset(digest, fill, sizeof(digest));
	message_set_text(m, "event-type", type);
	message_set_integer(m, "pcr", pcr);
	message_set_base64(m, "digest", bytes_of(digest, n));
	return m;
}

static struct message *
new_list(void)
{
	arena_init(&arena, memory, sizeof(memory));
	return message_list(message_new(&arena), "runtime-log");
}

static struct message *
two(void)
{
	struct message *list = new_list();

	message_append_message(list, entry("subject", 15, 0x11, 32));
	message_append_message(list, entry("confinement", 15, 0x22, 32));
	return list;
}

static struct message *
three(void)
{
	struct message *list = two();
	struct message *last = message_new(&arena);
	struct sha256 tip = sha256_of(BYTES("log"));

	message_set_text(last, "event-type", "firmware-log");
	message_set_integer(last, "pcr", 15);
	message_set_base64(last, "digest", BYTES_OF(&tip));
	message_append_message(list, last);
	return list;
}

static void
good_logs_replay(void **state)
{
	struct runtimelog log;
	struct fault f;

	(void)state;
	assert_true(runtimelog_parse(&log, two(), &arena, &f));
	assert_true(runtimelog_check_pcr(&log, bytes_of(after_two, 32), &f));
	assert_true(runtimelog_parse(&log, three(), &arena, &f));
	assert_true(runtimelog_check_pcr(&log, bytes_of(after_three, 32), &f));
}

static void
refuse(const struct message *list, const char *reason)
{
	struct runtimelog log;
	struct fault f = { 0 };

	assert_false(runtimelog_parse(&log, list, &arena, &f));
	assert_string_equal(f.reason, reason);
}

static void
other_entries_are_refused(void **state)
{
	/* clang-format off */
	static const struct {
		const char *first;
		int64_t pcr;
		size_t size;
		const char *second, *reason;
	} rows[] = {
		{ "confinement", 15, 32, "subject", NULL },
		{ "subject",     15, 32, "subject", NULL },
		{ "subject",     15, 32, "firmware-log", NULL },
		{ "Subject",     15, 32, "confinement", NULL },
		{ "subject",     14, 32, "confinement", NULL },
		{ "subject",     -1, 32, "confinement", NULL },
		{ "subject",     24, 32, "confinement", NULL },
		{ "subject",     16, 32, "confinement", "tpm.pcr.resettable" },
		{ "subject",     23, 32, "confinement", "tpm.pcr.resettable" },
		{ "subject",     15, 31, "confinement", NULL },
		{ "subject",     15, 33, "confinement", NULL },
		{ "subject",     15, 0,  "confinement", NULL },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct message *list = new_list();

		message_append_message(list,
		    entry(rows[i].first, rows[i].pcr, 0x11, rows[i].size));
		message_append_message(
		    list, entry(rows[i].second, 15, 0x22, 32));
		refuse(list, rows[i].reason == NULL ? "log.runtime.order"
						    : rows[i].reason);
	}
}

static void
other_numbers_of_entries_are_refused(void **state)
{
	struct message *list = new_list();
	struct message *extra;

	(void)state;
	refuse(list, "log.runtime.order");
	message_append_message(list, entry("subject", 15, 0x11, 32));
	refuse(list, "log.runtime.order");
	list = three();
	message_append_message(list, entry("firmware-log", 15, 0x33, 32));
	refuse(list, "log.runtime.order");
	list = new_list();
	message_append_text(list, "subject");
	message_append_text(list, "confinement");
	refuse(list, "log.runtime.order");
	list = new_list();
	extra = entry("subject", 15, 0x11, 32);
	message_set_text(extra, "note", "more");
	message_append_message(list, extra);
	message_append_message(list, entry("confinement", 15, 0x22, 32));
	refuse(list, "log.runtime.order");
	list = two();
	message_append_message(list, entry("anything", 15, 0x33, 32));
	refuse(list, "log.runtime.order");
}

static void
other_digest_texts_are_refused(void **state)
{
	struct message *list = new_list();
	struct message *bad = entry("subject", 15, 0x11, 32);

	(void)state;
	message_set_text(bad, "digest", "no base64url!");
	message_append_message(list, bad);
	message_append_message(list, entry("confinement", 15, 0x22, 32));
	refuse(list, "encoding.base64");
}

static void
register_must_agree(void **state)
{
	struct runtimelog log;
	struct fault f;

	(void)state;
	assert_true(runtimelog_parse(&log, two(), &arena, &f));
	assert_false(runtimelog_check_pcr(&log, bytes_of(after_three, 32), &f));
	assert_string_equal(f.reason, "log.runtime.order");
	assert_false(runtimelog_check_pcr(&log, bytes_of(after_two, 31), &f));
	assert_string_equal(f.reason, "log.runtime.order");
	/* Extended once more, or the other way round. */
	assert_true(runtimelog_parse(&log, three(), &arena, &f));
	assert_false(runtimelog_check_pcr(&log, bytes_of(after_two, 32), &f));
	assert_string_equal(f.reason, "log.runtime.order");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(good_logs_replay),
		cmocka_unit_test(other_entries_are_refused),
		cmocka_unit_test(other_numbers_of_entries_are_refused),
		cmocka_unit_test(other_digest_texts_are_refused),
		cmocka_unit_test(register_must_agree),
	};

	return cmocka_run_group_tests_name("runtimelog", units, NULL, NULL);
}
