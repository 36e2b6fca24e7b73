/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/imalog.h"

#include "core/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t block[16u << 20];
static struct arena a;

static void
put_le32(struct buf *b, size_t n)
{
	for (size_t i = 0; i < 4; i++)
		buf_u8(b, (uint8_t)(n >> (8 * i)));
}

static void
put_sized(struct buf *b, struct bytes in)
{
	put_le32(b, in.n);
	buf_put(b, in);
}

/* An ima-ng entry of that file. */
static void
put_entry(struct buf *b, uint32_t pcr, const char *template, struct bytes path)
{
	uint8_t space[1024], digest[20];
	struct buf data = buf_over(space, sizeof(space));

	put_sized(&data, BYTES("sha1:\0aaaaaaaaaaaaaaaaaaaa"));
	put_sized(&data, path);
	struct bytes all = buf_bytes(&data);

	hash_parts(HASH_SHA1, digest, &all, 1);
	put_le32(b, pcr);
	buf_put(b, bytes_of(digest, sizeof(digest)));
	put_sized(b, bytes_text(template));
	put_sized(b, all);
}

static struct buf
one_entry(void)
{
	struct buf b;

	arena_init(&a, block, sizeof(block));
	b = buf_in(&a, 4096);
	put_entry(&b, 10, "ima-ng", BYTES("/bin/sh\0"));
	return b;
}

static void
refuse(struct bytes in, const char *reason)
{
	struct imalog log;
	struct fault f = { 0 };

	assert_false(imalog_parse(&log, in, &f));
	assert_string_equal(f.reason, reason);
}

static void
a_list_is_read(void **state)
{
	struct buf b = one_entry();
	struct imalog log;
	struct imalog_entry e;
	struct fault f = { 0 };
	uint8_t pcr[32], want[32] = { 0 };

	(void)state;
	put_entry(&b, 10, "ima-ng", BYTES("/bin/ls\0"));
	assert_true(imalog_parse(&log, buf_bytes(&b), &f));
	assert_int_equal(log.count, 2);
	assert_int_equal(log.cut, 0);
	assert_true(imalog_check(&log, &f));
	struct cursor c = cursor_over(log.entries);

	while (imalog_next(&c, &e)) {
		uint8_t digest[32];

		hash_parts(HASH_SHA256, digest, &e.data, 1);
		hash_extend(HASH_SHA256, want, bytes_of(digest, 32));
	}
	assert_true(bytes_is(e.path, "/bin/ls"));
	imalog_replay(pcr, &log, HASH_SHA256);
	assert_memory_equal(pcr, want, 32);
}

/* Every list that ends inside its second entry says how much it left out. */
static void
a_growing_list_is_cut(void **state)
{
	struct buf b = one_entry();
	size_t first = b.used;

	(void)state;
	put_entry(&b, 10, "ima-ng", BYTES("/bin/ls\0"));
	for (size_t n = first; n < b.used; n++) {
		struct imalog log;
		struct fault f = { 0 };

		assert_true(imalog_parse(&log, bytes_of(b.p, n), &f));
		assert_int_equal(log.count, 1);
		assert_int_equal(log.cut, n - first);
	}
	for (size_t n = 0; n < first; n++)
		refuse(bytes_of(b.p, n), "log.ima.syntax");
}

/* The oldest form hashes the file's digest and its name, padded. */
static void
the_oldest_template(void **state)
{
	uint8_t hashed[20 + 256] = { 0 }, digest[20];
	const struct bytes all = bytes_of(hashed, sizeof(hashed));

	(void)state;
	for (size_t n = 0; n <= 256; n += 64) {
		struct buf b;
		struct imalog log;
		struct fault f = { 0 };

		arena_init(&a, block, sizeof(block));
		b = buf_in(&a, 4096);
		memset(hashed, 0x61, 20 + n);
		hash_parts(HASH_SHA1, digest, &all, 1);
		put_le32(&b, 10);
		buf_put(&b, bytes_of(digest, sizeof(digest)));
		put_sized(&b, BYTES("ima"));
		buf_put(&b, bytes_of(hashed, 20));
		put_sized(&b, bytes_of(hashed + 20, n));
		assert_true(imalog_parse(&log, buf_bytes(&b), &f));
		assert_int_equal(log.count, 1);
	}
}

static void
others_are_refused(void **state)
{
	struct buf b = one_entry();

	(void)state;
	b.p[4] ^= 1;
	refuse(buf_bytes(&b), "log.ima.digest");
	b = one_entry();
	b.p[0] = 11;
	refuse(buf_bytes(&b), "log.ima.syntax");
	b = one_entry();
	b.p[24] = 33;
	refuse(buf_bytes(&b), "log.ima.template");
	b = one_entry();
	b.p[28] = 'I';
	refuse(buf_bytes(&b), "log.ima.template");
	arena_init(&a, block, sizeof(block));
	b = buf_in(&a, 4096);
	put_entry(&b, 10, "ima-sig", BYTES("/bin/sh\0"));
	refuse(buf_bytes(&b), "log.ima.template");
	b = buf_in(&a, 4096);
	put_entry(&b, 10, "ima-ng", BYTES("/bin/sh"));
	refuse(buf_bytes(&b), "log.ima.template");
	refuse(bytes_of(block, IMALOG_SIZE_MAX + 1), "log.limit");
}

static void
violations_are_refused(void **state)
{
	struct buf b = one_entry();
	struct imalog log;
	struct fault f = { 0 };
	uint8_t pcr[20], want[20] = { 0 }, ones[20];

	(void)state;
	memset(b.p + 4, 0, 20);
	memset(ones, 0xff, sizeof(ones));
	hash_extend(HASH_SHA1, want, bytes_of(ones, sizeof(ones)));
	assert_true(imalog_parse(&log, buf_bytes(&b), &f));
	assert_int_equal(log.violations, 1);
	assert_false(imalog_check(&log, &f));
	assert_string_equal(f.reason, "log.ima.violation");
	imalog_replay(pcr, &log, HASH_SHA1);
	assert_memory_equal(pcr, want, 20);
}

/* The largest that is taken, of the smallest entries. */
static void
the_largest_list(void **state)
{
	struct buf b;
	struct imalog log;
	struct fault f = { 0 };

	(void)state;
	arena_init(&a, block, sizeof(block));
	b = buf_in(&a, IMALOG_SIZE_MAX);
	while (b.used < IMALOG_SIZE_MAX - 128)
		put_entry(&b, 10, "ima-ng", BYTES("\0"));
	assert_true(imalog_parse(&log, buf_bytes(&b), &f));
	assert_true(log.count > 40000 && log.count <= IMALOG_ENTRIES_MAX);
}

int
main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(a_list_is_read),
		cmocka_unit_test(a_growing_list_is_cut),
		cmocka_unit_test(the_oldest_template),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(violations_are_refused),
		cmocka_unit_test(the_largest_list),
	};

	return cmocka_run_group_tests_name("imalog", units, NULL, NULL);
}
