/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/snpjson.h"

#include <assert.h>

#include "core/base/cursor.h"
#include "core/evidence/snpreport.h"

#define MEMBERS_MAX 64u

struct reader {
	struct cursor c;
	size_t size; /* of the whole text */
	bool wrong;
	size_t place; /* where it was */
	uint8_t *report;
};

/* A number of that many bytes, or, with a count, an array of as many bytes;
 * or, with members, an object of those. */
struct member {
	const char *name;
	uint16_t offset;
	uint8_t size;
	uint16_t count;
	const struct shape *object;
};

struct shape {
	const struct member *members;
	size_t n;
};

#define SHAPE(of) { of, sizeof(of) / sizeof((of)[0]) }

/* clang-format off */
static const struct member tcb_members[] = {
	{ "bootloader", 0, 1, 0, NULL },
	{ "tee",        1, 1, 0, NULL },
	{ "_reserved",  2, 1, 4, NULL },
	{ "snp",        6, 1, 0, NULL },
	{ "microcode",  7, 1, 0, NULL },
};

static const struct member signature_members[] = {
	{ "r",         0x000, 1, 72,  NULL },
	{ "s",         0x048, 1, 72,  NULL },
	{ "_reserved", 0x090, 1, 368, NULL },
};

static const struct shape tcb = SHAPE(tcb_members);
static const struct shape signature = SHAPE(signature_members);

static const struct member report_members[] = {
	{ "version",           0x000, 4, 0,   NULL },
	{ "guest_svn",         0x004, 4, 0,   NULL },
	{ "policy",            0x008, 8, 0,   NULL },
	{ "family_id",         0x010, 1, 16,  NULL },
	{ "image_id",          0x020, 1, 16,  NULL },
	{ "vmpl",              0x030, 4, 0,   NULL },
	{ "sig_algo",          0x034, 4, 0,   NULL },
	{ "current_tcb",       0x038, 0, 0,   &tcb },
	{ "plat_info",         0x040, 8, 0,   NULL },
	{ "_author_key_en",    0x048, 4, 0,   NULL },
	{ "_reserved_0",       0x04c, 4, 0,   NULL },
	{ "report_data",       0x050, 1, 64,  NULL },
	{ "measurement",       0x090, 1, 48,  NULL },
	{ "host_data",         0x0c0, 1, 32,  NULL },
	{ "id_key_digest",     0x0e0, 1, 48,  NULL },
	{ "author_key_digest", 0x110, 1, 48,  NULL },
	{ "report_id",         0x140, 1, 32,  NULL },
	{ "report_id_ma",      0x160, 1, 32,  NULL },
	{ "reported_tcb",      0x180, 0, 0,   &tcb },
	{ "_reserved_1",       0x188, 1, 24,  NULL },
	{ "chip_id",           0x1a0, 1, 64,  NULL },
	{ "committed_tcb",     0x1e0, 0, 0,   &tcb },
	{ "current_build",     0x1e8, 1, 0,   NULL },
	{ "current_minor",     0x1e9, 1, 0,   NULL },
	{ "current_major",     0x1ea, 1, 0,   NULL },
	{ "_reserved_2",       0x1eb, 1, 0,   NULL },
	{ "committed_build",   0x1ec, 1, 0,   NULL },
	{ "committed_minor",   0x1ed, 1, 0,   NULL },
	{ "committed_major",   0x1ee, 1, 0,   NULL },
	{ "_reserved_3",       0x1ef, 1, 0,   NULL },
	{ "launch_tcb",        0x1f0, 0, 0,   &tcb },
	{ "_reserved_4",       0x1f8, 1, 168, NULL },
	{ "signature",         0x2a0, 0, 0,   &signature },
};

static const struct shape report = SHAPE(report_members);
/* clang-format on */

static_assert(sizeof(report_members) / sizeof(report_members[0]) < MEMBERS_MAX,
    "each member has a bit");

static void
refuse(struct reader *r)
{
	if (!r->wrong)
		r->place = r->size - r->c.left;
	r->wrong = true;
	r->c.left = 0;
}

/* The next byte behind white space, which stays; 0 at the end. */
static uint8_t
peek(struct reader *r)
{
	struct cursor next = r->c;
	uint8_t byte = cursor_u8(&next);

	while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
		r->c = next;
		byte = cursor_u8(&next);
	}
	return byte;
}

