/* SPDX-License-Identifier: Apache-2.0 */
#include "core/verdict/template.h"

#include "core/base/buf.h"
#include "core/message/id.h"
#include "core/verdict/matching.h"
#include "core/verdict/verdict.h"

/* A level of the template that is being read. */
struct place {
	const struct message *level;
	size_t next;
};

struct reader {
	struct place stack[TEMPLATE_DEPTH_MAX];
	size_t depth, nodes;
};

/* A level, or the alternatives of an any-of, that is being matched. */
struct frame {
	const struct message *want;
	const struct value *have;
	struct bytes key; /* its step of the path */
	enum matching mode;
	bool any_of;
	size_t next;
	size_t matched; /* values, when it was entered */
};

struct matcher {
	struct arena *a;
	struct frame stack[TEMPLATE_DEPTH_MAX + 1];
	size_t depth, matched;
	const char *root; /* the path's first step */
	struct template_miss *miss;
	bool missed;
	size_t closest; /* values that matched before the miss that is kept */
};

enum outcome { ENTERED, MATCHED, MISSED };

/* Keys that carry a message rather than say something: nobody compares them,
 * so a template that names one would be weaker than it looks. */
static bool
is_compared(struct bytes key)
{
	static const char *const never[] = { "commitments", "ao-types",
		"ao-body-key", "content-type", "content-digest", "unsigned-id",
		"unsigned_id" };

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		if (bytes_is(key, never[i]))
			return false;
	}
	return !bytes_starts(key, BYTES("priv"));
}

static bool
is_level(const struct value *value)
{
	return value->kind == VALUE_MESSAGE || value->kind == VALUE_LIST;
}

static bool
read_level(struct reader *r, const struct message *level, struct fault *f)
{
	if (r->depth == TEMPLATE_DEPTH_MAX)
		return fail(f, FAULT_LIMIT, "template.limit",
		    "verdict 7: more than %u levels", TEMPLATE_DEPTH_MAX);
	if (!matching_check(level, f))
		return false;
	r->stack[r->depth++] = (struct place){ .level = level };
	return true;
}

static bool
read_pair(struct reader *r, const struct pair *pair, struct fault *f)
{
	if (!is_compared(pair->key))
		return fail(f, FAULT_INPUT, "template.key",
		    "verdict 7: %.*s is never compared", (int)pair->key.n,
		    (const char *)pair->key.p);
	if (++r->nodes > TEMPLATE_NODES_MAX)
		return fail(f, FAULT_LIMIT, "template.limit",
		    "verdict 7: more than %u values", TEMPLATE_NODES_MAX);
	switch (pair->value.kind) {
	case VALUE_BYTES:
	case VALUE_INTEGER:
	case VALUE_ATOM:
		return true;
	case VALUE_MESSAGE:
	case VALUE_LIST:
		return read_level(r, pair->value.message, f);
	case VALUE_FLOAT:
	case VALUE_LINK:
		break;
	}
	return fail(f, FAULT_INPUT, "template.value",
	    "verdict 7: a value that is a link or not whole");
}

static bool
read_all(const struct message *given, struct fault *f)
{
	struct reader r = { 0 };

	if (!read_level(&r, given, f))
		return false;
	while (r.depth > 0) {
		struct place *top = &r.stack[r.depth - 1];

		if (top->next == top->level->count)
			r.depth--;
		else if (!read_pair(&r, &top->level->pairs[top->next++], f))
			return false;
	}
	return true;
}

bool
template_read(struct template *out, const struct message *given,
    struct arena *a, struct fault *f)
{
	const struct message *list = NULL;
	const struct value *templates = message_get(given, BYTES("templates"));
	bool empty = given->count == 0;

	if (templates != NULL) {
		if (!message_find_list(&list, given, "templates"))
			return fail(f, FAULT_INPUT, "template.value",
			    "verdict 7: templates is no list");
		empty = list->count == 0;
		for (size_t i = 0; i < list->count; i++)
			empty |= list->pairs[i].value.kind != VALUE_MESSAGE ||
				 list->pairs[i].value.message->count == 0;
	}
	if (empty)
		return fail(f, FAULT_INPUT, "template.empty",
		    "verdict 7: a template that demands nothing");
	out->given = given;
	out->alternatives = list;
	return read_all(given, f) && message_unsigned_id(&out->id, given, a, f);
}

