/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/table_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct bytes
table_file(void *block, size_t size, const char *folder, struct bytes name)
{
	char path[1024];

	(void)snprintf(path, sizeof(path), "%s/%s/%.*s",
	    secure_getenv("PWOS_VECTORS"), folder, (int)name.n,
	    (const char *)name.p);
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		fail_msg("cannot open %s", path);
	size_t n = fread(block, 1, size, file);

	(void)fclose(file);
	assert_true(n < size);
	return bytes_of(block, n);
}

struct bytes
table_part(struct bytes *rest, char stop)
{
	const uint8_t *end =
	    rest->n == 0 ? NULL : memchr(rest->p, stop, rest->n);
	size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
	struct bytes part = bytes_of(rest->p, n);
	size_t used = end == NULL ? n : n + 1;

	*rest = bytes_of(rest->p + used, rest->n - used);
	return part;
}

static bool
take_row(struct cursor *c, struct bytes *fields, size_t count)
{
	if (c->left == 0)
		return false;
	struct bytes line = cursor_until(c, '\n');

	for (size_t i = 0; i < count; i++) {
		fields[i] = table_part(&line, '\t');
		assert_true(fields[i].n != 0);
		if (bytes_is(fields[i], "-"))
			fields[i].n = 0;
	}
	assert_int_equal(line.n, 0);
	return true;
}

unsigned
table_run(struct bytes table, size_t count,
    bool (*run)(const struct bytes *row, struct fault *f))
{
	struct cursor c = cursor_over(table);
	struct bytes row[TABLE_FIELDS_MAX];
	unsigned ran = 0, differ = 0;

	assert_true(count >= 2 && count <= TABLE_FIELDS_MAX);
	while (take_row(&c, row, count)) {
		struct fault f = { 0 };

		ran++;
		if (run(row, &f))
			continue;
		differ++;
		print_message("# %.*s: want %.*s; %s %s\n", (int)row[0].n,
		    (const char *)row[0].p, (int)row[1].n,
		    (const char *)row[1].p, f.reason, f.why);
	}
	print_message("# %u cases, %u differ\n", ran, differ);
	assert_int_equal(differ, 0);
	return ran;
}

uint64_t
table_number(struct bytes text)
{
	uint64_t value = 0;

	for (size_t i = 0; i < text.n; i++) {
		assert_in_range(text.p[i], '0', '9');
		value = value * 10 + (uint64_t)(text.p[i] - '0');
	}
	return value;
}

static unsigned
digit(uint8_t c)
{
	return c <= '9' ? c - (unsigned)'0' : c - (unsigned)'a' + 10;
}

struct bytes
table_hex(uint8_t *block, size_t size, struct bytes text)
{
	if (bytes_is(text, "empty"))
		text.n = 0;
	assert_true(text.n / 2 <= size && text.n % 2 == 0);
	for (size_t i = 0; i < text.n / 2; i++)
		block[i] = (uint8_t)(digit(text.p[2 * i]) << 4 |
				     digit(text.p[2 * i + 1]));
	return bytes_of(block, text.n / 2);
}