static void
expect(struct reader *r, uint8_t byte)
{
	if (peek(r) != byte)
		refuse(r);
	(void)cursor_u8(&r->c);
}

/* Passes over that byte if it is next. */
static bool
accept(struct reader *r, uint8_t byte)
{
	if (r->wrong || peek(r) != byte)
		return false;
	(void)cursor_u8(&r->c);
	return true;
}

static void
read_number(struct reader *r, size_t offset, size_t size)
{
	uint64_t max = UINT64_MAX >> (64 - 8 * size), value = 0;
	uint8_t byte = peek(r);
	bool zero = byte == '0';

	if (byte < '0' || byte > '9') {
		refuse(r);
		return;
	}
	do {
		uint64_t digit = (uint64_t)cursor_u8(&r->c) - '0';
		struct cursor next = r->c;

		if (value > (max - digit) / 10) {
			refuse(r);
			return;
		}
		value = 10 * value + digit;
		byte = cursor_u8(&next);
	} while (!zero && byte >= '0' && byte <= '9');
	for (size_t i = 0; i < size; i++)
		r->report[offset + i] = (uint8_t)(value >> (8 * i));
}

static void
read_array(struct reader *r, size_t offset, size_t count)
{
	expect(r, '[');
	for (size_t i = 0; i < count && !r->wrong; i++) {
		if (i > 0)
			expect(r, ',');
		read_number(r, offset + i, 1);
	}
	expect(r, ']');
}

/* The shape's member whose name is next, its colon passed; NULL after the
 * refusal of a name that is none, or comes again. */
static const struct member *
read_name(struct reader *r, const struct shape *shape, uint64_t *seen)
{
	expect(r, '"');
	struct bytes name = cursor_until(&r->c, '"');

	for (size_t i = 0; i < shape->n && !r->wrong; i++) {
		if (!bytes_is(name, shape->members[i].name) ||
		    (*seen >> i & 1) != 0)
			continue;
		*seen |= UINT64_C(1) << i;
		expect(r, ':');
		return &shape->members[i];
	}
	refuse(r);
	return NULL;
}

static void
read_plain(struct reader *r, const struct member *m, size_t base)
{
	if (m->count == 0)
		read_number(r, base + m->offset, m->size);
	else
		read_array(r, base + m->offset, m->count);
}

/* All of the shape's members were there, and the object ends. */
static void
end_object(struct reader *r, const struct shape *shape, uint64_t seen)
{
	if (seen != (UINT64_C(1) << shape->n) - 1)
		refuse(r);
	expect(r, '}');
}

static void
read_inner(struct reader *r, const struct shape *shape, size_t base)
{
	uint64_t seen = 0;

	expect(r, '{');
	do {
		const struct member *m = read_name(r, shape, &seen);

		if (m == NULL)
			return;
		read_plain(r, m, base);
	} while (accept(r, ','));
	end_object(r, shape, seen);
}

static void
read_report(struct reader *r)
{
	uint64_t seen = 0;

	expect(r, '{');
	do {
		const struct member *m = read_name(r, &report, &seen);

		if (m == NULL)
			return;
		if (m->object != NULL)
			read_inner(r, m->object, m->offset);
		else
			read_plain(r, m, 0);
	} while (accept(r, ','));
	end_object(r, &report, seen);
}

bool
snpjson_decode(
    struct bytes *out, struct bytes json, struct arena *a, struct fault *f)
{
	struct reader r = { .c = cursor_over(json), .size = json.n };

	if (json.n > SNPJSON_SIZE_MAX)
		return fail(f, FAULT_LIMIT, "snp.json",
		    "evidence 28: %zu bytes, at most %u", json.n,
		    SNPJSON_SIZE_MAX);
	r.report = arena_alloc(a, SNPREPORT_SIZE);
	if (r.report == NULL)
		return arena_check(a, f);
	read_report(&r);
	if (peek(&r) != 0 || r.c.left != 0)
		refuse(&r);
	if (r.wrong)
		return fail(f, FAULT_INPUT, "snp.json",
		    "evidence 28: no report in JSON: byte %zu", r.place);
	*out = bytes_of(r.report, SNPREPORT_SIZE);
	return true;
}