static struct bytes
shown(struct matcher *m, const struct value *value)
{
	if (value == NULL)
		return BYTES("(absent)");
	switch (value->kind) {
	case VALUE_INTEGER:
		return arena_print(m->a, "%lld", (long long)value->integer);
	case VALUE_BYTES:
	case VALUE_ATOM:
		return verdict_shown(value->bytes);
	case VALUE_MESSAGE:
	case VALUE_LIST:
		return BYTES("(a level)");
	case VALUE_FLOAT:
	case VALUE_LINK:
		break;
	}
	return BYTES("(another kind of value)");
}

static void
put_step(struct buf *path, struct bytes step)
{
	if (step.n == 0)
		return;
	if (path->used != 0)
		buf_text(path, "/");
	buf_put(path, verdict_shown(step));
}

/* Kept if more matched before it than before any other: of alternatives, the
 * one that came closest is what the asker wants to know. */
static enum outcome
miss(struct matcher *m, const struct bytes steps[2], struct bytes expected,
    struct bytes observed)
{
	if (m->missed && m->matched <= m->closest)
		return MISSED;
	struct buf path = buf_in(m->a, 512);

	put_step(&path, bytes_text(m->root));
	for (size_t i = 0; i < m->depth; i++)
		put_step(&path, m->stack[i].key);
	put_step(&path, steps[0]);
	put_step(&path, steps[1]);
	m->missed = true;
	m->closest = m->matched;
	m->miss->path =
	    path.full ? BYTES("(too long to show)") : buf_bytes(&path);
	m->miss->expected = expected;
	m->miss->observed = observed;
	return MISSED;
}

static enum outcome
missed_value(struct matcher *m, struct bytes key, const struct value *want,
    const struct value *have)
{
	const struct bytes steps[2] = { key };

	return miss(m, steps, shown(m, want), shown(m, have));
}

static enum outcome
matched(struct matcher *m)
{
	m->matched++;
	return MATCHED;
}

/* One number against one bound; steps lead to it from the frame's level. */
static enum outcome
match_number(struct matcher *m, const struct bytes steps[2], bool least,
    int64_t bound, const struct value *have)
{
	if (have != NULL && have->kind == VALUE_INTEGER &&
	    (least ? have->integer >= bound : have->integer <= bound))
		return matched(m);
	return miss(m, steps,
	    arena_print(
		m->a, "at %s %lld", least ? "least" : "most", (long long)bound),
	    shown(m, have));
}

/* Components are compared each for itself: no higher one makes up for a lower
 * one. */
static enum outcome
match_bound(struct matcher *m, struct bytes key, const struct value *bound,
    const struct value *have, bool least)
{
	struct bytes steps[2] = { key };

	if (bound->kind == VALUE_INTEGER)
		return match_number(m, steps, least, bound->integer, have);
	for (size_t i = 0; i < bound->message->count; i++) {
		const struct pair *part = &bound->message->pairs[i];

		steps[1] = part->key;
		if (match_number(m, steps, least, part->value.integer,
			is_level(have) ? message_get(have->message, part->key)
				       : NULL) == MISSED)
			return MISSED;
	}
	return MATCHED;
}

static enum outcome
match_range(struct matcher *m, struct bytes key, const struct value *range,
    const struct value *have)
{
	const struct value *min = message_get(range->message, BYTES("min"));
	const struct value *max = message_get(range->message, BYTES("max"));

	if (min != NULL && match_bound(m, key, min, have, true) == MISSED)
		return MISSED;
	return max == NULL ? MATCHED : match_bound(m, key, max, have, false);
}

static bool
is_wildcard(const struct value *want)
{
	return (want->kind == VALUE_BYTES || want->kind == VALUE_ATOM) &&
	       bytes_is(want->bytes, "_");
}

/* Typed: the integer 1 is not the text "1". */
static bool
equal(const struct value *want, const struct value *have)
{
	if (want->kind != have->kind)
		return false;
	return want->kind == VALUE_INTEGER
		   ? want->integer == have->integer
		   : bytes_equal(want->bytes, have->bytes);
}

static enum outcome
push(struct matcher *m, const struct frame *frame)
{
	m->stack[m->depth] = *frame;
	m->stack[m->depth++].matched = m->matched;
	return ENTERED;
}

/* A key of the candidate that the template has not. */
static enum outcome
missed_extra(struct matcher *m, const struct frame *frame)
{
	const struct message *have = frame->have->message;

	for (size_t i = 0; i < have->count; i++) {
		const struct bytes steps[2] = { frame->key,
			have->pairs[i].key };

		if (message_get(frame->want, steps[1]) == NULL)
			return miss(m, steps, BYTES("(absent)"),
			    shown(m, &have->pairs[i].value));
	}
	return ENTERED;
}

