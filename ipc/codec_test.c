/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/codec.h"
#include "ipc/fixture.h"
#include "ipc/iface/methods.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct all {
	uint64_t number;
	bool flag;
	struct bytes text;
};

static const struct field all_fields[] = {
	FIELD_RANGE(struct all, number, 2, 300),
	FIELD(struct all, flag, 1),
	FIELD_RANGE(struct all, text, 1, 4),
};
static const struct shape all_shape = SHAPE(all, all_fields);

/* clang-format off */
static const struct {
	const char *name, *bytes;
	size_t n;
	const char *reason, *why; /* NULL: accepted */
} rows[] = {
#define ROW(name, bytes, reason, why) { name, bytes, sizeof(bytes) - 1, reason, why }
	ROW("plain",               "\x94\xa1" "m\x02\xc3\xc4\x01" "x",          NULL, NULL),
	ROW("uint8",               "\x94\xa1" "m\xcc\x80\xc2\xc4\x01" "x",      NULL, NULL),
	ROW("uint16",              "\x94\xa1" "m\xcd\x01\x2c\xc2\xc4\x04" "xxxx", NULL, NULL),
	ROW("nothing",             "",                                          "ipc.frame", "ipc 3"),
	ROW("no array",            "\x02",                                      "ipc.frame", "ipc 3"),
	ROW("empty array",         "\x90",                                      "ipc.frame", "ipc 3"),
	ROW("array only",          "\x94",                                      "ipc.frame", "ipc 3"),
	ROW("map",                 "\x84\xa1" "m\x02\xc3\xc4\x01" "x",          "ipc.frame", "ipc 3"),
	ROW("array16",             "\xdc\x00\x04\xa1" "m\x02\xc3\xc4\x01" "x",  "ipc.frame", "ipc 3"),
	ROW("array32 bomb",        "\xdd\x0f\xff\xff\xff",                      "ipc.frame", "ipc 3"),
	ROW("array32 bomb inside", "\x94\xa1" "m\xdd\x0f\xff\xff\xff\xc3\xc4\x01" "x", "ipc.frame", "ipc 3"),
	ROW("map32 bomb inside",   "\x94\xa1" "m\xdf\x7f\xff\xff\xff\xc3\xc4\x01" "x", "ipc.frame", "ipc 3"),
	ROW("nested",              "\x94\xa1" "m\x91\x02\xc3\xc4\x01" "x",      "ipc.frame", "ipc 3"),
	ROW("long uint8",          "\x94\xa1" "m\xcc\x7f\xc3\xc4\x01" "x",      "ipc.frame", "ipc 3"),
	ROW("long uint16",         "\x94\xa1" "m\xcd\x00\x80\xc3\xc4\x01" "x",  "ipc.frame", "ipc 3"),
	ROW("long uint32",         "\x94\xa1" "m\xce\x00\x00\x01\x2c\xc3\xc4\x01" "x", "ipc.frame", "ipc 3"),
	ROW("long uint64",         "\x94\xa1" "m\xcf\0\0\0\0\0\0\x01\x2c\xc3\xc4\x01" "x", "ipc.frame", "ipc 3"),
	ROW("long bin16",          "\x94\xa1" "m\x02\xc3\xc5\x00\x01" "x",      "ipc.frame", "ipc 3"),
	ROW("long bin32",          "\x94\xa1" "m\x02\xc3\xc6\0\0\0\x01" "x",    "ipc.frame", "ipc 3"),
	ROW("long str8",           "\x94\xd9\x01" "m\x02\xc3\xc4\x01" "x",      "ipc.frame", "ipc 3"),
	ROW("str16",               "\x94\xda\x00\x01" "m\x02\xc3\xc4\x01" "x",  "ipc.frame", "ipc 3"),
	ROW("bin32 bomb",          "\x94\xa1" "m\x02\xc3\xc6\xff\xff\xff\xff" "x", "ipc.frame", "ipc 3"),
	ROW("bin past the end",    "\x94\xa1" "m\x02\xc3\xc4\x02" "x",          "ipc.frame", "ipc 3"),
	ROW("str past the end",    "\x91\xa2" "m",                              "ipc.frame", "ipc 3"),
	ROW("negative",            "\x94\xa1" "m\xff\xc3\xc4\x01" "x",          "ipc.frame", "ipc 3"),
	ROW("int16",               "\x94\xa1" "m\xd1\x01\x2c\xc3\xc4\x01" "x",  "ipc.frame", "ipc 3"),
	ROW("float",               "\x94\xa1" "m\xca\0\0\0\0\xc3\xc4\x01" "x",  "ipc.frame", "ipc 3"),
	ROW("nil",                 "\x94\xa1" "m\xc0\xc3\xc4\x01" "x",          "ipc.frame", "ipc 3"),
	ROW("never used tag",      "\x94\xa1" "m\xc1\xc3\xc4\x01" "x",          "ipc.frame", "ipc 3"),
	ROW("extension",           "\x94\xa1" "m\xd4\x01\x02\xc3\xc4\x01" "x",  "ipc.frame", "ipc 3"),
	ROW("trailing byte",       "\x94\xa1" "m\x02\xc3\xc4\x01" "x\x00",      "ipc.frame", "ipc 3"),
	ROW("twice",               "\x94\xa1" "m\x02\xc3\xc4\x01" "x\x94\xa1" "m\x02\xc3\xc4\x01" "x", "ipc.frame", "ipc 3"),
	ROW("too few",             "\x93\xa1" "m\x02\xc3",                      "ipc.frame", "ipc 4"),
	ROW("too many",            "\x95\xa1" "m\x02\xc3\xc4\x01" "x\x02",      "ipc.frame", "ipc 4"),
	ROW("other order",         "\x94\xa1" "m\xc3\x02\xc4\x01" "x",          "ipc.frame", "ipc 4"),
	ROW("str for bin",         "\x94\xa1" "m\x02\xc3\xa1" "x",              "ipc.frame", "ipc 4"),
	ROW("number for flag",     "\x94\xa1" "m\x02\x01\xc4\x01" "x",          "ipc.frame", "ipc 4"),
	ROW("flag for number",     "\x94\xa1" "m\xc3\xc3\xc4\x01" "x",          "ipc.frame", "ipc 4"),
	ROW("number too small",    "\x94\xa1" "m\x01\xc3\xc4\x01" "x",          "ipc.field", "ipc 5: number"),
	ROW("number too large",    "\x94\xa1" "m\xcd\x01\x2d\xc3\xc4\x01" "x",  "ipc.field", "ipc 5: number"),
	ROW("bytes too short",     "\x94\xa1" "m\x02\xc3\xc4\x00",              "ipc.field", "ipc 5: text"),
	ROW("bytes too long",      "\x94\xa1" "m\x02\xc3\xc4\x05" "xxxxx",      "ipc.field", "ipc 5: text"),
#undef ROW
};
/* clang-format on */

