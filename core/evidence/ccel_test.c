/* SPDX-License-Identifier: Apache-2.0 */
/* Event logs of confidential guests: real ones, and altered copies. */
#include "core/evidence/ccel.h"

#include "core/evidence/table_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t block[2u << 20];

static void
load(struct eventlog *log, const char *name)
{
	struct fault f = { 0 };
	struct bytes in =
	    table_file(block, sizeof(block), "eventlog", bytes_text(name));

	if (!eventlog_parse(log, in, &f))
		fail_msg("%s: %s", name, f.why);
}

static void
real_ones_are_in_order(void **state)
{
	static const char *const files[] = { "ccel-grub.bin", "ccel-ovmf.bin",
		"ccel-goeventlog.bin", "ccel-dupe-sep.bin",
		"ccel-aael-alibaba.bin" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct eventlog log;
		struct ccel_registers r;
		struct fault f = { 0 };

		load(&log, files[i]);
		assert_true(ccel_check_types(&log, &f));
		assert_true(ccel_check_separators(&log, &f));
		assert_true(ccel_replay(&r, &log, &f));
		assert_true((r.extended & 3) == 3);
	}
}

static uint8_t *
event_at(const struct eventlog *log, size_t index)
{
	struct eventlog_walk w = eventlog_walk(log);
	struct eventlog_event e;

	while (eventlog_next(&w, &e))
		if (e.index == index)
			return (uint8_t *)(uintptr_t)log->events.p + e.offset;
	fail_msg("no event %zu", index);
	return NULL;
}

static void
refuse_types(size_t index, size_t at, uint8_t value, const char *reason)
{
	struct eventlog log;
	struct fault f = { 0 };

	load(&log, "ccel-grub.bin");
	event_at(&log, index)[at] = value;
	assert_false(ccel_check_types(&log, &f));
	assert_string_equal(f.reason, reason);
}

static void
registers_and_types(void **state)
{
	(void)state;
	refuse_types(1, 0, 0, "log.event");
	refuse_types(1, 0, 5, "log.event");
	refuse_types(1, 0, 3, "log.type");
	refuse_types(1, 4, 0x77, "log.type");
}

static void
separators(void **state)
{
	struct eventlog log;
	struct fault f = { 0 };
	struct eventlog_walk w;
	struct eventlog_event e;

	(void)state;
	load(&log, "ccel-ovmf.bin");
	w = eventlog_walk(&log);
	while (eventlog_next(&w, &e))
		if (e.type == EV_SEPARATOR)
			((uint8_t *)(uintptr_t)e.data.p)[0] = 1;
	assert_false(ccel_check_separators(&log, &f));
	assert_string_equal(f.reason, "log.separator");
	w = eventlog_walk(&log);
	while (eventlog_next(&w, &e))
		if (e.type == EV_SEPARATOR)
			((uint8_t *)(uintptr_t)log.events.p)[e.offset + 4] =
			    EV_ACTION;
	assert_false(ccel_check_separators(&log, &f));
	assert_string_equal(f.reason, "log.separator");
}

static void
another_bank(void **state)
{
	struct eventlog log;
	struct ccel_registers r;
	struct fault f = { 0 };

	(void)state;
	load(&log, "keylime-mb-secureboot.bin");
	assert_false(ccel_replay(&r, &log, &f));
	assert_string_equal(f.reason, "log.bank");
	assert_false(ccel_check_separators(&log, &f));
	assert_string_equal(f.reason, "log.bank");
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(real_ones_are_in_order),
		cmocka_unit_test(registers_and_types),
		cmocka_unit_test(separators),
		cmocka_unit_test(another_bank),
	};

	return cmocka_run_group_tests_name("ccel", units, NULL, NULL);
}