static enum outcome
enter_level(struct matcher *m, const struct frame *frame)
{
	if (frame->mode == MATCHING_STRICT && missed_extra(m, frame) == MISSED)
		return MISSED;
	return push(m, frame);
}

static enum outcome
enter(struct matcher *m, struct bytes key, const struct value *want,
    const struct value *have, enum matching mode)
{
	enum matching is;

	if (have == NULL)
		return mode == MATCHING_ONLY_PRESENT
			   ? MATCHED
			   : missed_value(m, key, want, have);
	while ((is = matching_of(want)) == MATCHING_PRIMARY ||
	       is == MATCHING_STRICT || is == MATCHING_ONLY_PRESENT) {
		mode = is;
		want = matching_body(want);
	}
	if (is == MATCHING_RANGE)
		return match_range(m, key, want, have);
	if (is == MATCHING_ANY_OF)
		return push(m, &(struct frame){ matching_body(want)->message,
				   have, key, mode, .any_of = true });
	if (is_wildcard(want))
		return matched(m);
	if (is_level(want) && is_level(have))
		return enter_level(m, &(struct frame){ want->message, have, key,
					  mode, .any_of = false });
	if (is_level(want) || is_level(have) || !equal(want, have))
		return missed_value(m, key, want, have);
	return matched(m);
}

static enum outcome
enter_next(struct matcher *m, struct frame *top)
{
	const struct pair *pair = &top->want->pairs[top->next++];

	if (top->any_of) {
		m->matched = top->matched;
		return enter(
		    m, (struct bytes){ 0 }, &pair->value, top->have, top->mode);
	}
	return enter(m, pair->key, &pair->value,
	    message_get(top->have->message, pair->key), top->mode);
}

/* Neither templates nor evidence are followed by recursion. */
static bool
run(struct matcher *m, const struct message *want, const struct message *have)
{
	struct message outer = *want, inner = *have;
	struct value template = { VALUE_MESSAGE, .message = &outer };
	struct value candidate = { VALUE_MESSAGE, .message = &inner };
	enum outcome now = enter(
	    m, (struct bytes){ 0 }, &template, &candidate, MATCHING_PRIMARY);

	while (m->depth > 0) {
		struct frame *top = &m->stack[m->depth - 1];
		bool done = top->next == top->want->count;

		if (top->any_of ? now == MATCHED || (now == MISSED && done)
				: now == MISSED) {
			m->depth--;
		} else if (done) {
			m->depth--;
			now = MATCHED;
		} else {
			now = enter_next(m, top);
		}
	}
	return now == MATCHED;
}

/* The envelope with what was found about it: a fact is never the envelope's
 * own word. */
static const struct message *
whole(const struct template_target *target, struct arena *a)
{
	struct message *m = message_new(a);
	struct value facts = { VALUE_MESSAGE, .message = target->facts };

	const struct message *envelope = target->envelope;

	/* One with no room for a key more was never signed by a node. */
	if (envelope != NULL && envelope->count < MESSAGE_KEYS_READ_MAX) {
		for (size_t i = 0; i < envelope->count; i++)
			message_put(m, envelope->pairs[i].key,
			    envelope->pairs[i].value);
	}
	message_put(m, BYTES("facts"), facts);
	return m;
}

static bool
names_whole(const struct message *template)
{
	static const char *const names[] = { "measurement-device", "evidence",
		"body", "secret-recipient", "facts" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (message_get(template, bytes_text(names[i])) != NULL)
			return true;
	}
	return false;
}

static bool
match_one(struct matcher *m, const struct message *template,
    const struct template_target *target)
{
	const struct message *have = target->facts;

	m->matched = 0;
	m->root = "facts";
	if (names_whole(template)) {
		m->root = "";
		have = whole(target, m->a);
	} else if (target->envelope != NULL) {
		m->root = "body";
		if (!message_find_message(&have, target->envelope, "body"))
			have = message_new(m->a);
	}
	return run(m, template, have);
}

bool
template_match(struct template_miss *miss, const struct template *t,
    const struct template_target *target, struct arena *a)
{
	struct matcher m = { .a = a, .miss = miss };
	const struct message *list = t->alternatives;

	memset(miss, 0, sizeof(*miss));
	if (list == NULL) {
		miss->alternative = 1;
		return match_one(&m, t->given, target);
	}
	for (size_t i = 1; i <= list->count; i++) {
		bool had = m.missed;
		size_t closest = m.closest;

		if (match_one(&m, message_item(list, i)->message, target))
			return true;
		if (!had || m.closest != closest)
			miss->alternative = i;
	}
	return false;
}