static bool
decode(struct all *out, struct bytes in, struct fault *f)
{
	struct codec_frame frame;

	if (!codec_open(&frame, in, f))
		return false;
	bool good = codec_fields(out, &all_shape, &frame, f);

	codec_close(&frame);
	return good;
}

static void
frames(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault fault = { 0 };
		struct all out;
		bool good =
		    decode(&out, bytes_of(rows[i].bytes, rows[i].n), &fault);

		print_message("# %s\n", rows[i].name);
		assert_int_equal(good, rows[i].reason == NULL);
		if (good)
			continue;
		assert_string_equal(fault.reason, rows[i].reason);
		assert_non_null(strstr(fault.why, rows[i].why));
		assert_int_equal(fault.code, FAULT_INPUT);
	}
}

/* What is accepted is the one encoding of its value. */
static void
accept_is_canonical(uint8_t *bytes, size_t n, unsigned *accepted)
{
	const struct method method = { "m", &all_shape, &all_shape, 0 };
	uint8_t block[64];
	struct buf again = buf_over(block, sizeof(block));
	struct fault fault = { 0 };
	struct all out;

	if (!decode(&out, bytes_of(bytes, n), &fault))
		return;
	(*accepted)++;
	assert_true(codec_put_request(&again, &method, &out, &fault));
	/* The head may differ: any name passes codec_open. */
	assert_true(again.used <= n + 4);
	assert_memory_equal(
	    block + 3, bytes + n - (again.used - 3), again.used - 3);
}

static void
mutations(void **state)
{
	static const char plain[] = "\x94\xa1m\x02\xc3\xc4\x01x";
	unsigned accepted = 0;

	(void)state;
	for (size_t at = 0; at < sizeof(plain) - 1; at++) {
		for (unsigned value = 0; value < 256; value++) {
			uint8_t bytes[sizeof(plain) - 1];

			memcpy(bytes, plain, sizeof(bytes));
			bytes[at] = (uint8_t)value;
			accept_is_canonical(bytes, sizeof(bytes), &accepted);
		}
	}
	/* 7 bytes unchanged, 255 other names, 125 other numbers, false, 255
	 * other texts: and no more. */
	assert_true(accepted > 600 && accepted < 800);
}

