/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static _Alignas(16) uint8_t block[64];

/* Two allocations from 64 bytes whose start is shifted by skew. */
static const struct {
	const char *name;
	size_t skew, first, second;
	bool fits;
} rows[] = {
	{ "nothing", 0, 0, 0, true },
	{ "all at once", 0, 64, 0, true },
	{ "two halves", 0, 32, 32, true },
	{ "padding between", 0, 1, 48, true },
	{ "padding in front", 1, 48, 0, true },
	{ "one too many", 0, 65, 0, false },
	{ "padding leaves too little", 0, 1, 49, false },
	{ "skew leaves too little", 1, 49, 0, false },
	{ "second does not fit", 0, 64, 1, false },
	{ "size that wraps", 0, 16, SIZE_MAX, false },
	{ "size that wraps with padding", 0, 1, SIZE_MAX - 16, false },
};

static void
fits(void **cmocka)
{
	(void)cmocka;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena a;
		struct fault f;

		arena_init(&a, block + rows[i].skew, 64 - rows[i].skew);
		void *first = arena_alloc(&a, rows[i].first);
		void *second = arena_alloc(&a, rows[i].second);

		if (arena_check(&a, &f) != rows[i].fits)
			fail_msg("%s", rows[i].name);
		if (!rows[i].fits) {
			assert_null(second);
			assert_int_equal(f.code, FAULT_LIMIT);
			assert_string_equal(f.reason, "limit.memory");
			continue;
		}
		assert_int_equal((uintptr_t)first % 16, 0);
		assert_int_equal((uintptr_t)second % 16, 0);
	}
}

static void
stays_exhausted(void **cmocka)
{
	struct arena a;
	struct fault f;

	(void)cmocka;
	arena_init(&a, block, sizeof(block));
	assert_null(arena_alloc(&a, 65));
	assert_null(arena_alloc(&a, 1));
	assert_int_equal(arena_copy(&a, BYTES("x")).n, 0);
	assert_int_equal(arena_print(&a, "x").n, 0);
	assert_false(arena_check(&a, &f));
	arena_reset(&a);
	assert_true(arena_check(&a, &f));
	assert_non_null(arena_alloc(&a, 64));
}

static void
wiped(void **cmocka)
{
	struct arena a;

	(void)cmocka;
	memset(block, 0xaa, sizeof(block));
	arena_init(&a, block, sizeof(block));
	uint8_t *got = arena_alloc(&a, 20);

	for (size_t i = 0; i < 20; i++)
		assert_int_equal(got[i], 0);
	assert_int_equal(block[20], 0xaa);
	memset(got, 0x55, 20);
	arena_reset(&a);
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(block[i], 0);
}

static void
room_is_not_zeroed(void **cmocka)
{
	struct arena a;

	(void)cmocka;
	memset(block, 0xaa, sizeof(block));
	arena_init(&a, block, sizeof(block));
	uint8_t *got = arena_room(&a, 20);

	assert_ptr_equal(got, block);
	assert_int_equal(got[19], 0xaa);
	got = arena_alloc(&a, 20);
	assert_int_equal(got[19], 0);
	assert_null(arena_room(&a, 20));
	assert_null(arena_room(&a, 1));
}

static void
copies(void **cmocka)
{
	char text[] = "text";
	struct arena a;

	(void)cmocka;
	arena_init(&a, block, sizeof(block));
	struct bytes copy = arena_copy(&a, bytes_text(text));

	text[0] = 'n';
	assert_true(bytes_is(copy, "text"));
	assert_int_equal(arena_copy(&a, (struct bytes){ 0 }).n, 0);
	assert_false(a.exhausted);
}

static void
prints(void **cmocka)
{
	struct arena a;

	(void)cmocka;
	arena_init(&a, block, 16);
	struct bytes text = arena_print(&a, "%s-%d", "fifteen chars", 1);

	assert_true(bytes_is(text, "fifteen chars-1"));
	assert_int_equal(text.p[text.n], 0);
	arena_reset(&a);
	text = arena_print(&a, "%s", "sixteen chars...");
	assert_int_equal(text.n, 0);
	assert_true(a.exhausted);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(fits),
		cmocka_unit_test(stays_exhausted),
		cmocka_unit_test(wiped),
		cmocka_unit_test(room_is_not_zeroed),
		cmocka_unit_test(copies),
		cmocka_unit_test(prints),
	};

	return cmocka_run_group_tests_name("arena", units, NULL, NULL);
}
