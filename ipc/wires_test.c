/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of all rooms agree with each other. */
#include "ipc/codec.h"
#include "ipc/describe/describe.h"
#include "ipc/iface/methods.h"
#include "services/init/init.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static uint32_t
dialled_by(enum process callee)
{
	uint32_t set = 0;

	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		if (wire_exists(p, callee))
			set |= 1u << p;
	}
	return set;
}

static uint32_t
callers_of(const struct service *s)
{
	uint32_t set = 0;

	for (size_t i = 0; i < s->ncalls; i++)
		set |= s->calls[i].callers;
	return set;
}

/* No wire without a call on it, no call without a wire to it. */
static void
edges_agree(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];

		if (p == PROCESS_INIT)
			continue;
		print_message("# %s\n", wires[p].name);
		assert_non_null(s);
		assert_int_equal(s->self, p);
		assert_int_equal(callers_of(s), dialled_by(p));
	}
}

static bool
is_listed(const struct method *method)
{
	for (size_t i = 0; i < methods_count; i++) {
		if (methods[i] == method)
			return true;
	}
	return false;
}

/* Each call is of its own service, once, known to callers, and for somebody. */
static void
calls_are_methods(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];

		for (size_t i = 0; s != NULL && i < s->ncalls; i++) {
			const struct call *call = &s->calls[i];

			print_message("# %s\n", call->method->name);
			assert_true(is_listed(call->method));
			assert_true(methods_is_of(call->method, p));
			assert_true(call->callers != 0);
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(call->method->name,
				    s->calls[k].method->name);
		}
	}
}

static bool
is_served(const struct method *method)
{
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];

		for (size_t i = 0; s != NULL && i < s->ncalls; i++) {
			if (s->calls[i].method == method)
				return true;
		}
	}
	return false;
}

static void
methods_are_served(void **state)
{
	(void)state;
	for (size_t i = 0; i < methods_count; i++) {
		print_message("# %s\n", methods[i]->name);
		assert_true(is_served(methods[i]));
	}
}

static const struct child *
row_of(enum process self)
{
	for (size_t i = 0; i < children_count; i++) {
		if (children[i].self == self)
			return &children[i];
	}
	return NULL;
}

/* What init gives is what the service expects, and drops. */
static void
children_agree(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];
		const struct child *row = row_of(p);

		if (s == NULL)
			continue;
		print_message("# %s\n", wires[p].name);
		assert_non_null(row);
		assert_int_equal(row->capabilities, s->caps_open);
		assert_true((row->grants & GRANT(NOTIFY)) != 0);
		assert_int_equal(row->needs & ~wires[p].may_dial, 0);
		assert_int_equal(s->sandbox->dials, wires[p].may_dial != 0);
	}
}

/* The request, the reply and what lies between fit a worker's memory. */
static void
sizes_fit(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		const struct service *s = describe_services[p];

		if (s == NULL || s->ncalls == 0)
			continue;
		print_message("# %s\n", wires[p].name);
		assert_true(s->workers >= 1 && s->workers <= 16);
		assert_true(s->arena_size >= 4096);
		for (size_t i = 0; i < s->ncalls; i++)
			assert_true(s->calls[i].method->takes->size +
					s->calls[i].method->gives->size <
				    s->arena_size);
	}
}

static void
uids_are_unique(void **state)
{
	(void)state;
	for (unsigned p = 0; p < PROCESS_COUNT; p++) {
		for (unsigned q = 0; q < p; q++)
			assert_int_not_equal(wires[p].uid, wires[q].uid);
		assert_false(wire_exists(p, p));
		assert_false(wire_exists(PROCESS_INIT, p));
	}
}

/* A wire's path fits sun_path for every pair, and no two are equal. */
static void
paths_fit(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PROCESS_COUNT * PROCESS_COUNT; i++) {
		char path[WIRE_PATH_SIZE], back[WIRE_PATH_SIZE];

		wire_socket(path, i / PROCESS_COUNT, i % PROCESS_COUNT);
		wire_socket(back, i % PROCESS_COUNT, i / PROCESS_COUNT);
		assert_string_equal(path + strlen(path) - 2, "/s");
		if (i / PROCESS_COUNT != i % PROCESS_COUNT)
			assert_string_not_equal(path, back);
	}
}

/* Equal tables, equal bytes; the text holds every wire and child. */
static void
tables_are_stable(void **state)
{
	static uint8_t block[2][1u << 20];
	struct buf first = buf_over(block[0], sizeof(block[0]));
	struct buf again = buf_over(block[1], sizeof(block[1]));

	(void)state;
	describe_tables(&first);
	describe_tables(&again);
	assert_false(first.full);
	assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&again)));
	for (size_t i = 0; i < children_count; i++) {
		char line[64];
		int n = snprintf(line, sizeof(line), "\nchild %s uid %u ",
		    child_name(&children[i]), child_uid(&children[i]));

		assert_non_null(memmem(first.p, first.used, line, (size_t)n));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges_agree),
		cmocka_unit_test(calls_are_methods),
		cmocka_unit_test(methods_are_served),
		cmocka_unit_test(children_agree),
		cmocka_unit_test(sizes_fit),
		cmocka_unit_test(uids_are_unique),
		cmocka_unit_test(paths_fit),
		cmocka_unit_test(tables_are_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