static void
truncations(void **state)
{
	static const char plain[] = "\x94\xa1m\x02\xc3\xc4\x01x";

	(void)state;
	for (size_t n = 0; n < sizeof(plain) - 1; n++) {
		struct fault fault = { 0 };
		struct all out;

		assert_false(decode(&out, bytes_of(plain, n), &fault));
		assert_string_equal(fault.reason, "ipc.frame");
	}
}

static void
writers_refuse(void **state)
{
	const struct method method = { "m", &all_shape, &all_shape, 0 };
	static const struct {
		struct all value;
		size_t room;
		const char *reason;
	} writes[] = {
		{ { 2, true, { (const uint8_t *)"x", 1 } }, 8, NULL },
		{ { 2, true, { (const uint8_t *)"x", 1 } }, 7, "ipc.size" },
		{ { 2, true, { (const uint8_t *)"x", 1 } }, 0, "ipc.size" },
		{ { 1, true, { (const uint8_t *)"x", 1 } }, 64, "ipc.field" },
		{ { 301, true, { (const uint8_t *)"x", 1 } }, 64, "ipc.field" },
		{ { 2, true, { NULL, 0 } }, 64, "ipc.field" },
		{ { 2, true, { (const uint8_t *)"12345", 5 } }, 64,
		    "ipc.field" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
		uint8_t block[64];
		struct buf to = buf_over(block, writes[i].room);
		struct fault fault = { 0 };
		bool good =
		    codec_put_request(&to, &method, &writes[i].value, &fault);

		assert_int_equal(good, writes[i].reason == NULL);
		if (good)
			continue;
		assert_string_equal(fault.reason, writes[i].reason);
		assert_int_equal(fault.code, FAULT_LIMIT);
	}
}

static void
faults_cross(void **state)
{
	struct fault sent = { .code = FAULT_COUNT - 1 }, got;
	uint8_t block[CODEC_FAULT_MAX];
	struct buf to = buf_over(block, sizeof(block));
	struct codec_frame frame;

	(void)state;
	memset(sent.reason, 'r', sizeof(sent.reason) - 1);
	memset(sent.why, 'w', sizeof(sent.why) - 1);
	sent.why[3] = '\n';
	codec_put_fault(&to, &sent);
	assert_true(codec_open(&frame, buf_bytes(&to), &got));
	assert_false(codec_succeeded(&frame, &got));
	codec_close(&frame);
	sent.why[3] = '?';
	assert_int_equal(got.code, sent.code);
	assert_string_equal(got.reason, sent.reason);
	assert_string_equal(got.why, sent.why);
}

/* clang-format off */
static const struct {
	const char *bytes;
	size_t n;
} heads[] = {
#define HEAD(bytes) { bytes, sizeof(bytes) - 1 }
	HEAD("\x93\xa1" "1\xa1" "r\xa1" "w"),   /* no number */
	HEAD("\x93\x0a\xa1" "r\xa1" "w"),       /* unknown code */
	HEAD("\x92\x01\xa1" "r"),               /* no why */
	HEAD("\x94\x01\xa1" "r\xa1" "w\x01"),   /* more */
	HEAD("\x93\x01\xa0\xa1" "w"),           /* no reason */
	HEAD("\x93\x01\xa1" "r\xa0"),           /* empty why */
	HEAD("\x93\x01\xa1" "r\xa1\n"),         /* would break a log line */
	HEAD("\x93\x01\xa1\x80\xa1" "w"),       /* not ASCII */
	HEAD("\x93\x01\xc4\x01" "r\xa1" "w"),   /* bin */
	HEAD("\x93\x01\xd9\x40" "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"
	     "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr\xa1" "w"), /* 64 characters */
#undef HEAD
};
/* clang-format on */

static void
heads_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct codec_frame frame;
		struct fault fault = { 0 };

		assert_true(codec_open(
		    &frame, bytes_of(heads[i].bytes, heads[i].n), &fault));
		assert_false(codec_succeeded(&frame, &fault));
		codec_close(&frame);
		assert_string_equal(fault.reason, "ipc.frame");
	}
}

/* Each method's table fits a frame and the bound that sockets get from it. */
static void
every_shape_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < methods_count; i++) {
		const struct shape *pair[] = { methods[i]->takes,
			methods[i]->gives };

		for (size_t k = 0; k < 2; k++) {
			assert_true(pair[k]->count < CODEC_ITEMS_MAX);
			assert_true(shape_wire_size(pair[k]) < 2u << 20);
		}
		assert_true(strlen(methods[i]->name) < 32);
		assert_true(methods[i]->deadline_ms > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames),
		cmocka_unit_test(mutations),
		cmocka_unit_test(truncations),
		cmocka_unit_test(writers_refuse),
		cmocka_unit_test(faults_cross),
		cmocka_unit_test(heads_refused),
		cmocka_unit_test(every_shape_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
