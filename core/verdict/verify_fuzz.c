/* SPDX-License-Identifier: Apache-2.0 */
/* Behind the envelope's signature: the input says what to change in a valid
 * measurement, which the wallet then signs. Nothing of what is changed here is
 * without meaning, so nothing but the unchanged measurement is accepted. */
#include "core/base/base64.h"
#include "core/message/json.h"
#include "core/message/pack.h"
#include "harness/fakes/measured.h"

#include <stdlib.h>

#define CHANGES_MAX 8
#define LEAVES_MAX  256u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of a change: the low bits of its first byte. */
enum kind {
	KIND_XOR,    /* a byte */
	KIND_CUT,    /* from there on */
	KIND_REMOVE, /* the byte */
	KIND_INSERT,
	KIND_KIND, /* an integer instead */
	KIND_DROP, /* the key */
	KINDS
};

struct leaf {
	struct message *level;
	size_t place;
};

static struct {
	struct measured m;
	struct arena arena;
	size_t mark;
	struct bytes packed; /* unsigned: the parts that matter */
	struct cursor in;
	struct leaf leaves[LEAVES_MAX];
	size_t nleaves;
} s;

/* What a verdict does not look at. */
static bool
matters(struct bytes key)
{
	return !bytes_is(key, "issued-at-unix") &&
	       !bytes_is(key, "ek-certificate-source") &&
	       !bytes_is(key, "tpm-properties");
}

/* Levels of the kit are at most 5 deep. */
static void
collect(struct message *level)
{
	for (size_t i = 0; i < level->count; i++) {
		const struct value *value = &level->pairs[i].value;

		if (!matters(level->pairs[i].key))
			continue;
		if (value->kind == VALUE_MESSAGE || value->kind == VALUE_LIST)
			collect(value->message);
		else if (s.nleaves < LEAVES_MAX)
			s.leaves[s.nleaves++] = (struct leaf){ level, i };
	}
}

static struct bytes
changed(struct bytes from, enum kind kind, size_t at, uint8_t byte)
{
	struct buf b = buf_in(&s.arena, from.n + 1);

	at = from.n == 0 ? 0 : at % from.n;
	buf_put(&b, bytes_of(from.p, at));
	if (kind == KIND_INSERT)
		buf_u8(&b, byte);
	if (kind == KIND_XOR && at < from.n)
		buf_u8(&b, from.p[at] ^ byte);
	if (kind == KIND_XOR || kind == KIND_REMOVE)
		at++;
	if (kind != KIND_CUT && at < from.n)
		buf_put(&b, bytes_of(from.p + at, from.n - at));
	return buf_bytes(&b);
}

static void
change(const struct leaf *leaf)
{
	uint8_t how = cursor_u8(&s.in);
	size_t at = cursor_be16(&s.in);
	uint8_t byte = cursor_u8(&s.in);
	enum kind kind = (enum kind)((how & 0x7f) % KINDS);
	struct value *value = &leaf->level->pairs[leaf->place].value;
	struct bytes raw;
	struct fault f = { 0 };

	if (leaf->place >= leaf->level->count)
		return;
	if (value->kind != VALUE_BYTES || kind == KIND_KIND) {
		*value = (struct value){ VALUE_INTEGER,
			.integer = (int64_t)at << 8 | byte };
		return;
	}
	if (kind == KIND_DROP) {
		leaf->level->count--;
		memmove(&leaf->level->pairs[leaf->place],
		    &leaf->level->pairs[leaf->place + 1],
		    (leaf->level->count - leaf->place) * sizeof(struct pair));
		return;
	}
	/* Bytes behind base64url, or the text itself. */
	if ((how & 0x80) != 0 ||
	    !base64_decode(&raw, BASE64_URL, value->bytes, &s.arena, &f))
		value->bytes = changed(value->bytes, kind, at, byte);
	else
		value->bytes = base64_encode(
		    &s.arena, BASE64_URL, changed(raw, kind, at, byte));
}

static void
change_envelope(struct measured *m)
{
	s.nleaves = 0;
	collect(m->envelope);
	for (int i = 0; i < CHANGES_MAX && s.in.left > 0; i++) {
		uint8_t which = cursor_u8(&s.in);

		if (s.in.left < 4)
			return;
		change(&s.leaves[which % s.nleaves]);
	}
}

static void
start(void)
{
	static uint8_t block[16u << 20];
	struct measured_plan plan = { .ek = MEASURED_EK_ECC,
		.purpose = "fresh" };
	struct fault f = { 0 };

	measured_open();
	arena_init(&s.arena, block, sizeof(block));
	measured_make(&s.m, &plan, &s.arena);
	s.m.envelope->ncommitments = 0;
	if (!message_pack(&s.packed, s.m.envelope, &s.arena, &f))
		abort();
	s.mark = s.arena.used;
}

static void
judge(const struct measured *m, bool same)
{
	static uint8_t block[16u << 20];
	static struct verdict v;
	struct arena a;
	struct fault f = { 0 };
	struct bytes text;

	arena_init(&a, block, sizeof(block));
	if (!verify_measurement(&v, &m->rq, &a, &f) ||
	    !message_pack(&text, verdict_message(&v), &a, &f) ||
	    !json_encode(&text, verdict_message(&v), &a, &f) ||
	    !verdict_explain(&text, verdict_message(&v), &a, &f))
		abort();
	if ((strcmp(verdict_word(&v), "accepted") == 0) != same)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct measured m;
	struct message *envelope;
	struct bytes packed;
	struct fault f = { 0 };

	if (s.mark == 0)
		start();
	s.arena.used = s.mark;
	m = s.m;
	s.in = cursor_over(bytes_of(data, size));
	if (!message_unpack(&envelope, s.packed, &s.arena, &f))
		abort();
	m.envelope = envelope;
	change_envelope(&m);
	if (!message_pack(&packed, m.envelope, &s.arena, &f))
		return 0;
	bool same = bytes_equal(packed, s.packed);

	if (!measured_try_sign(&m, &f))
		return 0;
	m.rq.envelope = m.envelope;
	judge(&m, same);
	return 0;
}
