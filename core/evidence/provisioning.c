/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/provisioning.h"

#include "core/base/cursor.h"
#include "core/base/utf8.h"

#define PAIRS_MAX 16u
#define TEXT_MAX  64u

enum major { MAJOR_UINT = 0, MAJOR_TEXT = 3, MAJOR_MAP = 5, MAJOR_SIMPLE = 7 };

#define KEY_ISSUED 1u
#define KEY_MAKER  3u
#define FALSE_BITS 20u
#define TRUE_BITS  21u

struct head {
	unsigned major;
	uint64_t argument;
};

/* The shortest form only (RFC 8949 4.2.1). */
static bool
take_head(struct head *out, struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	unsigned info = first & 31u;

	out->major = first >> 5;
	out->argument = info;
	if (info < 24)
		return cursor_ok(c);
	switch (info) {
	case 24:
		out->argument = cursor_u8(c);
		return out->argument >= 24;
	case 25:
		out->argument = cursor_be16(c);
		return out->argument > UINT8_MAX;
	case 26:
		out->argument = cursor_be32(c);
		return out->argument > UINT16_MAX;
	case 27:
		out->argument = cursor_be64(c);
		return out->argument > UINT32_MAX;
	default:
		return false;
	}
}

static bool
is_utf8(struct bytes text)
{
	for (size_t i = 0, n; i < text.n; i += n) {
		n = utf8_sequence(text.p + i, text.n - i);
		if (n == 0)
			return false;
	}
	return true;
}

static bool
take_value(struct provisioning *out, uint64_t key, struct cursor *c)
{
	struct head value;

	if (!take_head(&value, c))
		return false;
	switch (value.major) {
	case MAJOR_UINT:
		if (key == KEY_ISSUED) {
			out->has_issued = true;
			out->issued = value.argument;
		}
		return key != KEY_MAKER;
	case MAJOR_TEXT: {
		if (value.argument > TEXT_MAX || key == KEY_ISSUED)
			return false;
		struct bytes text = cursor_take(c, (size_t)value.argument);

		if (key == KEY_MAKER)
			out->maker = text;
		return cursor_ok(c) && is_utf8(text);
	}
	case MAJOR_SIMPLE:
		return (value.argument == FALSE_BITS ||
			   value.argument == TRUE_BITS) &&
		       key != KEY_ISSUED && key != KEY_MAKER;
	default:
		return false;
	}
}

static bool
take_map(struct provisioning *out, struct cursor *c)
{
	struct head map, key;
	uint64_t before = 0;

	if (!take_head(&map, c) || map.major != MAJOR_MAP ||
	    map.argument > PAIRS_MAX)
		return false;
	for (uint64_t i = 0; i < map.argument; i++) {
		if (!take_head(&key, c) || key.major != MAJOR_UINT ||
		    (i != 0 && key.argument <= before) ||
		    !take_value(out, key.argument, c))
			return false;
		before = key.argument;
	}
	return cursor_done(c);
}

bool
provisioning_parse(
    struct provisioning *out, struct bytes extension, struct fault *f)
{
	struct cursor c = cursor_over(extension);
	struct provisioning read = { 0 };

	memset(out, 0, sizeof(*out));
	if (!take_map(&read, &c))
		return fail(f, FAULT_INPUT, "android.provisioning",
		    "evidence 68: no map of numbers, texts and flags at byte "
		    "%zu",
		    extension.n - c.left);
	*out = read;
	return true;
}
